#include "core/expression.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace assay;

namespace {
double eval(const char* text, double x = 0, double y = 0) {
  const double values[] = {x, y};
  return Expression::parse(text, {"x", "y"}).evaluate(values);
}
}  // namespace

TEST_CASE("precedence is that of mathematics") {
  CHECK(eval("1 + 2 * 3") == 7);
  CHECK(eval("-2^2") == -4);
  CHECK(eval("2^3^2") == 512);
  CHECK(eval("2^-1") == 0.5);
  CHECK(eval("8 / 4 / 2") == 1);
  CHECK(eval("sin(x) + 7*sin(y)^2", 1, 2) == std::sin(1.0) + 7 * std::pow(std::sin(2.0), 2));
  CHECK(eval("1e-3 + .5") == 0.501);
}

TEST_CASE("comparisons and logic give 1 or 0") {
  CHECK(eval("x > 1 and y < 2", 2, 1) == 1);
  CHECK(eval("x > 1 and y < 2", 2, 3) == 0);
  CHECK(eval("not x >= 1 or y == 3", 1, 3) == 1);
  CHECK(eval("x != 1", 1) == 0);
}

TEST_CASE("a wrong expression says what, where and the nearest name") {
  CHECK_THROWS_WITH(eval("sni(x)"),
                    Catch::Contains("unknown name \"sni\"") && Catch::Contains("did you mean \"sin\""));
  for (const char* text : {"", "1 +", "(1", "1 2", "sin x", "pow(1)", "1..2", "x y", "*", "min(1,2"}) {
    INFO(text);
    CHECK_THROWS_AS(eval(text), UserError);
  }
  CHECK_THROWS_AS(eval(std::string(100000, '(').c_str()), UserError);
  CHECK_THROWS_AS(eval(std::string(100000, '-').c_str()), UserError);
}
