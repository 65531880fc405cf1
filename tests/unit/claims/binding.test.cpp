// A page whose numbers are bound cannot go wrong unnoticed.
// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cctype>

#include "binding_page.hpp"

using namespace assay::claims;
using namespace assay::claims::test;

namespace {

std::string rules_for(const std::string& page, const std::string& ledger = ledger_text,
                      const std::string& bench = bench_text) {
  const Folder folder;
  folder.write_page();
  folder.write("page.md", page);
  folder.write("claims.toml", ledger);
  folder.write("bench.json", bench);
  return rules_of(folder.check());
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

// Digits that a reader sees: not those of the markers and code.
bool is_marker_line_part(const std::string& page, std::size_t at) {
  const auto open = page.rfind("<!--", at), close = page.find("-->", at);
  return open != std::string::npos && close != std::string::npos && page.find("-->", open) == close;
}

}  // namespace

TEST_CASE("a page that says what the evidence says has no finding") {
  const Folder folder;
  folder.write_page();
  const auto report = folder.check();
  INFO(to_text(report, folder.options()));
  CHECK(rules_of(report).empty());
  CHECK(report.coverage().bound > 3);
  CHECK(exit_of(report, folder.options()) == assay::Exit::ok);
}

TEST_CASE("any digit of a bound page, changed to any other, is noticed") {
  const Folder folder;
  folder.write_page();
  std::size_t tried = 0;
  for (std::size_t at = 0; at < page_text.size(); ++at) {
    if (!std::isdigit(static_cast<unsigned char>(page_text[at])) || is_marker_line_part(page_text, at))
      continue;
    for (char digit = '0'; digit <= '9'; ++digit) {
      if (digit == page_text[at]) continue;
      auto page = page_text;
      page[at] = digit;
      folder.write("page.md", page);
      const auto report = folder.check();
      INFO("byte " << at << " becomes " << digit << ": " << page.substr(at - 10, 20));
      CHECK_FALSE(rules_of(report).empty());
      ++tried;
    }
  }
  CHECK(tried > 250);
}

TEST_CASE("a digit lost, doubled or a figure swapped with its neighbour is noticed") {
  for (std::size_t at = 0; at < page_text.size(); ++at) {
    if (!std::isdigit(static_cast<unsigned char>(page_text[at])) || is_marker_line_part(page_text, at))
      continue;
    auto lost = page_text, doubled = page_text;
    lost.erase(at, 1);
    doubled.insert(at, 1, page_text[at]);
    INFO("byte " << at << ": " << page_text.substr(at - 10, 20));
    const auto next = page_text[at + 1], before = page_text[at - 1];
    const bool leading_zero =
        page_text[at] == '0' && next == '.' && !std::isdigit(static_cast<unsigned char>(before));
    const bool only_less_precise =
        page_text.find('.', at - 4) < at && !std::isdigit(static_cast<unsigned char>(next));
    if (!leading_zero) CHECK_FALSE(rules_for(doubled).empty());
    if (!only_less_precise && !leading_zero) CHECK_FALSE(rules_for(lost).empty());
  }
  CHECK_FALSE(rules_for(replaced(page_text, "1,182/1,190", "1,190/1,182")).empty());
}

TEST_CASE("a changed value of the evidence is noticed") {
  CHECK(rules_for(page_text, ledger_text, replaced(bench_text, "3.147", "3.247")) == "value-mismatch ");
  CHECK(rules_for(page_text, ledger_text, replaced(bench_text, "4.4e-12", "\"nan\"")) == "value-missing ");
}

TEST_CASE("words of the scope must stand near the claim") {
  CHECK(rules_for(replaced(page_text, "of an H200", "")) == "scope-missing ");
  CHECK(rules_for(replaced(page_text, "# Page", "# Page on an H200")).empty());
}

TEST_CASE("direction, bounds and units are compared") {
  CHECK(rules_for(replaced(page_text, "faster", "slower")) == "direction-mismatch ");
  CHECK(rules_for(replaced(page_text, "23.1 ms", "0.0231 s")).empty());
  CHECK(rules_for(replaced(page_text, "23.1 ms", "23.1 s")) == "value-mismatch ");
  CHECK(rules_for(replaced(page_text, "23.1 ms", "23.1 GB")) == "no-figure unbound-figure ");
  CHECK(rules_for(replaced(page_text, "**3.15x**", "at least **3.02x**")).empty());
  CHECK(rules_for(replaced(page_text, "**3.15x**", "at least **3.03x**")) == "overclaim ");
  CHECK(rules_for(replaced(page_text, "**3.15x**", "at least **2x**")) == "underclaim ");
  CHECK(rules_for(replaced(page_text, "**3.15x**", "about 3x")).empty());
  CHECK(rules_for(replaced(page_text, "**3.15x**", "about 4x")) == "value-mismatch ");
  CHECK(rules_for(replaced(page_text, "**3.15x**", "215 %")).empty());
  CHECK(rules_for(replaced(page_text, "**3.15x** faster", "in 68 % less time, faster")).empty());
}

TEST_CASE("gates must have passed, at the level and on the same artifact") {
  CHECK(rules_for(page_text, ledger_text, replaced(bench_text, "\"level\": \"I1\"", "\"level\": \"I3\"")) ==
        "gate-failed ");
  const auto failed = rules_for(page_text, ledger_text,
                                replaced(bench_text, "\"verdict\": \"pass\"", "\"verdict\": \"blocked\""));
  CHECK(failed.find("gate-failed") != std::string::npos);
  CHECK(failed.find("value-mismatch") != std::string::npos);  // the claim of identity itself
  const auto outside = replaced(ledger_text, R"(["pass", "I2"])", R"([{gate = "gate.json", level = "I2"}])");
  CHECK(rules_for(page_text, outside) == "gate-missing ");
  const Folder folder;
  folder.write_page();
  folder.write("claims.toml", outside);
  folder.write("gate.json", R"({"verdicts": [{"verdict": "pass", "level": "I1"}], "inputs": []})");
  CHECK(rules_of(folder.check()) == "gate-other-artifact ");
  const auto basis = folder.check().basis;
  folder.write("gate.json", R"({"verdicts": [{"verdict": "pass", "level": "I1"}], "inputs": [{"sha256": ")" +
                                basis->evidence[0].sha256 + "\"}]}");
  CHECK(rules_of(folder.check()).empty());
}

