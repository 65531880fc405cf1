#include <catch2/catch.hpp>

#include "gate/files.hpp"
#include "unit/gate/folder.hpp"

using namespace assay;
using namespace assay::gate;
using assay::test::Folder;

namespace {

GateReport json(std::string_view a, std::string_view b, const char* level = "bit") {
  const Folder folder;
  return compare_files(folder.write("a.json", a), folder.write("b.json", b), Rules(parse_level(level)));
}

}  // namespace

TEST_CASE("documents are equal as values: order of keys and layout do not count") {
  const GateReport r = json(R"({"a": [1, 2.5, 3e2], "b": {"c": "x", "d": true}})",
                            R"({"b":{"d":true,"c":"x"},"a":[1.0,25e-1,300]})");
  CHECK(r.verdict == Verdict::pass);
  CHECK(r.observables.size() == 3);
}

TEST_CASE("indices are folded into one observable and the difference keeps its own pointer") {
  const GateReport r =
      json(R"({"results": [{"g": 1.0}, {"g": 2.0}]})", R"({"results": [{"g": 1.0}, {"g": 2.5}]})");
  CHECK(r.verdict == Verdict::fail);
  REQUIRE(r.observables.size() == 1);
  CHECK(r.observables[0].name == "/results/*/g");
  CHECK(r.observables[0].first->where == "/results/1/g");
  CHECK(r.observables[0].tally.compared == 2);
}

TEST_CASE("missing branches, other types, null and NaN fail") {
  CHECK(json(R"({"a": 1, "b": [1, 2]})", R"({"a": 1})", "norm:1").verdict == Verdict::fail);
  CHECK(json(R"({"a": [1, 2, 3]})", R"({"a": [1, 2]})", "norm:1").verdict == Verdict::fail);
  CHECK(json(R"({"a": 1})", R"({"a": "1"})", "norm:1").verdict == Verdict::fail);
  CHECK(json(R"({"a": 1})", R"({"a": [1]})", "norm:1").verdict == Verdict::fail);
  CHECK(json(R"({"a": null})", R"({"a": null})").verdict == Verdict::fail);
  CHECK(json(R"({"a": "nan"})", R"({"a": "nan"})").verdict == Verdict::fail);
  CHECK(json(R"({"a": "inf"})", R"({"a": "inf"})").verdict == Verdict::pass);
  CHECK(json("{}", "{}").verdict == Verdict::blocked);
  CHECK(json("[]", "{}").verdict == Verdict::fail);
  CHECK(json("3", "3").verdict == Verdict::pass);
  CHECK(json("[9007199254740993]", "[9007199254740992]", "ulp:4").verdict == Verdict::fail);
}

TEST_CASE("artifacts are compared without their provenance, other documents with it") {
  const char* a = R"({"schema": "assay/scan/v1", "provenance": {"host": "x"}, "results": [1.0]})";
  const char* b = R"({"schema": "assay/scan/v1", "provenance": {"host": "y"}, "results": [1.0]})";
  CHECK(json(a, b).verdict == Verdict::pass);
  CHECK(json(R"({"provenance": 1})", R"({"provenance": 2})").verdict == Verdict::fail);
}

TEST_CASE("hostile documents are errors") {
  CHECK_THROWS_AS(json("{\"a\": 1e400}", "{\"a\": 1}"), UserError);
  CHECK_THROWS_AS(json("{\"a\": 1, \"a\": 2}", "{\"a\": 1}"), UserError);
  CHECK_THROWS_AS(json("{\"a\": ", "{\"a\": 1}"), UserError);
  CHECK_THROWS_AS(json(std::string(100000, '['), "[]"), UserError);
}
