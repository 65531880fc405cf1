// assay check-artifacts: is the evidence on disk what it says it is? Offline; nothing is run again.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "audit/folder.hpp"
#include "audit/manifest_edit.hpp"
#include "commands/all.hpp"
#include "core/atomic_file.hpp"

namespace assay::commands {
namespace {

struct Options {
  std::string folder = "artifacts";
  std::string root = ".";
  bool strict = false, update = false;
  std::vector<std::string> supports, does_not_support, lane, supersedes, sources;  // ENTRY=TEXT each
};

std::vector<audit::ManifestEdit> edits_of(const Options& o) {
  std::vector<audit::ManifestEdit> edits;
  const auto add = [&](const char* key, const std::vector<std::string>& texts) {
    for (const std::string& text : texts) edits.push_back(audit::parse_edit(key, text));
  };
  add("supports", o.supports);
  add("does_not_support", o.does_not_support);
  add("lane", o.lane);
  add("supersedes", o.supersedes);
  add("sources", o.sources);
  return edits;
}

/// A manifest that may be written on: one that somebody changed is not sealed again in passing.
const audit::Manifest& sealed_manifest(const audit::FolderReport& report) {
  const bool changed = std::any_of(report.findings.begin(), report.findings.end(),
                                   [](const audit::Finding& f) { return f.rule == "manifest-digest"; });
  if (report.manifest && !changed) return *report.manifest;
  throw UserError(changed ? "the manifest was changed after it was written" : "there is no manifest yet",
                  changed ? "look at the change; with --update as well it is sealed again"
                          : "with --update as well it is written");
}

Exit run(const Options& o, Console& io) {
  std::error_code error;  // a path that cannot be followed: reading the folder says why
  if (!std::filesystem::is_directory(o.folder, error) && !error) {
    throw UserError("no folder \"" + o.folder + "\"",
                    "name the folder that holds the artifacts: assay check-artifacts DIR");
  }
  audit::FolderReport report = audit::check_folder(o.folder, o.root);
  const auto edits = edits_of(o);
  if (o.update || !edits.empty()) {
    const auto path = std::filesystem::path(o.folder) / "manifest.toml";
    audit::Manifest manifest = o.update ? audit::updated_manifest(report, o.root) : sealed_manifest(report);
    audit::apply(manifest, edits, o.root);
    write_file_atomically(path, audit::to_toml(manifest));
    io.note("wrote " + path.string());
    report = audit::check_folder(o.folder, o.root);
  }
  if (!report.manifest) {
    report.findings.push_back({.rule = "no-manifest",
                               .level = audit::Level::warning,
                               .file = o.folder,
                               .message = "without a manifest, missing files and scopes are not checked",
                               .remedy = "assay check-artifacts " + o.folder + " --update writes one"});
  }
  std::size_t errors = 0, warnings = 0;
  for (const audit::Finding& f : report.findings) ++(f.level == audit::Level::error ? errors : warnings);
  const bool nothing = report.documents.empty() && errors == 0;
  if (io.json) {
    io.print_json(document("check-artifacts", {{"folder", o.folder},
                                               {"artifacts", report.documents.size()},
                                               {"files", report.files},
                                               {"manifest", report.manifest.has_value()},
                                               {"errors", errors},
                                               {"warnings", warnings},
                                               {"findings", audit::to_json(report.findings)}}));
  }
  std::string text = audit::to_text(report.findings);
  text += fmt::format("{} artifacts, {} errors, {} warnings", report.documents.size(), errors, warnings);
  io.say(text);
  if (nothing) {
    io.err << "error: no artifact was found under " << o.folder << ": nothing was checked\n";
    return Exit::inconclusive;
  }
  return errors > 0 || (o.strict && warnings > 0) ? Exit::evidence_no : Exit::ok;
}

}  // namespace

void add_check_artifacts(Cli& cli) {
  auto [app, o] = cli.add<Options>(
      "check-artifacts", "Check evidence on disk against its digests, its numbers and its manifest", run);
  app.option("folder", o.folder, "folder of artifacts and manifest.toml (default: artifacts)");
  app.option("--root", o.root, "where the sources that the manifest names lie (default: here)")
      .type_name("DIR");
  app.flag("--strict", o.strict, "warnings fail, too");
  app.flag("--update", o.update, "write the manifest anew from what is there; what a person wrote in it stays");
  const auto says = [&app](const char* flag, std::vector<std::string>& texts, const char* what) {
    app.option(flag, texts, what)
        .type_name("ENTRY=TEXT")
        .group("Manifest, what a person says in it")
        .one_each();
  };
  says("--supports", o.supports, "what a reader may conclude from an artifact");
  says("--does-not-support", o.does_not_support, "what not; repeatable, replaces the list");
  says("--lane", o.lane, "the lane of the registry that it belongs to");
  says("--supersedes", o.supersedes, "the entry that it replaces; repeatable, replaces the list");
  says("--sources", o.sources,
       "a source that it depends on: a change makes it stale; repeatable, replaces the list");
  app.footer(
      "Example:\n  assay check-artifacts artifacts\n"
      "  assay check-artifacts artifacts --supports scan=\"time of the scan on this host\" \\\n"
      "    --does-not-support scan=\"other hosts\" --does-not-support scan=\"other grids\"\n\n"
      "Exit codes: 0 all holds, 1 a violation, 4 nothing was found to check");
}

}  // namespace assay::commands