TEST_CASE("what the evidence was made from must not have changed") {
  const auto with_inputs = "{\"inputs\": [{\"path\": \"scan.csv\", \"sha256\": \"" + std::string(64, '0') +
                           "\"}], " + bench_text.substr(1);
  const auto rules = rules_for(page_text, ledger_text, with_inputs);
  CHECK(rules.find("stale-artifact") != std::string::npos);
  CHECK(rules.find("mismatch") == std::string::npos);
  const auto depends = replaced(ledger_text, "scope = [\"0.3\"]",
                                "scope = [\"0.3\"]\ndepends = [\"*.xml\"]\ndepends-sha256 = \"00\"");
  CHECK(rules_for(page_text, depends) == "stale-artifact ");
  const auto old = replaced(ledger_text, "unit = \"x\"", "unit = \"x\"\nmax-age = 30");
  CHECK(rules_for(page_text, old) == "aged ");
  CHECK(rules_for(page_text, old, "{\"date\": \"2001-01-01\"," + bench_text.substr(1)) == "aged ");
}

TEST_CASE("a source that is not here is missing, or unverifiable when the ledger pins it") {
  const auto moved = replaced(ledger_text, "bench.json#/error", "gone.json#/error");
  CHECK(rules_for(page_text, moved) == "artifact-missing ");
  const auto pinned =
      replaced(moved, "gone.json#/error\"", "gone.json#/error\"\nsha256 = \"" + std::string(64, 'a') + "\"");
  CHECK(rules_for(page_text, pinned) == "unverifiable-here ");
  const Folder folder;
  folder.write_page();
  folder.write("claims.toml", pinned);
  CHECK(exit_of(folder.check(), folder.options()) == assay::Exit::inconclusive);
}

TEST_CASE("markers that lead nowhere are findings") {
  CHECK(rules_for(replaced(page_text, "claim: gamma", "claim: gama")).find("unknown-id") != std::string::npos);
  CHECK(rules_for(page_text + "\n<!-- claim: gamma -->\n") == "empty-marker ");
  CHECK(rules_for(page_text + "\n<!-- claims-ingore: speed -->\n") == "malformed-marker ");
  CHECK(rules_for("# Page\n\nIt is red.\n\n<!-- /claim -->\n") == "malformed-marker ");
  CHECK(rules_for(page_text + "\n<!-- claims below were measured in May -->\n").empty());
}

TEST_CASE("hidden text can neither make nor excuse a claim") {
  const std::string claim = "\nIt is 50x faster.\n";
  const std::string excuse = "<!-- claims-ignore: speed reason=\"measured by others\" -->";
  CHECK(rules_for("# Page\n\n" + excuse + claim).empty());
  CHECK(rules_for("# Page\n\n```\n" + excuse + "\n```\n" + claim) == "unbound-quantified ");
  CHECK(rules_for("# Page\n\n`" + excuse + "`\n" + claim) == "unbound-quantified ");
  CHECK(rules_for("# Page\n\n    " + excuse + "\n" + claim) == "unbound-quantified ");
  CHECK(rules_for("# Page\n\n<pre>" + excuse + "</pre>\n" + claim) == "unbound-quantified ");
  CHECK(rules_for("# Page\n\n<img alt='" + excuse + "'>\n" + claim).find("unbound-quantified ") !=
        std::string::npos);
  CHECK(rules_for("# Page\n\n<!-- <!-- claims-ignore: speed reason=\"measured by others\" -->\n" + claim)
            .find("unbound-quantified") != std::string::npos);
  CHECK(rules_for("# Page\n\n<!-- It is 50x faster. -->\n\nNothing here.\n").empty());
}

