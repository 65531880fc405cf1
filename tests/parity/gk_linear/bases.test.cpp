// Two discretisations of velocity space, Laguerre moments and mu nodes, meet in the limit of resolution. They
// share the equation and the field line and nothing else. The tolerance is not chosen: it is what the last
// refinement of either still moves.
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "workload/gk/krylov.hpp"
#include "workload/gk/moment_direct.hpp"
#include "workload/gk/mu_direct.hpp"

using namespace assay::workload::gk;

namespace {

/// One period with a mode that stands clear of its rivals, so that both ladders follow the same one.
Spec one_period(double ky, double a_LT) {
  Spec s;
  s.ky = ky;
  s.grid = {.ntheta = 20, .nperiod = 1};
  s.species[0].a_LT = a_LT;
  return s;
}

/// Kinetic electrons on a line that closes on itself: where a sheared line ends, electrons feel the jump of
/// kperp, and how each basis resolves that in z differs by some 1e-3.
Spec with_electrons() {
  Spec s = one_period(0.3, 4.0);
  s.grid.ntheta = 16;
  s.grid.boundary = Boundary::periodic;
  s.geometry.s_hat = 0.0;
  s.species.push_back({.name = "electron", .charge = -1.0, .mass = 0.02, .a_LT = 4.0});
  s.tau = 0.0;
  return s;
}

struct Ladder {
  Complex coarse, middle, fine;
  [[nodiscard]] double last_step() const { return std::abs(fine - middle); }
};

Ladder moments(Spec s) {
  std::vector<Complex> found;
  for (const auto& [nl, nm] : {std::pair{8, 16}, {12, 24}, {16, 32}}) {
    s.nl = nl, s.nm = nm;
    const auto e = solve_moment_direct(s, {.residual = 1e-8});
    REQUIRE(e.converged);
    found.push_back(e.lambda);
  }
  return {found[0], found[1], found[2]};
}

Ladder mu_nodes(Spec s) {
  std::vector<Complex> found;
  for (const auto& [nmu, nm] : {std::pair{12, 16}, {24, 24}, {32, 32}}) {
    s.nmu = nmu, s.nm = nm;
    const auto e = solve_mu_direct(s, {.parity = Parity::even});
    REQUIRE(e.converged);
    REQUIRE(e.parity == Parity::even);
    found.push_back(e.lambda);
  }
  return {found[0], found[1], found[2]};
}

}  // namespace

TEST_CASE("Laguerre moments and mu nodes agree within what their last refinement moved") {
  for (const Spec& spec : {one_period(0.2, 2.49), one_period(0.3, 6.0)}) {
    const Ladder l = moments(spec), m = mu_nodes(spec);
    const double apart = std::abs(l.fine - m.fine), allowed = l.last_step() + m.last_step();
    CAPTURE(l.coarse, l.middle, l.fine, m.coarse, m.middle, m.fine);
    CHECK(apart <= allowed);
    CHECK(allowed < 0.02 * std::abs(m.fine));            // the statement is worth something
    CHECK(apart < 0.5 * std::abs(l.coarse - m.coarse));  // and refinement brings them together
    CHECK(m.fine.real() > 0.05);
  }
}

TEST_CASE("with kinetic electrons both bases agree to a part in a thousand, the cut of mu at 12 included") {
  const Ladder l = moments(with_electrons()), m = mu_nodes(with_electrons());
  CHECK(std::abs(l.fine - m.fine) < 1e-3 * std::abs(m.fine));
  CHECK(m.fine.real() > 0.5);
}

TEST_CASE("the mode that the direct route finds, put in moments, leads Krylov to the same eigenvalue") {
  Spec s = one_period(0.2, 4.0);
  s.grid.ntheta = 16;
  s.nl = 6, s.nm = 12, s.nmu = 16;
  const auto direct = solve_mu_direct(s, {.moments = s.nl});
  REQUIRE(direct.converged);
  const Operator op = make_operator(s);
  REQUIRE(direct.state.size() == op.size());
  Workspace work;
  auto phi = solve_fields(op, direct.state, work).phi;
  normalise_at_maximum(phi);
  // The field of the projected state is the field of the direct route, up to the Laguerre truncation.
  for (std::size_t z = 0; z < phi.size(); ++z) CHECK(std::abs(phi[z] - direct.phi[z]) < 0.02);
  const auto led = solve_krylov(op, direct.state, {.residual = 1e-9}),
             alone = solve_krylov(s, {.residual = 1e-9});
  CHECK(led.converged);
  CHECK(std::abs(led.lambda - alone.lambda) < 1e-8);
  CHECK(led.operator_applications <= alone.operator_applications);
}
