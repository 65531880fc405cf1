#include "evidence/outcome_text.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

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
  out += out.empty() ? "\"" : ",\"";
  out += key;
  out += "\":";
  json_layout::append_string(out, text);
}

std::string text_or_empty(const Json& record, const char* key) {
  return record.contains(key) && record[key].is_string() ? record[key].get<std::string>() : std::string();
}

constexpr std::string_view kNothing = "-";

/// A name that can stand as a field: it ends no field and is not the sign for nothing.
bool plain(std::string_view name) {
  return !name.empty() && name != kNothing &&
         std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

void append_name(std::string& out, const std::string& name) {
  out += ' ';
  out += plain(name) ? std::string_view(name) : kNothing;
}

/// The fields before the observables, each followed by a space.
class Fields {
 public:
  explicit Fields(std::string_view text) : rest_(text) {}
  std::string_view next() {
    const auto end = rest_.find(' ');
    if (end == std::string_view::npos) {
      whole_ = false;
      return {};
    }
    const auto field = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return field;
  }
  double real() {
    const auto number = parse_double(next());
    whole_ = whole_ && number.has_value();
    return number.value_or(0.0);
  }
  std::int64_t integer() {
    const auto number = parse_int64(next());
    whole_ = whole_ && number.has_value();
    return number.value_or(0);
  }
  std::string name() {
    const auto field = next();
    return field == kNothing ? std::string() : std::string(field);
  }
  [[nodiscard]] bool whole() const { return whole_; }
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
  bool whole_ = true;
};

/// {"gamma":0.5,"omega":1.0} without the machinery of a JSON reader: what nearly every record holds. False,
/// with nothing changed, for anything else.
bool parse_plain_numbers(std::string_view text, plan::Outcome& outcome) {
  decltype(outcome.observables) found;
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return false;
  text = text.substr(1, text.size() - 2);
  while (!text.empty()) {
    if (text.front() != '"') return false;
    const auto quote = text.find('"', 1);
    if (quote == std::string_view::npos || quote + 1 >= text.size() || text[quote + 1] != ':') return false;
    const auto name = text.substr(1, quote - 1);
    if (!std::all_of(name.begin(), name.end(), [](char c) { return c >= ' ' && c < 0x7F && c != '\\'; }))
      return false;
    text.remove_prefix(quote + 2);
    const auto comma = text.find(',');
    const auto number = parse_double(text.substr(0, comma));
    if (!number || !std::isfinite(*number)) return false;
    for (const auto& [other, value] : found) {
      if (other == name) return false;
    }
    found.emplace_back(name, *number);
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
    if (text.empty()) return false;
  }
  outcome.observables = std::move(found);
  return true;
}

/// What few records have; empty when this one has none of it.
void append_extras(std::string& out, const plan::Outcome& outcome) {
  std::string members;
  append_text_member(members, "m", outcome.message);
  append_text_member(members, "t", outcome.tier);
  append_text_member(members, "h", outcome.host);
  append_text_member(members, "w", outcome.worker);
  if (!plain(outcome.engine)) append_text_member(members, "e", outcome.engine);
  if (!plain(outcome.identity)) append_text_member(members, "d", outcome.identity);
  if (outcome.status == plan::Status::duplicate) {
    members += members.empty() ? "\"of\":" : ",\"of\":";
    append_number(members, std::uint64_t{outcome.duplicate_of});
  }
  if (!members.empty()) out += "{" + members + "}";
}

void append_observables(std::string& out, const plan::Outcome& outcome) {
  out += '{';
  bool first = true;
  for (const auto& [name, value] : outcome.observables) {
    if (!first) out += ',';
    first = false;
    json_layout::append_string(out, name);
    out += ':';
    std::visit(ValueWriter{out}, value);
  }
  out += '}';
}

void parse_extras(const Json& extras, plan::Outcome& outcome) {
  outcome.message = text_or_empty(extras, "m");
  outcome.tier = text_or_empty(extras, "t");
  outcome.host = text_or_empty(extras, "h");
  outcome.worker = text_or_empty(extras, "w");
  if (extras.contains("e")) outcome.engine = text_or_empty(extras, "e");
  if (extras.contains("d")) outcome.identity = text_or_empty(extras, "d");
  if (extras.contains("of") && extras["of"].is_number_integer())
    outcome.duplicate_of = extras["of"].get<std::size_t>();
}

}  // namespace

void append_outcome(std::string& out, const plan::Outcome& outcome) {
  out += plan::name_of(outcome.status);
  append_name(out, outcome.identity);
  append_name(out, outcome.engine);
  for (const double seconds : {outcome.wall_seconds, outcome.cpu_seconds}) {
    out += ' ';
    append_number(out, seconds);
  }
  for (const std::int64_t count : {std::int64_t{outcome.peak_kib}, std::int64_t{outcome.attempts}}) {
    out += ' ';
    append_number(out, count);
  }
  std::string extras;
  append_extras(extras, outcome);
  out += extras.empty() ? " " : " [" + extras + ",";
  append_observables(out, outcome);
  if (!extras.empty()) out += ']';
}

void append_value(std::string& out, const plan::ObservableValue& value) {
  std::visit(ValueWriter{out}, value);
}

plan::Status status_in_outcome(std::string_view text) {
  plan::Status status = plan::Status::skipped;
  if (!plan::parse_status(Fields(text).next(), status)) return plan::Status::skipped;
  return status;
}

std::string_view identity_in_outcome(std::string_view text) {
  Fields fields(text);
  fields.next();
  const auto identity = fields.next();
  return identity == kNothing ? std::string_view() : identity;
}
plan::Outcome parse_outcome(std::string_view text, std::string_view source) {
  const auto refuse = [&] { throw UserError(std::string(source) + " holds no outcome of a task"); };
  plan::Outcome outcome;
  Fields fields(text);
  const bool named = plan::parse_status(fields.next(), outcome.status);
  outcome.identity = fields.name();
  outcome.engine = fields.name();
  outcome.wall_seconds = fields.real();
  outcome.cpu_seconds = fields.real();
  outcome.peak_kib = fields.integer();
  outcome.attempts = static_cast<int>(fields.integer());
  if (!named || !fields.whole()) refuse();
  if (parse_plain_numbers(fields.rest(), outcome)) return outcome;
  Json rest = parse_json(fields.rest(), source);
  if (rest.is_array()) {
    if (rest.size() != 2 || !rest[0].is_object()) refuse();
    parse_extras(rest[0], outcome);
    rest = Json(rest[1]);
  }
  if (!rest.is_object()) refuse();
  for (const auto& [name, value] : rest.items())
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
