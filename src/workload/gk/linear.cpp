#include "workload/gk/linear.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>

#include "workload/gk/initial_value.hpp"
#include "workload/gk/krylov.hpp"
#include "workload/gk/moment_direct.hpp"
#include "workload/gk/mu_direct.hpp"
#include "workload/gk/mu_operator.hpp"

namespace assay::workload::gk {
namespace {

/// The route that `auto` takes: direct where it applies.
std::string resolved_route(const ParameterSet& inputs, const Spec& spec) {
  const std::string& asked = inputs.text("solver.route");
  if (asked != "auto") return asked;
  return mu_unsupported(spec) ? "krylov" : "direct";
}

MuVerification verification_of(const std::string& name) {
  if (name == "none") return MuVerification::none;
  return name == "full" ? MuVerification::full : MuVerification::census;
}

/// The callback of a long solve: it goes on until the run is asked to stop.
ProgressCallback until(const std::stop_token& stop) {
  return [stop](const SolveProgress&) { return !stop.stop_requested(); };
}

/// The faster growing of the even and the odd mode; without the symmetry (kx not 0), the whole problem.
Eigenpair solve_moments(const Spec& spec, double tolerance, const ProgressCallback& progress) {
  const auto solve = [&](PhiParity parity) {
    return solve_moment_direct(spec, {.parity = parity, .residual = tolerance, .progress = progress});
  };
  if (spec.kx != 0.0) return solve(PhiParity::full);
  Eigenpair even = solve(PhiParity::even), odd = solve(PhiParity::odd);
  return odd.converged && (!even.converged || odd.gamma() > even.gamma()) ? odd : even;
}

using Observables = std::vector<std::pair<std::string, plan::ObservableValue>>;

void add_direct(const MuDirectResult& r, const Spec& spec, Observables& out) {
  out.emplace_back("parity", std::string(name_of(r.parity)));
  // The census is coarse: a mode that grows only at the resolution asked for counts as well.
  int growing = r.gamma() > 0.0 ? 1 : 0;
  for (const auto& rival : r.rivals) growing += rival.real() > 0.0 ? 1 : 0;
  out.emplace_back("unstable_modes", static_cast<double>(std::max(r.unstable_modes, growing)));
  out.emplace_back("verified", std::string(r.verified ? "yes" : "no"));
  out.emplace_back("kperp2_eff", r.kperp2_effective);
  double heat = 0.0, particles = 0.0;
  for (std::size_t s = 0; s < spec.species.size(); ++s) {
    heat += r.heat_flux_weight[s];
    particles += r.particle_flux_weight[s];
  }
  out.emplace_back("heat_flux_weight", heat);
  out.emplace_back("particle_flux_weight", particles);
}

class Linear final : public Workload {
 public:
  using Workload::Workload;
  [[nodiscard]] std::string_view name() const override { return "gk.linear"; }

  [[nodiscard]] std::vector<Observable> observables() const override {
    const std::string why = "iterative solve; engines agree in every bit, kernel tiers to rounding";
    std::vector<Observable> all{
        {"gamma", "v_ref/a", "relative", "growth rate of the dominant mode; " + why, false},
        {"omega", "v_ref/a", "relative", "its frequency, above 0 in the ion direction; " + why, false},
        {"residual", "1", "statistical",
         "||L x - lambda x|| / ||L x|| of the full linear problem; rounding noise near its floor", false},
    };
    if (resolved_route(parameters(), spec_of(parameters())) == "direct") {
      all.push_back(
          {"kperp2_eff", "1/rho_ref^2", "relative", "kperp^2 weighted by |phi|^2 along the field", false});
      all.push_back({"heat_flux_weight", "1", "relative",
                     "quasilinear heat flux over |phi|^2, all kinetic species", false});
      all.push_back({"particle_flux_weight", "1", "relative", "quasilinear particle flux over |phi|^2", false});
      all.push_back({"unstable_modes", "1", "bitwise",
                     "modes with gamma above 0 that were found; there may be more", false});
      all.push_back({"parity", "", "bitwise", "of phi along the field", false});
      all.push_back({"verified", "", "bitwise", "a count of roots agrees with the modes found", false});
    }
    if (parameters().flag("output.eigenfunction")) {
      all.push_back({"eigenfunction", "1", "relative", "phi(z), 1 at its maximum", true});
    }
    return all;
  }

