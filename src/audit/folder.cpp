#include "audit/folder.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "core/file_tree.hpp"
#include "core/host.hpp"
#include "core/sha256.hpp"
#include "evidence/artifact_digest.hpp"

namespace assay::audit {
namespace {

namespace fs = std::filesystem;

const std::string manifest_name = "manifest.toml";

/// What one document says that others may contradict.
struct Statement {
  std::string key, value, what;
};

std::vector<Statement> statements_of(const Document& d) {
  std::vector<Statement> list;
  if ((d.kind == "run" || d.kind == "scan" || d.kind == "ensemble") && d.json.contains("results")) {
    std::string values;
    for (const Json& r : d.json["results"]) values += canonical_text(r["observables"]) + "\n";
    list.push_back({"results of " + d.json["config_sha256"].get<std::string>() + " by " +
                        d.json["tool"].value("version", ""),
                    sha256_hex(values), "results of the same config"});
  }
  if (d.kind == "gate" && d.json.contains("trials")) {
    for (const Json& t : d.json["trials"]) {
      const bool proof = t.contains("proof");
      list.push_back({(proof ? "proof " : "gate ") + t["definition_sha256"].get<std::string>(),
                      t["verdict"].get<std::string>(),
                      proof ? "proofs of the same gate" : "verdicts of the same gate"});
    }
  }
  return list;
}

struct Checked {
  Document document;
  std::vector<Finding> findings;
  std::vector<Statement> statements;
  std::string verdict;  ///< worst of its verdicts, where it has any
};

std::string worst_verdict(const Json& json) {
  if (!json.contains("verdicts") || !json["verdicts"].is_array()) return {};
  std::string worst;
  for (const Json& v : json["verdicts"]) {
    const std::string word = v.value("verdict", "");
    if (word == "fail" || worst.empty() || (word == "blocked" && worst != "fail")) worst = word;
  }
  return worst;
}

std::vector<Checked> check_all(const fs::path& folder, const std::string& shown,
                               const std::vector<std::string>& names, Keep keep) {
  std::vector<Checked> all(names.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < names.size(); i = next++) {
      Checked& c = all[i];
      c.findings = check_document(folder / names[i], names[i], shown + "/" + names[i], c.document);
      const bool sound =
          !c.document.kind.empty() && std::none_of(c.findings.begin(), c.findings.end(), [](const Finding& f) {
            return f.rule == "schema" || f.rule == "unreadable";
          });
      if (sound) {
        c.statements = statements_of(c.document);
        c.verdict = worst_verdict(c.document.json);
      }
      if (keep == Keep::nothing) c.document.json = Json();
    }
  };
  std::vector<std::jthread> threads;
  constexpr std::size_t worth_a_thread = 16;
  const int workers = names.size() < worth_a_thread ? 1 : std::min<int>(usable_cores(), 8);
  for (int i = 1; i < workers; ++i) threads.emplace_back(work);
  work();
  threads.clear();
  return all;
}

class Listing {
 public:
  Listing(FolderReport& report, const fs::path& folder, const fs::path& root, std::string shown)
      : report_(report), folder_(folder), root_(root), shown_(std::move(shown)) {}

  void check_entries(const std::vector<Checked>& all) {
    std::map<std::string, const Checked*> by_name;
    for (const Checked& c : all) by_name[c.document.name] = &c;
    std::set<std::string> listed, names;
    for (const Entry& e : report_.manifest->entries) names.insert(e.name);
    for (const Entry& e : report_.manifest->entries) {
      if (!listed.insert(e.file).second)
        add(e, "manifest-duplicate", "\"" + e.file + "\" is listed twice", "keep one entry");
      check_scope(e);
      check_sources(e);
      for (const std::string& old : e.supersedes) {
        if (!names.contains(old))
          add(e, "supersedes", "\"" + old + "\", which it supersedes, is not listed",
              "name an artifact of the manifest");
        superseded_[old] = e.name;
      }
      const auto found = by_name.find(e.file);
      if (found == by_name.end()) {
        std::error_code error;  // a name that no file can have is not there
        const bool there = !e.file.empty() && fs::is_regular_file(folder_ / e.file, error);
        if (!there)
          add(e, "listed-missing", "\"" + e.file + "\" is listed and not there",
              "make it again, or drop the entry with --update");
        if (there) check_digest(e, sha256_file(folder_ / e.file).sha256);
        continue;
      }
      check_digest(e, found->second->document.sha256);
      if (!e.supports.empty() && !found->second->verdict.empty()) verdicts_.push_back({&e, found->second});
    }
    check_verdicts();
  }

