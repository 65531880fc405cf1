#include "gate/fault.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <stdexcept>

#include "gate/compare.hpp"
#include "gate/ulp.hpp"

namespace assay::gate {
namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// One step of SplitMix64: a place from a seed, the same on every machine.
std::size_t pick(std::uint64_t seed, std::size_t n) {
  std::uint64_t z = seed + 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return static_cast<std::size_t>((z ^ (z >> 31)) % n);
}

std::string at(std::size_t index) {
  return "[" + std::to_string(index) + "]";
}

double largest(const Observable& o) {
  double m = 0.0;
  for (const double v : o.values) m = std::max(m, std::fabs(v));
  return m;
}

double unit_of(const Observable& o, double x) {
  return o.grain == Grain::single ? ulp_of(static_cast<float>(x)) : ulp_of(x);
}

double next_above(const Observable& o, double v) {
  if (o.grain == Grain::whole) return std::floor(v) + 1.0;
  if (o.grain == Grain::single) {
    return std::nextafter(static_cast<float>(v), std::numeric_limits<float>::infinity());
  }
  return std::nextafter(v, infinity);
}

/// A value just out of reach of the demanded level, measured from `v`.
double out_of_reach(const Observable& o, double v) {
  const Ladder& l = o.required.ladder;
  const double n = static_cast<double>(o.values.size());
  double step = 0.0;
  switch (o.required.level) {
    case Level::ulp:
      for (std::uint64_t k = 0; k < l.ulps && k < 1'000'000; ++k) v = next_above(o, v);
      break;
    case Level::scaled_ulp: step = 2.0 * static_cast<double>(l.scaled_ulps + 1) * unit_of(o, largest(o)); break;
    case Level::tol: step = 2.0 * (l.atol + l.rtol * (std::fabs(v) + l.atol)); break;
    case Level::norm: {
      const double tol = l.norm > 0.0 ? l.norm : 10.0 * std::numeric_limits<double>::epsilon() * std::sqrt(n);
      step = 2.0 * tol * largest(o) * std::sqrt(n);
      break;
    }
    default: break;
  }
  return next_above(o, v + step);
}

/// Whether the level tells the two values apart when they stand in each other's place.
bool told_apart(const Observable& o, double a, double b) {
  std::vector<double> x = o.values;
  const auto place = std::find(x.begin(), x.end(), a);
  if (place == x.end() || a == b) return false;
  std::vector<double> y = x;
  y[static_cast<std::size_t>(place - x.begin())] = b;
  return compare(o.name, x, y, o.required).verdict == Verdict::fail;
}

/// An index whose neighbour before it holds another value, searched from a seeded start.
std::optional<std::size_t> distinct_from_previous(const Observable& o, std::uint64_t seed) {
  const std::size_t n = o.values.size();
  if (n < 2) return std::nullopt;
  const std::size_t start = pick(seed, n);
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t i = (start + k) % n;
    if (i > 0 && told_apart(o, o.values[i], o.values[i - 1])) return i;
  }
  return std::nullopt;
}

using Change = std::function<std::optional<std::string>(Observable&, std::uint64_t)>;

/// A fault in one observable: the front one of the set that prove() hands over.
Fault in_observable(std::string name, Change change, Concerns concerns = Concerns::anything) {
  return {std::move(name), concerns, [change = std::move(change)](Observables& set, std::uint64_t seed) {
            return set.empty() ? std::nullopt : change(set.front(), seed);
          }};
}

std::pair<double, double> smallest_and_largest(const Observable& o) {
  const auto [low, high] = std::minmax_element(o.values.begin(), o.values.end());
  return {*low, *high};
}

enum class Sample { moved, widened };

