// The page is whole, escapes whatever a document says, and is the same bytes for the same documents.
// SPDX-License-Identifier: MIT
#include "page/page.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "page/html.hpp"

using namespace assay;
using namespace assay::page;
using Catch::Contains;

namespace {

std::string page_of(const Json& document, std::vector<std::string> problems = {}) {
  return to_html(Page{
      .title = "T",
      .entries = {{.path = "a.json", .document = &document, .picture = {}, .problems = std::move(problems)}}});
}

std::size_t occurrences(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

const Json kScan = {
    {"schema", "assay/scan/v1"},
    {"config", {{"workload", "formula"}}},
    {"results",
     {{{"index", 0}, {"point", {{"ky", 0.1}}}, {"status", "ok"}, {"observables", {{"y", 0.123456789}}}},
      {{"index", 1}, {"point", {{"ky", 0.2}}}, {"status", "failed"}, {"observables", Json::object()}}}}};

}  // namespace

TEST_CASE("a hostile document can make no element, attribute or address") {
  const std::string evil = "</td><script>alert(1)</script>\" onload=\"x' & \x01";
  Json document = kScan;
  document[evil] = evil;
  document["results"][0]["point"][evil] = evil;
  document["results"][0]["status"] = evil;
  document["verdicts"] = {{{"gate", evil}, {"verdict", evil}, {"blockers", {evil}}}};
  const auto html = page_of(document, {evil});
  CHECK(html.find("<script") == std::string::npos);
  CHECK(html.find("onload=\"") == std::string::npos);
  CHECK(html.find('\x01') == std::string::npos);
  CHECK_THAT(html, Contains("&lt;script&gt;"));
}

TEST_CASE("nothing is fetched") {
  const auto html = page_of(kScan);
  for (const char* way : {"http:", "https:", "src=\"/", "@import", "url("})
    CHECK(html.find(way) == std::string::npos);
}

TEST_CASE("every element that is opened is closed") {
  Json document = kScan;
  document["measurements"] = {
      {{"name", "a"}, {"unit", "s"}, {"estimate", 1.5}, {"samples", {{"wall_s", {1.0, 2.0}}}}}};
  document["verdicts"] = {{{"gate", "bench.paired"},
                           {"verdict", "regressed"},
                           {"ratio", 1.2},
                           {"interval", {1.1, 1.3}},
                           {"effect", 0.05},
                           {"blockers", {"why"}}}};
  const auto html = page_of(document);
  for (const std::string name :
       {"table", "thead", "tbody", "tr", "td", "th", "div", "p", "section", "details", "svg", "span"})
    CHECK(occurrences(html, "<" + name + ">") + occurrences(html, "<" + name + " ") ==
          occurrences(html, "</" + name + ">"));
  CHECK(html.find("<svg") != std::string::npos);
}

TEST_CASE("the overview counts, the worst first, and a broken document is marked") {
  const auto words = words_of(kScan);
  REQUIRE(words.size() == 2);
  CHECK(words[0] == std::pair<std::string, std::size_t>{"failed", 1});
  CHECK(words[1].first == "ok");
  CHECK_THAT(page_of(kScan, {"sha256 does not fit"}), Contains("<p class=\"problem\">sha256 does not fit</p>"));
  CHECK(tone_of("equivalent") == Tone::good);
  CHECK(tone_of("inconclusive") == Tone::open);
  CHECK(tone_of("a word that nobody knows") == Tone::open);
}

TEST_CASE("numbers are rounded for the eye, and exact where one points") {
  CHECK_THAT(page_of(kScan), Contains("<span title=\"0.123456789\">0.123457</span>"));
}

TEST_CASE("long lists are cut, and say so") {
  Json document = kScan;
  for (int i = 2; i < 500; ++i) document["results"].push_back(document["results"][0]);
  CHECK_THAT(page_of(document), Contains("400 more in the document"));
  document = {{"schema", "assay/x/v1"}, {"list", std::vector<int>(1000, 7)}};
  CHECK_THAT(page_of(document), Contains("(1000 values)"));
}

TEST_CASE("the same documents give the same bytes") {
  CHECK(page_of(kScan) == page_of(kScan));
}

TEST_CASE("a measurement is tied to the gate of its definition, its proof, and the claims that rest on it") {
  const auto gate = [](const char* definition, bool proof) {
    Json trial = {{"gate", "g"}, {"definition_sha256", definition}, {"verdict", "pass"}};
    if (proof) {
      trial["proof"] = {{"fit", true},
                        {"kills",
                         {{{"fault", "nan"}, {"place", "[1]"}, {"caught", true}},
                          {{"fault", "swapped"}, {"place", ""}, {"caught", false}}}}};
    }
    return Json{{"schema", "assay/gate/v1"}, {"trials", {trial}}};
  };
  const Json bench = {{"schema", "assay/bench/v1"},
                      {"identity", {{"gate", "g"}, {"definition_sha256", "one"}}},
                      {"measurements", {{{"name", "a"}}}}};
  const Json passes = gate("one", false), other = gate("two", false), proof = gate("one", true);
  const Json claims = {{"schema", "assay/check-claims/v1"},
                       {"claims",
                        {{{"id", "faster"}, {"state", "supported"}, {"source", "bench.json"}},
                         {{"id", "elsewhere"}, {"state", "supported"}, {"source", "h.json"}}}}};
  Page page{.title = "T", .entries = {}};
  page.entries = {{"e/bench.json", &bench, {}, {}},
                  {"e/passes.json", &passes, {}, {}},
                  {"e/other.json", &other, {}, {}},
                  {"e/proof.json", &proof, {}, {}},
                  {"e/claims.json", &claims, {}, {}}};
  const std::string html = chains(page);
  CHECK_THAT(html, Contains("href=\"#document-1\"") && Contains("href=\"#document-2\""));
  CHECK_THAT(html, Contains("href=\"#document-4\"") && Contains("faster"));
  CHECK_THAT(html, !Contains("#document-3") && !Contains("elsewhere"));
  CHECK_THAT(body_of(page.entries[3]), Contains("1 of 1 planted faults caught") && Contains("no hold"));
  page.entries.erase(page.entries.begin() + 1, page.entries.end());
  CHECK_THAT(chains(page), Contains("not among these documents"));
  const Json broken = {{"identity", 3}, {"trials", {1, {{"proof", 2}}}}, {"measurements", {1}}, {"modes", 7}};
  page.entries = {{"broken.json", &broken, {}, {}}};
  CHECK(chains(page).empty());
}
