#include "gate/level.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "core/error.hpp"
#include "gate/ulp.hpp"

using namespace assay;
using namespace assay::gate;

TEST_CASE("a level reads back from its own text") {
  for (const char* text :
       {"byte", "bit", "value", "ulp:4", "scaled:0", "tol:1e-10", "tol:1e-06,1e-12", "norm", "norm:1e-12"}) {
    CHECK(to_text(parse_level(text)) == text);
  }
  CHECK(rung(parse_level("tol:0").level) == "I5");
  CHECK(parse_level("tol:1e-3,5").ladder.atol == 5.0);
}

TEST_CASE("a level that cannot be read is an error that says what is due") {
  for (const char* text : {"", "bitwise", "ulp", "ulp:", "ulp:-1", "ulp:2.5", "tol", "tol:nan", "tol:-1",
                           "tol:1e-3x", "tol:inf", "bit:3", "norm:", "tol:1,,2"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_level(text), UserError);
  }
  CHECK_THROWS_WITH(parse_level("vlaue"), Catch::Contains("did you mean \"value\""));
}

TEST_CASE("ulp distance counts neighbours across zero and never overflows") {
  constexpr double tiny = std::numeric_limits<double>::denorm_min();
  constexpr double huge = std::numeric_limits<double>::max();
  CHECK(ulp_distance(1.0, std::nextafter(1.0, 2.0)) == 1);
  CHECK(ulp_distance(0.0, -0.0) == 0);
  CHECK(ulp_distance(-tiny, tiny) == 2);
  CHECK(ulp_distance(1.0f, std::nextafter(1.0f, 0.0f)) == 1);
  CHECK(ulp_distance(-huge, huge) == 2 * 0x7fefffffffffffffULL);
  CHECK(ulp_distance(huge, -huge) == 2 * 0x7fefffffffffffffULL);
  CHECK(ulp_of(1.0) == std::numeric_limits<double>::epsilon());
  CHECK(ulp_of(1.0f) == static_cast<double>(std::numeric_limits<float>::epsilon()));
  CHECK(ulp_of(0.0) == tiny);
  CHECK(ulp_of(huge) == 0x1p971);
}
