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

TEST_CASE("of a long line an error shows what stands around its place") {
  const std::string line = std::string(200, 'a') + "\u00e4\x1b[2J" + std::string(1'000'000, 'b');
  const UserError e(Problem{.what = "bad", .where = {"f", 1, 202}, .source_line = line});
  CHECK(std::string(e.what()) == "f:1:202: bad\n  1 | ..." + std::string(59, 'a') + "\u00e4?[2J" +
                                     std::string(96, 'b') + "...\n    | " + std::string(63, ' ') + "^");
  const UserError first(Problem{.what = "bad", .where = {"f", 1, 1}, .source_line = line});
  CHECK(std::string(first.what()) == "f:1:1: bad\n  1 | " + std::string(160, 'a') + "...\n    | ^");
}

TEST_CASE("the nearest name is found over case, swaps and dotted prefixes") {
  const std::vector<std::string> keys{"geometry.q", "species.ion.a_LT", "species.ion.a_Ln", "engine"};
  CHECK(nearest("a_lt", keys) == "species.ion.a_LT");
  CHECK(nearest("engien", keys) == "engine");
  CHECK(nearest("geometry.Q", keys) == "geometry.q");
  CHECK_FALSE(nearest("zzzzzzzz", keys).has_value());
}
