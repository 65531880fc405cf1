#include "gate/compare.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <iterator>
#include <limits>
#include <type_traits>

#include "core/number.hpp"
#include "gate/block.hpp"
#include "gate/ulp.hpp"

namespace assay::gate {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

template <class T>
bool same_bits(T a, T b) {
  return std::memcmp(&a, &b, sizeof a) == 0;
}

template <class T>
std::string as_text(T value) {
  if constexpr (std::is_integral_v<T>) {
    return std::to_string(value);
  } else {
    return number_text(static_cast<double>(value));
  }
}

}  // namespace

double NormSum::factor_for(double largest) {
  if (largest == 0.0 || (largest > 1e-100 && largest < 1e100)) return 1.0;
  return std::ldexp(1.0, std::clamp(-std::ilogb(largest), -1000, 1000));
}

void NormSum::add(double squared, double factor) {
  if (!(squared > 0.0)) return;
  if (squared_ == 0.0) {
    factor_ = factor;
  } else if (factor > factor_) {  // the piece holds smaller values: bring it to the scale of the whole
    squared *= (factor_ / factor) * (factor_ / factor);
  } else if (factor < factor_) {
    squared_ *= (factor / factor_) * (factor / factor_);
    factor_ = factor;
  }
  squared_ += squared;
}

double NormSum::norm() const {
  return std::sqrt(squared_) / factor_;
}

Comparison::Comparison(std::string name, Requirement required) : name_(std::move(name)), required_(required) {}

void Comparison::add(std::span<const double> a, std::span<const double> b) {
  for (std::size_t i = 0; i < a.size(); i += block_size) {
    const std::size_t n = std::min(block_size, a.size() - i);
    add_block(a.subspan(i, n), b.subspan(i, n));
  }
}

void Comparison::add_block(std::span<const double> a, std::span<const double> b) {
  if (required_.level == Level::ensemble) {
    for (std::size_t i = 0; i < a.size(); ++i) keep(a[i], b[i]);
  }
  const Extent ea = extent(a);
  const bool equal = std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
  const Extent eb = equal ? ea : extent(b);
  if (ea.has_nan || eb.has_nan || !std::isfinite(ea.largest) || !std::isfinite(eb.largest)) {
    for (std::size_t i = 0; i < a.size(); ++i) add_element(a[i], b[i], tally_.compared);
    return;
  }
  tally_.largest_a = std::max(tally_.largest_a, ea.largest);
  tally_.largest_b = std::max(tally_.largest_b, eb.largest);
  const double factor = NormSum::factor_for(std::max(ea.largest, eb.largest));
  const double squared_a = sum_of_squares(a, factor);
  norm_a_.add(squared_a, factor);
  norm_b_.add(equal ? squared_a : sum_of_squares(b, factor), factor);
  if (!equal) {
    const Ladder& ladder = required_.ladder;
    const PairStats s = compare_finite(a, b, ladder.ulps, ladder.rtol, ladder.atol, factor);
    tally_.bits_differ += s.bits_differ;
    tally_.values_differ += s.values_differ;
    tally_.beyond_ulps += s.beyond_ulps;
    tally_.beyond_tol += s.beyond_tol;
    tally_.max_ulps = std::max(tally_.max_ulps, s.max_ulps);
    tally_.max_abs = std::max(tally_.max_abs, s.max_abs);
    tally_.max_rel = std::max(tally_.max_rel, s.max_rel);
    norm_difference_.add(s.difference_squared, factor);
    const bool some_break = breaks_level(s.bits_differ > 0, s.values_differ > 0, s.max_ulps, 0.0, 0.0) ||
                            (required_.level == Level::tol && s.beyond_tol > 0);
    const bool worth_a_look = (!first_ && s.bits_differ > 0) || (!failing_ && some_break);
    for (std::size_t i = 0; worth_a_look && i < a.size() && !(first_ && failing_); ++i) {
      if (same_bits(a[i], b[i])) continue;
      const double larger = std::max(std::fabs(a[i]), std::fabs(b[i]));
      const std::uint64_t ulps = ulp_distance(a[i], b[i]);
      const bool breaks = breaks_level(true, a[i] != b[i], ulps, std::fabs(a[i] - b[i]), larger);
      if (first_ && !breaks) continue;
      note({tally_.compared + i, {}, number_text(a[i]), number_text(b[i]), hex(a[i]), hex(b[i]), ulps}, breaks);
    }
  }
  tally_.compared += a.size();
}

void Comparison::add(std::span<const float> a, std::span<const float> b) {
  narrow_ = true;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (required_.level == Level::ensemble) keep(a[i], b[i]);
    add_element(a[i], b[i], tally_.compared);
  }
}

