// Any bytes as document, ledger or evidence: read, or refused with a UserError. What is found lies inside of
// the file, and a fix touches digits and generated text only. Mutations of a committed corpus, each by its
// printed seed; a fixed number of them, so that the run is bounded and the same everywhere.
// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "claims/baseline.hpp"
#include "claims/changes.hpp"
#include "claims/fix.hpp"
#include "core/file.hpp"
#include "support/temporary_folder.hpp"

using namespace assay;
using namespace assay::claims;

namespace fs = std::filesystem;

namespace {

const fs::path corpus = "tests/property/claims-corpus";

// Pieces that mean something to a reader, a marker or the ledger.
const std::vector<std::string>& pieces() {
  static const std::vector<std::string> all{"<!--",
                                            "-->",
                                            "claim:",
                                            "/claim",
                                            "claims-ignore:",
                                            "reason=\"",
                                            "until=2030-02-30",
                                            "claim-table: t",
                                            "|",
                                            "\n",
                                            "\r\n",
                                            "\r",
                                            "`",
                                            "```\n",
                                            "    ",
                                            "- ",
                                            "> ",
                                            "**",
                                            "&times;",
                                            "&#0;",
                                            "<pre>",
                                            "</pre>",
                                            "<td>",
                                            "</table>",
                                            "\\claim{",
                                            "}",
                                            "\\begin{tabular}",
                                            "$",
                                            ".. ",
                                            "::",
                                            ":claim:`",
                                            "\xff",
                                            "\xe2\x81",
                                            "\xef\xbb\xbf",
                                            std::string(1, '\0'),
                                            "3.15x",
                                            "1e-12",
                                            "10⁻¹²",
                                            "1,182/1,190",
                                            "–",
                                            "×",
                                            "999999999999999999999",
                                            "1e999",
                                            ".",
                                            "nan",
                                            "[",
                                            "]]",
                                            "\"",
                                            "= ",
                                            "{",
                                            "#/",
                                            "~1",
                                            "[name=",
                                            "\\u0033",
                                            "where = {",
                                            "(?P<",
                                            std::string(300, '*'),
                                            std::string(300, '>')};
  return all;
}

std::string mutated(std::string text, std::mt19937_64& random) {
  const std::size_t edits = 1 + random() % 6;
  for (std::size_t k = 0; k < edits; ++k) {
    const std::size_t at = text.empty() ? 0 : random() % text.size();
    switch (random() % 6) {
      case 0: text.erase(at, 1 + random() % 30); break;
      case 1: text.insert(at, pieces()[random() % pieces().size()]); break;
      case 2:
        if (!text.empty()) text[at] = static_cast<char>(random() % 256);
        break;
      case 3: text.insert(at, text.substr(text.empty() ? 0 : random() % text.size(), random() % 80)); break;
      case 4: text.resize(at); break;
      default:
        if (!text.empty()) std::swap(text[at], text[random() % text.size()]);
    }
  }
  return text;
}

std::string without_digits(std::string text) {
  std::erase_if(text, [](char c) {
    return (c >= '0' && c <= '9') || c == '.' || c == ',' || c == 'e' || c == '-' || c == '+';
  });
  return text;
}

void copy_corpus(const fs::path& to) {
  for (const auto& entry : fs::directory_iterator(corpus))
    fs::copy_file(entry.path(), to / entry.path().filename());
}

void write(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

std::set<std::string> documents() {
  return {"bound.md", "mixed.md", "bytes.md", "page.rst", "page.tex", "page.ipynb", "README"};
}

}  // namespace

TEST_CASE("mutated documents") {
  const assay::test::TemporaryFolder folder;
  copy_corpus(folder.path());
  CheckOptions options;
  options.ledger = folder / "claims.toml";
  options.strict = options.list = true;
  std::size_t bound = 0, rewritten = 0;
  for (const auto& name : documents()) {
    const auto original = read_file(corpus / name);
    options.paths = {folder / name};
    for (std::uint64_t seed = 0; seed < 400; ++seed) {
      std::mt19937_64 random(seed);
      const auto text = seed == 0 ? original : mutated(original, random);
      INFO(name << ", seed " << seed);
      write(folder / name, text);
      const auto report = check(options);
      const auto lines = static_cast<std::uint32_t>(1 + std::count(text.begin(), text.end(), '\n') +
                                                    std::count(text.begin(), text.end(), '\r'));
      for (const auto& f : report.files.at(0).items) {
        REQUIRE(f.finding.place.line >= 1);
        REQUIRE(f.finding.place.line <= lines);
        REQUIRE(f.finding.place.column >= 1);
        REQUIRE(f.finding.place.line_end >= f.finding.place.line);
        REQUIRE(f.finding.fingerprint.size() == 64);
        bool generated = false;
        for (const auto& edit : f.finding.fixes) {
          REQUIRE(edit.offset + edit.length <= text.size());
          generated = f.finding.rule == "generated-differs";
        }
        if (generated || f.finding.fixes.empty()) continue;
        ++rewritten;
        REQUIRE(without_digits(edited(text, f.finding.fixes)) == without_digits(text));
      }
      bound += report.files[0].places.size();
      to_json(report, options);
      fix(report, FixMode::dry_run);
    }
  }
  CHECK(bound > 1000);  // the mutations leave enough alone to reach the comparison
  CHECK(rewritten > 10);
}

TEST_CASE("mutated ledgers and evidence") {
  const assay::test::TemporaryFolder folder;
  copy_corpus(folder.path());
  CheckOptions options;
  options.ledger = folder / "claims.toml";
  options.paths = {folder / "bound.md"};
  std::size_t read = 0, refused = 0;
  for (const std::string name : {"claims.toml", "bench.json", "scan.csv", "tests.xml"}) {
    const auto original = read_file(corpus / name);
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
      std::mt19937_64 random(seed);
      INFO(name << ", seed " << seed);
      write(folder / name, mutated(original, random));
      try {
        check(options);
        ++read;
      } catch (const UserError& e) {
        CHECK(name == "claims.toml");  // evidence that cannot be read is a finding
        CHECK_FALSE(e.problem().what.empty());
        ++refused;
      }
    }
    write(folder / name, original);
  }
  CHECK(read > 900);
  CHECK(refused > 50);
}

