#include "core/number.hpp"

#include <catch2/catch.hpp>
#include <clocale>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

using assay::number_text;
using assay::parse_double;
using assay::parse_int64;

namespace {

std::uint64_t bits(double value) {
  std::uint64_t out = 0;
  std::memcpy(&out, &value, sizeof out);
  return out;
}

}  // namespace

TEST_CASE("a double prints in the shortest form and is recognisable as a double") {
  CHECK(number_text(1.0) == "1.0");
  CHECK(number_text(-0.0) == "-0.0");
  CHECK(number_text(0.1) == "0.1");
  CHECK(number_text(0.1 + 0.2) == "0.30000000000000004");
  CHECK(number_text(1e-5) == "1e-05");
  CHECK(number_text(1e300) == "1e+300");
  CHECK(number_text(std::numeric_limits<double>::denorm_min()) == "5e-324");
  CHECK(number_text(std::nan("7")) == "nan");
  CHECK(number_text(-std::numeric_limits<double>::infinity()) == "-inf");
  CHECK(number_text(std::int64_t{-7}) == "-7");
}

TEST_CASE("a hundred thousand random bit patterns survive the way to text and back") {
  std::mt19937_64 random(20261121);
  for (int i = 0; i < 100000; ++i) {
    const auto pattern = random();
    double value = 0;
    std::memcpy(&value, &pattern, sizeof value);
    const auto back = parse_double(number_text(value));
    REQUIRE(back);
    if (std::isnan(value)) {
      REQUIRE(std::isnan(*back));
    } else {
      REQUIRE(bits(*back) == pattern);
    }
  }
}

TEST_CASE("only a whole text that is a number reads as a double") {
  for (const char* bad : {"", " 1", "1 ", "+1", "1,5", "0x10", "infinity", "nan(7)", "-nan", "NaN", "1e", "--1",
                          "-", "1e400", "-1e400", "1.0f", "1e99999999999999999999"})
    CHECK_FALSE(parse_double(bad));
  CHECK(parse_double("1e-400") == 0.0);
  CHECK(std::signbit(*parse_double("-1e-400")));
  CHECK(parse_double("0e99999999999999999999") == 0.0);
  CHECK(parse_double("1e-99999999999999999999") == 0.0);
  CHECK(parse_double("000000000000000000000000000000000000000000000.1e2") == 10.0);
  CHECK(std::isnan(*parse_double("nan")));
}

TEST_CASE("integers read whole or not at all") {
  CHECK(parse_int64("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
  for (const char* bad : {"", "9223372036854775808", "1.0", "1e3", " 1", "+1", "0x1"})
    CHECK_FALSE(parse_int64(bad));
}

TEST_CASE("a locale with a decimal comma changes nothing") {
  const std::string before = std::setlocale(LC_NUMERIC, nullptr);
  if (std::setlocale(LC_NUMERIC, "de_DE.UTF-8") == nullptr)
    WARN("no de_DE.UTF-8 locale here; the C locale is tested");
  CHECK(number_text(0.5) == "0.5");
  CHECK(parse_double("0.5") == 0.5);
  std::setlocale(LC_NUMERIC, before.c_str());
}
