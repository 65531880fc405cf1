// What the writers give to other programs, with names and words that are awkward in each format.
// SPDX-License-Identifier: MIT
#include "report/formats.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "core/file.hpp"
#include "core/schema.hpp"

using namespace assay;
using namespace assay::report;

namespace {

Report awkward() {
  Report report;
  report.tool = "assay check-claims";
  report.rules = {{"value-mismatch", "differs", "rewrite it", Level::error},
                  {"aged", "old", "measure", Level::warning}};
  Finding wrong;
  wrong.rule = "value-mismatch";
  wrong.place = {"docs/a b,c:d%é.md", 3, 5, 3, 9};
  wrong.subject = "scan";
  wrong.message = "says \"3<4\" & more\nthan that, 50% of it: \x01";
  wrong.hint = "write 3";
  wrong.source_line = "The é is 3.14x faster";
  wrong.fingerprint = std::string(64, 'a');
  wrong.fixes = {{10, 4, "3.1", wrong.place}};
  wrong.related = {{{"artifacts/x.json", 2, 1, 0, 0}, "the evidence"}};
  Finding excused = wrong;
  excused.subject.clear();
  excused.suppression = Suppression{"inSource", "measured by others"};
  excused.baseline_state = "unchanged";
  Finding whole{.rule = "aged",
                .level = Level::warning,
                .place = {"b.md"},
                .subject = {},
                .message = "old\xff",
                .hint = {},
                .source_line = {},
                .fingerprint = {},
                .fixes = {},
                .related = {},
                .suppression = {},
                .baseline_state = {}};
  report.findings = {wrong, excused, whole};
  report.checks = {{"scan", {"claims.toml", 1, 1, 0, 0}, "contradicted", {wrong.message}},
                   {"other", {"claims.toml", 9, 1, 0, 0}, "supported", {}}};
  return report;
}

}  // namespace

TEST_CASE("SARIF keeps its own rules") {
  const Schema schema(parse_json(read_file(SARIF_RULES), "sarif.schema.json"), "sarif.schema.json");
  const auto log = to_sarif(awkward());
  for (const auto& error : schema.validate(log)) FAIL_CHECK(error.instance << ": " << error.message);
  const auto& results = log["runs"][0]["results"];
  REQUIRE(results.size() == 3);
  CHECK(results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] ==
        "docs/a%20b%2Cc%3Ad%25%C3%A9.md");
  CHECK(results[0]["fixes"][0]["artifactChanges"][0]["replacements"][0]["deletedRegion"]["endColumn"] == 9);
  CHECK(results[0]["ruleIndex"] == 0);
  CHECK_FALSE(results[0].contains("suppressions"));
  CHECK(results[1]["suppressions"][0]["justification"] == "measured by others");
  CHECK(results[2]["level"] == "warning");
  auto broken = log;
  broken["runs"][0]["results"][0]["level"] = "fatal";
  CHECK(schema.validate(broken).size() == 1);
}

TEST_CASE("JUnit has a case for each check, escapes what XML cannot hold, and leaves excused findings out") {
  const auto xml = to_junit(awkward());
  CHECK(xml.find("tests=\"3\" failures=\"2\"") != std::string::npos);
  CHECK(xml.find("name=\"other\" file=\"claims.toml\" line=\"9\"/>") != std::string::npos);
  CHECK(xml.find("says &quot;3&lt;4&quot; &amp; more&#10;than that, 50% of it: \xef\xbf\xbd") !=
        std::string::npos);
  CHECK(xml.find("old\xef\xbf\xbd") != std::string::npos);
  CHECK(xml.find("measured by others") == std::string::npos);
}

TEST_CASE("annotations escape what ends a command, errors first") {
  auto report = awkward();
  std::swap(report.findings[0], report.findings[2]);
  const auto text = to_github_annotations(report);
  CHECK(
      text.rfind(
          "::error file=docs/a b%2Cc%3Ad%25é.md,line=3,col=5,endColumn=9,title=value-mismatch::says \"3<4\" & "
          "more%0Athan that, 50%25 of it: \x01%0Awrite 3\n",
          0) == 0);
  CHECK(text.find("::warning file=b.md,line=1,title=aged::old\xff\n") != std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
}

TEST_CASE("the step summary counts and lists") {
  const auto text = to_step_summary(awkward());
  CHECK(text.find("1 errors, 1 warnings, 0 notes") != std::string::npos);
  CHECK(text.find("| contradicted | 1 |") != std::string::npos);
  CHECK(text.find("| `b.md` | aged | old") != std::string::npos);
}

TEST_CASE("text shows the place with a caret under the code points, and no excused finding") {
  const auto text = to_text(awkward().findings);
  CHECK(text.rfind("docs/a b,c:d%é.md:3:5: error: ", 0) == 0);
  CHECK(text.find("    | The é is 3.14x faster\n    |     ^^^^\n") != std::string::npos);
  CHECK(text.find("artifacts/x.json:2:1: the evidence") != std::string::npos);
  CHECK(text.find("b.md: warning: old") != std::string::npos);
}