  /// Files that nobody lists: a document of ours, a table or a picture that no artifact calls its own.
  void check_unlisted(const std::vector<std::string>& names, const std::vector<Checked>& all) {
    std::set<std::string> known{manifest_name};
    for (const Entry& e : report_.manifest->entries) known.insert(e.file);
    for (const Checked& c : all) known.insert(c.document.sidecars.begin(), c.document.sidecars.end());
    for (const std::string& name : names) {
      if (known.contains(name) || is_hidden(name)) continue;
      static const std::set<std::string> kinds{".json", ".csv", ".png", ".svg", ".npy"};
      if (!kinds.contains(fs::path(name).extension().string())) continue;
      report_.findings.push_back({.rule = "present-unlisted",
                                  .file = shown_ + "/" + name,
                                  .message = "not in the manifest, and no sidecar of what is",
                                  .remedy = "list it with --update and say what it supports, or remove it"});
    }
  }

 private:
  struct Judged {
    const Entry* entry;
    const Checked* checked;
  };

  void add(const Entry& e, std::string rule, std::string message, std::string remedy, std::string expected = {},
           std::string found = {}) {
    report_.findings.push_back({.rule = std::move(rule),
                                .file = report_.manifest->name,
                                .line = e.line,
                                .column = 1,
                                .message = "[artifacts." + e.name + "] " + message,
                                .expected = std::move(expected),
                                .found = std::move(found),
                                .remedy = std::move(remedy)});
  }

  void check_digest(const Entry& e, const std::string& found) {
    if (e.sha256 == found) return;
    add(e, "manifest-file-digest", "\"" + e.file + "\" is not the file that was listed",
        "restore the file; after a deliberate change, --update lists it anew",
        e.sha256.empty() ? "a sha256" : e.sha256, found);
  }

  void check_scope(const Entry& e) {
    const std::string remedy = "say in a sentence what a reader may conclude, and what not";
    if (e.supports.empty()) add(e, "scope", "does not say what it supports", remedy, "supports = \"...\"");
    if (e.does_not_support.empty())
      add(e, "scope", "does not say what it does not support", remedy, "does_not_support = [\"...\"]");
  }

  void check_sources(const Entry& e) {
    if (e.sources.empty()) return;
    const std::string now = digest_of_sources(e.sources, root_);
    if (now == e.sources_sha256) return;
    add(e, "stale",
        now.empty() ? "a source of its lane is not there"
                    : "the sources of its lane have changed since it was made",
        "make the artifact again, then --update", e.sources_sha256, now.empty() ? "a missing file" : now);
  }

  void check_verdicts() {
    for (const Judged& j : verdicts_) {
      if (superseded_.contains(j.entry->name)) continue;
      const std::string& v = j.checked->verdict;
      if (v == "fail" || v == "blocked" || v == "regressed") {
        add(*j.entry, "verdict-against-scope", "says what it supports, and its verdict is " + v,
            "an artifact that fails supports nothing: leave `supports` to say what it shows, in a superseding "
            "one");
      }
    }
  }

