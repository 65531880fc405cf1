// Finding the entry of an artifact.
// SPDX-License-Identifier: MIT
#include "claims/binding/denials.hpp"

#include <toml++/toml.h>

#include "core/error.hpp"
#include "core/file.hpp"

namespace assay::claims {
namespace {

std::vector<std::string> denials_in(const std::filesystem::path& manifest, const std::string& file) {
  std::vector<std::string> out;
  try {
    const toml::table root = toml::parse(read_file(manifest));
    const auto* artifacts = root["artifacts"].as_table();
    if (!artifacts) return out;
    for (const auto& [name, node] : *artifacts) {
      const auto* entry = node.as_table();
      if (!entry || (*entry)["file"].value_or(std::string()) != file) continue;
      if (const auto* denied = (*entry)["does_not_support"].as_array())
        for (const auto& words : *denied) out.push_back(words.value_or(std::string()));
    }
  } catch (const toml::parse_error&) {
  } catch (const Error&) {
  }
  std::erase(out, std::string());
  return out;
}

}  // namespace

std::vector<std::string> denials_of(const std::filesystem::path& root, const std::string& path) {
  namespace fs = std::filesystem;
  const fs::path file = (root / path).lexically_normal(), top = root.lexically_normal();
  for (fs::path folder = file.parent_path();; folder = folder.parent_path()) {
    const auto manifest = folder / "manifest.toml";
    if (fs::is_regular_file(manifest))
      return denials_in(manifest, file.lexically_relative(folder).generic_string());
    if (folder == top || folder == folder.parent_path() || folder.empty()) return {};
  }
}

}  // namespace assay::claims
