// Shifts are placed by the drive frequency; what they miss the winding number sees.
// SPDX-License-Identifier: MIT
#include "workload/gk/mu_search.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <numbers>

#include "workload/gk/mu_krylov.hpp"

namespace assay::workload::gk {
namespace {

constexpr double reliable =
    1e-2;  // Krylov estimate up to which a Ritz value counts as an eigenvalue of the census

bool asked(const StopRequest& stop) {
  return stop && stop();
}

void collect(std::vector<MuMode>& modes, const MuMode& mode) {
  for (MuMode& known : modes) {
    if (known.parity != mode.parity || std::abs(known.lambda - mode.lambda) > 0.02 * std::abs(mode.lambda))
      continue;
    const bool same = std::abs(known.lambda - mode.lambda) <=
                      3.0 * std::max({known.estimate, mode.estimate, 1e-6}) * std::abs(mode.lambda);
    if (!same) continue;
    if (mode.estimate < known.estimate) known = mode;
    return;
  }
  modes.push_back(mode);
}

void search_near(MuSystem& system, Complex shift, int steps, Census& census) {
  system.factor(shift, MuSystem::Keep::everything);
  MuSystem::State start;
  system.field_driven_state(start);
  ShiftInvertArnoldi arnoldi(system, std::move(start));
  for (int k = 0; k < steps; ++k) {
    if (!arnoldi.extend()) break;
  }
  for (const RitzPair& r : arnoldi.ritz()) {
    const MuMode mode{system.parity(), r.lambda, r.estimate};
    if (r.estimate <= reliable) {
      collect(census.modes, mode);
    } else if (r.estimate < 0.3) {
      census.vague.push_back(mode);
    }
  }
}

// Shifts in units of the drive frequency, Krylov vectors at each. The first pass is where drift waves are; the
// others are taken only when the count says that something is missing.
struct Pass {
  std::vector<Complex> shifts;
  int steps = 16;
};

// The boundary of the strip in one parameter: up the line Re lambda = gamma0 for |u| < turning, and outside of
// it along Im lambda = +- strip scale towards large growth. Far out along the imaginary axis itself det S would
// have to be followed past every fast electron oscillation; this way round it does not.
constexpr double strip = 6.0;
const double turning = std::asinh(strip);

Complex contour_point(double u, double gamma0, double scale) {
  if (std::abs(u) <= turning) return {gamma0, scale * std::sinh(u)};
  return {gamma0 + scale * std::sinh(std::abs(u) - turning), std::copysign(scale * strip, u)};
}

// One sample of det S on the contour.
struct Sample {
  double u, phase, log_modulus;
};

double wrapped(double angle) {
  return std::remainder(angle, 2.0 * std::numbers::pi);
}

constexpr double core = 1.5;          // |Im lambda| < 2 scale, where modes live
constexpr double first_step = 0.25;   // in u, inside the core
constexpr double tail_step = 0.6;     // in u, outside
constexpr double largest_step = 1.2;  // radian between neighbours
constexpr double largest_fall =
    2.0;  // in log |det S|: where the modulus runs, the phase may have turned unseen
constexpr double largest_bend = 0.8;
constexpr std::size_t smooth = static_cast<std::size_t>(-1);

// The first interval whose step in log det S is too large, or bends too much against its neighbour's: two roots
// close together make a whole turn that the phases alone would not show, but the modulus dips on both sides of
// them.
std::size_t rough_interval(const std::vector<Sample>& line) {
  const auto step = [&](std::size_t k) {
    return Complex{line[k + 1].log_modulus - line[k].log_modulus, wrapped(line[k + 1].phase - line[k].phase)};
  };
  const auto length = [&](std::size_t k) { return line[k + 1].u - line[k].u; };
  for (std::size_t k = 0; k + 1 < line.size(); ++k) {
    if (std::abs(step(k).imag()) > largest_step || std::abs(step(k).real()) > largest_fall) return k;
    if (k == 0) continue;
    const double bend =
        std::abs(step(k) / length(k) - step(k - 1) / length(k - 1)) * std::max(length(k), length(k - 1));
    if (bend > largest_bend) return length(k) >= length(k - 1) ? k : k - 1;
  }
  return smooth;
}

// Where the count is cheapest: in the widest gap of growth rates between half of the largest and the largest.
double count_line(const std::vector<MuMode>& modes) {
  const double top = modes.front().lambda.real();
  double best = 0.0;
  double line = 0.5 * top;
  for (std::size_t k = 0; k < modes.size() && modes[k].lambda.real() > 0.5 * top; ++k) {
    const double above = modes[k].lambda.real();
    const double below = k + 1 < modes.size() ? std::max(modes[k + 1].lambda.real(), 0.2 * top) : 0.2 * top;
    if (above - below <= best) continue;
    best = above - below;
    line = 0.5 * (above + below);
  }
  return line;
}

}  // namespace

double drive_frequency(const Spec& spec) {
  double drive = 0.0;
  for (const Species& s : spec.species) drive = std::max(drive, std::abs(s.a_Ln) + std::abs(s.a_LT));
  return std::abs(spec.ky) * std::max(drive, 0.5);
}

Spec census_spec(const Spec& spec) {
  Spec coarse = spec;
  coarse.nmu = std::min(spec.nmu, 8);
  coarse.nm = std::min(spec.nm, 12);
  coarse.grid.ntheta = std::min(spec.grid.ntheta, 12);
  return coarse;
}

std::optional<int> count_roots(MuSystem& system, double gamma0, double scale, int budget,
                               const StopRequest& stop) {
  std::vector<double> places;
  const double reach = turning + std::asinh(20.0 * std::max(1.0, system.transit_frequency() / scale));
  for (double u = 0.5 * first_step; u < reach; u += u < core ? first_step : tail_step) places.push_back(u);
  const auto sample_at = [&](double u) {
    system.factor(contour_point(u, gamma0, scale), MuSystem::Keep::fields_only);
    return Sample{u, system.fields().phase(), system.fields().log_modulus()};
  };
  std::vector<Sample> line;
  for (std::size_t k = 0; k < 2 * places.size(); ++k) {
    if (asked(stop)) return std::nullopt;
    line.push_back(sample_at(k < places.size() ? -places[places.size() - 1 - k] : places[k - places.size()]));
  }
  const double infinity = system.phase_at_infinity();
  for (int side : {-1, 1}) {  // far out det S tends to its limit; go on until that is seen
    while (std::abs(wrapped((side < 0 ? line.front() : line.back()).phase - infinity)) > largest_step) {
      if (static_cast<int>(line.size()) >= budget || asked(stop)) return std::nullopt;
      const double u = (side < 0 ? line.front() : line.back()).u + tail_step * side;
      line.insert(side < 0 ? line.begin() : line.end(), sample_at(u));
    }
  }
  for (std::size_t at = rough_interval(line); at != smooth; at = rough_interval(line)) {
    const double u = 0.5 * (line[at].u + line[at + 1].u);
    if (static_cast<int>(line.size()) >= budget || line[at + 1].u - u < 1e-7 || asked(stop))
      return std::nullopt;
    line.insert(line.begin() + static_cast<std::ptrdiff_t>(at) + 1, sample_at(u));
  }
  double turned = wrapped(line.front().phase - infinity);
  for (std::size_t k = 0; k + 1 < line.size(); ++k) turned += wrapped(line[k + 1].phase - line[k].phase);
  turned += wrapped(infinity - line.back().phase);
  return static_cast<int>(
      std::lround(-turned / (2.0 * std::numbers::pi)));  // upwards the half plane lies right
}

Census take_census(const Spec& spec, MuNodes nodes, const StopRequest& stop) {
  Census census;
  const double scale = drive_frequency(spec);
  std::vector<std::unique_ptr<MuSystem>> systems;
  for (Parity parity : parities_of(spec)) systems.push_back(std::make_unique<MuSystem>(spec, nodes, parity));
  bool ions = false;
  bool electrons = false;
  for (const Species& s : spec.species) (s.charge > 0.0 ? ions : electrons) = true;

  std::vector<Pass> passes(3);
  if (ions) passes[0].shifts.push_back({0.15, -0.3});
  if (electrons) passes[0].shifts.push_back({0.15, 0.3});
  for (double f : {0.0, 0.3, -0.3, 0.8, -0.8, 1.6, -1.6}) passes[1].shifts.push_back({0.3, -f});
  for (double growth : {0.1, 0.5, 1.5, 4.0}) {
    for (int k = -4; k <= 4; ++k) passes[2].shifts.push_back({growth, 0.25 * (1.0 + growth) * k});
  }
  passes[1].steps = 24;
  passes[2].steps = 30;

  for (const Pass& pass : passes) {
    for (auto& system : systems) {
      for (Complex shift : pass.shifts) {
        if (asked(stop)) return census;
        search_near(*system, scale * shift, pass.steps, census);
      }
    }
    for (auto* list : {&census.modes, &census.vague}) {
      std::stable_sort(list->begin(), list->end(),
                       [](const MuMode& a, const MuMode& b) { return a.lambda.real() > b.lambda.real(); });
    }
    const double top = census.modes.empty() ? 0.0 : census.modes.front().lambda.real();
    const double gamma0 = top > 0.01 * scale ? count_line(census.modes) : 0.01 * scale;
    census.counted_at = gamma0;
    census.counted = census.found = 0;
    bool counted = true;
    for (auto& system : systems) {
      const auto count = count_roots(*system, gamma0, scale, 400, stop);
      counted = counted && count.has_value();
      census.counted += count.value_or(0);
    }
    for (const MuMode& mode : census.modes) census.found += mode.lambda.real() > gamma0 ? 1 : 0;
    census.complete = counted && census.counted == census.found;
    if (census.complete) break;
  }
  for (auto& system : systems) census.factorisations += system->factorisations();
  return census;
}

}  // namespace assay::workload::gk
