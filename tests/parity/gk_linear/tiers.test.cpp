// The host tier of the gyrokinetic right-hand side equals the floor, in every shape that the tables allow.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <string>

#include "kernels/gk_linear/host_parts.hpp"
#include "kernels/instruction_set.hpp"
#include "support/random_state.hpp"
#include "workload/gk/operator.hpp"

using namespace assay::workload::gk;
using assay::test::random_state;
namespace kernel = assay::kernels::gk_linear;

namespace {

struct Shape {
  std::string name;
  Spec spec;
};

Spec sized(int nl, int nm, int ntheta, int nperiod) {
  Spec s;
  s.nl = nl, s.nm = nm;
  s.grid = {.ntheta = ntheta, .nperiod = nperiod};
  return s;
}

Species electron() {
  return {.name = "electron",
          .charge = -1.0,
          .mass = 2.7e-4,
          .temperature = 0.9,
          .a_LT = 2.0,
          .a_Ln = 0.8,
          .nu = 0.3};
}

std::vector<Shape> shapes() {
  std::vector<Shape> all{{"benchmark columns", sized(4, 48, 32, 2)},
                         {"smallest", sized(1, 2, 3, 1)},
                         {"prime z", sized(3, 7, 31, 1)},
                         {"odd z, one row left", sized(2, 5, 9, 2)},
                         {"wider than one strip", sized(2, 9, 50, 2)}};
  all.push_back({"kx, collisions", sized(5, 6, 20, 2)});
  all.back().spec.kx = 0.2;
  all.back().spec.species[0].nu = 0.05;
  all.push_back({"zonal", sized(3, 8, 16, 1)});
  all.back().spec.ky = 0.0;
  all.back().spec.kx = 0.1;
  all.push_back({"two species, electromagnetic", sized(4, 6, 14, 1)});
  Spec& em = all.back().spec;
  em.species.push_back(electron());
  em.tau = 0.0;
  em.beta = 0.01;
  em.a_parallel = em.b_parallel = true;
  all.push_back({"no hypercollisions", sized(2, 12, 12, 1)});
  all.back().spec.hyper_nu = 0.0;
  return all;
}

const double not_written = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("gk_linear host equals floor") {
  for (const auto& shape : shapes()) {
    INFO(shape.name << ", " << assay::kernels::instruction_set_name());
    const Operator op = make_operator(shape.spec);
    const auto g = random_state(op.size(), 20260101);
    std::vector<Complex> floor(op.size(), {not_written, not_written}),
        host(op.size(), {not_written, not_written});
    Workspace work;
    work.fit(op, Tier::floor);
    std::fill(work.fields.begin(), work.fields.end(), not_written);
    apply(op, Tier::floor, g, floor, work);
    work.fit(op, Tier::host);
    std::fill(work.fields.begin(), work.fields.end(), not_written);
    std::fill(work.scratch.begin(), work.scratch.end(), not_written);
    apply(op, Tier::host, g, host, work);
    double largest = 0.0, distance = 0.0, smallest = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < g.size(); ++i) {
      REQUIRE(std::isfinite(std::abs(floor[i])));
      REQUIRE(std::isfinite(std::abs(host[i])));
      largest = std::max(largest, std::abs(floor[i]));
      smallest = std::min(smallest, std::abs(floor[i]));
      distance = std::max(distance, std::abs(floor[i] - host[i]));
    }
    CHECK(smallest < 0.5 * largest);  // the floor's result is not constant
    CHECK(distance <= 1e-14 * largest);
  }
}

