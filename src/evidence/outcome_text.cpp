#include "evidence/outcome_text.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/json_layout.hpp"
#include "core/number.hpp"

namespace assay::evidence {

namespace {

void append_real(std::string& out, double value) {
  const bool word = !std::isfinite(value);
  if (word) out += '"';
  append_number(out, value);
  if (word) out += '"';
}

void append_pair(std::string& out, std::complex<double> value) {
  append_real(out, value.real());
  out += ',';
  append_real(out, value.imag());
}

// A bare number is a double; the rest says what it is: {"c":[re,im]}, {"r":[...]}, {"C":[re,im,re,im,...]},
// {"t":"text"}.
struct ValueWriter {
  std::string& out;

  void operator()(double value) const { append_real(out, value); }
  void operator()(std::complex<double> value) const {
    out += "{\"c\":[";
    append_pair(out, value);
    out += "]}";
  }
  void operator()(const std::vector<double>& values) const {
    out += "{\"r\":[";
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) out += ',';
      append_real(out, values[i]);
    }
    out += "]}";
  }
  void operator()(const std::vector<std::complex<double>>& values) const {
    out += "{\"C\":[";
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) out += ',';
      append_pair(out, values[i]);
    }
    out += "]}";
  }
  void operator()(const std::string& text) const {
    out += "{\"t\":";
    json_layout::append_string(out, text);
    out += '}';
  }
};

plan::ObservableValue parse_value(const Json& json, const std::string& name) {
  if (!json.is_object()) return number_of(json, name);
  if (json.size() == 1) {
    const auto& [kind, value] = json.get_ref<const Json::object_t&>().front();
    if (kind == "t" && value.is_string()) return value.get<std::string>();
    if (value.is_array()) {
      std::vector<double> numbers;
      numbers.reserve(value.size());
      for (const auto& number : value) numbers.push_back(number_of(number, name));
      if (kind == "r") return numbers;
      if (kind == "c" && numbers.size() == 2) return std::complex<double>(numbers[0], numbers[1]);
      std::vector<std::complex<double>> pairs;
      for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) pairs.emplace_back(numbers[i], numbers[i + 1]);
      if (kind == "C" && numbers.size() % 2 == 0) return pairs;
    }
  }
  throw UserError("value of \"" + name + "\" is of no known kind");
}

void append_text_member(std::string& out, std::string_view key, const std::string& text) {
  if (text.empty()) return;
  out += ",\"";
  out += key;
  out += "\":";
  json_layout::append_string(out, text);
}

std::string text_or_empty(const Json& record, const char* key) {
  return record.contains(key) && record[key].is_string() ? record[key].get<std::string>() : std::string();
}

}  // namespace

void append_outcome(std::string& out, const plan::Outcome& outcome) {
  out += "{\"s\":\"";
  out += plan::name_of(outcome.status);
  out += '"';
  append_text_member(out, "m", outcome.message);
  append_text_member(out, "e", outcome.engine);
  append_text_member(out, "t", outcome.tier);
  if (outcome.status == plan::Status::duplicate) {
    out += ",\"of\":";
    append_number(out, std::uint64_t{outcome.duplicate_of});
  }
  out += ",\"w\":";
  append_real(out, outcome.wall_seconds);
  if (outcome.cpu_seconds > 0.0) {
    out += ",\"c\":";
    append_real(out, outcome.cpu_seconds);
  }
  if (outcome.peak_kib > 0) {
    out += ",\"k\":";
    append_number(out, std::int64_t{outcome.peak_kib});
  }
  if (outcome.attempts != 1) {
    out += ",\"n\":";
    append_number(out, std::int64_t{outcome.attempts});
  }
  append_text_member(out, "d", outcome.identity);
  out += ",\"o\":{";
  bool first = true;
  for (const auto& [name, value] : outcome.observables) {
    if (!first) out += ',';
    first = false;
    json_layout::append_string(out, name);
    out += ':';
    std::visit(ValueWriter{out}, value);
  }
  out += "}}";
}

plan::Status status_in_outcome(std::string_view text) {
  constexpr std::string_view kStart = "{\"s\":\"";
  plan::Status status = plan::Status::skipped;
  if (text.substr(0, kStart.size()) != kStart) return status;
  text.remove_prefix(kStart.size());
  if (!plan::parse_status(text.substr(0, text.find('"')), status)) return plan::Status::skipped;
  return status;
}

std::string_view identity_in_outcome(std::string_view text) {
  // In no string of the record can these characters stand: their quotes would be escaped.
  constexpr std::string_view kMember = ",\"d\":\"";
  const auto at = text.find(kMember);
  const auto observables = text.find(",\"o\":{");
  if (at == std::string_view::npos || at > observables) return {};
  text.remove_prefix(at + kMember.size());
  return text.substr(0, text.find('"'));
}

plan::Outcome parse_outcome(std::string_view text, std::string_view source) {
  const auto record = parse_json(text, source);
  plan::Outcome outcome;
  if (!record.is_object() || !record.contains("o") || !record["o"].is_object() || !record.contains("w") ||
      !plan::parse_status(text_or_empty(record, "s"), outcome.status))
    throw UserError(std::string(source) + " holds no outcome of a task");
  outcome.message = text_or_empty(record, "m");
  outcome.engine = text_or_empty(record, "e");
  outcome.tier = text_or_empty(record, "t");
  if (record.contains("of") && record["of"].is_number_integer())
    outcome.duplicate_of = record["of"].get<std::size_t>();
  outcome.wall_seconds = number_of(record["w"], "wall seconds");
  if (record.contains("c")) outcome.cpu_seconds = number_of(record["c"], "CPU seconds");
  if (record.contains("k") && record["k"].is_number_integer()) outcome.peak_kib = record["k"].get<long>();
  if (record.contains("n") && record["n"].is_number_integer()) outcome.attempts = record["n"].get<int>();
  outcome.identity = text_or_empty(record, "d");
  for (const auto& [name, value] : record["o"].items())
    outcome.observables.emplace_back(name, parse_value(value, name));
  return outcome;
}

Json value_json(const plan::ObservableValue& value) {
  struct Convert {
    Json operator()(double v) const { return v; }
    Json operator()(std::complex<double> v) const { return complex_json(v); }
    Json operator()(const std::vector<double>& v) const { return v; }
    Json operator()(const std::vector<std::complex<double>>& v) const {
      Json array = Json::array();
      for (const auto& item : v) array.push_back(complex_json(item));
      return array;
    }
    Json operator()(const std::string& v) const { return v; }
  };
  return std::visit(Convert{}, value);
}

Json value_json(const Value& value) {
  return std::visit([](const auto& v) { return Json(v); }, value);
}

}  // namespace assay::evidence
