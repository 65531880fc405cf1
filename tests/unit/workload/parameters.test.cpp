#include "workload/parameters.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace assay;
using namespace assay::workload;

namespace {
std::shared_ptr<const ParameterTable> table() {
  auto t = std::make_shared<ParameterTable>();
  t->add({.key = "mode.ky",
          .alias = "ky",
          .fallback = 0.3,
          .unit = "1/rho_ref",
          .doc = "",
          .min = 0,
          .above_min = true});
  t->add({.key = "grid.n",
          .alias = "",
          .fallback = std::int64_t{32},
          .unit = "1",
          .doc = "",
          .min = 4,
          .max = 4096});
  t->add({.key = "solver.route",
          .alias = "",
          .fallback = std::string("direct"),
          .unit = "",
          .doc = "",
          .choices = {"direct", "krylov"}});
  return t;
}
ParameterSet read(const char* toml) {
  Config config = Config::from_text(toml, "x.toml");
  ParameterSet set = ParameterSet::read(config, table());
  config.reject_unknown();
  return set;
}
}  // namespace

TEST_CASE("defaults hold where the config is silent, keys and aliases set the same parameter") {
  CHECK(read("").real("mode.ky") == 0.3);
  CHECK(read("[mode]\nky = 0.5\n").real("mode.ky") == 0.5);
  CHECK(read("ky = 1\n").real("mode.ky") == 1.0);
  CHECK_THROWS_AS(read("ky = 1\nmode.ky = 2\n"), UserError);
}

TEST_CASE("impossible values, wrong types and unknown words fail with their place") {
  CHECK_THROWS_WITH(read("[mode]\nky = 0\n"), Catch::Contains("x.toml:2:6") && Catch::Contains("above 0"));
  CHECK_THROWS_WITH(read("[grid]\nn = 2.5\n"), Catch::Contains("an integer from 4 to 4096"));
  CHECK_THROWS_WITH(read("[solver]\nroute = \"krilov\"\n"), Catch::Contains("did you mean \"krylov\""));
  CHECK_THROWS_WITH(read("[mode]\nky = nan\n"), Catch::Contains("found nan"));
  CHECK_THROWS_WITH(read("[mode]\nkz = 1\n"), Catch::Contains("unknown key \"kz\""));
}

TEST_CASE("the resolved config is nested, complete and reproduces the set") {
  const ParameterSet set = read("ky = 0.5\n");
  const Json json = set.to_json();
  CHECK(json["mode"]["ky"] == 0.5);
  CHECK(json["grid"]["n"] == 32);
  Config again = Config::from_json_text(to_text(json), "resolved.json");
  CHECK(ParameterSet::read(again, table()).identity() == set.identity());
}

TEST_CASE("identity is equal exactly for equal inputs") {
  ParameterSet a = read(""), b = read("");
  CHECK(a.identity() == b.identity());
  b.set("ky", Value(0.30000000000000004));
  CHECK(a.identity() != b.identity());
  b.set("ky", Value(0.3));
  CHECK(a.identity() == b.identity());
}
