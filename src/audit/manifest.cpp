#include "audit/manifest.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "core/config.hpp"
#include "core/file.hpp"
#include "core/sha256.hpp"

namespace assay::audit {
namespace {

constexpr std::string_view table = "artifacts";

std::string text_of(const ConfigEntry& entry) {
  const Value* value = entry.scalar();
  if (value == nullptr || !std::holds_alternative<std::string>(*value)) {
    throw entry.bad_value("bad value for \"" + entry.key + "\"", "text in quotes");
  }
  return std::get<std::string>(*value);
}

std::vector<std::string> list_of(const ConfigEntry& entry) {
  std::vector<std::string> list;
  if (entry.list() == nullptr) return {text_of(entry)};
  for (const Value& value : *entry.list()) {
    if (!std::holds_alternative<std::string>(value)) {
      throw entry.bad_value("bad value for \"" + entry.key + "\"", "a list of texts");
    }
    list.push_back(std::get<std::string>(value));
  }
  return list;
}

void set(Entry& e, const std::string& key, const ConfigEntry& entry) {
  if (key == "file") return void(e.file = text_of(entry));
  if (key == "sha256") return void(e.sha256 = text_of(entry));
  if (key == "lane") return void(e.lane = text_of(entry));
  if (key == "supports") return void(e.supports = text_of(entry));
  if (key == "does_not_support") return void(e.does_not_support = list_of(entry));
  if (key == "supersedes") return void(e.supersedes = list_of(entry));
  if (key == "sources") return void(e.sources = list_of(entry));
  if (key == "sources_sha256") return void(e.sources_sha256 = text_of(entry));
  throw entry.bad_value(
      "unknown key \"" + key + "\" of an artifact",
      "file, sha256, lane, supports, does_not_support, supersedes, sources or sources_sha256");
}

std::string body_of(const std::string& text) {
  const auto end = text.find('\n');
  return end == std::string::npos ? std::string() : text.substr(end + 1);
}

std::string quoted(const std::string& text) {
  return assay::to_text(Json(text), 0);  // JSON's escapes are TOML's
}

std::string quoted(const std::vector<std::string>& list) {
  std::string text = "[";
  for (const std::string& item : list) text += (text.size() > 1 ? ", " : "") + quoted(item);
  return text + "]";
}

}  // namespace

Manifest read_manifest(const std::filesystem::path& path, const std::string& shown,
                       std::vector<Finding>& findings) {
  const std::string text = read_file(path);
  Config config = Config::from_text(text, shown);
  Manifest manifest{.name = shown};
  const std::string digest = read_text(config, "sha256", "");
  if (!digest.empty() && digest != sha256_hex(body_of(text))) {
    findings.push_back({.rule = "manifest-digest",
                        .file = shown,
                        .line = 1,
                        .column = 1,
                        .message = "the manifest was changed after it was written",
                        .expected = sha256_hex(body_of(text)),
                        .found = digest,
                        .remedy = "look at the change; assay check-artifacts --update seals it again"});
  }
  std::map<std::string, std::size_t> places;
  // All keys at once: asking for one at a time would be quadratic in a list of ten thousand.
  for (const ConfigEntry* entry : config.take_all("")) {
    if (entry->key == "sha256") continue;
    if (!entry->key.starts_with(std::string(table) + ".")) {
      throw entry->bad_value("unknown key \"" + entry->key + "\" in a manifest",
                             "sha256 or tables [artifacts.NAME]");
    }
    const std::string rest = entry->key.substr(table.size() + 1);
    const auto dot = rest.rfind('.');
    if (dot == std::string::npos)
      throw entry->bad_value("no artifact's table", "[artifacts.NAME] and its keys");
    const auto [place, is_new] = places.emplace(rest.substr(0, dot), manifest.entries.size());
    if (is_new) manifest.entries.push_back({.name = place->first, .line = entry->key_pos.line});
    set(manifest.entries[place->second], rest.substr(dot + 1), *entry);
  }
  return manifest;
}

std::string to_toml(const Manifest& manifest) {
  std::string body;
  for (const Entry& e : manifest.entries) {
    const bool bare =
        e.name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
        std::string::npos;
    body += "\n[artifacts." + (bare ? e.name : quoted(e.name)) + "]\n";
    body += "file = " + quoted(e.file) + "\nsha256 = " + quoted(e.sha256) + "\n";
    if (!e.lane.empty()) body += "lane = " + quoted(e.lane) + "\n";
    body += "supports = " + quoted(e.supports) + "\ndoes_not_support = " + quoted(e.does_not_support) + "\n";
    if (!e.supersedes.empty()) body += "supersedes = " + quoted(e.supersedes) + "\n";
    if (!e.sources.empty()) body += "sources = " + quoted(e.sources) + "\n";
    if (!e.sources_sha256.empty()) body += "sources_sha256 = " + quoted(e.sources_sha256) + "\n";
  }
  return "sha256 = \"" + sha256_hex(body) + "\"\n" + body;
}

std::string digest_of_sources(const std::vector<std::string>& sources, const std::filesystem::path& root) {
  Sha256 digest;
  for (const std::string& source : sources) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(root / source, error)) return {};
    digest.update(source + "\n" + sha256_file(root / source).sha256 + "\n");
  }
  return digest.hex();
}

}  // namespace assay::audit
