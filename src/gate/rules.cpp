#include "gate/rules.hpp"

#include "core/config.hpp"
#include "core/error.hpp"
#include "core/file.hpp"

namespace assay::gate {
namespace {

constexpr std::string_view table = "columns";

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
  Rules rules(fallback);
  const std::string before = fallback.non_finite == NonFinite::equal       ? "equal"
                             : fallback.non_finite == NonFinite::forbidden ? "forbidden"
                                                                           : "fail";
  const std::string nan = read_choice(config, "nan", before, {"fail", "equal", "forbidden"});
  rules.fallback_.non_finite = nan == "equal"       ? NonFinite::equal
                               : nan == "forbidden" ? NonFinite::forbidden
                                                    : NonFinite::fail_on_nan;
  rules.fallback_.must_be_nontrivial = read_flag(config, "nontrivial", fallback.must_be_nontrivial);
  if (const ConfigEntry* level = config.take("level")) rules.fallback_ = level_of(*level, rules.fallback_);
  if (const ConfigEntry* ignored = config.take("ignore")) {
    if (ignored->list() == nullptr) throw ignored->bad_value("\"ignore\" is not a list", "a list of names");
    for (const Value& value : *ignored->list()) {
      rules.rules_.push_back({text_of(*ignored, &value, "a list of names"), {}});
    }
  }
  for (const ConfigEntry* entry : config.take_all(table)) {
    rules.rules_.push_back({entry->key.substr(table.size() + 1), level_of(*entry, rules.fallback_)});
  }
  config.reject_unknown();
  return rules;
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
