// assay plot: a picture from an artifact alone.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "commands/all.hpp"
#include "commands/picture.hpp"
#include "core/atomic_file.hpp"
#include "core/sha256.hpp"
#include "evidence/artifact_digest.hpp"
#include "evidence/schemas.hpp"

namespace assay::commands {
namespace {

struct Options {
  std::string artifact;
  std::string output;
  std::string x;
  std::vector<std::string> y;
};

const std::vector<std::string> kFormats{"png", "svg"};

/// The artifact itself, or that of a folder which scan or ensemble wrote.
std::filesystem::path artifact_of(const std::filesystem::path& typed) {
  if (!std::filesystem::is_directory(typed)) return typed;
  for (const char* name : {"scan.json", "ensemble.json"}) {
    if (std::filesystem::exists(typed / name)) return typed / name;
  }
  throw UserError(Problem{.what = typed.string() + " holds nothing to draw",
                          .expected = "scan.json or ensemble.json in it",
                          .hint = "assay scan --out DIR writes DIR/scan.json when it has ended"});
}

/// Valid by the schema that it names, and unchanged since it was written.
Json checked_artifact(const std::string& text, const std::string& file) {
  Json artifact = parse_json(text, file);
  const std::string kind = evidence::kind_of_document(artifact);
  const auto errors = evidence::validate(kind, artifact);
  if (!errors.empty()) {
    throw UserError(
        Problem{.what = fmt::format("{} is no valid {} document: {}", file, kind, errors.front().message),
                .found = fmt::format("{} (of {} errors)", errors.front().instance, errors.size()),
                .hint = "run it again with this version of assay"});
  }
  if (!artifact.contains("sha256")) return artifact;  // a document that carries no digest of itself
  if (const auto broken = evidence::digest_errors(text, artifact); !broken.empty())
    throw Error(Exit::evidence_no,
                {.what = file + ": " + broken.front(),
                 .hint = "a picture of it would carry a digest that means nothing: run it again"});
  return artifact;
}

std::string format_of(const std::filesystem::path& target) {
  const std::string extension = target.extension().string();
  for (const auto& format : kFormats) {
    if (extension == "." + format) return format;
  }
  throw UserError(Problem{.what = "no picture format in \"" + target.string() + "\"",
                          .expected = "a name that ends in .png or .svg"});
}

Exit run(const Options& o, Console& io) {
  const std::filesystem::path source = artifact_of(o.artifact);
  std::filesystem::path target = o.output;
  if (o.output.empty()) target = std::filesystem::path(source).replace_extension(".png");
  const std::string format = format_of(target);
  const std::string text = read_file(source);
  const Json artifact = checked_artifact(text, source.string());
  const std::string artifact_sha256 = sha256_hex(text);
  const std::string image =
      picture_of({.document = artifact, .file = source, .sha256 = artifact_sha256}, format, o.x, o.y);
  const FileDigest digest = write_file_atomically(target, image);
  if (io.json) {
    Json members = {{"artifact", {{"path", source.string()}, {"sha256", artifact_sha256}}}};
    if (artifact.contains("config_sha256")) members["config_sha256"] = artifact["config_sha256"];
    members["file"] = {{"path", target.string()}, {"sha256", digest.sha256}, {"bytes", digest.bytes}};
    io.print_json(document("plot", members));
  }
  io.say("wrote " + target.string());
  return Exit::ok;
}

}  // namespace

void add_plot(Cli& cli) {
  auto [app, o] = cli.add<Options>("plot", "Draw a scan, an ensemble or a history of bench as PNG or SVG", run);
  app.option("artifact", o.artifact,
             "scan.json or ensemble.json, the folder that holds one, or what assay bench history --out wrote")
      .required();
  app.option("-o,--output", o.output, "picture to write, .png or .svg (default: beside the artifact, .png)");
  app.option("--x", o.x, "axis to draw over (default: the numeric one with most values)");
  app.option("--y", o.y, "observables, a panel each: gamma,omega (default: the first two)")
      .separated(',')
      .one_each();
  app.footer(
      "Needs python3 with matplotlib (Debian: python3-matplotlib); ASSAY_PYTHON names\n"
      "another interpreter. The same artifact gives the same bytes.\n\n"
      "Example:\n  assay plot runs/cyclone/scan.json --y gamma,omega -o cyclone.svg");
}

}  // namespace assay::commands
