// Census -> refinement of the leading modes on finer levels -> residual, weights, count.
// SPDX-License-Identifier: MIT
#include "workload/gk/mu_direct.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <stdexcept>

#include "workload/gk/mu_krylov.hpp"
#include "workload/gk/operator.hpp"

namespace assay::workload::gk {
namespace {

constexpr double finest = 1e-10;  // Krylov estimate beyond which the solves have no more digits

struct Refined {
  MuMode mode;
  MuSystem::State state;
  std::vector<MuMode> neighbours;
};

class Solver {
 public:
  Solver(const Spec& spec, const MuDirectOptions& options) : spec_(spec), options_(options) {}

  MuDirectResult run();

 private:
  bool stopped(const MuMode& at);
  MuSystem& system(const Spec& spec, Parity parity);
  void drop_systems();
  Refined refine(MuSystem& system, Complex guess, double resolved);
  /// Modes near the seeds, to `resolved` in the Krylov estimate, by falling growth; the leader whole into
  /// `best`.
  std::vector<MuMode> refine_all(const Spec& level, const std::vector<MuMode>& seeds, double resolved,
                                 Refined* best);
  std::vector<MuMode> seeds_from_census();
  void report(MuDirectResult& r, const Refined& best) const;
  void verify(MuDirectResult& r);
  void count_above(MuDirectResult& r);