  FolderReport& report_;
  fs::path folder_, root_;
  std::string shown_;
  std::map<std::string, std::string> superseded_;
  std::vector<Judged> verdicts_;
};

/// Two documents that say different things of the same thing.
void check_contradictions(const std::vector<Checked>& all, const std::string& shown,
                          const std::set<std::string>& old, std::vector<Finding>& findings) {
  std::map<std::string, std::pair<const Checked*, std::string>> first;
  for (const Checked& c : all) {
    if (old.contains(c.document.name)) continue;
    for (const Statement& s : c.statements) {
      const auto [place, is_new] = first.emplace(s.key, std::pair(&c, s.value));
      if (is_new || place->second.second == s.value) continue;
      findings.push_back(
          {.rule = "contradiction",
           .file = shown + "/" + c.document.name,
           .message = s.what + " differ from those of " + place->second.first->document.name,
           .expected = place->second.second,
           .found = s.value,
           .remedy = "find out which is right; the manifest may say that one supersedes the other"});
    }
  }
}

}  // namespace

FolderReport check_folder(const fs::path& folder, const fs::path& root, Keep keep) {
  FolderReport report{.folder = folder};
  const std::string shown = folder.generic_string() == "/" ? "" : folder.lexically_normal().generic_string();
  const FileTree tree = files_below(folder);
  for (const auto& [name, why, is_folder] : tree.odd) {
    if (is_hidden(name)) continue;
    report.findings.push_back({.rule = "unreadable",
                               .file = shown + "/" + name,
                               .message = why,
                               .remedy = is_folder ? "check its permissions, or remove it"
                                                   : "put the artifact itself there, or remove it"});
  }
  std::vector<std::string> documents;
  for (const std::string& name : tree.files) {
    if (fs::path(name).extension() == ".json" && !is_hidden(name)) documents.push_back(name);
  }
  report.files = documents.size();
  std::vector<Checked> all = check_all(folder, shown, documents, keep);
  for (Checked& c : all) {
    report.files += c.document.sidecars.size();
    std::move(c.findings.begin(), c.findings.end(), std::back_inserter(report.findings));
  }
  std::set<std::string> superseded;
  std::error_code error;  // a manifest that is a pipe or a lost link is among the unreadable files above
  if (fs::is_regular_file(folder / manifest_name, error)) {
    report.manifest = read_manifest(folder / manifest_name, shown + "/" + manifest_name, report.findings);
    Listing listing(report, folder, root, shown);
    listing.check_entries(all);
    listing.check_unlisted(tree.files, all);
    std::set<std::string> old;
    for (const Entry& e : report.manifest->entries) old.insert(e.supersedes.begin(), e.supersedes.end());
    for (const Entry& e : report.manifest->entries) {
      if (old.contains(e.name)) superseded.insert(e.file);
    }
  }
  check_contradictions(all, shown, superseded, report.findings);
  for (Checked& c : all) {
    if (!c.document.kind.empty()) report.documents.push_back(std::move(c.document));
  }
  sort(report.findings);
  return report;
}

Manifest updated_manifest(const FolderReport& report, const fs::path& root) {
  Manifest manifest = report.manifest.value_or(Manifest{});
  std::map<std::string, const Document*> documents;
  for (const Document& d : report.documents) documents[d.name] = &d;
  std::erase_if(manifest.entries, [&](const Entry& e) {
    std::error_code error;
    return !documents.contains(e.file) && !fs::is_regular_file(report.folder / e.file, error);
  });
  std::set<std::string> names, files;
  for (Entry& e : manifest.entries) {
    const auto document = documents.find(e.file);
    e.sha256 =
        document != documents.end() ? document->second->sha256 : sha256_file(report.folder / e.file).sha256;
    if (!e.sources.empty()) e.sources_sha256 = digest_of_sources(e.sources, root);
    names.insert(e.name);
    files.insert(e.file);
  }
  for (const auto& [file, document] : documents) {
    if (files.contains(file)) continue;
    std::string name = fs::path(file).replace_extension().generic_string();
    for (char& c : name) {
      if (c == '.' || c == '/') c = '-';
    }
    while (!names.insert(name).second) name += "-2";
    manifest.entries.push_back({.name = name, .file = file, .sha256 = document->sha256});
  }
  return manifest;
}

}  // namespace assay::audit
