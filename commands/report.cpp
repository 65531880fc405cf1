// assay report: artifacts as one page that a person can read, print and send.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "audit/document.hpp"
#include "commands/all.hpp"
#include "commands/picture.hpp"
#include "commands/report_formats.hpp"
#include "core/atomic_file.hpp"
#include "core/file.hpp"
#include "core/file_tree.hpp"
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
  bool was_read = true;
  SourcePos ended_at{};  ///< where reading it ended, where that is a place
};

bool is_document(const Json& json) {
  return json.is_object() && json.contains("schema") && json["schema"].is_string() &&
         json["schema"].get<std::string>().rfind("assay/", 0) == 0;
}

/// A document and what is wrong with it. UserError for what is no JSON or too large, nothing for JSON of other
/// programs.
std::optional<Read> read_document(const fs::path& file) {
  std::error_code error;
  if (fs::file_size(file, error) > audit::largest_document && !error)
    throw UserError(file.generic_string() + ": larger than 512 MiB", "no artifact of one run is");
  Read read{.path = file.generic_string(), .text = read_file(file), .document = {}, .problems = {}};
  read.document = parse_json(read.text, read.path);
  if (!is_document(read.document)) return std::nullopt;
  const auto kind = evidence::kind_of_document(read.document);
  for (const auto& broken : evidence::validate(kind, read.document))
    read.problems.push_back("it does not fit its schema: " + to_text(broken));
  if (read.document.contains("sha256"))
    for (const auto& broken : evidence::digest_errors(read.text, read.document))
      read.problems.push_back(broken);
  return read;
}

Read unreadable(const fs::path& file, const Problem& why) {
  return {.path = file.generic_string(),
          .text = {},
          .document = Json::object(),
          .problems = {why.what},
          .was_read = false,
          .ended_at = why.where};
}

/// The documents of a folder in the order of their names. What cannot be read may have been evidence: it counts
/// as a document that is not as it was written, as for check-artifacts.
void read_folder(const fs::path& folder, std::vector<Read>& all) {
  const FileTree tree = files_below(folder);
  const auto may_be_one = [](const std::string& name) { return name.ends_with(".json") && !is_hidden(name); };
  for (const std::string& name : tree.files) {
    if (!may_be_one(name)) continue;
    try {
      if (auto read = read_document(folder / name)) all.push_back(std::move(*read));
    } catch (const UserError& e) {
      all.push_back(unreadable(folder / name, e.problem()));
    }
  }
  for (const auto& [name, why, is_folder] : tree.odd)
    if (may_be_one(name) || (is_folder && !is_hidden(name)))
      all.push_back(unreadable(folder / name, {.what = why}));
}

/// In the order given.
std::vector<Read> read_all(const std::vector<std::string>& paths) {
  std::vector<Read> all;
  for (const fs::path path : paths) {
    std::error_code error;  // a path that cannot be followed: reading it says why
    if (fs::is_directory(path, error)) {
      read_folder(path, all);
    } else if (auto read = read_document(path)) {
      all.push_back(std::move(*read));
    } else {
      throw UserError(path.generic_string() + " is no document of assay: its \"schema\" is not assay/...",
                      "give artifacts, or folders that hold some");
    }
  }
  return all;
}

/// Empty where there is nothing to draw or nothing to draw with; the reason goes to stderr.
std::string picture(const Read& read, const Console& io) {
  if (!read.problems.empty()) return {};
  const auto kind = evidence::kind_of_document(read.document);
  if (kind != "scan" && kind != "ensemble" && kind != "bench-history") return {};
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
    sources.push_back({.path = read.path,
                       .document = &read.document,
                       .problems = read.problems,
                       .readable = read.was_read,
                       .line = static_cast<std::uint32_t>(read.ended_at.line),
                       .column = static_cast<std::uint32_t>(read.ended_at.column)});
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
    for (const auto& read : all) {
      Json one = {{"path", read.path}};
      if (read.was_read) one["sha256"] = sha256_hex(read.text);
      one["problems"] = read.problems;
      documents.push_back(std::move(one));
    }
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
