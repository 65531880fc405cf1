#include "workload/gk/linear.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>

#include "workload/gk/device_batch.hpp"
#include "workload/gk/initial_value.hpp"
#include "workload/gk/krylov.hpp"
#include "workload/gk/linear_observables.hpp"
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

/// Whether even and odd modes are problems of their own (kx = 0, an odd number of links, symmetric geometry).
bool splits_by_parity(const Spec& spec) {
  return parities_of(spec).size() > 1;
}

/// The faster growing of the even and the odd mode; without the symmetry, the whole problem.
Eigenpair solve_moments(const Spec& spec, double tolerance, const ProgressCallback& progress) {
  const auto solve = [&](PhiParity parity) {
    return solve_moment_direct(spec, {.parity = parity, .residual = tolerance, .progress = progress});
  };
  if (!splits_by_parity(spec)) return solve(PhiParity::full);
  Eigenpair even = solve(PhiParity::even), odd = solve(PhiParity::odd);
  return odd.converged && (!even.converged || odd.gamma() > even.gamma()) ? odd : even;
}

void require_direct(const Spec& spec, const std::string& otherwise) {
  if (const auto reason = mu_unsupported(spec))
    throw UserError("route direct does not apply: " + *reason, otherwise);
}

Eigenpair krylov_pair(const Spec& spec, const KrylovOptions& options, bool from_direct) {
  if (!from_direct) return solve_krylov(spec, options);
  require_direct(spec, "choose --set solver.start=gaussian");
  MuDirectResult start =
      solve_mu_direct(spec, {.tolerance = 1e-4, .moments = spec.nl, .progress = options.progress});
  if (!start.converged) return std::move(static_cast<Eigenpair&>(start));
  return solve_krylov(make_operator(spec, options.op), start.state, options);
}

ReportRequest request_of(const ParameterSet& inputs, const std::string& route) {
  return {.trace = route == "time-trace",
          .boxed = inputs.integer("box.ny") > 0,
          .direct = route == "direct",
          .eigenfunction = inputs.flag("output.eigenfunction"),
          .free_energy = inputs.flag("output.free_energy")};
}

Stepper stepper_of(const ParameterSet& inputs) {
  return inputs.text("solver.stepper") == "rk2" ? Stepper::rk2 : Stepper::rk4;
}

/// The row of a box nearest to a wavenumber: n/y0, n from 1 to ny/2 (row 0 is the zonal mode, which nothing
/// drives).
double nearest_row(double ky, int ny, double y0) {
  return std::clamp(std::round(ky * y0), 1.0, std::max(1.0, std::floor(0.5 * ny))) / y0;
}

class Linear final : public Workload {
 public:
  explicit Linear(ParameterSet parameters) : Workload(std::move(parameters)) {
    if (const LineLaunches* launches = cuda_launches()) on_device_.emplace(*this, *launches);
  }
  [[nodiscard]] std::string_view name() const override { return "gk.linear"; }

  /// With a box, points between its rows are moved to the nearest one, so that several may be the same.
  [[nodiscard]] ParameterSet resolve(const plan::Point& point) const override {
    ParameterSet inputs = Workload::resolve(point);
    const int ny = inputs.integer("box.ny");
    if (ny > 0) inputs.set("mode.ky", nearest_row(inputs.real("mode.ky"), ny, inputs.real("box.y0")));
    return inputs;
  }
  [[nodiscard]] bool injective() const override { return parameters().integer("box.ny") == 0; }

  [[nodiscard]] std::vector<Observable> observables() const override {
    const Spec spec = spec_of(parameters());
    return declared(spec, request_of(parameters(), resolved_route(parameters(), spec)));
  }

  /// Route direct has a device tier.
  [[nodiscard]] const engine::DeviceBatch* device_batch() const override {
    if (resolved_route(parameters(), spec_of(parameters())) != "direct") return nullptr;
    return on_device_ ? &*on_device_ : nullptr;
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
    if (resolved_route(in, s) == "direct") {
      double rho = 0.0;
      for (const Species& sp : s.species)
        rho = std::max(rho, std::sqrt(sp.temperature * sp.mass) / std::abs(sp.charge));
      // The leading modes come closer together at short wavelengths, and a solve then takes more steps.
      const double steps = 1.0 + std::pow(s.ky * rho, 2.0);
      return n * n * n * s.nm * s.nmu * static_cast<double>(s.species.size()) * steps;
    }
    return n * s.nl * s.nm * static_cast<double>(s.species.size());
  }

