#include "core/version.hpp"

#include <catch2/catch.hpp>

TEST_CASE("the version is the project's, three numbers with dots") {
  const std::string v(assay::version());
  REQUIRE(std::count(v.begin(), v.end(), '.') == 2);
}
