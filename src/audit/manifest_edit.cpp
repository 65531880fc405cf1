#include "audit/manifest_edit.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "core/error.hpp"
#include "core/suggest.hpp"

namespace assay::audit {
namespace {

Entry& entry_of(Manifest& manifest, const std::string& name) {
  const auto found = std::find_if(manifest.entries.begin(), manifest.entries.end(),
                                  [&](const Entry& e) { return e.name == name || e.file == name; });
  if (found != manifest.entries.end()) return *found;
  std::vector<std::string> names;
  for (const Entry& e : manifest.entries) names.push_back(e.name);
  throw UserError(Problem{.what = "the manifest lists no artifact \"" + name + "\"",
                          .expected = names.empty() ? "an artifact in the folder" : one_of(name, names)});
}

std::vector<std::string>& list_of(Entry& entry, const std::string& key) {
  if (key == "does_not_support") return entry.does_not_support;
  if (key == "supersedes") return entry.supersedes;
  if (key == "sources") return entry.sources;
  throw std::logic_error("no key of a manifest that a person writes: " + key);
}

}  // namespace

ManifestEdit parse_edit(const std::string& key, const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw UserError(Problem{.what = "\"" + text + "\" names no artifact",
                            .expected = "ENTRY=TEXT",
                            .hint = "ENTRY is the artifact's name in the manifest, or its file"});
  }
  return {key, text.substr(0, equals), text.substr(equals + 1)};
}

void apply(Manifest& manifest, const std::vector<ManifestEdit>& edits, const std::filesystem::path& root) {
  std::set<const std::vector<std::string>*> begun;
  for (const ManifestEdit& edit : edits) {
    Entry& entry = entry_of(manifest, edit.entry);
    if (edit.key == "supports") {
      entry.supports = edit.text;
    } else if (edit.key == "lane") {
      entry.lane = edit.text;
    } else {
      std::vector<std::string>& list = list_of(entry, edit.key);
      if (begun.insert(&list).second) list.clear();
      if (!edit.text.empty()) list.push_back(edit.text);
      if (edit.key == "sources")
        entry.sources_sha256 = list.empty() ? std::string() : digest_of_sources(list, root);
    }
  }
}

}  // namespace assay::audit
