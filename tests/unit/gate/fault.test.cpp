#include "gate/fault.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

#include "gate/compare.hpp"

using namespace assay;
using namespace assay::gate;

namespace {

Observables waves(const char* level) {
  Observables set{{"theta", {}, parse_level(level)}, {"order", {}, parse_level(level)}};
  for (int i = 0; i < 97; ++i) {
    set[0].values.push_back(std::sin(1.0 + i));
    set[1].values.push_back(2.0 + std::cos(0.3 * i));
  }
  return set;
}

GateReport honest(const Observables& a, const Observables& b) {
  return compare_sets("test", a, b);
}

const Kill& kill_of(const Proof& proof, const std::string& fault) {
  for (const Kill& k : proof.kills) {
    if (k.fault == fault) return k;
  }
  throw std::runtime_error("no fault " + fault);
}

}  // namespace

TEST_CASE("an honest gate catches every standard fault at every level") {
  for (const char* level :
       {"bit", "value", "ulp:0", "ulp:4", "scaled:4", "tol:1e-10", "tol:0.001,1e-12", "norm", "norm:1e-6"}) {
    const Observables floor = waves(level);
    for (const std::uint64_t seed : {1u, 2u, 77u}) {
      const Proof proof = prove(floor, standard_faults(floor), honest, seed);
      CHECK(proof.control == Verdict::pass);
      CHECK(proof.kills.size() == 15 * floor.size());
      for (const Kill& k : proof.kills) {
        INFO(level << " " << k.fault << " in " << k.observable << " " << k.place << ": " << k.reason);
        CHECK(k.caught);
      }
      CHECK(proof.fit);
      CHECK(exit_of(proof) == Exit::ok);
    }
  }
}

TEST_CASE("gates with a known hole are unfit, and the hole is named") {
  const Observables floor = waves("tol:1e-10");
  // The mistake of a running maximum that starts at 0: max(0, NaN) is 0.
  const Judge blind_to_nan = [](const Observables& a, const Observables& b) {
    Observables x = a, y = b;
    for (Observable& o : y) {
      for (std::size_t i = 0; i < o.values.size(); ++i) {
        for (const Observable& f : x) {
          if (f.name == o.name && std::isnan(o.values[i]) && i < f.values.size()) o.values[i] = f.values[i];
        }
      }
    }
    return compare_sets("blind", x, y);
  };
  const Proof nan_proof = prove(floor, standard_faults(floor), blind_to_nan);
  CHECK_FALSE(nan_proof.fit);
  CHECK(exit_of(nan_proof) == Exit::gate_unfit);
  CHECK_FALSE(kill_of(nan_proof, "nan").caught);
  CHECK_FALSE(kill_of(nan_proof, "never-written-nan").caught);
  CHECK(kill_of(nan_proof, "swapped").caught);

  const Judge sorts_first = [](Observables a, Observables b) {
    for (auto* set : {&a, &b}) {
      for (Observable& o : *set) std::sort(o.values.begin(), o.values.end());
    }
    return compare_sets("sorted", a, b);
  };
  const Proof order_proof = prove(floor, standard_faults(floor), sorts_first);
  CHECK_FALSE(kill_of(order_proof, "swapped").caught);
  CHECK_FALSE(kill_of(order_proof, "off-by-one").caught);
  CHECK(kill_of(order_proof, "duplicated").caught);

  const Judge always_passes = [](const Observables& a, const Observables&) {
    return compare_sets("yes", a, a);
  };
  for (const Kill& k : prove(floor, standard_faults(floor), always_passes).kills) CHECK_FALSE(k.caught);
}

TEST_CASE("values that give a fault no hold make the gate unfit: it would be vacuous") {
  Observables constant{{"x", std::vector<double>(8, 1.5), parse_level("bit")}};
  const Proof proof = prove(constant, standard_faults(constant), honest);
  CHECK_FALSE(proof.fit);
  CHECK_FALSE(kill_of(proof, "swapped").caught);
  CHECK_THAT(kill_of(proof, "swapped").reason, Catch::Contains("no hold"));
  Observables zero{{"x", {0.0, 0.0}, parse_level("bit")}};
  CHECK_FALSE(kill_of(prove(zero, standard_faults(zero), honest), "never-written-zero").caught);
  CHECK_FALSE(prove({}, standard_faults({}), honest).fit);
}

TEST_CASE("a floor that does not equal itself cannot be proven, nor can a gate without faults") {
  Observables broken = waves("bit");
  broken[0].values[3] = std::nan("");
  CHECK_FALSE(prove(broken, standard_faults(broken), honest).fit);
  CHECK_THROWS_AS(prove(waves("bit"), {}, honest), std::logic_error);
}

TEST_CASE("sets are matched by name") {
  Observables a = waves("bit");
  Observables b{a[1], a[0]};
  CHECK(compare_sets("t", a, b).verdict == Verdict::pass);
  b.pop_back();
  CHECK(compare_sets("t", a, b).verdict == Verdict::fail);
  CHECK(compare_sets("t", b, a).verdict == Verdict::fail);
  CHECK(compare_sets("t", {}, {}).verdict == Verdict::blocked);
}