TEST_CASE("mutated diffs") {
  const std::string diff =
      "diff --git docs/a.md docs/a.md\n--- docs/a.md\n+++ docs/a.md\n@@ -1,0 +2,3 @@ x\n+a\n@@ -9 +12 @@\ndiff "
      "--git \"b\\tc\" \"b\\tc\"\n"
      "--- /dev/null\n+++ \"b\\tc\"\n@@ -0,0 +1 @@\n+x\nBinary files a.png and b.png differ\n";
  const auto plain = Changes::parse("/r", diff, {"new.md"});
  CHECK(plain.touches("/r/docs/a.md", 4, 4));
  CHECK_FALSE(plain.touches("/r/docs/a.md", 5, 11));
  CHECK(plain.touches("/r/b\tc", 1, 1));
  CHECK(plain.touches("/r/new.md", 77, 78));
  CHECK(plain.touches("/r/b.png"));
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    std::mt19937_64 random(seed);
    Changes::parse("/r", mutated(diff, random), {});
  }
}

TEST_CASE("deep nesting, long lines and endless sentences stay cheap") {
  const assay::test::TemporaryFolder folder;
  CheckOptions options;
  const auto survives = [&](const std::string& name, const std::string& text) {
    INFO(name);
    write(folder / name, text);
    options.paths = {folder / name};
    options.no_ledger = true;
    CHECK(check(options).files.size() == 1);
  };
  const auto times = [](std::size_t n, const std::string& piece) {
    std::string out;
    for (std::size_t i = 0; i < n; ++i) out += piece;
    return out;
  };
  survives("quotes.md", times(10000, ">") + " 3x faster\n");
  survives("lists.md", times(10000, "- ") + "3x faster\n");
  survives("brackets.md", times(10000, "[") + "3x faster" + times(10000, "]"));
  survives("stars.md", times(20000, "*a **b ") + "\n");
  survives("html.md", times(10000, "<div><b>") + "3x faster\n");
  survives("comments.md", times(10000, "<!-- claim: a -->\n") + "3x faster\n");
  survives("line.md", times(300000, "3x faster "));
  survives("braces.tex", times(10000, "{\\textbf{") + "3x faster");
  survives("nested.ipynb", "{\"cells\": " + times(10000, "[") + "\"3x faster\"");
  survives("roles.rst", times(10000, ":claim:`") + "3x faster");
}