template <class T>
void Comparison::add_element(T a, T b, std::uint64_t index) {
  const double x = a;
  const double y = b;
  ++tally_.compared;
  tally_.nan_a += std::isnan(x);
  tally_.nan_b += std::isnan(y);
  tally_.infinite_a += std::isinf(x);
  tally_.infinite_b += std::isinf(y);
  if (std::isnan(x) || std::isnan(y)) first_nan_ = std::min(first_nan_, index);
  const bool finite = std::isfinite(x) && std::isfinite(y);
  const double factor = finite ? NormSum::factor_for(std::max(std::fabs(x), std::fabs(y))) : 1.0;
  if (finite) {
    tally_.largest_a = std::max(tally_.largest_a, std::fabs(x));
    tally_.largest_b = std::max(tally_.largest_b, std::fabs(y));
    norm_a_.add((x * factor) * (x * factor), factor);
    norm_b_.add((y * factor) * (y * factor), factor);
  }
  if (same_bits(a, b)) return;
  ++tally_.bits_differ;
  Difference d{index, {}, number_text(x), number_text(y), hex(x), hex(y), {}};
  const bool both_nan = std::isnan(x) && std::isnan(y);
  if (!finite) {
    tally_.unmatched += !both_nan;
    tally_.values_differ += !both_nan;
    note(std::move(d), !both_nan || required_.level <= Level::bit);
    return;
  }
  const double larger = std::max(std::fabs(x), std::fabs(y));
  const double difference = std::fabs(x - y);
  const std::uint64_t ulps = ulp_distance(a, b);
  d.ulps = ulps;
  tally_.values_differ += x != y;
  tally_.beyond_ulps += ulps > required_.ladder.ulps;
  tally_.beyond_tol += !(difference <= required_.ladder.atol + required_.ladder.rtol * larger);
  tally_.max_ulps = std::max(tally_.max_ulps, ulps);
  tally_.max_abs = std::max(tally_.max_abs, difference);
  if (larger > 0.0) tally_.max_rel = std::max(tally_.max_rel, difference / larger);
  norm_difference_.add((difference * factor) * (difference * factor), factor);
  note(std::move(d), breaks_level(true, x != y, ulps, difference, larger));
}

template <class T>
void Comparison::add_integers(std::span<const T> a, std::span<const T> b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::uint64_t index = tally_.compared++;
    const double x = static_cast<double>(a[i]);
    const double y = static_cast<double>(b[i]);
    if (required_.level == Level::ensemble) keep(x, y);
    tally_.largest_a = std::max(tally_.largest_a, std::fabs(x));
    tally_.largest_b = std::max(tally_.largest_b, std::fabs(y));
    norm_a_.add(x * x, 1.0);
    norm_b_.add(y * y, 1.0);
    if (a[i] == b[i]) continue;
    const auto u = static_cast<std::uint64_t>(a[i]);
    const auto v = static_cast<std::uint64_t>(b[i]);
    const std::uint64_t exact = a[i] > b[i] ? u - v : v - u;
    const double difference = static_cast<double>(exact);
    const double larger = std::max(std::fabs(x), std::fabs(y));
    ++tally_.bits_differ;
    ++tally_.values_differ;
    ++tally_.beyond_ulps;
    tally_.max_ulps = std::max(tally_.max_ulps, exact);
    tally_.beyond_tol += !(difference <= required_.ladder.atol + required_.ladder.rtol * larger);
    tally_.max_abs = std::max(tally_.max_abs, difference);
    if (larger > 0.0) tally_.max_rel = std::max(tally_.max_rel, difference / larger);
    norm_difference_.add(difference * difference, 1.0);
    note({index, {}, as_text(a[i]), as_text(b[i]), {}, {}, {}},
         breaks_level(true, true, std::numeric_limits<std::uint64_t>::max(), difference, larger));
  }
}

void Comparison::add(std::span<const std::int64_t> a, std::span<const std::int64_t> b) {
  add_integers(a, b);
}
void Comparison::add(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b) {
  add_integers(a, b);
}

void Comparison::add_text(std::string_view a, std::string_view b) {
  if (a == b) {
    ++tally_.compared;
  } else {
    add_unmatched(a, b);
  }
}

void Comparison::add_unmatched(std::string_view a, std::string_view b) {
  const std::uint64_t index = tally_.compared++;
  ++tally_.bits_differ;
  ++tally_.values_differ;
  ++tally_.unmatched;
  if (first_ && failing_) return;
  constexpr std::size_t shown = 200;
  note({index, {}, std::string(a.substr(0, shown)), std::string(b.substr(0, shown)), {}, {}, {}}, true);
}

void Comparison::add_absent(Side side, std::uint64_t count) {
  (side == Side::a ? tally_.absent_a : tally_.absent_b) += count;
}

