#include "core/error.hpp"

#include <catch2/catch.hpp>

#include "core/suggest.hpp"

using namespace assay;

TEST_CASE("an error shows place, line, caret, expected and what to do") {
  const UserError e(Problem{.what = "unknown key \"kappa_t\"",
                            .where = {"scan.toml", 14, 3},
                            .source_line = "  kappa_t = 6.9",
                            .caret_length = 7,
                            .expected = "one of: kappa_T"});
  CHECK(std::string(e.what()) ==
        "scan.toml:14:3: unknown key \"kappa_t\"\n"
        "  14 |   kappa_t = 6.9\n"
        "     |   ^^^^^^^\n"
        "  expected one of: kappa_T");
  CHECK(e.code() == Exit::usage);
}

TEST_CASE("the nearest name is found over case, swaps and dotted prefixes") {
  const std::vector<std::string> keys{"geometry.q", "species.ion.a_LT", "species.ion.a_Ln", "engine"};
  CHECK(nearest("a_lt", keys) == "species.ion.a_LT");
  CHECK(nearest("engien", keys) == "engine");
  CHECK(nearest("geometry.Q", keys) == "geometry.q");
  CHECK_FALSE(nearest("zzzzzzzz", keys).has_value());
}
