// Finding the entry of an artifact.
// SPDX-License-Identifier: MIT
#include "claims/binding/standing.hpp"

#include <toml++/toml.h>

#include "claims/rules.hpp"
#include "core/error.hpp"
#include "core/file.hpp"

namespace assay::claims {
namespace {

std::uint8_t bit(ClaimClass c) {
  return static_cast<std::uint8_t>(1u << static_cast<unsigned>(c));
}

// "speed, identity: what it shows": the classes before the colon; every class where no such list stands there.
std::uint8_t allowed_by(std::string_view supports) {
  const auto colon = supports.find(':');
  if (colon == std::string_view::npos) return 0xff;
  std::uint8_t allowed = 0;
  for (std::size_t at = 0; at < colon;) {
    const auto end = std::min(supports.find(',', at), colon);
    auto name = supports.substr(at, end - at);
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    const auto known = class_named(name);
    if (!known) return 0xff;
    allowed |= bit(*known);
    at = end + 1;
  }
  return allowed;
}

void add_denials(const toml::table& entry, Standing& out) {
  const auto* denied = entry["does_not_support"].as_array();
  if (!denied) return;
  for (const auto& node : *denied) {
    const auto words = node.value_or(std::string());
    if (words.empty()) continue;
    out.denied.push_back(words);
    if (const auto known = class_named(words)) out.allowed &= static_cast<std::uint8_t>(~bit(*known));
  }
}

bool supersedes(const toml::table& entry, std::string_view name) {
  const auto* list = entry["supersedes"].as_array();
  if (!list) return false;
  for (const auto& node : *list)
    if (node.value_or(std::string_view()) == name) return true;
  return false;
}

Standing standing_in(const toml::table& root, const std::string& file) {
  Standing out;
  const auto* artifacts = root["artifacts"].as_table();
  if (!artifacts) return out;
  for (const auto& [name, node] : *artifacts) {
    const auto* entry = node.as_table();
    if (!entry || (*entry)["file"].value_or(std::string_view()) != file) continue;
    const auto supports = (*entry)["supports"].value_or(std::string());
    out.listed = true;
    out.without_scope = supports.empty() && !entry->contains("does_not_support");
    out.sha256 = (*entry)["sha256"].value_or(std::string());
    out.allowed = allowed_by(supports);
    add_denials(*entry, out);
    for (const auto& [other, candidate] : *artifacts)
      if (candidate.is_table() && supersedes(*candidate.as_table(), name.str()))
        out.superseded_by = std::string(other.str());
    break;
  }
  return out;
}

}  // namespace

Standing standing_of(const std::filesystem::path& root, const std::string& path) {
  namespace fs = std::filesystem;
  const fs::path file = (root / path).lexically_normal(), top = root.lexically_normal();
  for (fs::path folder = file.parent_path();; folder = folder.parent_path()) {
    const auto manifest = folder / "manifest.toml";
    if (fs::is_regular_file(manifest)) try {
        const auto listed = folder.empty() ? file : file.lexically_relative(folder);
        return standing_in(toml::parse(read_file(manifest)), listed.generic_string());
      } catch (const toml::parse_error&) {
        return {};
      } catch (const Error&) {
        return {};
      }
    if (folder == top || folder == folder.parent_path() || folder.empty()) return {};
  }
}

}  // namespace assay::claims