  plan::Outcome evaluate(const plan::Task& task, std::stop_token stop) const override {
    const ParameterSet inputs = resolve(task.point);
    const Spec spec = spec_of(inputs);
    const std::string route = resolved_route(inputs, spec);
    const double tolerance = inputs.real("solver.tolerance");
    const Tier tier = inputs.text("solver.tier") == "floor" ? Tier::floor : Tier::host;
    const ReportRequest request = request_of(inputs, route);
    if (request.trace) return trace(inputs, spec, request, until(stop));
    plan::Outcome outcome;
    ModeReport report;
    OperatorOptions moment_basis;
    if (route == "direct") {
      require_direct(spec, "choose --set route=krylov, or auto");
      report =
          report_of(solve_mu_direct(spec, {.tolerance = tolerance,
                                           .verification = verification_of(inputs.text("solver.verification")),
                                           .free_energy = request.free_energy,
                                           .progress = until(stop)}));
    } else if (route == "moment-direct") {
      report.pair = solve_moments(spec, tolerance, until(stop));
      if (splits_by_parity(spec)) moment_basis.nyquist = Nyquist::dropped;
    } else if (route == "krylov") {
      const bool near = inputs.text("solver.start") == "direct";
      report.pair = krylov_pair(spec, {.tier = tier, .residual = tolerance, .progress = until(stop)}, near);
    } else {
      report.pair = solve_initial_value(spec, {.stepper = stepper_of(inputs),
                                               .tier = tier,
                                               .dt = inputs.real("solver.dt"),
                                               .t_end = inputs.real("solver.t_end"),
                                               .residual = tolerance,
                                               .progress = until(stop)});
    }
    if (stop.stop_requested() && !report.pair.converged)
      return {.status = plan::Status::skipped, .message = "stopped"};
    outcome.tier = route == "direct" ? "host" : inputs.text("solver.tier");
    if (!good(report.pair, tolerance)) {
      refuse(report.pair, tolerance, outcome);
      return outcome;
    }
    if (route != "direct") report = report_of(std::move(report.pair), spec, moment_basis, request.free_energy);
    outcome.status = plan::Status::ok;
    outcome.observables = values_of(report, spec, request);
    return outcome;
  }

 private:
  std::optional<DirectOnDevice> on_device_;

  static plan::Outcome trace(const ParameterSet& inputs, const Spec& spec, const ReportRequest& request,
                             const ProgressCallback& progress) {
    const bool floor = inputs.text("solver.tier") == "floor";
    const TimeTrace trace = run_time_trace(spec, {.stepper = stepper_of(inputs),
                                                  .tier = floor ? Tier::floor : Tier::host,
                                                  .dt = inputs.real("solver.dt"),
                                                  .steps = inputs.integer("solver.steps"),
                                                  .sample_every = inputs.integer("solver.sample_every"),
                                                  .progress = progress});
    plan::Outcome outcome;
    outcome.tier = inputs.text("solver.tier");
    outcome.status = trace.finished ? plan::Status::ok : plan::Status::failed;
    outcome.message = trace.unfinished_because;
    if (trace.finished) outcome.observables = values_of(trace, spec, request);
    return outcome;
  }

  static bool good(const Eigenpair& pair, double tolerance) {
    return pair.converged && pair.residual <= tolerance && std::isfinite(pair.gamma()) &&
           std::isfinite(pair.omega());
  }

  /// A number without a small residual is not reported as one.
  static void refuse(const Eigenpair& pair, double tolerance, plan::Outcome& outcome) {
    outcome.status = plan::Status::unconverged;
    outcome.observables = {{"residual", pair.residual}};
    outcome.message = fmt::format("residual {:.2g} is above {:.2g}{}{}", pair.residual, tolerance,
                                  pair.unconverged_because.empty() ? "" : ": ", pair.unconverged_because);
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
