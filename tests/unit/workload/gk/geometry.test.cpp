#include "workload/gk/geometry.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace assay::workload::gk;

TEST_CASE("s-alpha profiles on the outboard midplane are the textbook values") {
  const Geometry g = make_geometry({}, {});
  REQUIRE(g.nz() == 96);
  const int mid = 48;
  CHECK(g.z[mid] == Approx(0.0).margin(1e-14));
  CHECK(g.bmag[mid] == Approx(1.0 / 1.18));
  CHECK(g.cv[mid] == Approx(1.0 / 2.77778));
  CHECK(g.gradpar == Approx(1.0 / (1.4 * 2.77778)));
}

TEST_CASE("bgrad is gradpar dlnB/dz") {
  const Geometry g = make_geometry({}, {});
  for (int j = 1; j + 1 < g.nz(); ++j) {
    const double numeric = (std::log(g.bmag[j + 1]) - std::log(g.bmag[j - 1])) / (2 * g.dz) * g.gradpar;
    CHECK(g.bgrad[j] == Approx(numeric).margin(1e-3));
  }
}

TEST_CASE("the sponge is 1 at the start of the chain, symmetric and 0 inside") {
  const auto nu = end_damping_profile(96, 0.125);
  CHECK(nu[0] == 1.0);
  CHECK(nu[48] == 0.0);
  for (int j = 1; j < 96; ++j) CHECK(nu[j] == nu[96 - j]);
}
