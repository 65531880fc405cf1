#include "audit/document.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/json_position.hpp"
#include "core/sha256.hpp"
#include "evidence/artifact_csv.hpp"
#include "evidence/artifact_digest.hpp"
#include "evidence/schemas.hpp"

namespace assay::audit {
namespace {

/// Kinds that end in digests of themselves; a measurement's bytes are held by the manifest alone.
bool is_sealed(const std::string& kind) {
  constexpr std::array sealed{"run", "scan", "ensemble", "plan", "gate"};
  return std::find(sealed.begin(), sealed.end(), kind) != sealed.end();
}

std::string shorten(std::string text) {
  constexpr std::size_t most = 160;
  return text.size() > most ? text.substr(0, most) + "..." : text;
}

/// By its schema, or by the program that it names: a damaged schema must not make a file a stranger.
bool is_ours(const Json& json) {
  if (!json.is_object()) return false;
  const auto text = [](const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const bool by_tool =
      json.contains("tool") && json["tool"].is_object() && text(json["tool"], "name") == "assay";
  return by_tool || json.contains("content_sha256") || text(json, "schema").starts_with("assay/");
}

void check_schema(const Document& d, Reporter& report) {
  for (const SchemaError& e : evidence::validate(d.kind, d.json)) {
    report.error("schema", e.instance, e.message, shorten(e.expected), shorten(e.found),
                 "write it with the command that makes it; schemas/" + d.kind +
                     ".v1.schema.json says what belongs there");
  }
}

void check_digests(const Document& d, const std::string& text, Reporter& report) {
  const std::string again = "make the artifact again; nothing in it may be edited by hand";
  if (d.json.contains("config") && d.json.contains("config_sha256")) {
    const std::string expected = sha256_hex(canonical_text(d.json["config"]));
    if (d.json["config_sha256"] != expected) {
      report.error("config-digest", "/config_sha256", "the digest of the config does not fit the config",
                   expected, shorten(assay::to_text(d.json["config_sha256"], 0)), again);
    }
  }
  if (!is_sealed(d.kind)) return;
  for (const std::string& e : evidence::digest_errors(text, d.json)) {
    const bool content = e.find("content_sha256") != std::string::npos;
    report.error("digest", content ? "/content_sha256" : "/sha256", e, {}, {}, again);
  }
  // What stands after the last digest has one form; a byte changed there is seen only so.
  const std::string end = ",\n  \"sha256\": " + assay::to_text(d.json.value("sha256", Json()), 0) + "\n}\n";
  if (!text.ends_with(end)) {
    report.error("digest", "/sha256", "the last lines are not as they were written", {}, {}, again);
  }
}

}  // namespace

void Reporter::add(Finding f) {
  f.file = file_;
  if (!text_.empty() && !f.pointer.empty()) {
    const std::size_t offset = std::min(offset_of_pointer(text_, f.pointer), text_.size());
    f.line = 1 + static_cast<int>(
                     std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
    const auto line_start = text_.rfind('\n', offset == 0 ? 0 : offset - 1);
    f.column = static_cast<int>(offset - (line_start == std::string::npos ? 0 : line_start + 1)) + 1;
    if (f.line == 1) f.column = static_cast<int>(offset) + 1;
  }
  findings_.push_back(std::move(f));
}

void Reporter::error(std::string rule, std::string pointer, std::string message, std::string expected,
                     std::string found, std::string remedy) {
  add({.rule = std::move(rule),
       .pointer = std::move(pointer),
       .message = std::move(message),
       .expected = std::move(expected),
       .found = std::move(found),
       .remedy = std::move(remedy)});
}

void Reporter::warning(std::string rule, std::string pointer, std::string message, std::string remedy) {
  add({.rule = std::move(rule),
       .level = Level::warning,
       .pointer = std::move(pointer),
       .message = std::move(message),
       .remedy = std::move(remedy)});
}

void check_sidecars(Document& d, Reporter& report) {
  if (!d.json.contains("sidecars") || !d.json["sidecars"].is_array()) return;
  const auto folder = std::filesystem::path(d.name).parent_path();
  for (std::size_t i = 0; i < d.json["sidecars"].size(); ++i) {
    const Json& entry = d.json["sidecars"][i];
    const std::string pointer = "/sidecars/" + std::to_string(i);
    if (!entry.is_object() || !entry.contains("path") || !entry["path"].is_string())
      continue;  // the schema says so
    const auto name = entry["path"].get<std::string>();
    const std::filesystem::path relative(name);
    if (relative.is_absolute() || name.find("..") != std::string::npos) {
      report.error("sidecar", pointer + "/path", "a sidecar lies outside of the artifact's folder",
                   "a name beside it", name);
      continue;
    }
    d.sidecars.push_back((folder / relative).generic_string());
    const auto path = d.path.parent_path() / relative;
    const std::string again = "make the artifact again: it writes its sidecars";
    if (!std::filesystem::is_regular_file(path)) {
      report.error("sidecar-missing", pointer + "/path", "the sidecar \"" + name + "\" is not there", {}, {},
                   again);
      continue;
    }
    const FileDigest digest = sha256_file(path);
    if (entry.value("sha256", "") != digest.sha256) {
      report.error("sidecar-digest", pointer + "/sha256", "\"" + name + "\" was changed after it was written",
                   entry.value("sha256", ""), digest.sha256, again);
    }
    if (entry.contains("bytes") && entry["bytes"] != digest.bytes) {
      report.error("sidecar-digest", pointer + "/bytes", "\"" + name + "\" has another size",
                   assay::to_text(entry["bytes"], 0), std::to_string(digest.bytes), again);
    }
    if (relative.extension() != ".csv" || !d.json.contains("results")) continue;
    std::string expected;
    evidence::write_csv_of(d.json, [&](std::string_view piece) { expected += piece; });
    const std::string found = read_file(path);
    if (expected == found) continue;
    const auto differ = std::mismatch(expected.begin(), expected.end(), found.begin(), found.end());
    const auto line = 1 + std::count(expected.begin(), differ.first, '\n');
    report.error("sidecar-content", pointer,
                 "\"" + name + "\" is not what the results give, from line " + std::to_string(line) + " on", {},
                 {}, again);
  }
}

std::vector<Finding> check_document(const std::filesystem::path& path, const std::string& name,
                                    const std::string& shown, Document& d) {
  d.path = path;
  d.name = name;
  std::string text;
  Reporter unread(shown, text);
  try {
    if (std::filesystem::file_size(path) > largest_document) {
      unread.error("unreadable", "", "larger than 512 MiB: no artifact of one run is");
      return unread.take();
    }
    text = read_file(path);
    d.sha256 = sha256_hex(text);
    d.json = parse_json(text, shown);
  } catch (const Error& e) {
    unread.error("unreadable", "", e.problem().what, e.problem().expected, e.problem().found,
                 "restore the file, or remove it and its line in the manifest");
    std::vector<Finding> findings = unread.take();
    findings.back().line = e.problem().where.line;
    findings.back().column = e.problem().where.column;
    return findings;
  }
  Reporter report(shown, text);
  if (!is_ours(d.json)) return {};
  try {
    d.kind = evidence::kind_of_document(d.json);
  } catch (const UserError& e) {
    report.error("schema", "/schema", e.problem().what, e.problem().expected, e.problem().found,
                 "a newer version of assay may have written it");
    return report.take();
  }
  check_schema(d, report);
  check_digests(d, text, report);
  std::vector<Finding> findings = report.take();
  const bool well_formed =
      std::none_of(findings.begin(), findings.end(), [](const Finding& f) { return f.rule == "schema"; });
  if (!well_formed) return findings;  // what follows from wrong parts is not worth deriving
  check_sidecars(d, report);
  check_numbers(d.json, report);
  check_derived(d, text, report);
  for (Finding& f : report.take()) findings.push_back(std::move(f));
  return findings;
}

}  // namespace assay::audit