  Spec spec_;
  const MuDirectOptions& options_;
  std::map<Parity, std::unique_ptr<MuSystem>> systems_;
  std::optional<Census> census_;
  long factorisations_ = 0;
  bool stop_ = false;
};

bool Solver::stopped(const MuMode& at) {
  if (stop_ || !options_.progress) return stop_;
  SolveProgress p;
  p.operator_applications = factorisations_;
  p.lambda = at.lambda;
  p.residual = at.estimate;
  stop_ = !options_.progress(p);
  return stop_;
}

MuSystem& Solver::system(const Spec& level, Parity parity) {
  auto& slot = systems_[parity];
  if (!slot) slot = std::make_unique<MuSystem>(level, options_.nodes, parity);
  return *slot;
}

void Solver::drop_systems() {
  for (auto& [parity, system] : systems_) factorisations_ += system->factorisations();
  systems_.clear();
}

// Krylov space of a shift beside `guess`, one step begun. A shift on the eigenvalue itself loses digits in the
// solves; a percent away costs one more step. With many moments it has to be further to the right before a
// solve holds at all.
std::unique_ptr<ShiftInvertArnoldi> krylov_near(MuSystem& system, Complex guess) {
  std::unique_ptr<ShiftInvertArnoldi> arnoldi;
  for (double margin = 0.01; margin < 10.0; margin *= margin < 0.1 ? 20.0 : 2.0) {
    system.factor(guess + margin * std::abs(guess), MuSystem::Keep::everything);
    MuSystem::State start;
    system.field_driven_state(start);
    arnoldi = std::make_unique<ShiftInvertArnoldi>(system, std::move(start));
    arnoldi->extend();
    if (system.solvable()) break;
  }
  return arnoldi;
}

// Shift-invert around a guess; the mode of largest growth among those that are resolved wins. A second
// factorisation follows only when the first one lay too far away.
Refined Solver::refine(MuSystem& system, Complex guess, double resolved) {
  constexpr int rounds = 4;
  constexpr int most_steps = 28;
  Refined out;
  Complex shift = guess;
  for (int round = 0; round < rounds; ++round) {
    const auto space = krylov_near(system, shift);
    ShiftInvertArnoldi& arnoldi = *space;
    std::size_t best = 0;
    for (int k = 1; k <= most_steps; ++k) {
      const bool more = k == 1 || arnoldi.extend();
      if (more && k < 3) continue;
      const auto& ritz = arnoldi.ritz();
      best = 0;
      for (std::size_t i = 1; i < ritz.size(); ++i) {
        const bool known = ritz[i].estimate < 1e-4 || ritz[i].estimate < ritz[best].estimate;
        if (known && ritz[i].lambda.real() > ritz[best].lambda.real()) best = i;
      }
      // A vague Ritz value with more growth may still become a mode: go on until it has shown what it is.
      bool pending = false;
      for (const RitzPair& r : ritz) {
        pending =
            pending || (r.lambda.real() > ritz[best].lambda.real() && r.estimate < 0.1 && r.estimate > 1e-4);
      }
      if (!more || (ritz[best].estimate <= resolved && !pending)) break;
      if (stopped({system.parity(), ritz[best].lambda, ritz[best].estimate})) break;
    }
    const auto& ritz = arnoldi.ritz();
    out.mode = {system.parity(), ritz[best].lambda, ritz[best].estimate};
    out.state = arnoldi.vector(best);
    out.neighbours.clear();
    for (std::size_t i = 0; i < ritz.size(); ++i) {
      if (i != best && ritz[i].estimate < 1e-3) {
        out.neighbours.push_back({system.parity(), ritz[i].lambda, ritz[i].estimate});
      }
    }
    if (out.mode.estimate <= std::max(resolved, 1e-9) || stop_) break;
    shift = out.mode.lambda;
  }
  return out;
}

std::vector<MuMode> Solver::refine_all(const Spec& level, const std::vector<MuMode>& seeds, double resolved,
                                       Refined* best) {
  std::vector<MuMode> modes;
  const auto known = [&](const MuMode& seed) {
    for (const MuMode& m : modes) {
      if (m.parity == seed.parity && std::abs(m.lambda - seed.lambda) < 1e-3 * std::abs(seed.lambda))
        return true;
    }
    return false;
  };
  bool first = true;
  for (const MuMode& seed : seeds) {
    if (known(seed)) continue;
    Refined r = refine(system(level, seed.parity), seed.lambda, resolved);
    for (const MuMode& mode : r.neighbours) {
      if (!known(mode)) modes.push_back(mode);
    }
    if (!known(r.mode)) modes.push_back(r.mode);
    if (best != nullptr && (first || r.mode.lambda.real() > best->mode.lambda.real())) *best = std::move(r);
    first = false;
    if (stop_) break;
  }
  std::stable_sort(modes.begin(), modes.end(),
                   [](const MuMode& a, const MuMode& b) { return a.lambda.real() > b.lambda.real(); });
  return modes;
}

// Modes close enough to the leader at one level to lead at the next one: within `share` of its growth, at most
// `most`.
std::vector<MuMode> leaders(const std::vector<MuMode>& modes, double share, double scale, std::size_t most) {
  std::vector<MuMode> chosen;
  for (const MuMode& m : modes) {
    const double top = modes.front().lambda.real();
    const double window = std::max(share * std::abs(top), 0.01 * scale);
    if (chosen.size() < most && m.lambda.real() >= top - window) chosen.push_back(m);
  }
  return chosen;
}

std::vector<MuMode> Solver::seeds_from_census() {
  census_ = take_census(census_spec(spec_), options_.nodes, [this] { return stopped({}); });
  factorisations_ += census_->factorisations;
  const auto& modes = census_->modes.empty() ? census_->vague : census_->modes;
  return leaders(modes, 0.5, drive_frequency(spec_), 3);
}

Spec middle_spec(const Spec& spec) {
  Spec level = spec;
  level.nm = std::min(spec.nm, 24);
  level.nmu = std::min(spec.nmu, 16);
  level.grid.ntheta = std::min(spec.grid.ntheta, 16);
  return level;
}

MuDirectResult Solver::run() {
  std::vector<MuMode> seeds;
  if (options_.initial_guess) {
    for (Parity p : parities_of(spec_)) {
      if (!options_.parity || *options_.parity == p) seeds.push_back({p, *options_.initial_guess, 1.0});
    }
  } else {
    seeds = seeds_from_census();
    const Spec middle = middle_spec(spec_);
    const bool finer = spec_.nm >= 2 * middle.nm || 2 * spec_.grid.ntheta >= 3 * middle.grid.ntheta;
    if (finer && !stop_)
      seeds = leaders(refine_all(middle, seeds, 1e-4, nullptr), 0.3, drive_frequency(spec_), 3);
    drop_systems();
  }
  MuDirectResult r;
  r.hyper_exponent = resolved_hyper_p(spec_);
  if (seeds.empty()) {
    r.unconverged_because = stop_ ? "stopped on request" : "the census found no eigenvalue to start from";
    return r;
  }
  Refined best;
  const double resolved = std::max(0.1 * options_.tolerance, finest);
  const auto modes = refine_all(spec_, seeds, resolved, &best);
  for (const MuMode& m : modes) {
    const bool same = m.parity == best.mode.parity &&
                      std::abs(m.lambda - best.mode.lambda) < 1e-3 * std::abs(best.mode.lambda);
    if (!same) r.rivals.push_back(m.lambda);
  }
  report(r, best);
  // The residual of L tends to lie below a Krylov estimate, which is that of its inverse; where it does not,
  // more of the same may help.
  if (!r.converged && !stop_ && resolved > finest) {
    best = refine(system(spec_, best.mode.parity), best.mode.lambda, finest);
    report(r, best);
  }
  verify(r);
  drop_systems();
  r.operator_applications = factorisations_;
  return r;
}

void Solver::report(MuDirectResult& r, const Refined& best) const {
  const MuOperator op(spec_, options_.nodes);
  const MuOperator::State g = systems_.at(best.mode.parity)->expand(best.state);
  r.lambda = best.mode.lambda;
  r.parity = best.mode.parity;
  r.residual = op.residual(r.lambda, g);
  r.converged = r.residual <= options_.tolerance && !stop_;
  r.unconverged_because.clear();
  if (!r.converged)
    r.unconverged_because = stop_ ? "stopped on request" : "the residual is above the tolerance";
  r.unstable = r.lambda.real() > 0.0;
  r.phi = op.fields(g).phi;
  normalise_at_maximum(r.phi);
  r.weights = op.quasilinear_weights(g);
  if (options_.moments > 0) r.state = op.in_moments(g, options_.moments);
  if (options_.free_energy) r.balance = op.free_energy_balance(g);
}

void Solver::verify(MuDirectResult& r) {
  if (!census_) {
    r.verification = "none: continued from an initial guess";
    return;
  }
  for (const MuMode& m : census_->modes) r.unstable_modes += m.lambda.real() > 0.0 ? 1 : 0;
  r.verified = census_->complete && options_.verification != MuVerification::none;
  r.verification = "census at " + std::to_string(census_spec(spec_).nmu) + " mu nodes, " +
                   std::to_string(census_spec(spec_).nm) + " moments: " + std::to_string(census_->counted) +
                   " counted, " + std::to_string(census_->found) +
                   " found above gamma = " + std::to_string(census_->counted_at.value_or(0.0));
  if (options_.verification == MuVerification::full && r.converged) count_above(r);
}

// At the resolution of the answer nothing may grow faster: a count a little above it must give 0.
void Solver::count_above(MuDirectResult& r) {
  const double scale = drive_frequency(spec_);
  const double gamma0 = std::max(1.05 * r.lambda.real(), 0.01 * scale);
  int counted = 0;
  bool followed = true;
  for (Parity p : parities_of(spec_)) {
    const auto count = count_roots(system(spec_, p), gamma0, scale, 400, [this, &r] {
      return stopped({r.parity, r.lambda, r.residual});
    });
    followed = followed && count.has_value();
    counted += count.value_or(0);
  }
  r.verified = followed && counted == 0;
  r.verification += "; at full resolution " + (followed ? std::to_string(counted) : "an unknown number of") +
                    " above gamma = " + std::to_string(gamma0);
}

}  // namespace

MuDirectResult solve_mu_direct(const Spec& spec, const MuDirectOptions& options) {
  if (const auto reason = mu_unsupported(spec)) throw std::invalid_argument(*reason);
  return Solver(spec, options).run();
}

}  // namespace assay::workload::gk