TEST_CASE("suppressions are accountable") {
  const auto with = [](const std::string& marker, const std::string& text = "It is 50x faster.") {
    return rules_for("# Page\n\n<!-- " + marker + " -->\n" + text + "\n");
  };
  CHECK(with("claims-ignore: speed reason=\"measured by others\"").empty());
  CHECK(with("claims-ignore: unbound-quantified reason=\"measured by others\" until=2199-01-31").empty());
  CHECK(with("claims-ignore: speed reason=\"measured by others\" until=2020-01-31") ==
        "suppression-expired unbound-quantified ");
  CHECK(with("claims-ignore: speed").find("suppression-no-reason") != std::string::npos);
  CHECK(with("claims-ignore: speed reason=\"because\"").find("suppression-no-reason") != std::string::npos);
  CHECK(with("claims-ignore: speed reason=\"measured by others\"", "It is red.") == "suppression-unused ");
  CHECK(with("claims-ignore: value-mismatch reason=\"measured by others\"").find("malformed-marker") !=
        std::string::npos);
  CHECK(with("claims-ignore: speed reason=\"measured by others\" until=2027-02-31").find("malformed-marker") !=
        std::string::npos);
  CHECK(rules_for(
            "# Page\n\n<!-- claims-ignore-start: speed reason=\"measured by others\" -->\nIt is 50x faster.\n\n"
            "It is 40x faster.\n<!-- claims-ignore-end -->\n\nIt is 30x faster.\n") == "unbound-quantified ");
}

TEST_CASE("a suppression of a doubtful statement is used without --strict, too") {
  const Folder folder;
  folder.write_page();
  folder.write("page.md",
               "# Page\n\n<!-- claims-ignore: speed reason=\"names a kind of evidence\" -->\n"
               "Speed is another matter and has other evidence.\n");
  auto options = folder.options();
  const bool doubtful = folder.check().coverage().suppressed == 1;
  CHECK(doubtful);  // otherwise this test says nothing
  CHECK(rules_of(folder.check()).empty());
  options.strict = false;
  CHECK(rules_of(check(options)).empty());
}

TEST_CASE("what the manifest denies an artifact, no sentence may say") {
  const Folder page;
  page.write_page();
  page.write("manifest.toml", "[artifacts.bench]\nfile = \"bench.json\"\ndoes_not_support = [\"8 threads\"]\n");
  CHECK_THAT(rules_of(page.check()), Catch::Matchers::Contains("denied-by-manifest"));
  page.write("manifest.toml", "[artifacts.bench]\nfile = \"bench.json\"\ndoes_not_support = [\"speed\"]\n");
  CHECK_THAT(rules_of(page.check()), Catch::Matchers::Contains("denied-by-manifest"));
  page.write("manifest.toml",
             "[artifacts.bench]\nfile = \"bench.json\"\ndoes_not_support = [\"accelerators\"]\n");
  CHECK(rules_of(page.check()).empty());
  page.write("manifest.toml", "[artifacts.other]\nfile = \"other.json\"\ndoes_not_support = [\"8 threads\"]\n");
  CHECK(rules_of(page.check()).empty());
}

TEST_CASE("a claim may lean on what the manifest allows, and not on what another artifact replaces") {
  const Folder page;
  page.write_page();
  const auto manifest = [&](const std::string& entry, const std::string& more = {}) {
    page.write("manifest.toml", "[artifacts.bench]\nfile = \"bench.json\"\n" + entry + "\n" + more);
    return rules_of(page.check());
  };
  CHECK(manifest("supports = \"speed, identity: the scan of this page\"").empty());
  CHECK(manifest("supports = \"the scan: in full\"").empty());  // prose, no list of classes
  CHECK_THAT(manifest("supports = \"identity: the scan of this page\""),
             Catch::Matchers::Contains("denied-by-manifest"));
  CHECK_THAT(manifest(""), Catch::Matchers::Contains("denied-by-manifest"));  // nobody has said what it shows
  CHECK_THAT(
      manifest("supports = \"all\"", "[artifacts.later]\nfile = \"later.json\"\nsupersedes = [\"bench\"]\n"),
      Catch::Matchers::Contains("superseded"));
  CHECK_THAT(manifest("supports = \"all\"\nsha256 = \"" + std::string(64, '0') + "\""),
             Catch::Matchers::Contains("stale-artifact"));
}

TEST_CASE("a kind that answers for every class answers for none that the manifest denies") {
  const Folder page;
  page.write("bench.json", bench_text);
  page.write(
      "claims.toml",
      "[[claim]]\nid = \"any\"\nsource = \"bench.json#/measurements/[name=scan]/estimate\"\nunit = \"x\"\n");
  page.write("page.md", "# Page\n\n<!-- claim: any -->\nThe scan is 3.15x faster.\n");
  CHECK(rules_of(page.check()).empty());
  page.write("manifest.toml", "[artifacts.bench]\nfile = \"bench.json\"\nsupports = \"identity: bits\"\n");
  CHECK(rules_of(page.check()) == "unbound-quantified ");
}
