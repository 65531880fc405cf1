// Distributions as people write them: the short form of a flag and the table form of a config.
#include <cmath>

#include "core/number.hpp"
#include "core/suggest.hpp"
#include "core/text.hpp"
#include "plan/distribution.hpp"

namespace assay::plan {
namespace {

constexpr std::string_view kForms =
    "uniform:MIN,MAX, normal:MEAN,SD, truncated-normal:MEAN,SD,SIGMAS, truncated-normal:MEAN,SD,MIN,MAX, "
    "lognormal:MEDIAN,SIGMA, lognormal:MEDIAN,SIGMA,SIGMAS, discrete:V1,V2 or discrete:V1@W1,V2@W2";

/// A number, or a share of `whole`: "10%".
std::optional<double> number_or_share(std::string_view text, double whole) {
  if (text.empty() || text.back() != '%') return parse_double(text);
  text.remove_suffix(1);
  const auto percent = parse_double(text);
  if (!percent) return {};
  return std::fabs(whole) * (*percent / 100.0);
}

[[noreturn]] void bad(std::string_view text, const SourcePos& where, std::string what) {
  throw UserError(Problem{.what = std::move(what),
                          .where = where,
                          .expected = std::string(kForms),
                          .found = "\"" + std::string(text) + "\""});
}

Distribution parse_discrete(std::string_view arguments) {
  std::vector<Value> values;
  std::vector<double> weights;
  for (const auto part : split(arguments, ',')) {
    const auto at = part.find('@');
    values.push_back(value_of_text(part.substr(0, at)));
    if (part.empty() || at == 0) throw UserError("discrete: an empty value");
    if (at == std::string_view::npos) continue;
    const auto weight = parse_double(part.substr(at + 1));
    if (!weight) throw UserError("discrete: \"" + std::string(part) + "\" has no number after @");
    weights.push_back(*weight);
  }
  return Distribution::discrete(std::move(values), std::move(weights));
}

Distribution parse_form(std::string_view kind, std::string_view arguments) {
  if (kind == "discrete") return parse_discrete(arguments);
  std::vector<double> x;
  for (const auto part : split(arguments, ',')) {
    const auto number = number_or_share(part, x.size() == 1 ? x[0] : NAN);
    if (!number || !std::isfinite(*number)) throw UserError("\"" + std::string(part) + "\" is not a number");
    x.push_back(*number);
  }
  const bool normal = kind == "normal" || kind == "truncated-normal";
  if (kind == "uniform" && x.size() == 2) return Distribution::uniform(x[0], x[1]);
  if (kind == "normal" && x.size() == 2) return Distribution::normal(x[0], x[1]);
  if (kind == "truncated-normal" && x.size() == 3) return Distribution::normal(x[0], x[1], {.sigmas = x[2]});
  if (kind == "truncated-normal" && x.size() == 4)
    return Distribution::normal(x[0], x[1], {.min = x[2], .max = x[3]});
  if (kind == "lognormal" && x.size() == 2) return Distribution::lognormal(x[0], x[1]);
  if (kind == "lognormal" && x.size() == 3) return Distribution::lognormal(x[0], x[1], {.sigmas = x[2]});
  if (normal || kind == "uniform" || kind == "lognormal")
    throw UserError(std::string(kind) + " does not take " + std::to_string(x.size()) + " numbers");
  throw UserError("no distribution is called \"" + std::string(kind) + "\"; " +
                  one_of(std::string(kind), distribution_names()));
}

/// A number of the table; the entry is marked as known.
std::optional<double> take_number(Config& config, const std::string& key, double whole = NAN) {
  const ConfigEntry* entry = config.take(key);
  if (entry == nullptr) return {};
  const Value* value = entry->scalar();
  std::optional<double> number;
  if (value != nullptr && (value->index() == 1 || value->index() == 2)) number = as_real(*value);
  if (value != nullptr && value->index() == 3) number = number_or_share(std::get<std::string>(*value), whole);
  if (!number || !std::isfinite(*number)) {
    throw entry->bad_value(
        "bad value for \"" + key + "\"",
        std::isnan(whole) ? "a finite number" : "a finite number, or a share of the mean: \"10%\"");
  }
  return number;
}

double need_number(Config& config, const std::string& table, const std::string& field, const SourcePos& where,
                   double whole = NAN) {
  if (const auto number = take_number(config, table + "." + field, whole)) return *number;
  throw UserError(Problem{.what = "no \"" + field + "\" in [" + table + "]",
                          .where = where,
                          .expected = "every parameter of the distribution"});
}

Distribution read_discrete(Config& config, const std::string& table, const ConfigEntry& kind) {
  const ConfigEntry* values = config.take(table + ".values");
  if (values == nullptr || values->list() == nullptr)
    throw kind.bad_value("a discrete distribution without a list of values", "values = [1, 2, 3]");
  std::vector<double> weights;
  if (const ConfigEntry* entry = config.take(table + ".weights")) {
    if (entry->list() == nullptr) throw entry->bad_value("weights is no list", "one number for each value");
    for (const auto& value : *entry->list()) weights.push_back(as_real(value));
  }
  return Distribution::discrete(*values->list(), std::move(weights));
}

}  // namespace

Distribution Distribution::parse(std::string_view text, const SourcePos& where) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) bad(text, where, "not a distribution");
  try {
    return parse_form(text.substr(0, colon), text.substr(colon + 1));
  } catch (const UserError& e) {
    bad(text, where, e.problem().what + (e.problem().hint.empty() ? "" : "; " + e.problem().hint));
  }
}

Distribution Distribution::read(Config& config, const std::string& table) {
  const ConfigEntry* entry = config.take(table + ".distribution");
  if (entry == nullptr) {
    throw UserError(Problem{.what = "no \"distribution\" in [" + table + "]",
                            .where = {config.name(), 0, 0},
                            .expected = "distribution = \"normal\", mean = 2.49, sd = 0.25, for example"});
  }
  const std::string kind = read_choice(config, table + ".distribution", "", distribution_names());
  const auto number = [&](const char* field) { return need_number(config, table, field, entry->key_pos); };
  const auto cut = [&] {
    return Truncation{take_number(config, table + ".truncate"), take_number(config, table + ".min"),
                      take_number(config, table + ".max")};
  };
  try {
    if (kind == "discrete") return read_discrete(config, table, *entry);
    if (kind == "uniform") {
      const double min = number("min");
      return uniform(min, number("max"));
    }
    if (kind == "lognormal") {
      const double median = number("median");
      const double sigma = number("sigma");
      return lognormal(median, sigma, cut());
    }
    const double mean = number("mean");
    const double sd = need_number(config, table, "sd", entry->key_pos, mean);
    const Truncation cuts = cut();
    if (kind == "truncated-normal" && !cuts.any())
      throw UserError("a truncated normal without a cut",
                      "give truncate = 3 (standard deviations), or min and max");
    return normal(mean, sd, cuts);
  } catch (const UserError& e) {
    if (!e.problem().where.file.empty()) throw;
    const std::string& hint = e.problem().hint;
    throw entry->bad_value("[" + table + "] " + e.problem().what,
                           hint.empty() ? "parameters that make a distribution" : hint);
  }
}

}  // namespace assay::plan
