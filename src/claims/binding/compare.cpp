// Conversion to what the sentence speaks of, then the comparison that ledger and words ask for.
// SPDX-License-Identifier: MIT
#include "claims/binding/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "claims/binding/unit.hpp"

namespace assay::claims {
namespace {

constexpr double about = 0.05;     // what "about" and "~" allow
constexpr double headroom = 0.10;  // evidence this much better than a bound is worth a note

// Value and interval in the unit and sense of the figure.
struct Meant {
  double value = 0;
  std::optional<double> low, high;
  bool wrong_direction = false;
};

bool is_ratio_kind(const LedgerClaim& claim) {
  return claim.kind == "speedup" || claim.kind == "time-ratio";
}

// How many times as fast, told as the sentence tells it.
double told(double faster, const Figure& figure) {
  const bool percent = figure.kind == QuantityKind::percent;
  const bool worse = figure.direction == Direction::worse;
  if (!percent) return worse ? 1 / faster : faster;
  if (worse) return (1 / faster - 1) * 100;
  if (figure.direction == Direction::less) return (1 - 1 / faster) * 100;
  return (faster - 1) * 100;
}

std::optional<Meant> ratio(const Figure& figure, const LedgerClaim& claim, const Measured& m) {
  const bool fits = figure.kind == QuantityKind::ratio || figure.kind == QuantityKind::percent ||
                    figure.kind == QuantityKind::number;
  if (!fits) return std::nullopt;
  const bool inverted = claim.kind == "time-ratio";
  if (inverted && figure.direction == Direction::unsaid && figure.kind != QuantityKind::percent)
    return Meant{*m.value, m.low, m.high, false};
  const auto faster = [&](double v) { return inverted ? 1 / v : v; };
  Meant out;
  out.value = told(faster(*m.value), figure);
  if (m.low && m.high) {
    const double a = told(faster(*m.low), figure), b = told(faster(*m.high), figure);
    out.low = std::min(a, b), out.high = std::max(a, b);
  }
  const bool worse = figure.direction == Direction::worse;
  const bool is_faster = faster(*m.value) > 1;
  out.wrong_direction = figure.direction != Direction::unsaid && is_faster == worse && faster(*m.value) != 1;
  return out;
}

std::optional<Meant> convert(const Figure& figure, const LedgerClaim& claim, const Measured& m) {
  const std::string unit = claim.unit.empty() ? m.unit : claim.unit;
  if (is_ratio_kind(claim)) return ratio(figure, claim, m);
  // The text's unit is the claim's own word, or the sentence carries it.
  const auto factor = conversion(unit, figure.unit);
  if (!factor) return std::nullopt;
  Meant out{*m.value * *factor, m.low, m.high, false};
  if (out.low) *out.low *= *factor;
  if (out.high) *out.high *= *factor;
  return out;
}

std::string number(double value) {
  const double size = std::abs(value);
  return size != 0 && (size < 1e-3 || size >= 1e6) ? fmt::format("{:.4g}", value)
                                                   : fmt::format("{:.6g}", value);
}

Compare mode_of(const Figure& figure, const LedgerClaim& claim) {
  if (claim.compare != Compare::by_text) return claim.compare;
  if (figure.up_to) return Compare::rounds_to;
  switch (figure.comparator) {
    case Comparator::about: return Compare::within;
    case Comparator::at_most: return Compare::at_most;
    case Comparator::at_least: return Compare::at_least;
    default: return Compare::rounds_to;
  }
}

// The bound that could have been printed in the same form, rounded to the safe side.
bool could_be_tighter(double evidence, const PrintedNumber& printed, bool at_least) {
  const double step = 2 * printed.tolerance();
  const double gap = at_least ? evidence - printed.value() : printed.value() - evidence;
  return gap >= step && gap > headroom * std::abs(evidence);
}

Fit bound(double value, const PrintedNumber& p, bool at_least) {
  const double slack = 1e-12 * std::abs(p.value());
  const bool holds = at_least ? value >= p.value() - slack : value <= p.value() + slack;
  if (!holds) return Fit::overclaim;
  return could_be_tighter(value, p, at_least) ? Fit::weaker : Fit::agrees;
}

// A bound is rewritten to the safe side: 2.97 at least is "2.9".
double safe_side(double value, const PrintedNumber& p, Compare mode) {
  const double step = 2 * p.tolerance();
  if (p.scientific || p.power || step <= 0) return value;
  if (mode == Compare::at_least) return std::floor(value / step * (1 + 1e-12)) * step;
  if (mode == Compare::at_most) return std::ceil(value / step * (1 - 1e-12)) * step;
  return value;
}

Fit one(double value, const Meant& meant, const PrintedNumber& p, Compare mode, const LedgerClaim& claim) {
  const double printed = p.value();
  switch (mode) {
    case Compare::at_least: return bound(value, p, true);
    case Compare::at_most: return bound(value, p, false);
    case Compare::within: {
      const double allowed = claim.compare == Compare::within ? claim.within : about;
      return std::abs(value - printed) <= allowed * std::abs(value) ||
                     (claim.compare != Compare::within && rounds_to(value, p))
                 ? Fit::agrees
                 : Fit::disagrees;
    }
    case Compare::interval:
      return meant.low && meant.high && printed >= *meant.low && printed <= *meant.high ? Fit::agrees
                                                                                        : Fit::disagrees;
    case Compare::equals:
      return std::abs(value - printed) <= 1e-12 * std::abs(value) ? Fit::agrees : Fit::disagrees;
    default: return rounds_to(value, p) ? Fit::agrees : Fit::disagrees;
  }
}

void propose(const PrintedNumber& p, const Figure& figure, std::string_view text, double value,
             Comparison& out) {
  const auto old = text.substr(p.begin, p.end - p.begin);
  if (const auto digits = reprint(p, old, value))
    out.digits.push_back({{figure.text.begin + p.begin, figure.text.begin + p.end}, *digits});
}

// A range says where the value lies: both ends must be those of the interval.
Comparison compare_range(const Figure& figure, std::string_view text, const Meant& meant) {
  Comparison out{.fit = Fit::disagrees, .expected = number(meant.value) + " without an interval", .digits = {}};
  if (!meant.low || !meant.high) return out;
  const auto &low = figure.numbers[0], &high = figure.numbers[1];
  out.expected = number(*meant.low) + " to " + number(*meant.high);
  if (rounds_to(*meant.low, low) && rounds_to(*meant.high, high)) out.fit = Fit::agrees;
  propose(low, figure, text, *meant.low, out);
  propose(high, figure, text, *meant.high, out);
  if (out.digits.size() != 2) out.digits.clear();
  return out;
}

}  // namespace

Comparison compare(const Figure& figure, std::string_view text, const Evidence& evidence) {
  Comparison out;
  const LedgerClaim& claim = *evidence.claim;
  if (figure.label || figure.numbers.empty() || !evidence.measured || !evidence.measured->value) return out;
  const auto meant = convert(figure, claim, *evidence.measured);
  if (!meant || !std::isfinite(meant->value)) return out;
  if (figure.numbers.size() == 2) return compare_range(figure, text, *meant);
  const Compare mode = mode_of(figure, claim);
  const auto& p = figure.numbers[0];
  double value = meant->value;
  if (claim.quote.empty() && mode == Compare::at_least) value = meant->low.value_or(value);
  if (claim.quote.empty() && mode == Compare::at_most) value = meant->high.value_or(value);
  out.expected = number(value);
  const double signed_value = figure.negative ? -value : value;
  if (signed_value < 0 && p.value() != 0) {
    out.fit = Fit::disagrees;
    return out;
  }
  out.distance = p.value() > 0 && signed_value > 0 ? std::abs(std::log10(p.value() / signed_value)) : 9;
  out.fit = one(signed_value, *meant, p, mode, claim);
  if (meant->wrong_direction) out.fit = Fit::direction;
  if (out.fit != Fit::agrees && out.fit != Fit::direction)
    propose(p, figure, text, safe_side(signed_value, p, mode), out);
  return out;
}

}  // namespace assay::claims
