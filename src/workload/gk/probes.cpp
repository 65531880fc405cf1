// The kernels of the gyrokinetic routes at the sizes of the Cyclone case, ready to be timed.
// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <memory>

#include "kernels/gk_linear/gk_linear.hpp"
#include "kernels/gk_mu/gk_mu.hpp"
#include "kernels/instruction_set.hpp"
#include "workload/gk/aligned.hpp"
#include "workload/gk/blas.hpp"
#include "workload/gk/dense.hpp"
#include "workload/gk/mu_system.hpp"
#include "workload/gk/operator.hpp"
#include "workload/kernel_probe.hpp"

namespace assay::workload {
namespace gk {
namespace {

namespace linear = kernels::gk_linear;
namespace mu = kernels::gk_mu;

constexpr double complex_bytes = 16.0;

/// One wavenumber in moments, with a state that has every element.
struct MomentCase {
  Operator op = make_operator(Spec{});
  AlignedState state, image;
  Workspace work;

  MomentCase() : state(op.size()), image(op.size()) {
    for (std::size_t i = 0; i < state.size(); ++i)
      state[i] = {std::sin(0.7 * static_cast<double>(i)), std::cos(1.1 * static_cast<double>(i))};
    blas();  // loaded before anything is timed
  }
  [[nodiscard]] std::string size() const {
    return fmt::format("Nl {}, Nm {}, Nz {}", op.tables.nl, op.tables.nm, op.tables.nz);
  }
};

KernelProbe rhs_probe(const std::shared_ptr<MomentCase>& c, Tier tier) {
  const bool host = tier == Tier::host;
  const linear::Cost cost = host ? linear::host_cost(c->op.tables) : linear::floor_cost(c->op.tables);
  c->work.fit(c->op, tier);
  return {.name = "gk_linear.rhs",
          .tier = host ? "host" : "floor",
          .instruction_set = host ? kernels::instruction_set_name() : "",
          .size = c->size(),
          .operations = cost.operations,
          .bytes = cost.bytes,
          .working_set = static_cast<std::size_t>(cost.bytes),
          .run = [c, tier] { apply(c->op, tier, c->state, c->image, c->work); }};
}

/// The Gram-Schmidt part of an Arnoldi step: twice y = V^H x, x -= V y for half of the largest basis. Each pass
/// reads V twice; 16 operations an element of V and pass.
KernelProbe orthogonalisation_probe(const std::shared_ptr<MomentCase>& c) {
  constexpr int vectors = 12;
  const std::size_t n = c->op.size();
  const auto basis = std::make_shared<std::vector<Complex>>(n * vectors);
  for (std::size_t i = 0; i < basis->size(); ++i)
    (*basis)[i] =
        1e-3 * Complex(std::sin(0.3 * static_cast<double>(i)), std::cos(0.9 * static_cast<double>(i)));
  const double elements = static_cast<double>(n) * vectors;
  return {.name = "gk_krylov.orthogonalise",
          .tier = "host",
          .instruction_set = "BLAS",
          .size = fmt::format("{} vectors of {}", vectors, n),
          .operations = 2 * 16.0 * elements,
          .bytes = 2 * complex_bytes * (2 * elements + 3.0 * static_cast<double>(n)),
          .working_set = static_cast<std::size_t>(complex_bytes * (elements + static_cast<double>(n))),
          .run = [c, basis, n] {
            std::vector<Complex> y(vectors);
            for (int pass = 0; pass < 2; ++pass) {
              project(basis->data(), n, vectors, c->image.data(), y.data());
              subtract(basis->data(), n, vectors, y.data(), c->image.data());
            }
          }};
}

/// One wavenumber in (v_par, mu).
struct MuCase {
  MuSystem system{spec(), MuNodes::legendre_in_sqrt, Parity::even};
  MuSystem::State state;
  AlignedDoubles storage, scratch;
  mu::Factor factor;

  MuCase() {
    const mu::Line& line = system.line(0);
    factor.rows = std::max(line.n[0], line.n[1]);
    factor.ld = mu::padded(factor.rows);
    factor.kept = line.nm;
    storage = AlignedDoubles(mu::factor_size(factor.rows, factor.kept));
    scratch = AlignedDoubles(mu::scratch_size(factor.rows));
    factor.data = storage.data();
    system.factor({0.1, -0.2}, MuSystem::Keep::everything);
    system.field_driven_state(state);
  }
  static Spec spec() {
    Spec s;
    s.nm = 24;
    s.grid.ntheta = 20;
    return s;
  }
  [[nodiscard]] std::string size() const {
    const mu::Line& line = system.line(0);
    return fmt::format("Nm {}, bases of {} and {}", line.nm, line.n[0], line.n[1]);
  }
};

KernelProbe elimination_probe(const std::shared_ptr<MuCase>& c, bool host) {
  const mu::Cost cost = mu::elimination_cost(c->system.line(0), c->factor);
  return {.name = "gk_mu.eliminate",
          .tier = host ? "host" : "floor",
          .instruction_set = host ? kernels::instruction_set_name() : "",
          .size = c->size(),
          .operations = cost.operations,
          .bytes = cost.bytes,
          .working_set = static_cast<std::size_t>(cost.bytes),
          .run = [c, host] {
            const auto eliminate = host ? mu::eliminate_host : mu::eliminate_floor;
            eliminate(c->system.line(0), {0.1, -0.2}, c->factor, c->scratch.data());
          }};
}

/// A step of shift-invert Arnoldi: every line down, the fields, every line up. The blocks of all lines are read
/// twice from where they lie.
KernelProbe shift_invert_probe(const std::shared_ptr<MuCase>& c) {
  const mu::Line& line = c->system.line(0);
  const mu::Cost solve = mu::solve_cost(line, c->factor, line.nm - 1);
  const double lines = static_cast<double>(c->system.lines());
  return {.name = "gk_mu.solve",
          .tier = "host",
          .instruction_set = kernels::instruction_set_name(),
          .size = fmt::format("{} lines, {}", c->system.lines(), c->size()),
          .operations = lines * solve.operations,
          .bytes = lines * solve.bytes,
          .working_set = c->system.factor_bytes() + c->system.size() * sizeof(double),
          .run = [c] { c->system.solve(c->state); }};
}

}  // namespace
}  // namespace gk

std::vector<KernelProbe> kernel_probes() {
  const auto moments = std::make_shared<gk::MomentCase>();
  const auto lines = std::make_shared<gk::MuCase>();
  return {gk::rhs_probe(moments, gk::Tier::host), gk::rhs_probe(moments, gk::Tier::floor),
          gk::orthogonalisation_probe(moments),   gk::elimination_probe(lines, true),
          gk::elimination_probe(lines, false),    gk::shift_invert_probe(lines)};
}

}  // namespace assay::workload