TEST_CASE("every instruction set that runs here equals the floor") {
  using Columns = decltype(&kernel::apply_columns_sse2);
  std::vector<std::pair<std::string, Columns>> sets{{"sse2", kernel::apply_columns_sse2}};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    sets.emplace_back("avx2", kernel::apply_columns_avx2);
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"))
    sets.emplace_back("avx512", kernel::apply_columns_avx512);
  for (const auto& shape : shapes()) {
    const Operator op = make_operator(shape.spec);
    const auto g = random_state(op.size(), 20260101);
    std::vector<Complex> floor(op.size(), {not_written, not_written});
    Workspace work;
    apply(op, Tier::floor, g, floor, work);
    double largest = 0.0;
    for (const Complex& x : floor) largest = std::max(largest, std::abs(x));
    for (const auto& [name, columns] : sets) {
      INFO(shape.name << ", " << name);
      std::vector<Complex> host(op.size(), {not_written, not_written});
      work.fit(op, Tier::host);
      std::fill(work.scratch.begin(), work.scratch.end(), not_written);
      columns(op.tables, op.folded, reinterpret_cast<const double*>(g.data()), work.fields.data(),
              {0, kernel::columns(op.tables)}, reinterpret_cast<double*>(host.data()), work.scratch.data());
      double distance = 0.0;
      for (std::size_t i = 0; i < g.size(); ++i) {
        REQUIRE(std::isfinite(std::abs(host[i])));
        distance = std::max(distance, std::abs(floor[i] - host[i]));
      }
      CHECK(distance <= 1e-14 * largest);
    }
  }
}

TEST_CASE("the field phases of both tiers agree, collision moments and low rows included") {
  for (const auto& shape : shapes()) {
    INFO(shape.name);
    const Operator op = make_operator(shape.spec);
    const auto g = random_state(op.size(), 20260101);
    const auto* in = reinterpret_cast<const double*>(g.data());
    const std::size_t n = kernel::field_doubles(op.tables);
    // Parts that are off (no collisions) are not written by either tier: zero beforehand, equal afterwards.
    std::vector<double> floor(n, 0.0), host(n, 0.0);
    kernel::solve_fields_floor(op.tables, in, floor.data());
    kernel::solve_fields_host(op.tables, in, host.data());
    double largest = 0.0, distance = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      largest = std::max(largest, std::abs(floor[i]));
      distance = std::max(distance, std::abs(floor[i] - host[i]));
    }
    CHECK(largest > 0.1);
    CHECK(distance <= 1e-14 * largest);
  }
}

TEST_CASE("columns may be computed in any split and order") {
  const Operator op = make_operator(sized(5, 6, 20, 1));
  const auto g = random_state(op.size(), 20260101);
  std::vector<Complex> whole(op.size(), {not_written, not_written});
  Workspace work;
  for (const Tier tier : {Tier::floor, Tier::host}) {
    apply(op, tier, g, whole, work);
    std::vector<Complex> parts(op.size(), {not_written, not_written});
    auto* out = reinterpret_cast<double*>(parts.data());
    const auto* in = reinterpret_cast<const double*>(g.data());
    for (const assay::Range range : {assay::Range{3, 5}, assay::Range{0, 1}, assay::Range{1, 3}}) {
      if (tier == Tier::floor) {
        kernel::apply_columns_floor(op.tables, in, work.fields.data(), range, out, work.scratch.data());
      } else {
        kernel::apply_columns_host(op.tables, op.folded, in, work.fields.data(), range, out,
                                   work.scratch.data());
      }
    }
    CHECK(parts == whole);
  }
}

TEST_CASE("a NaN in the state reaches the result of both tiers") {
  const Operator op = make_operator(sized(3, 5, 12, 1));
  auto g = random_state(op.size(), 20260101);
  g[op.at(0, 1, 2, 3)] = {not_written, 0.0};
  std::vector<Complex> out(op.size());
  Workspace work;
  for (const Tier tier : {Tier::floor, Tier::host}) {
    apply(op, tier, g, out, work);
    CHECK(std::isnan(std::abs(out[op.at(0, 1, 2, 3)])));
    CHECK(std::isnan(std::abs(out[op.at(0, 1, 3, 7)])));
  }
}
