// What gk.linear declares is what it reports, by every route, with the same meaning in both bases.
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <numbers>

#include "core/config.hpp"
#include "workload/workload.hpp"

using namespace assay;

namespace {

plan::Outcome evaluated(const std::string& route, int nl, int nm, const std::string& more = "",
                        std::vector<workload::Observable>* declared = nullptr) {
  const std::string text =
      "workload = \"gk.linear\"\nsolver.route = \"" + route +
      "\"\ngrid.ntheta = 16\ngrid.nperiod = 1\nvelocity.nmu = 24\nvelocity.nl = " + std::to_string(nl) +
      "\nvelocity.nm = " + std::to_string(nm) + "\noutput.eigenfunction = true\noutput.free_energy = true\n" +
      more;
  Config config = Config::from_text(text, "test");
  const auto made = workload::make(config);
  config.reject_unknown();
  if (declared != nullptr) *declared = made->observables();
  auto outcome = made->evaluate({}, {});
  CAPTURE(route, outcome.message);
  REQUIRE(outcome.status == plan::Status::ok);
  return outcome;
}

const std::string kElectrons =
    "adiabatic.tau = 0.0\n[species.ion]\n[species.electron]\ncharge = -1.0\nmass = 0.02\n";

const plan::ObservableValue& value(const plan::Outcome& outcome, const std::string& name) {
  for (const auto& [key, found] : outcome.observables) {
    if (key == name) return found;
  }
  throw std::out_of_range(name);
}

double number(const plan::Outcome& outcome, const std::string& name) {
  return std::get<double>(value(outcome, name));
}

}  // namespace

TEST_CASE("every route reports what it declares, in that order") {
  for (const std::string route : {"direct", "moment-direct", "krylov", "initial-value"}) {
    for (const std::string& species : {std::string(), kElectrons}) {
      if (!species.empty() && (route == "moment-direct" || route == "initial-value")) continue;
      std::vector<workload::Observable> declared;
      const auto outcome = evaluated(route, 4, 8, species, &declared);
      REQUIRE(outcome.observables.size() == declared.size());
      for (std::size_t i = 0; i < declared.size(); ++i) {
        CHECK(outcome.observables[i].first == declared[i].name);
        const auto& found = outcome.observables[i].second;
        const bool array = std::holds_alternative<std::vector<double>>(found) ||
                           std::holds_alternative<std::vector<std::complex<double>>>(found);
        CHECK(array == declared[i].is_array);
        CHECK_FALSE(declared[i].tolerance.empty());
      }
    }
  }
}

TEST_CASE("the eigenfunction stands with its coordinate and is 1 where it is largest") {
  for (const std::string route : {"direct", "krylov"}) {
    const auto outcome = evaluated(route, 4, 8);
    const auto& z = std::get<std::vector<double>>(value(outcome, "z"));
    const auto& phi = std::get<std::vector<std::complex<double>>>(value(outcome, "eigenfunction"));
    REQUIRE(z.size() == 16);
    REQUIRE(phi.size() == z.size());
    CHECK(z.front() == Approx(-std::numbers::pi));
    CHECK(z[8] == Approx(0.0).margin(1e-14));
    double largest = 0.0;
    for (const auto& x : phi) largest = std::max(largest, std::abs(x));
    CHECK(largest == Approx(1.0));
    CHECK(std::abs(phi[8]) > 0.8);  // ballooning: large on the outboard midplane
    for (int k = 1; k < 8; ++k)
      CHECK(std::abs(phi[8 + k] - phi[8 - k]) < 2e-3);  // krylov keeps the Nyquist mode
  }
}

TEST_CASE("both bases give the same weights and the same free-energy budget at high resolution") {
  const auto direct = evaluated("direct", 4, 24);
  const auto krylov = evaluated("krylov", 16, 24);
  CHECK(number(direct, "gamma") == Approx(number(krylov, "gamma")).epsilon(0.02));
  for (const std::string name : {"kperp2_eff", "heat_flux_weight", "energy_drive", "energy_hypercollisions"})
    CHECK(number(direct, name) == Approx(number(krylov, name)).epsilon(0.05));
  CHECK(number(direct, "heat_flux_weight") > 0.0);
}

TEST_CASE("the free-energy terms add up to the growth rate, and drive is the only source") {
  for (const std::string route : {"direct", "krylov"}) {
    for (const std::string& species : {std::string(), kElectrons}) {
      const auto outcome = evaluated(route, 4, 8, species);
      double sum = 0.0;
      for (const std::string term :
           {"drive", "streaming", "mirror", "drifts", "end_damping", "collisions", "hypercollisions"})
        sum += number(outcome, "energy_" + term);
      CHECK(sum == Approx(number(outcome, "gamma")).epsilon(1e-5));
      CHECK(number(outcome, "energy_imbalance") < 1e-5);
      CHECK(number(outcome, "energy_drive") > number(outcome, "gamma"));
      CHECK(number(outcome, "energy_end_damping") < 0.0);
      CHECK(std::abs(number(outcome, "energy_drifts")) < 1e-12);
    }
  }
}

TEST_CASE("with kinetic electrons the particle fluxes of the species are equal") {
  for (const std::string route : {"direct", "krylov"}) {
    const auto outcome = evaluated(route, 4, 8, kElectrons);
    CHECK(number(outcome, "particle_flux_weight.ion") ==
          Approx(number(outcome, "particle_flux_weight.electron")).epsilon(1e-6));
    CHECK(number(outcome, "heat_flux_weight") ==
          Approx(number(outcome, "heat_flux_weight.ion") + number(outcome, "heat_flux_weight.electron")));
  }
}

TEST_CASE("a point without a small residual has no number but that") {
  Config config = Config::from_text(
      "workload = \"gk.linear\"\nsolver.route = \"initial-value\"\nsolver.t_end = 1.0\ngrid.nperiod = 1\n"
      "grid.ntheta = 16\nvelocity.nl = 3\nvelocity.nm = 6\noutput.free_energy = true\n",
      "test");
  const auto outcome = workload::make(config)->evaluate({}, {});
  CHECK(outcome.status == plan::Status::unconverged);
  REQUIRE(outcome.observables.size() == 1);
  CHECK(outcome.observables[0].first == "residual");
}
