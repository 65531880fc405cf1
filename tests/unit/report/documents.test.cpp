// Verdicts, tasks and findings of documents, as checks and findings of a report.
// SPDX-License-Identifier: MIT
#include "report/documents.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "report/formats.hpp"

using namespace assay;
using namespace assay::report;
using Catch::Contains;

namespace {

Report of(const Json& document, std::vector<std::string> problems = {}) {
  return report_of({{.path = "a.json", .document = &document, .problems = std::move(problems)}});
}

}  // namespace

TEST_CASE("a verdict that holds is a check without problems") {
  const auto report =
      of({{"verdicts", {{{"gate", "g"}, {"verdict", "pass"}}, {{"gate", "h"}, {"verdict", "equivalent"}}}}});
  REQUIRE(report.checks.size() == 2);
  CHECK(report.checks[0].problems.empty());
  CHECK(report.findings.empty());
}

TEST_CASE("failed is an error, undecided a warning, and the reasons come along") {
  const auto report =
      of({{"verdicts",
           {{{"gate", "g"},
             {"verdict", "fail"},
             {"observables", {{{"name", "gamma"}, {"verdict", "fail"}, {"level", "I3"}, {"required", "I1"}}}}},
            {{"gate", "bench.paired"},
             {"verdict", "inconclusive"},
             {"candidate", "new"},
             {"reference", "old"},
             {"blockers", {"too few blocks"}}},
            {{"gate", "x"}, {"verdict", "a word of a later version"}}}}});
  REQUIRE(report.findings.size() == 3);
  CHECK(report.findings[0].level == Level::error);
  CHECK_THAT(report.findings[0].message, Contains("gamma: fail, I3 holds, I1 is required"));
  CHECK(report.findings[1].level == Level::warning);
  CHECK_THAT(report.findings[1].message, Contains("new against old: inconclusive; too few blocks"));
  CHECK(report.findings[2].level == Level::warning);  // never taken for a pass
  CHECK_THAT(to_junit(report), Contains("failures=\"3\""));
}

TEST_CASE("tasks without a result are one finding that names the first") {
  const auto report = of({{"results",
                           {{{"index", 0}, {"status", "ok"}},
                            {{"index", 1}, {"status", "unconverged"}},
                            {{"index", 2}, {"status", "failed"}}}}});
  REQUIRE(report.findings.size() == 1);
  CHECK_THAT(report.findings[0].message, Contains("2 of 3 tasks have no result, the first is task 1"));
}

TEST_CASE("findings of a checker keep their place, and a changed document is an error of its own") {
  const auto report = of({{"findings",
                           {{{"rule", "unsupported"},
                             {"level", "warning"},
                             {"file", "README.md"},
                             {"line", 3},
                             {"column", 7},
                             {"message", "m"}}}}},
                         {"sha256 does not fit"});
  REQUIRE(report.findings.size() == 2);
  CHECK(report.findings[0].rule == "document-changed");
  CHECK(report.findings[0].level == Level::error);
  CHECK(to_text(report.findings[1].place) == "README.md:3:7");
  CHECK(report.rules.size() == 2);
  CHECK(to_sarif(report)["runs"][0]["results"].size() == 2);
}
