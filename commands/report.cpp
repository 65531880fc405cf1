// assay report: artifacts as one page that a person can read, print and send.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "commands/all.hpp"
#include "commands/picture.hpp"
#include "commands/report_formats.hpp"
#include "core/atomic_file.hpp"
#include "core/file.hpp"
#include "core/sha256.hpp"
#include "evidence/artifact_digest.hpp"
#include "evidence/schemas.hpp"
#include "page/page.hpp"
#include "report/documents.hpp"

namespace assay::commands {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> paths;
  std::string format = "html";
  std::string output = "report.html";
  std::string title;
  bool no_pictures = false;
};

struct Read {
  std::string path, text;
  Json document;
  std::vector<std::string> problems;
};

bool is_document(const Json& json) {
  return json.is_object() && json.contains("schema") && json["schema"].is_string() &&
         json["schema"].get<std::string>().rfind("assay/", 0) == 0;
}

/// A document and what is wrong with it. What is no JSON or no document of ours is nothing, unless it was asked
/// for by name.
std::optional<Read> read_document(const fs::path& file, bool by_name) {
  Read read{.path = file.generic_string(), .text = read_file(file), .document = {}, .problems = {}};
  try {
    read.document = parse_json(read.text, read.path);
  } catch (const UserError&) {
    if (by_name) throw;
    return std::nullopt;
  }
  if (!is_document(read.document)) {
    if (!by_name) return std::nullopt;
    throw UserError(read.path + " is no document of assay: its \"schema\" is not assay/...",
                    "give artifacts, or folders that hold some");
  }
  const auto kind = evidence::kind_of_document(read.document);
  for (const auto& error : evidence::validate(kind, read.document))
    read.problems.push_back("it does not fit its schema: " + to_text(error));
  if (read.document.contains("sha256"))
    for (const auto& broken : evidence::digest_errors(read.text, read.document))
      read.problems.push_back(broken);
  return read;
}

/// Files in the order given, those of a folder in the order of their paths. Links are not followed.
std::vector<Read> read_all(const std::vector<std::string>& paths) {
  std::vector<Read> all;
  for (const fs::path path : paths) {
    if (!fs::is_directory(path)) {
      all.push_back(*read_document(path, true));
      continue;
    }
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(path))
      if (!entry.is_symlink() && entry.is_regular_file() && entry.path().extension() == ".json")
        files.push_back(entry);
    std::sort(files.begin(), files.end());
    for (const auto& file : files)
      if (auto read = read_document(file, false)) all.push_back(std::move(*read));
  }
  return all;
}

/// Empty where there is nothing to draw or nothing to draw with; the reason goes to stderr.
std::string picture(const Read& read, const Console& io) {
  const auto kind = evidence::kind_of_document(read.document);
  const bool drawable = kind == "scan" || kind == "ensemble" || kind == "bench-history";
  if (!drawable || !read.problems.empty()) return {};
  try {
    return picture_of({.document = read.document, .file = read.path, .sha256 = sha256_hex(read.text)}, "svg",
                      "", {});
  } catch (const Error& error) {
    io.note("no picture of " + read.path + ": " + error.problem().what);
    return {};
  }
}

/// What does not hold decides the exit status here: these forms are read by gates.
Exit print_for_programs(const Options& o, const std::vector<Read>& all, Console& io) {
  std::vector<report::DocumentSource> sources;
  for (const auto& read : all)
    sources.push_back({.path = read.path, .document = &read.document, .problems = read.problems});
  const auto report = report::report_of(sources);
  print_report(report, o.format, io);
  if (report::count(report.findings, report::Level::error) > 0) return Exit::evidence_no;
  return report::count(report.findings, report::Level::warning) > 0 ? Exit::inconclusive : Exit::ok;
}

Exit run(const Options& o, Console& io) {
  const auto all = read_all(o.paths);
  if (all.empty())
    throw Error(Exit::inconclusive, {.what = "no document of assay in " + o.paths.front(),
                                     .hint = "assay scan --out DIR writes one; assay gate --out DIR another"});
  if (o.format != "html") return print_for_programs(o, all, io);
  page::Page page{.title = o.title.empty() ? "assay report" : o.title, .entries = {}};
  std::size_t broken = 0;
  for (const auto& read : all) {
    page.entries.push_back({.path = read.path,
                            .document = &read.document,
                            .picture = o.no_pictures ? std::string() : picture(read, io),
                            .problems = read.problems});
    broken += read.problems.empty() ? 0 : 1;
  }
  const auto digest = write_file_atomically(o.output, page::to_html(page));
  if (io.json) {
    Json documents = Json::array();
    for (const auto& read : all)
      documents.push_back(
          {{"path", read.path}, {"sha256", sha256_hex(read.text)}, {"problems", read.problems}});
    io.print_json(
        document("report", {{"file", {{"path", o.output}, {"sha256", digest.sha256}, {"bytes", digest.bytes}}},
                            {"documents", documents}}));
  }
  io.say(fmt::format("wrote {}: {} documents{}", o.output, all.size(),
                     broken == 0 ? "" : fmt::format(", {} of them not as they were written", broken)));
  return broken == 0 ? Exit::ok : Exit::evidence_no;
}

}  // namespace

void add_report(Cli& cli) {
  auto [app, o] =
      cli.add<Options>("report", "Write artifacts as one HTML page with tables, pictures and verdicts", run);
  app.option("paths", o.paths, "artifacts, or folders that hold some").required();
  app.option("-o,--output", o.output, "page to write (default: report.html)").type_name("FILE");
  app.option(
         "--format", o.format,
         "html, or what does not hold as sarif, junit or github (annotations, and the step summary) on stdout")
      .one_of({"html", "sarif", "junit", "github"});
  app.option("--title", o.title, "title of the page");
  app.flag("--no-pictures", o.no_pictures, "tables only; pictures need Python with matplotlib");
  app.footer(
      "Example:\n  assay report artifacts --output report.html --title \"Release 1.2\"\n"
      "  assay report artifacts --format junit > results.xml\n\n"
      "Exit codes: 0 written, 1 written, and a document is not as it was written, 2 no such file, 4 nothing to "
      "show");
}

}  // namespace assay::commands
