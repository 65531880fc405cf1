#include "core/config.hpp"

#include <catch2/catch.hpp>

using namespace assay;

TEST_CASE("keys are flattened in file order and know their line and column") {
  Config c = Config::from_text("workload = \"w\"\n[b]\nz = 1\ny = [1, 2.5]\n", "x.toml");
  const auto* z = c.take("b.z");
  REQUIRE(z != nullptr);
  CHECK(to_text(z->value_pos) == "x.toml:3:5");
  CHECK(c.take("b.y")->list()->size() == 2);
  CHECK(c.take("absent") == nullptr);
}

TEST_CASE("an unknown key is an error with its place and the nearest known key") {
  Config c = Config::from_text("[geometry]\ns_hta = 0.8\n", "x.toml");
  c.take("geometry.s_hat");
  c.take("geometry.q");
  CHECK_THROWS_WITH(c.reject_unknown(), Catch::Contains("x.toml:2:1: unknown key \"s_hta\" in [geometry]") &&
                                            Catch::Contains("did you mean \"s_hat\"?"));
}

TEST_CASE("--set reads TOML values and bare words") {
  Config c = Config::from_text("", "x.toml");
  c.set("a.b=1.5");
  c.set("a.c=tbb");
  c.set("a.d=[1, 2]");
  CHECK(read_real(c, "a.b", 0) == 1.5);
  CHECK(read_text(c, "a.c", "") == "tbb");
  CHECK(c.take("a.d")->list()->size() == 2);
  CHECK_THROWS_AS(c.set("nokey"), UserError);
}

TEST_CASE("wrong types and impossible values name what was expected and found") {
  Config c = Config::from_text("n = \"three\"\n", "x.toml");
  CHECK_THROWS_WITH(read_integer(c, "n", 1, 1, 9), Catch::Contains("x.toml:1:5") &&
                                                       Catch::Contains("an integer from 1 to 9") &&
                                                       Catch::Contains("found \"three\""));
}

TEST_CASE("invalid TOML points at the place") {
  CHECK_THROWS_WITH(Config::from_text("a = \nb = 1\n", "x.toml"), Catch::Contains("x.toml:1"));
}

TEST_CASE("an artifact is a config: its config part reproduces the run") {
  Config c = Config::from_json_text(
      R"({"schema": "assay/scan/v1", "config": {"workload": "w", "g": {"q": 1.4}}})", "a.json");
  CHECK(read_real(c, "g.q", 0) == 1.4);
  CHECK(read_text(c, "workload", "") == "w");
}
