#include "workload/parameters.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/number.hpp"
#include "core/suggest.hpp"

namespace assay::workload {
namespace {

std::string range_text(const Parameter& p) {
  const bool low = std::isfinite(p.min), high = std::isfinite(p.max);
  const auto number = [&](double x) {
    return p.fallback.index() == 1 ? std::to_string(static_cast<std::int64_t>(x)) : number_text(x);
  };
  if (low && high)
    return (p.above_min ? " above " : " from ") + number(p.min) + (p.above_min ? ", at most " : " to ") +
           number(p.max);
  if (low) return p.above_min ? " above " + number(p.min) : ", " + number(p.min) + " or more";
  if (high) return ", at most " + number(p.max);
  return "";
}

std::string expected_text(const Parameter& p, std::string_view typed) {
  if (!p.choices.empty()) return one_of(typed, p.choices);
  return std::string(type_name(p.fallback)) + range_text(p);
}

std::string quoted(const Value& value) {
  return std::holds_alternative<std::string>(value) ? "\"" + value_text(value) + "\"" : value_text(value);
}

/// The value as the parameter's own type, or nothing.
std::optional<Value> convert(const Parameter& p, const Value& value) {
  if (std::holds_alternative<double>(p.fallback)) {
    if (const auto* i = std::get_if<std::int64_t>(&value)) return static_cast<double>(*i);
    if (!std::holds_alternative<double>(value)) return std::nullopt;
    return value;
  }
  if (std::holds_alternative<std::int64_t>(p.fallback)) {
    if (const auto* d = std::get_if<double>(&value);
        d != nullptr && std::trunc(*d) == *d && std::abs(*d) < 1e15) {
      return static_cast<std::int64_t>(*d);
    }
  }
  if (std::holds_alternative<std::string>(p.fallback) && p.choices.empty()) return value_text(value);
  if (value.index() != p.fallback.index()) return std::nullopt;
  return value;
}

bool allowed(const Parameter& p, const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    return p.choices.empty() || std::find(p.choices.begin(), p.choices.end(), *text) != p.choices.end();
  }
  if (std::holds_alternative<bool>(value)) return true;
  const double x = as_real(value);
  return std::isfinite(x) && (p.above_min ? x > p.min : x >= p.min) && x <= p.max;
}

}  // namespace

void ParameterTable::add(Parameter parameter) {
  by_name_.emplace(parameter.key, parameters_.size());
  if (!parameter.alias.empty()) by_name_.emplace(parameter.alias, parameters_.size());
  parameters_.push_back(std::move(parameter));
}

std::vector<std::string> ParameterTable::names() const {
  std::vector<std::string> names;
  for (const auto& p : parameters_) {
    names.push_back(p.key);
    if (!p.alias.empty()) names.push_back(p.alias);
  }
  return names;
}

std::size_t ParameterTable::index(std::string_view name, const SourcePos& where) const {
  if (const auto it = by_name_.find(name); it != by_name_.end()) return it->second;
  throw UserError(Problem{.what = "unknown parameter \"" + std::string(name) + "\"",
                          .where = where,
                          .expected = one_of(name, names()),
                          .hint = "assay list shows every parameter with its unit"});
}

ParameterSet::ParameterSet(std::shared_ptr<const ParameterTable> table) : table_(std::move(table)) {
  for (const auto& p : table_->all()) values_.push_back(p.fallback);
}

ParameterSet ParameterSet::read(Config& config, std::shared_ptr<const ParameterTable> table) {
  ParameterSet set(std::move(table));
  for (std::size_t i = 0; i < set.values_.size(); ++i) {
    const Parameter& p = set.table_->all()[i];
    const ConfigEntry* entry = config.take(p.key);
    if (!p.alias.empty()) {
      const ConfigEntry* alias = config.take(p.alias);
      // What was typed (it has no line) wins over the file, under whichever of the two names.
      const bool typed_key = entry != nullptr && entry->key_pos.line == 0;
      if (typed_key) alias = nullptr;
      if (entry != nullptr && alias != nullptr && alias->key_pos.line > 0) {
        throw alias->bad_value("\"" + p.alias + "\" and \"" + p.key + "\" are the same parameter",
                               "one of them");
      }
      if (alias != nullptr) entry = alias;
    }
    if (entry == nullptr) continue;
    const Value* value = entry->scalar();
    const auto converted = value != nullptr ? convert(p, *value) : std::nullopt;
    if (!converted || !allowed(p, *converted)) {
      throw entry->bad_value("bad value for \"" + p.key + "\"",
                             expected_text(p, value != nullptr ? value_text(*value) : ""));
    }
    set.values_[i] = *converted;
  }
  return set;
}

void ParameterSet::set(std::string_view name, const Value& value, const SourcePos& where) {
  const std::size_t i = table_->index(name, where);
  const Parameter& p = table_->all()[i];
  const auto converted = convert(p, value);
  if (!converted || !allowed(p, *converted)) {
    throw UserError(Problem{.what = "bad value for \"" + p.key + "\"",
                            .where = where,
                            .expected = expected_text(p, value_text(value)),
                            .found = quoted(value)});
  }
  values_[i] = *converted;
}

const Value& ParameterSet::value(std::string_view key) const {
  return values_[table_->index(key)];
}
double ParameterSet::real(std::string_view key) const {
  return as_real(value(key));
}
int ParameterSet::integer(std::string_view key) const {
  return static_cast<int>(std::get<std::int64_t>(value(key)));
}
bool ParameterSet::flag(std::string_view key) const {
  return std::get<bool>(value(key));
}
const std::string& ParameterSet::text(std::string_view key) const {
  return std::get<std::string>(value(key));
}

Json ParameterSet::to_json() const {
  Json root = Json::object();
  for (std::size_t i = 0; i < values_.size(); ++i) {
    Json* node = &root;
    std::string_view rest = table_->all()[i].key;
    for (auto dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
      node = &(*node)[std::string(rest.substr(0, dot))];
      rest.remove_prefix(dot + 1);
    }
    std::visit([&](const auto& v) { (*node)[std::string(rest)] = v; }, values_[i]);
  }
  return root;
}

std::string ParameterSet::identity() const {
  std::string text;
  for (const auto& value : values_) {
    // -0.0 + 0.0 is 0.0: the sign of zero is not another input.
    text +=
        std::holds_alternative<double>(value) ? number_text(std::get<double>(value) + 0.0) : value_text(value);
    text += '\x1f';
  }
  return text;
}

}  // namespace assay::workload