/// All values changed by the smallest amount that I7 sees, to three digits: moved by a part of their range, or
/// taken away from its middle by a part of their distance. Nothing where no amount is seen.
std::optional<std::string> change_sample(Observable& o, Sample how) {
  if (o.values.empty()) return std::nullopt;
  const auto [low, high] = smallest_and_largest(o);
  if (!(high > low) || !std::isfinite(high - low)) return std::nullopt;
  const double range = high - low, centre = low + range / 2;
  const std::vector<double> before = o.values;
  const auto seen = [&](double amount) {
    for (std::size_t i = 0; i < before.size(); ++i)
      o.values[i] = before[i] + amount * (how == Sample::moved ? range : before[i] - centre);
    return compare(o.name, before, o.values, o.required).verdict == Verdict::fail;
  };
  double enough = 1.0, little = 0.0;
  while (!seen(enough)) {
    little = enough;
    enough *= 2.0;
    if (enough > 1e6) return std::nullopt;
  }
  while (enough - little > 1e-3 * enough) {
    const double middle = little + (enough - little) / 2;
    (seen(middle) ? enough : little) = middle;
  }
  seen(enough);
  std::array<char, 32> amount{};
  std::snprintf(amount.data(), amount.size(), "%.3g", enough);
  return std::string("everywhere, by ") + amount.data() +
         (how == Sample::moved ? " of their range" : " of their distance from the middle");
}

Fault overwrite_one(std::string name, double value) {
  return in_observable(std::move(name),
                       [value](Observable& o, std::uint64_t seed) -> std::optional<std::string> {
                         if (o.values.empty()) return std::nullopt;
                         const std::size_t i = pick(seed, o.values.size());
                         o.values[i] = value;
                         return at(i);
                       });
}

Fault overwrite_all(std::string name, double value) {
  return in_observable(std::move(name), [value](Observable& o, std::uint64_t) -> std::optional<std::string> {
    if (o.values.empty() || largest(o) == 0.0) return std::nullopt;
    std::fill(o.values.begin(), o.values.end(), value);
    return "everywhere";
  });
}

}  // namespace