  [[nodiscard]] std::size_t bytes_per_task(const ParameterSet& in) const override {
    const Spec s = spec_of(in);
    const double n = s.grid.nz();
    const double complex_bytes = 16.0;
    if (resolved_route(in, s) == "direct") {
      // Blocks of the elimination that are kept for the shift-invert solves: one a pair of moments and mu node.
      return static_cast<std::size_t>(complex_bytes * n * n * s.nm / 4.0 * s.nmu *
                                      static_cast<double>(s.species.size()));
    }
    constexpr double kVectors = 28.0;  // Arnoldi basis and work vectors
    return static_cast<std::size_t>(complex_bytes * n * s.nl * s.nm * static_cast<double>(s.species.size()) *
                                    kVectors);
  }

  [[nodiscard]] double work(const ParameterSet& in) const override {
    const Spec s = spec_of(in);
    const double n = s.grid.nz();
    if (resolved_route(in, s) == "direct")
      return n * n * n * s.nm * s.nmu * static_cast<double>(s.species.size());
    return n * s.nl * s.nm * static_cast<double>(s.species.size());
  }

  plan::Outcome evaluate(const plan::Task& task, std::stop_token stop) const override {
    const ParameterSet inputs = resolve(task.point);
    const Spec spec = spec_of(inputs);
    const std::string route = resolved_route(inputs, spec);
    const double tolerance = inputs.real("solver.tolerance");
    const Tier tier = inputs.text("solver.tier") == "floor" ? Tier::floor : Tier::host;
    plan::Outcome outcome;
    Observables extra;
    Eigenpair pair;
    if (route == "direct") {
      if (const auto reason = mu_unsupported(spec))
        throw UserError("route direct does not apply: " + *reason, "choose --set route=krylov, or auto");
      MuDirectResult r =
          solve_mu_direct(spec, {.tolerance = tolerance,
                                 .verification = verification_of(inputs.text("solver.verification")),
                                 .progress = until(stop)});
      add_direct(r, spec, extra);
      pair = std::move(r);
    } else if (route == "moment-direct") {
      pair = solve_moments(spec, tolerance, until(stop));
    } else if (route == "krylov") {
      pair = solve_krylov(spec, {.tier = tier, .residual = tolerance, .progress = until(stop)});
    } else {
      pair = solve_initial_value(spec, {.tier = tier,
                                        .dt = inputs.real("solver.dt"),
                                        .t_end = inputs.real("solver.t_end"),
                                        .residual = tolerance,
                                        .progress = until(stop)});
    }
    if (stop.stop_requested() && !pair.converged)
      return {.status = plan::Status::skipped, .message = "stopped"};
    fill(inputs, pair, std::move(extra), tolerance, outcome);
    outcome.tier = route == "direct" ? "host" : inputs.text("solver.tier");
    return outcome;
  }

 private:
  /// A number without a small residual is not reported as one.
  static void fill(const ParameterSet& inputs, const Eigenpair& pair, Observables extra, double tolerance,
                   plan::Outcome& outcome) {
    const bool good = pair.converged && pair.residual <= tolerance && std::isfinite(pair.gamma()) &&
                      std::isfinite(pair.omega());
    if (!good) {
      outcome.status = plan::Status::unconverged;
      outcome.observables = {{"residual", pair.residual}};
      outcome.message = fmt::format("residual {:.2g} is above {:.2g}{}{}", pair.residual, tolerance,
                                    pair.unconverged_because.empty() ? "" : ": ", pair.unconverged_because);
      return;
    }
    outcome.status = plan::Status::ok;
    outcome.observables = {{"gamma", pair.gamma()}, {"omega", pair.omega()}, {"residual", pair.residual}};
    for (auto& item : extra) outcome.observables.push_back(std::move(item));
    if (inputs.flag("output.eigenfunction")) outcome.observables.emplace_back("eigenfunction", pair.phi);
  }
};

std::unique_ptr<Workload> make(Config& config) {
  auto species = config.subtables("species");
  if (species.empty()) species = {"ion"};
  auto inputs = ParameterSet::read(config, linear_parameters(species));
  spec_of(inputs);
  return std::make_unique<Linear>(std::move(inputs));
}

std::shared_ptr<const ParameterTable> default_parameters() {
  return linear_parameters({"ion"});
}

}  // namespace

Kind linear_kind() {
  return {"gk.linear", "growth rate and frequency of a flux tube, linear gyrokinetics", make,
          default_parameters, "ky = \"0.1:0.6:6\""};
}

}  // namespace assay::workload::gk
