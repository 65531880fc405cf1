// assay build-status: what is ready, computed from the evidence on disk and a registry of lanes. Nothing is
// typed in.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "audit/status.hpp"
#include "claims/check.hpp"
#include "commands/all.hpp"
#include "core/atomic_file.hpp"

namespace assay::commands {
namespace {

struct Options {
  std::string lanes = "lanes.toml";
  std::string artifacts = "artifacts";
  std::string root = ".";
  std::string markdown, badge, out;
  std::vector<std::string> documents;
  double fail_under = 0.0;
};

// What the documents say against what the evidence supports; nothing where no documents are named.
std::optional<claims::Coverage> coverage_of(const std::vector<std::string>& documents) {
  if (documents.empty()) return std::nullopt;
  claims::CheckOptions check;
  check.paths = documents;
  const auto report = claims::check(check);
  if (report.found == 0)
    throw UserError("no documents under " + documents.front(), "name documents or folders with --documents");
  return report.coverage();
}

std::string to_text(const claims::Coverage& c) {
  return fmt::format("claims of the documents: {} bound, {} stale, {} wrong, {} unbound, {} excused", c.bound,
                     c.stale, c.wrong, c.unbound, c.suppressed);
}

void write(const std::string& path, const std::string& text, const Console& io) {
  if (path.empty()) return;
  write_file_atomically(path, text);
  io.note("wrote " + path);
}

Exit run(const Options& o, Console& io) {
  std::error_code error;  // a path that cannot be followed: reading the folder says why
  if (!std::filesystem::is_directory(o.artifacts, error) && !error) {
    throw UserError("no folder \"" + o.artifacts + "\"", "name the folder of the evidence with --artifacts");
  }
  const audit::Registry registry = audit::read_registry(o.lanes);
  const audit::FolderReport evidence = audit::check_folder(o.artifacts, o.root, audit::Keep::documents);
  const audit::Status status = audit::compute_status(registry, evidence);
  const auto claims = coverage_of(o.documents);
  Json json = document("build-status", {{"status", audit::to_json(status)}});
  if (claims) json["claims"] = claims::to_json(*claims);
  write(o.out, assay::to_text(json) + "\n", io);
  write(o.markdown, audit::to_markdown(status) + (claims ? "\n" + to_text(*claims) + "\n" : ""), io);
  write(o.badge, audit::to_svg(status), io);
  if (io.json) io.print_json(json);
  io.say(audit::to_text(status));
  if (claims) io.say(to_text(*claims));
  if (status.percent() >= o.fail_under) return Exit::ok;
  io.err << fmt::format("error: {:.1f} % is below --fail-under {}: {}\n", status.percent(), o.fail_under,
                        status.contradicted() ? "the evidence says no" : "evidence is missing");
  return status.contradicted() ? Exit::evidence_no : Exit::inconclusive;
}

}  // namespace

void add_build_status(Cli& cli) {
  auto [app, o] =
      cli.add<Options>("build-status", "Compute what is ready from the evidence: lanes, levels, blockers", run);
  app.option("lanes", o.lanes, "TOML registry of lanes (default: lanes.toml)");
  app.option("--artifacts", o.artifacts, "folder of the evidence (default: artifacts)").type_name("DIR");
  app.option("--root", o.root, "where the sources that the manifest names lie (default: here)")
      .type_name("DIR");
  app.option("--documents", o.documents, "count the claims of these documents too: bound, stale, unbound")
      .type_name("PATH");
  app.option("--fail-under", o.fail_under, "fail below this percentage of satisfied requirements")
      .range(0.0, 100.0)
      .type_name("PERCENT");
  app.option("--out", o.out, "also write the machine form to this file").type_name("FILE").group("Output");
  app.option("--markdown", o.markdown, "also write a table to this file").type_name("FILE").group("Output");
  app.option("--badge", o.badge, "also write an SVG badge to this file").type_name("FILE").group("Output");
  app.footer(
      "Example:\n  assay build-status lanes.toml --artifacts artifacts --fail-under 80 --markdown status.md\n\n"
      "Exit codes: 0 done and not below --fail-under, 1 below it and some evidence says no,\n"
      "4 below it for want of evidence");
}

}  // namespace assay::commands
