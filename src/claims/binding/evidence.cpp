// Evidence files and the values in them.
// SPDX-License-Identifier: MIT
#include "claims/binding/evidence.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "claims/binding/history_source.hpp"
#include "claims/binding/pointer.hpp"
#include "claims/binding/table_data.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/json_position.hpp"
#include "core/number.hpp"
#include "core/sha256.hpp"
#include "core/text_position.hpp"
#include "evidence/artifact_digest.hpp"
#include "evidence/schemas.hpp"

namespace assay::claims {
namespace {

namespace fs = std::filesystem;

std::string lfs_oid(std::string_view bytes) {
  if (bytes.size() > 1024 || !bytes.starts_with("version https://git-lfs")) return {};
  const auto at = bytes.find("oid sha256:");
  return at == std::string_view::npos ? std::string() : std::string(bytes.substr(at + 11, 64));
}

bool has(const Json& object, const char* key) {
  return object.is_object() && object.contains(key);
}

// Digests that the artifact carries, and its schema where it is one of ours.
void examine(EvidenceFile& file) {
  const Json& json = *file.json;
  if (has(json, "sha256") || has(json, "content_sha256"))
    file.problems = evidence::digest_errors(file.bytes, json);
  if (!has(json, "schema") || !json["schema"].is_string()) return;
  const auto schema = json["schema"].get<std::string>();
  const auto kinds = evidence::schema_kinds();
  for (const auto& kind : kinds)
    if (schema == "assay/" + kind + "/v1")
      for (const auto& error : evidence::validate(kind, json))
        if (file.problems.size() < 4)
          file.problems.push_back(fmt::format("{}: {}", error.instance, error.message));
}

std::optional<std::uint64_t> sample_count(const Json& measurement) {
  if (!has(measurement, "samples")) return std::nullopt;
  const Json& samples = measurement["samples"];
  if (samples.is_array()) return samples.size();
  for (const char* key : {"n", "count", "kept"})
    if (has(samples, key) && samples[key].is_number_unsigned()) return samples[key].get<std::uint64_t>();
  return std::nullopt;
}

// Interval, sample count and unit from the measurement around a value.
void add_measurement(const Json& around, Measured& out) {
  if (has(around, "interval") && around["interval"].is_array() && around["interval"].size() == 2) {
    const auto &low = around["interval"][0], &high = around["interval"][1];
    if (low.is_number()) out.low = low.get<double>();
    if (high.is_number()) out.high = high.get<double>();
  }
  if (has(around, "unit") && around["unit"].is_string()) out.unit = around["unit"].get<std::string>();
  out.samples = sample_count(around);
}

std::optional<double> finite(const Json& value) {
  if (value.is_boolean() || !value.is_number()) return std::nullopt;
  const auto number = value.get<double>();
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

// Median or mean of an array; nothing if any element is no finite number.
std::optional<double> statistic(const Json& array, const std::string& quote) {
  std::vector<double> values;
  for (const auto& item : array)
    if (const auto number = finite(item))
      values.push_back(*number);
    else
      return std::nullopt;
  if (quote == "count") return static_cast<double>(values.size());
  if (values.empty()) return std::nullopt;
  if (quote == "mean") {
    double sum = 0;
    for (const double v : values) sum += v;
    return sum / static_cast<double>(values.size());
  }
  if (quote != "median") return std::nullopt;
  std::sort(values.begin(), values.end());
  const auto middle = values.size() / 2;
  return values.size() % 2 ? values[middle] : 0.5 * (values[middle - 1] + values[middle]);
}

void choose_statistic(const Json& value, const std::string& quote, Measured& out, std::string& why) {
  if (value.is_array()) {
    out.value = statistic(value, quote);
    if (!out.value) why = "it is an array; quote = \"median\", \"mean\" or \"count\" of finite numbers";
  } else if (value.is_object()) {
    add_measurement(value, out);
    for (const char* key : {"estimate", "value", "median"})
      if (!out.value && has(value, key)) out.value = finite(value[key]);
    if (!out.value) why = "it is an object without \"estimate\" or \"value\"";
  } else {
    out.value = finite(value);
  }
  if (quote == "ci-low" || quote == "ci-high") {
    out.value = quote == "ci-low" ? out.low : out.high;
    if (!out.value) why = "there is no interval beside it";
  }
}

std::optional<std::string> capture(std::string_view text, const std::string& pattern, std::string& why) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(1 << 22);
  const re2::RE2 expression("(?m)" + pattern, options);
  if (!expression.ok() || expression.NumberOfCapturingGroups() != 1) {
    why = expression.ok() ? "the pattern must have exactly one group"
                          : "the pattern is wrong: " + expression.error();
    return std::nullopt;
  }
  re2::StringPiece rest(text.data(), text.size()), group;
  std::optional<std::string> found;
  while (!rest.empty() && re2::RE2::FindAndConsume(&rest, expression, &group)) {
    const std::string value(group.data(), group.size());
    if (found && *found != value) {
      why = fmt::format("the pattern finds different values: \"{}\" and \"{}\"", *found, value);
      return std::nullopt;
    }
    found = value;
    if (group.empty()) break;
  }
  if (!found) why = "the pattern is not found";
  return found;
}

std::string without_commas(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), ','), text.end());
  return text;
}

