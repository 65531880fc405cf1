// The parameter table of gk.linear and the way from it to the solver's Spec.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "workload/gk/linear.hpp"

namespace assay::workload::gk {
namespace {

using Int = std::int64_t;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

void add_geometry(ParameterTable& t) {
  const GeometrySpec d;
  t.add({.key = "geometry.model",
         .alias = "",
         .fallback = std::string("s-alpha"),
         .unit = "",
         .doc = "flux surface",
         .choices = {"s-alpha", "miller", "slab"}});
  t.add({.key = "geometry.q",
         .alias = "q",
         .fallback = d.q,
         .unit = "1",
         .doc = "safety factor",
         .min = 0,
         .above_min = true});
  t.add({.key = "geometry.s_hat", .alias = "s_hat", .fallback = d.s_hat, .unit = "1", .doc = "magnetic shear"});
  t.add({.key = "geometry.epsilon",
         .alias = "epsilon",
         .fallback = d.epsilon,
         .unit = "1",
         .doc = "s-alpha: inverse aspect ratio r/R",
         .min = 0,
         .max = 0.95});
  t.add({.key = "geometry.R0",
         .alias = "",
         .fallback = d.R0,
         .unit = "a",
         .doc = "major radius",
         .min = 0,
         .above_min = true});
  t.add({.key = "geometry.alpha",
         .alias = "",
         .fallback = d.alpha,
         .unit = "1",
         .doc = "s-alpha: pressure-gradient parameter"});
  t.add({.key = "geometry.z0",
         .alias = "",
         .fallback = d.z0,
         .unit = "a",
         .doc = "slab: gradpar = 1/z0, 1/a when 0",
         .min = 0});
  t.add({.key = "geometry.rhoc",
         .alias = "",
         .fallback = d.rhoc,
         .unit = "a",
         .doc = "Miller: minor radius of the surface",
         .min = 0,
         .above_min = true});
  t.add({.key = "geometry.R_geo",
         .alias = "",
         .fallback = d.R_geo,
         .unit = "a",
         .doc = "Miller: radius where B is B_ref",
         .min = 0,
         .above_min = true});
  t.add({.key = "geometry.shift",
         .alias = "",
         .fallback = d.shift,
         .unit = "1",
         .doc = "Miller: Shafranov shift dR0/dr"});
  t.add({.key = "geometry.kappa",
         .alias = "kappa",
         .fallback = d.kappa,
         .unit = "1",
         .doc = "Miller: elongation",
         .min = 0,
         .above_min = true});
  t.add({.key = "geometry.kappa_prime",
         .alias = "",
         .fallback = d.kappa_prime,
         .unit = "1/a",
         .doc = "Miller: its radial derivative"});
  t.add({.key = "geometry.delta",
         .alias = "delta",
         .fallback = d.delta,
         .unit = "1",
         .doc = "Miller: triangularity",
         .min = -0.95,
         .max = 0.95});
  t.add({.key = "geometry.delta_prime",
         .alias = "",
         .fallback = d.delta_prime,
         .unit = "1/a",
         .doc = "Miller: its radial derivative"});
  t.add({.key = "geometry.beta_prime",
         .alias = "",
         .fallback = d.beta_prime,
         .unit = "1/a",
         .doc = "Miller: pressure gradient"});
}

void add_species(ParameterTable& t, const std::string& name, bool single) {
  const Species d;
  const std::string prefix = "species." + name + ".";
  const auto alias = [&](const char* word) { return single ? std::string(word) : ""; };
  t.add({.key = prefix + "charge", .alias = "", .fallback = d.charge, .unit = "e", .doc = "signed charge Z"});
  t.add({.key = prefix + "mass",
         .alias = "",
         .fallback = d.mass,
         .unit = "m_ref",
         .doc = "mass",
         .min = 0,
         .above_min = true});
  t.add({.key = prefix + "temperature",
         .alias = "",
         .fallback = d.temperature,
         .unit = "T_ref",
         .doc = "temperature",
         .min = 0,
         .above_min = true});
  t.add({.key = prefix + "density",
         .alias = "",
         .fallback = d.density,
         .unit = "n_ref",
         .doc = "density",
         .min = 0,
         .above_min = true});
  t.add({.key = prefix + "a_LT",
         .alias = alias("a_LT"),
         .fallback = d.a_LT,
         .unit = "1",
         .doc = "temperature gradient a/L_T"});
  t.add({.key = prefix + "a_Ln",
         .alias = alias("a_Ln"),
         .fallback = d.a_Ln,
         .unit = "1",
         .doc = "density gradient a/L_n"});
  t.add({.key = prefix + "nu",
         .alias = alias("nu"),
         .fallback = d.nu,
         .unit = "v_ref/a",
         .doc = "collision rate",
         .min = 0});
}

void add_rest(ParameterTable& t) {
  const Spec d;
  t.add({.key = "adiabatic.tau",
         .alias = "tau",
         .fallback = d.tau,
         .unit = "1",
         .doc = "Boltzmann response of the species that is not kinetic; 0: all are",
         .min = 0});
  t.add({.key = "fields.beta",
         .alias = "beta",
         .fallback = d.beta,
         .unit = "1",
         .doc = "beta_ref; 0: electrostatic",
         .min = 0});
  t.add({.key = "fields.a_parallel",
         .alias = "",
         .fallback = d.a_parallel,
         .unit = "",
         .doc = "keep A_parallel (beta above 0)"});
  t.add({.key = "fields.b_parallel",
         .alias = "",
         .fallback = d.b_parallel,
         .unit = "",
         .doc = "keep B_parallel (beta above 0)"});
  t.add({.key = "mode.ky",
         .alias = "ky",
         .fallback = d.ky,
         .unit = "1/rho_ref",
         .doc = "binormal wavenumber",
         .min = 0,
         .above_min = true});
  t.add({.key = "mode.kx", .alias = "kx", .fallback = d.kx, .unit = "1/rho_ref", .doc = "radial wavenumber"});
  t.add({.key = "box.ny",
         .alias = "",
         .fallback = Int{0},
         .unit = "1",
         .doc = "binormal points of a box: ky is that of the nearest row other than 0; 0: ky is taken as given",
         .min = 0,
         .max = 1 << 20});
  t.add({.key = "box.y0",
         .alias = "",
         .fallback = 20.0,
         .unit = "rho_ref",
         .doc = "box length over 2 pi: rows of the box are 1/y0 apart",
         .min = 0,
         .above_min = true});
  t.add({.key = "grid.ntheta",
         .alias = "ntheta",
         .fallback = Int{d.grid.ntheta},
         .unit = "1",
         .doc = "points along the field a period of 2 pi",
         .min = 4,
         .max = 1024});
  t.add({.key = "grid.nperiod",
         .alias = "nperiod",
         .fallback = Int{d.grid.nperiod},
         .unit = "1",
         .doc = "2 nperiod - 1 periods are kept",
         .min = 1,
         .max = 16});
  t.add({.key = "grid.boundary",
         .alias = "",
         .fallback = std::string("linked"),
         .unit = "",
         .doc = "ends of the field line",
         .choices = {"linked", "periodic"}});
  t.add({.key = "grid.links",
         .alias = "",
         .fallback = Int{d.grid.links},
         .unit = "1",
         .doc = "radial wavenumbers joined by twist and shift, each with these periods; kx is the middle one's",
         .min = 1,
         .max = 64});
  t.add({.key = "velocity.nm",
         .alias = "nm",
         .fallback = Int{d.nm},
         .unit = "1",
         .doc = "Hermite moments in v_par",
         .min = 4,
         .max = 512});
  t.add({.key = "velocity.nmu",
         .alias = "nmu",
         .fallback = Int{d.nmu},
         .unit = "1",
         .doc = "mu nodes (route direct)",
         .min = 2,
         .max = 256});
  t.add({.key = "velocity.nl",
         .alias = "nl",
         .fallback = Int{d.nl},
         .unit = "1",
         .doc = "Laguerre moments (the other routes)",
         .min = 1,
         .max = 128});
  t.add({.key = "damping.hyper_nu",
         .alias = "",
         .fallback = d.hyper_nu,
         .unit = "1",
         .doc = "strength of the kz-proportional hypercollisions; 0: off",
         .min = 0});
  t.add({.key = "damping.hyper_p",
         .alias = "",
         .fallback = Int{d.hyper_p},
         .unit = "1",
         .doc = "their exponent; 0: min(20, nm/2)",
         .min = 0,
         .max = 64});
  t.add({.key = "damping.end_rate",
         .alias = "",
         .fallback = d.end_damping_rate,
         .unit = "v_ref/a",
         .doc = "damping at the ends of the field line, a rate",
         .min = 0});
  t.add({.key = "damping.end_width",
         .alias = "",
         .fallback = d.end_damping_width,
         .unit = "1",
         .doc = "share of the line at each end that is damped",
         .min = 0,
         .max = 0.5});
  t.add({.key = "collisions.model",
         .alias = "",
         .fallback = std::string("lenard-bernstein"),
         .unit = "",
         .doc = "where a rate nu is above 0",
         .choices = {"lenard-bernstein", "none"}});
  t.add(
      {.key = "solver.route",
       .alias = "route",
       .fallback = std::string("auto"),
       .unit = "",
       .doc =
           "way to (gamma, omega); auto: direct where it applies, else krylov; time-trace: no mode, only steps",
       .choices = {"auto", "direct", "moment-direct", "krylov", "initial-value", "time-trace"}});
  t.add({.key = "solver.tier",
         .alias = "",
         .fallback = std::string("host"),
         .unit = "",
         .doc = "kernel tier",
         .choices = {"host", "floor"}});
  t.add({.key = "solver.tolerance",
         .alias = "",
         .fallback = 1e-6,
         .unit = "1",
         .doc = "residual up to which a number counts as converged",
         .min = 0,
         .max = 0.1,
         .above_min = true});
  t.add({.key = "solver.start",
         .alias = "",
         .fallback = std::string("gaussian"),
         .unit = "",
         .doc = "where the Krylov space begins; direct: at the mode that route direct finds (route krylov)",
         .choices = {"gaussian", "direct"}});
  t.add({.key = "solver.verification",
         .alias = "",
         .fallback = std::string("census"),
         .unit = "",
         .doc = "count of unstable modes behind \"dominant\" (route direct)",
         .choices = {"none", "census", "full"}});
  t.add({.key = "solver.t_end",
         .alias = "",
         .fallback = 400.0,
         .unit = "a/v_ref",
         .doc = "longest time (route initial-value)",
         .min = 0,
         .above_min = true});
  t.add({.key = "solver.dt",
         .alias = "",
         .fallback = 0.0,
         .unit = "a/v_ref",
         .doc = "time step (routes initial-value, time-trace); 0: the largest that is proven stable",
         .min = 0});
  t.add({.key = "solver.stepper",
         .alias = "",
         .fallback = std::string("rk4"),
         .unit = "",
         .doc = "Runge-Kutta scheme (routes initial-value, time-trace)",
         .choices = {"rk4", "rk2"}});
  t.add({.key = "solver.steps",
         .alias = "",
         .fallback = Int{1000},
         .unit = "1",
         .doc = "time steps (route time-trace)",
         .min = 1,
         .max = 1e9});
  t.add({.key = "solver.sample_every",
         .alias = "",
         .fallback = Int{5},
         .unit = "1",
         .doc = "steps between two samples of phi (route time-trace)",
         .min = 1,
         .max = 1e9});
  t.add({.key = "output.eigenfunction",
         .alias = "",
         .fallback = false,
         .unit = "",
         .doc = "report z and phi(z)"});
  t.add({.key = "output.free_energy",
         .alias = "",
         .fallback = false,
         .unit = "",
         .doc = "report where the free energy of the mode comes from and goes to"});
}

GeometryModel model_of(const std::string& name) {
  if (name == "miller") return GeometryModel::miller;
  return name == "slab" ? GeometryModel::slab : GeometryModel::s_alpha;
}

/// Names of the species in the order of the table.
std::vector<std::string> species_names(const ParameterTable& table) {
  std::vector<std::string> names;
  for (const auto& p : table.all()) {
    if (p.key.rfind("species.", 0) != 0) continue;
    const std::string name = p.key.substr(8, p.key.find('.', 8) - 8);
    if (names.empty() || names.back() != name) names.push_back(name);
  }
  return names;
}

}  // namespace

std::shared_ptr<const ParameterTable> linear_parameters(const std::vector<std::string>& species) {
  auto table = std::make_shared<ParameterTable>();
  add_geometry(*table);
  for (const auto& name : species) add_species(*table, name, species.size() == 1);
  add_rest(*table);
  return table;
}

Spec spec_of(const ParameterSet& in) {
  Spec s;
  s.geometry = {.model = model_of(in.text("geometry.model")),
                .q = in.real("geometry.q"),
                .s_hat = in.real("geometry.s_hat"),
                .epsilon = in.real("geometry.epsilon"),
                .R0 = in.real("geometry.R0"),
                .alpha = in.real("geometry.alpha"),
                .z0 = in.real("geometry.z0"),
                .rhoc = in.real("geometry.rhoc"),
                .R_geo = in.real("geometry.R_geo"),
                .shift = in.real("geometry.shift"),
                .kappa = in.real("geometry.kappa"),
                .kappa_prime = in.real("geometry.kappa_prime"),
                .delta = in.real("geometry.delta"),
                .delta_prime = in.real("geometry.delta_prime"),
                .beta_prime = in.real("geometry.beta_prime")};
  s.grid = {.ntheta = in.integer("grid.ntheta"),
            .nperiod = in.integer("grid.nperiod"),
            .boundary = in.text("grid.boundary") == "periodic" ? Boundary::periodic : Boundary::linked,
            .links = in.integer("grid.links")};
  s.species.clear();
  for (const auto& name : species_names(in.table())) {
    const std::string prefix = "species." + name + ".";
    s.species.push_back({name, in.real(prefix + "charge"), in.real(prefix + "mass"),
                         in.real(prefix + "temperature"), in.real(prefix + "density"), in.real(prefix + "a_LT"),
                         in.real(prefix + "a_Ln"), in.real(prefix + "nu")});
    if (s.species.back().charge == 0.0)
      throw UserError("species " + name + " has charge 0", "give a signed charge in e");
  }
  s.tau = in.real("adiabatic.tau");
  s.beta = in.real("fields.beta");
  s.a_parallel = in.flag("fields.a_parallel");
  s.b_parallel = in.flag("fields.b_parallel");
  if ((s.a_parallel || s.b_parallel) && s.beta == 0.0)
    throw UserError("magnetic fields need fields.beta above 0",
                    "set fields.beta, or a_parallel and b_parallel to false");
  s.ky = in.real("mode.ky");
  s.kx = in.real("mode.kx");
  s.nl = in.integer("velocity.nl");
  s.nm = in.integer("velocity.nm");
  s.nmu = in.integer("velocity.nmu");
  s.hyper_nu = in.real("damping.hyper_nu");
  s.hyper_p = in.integer("damping.hyper_p");
  s.end_damping_rate = in.real("damping.end_rate");
  s.end_damping_width = in.real("damping.end_width");
  s.collisions =
      in.text("collisions.model") == "none" ? CollisionModel::none : CollisionModel::lenard_bernstein;
  if (s.grid.links > 1 && s.grid.boundary == Boundary::periodic)
    throw UserError("grid.links above 1 with grid.boundary = \"periodic\"",
                    "a periodic line closes on itself; joined links need grid.boundary = \"linked\"");
  if (s.grid.links > 1 && std::abs(s.geometry.s_hat) < 1e-5)
    throw UserError("grid.links above 1 without magnetic shear",
                    "without shear a field line does not change its kx: leave grid.links at 1");
  // A shear this small is none: the field line closes on itself (the same rule as the public code).
  if (std::abs(s.geometry.s_hat) < 1e-5 && s.geometry.model != GeometryModel::slab) {
    s.geometry.s_hat = 0.0;
    s.grid.boundary = Boundary::periodic;
  }
  return s;
}

}  // namespace assay::workload::gk
