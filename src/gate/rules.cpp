#include "gate/rules.hpp"

#include <nlohmann/json.hpp>

#include "core/config.hpp"
#include "core/error.hpp"
#include "core/file.hpp"

namespace assay::gate {
namespace {

std::string text_of(const ConfigEntry& entry, const Value* value, std::string_view expected) {
  if (value == nullptr || !std::holds_alternative<std::string>(*value)) {
    throw entry.bad_value("\"" + entry.key + "\" holds something else than text", std::string(expected));
  }
  return std::get<std::string>(*value);
}

Requirement level_of(const ConfigEntry& entry, const Requirement& fallback) {
  const std::string text = text_of(entry, entry.scalar(), "a level such as \"ulp:4\"");
  try {
    Requirement r = parse_level(text);
    r.non_finite = fallback.non_finite;
    r.must_be_nontrivial = fallback.must_be_nontrivial;
    return r;
  } catch (const UserError& e) {
    throw entry.bad_value(e.problem().what, e.problem().expected);
  }
}

}  // namespace

Rules Rules::from_file(const std::filesystem::path& path, const Requirement& fallback) {
  return from_text(read_file(path), path.string(), fallback);
}

Rules Rules::from_text(std::string_view toml, std::string_view name, const Requirement& fallback) {
  Config config = Config::from_text(toml, name);
  Rules rules = from_config(config, "", "columns", fallback);
  config.reject_unknown();
  return rules;
}

Rules Rules::from_config(Config& config, std::string_view table, std::string_view columns_key,
                         const Requirement& fallback) {
  const std::string prefix = table.empty() ? "" : std::string(table) + ".";
  const std::string columns = prefix + std::string(columns_key);
  Rules rules(fallback);
  const std::string nan =
      read_choice(config, prefix + "nan", word(fallback.non_finite),
                  {word(NonFinite::fail_on_nan), word(NonFinite::equal), word(NonFinite::forbidden)});
  rules.fallback_.non_finite = nan == "equal"       ? NonFinite::equal
                               : nan == "forbidden" ? NonFinite::forbidden
                                                    : NonFinite::fail_on_nan;
  rules.fallback_.must_be_nontrivial = read_flag(config, prefix + "nontrivial", fallback.must_be_nontrivial);
  if (const ConfigEntry* level = config.take(prefix + "level")) {
    rules.fallback_ = level_of(*level, rules.fallback_);
  }
  if (const ConfigEntry* ignored = config.take(prefix + "ignore")) {
    if (ignored->list() == nullptr) throw ignored->bad_value("\"ignore\" is not a list", "a list of names");
    for (const Value& value : *ignored->list()) {
      rules.rules_.push_back({text_of(*ignored, &value, "a list of names"), {}});
    }
  }
  if (const ConfigEntry* entry = config.take(columns)) {  // an empty table is no rule, and no mistake
    throw entry->bad_value("\"" + entry->key + "\" is a value", "a table of names and levels");
  }
  for (const ConfigEntry* entry : config.take_all(columns)) {
    rules.rules_.push_back({entry->key.substr(columns.size() + 1), level_of(*entry, rules.fallback_)});
  }
  return rules;
}

Json Rules::describe() const {
  Json list = Json::array();
  for (const Rule& rule : rules_) {
    list.push_back({rule.pattern, rule.requirement ? to_text(*rule.requirement) : "ignore"});
  }
  return {{"level", to_text(fallback_)},
          {"nan", word(fallback_.non_finite)},
          {"nontrivial", fallback_.must_be_nontrivial},
          {"rules", list}};
}

Rules Rules::changed(const std::function<Requirement(const Requirement&)>& change) const {
  Rules copy = *this;
  copy.fallback_ = change(copy.fallback_);
  for (Rule& rule : copy.rules_) {
    rule.must_match = false;
    if (rule.requirement) rule.requirement = change(*rule.requirement);
  }
  return copy;
}

void Rules::ignore(std::string pattern) {
  rules_.insert(rules_.begin(), Rule{.pattern = std::move(pattern), .must_match = false});
}

std::optional<Requirement> Rules::of(std::string_view name) {
  for (Rule& rule : rules_) {
    if (!matches(rule.pattern, name)) continue;
    rule.used = true;
    return rule.requirement;
  }
  return fallback_;
}

bool Rules::names(std::string_view name) const {
  for (const Rule& rule : rules_) {
    if (matches(rule.pattern, name)) return true;
  }
  return false;
}

std::vector<std::string> Rules::unused() const {
  std::vector<std::string> names;
  for (const Rule& rule : rules_) {
    if (rule.must_match && !rule.used) names.push_back(rule.pattern);
  }
  return names;
}

bool matches(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0, star = std::string_view::npos, retry = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      retry = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++retry;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace assay::gate