// Sums over <testsuite ...> elements of JUnit.
std::optional<double> junit_count(std::string_view xml, const std::string& what, std::string& why) {
  static const re2::RE2 suite("<testsuite\\s([^>]*)>");
  static const re2::RE2 attribute("\\b(tests|failures|errors|skipped|disabled)\\s*=\\s*[\"'](\\d+)[\"']");
  re2::StringPiece rest(xml.data(), xml.size()), attributes;
  std::map<std::string, double> sums;
  bool any = false;
  while (re2::RE2::FindAndConsume(&rest, suite, &attributes)) {
    any = true;
    std::string name, digits;
    while (re2::RE2::FindAndConsume(&attributes, attribute, &name, &digits)) sums[name] += std::stod(digits);
  }
  if (!any) {
    why = "it holds no <testsuite>";
    return std::nullopt;
  }
  const double failed = sums["failures"] + sums["errors"], skipped = sums["skipped"] + sums["disabled"];
  if (what == "tests") return sums["tests"];
  if (what == "failed") return failed;
  if (what == "skipped") return skipped;
  return sums["tests"] - failed - skipped;
}

report::Place place_of(const EvidenceFile& file, std::string shown, std::size_t offset) {
  const auto where = problem_at(file.bytes, shown, offset).where;
  return {std::move(shown), static_cast<std::uint32_t>(where.line), static_cast<std::uint32_t>(where.column), 0,
          0};
}

}  // namespace

std::string EvidenceStore::shown(const std::string& path) const {
  return (root_ / path).lexically_normal().string();
}

const EvidenceFile& EvidenceStore::file(const std::string& path) {
  const auto [at, fresh] = files_.try_emplace(path);
  EvidenceFile& file = at->second;
  if (!fresh) return file;
  file.path = path;
  const auto full = root_ / path;
  std::error_code ignored;
  file.exists = fs::is_regular_file(full, ignored);
  if (!file.exists) return file;
  file.bytes = read_file(full);
  file.lfs_sha256 = lfs_oid(file.bytes);
  if (!file.lfs_sha256.empty()) return file;
  file.sha256 = sha256_hex(file.bytes);
  file.is_json = full.extension() == ".json";
  if (!file.is_json) return file;
  try {
    file.json = std::make_shared<const Json>(parse_json(file.bytes, shown(path)));
    examine(file);
  } catch (const Error& e) {
    file.problems.push_back(e.problem().what);
  }
  return file;
}

std::unique_ptr<TableData> EvidenceStore::table(const SourceSpec& source, std::string& why) {
  const EvidenceFile& in = file(source.path);
  if (!in.exists) return why = "there is no such file", nullptr;
  if (!in.is_json) return csv_table(in.bytes);
  if (!in.json) return why = "the file is no JSON", nullptr;
  const Json* rows = resolve(*in.json, source.pointer, why);
  if (!rows) return nullptr;
  if (!rows->is_array()) return why = "it is no array of rows", nullptr;
  return json_table(*rows);
}

std::optional<Measured> EvidenceStore::measure(const SourceSpec& source, const std::string& quote,
                                               std::string& why) {
  const EvidenceFile& in = file(source.path);
  Measured out;
  out.place.file = shown(source.path);
  if (source.history) {
    auto measured = measure_history(root_ / source.path, *source.history, quote, why);
    if (!measured) return std::nullopt;
    measured->place = out.place;
    out = std::move(*measured);
  } else if (!source.property.empty()) {
    if (source.property == "sha256") return out.text = in.sha256, out;
    const auto lines = static_cast<std::size_t>(std::count(in.bytes.begin(), in.bytes.end(), '\n'));
    out.value = static_cast<double>(source.property == "bytes" ? in.bytes.size() : lines);
    if (source.property == "bytes") out.unit = "B";
  } else if (!source.count.empty()) {
    out.value = junit_count(in.bytes, source.count, why);
    if (!out.value) return std::nullopt;
  } else if (!source.column.empty()) {
    const auto rows = table(source, why);
    if (!rows) return std::nullopt;
    const auto found = rows->find(source.where);
    if (found.size() != 1) {
      why = fmt::format("{} rows fit \"where\", one must", found.size());
      return std::nullopt;
    }
    const auto cell = rows->cell(found[0], source.column);
    if (!cell) return why = fmt::format("there is no column \"{}\"", source.column), std::nullopt;
    out.text = *cell;
    out.value = parse_double(*cell);
    out.place.line = static_cast<std::uint32_t>(rows->line_of(found[0]));
    out.place.column = out.place.line ? 1 : 0;
  } else if (in.is_json) {
    if (!in.json) return why = "the file is no JSON", std::nullopt;
    const Json *value = resolve(*in.json, source.pointer, why), *around = nullptr;
    if (!value) return std::nullopt;
    if (const auto last = source.pointer.rfind('/'); last != std::string::npos) {
      std::string unused;
      around = resolve(*in.json, source.pointer.substr(0, last), unused);
      const auto name = source.pointer.substr(last + 1);
      if (around && (name == "estimate" || name == "value" || name == "median")) add_measurement(*around, out);
    }
    out.place =
        place_of(in, out.place.file, offset_of_pointer(in.bytes, plain_pointer(*in.json, source.pointer)));
    if (!value->is_structured()) out.text = scalar_text(*value);
    if (!source.pattern.empty() && value->is_string()) {
      const auto found = capture(out.text, source.pattern, why);
      if (!found) return std::nullopt;
      out.text = *found;
      out.value = parse_double(without_commas(*found));
    } else {
      choose_statistic(*value, quote, out, why);
      if (value->is_structured() && !out.value) return std::nullopt;
    }
  } else if (!source.pattern.empty()) {
    const auto found = capture(in.bytes, source.pattern, why);
    if (!found) return std::nullopt;
    out.text = *found;
    out.value = parse_double(without_commas(*found));
  } else {
    why = "the ledger does not say which value: a JSON pointer, column and where, pattern, count or property";
    return std::nullopt;
  }
  if (out.value && !std::isfinite(*out.value)) out.value.reset();
  if (out.text.empty() && out.value) out.text = number_text(*out.value);
  return out;
}

}  // namespace assay::claims
