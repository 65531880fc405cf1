// One table of names for `list`, artifacts and values.
// SPDX-License-Identifier: MIT
#include "workload/gk/linear_observables.hpp"

#include <algorithm>
#include <numeric>

#include "workload/gk/geometry.hpp"

namespace assay::workload::gk {
namespace {

double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

/// The free-energy terms: name, meaning, and whether the term is rounding noise in the (v_par, mu) basis.
struct EnergyTerm {
  const char* name;
  double FreeEnergyBalance::*rate;
  const char* doc;
  bool conserves;
};
constexpr EnergyTerm kEnergyTerms[] = {
    {"energy_drive", &FreeEnergyBalance::drive, "from the gradients", false},
    {"energy_streaming", &FreeEnergyBalance::streaming, "streaming, cancels with the mirror force", true},
    {"energy_mirror", &FreeEnergyBalance::mirror, "mirror force", true},
    {"energy_drifts", &FreeEnergyBalance::drifts, "magnetic drifts", true},
    {"energy_end_damping", &FreeEnergyBalance::end_damping, "end damping", false},
    {"energy_collisions", &FreeEnergyBalance::collisions, "collisions", false},
    {"energy_hypercollisions", &FreeEnergyBalance::hypercollisions, "hypercollisions", false},
};

void declare_fluxes(const Spec& spec, std::vector<Observable>& all) {
  const std::string all_species = spec.species.size() > 1 ? ", all kinetic species" : "";
  all.push_back(
      {"heat_flux_weight", "1", "relative", "quasilinear heat flux over |phi|^2" + all_species, false});
  // With a Boltzmann species alone the particle flux is rounding noise around 0.
  const std::string particle_class = spec.species.size() > 1 ? "relative" : "statistical";
  all.push_back({"particle_flux_weight", "1", particle_class,
                 "quasilinear particle flux over |phi|^2" + all_species, false});
  if (spec.species.size() < 2) return;
  for (const Species& s : spec.species) {
    all.push_back({"heat_flux_weight." + s.name, "1", "relative", "of " + s.name + " alone", false});
    all.push_back({"particle_flux_weight." + s.name, "1", "relative", "of " + s.name + " alone", false});
  }
}

/// What both kinds of report can end with.
void declare_last(const ReportRequest& request, std::vector<Observable>& all) {
  if (request.boxed) all.push_back({"resolved_ky", "1/rho_ref", "bitwise", "of the row of the box", false});
  if (!request.eigenfunction) return;
  all.push_back(
      {"z", "rad", "bitwise", "poloidal angle along the field, of each value of eigenfunction", true});
  all.push_back({"eigenfunction", "1", "relative", "phi(z), 1 at its maximum", true});
}

void add_last(const Spec& spec, const std::vector<Complex>& phi, const ReportRequest& request,
              NamedValues& values) {
  if (request.boxed) values.emplace_back("resolved_ky", spec.ky);
  if (!request.eigenfunction) return;
  values.emplace_back("z", make_geometry(spec.geometry, spec.grid).z);
  values.emplace_back("eigenfunction", phi);
}

std::vector<Observable> declared_of_trace(const ReportRequest& request) {
  std::vector<Observable> all{
      {"transient_rate", "v_ref/a", "relative",
       "slope of ln |phi| over 0.35 to 0.9 of the time covered; no growth rate unless the residual is small",
       false},
      {"transient_frequency", "v_ref/a", "relative", "minus the slope of the phase of phi there", false},
      {"residual", "1", "relative", "||L g - lambda g|| / ||L g|| of the last state g", false},
      {"samples", "1", "bitwise", "of phi over the whole time", false}};
  declare_last(request, all);
  return all;
}

}  // namespace

std::vector<Observable> declared(const Spec& spec, const ReportRequest& request) {
  if (request.trace) return declared_of_trace(request);
  const std::string why = "iterative solve; engines agree in every bit, kernel tiers to rounding";
  std::vector<Observable> all{
      {"gamma", "v_ref/a", "relative", "growth rate of the dominant mode; " + why, false},
      {"omega", "v_ref/a", "relative", "its frequency, above 0 in the ion direction; " + why, false},
      {"residual", "1", "statistical",
       "||L x - lambda x|| / ||L x|| of the full linear problem; rounding noise near its floor", false},
      {"kperp2_eff", "1/rho_ref^2", "relative", "kperp^2 weighted by |phi|^2 along the field", false},
  };
  declare_fluxes(spec, all);
  if (request.direct) {
    all.push_back({"unstable_modes", "1", "bitwise",
                   "modes with gamma above 0 that were found; there may be more", false});
    all.push_back({"parity", "", "bitwise", "of phi along the field", false});
    all.push_back({"verified", "", "bitwise", "a count of roots agrees with the modes found", false});
  }
  if (request.free_energy) {
    for (const EnergyTerm& term : kEnergyTerms) {
      all.push_back({term.name, "v_ref/a", term.conserves ? "statistical" : "relative",
                     std::string("dW/dt over 2 W of the free energy W: ") + term.doc, false});
    }
    all.push_back({"energy_imbalance", "1", "statistical",
                   "|gamma - sum of the terms| over the largest of them; rounding noise near its floor",
                   false});
  }
  declare_last(request, all);
  return all;
}

NamedValues values_of(const ModeReport& report, const Spec& spec, const ReportRequest& request) {
  NamedValues values{{"gamma", report.pair.gamma()},
                     {"omega", report.pair.omega()},
                     {"residual", report.pair.residual},
                     {"kperp2_eff", report.weights.kperp2_eff},
                     {"heat_flux_weight", sum(report.weights.heat_flux)},
                     {"particle_flux_weight", sum(report.weights.particle_flux)}};
  for (std::size_t s = 0; spec.species.size() > 1 && s < spec.species.size(); ++s) {
    values.emplace_back("heat_flux_weight." + spec.species[s].name, report.weights.heat_flux[s]);
    values.emplace_back("particle_flux_weight." + spec.species[s].name, report.weights.particle_flux[s]);
  }
  if (request.direct) {
    values.emplace_back("unstable_modes", static_cast<double>(report.unstable_modes));
    values.emplace_back("parity", report.parity);
    values.emplace_back("verified", std::string(report.verified ? "yes" : "no"));
  }
  if (report.balance) {
    for (const EnergyTerm& term : kEnergyTerms) values.emplace_back(term.name, (*report.balance).*term.rate);
    values.emplace_back("energy_imbalance", report.balance->imbalance(report.pair.gamma()));
  }
  add_last(spec, report.pair.phi, request, values);
  return values;
}

NamedValues values_of(const TimeTrace& trace, const Spec& spec, const ReportRequest& request) {
  NamedValues values{{"transient_rate", trace.rate},
                     {"transient_frequency", trace.frequency},
                     {"residual", trace.last.residual},
                     {"samples", static_cast<double>(trace.time.size())}};
  add_last(spec, trace.phi, request, values);
  return values;
}

ModeReport report_of(Eigenpair pair, const Spec& spec, const OperatorOptions& options, bool free_energy) {
  ModeReport report{.pair = std::move(pair)};
  const Operator op = make_operator(spec, options);
  report.weights = quasilinear_weights(op, report.pair.state);
  if (free_energy) report.balance = free_energy_balance(op, report.pair.state);
  return report;
}

ModeReport report_of(MuDirectResult r) {
  ModeReport report{.weights = r.weights, .balance = r.balance};
  report.parity = name_of(r.parity);
  // The census is coarse: a mode that grows only at the resolution asked for counts as well.
  int growing = r.gamma() > 0.0 ? 1 : 0;
  for (const auto& rival : r.rivals) growing += rival.real() > 0.0 ? 1 : 0;
  report.unstable_modes = std::max(r.unstable_modes, growing);
  report.verified = r.verified;
  report.pair = std::move(static_cast<Eigenpair&>(r));
  return report;
}

}  // namespace assay::workload::gk