void Comparison::add_empty() {
  ++tally_.compared;
  ++empty_;
}

void Comparison::add_mismatch(std::string reason) {
  mismatches_.push_back(std::move(reason));
}

void Comparison::append(Comparison&& later) {
  const std::uint64_t before = tally_.compared;
  const Tally& t = later.tally_;
  for (auto* d : {&later.first_, &later.failing_}) {
    if (*d) (*d)->index += before;
  }
  if (!first_) first_ = std::move(later.first_);
  if (!failing_) failing_ = std::move(later.failing_);
  if (later.first_nan_ != UINT64_MAX) first_nan_ = std::min(first_nan_, before + later.first_nan_);
  for (const auto member : {&Tally::compared, &Tally::bits_differ, &Tally::values_differ, &Tally::beyond_ulps,
                            &Tally::beyond_tol, &Tally::unmatched, &Tally::nan_a, &Tally::nan_b,
                            &Tally::infinite_a, &Tally::infinite_b, &Tally::absent_a, &Tally::absent_b}) {
    tally_.*member += t.*member;
  }
  tally_.max_ulps = std::max(tally_.max_ulps, t.max_ulps);
  for (const auto member : {&Tally::max_abs, &Tally::max_rel, &Tally::largest_a, &Tally::largest_b}) {
    tally_.*member = std::max(tally_.*member, t.*member);
  }
  norm_a_.add(later.norm_a_);
  norm_b_.add(later.norm_b_);
  norm_difference_.add(later.norm_difference_);
  sample_a_.insert(sample_a_.end(), later.sample_a_.begin(), later.sample_a_.end());
  sample_b_.insert(sample_b_.end(), later.sample_b_.begin(), later.sample_b_.end());
  empty_ += later.empty_;
  narrow_ = narrow_ || later.narrow_;
  std::move(later.mismatches_.begin(), later.mismatches_.end(), std::back_inserter(mismatches_));
}

bool Comparison::breaks_level(bool bits, bool values, std::uint64_t ulps, double abs, double larger) const {
  switch (required_.level) {
    case Level::byte:
    case Level::bit: return bits;
    case Level::value: return values;
    case Level::ulp: return ulps > required_.ladder.ulps;
    case Level::tol: return !(abs <= required_.ladder.atol + required_.ladder.rtol * larger);
    default: return false;  // scaled and norm are judged over the whole observable
  }
}

void Comparison::keep(double a, double b) {
  if (std::isfinite(a)) sample_a_.push_back(a);
  if (std::isfinite(b)) sample_b_.push_back(b);
}

void Comparison::note(Difference difference, bool breaks) {
  if (breaks && !failing_) failing_ = difference;
  if (!first_) first_ = std::move(difference);
}

Difference* Comparison::unplaced() {
  if (first_ && first_->where.empty()) return &*first_;
  if (failing_ && failing_->where.empty()) return &*failing_;
  return nullptr;
}

double Comparison::scaled_unit() const {
  const double scale = std::max(tally_.largest_a, tally_.largest_b);
  return narrow_ ? ulp_of(static_cast<float>(scale)) : ulp_of(scale);
}

bool Comparison::same_size_and_kind() const {
  return tally_.unmatched == 0 && tally_.absent_a == 0 && tally_.absent_b == 0 && mismatches_.empty();
}

bool Comparison::holds(Level level) const {
  if (!same_size_and_kind()) return false;
  const Ladder& l = required_.ladder;
  switch (level) {
    case Level::byte:
    case Level::bit: return tally_.bits_differ == 0;
    case Level::value: return tally_.values_differ == 0;
    case Level::ulp: return tally_.beyond_ulps == 0;
    case Level::scaled_ulp: return tally_.max_abs <= static_cast<double>(l.scaled_ulps) * scaled_unit();
    case Level::tol: return tally_.beyond_tol == 0;
    case Level::norm: {
      const double n = static_cast<double>(tally_.compared);
      const double tol = l.norm > 0.0 ? l.norm : 10.0 * std::numeric_limits<double>::epsilon() * std::sqrt(n);
      return norm_difference_.norm() <= tol * std::max(norm_a_.norm(), norm_b_.norm());
    }
    case Level::ensemble: return false;  // by its test alone: see report()
    case Level::none: return true;
  }
  return false;
}

