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
  outcome.host = "node17";
  outcome.worker = "rank 3";
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
  CHECK(back.host + " " + back.worker == "node17 rank 3");
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
  CHECK(text_of(outcome) == R"(ok - tbb 0.002 0.0 0 1 {"gamma":0.5})");
}

TEST_CASE("what a program took comes back, and names that cannot be fields do, too") {
  plan::Outcome outcome;
  outcome.status = plan::Status::ok;
  outcome.identity = "BkSYw0a8OZcSpD3_";
  outcome.engine = "process";
  outcome.wall_seconds = 0.000912;
  outcome.cpu_seconds = 0.000512;
  outcome.peak_kib = 3456;
  outcome.attempts = 3;
  CHECK(text_of(outcome) == "ok BkSYw0a8OZcSpD3_ process 0.000912 0.000512 3456 3 {}");
  CHECK(evidence::identity_in_outcome(text_of(outcome)) == outcome.identity);
  CHECK(evidence::status_in_outcome(text_of(outcome)) == plan::Status::ok);
  for (const char* name : {"", "-", "two words", "line\nend", "\xC3\xA9"}) {
    outcome.engine = outcome.identity = name;
    const auto back = parse_outcome(text_of(outcome), "t");
    CHECK(back.engine == name);
    CHECK(back.identity == name);
    CHECK(back.cpu_seconds == 0.000512);
    CHECK(back.peak_kib == 3456);
    CHECK(back.attempts == 3);
  }
}

TEST_CASE("names of observables with anything in them come back in their order") {
  plan::Outcome outcome;
  for (const char* name : {"b", "a", "with \"quotes\"", "a,b", "a:b", "back\\slash", "", "\x01"})
    outcome.observables.emplace_back(name, 1.5);
  const auto back = parse_outcome(text_of(outcome), "t");
  CHECK(back.observables == outcome.observables);
}

TEST_CASE("a text that is no outcome is refused") {
  const std::string head = "ok - tbb 0.002 0.0 0 1 ";
  CHECK_NOTHROW(parse_outcome(head + "{}", "t"));
  for (const std::string& bad : {std::string(),
                                 std::string("7"),
                                 std::string("{}"),
                                 std::string("done - tbb 0.002 0.0 0 1 {}"),
                                 std::string("ok - tbb 0.002 0.0 0 {}"),
                                 std::string("ok - tbb x 0.0 0 1 {}"),
                                 head,
                                 head + "[]",
                                 head + "[{}]",
                                 head + "[{},[]]",
                                 head + "[1,{}]",
                                 head + R"({"a":1.0,"a":2.0})",
                                 head + R"({"a":1.0,})",
                                 head + R"({"a":})",
                                 head + R"({"a":1.0)",
                                 head + R"({"a":{"c":[1.0]}})",
                                 head + R"({"a":{"C":[1.0]}})",
                                 head + R"({"a":{"x":[1.0]}})",
                                 head + R"({"a":"word"})",
                                 head + R"({"a":nan})"})
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
