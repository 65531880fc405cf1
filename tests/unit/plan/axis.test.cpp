#include "plan/axis.hpp"

#include <catch2/catch.hpp>

using namespace assay;
using namespace assay::plan;

namespace {
std::vector<double> reals(const Axis& axis) {
  std::vector<double> v;
  for (std::size_t i = 0; i < axis.size(); ++i) v.push_back(as_real(axis.at(i)));
  return v;
}
}  // namespace

TEST_CASE("a real range holds the decimals a person means") {
  CHECK(reals(Axis::parse("ky", "0.1:0.6:6")) == std::vector<double>{0.1, 0.2, 0.3, 0.4, 0.5, 0.6});
}

TEST_CASE("a log range is equally spaced in the logarithm and ends where it says") {
  CHECK(reals(Axis::parse("nu", "log:1e-3:1:4")) == std::vector<double>{1e-3, 1e-2, 1e-1, 1.0});
}

TEST_CASE("integer ranges are inclusive and cost no memory") {
  const Axis axis = Axis::parse("n", "1:1000000");
  CHECK(axis.size() == 1000000);
  CHECK(axis.at(999999) == Value(std::int64_t{1000000}));
  CHECK(axis.distinct());
}

TEST_CASE("a list keeps integers, reals and words apart") {
  const Axis axis = Axis::parse("x", "1,2.5,abc");
  CHECK(axis.at(0) == Value(std::int64_t{1}));
  CHECK(axis.at(1) == Value(2.5));
  CHECK(axis.at(2) == Value(std::string("abc")));
}

TEST_CASE("1 and 1.0 in a list are the same value") {
  CHECK_FALSE(Axis::parse("x", "1,1.0").distinct());
}

TEST_CASE("what is not an axis says what one looks like") {
  for (const char* text :
       {"", "1:", "3:1", "0.1:0.5", "0:1:0", "log:0:1:3", "1:2:3:4", "1,,2", "a:b:3", "1:2:1", "0:1:1e9"}) {
    INFO(text);
    CHECK_THROWS_AS(Axis::parse("x", text), UserError);
  }
}