ObservableReport Comparison::report() const {
  ObservableReport r{.name = name_, .required = required_, .tally = tally_};
  r.norm_a = tally_.infinite_a > 0 ? infinity : norm_a_.norm();
  r.norm_b = tally_.infinite_b > 0 ? infinity : norm_b_.norm();
  r.norm_difference = norm_difference_.norm();
  r.first = first_;
  r.failing = failing_;
  // Words have no distribution: they are equal or not.
  if (required_.level == Level::ensemble && !sample_a_.empty())
    r.samples = test_samples(sample_a_, sample_b_, required_.ladder.alpha);
  for (int rung = static_cast<int>(Level::bit); rung <= static_cast<int>(Level::none); ++rung) {
    r.level = static_cast<Level>(rung);
    if (holds(r.level)) break;
    if (r.level == Level::ensemble && r.samples && r.samples->agree() && same_size_and_kind()) break;
  }
  if (tally_.compared == 0) r.level = Level::none;
  explain(r);
  const bool empty =
      tally_.compared == 0 && tally_.absent_a == 0 && tally_.absent_b == 0 && mismatches_.empty();
  const bool undecided = r.reasons.empty() && r.samples && r.samples->too_few && r.level > Level::ensemble;
  if (undecided) {
    r.reasons.push_back("required " + rung(required_.level) + " (" + to_text(required_) + "): " +
                        std::to_string(r.samples->count_a) + " values a side are too few for it ever to fail");
  }
  r.verdict = empty || undecided ? Verdict::blocked : r.reasons.empty() ? Verdict::pass : Verdict::fail;
  return r;
}

void Comparison::explain(ObservableReport& r) const {
  const auto say = [&](std::uint64_t count, const std::string& what) {
    if (count > 0) r.reasons.push_back(std::to_string(count) + " " + what);
  };
  for (const std::string& mismatch : mismatches_) r.reasons.push_back(mismatch);
  if (tally_.compared == 0) r.reasons.emplace_back("nothing was compared");
  say(tally_.absent_a, "missing on side A");
  say(tally_.absent_b, "missing on side B");
  if (required_.non_finite != NonFinite::equal) {
    const std::string place =
        first_nan_ == UINT64_MAX ? "" : " (first at index " + std::to_string(first_nan_) + ")";
    say(tally_.nan_a, "NaN on side A" + place);
    say(tally_.nan_b, "NaN on side B" + place);
    say(empty_, "empty on both sides");
  }
  if (required_.non_finite == NonFinite::forbidden) {
    say(tally_.infinite_a, "infinite on side A");
    say(tally_.infinite_b, "infinite on side B");
  }
  say(tally_.unmatched, "that no rung of the ladder calls equal");
  const bool trivial = tally_.compared > 0 && r.norm_a == 0.0 && r.norm_b == 0.0;
  if (required_.must_be_nontrivial && trivial) r.reasons.emplace_back("every value is zero on both sides");
  if (!r.reasons.empty() || holds(required_.level)) return;
  const bool by_samples = required_.level == Level::ensemble && (r.level <= Level::ensemble || !r.samples);
  if (by_samples || (r.samples && r.samples->too_few)) return;
  const std::string demanded = "required " + rung(required_.level) + " (" + to_text(required_) + "): ";
  switch (required_.level) {
    case Level::value: r.reasons.push_back(demanded + std::to_string(tally_.values_differ) + " differ"); break;
    case Level::ulp:
      r.reasons.push_back(demanded + std::to_string(tally_.beyond_ulps) + " are further apart, at most " +
                          std::to_string(tally_.max_ulps) + " ulps");
      break;
    case Level::scaled_ulp:
      r.reasons.push_back(demanded + "largest difference is " + number_text(tally_.max_abs / scaled_unit()) +
                          " units of the largest magnitude");
      break;
    case Level::tol:
      r.reasons.push_back(demanded + std::to_string(tally_.beyond_tol) + " differ by more, at most " +
                          number_text(tally_.max_abs) + " absolute and " + number_text(tally_.max_rel) +
                          " relative");
      break;
    case Level::norm:
      r.reasons.push_back(demanded + "norm of the difference is " + number_text(r.norm_difference) + " of " +
                          number_text(std::max(r.norm_a, r.norm_b)));
      break;
    case Level::ensemble:
      r.reasons.push_back(demanded + "two samples of one distribution are so far apart with probability " +
                          number_text(r.samples ? r.samples->place_p : 0.0) + " in their places, " +
                          number_text(r.samples ? r.samples->spread_p : 0.0) + " in their spread");
      break;
    default:
      r.reasons.push_back(demanded + std::to_string(tally_.bits_differ) + " differ in their bits");
      break;
  }
}

ObservableReport compare(std::string name, std::span<const double> a, std::span<const double> b,
                         const Requirement& required) {
  Comparison c(std::move(name), required);
  const std::size_t n = std::min(a.size(), b.size());
  c.add(a.first(n), b.first(n));
  if (a.size() > n) c.add_absent(Side::b, a.size() - n);
  if (b.size() > n) c.add_absent(Side::a, b.size() - n);
  return c.report();
}

}  // namespace assay::gate
