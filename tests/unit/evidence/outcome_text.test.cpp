#include "evidence/outcome_text.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "core/crc32.hpp"
#include "core/error.hpp"

using namespace assay;
using evidence::append_outcome;
using evidence::parse_outcome;

namespace {

std::string text_of(const plan::Outcome& outcome) {
  std::string out;
  append_outcome(out, outcome);
  return out;
}

plan::Outcome rich_outcome() {
  plan::Outcome outcome;
  outcome.status = plan::Status::unconverged;
  outcome.message = "residual 1e-3 \"above\" 1e-8\n\xC3\xA9";
  outcome.engine = "tbb";
  outcome.tier = "host";
  outcome.wall_seconds = 0.1 + 0.2;
  outcome.observables = {{"gamma", 0.1},
                         {"not a number", std::nan("")},
                         {"minus nothing", -0.0},
                         {"pair", std::complex<double>(1.0, -HUGE_VAL)},
                         {"two", std::vector<double>{1.0, 2.0}},
                         {"none", std::vector<double>{}},
                         {"modes", std::vector<std::complex<double>>{{1, 2}, {3, 4}}},
                         {"word", std::string("nan")}};
  return outcome;
}

}  // namespace

TEST_CASE("an outcome comes back from its line as it was, every kind of value told apart") {
  const auto text = text_of(rich_outcome());
  CHECK(text.find('\n') == std::string::npos);
  const auto back = parse_outcome(text, "t");
  CHECK(text_of(back) == text);
  CHECK(back.status == plan::Status::unconverged);
  CHECK(back.message == rich_outcome().message);
  CHECK(back.wall_seconds == 0.1 + 0.2);
  REQUIRE(back.observables.size() == 8);
  CHECK(std::isnan(std::get<double>(back.observables[1].second)));
  CHECK(std::signbit(std::get<double>(back.observables[2].second)));
  CHECK(std::get<std::complex<double>>(back.observables[3].second).imag() == -HUGE_VAL);
  CHECK(std::get<std::vector<double>>(back.observables[4].second) == std::vector<double>{1.0, 2.0});
  CHECK(std::get<std::vector<double>>(back.observables[5].second).empty());
  CHECK(std::get<std::vector<std::complex<double>>>(back.observables[6].second)[1] ==
        std::complex<double>(3, 4));
  CHECK(std::get<std::string>(back.observables[7].second) == "nan");
}

TEST_CASE("a duplicate remembers whose it is, and the line of a plain outcome is short") {
  plan::Outcome outcome;
  outcome.status = plan::Status::duplicate;
  outcome.duplicate_of = 17;
  CHECK(parse_outcome(text_of(outcome), "t").duplicate_of == 17);
  outcome.status = plan::Status::ok;
  outcome.engine = "tbb";
  outcome.wall_seconds = 0.002;
  outcome.observables = {{"gamma", 0.5}};
  CHECK(text_of(outcome) == R"({"s":"ok","e":"tbb","w":0.002,"o":{"gamma":0.5}})");
}

TEST_CASE("a text that is no outcome is refused") {
  for (const char* bad :
       {"", "7", "{}", R"({"s":"done","w":0.0,"o":{}})", R"({"s":"ok","o":{}})", R"({"s":"ok","w":0.0})",
        R"({"s":"ok","w":0.0,"o":{"a":{"c":[1.0]}}})", R"({"s":"ok","w":0.0,"o":{"a":{"C":[1.0]}}})",
        R"({"s":"ok","w":0.0,"o":{"a":{"x":[1.0]}}})", R"({"s":"ok","w":0.0,"o":{"a":"word"}})"})
    CHECK_THROWS_AS(parse_outcome(bad, "t"), UserError);
}

TEST_CASE("in the machine form a complex number is a pair") {
  CHECK(to_text(evidence::value_json(plan::ObservableValue(std::complex<double>(1, 2)))) == "[1.0, 2.0]");
  CHECK(to_text(evidence::value_json(plan::ObservableValue(std::vector<std::complex<double>>{{1, 2}}))) ==
        "[\n  [1.0, 2.0]\n]");
  CHECK(to_text(evidence::value_json(Value(std::int64_t{3}))) == "3");
  CHECK(to_text(evidence::value_json(Value(3.0))) == "3.0");
}

TEST_CASE("CRC-32 is the one that everybody means") {
  CHECK(crc32("123456789") == 0xCBF43926U);
  CHECK(crc32("") == 0);
}