namespace fault {

Fault swapped() {
  return in_observable(
      "swapped",
      [](Observable& o, std::uint64_t seed) -> std::optional<std::string> {
        const auto i = distinct_from_previous(o, seed);
        if (!i) return std::nullopt;
        std::swap(o.values[*i], o.values[*i - 1]);
        return at(*i - 1) + " and " + at(*i);
      },
      Concerns::elements);
}

Fault dropped() {
  return in_observable("dropped", [](Observable& o, std::uint64_t seed) -> std::optional<std::string> {
    const std::size_t n = std::max(o.values.size(), o.words.size());
    if (n == 0) return std::nullopt;
    const std::size_t i = pick(seed, n);
    if (o.words.empty()) {
      o.values.erase(o.values.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      o.words.erase(o.words.begin() + static_cast<std::ptrdiff_t>(i));
    }
    return at(i);
  });
}

Fault duplicated() {
  return in_observable(
      "duplicated",
      [](Observable& o, std::uint64_t seed) -> std::optional<std::string> {
        const auto i = distinct_from_previous(o, seed);
        if (!i) return std::nullopt;
        o.values[*i - 1] = o.values[*i];
        return at(*i) + " also in " + at(*i - 1);
      },
      Concerns::elements);
}

Fault off_by_one() {
  return in_observable(
      "off-by-one",
      [](Observable& o, std::uint64_t seed) -> std::optional<std::string> {
        if (!distinct_from_previous(o, seed)) return std::nullopt;
        std::rotate(o.values.begin(), o.values.end() - 1, o.values.end());
        return "everywhere";
      },
      Concerns::elements);
}

Fault stale() {
  return in_observable(
      "stale",
      [](Observable& o, std::uint64_t seed) -> std::optional<std::string> {
        const auto i = distinct_from_previous(o, seed + 1);
        if (!i) return std::nullopt;
        o.values[*i] = o.values[*i - 1];
        return at(*i);
      },
      Concerns::elements);
}

Fault truncated() {
  return in_observable("truncated", [](Observable& o, std::uint64_t) -> std::optional<std::string> {
    if (o.values.empty() && o.words.empty()) return std::nullopt;
    o.values.resize(o.values.size() / 2);
    o.words.resize(o.words.size() / 2);
    return "from " + at(std::max(o.values.size(), o.words.size()));
  });
}

Fault appended() {
  return in_observable("appended", [](Observable& o, std::uint64_t) -> std::optional<std::string> {
    if (o.values.empty()) return std::nullopt;
    o.values.push_back(o.values.back());
    return at(o.values.size() - 1);
  });
}

Fault empty() {
  return in_observable("empty", [](Observable& o, std::uint64_t) -> std::optional<std::string> {
    if (o.values.empty() && o.words.empty()) return std::nullopt;
    o.values.clear();
    o.words.clear();
    return "everywhere";
  });
}

Fault absent() {
  return {"absent", Concerns::anything, [](Observables& set, std::uint64_t) -> std::optional<std::string> {
            if (set.empty()) return std::nullopt;
            set.erase(set.begin());
            return "everywhere";
          }};
}

Fault not_a_number() {
  return overwrite_one("nan", nan_value);
}
Fault infinite() {
  return overwrite_one("infinite", infinity);
}
Fault unwritten_nan() {
  return overwrite_all("never-written-nan", nan_value);
}
Fault unwritten_zero() {
  return overwrite_all("never-written-zero", 0.0);
}

Fault negated() {
  return in_observable(
      "negated",
      [](Observable& o, std::uint64_t) -> std::optional<std::string> {
        const auto biggest = std::max_element(o.values.begin(), o.values.end(),
                                              [](double a, double b) { return std::fabs(a) < std::fabs(b); });
        if (biggest == o.values.end() || *biggest == 0.0) return std::nullopt;
        *biggest = -*biggest;
        return at(static_cast<std::size_t>(biggest - o.values.begin()));
      },
      Concerns::elements);
}

Fault beyond_level() {
  return in_observable(
      "beyond-level",
      [](Observable& o, std::uint64_t seed) -> std::optional<std::string> {
        if (o.values.empty()) return std::nullopt;
        const std::size_t i = pick(seed, o.values.size());
        o.values[i] = out_of_reach(o, o.values[i]);
        return at(i);
      },
      Concerns::elements);
}

Fault wrong_word() {
  return in_observable(
      "wrong-word",
      [](Observable& o, std::uint64_t seed) -> std::optional<std::string> {
        if (o.words.empty()) return std::nullopt;
        const std::size_t i = pick(seed, o.words.size());
        o.words[i] += " (another)";
        return at(i);
      },
      Concerns::words);
}

Fault moved() {
  return in_observable(
      "moved", [](Observable& o, std::uint64_t) { return change_sample(o, Sample::moved); }, Concerns::samples);
}
Fault widened() {
  return in_observable(
      "widened", [](Observable& o, std::uint64_t) { return change_sample(o, Sample::widened); },
      Concerns::samples);
}

Fault narrowed() {
  return in_observable(
      "narrowed",
      [](Observable& o, std::uint64_t seed) -> std::optional<std::string> {
        if (o.values.empty() || smallest_and_largest(o).first == smallest_and_largest(o).second)
          return std::nullopt;
        std::fill(o.values.begin(), o.values.end(), o.values[pick(seed, o.values.size())]);
        return "everywhere";
      },
      Concerns::samples);
}

}  // namespace fault

bool concerns(const Fault& fault, const Observable& observable) {
  const bool words = !observable.words.empty();
  const bool samples = observable.required.level == Level::ensemble;
  switch (fault.concerns) {
    case Concerns::anything: return true;
    case Concerns::elements: return !words && !samples;
    case Concerns::samples: return !words && samples;
    case Concerns::words: return words;
  }
  return true;
}

std::vector<Fault> standard_faults(const Observables& set) {
  using namespace fault;
  std::vector<Fault> faults{dropped(),      truncated(), appended(),      empty(),         absent(),
                            not_a_number(), infinite(),  unwritten_nan(), unwritten_zero()};
  const auto some = [&set](auto is) { return std::any_of(set.begin(), set.end(), is); };
  const auto sample = [](const Observable& o) {
    return o.required.level == Level::ensemble && o.words.empty();
  };
  if (!some(sample) || some([&](const Observable& o) { return !sample(o); })) {
    for (Fault f : {negated(), beyond_level()}) faults.push_back(std::move(f));
  }
  if (some([&](const Observable& o) { return o.values.size() > 1 && !sample(o); })) {
    for (Fault f : {swapped(), duplicated(), off_by_one(), stale()}) faults.push_back(std::move(f));
  }
  if (some(sample)) {
    for (Fault f : {moved(), widened(), narrowed()}) faults.push_back(std::move(f));
  }
  if (std::any_of(set.begin(), set.end(), [](const auto& o) { return !o.words.empty(); })) {
    faults.push_back(wrong_word());
  }
  return faults;
}

namespace {

ObservableReport compare_words(const Observable& a, const Observable& b) {
  Requirement equal = a.required;
  equal.must_be_nontrivial = false;  // a word is not zero
  Comparison c(a.name, equal);
  const std::size_t n = std::min(a.words.size(), b.words.size());
  for (std::size_t i = 0; i < n; ++i) c.add_text(a.words[i], b.words[i]);
  if (a.words.size() > n) c.add_absent(Side::b, a.words.size() - n);
  if (b.words.size() > n) c.add_absent(Side::a, b.words.size() - n);
  return c.report();
}

ObservableReport compare_pair(const Observable& a, const Observable& b) {
  const bool words = !a.words.empty() || !b.words.empty();
  ObservableReport report = words ? compare_words(a, b) : compare(a.name, a.values, b.values, a.required);
  if (a.place) {
    for (auto* d : {&report.first, &report.failing}) {
      if (*d) (*d)->where = a.place((*d)->index);
    }
  }
  return report;
}

}  // namespace

GateReport compare_sets(std::string gate, const Observables& floor, const Observables& candidate) {
  GateReport report{.gate = std::move(gate)};
  const auto find = [](const Observables& set, const std::string& name) {
    return std::find_if(set.begin(), set.end(), [&](const Observable& o) { return o.name == name; });
  };
  for (const Observable& o : floor) {
    const auto other = find(candidate, o.name);
    if (other != candidate.end()) {
      report.observables.push_back(compare_pair(o, *other));
      continue;
    }
    Comparison c(o.name, o.required);
    c.add_mismatch("observable missing on side B");
    report.observables.push_back(c.report());
  }
  for (const Observable& o : candidate) {
    if (find(floor, o.name) != floor.end()) continue;
    Comparison c(o.name, o.required);
    c.add_mismatch("observable missing on side A");
    report.observables.push_back(c.report());
  }
  conclude(report);
  return report;
}

bool is_fit(Verdict control, std::span<const Kill> kills) {
  const auto planted_somewhere = [&](const std::string& fault) {
    return std::any_of(kills.begin(), kills.end(),
                       [&](const Kill& k) { return k.fault == fault && !k.place.empty(); });
  };
  return control == Verdict::pass && !kills.empty() &&
         std::all_of(kills.begin(), kills.end(),
                     [&](const Kill& k) { return k.place.empty() ? planted_somewhere(k.fault) : k.caught; });
}

Proof prove(const Observables& floor, std::span<const Fault> faults, const Judge& judge, std::uint64_t seed) {
  if (faults.empty()) throw std::logic_error("a gate that declares no fault cannot be proven");
  Proof proof{.control = judge(floor, floor).verdict, .seed = seed};
  for (const Fault& fault : faults) {
    for (std::size_t k = 0; k < floor.size(); ++k) {
      if (!concerns(fault, floor[k])) continue;
      Kill kill{.fault = fault.name, .observable = floor[k].name};
      Observables faulty = floor;
      std::rotate(faulty.begin(), faulty.begin() + static_cast<std::ptrdiff_t>(k), faulty.end());
      const auto place = fault.plant(faulty, seed + k);
      if (!place && !floor[k].words.empty() && fault.concerns != Concerns::words)
        continue;  // a fault of numbers in words
      if (place) {
        kill.place = *place;
        const GateReport report = judge(floor, faulty);
        kill.verdict = report.verdict;
        kill.caught = report.verdict == Verdict::fail;
        for (const ObservableReport& o : report.observables) {
          if (o.verdict == Verdict::fail && !o.reasons.empty()) kill.reason = o.name + ": " + o.reasons.front();
        }
      } else {
        kill.reason = "could not be planted: the values give it no hold (all alike, zero, or too few)";
      }
      proof.kills.push_back(std::move(kill));
    }
  }
  proof.fit = is_fit(proof.control, proof.kills);
  return proof;
}

Exit exit_of(const Proof& proof) {
  return proof.fit ? Exit::ok : Exit::gate_unfit;
}

}  // namespace assay::gate
