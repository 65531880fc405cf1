// Repair changes the digits that are wrong and nothing else.
// SPDX-License-Identifier: MIT
#include "claims/fix.hpp"

#include <catch2/catch.hpp>
#include <cctype>

#include "binding_page.hpp"

using namespace assay::claims;
using namespace assay::claims::test;

namespace fs = std::filesystem;

TEST_CASE("a wrong digit is put right, or the page is left as it is") {
  const Folder folder;
  folder.write_page();
  std::size_t repaired = 0, left = 0;
  for (std::size_t at = 0; at < page_text.size(); ++at) {
    const auto open = page_text.rfind("<!--", at), close = page_text.find("-->", at);
    const bool in_marker = open != std::string::npos && page_text.find("-->", open) == close;
    if (!std::isdigit(static_cast<unsigned char>(page_text[at])) || in_marker) continue;
    auto page = page_text;
    page[at] = page[at] == '7' ? '8' : '7';
    folder.write("page.md", page);
    fix(folder.check(), FixMode::write);
    const auto fixed = folder.read("page.md");
    INFO("byte " << at << ": " << page.substr(at - 10, 20) << "\n" << fixed);
    const bool right = fixed == page_text;
    CHECK((right || fixed == page));
    ++(right ? repaired : left);
    if (!right) CHECK_FALSE(rules_of(folder.check()).empty());
  }
  CHECK(repaired > 20);
  CHECK(left > 0);  // words of a scope, exponents that change the form
}

TEST_CASE("permissions and line ends stay, and a dry run writes nothing") {
  const Folder folder;
  folder.write_page();
  std::string page;
  for (const char c : page_text) page += c == '\n' ? std::string("\r\n") : std::string(1, c);
  const auto wrong = page.replace(page.find("23.1 ms"), 7, "23.9 ms");
  folder.write("page.md", wrong);
  fs::permissions(folder.path() / "page.md", fs::perms(0640));
  const auto shown = fix(folder.check(), FixMode::dry_run);
  REQUIRE(shown.size() == 1);
  CHECK(shown[0].diff.find("-23.9 ms.\r\n+23.1 ms.\r\n") != std::string::npos);
  CHECK(folder.read("page.md") == wrong);
  fix(folder.check(), FixMode::write);
  CHECK(folder.read("page.md") == page.replace(page.find("23.9 ms"), 7, "23.1 ms"));
  CHECK((fs::status(folder.path() / "page.md").permissions() & fs::perms(0777)) == fs::perms(0640));
}

TEST_CASE("a file that changed since it was read is left alone") {
  const Folder folder;
  folder.write_page();
  auto page = page_text;
  page.replace(page.find("23.1 ms"), 7, "23.9 ms");
  folder.write("page.md", page);
  const auto report = folder.check();
  folder.write("page.md", page + "More.\n");
  const auto repairs = fix(report, FixMode::write);
  REQUIRE(repairs.size() == 1);
  CHECK_FALSE(repairs[0].refused.empty());
  CHECK(folder.read("page.md") == page + "More.\n");
}

TEST_CASE("bound tables are compared cell by cell, generated ones are written") {
  const Folder folder;
  folder.write_page();
  folder.write("claims.toml",
               "[[table]]\nid = \"t\"\nsource = \"scan.csv\"\ncolumns = [\"ky\", \"gamma = Growth rate\"]\n"
               "[[plot]]\nid = \"p\"\nsource = \"scan.csv\"\ncolumns = [\"ky\", \"gamma\"]\n");
  const std::string bound =
      "<!-- claim-table: t -->\n| ky | Growth rate |\n|---|---|\n| 0.1 | 0.0309 |\n| 0.3 | 0.093 |\n";
  const auto rules = [&](const std::string& page) {
    folder.write("page.md", page);
    return rules_of(folder.check());
  };
  CHECK(rules(bound).empty());
  for (std::size_t at = bound.find("0.1"); at < bound.size(); ++at)
    if (std::isdigit(static_cast<unsigned char>(bound[at]))) {
      auto page = bound;
      page[at] = page[at] == '5' ? '6' : '5';
      INFO(page);
      CHECK(rules(page) == "table-mismatch ");
    }
  CHECK(rules("<!-- claim-table: t -->\n| ky | other |\n|---|---|\n| 0.1 | 7 |\n") == "unbound-figure ");
  CHECK(rules("<!-- claim-table: u -->\n\nText.\n") == "unknown-id ");
  CHECK(rules("<!-- claim-table: t -->\n\nText.\n") == "empty-marker ");
  CHECK(rules("<!-- claim-plot: p -->\n\nText.\n") == "malformed-marker ");
  const std::string empty =
      "# T\n\n<!-- claim-table: t -->\n<!-- /claim-table -->\n\n<!-- claim-plot: p -->\nold\n<!-- /claim-plot "
      "-->\n";
  CHECK(rules(empty) == "generated-differs generated-differs ");
  fix(folder.check(), FixMode::write);
  const auto page = folder.read("page.md");
  CHECK(page.find("| 0.3 | 0.09255 |\n") != std::string::npos);
  CHECK(page.find("old") == std::string::npos);
  CHECK(rules(page).empty());
  folder.write("scan.csv", "ky,gamma\n0.1,0.0309313\n0.3,0.1925521\n");
  CHECK(rules(page) == "generated-differs generated-differs ");
}

TEST_CASE("figures split by markup are said to be wrong, but not rewritten") {
  const Folder folder;
  folder.write_page();
  folder.write("page.md",
               "# Page on an H200\n\n<!-- claim: scan.speedup -->\nIt is **4**.1x faster on 8 threads.\n");
  const auto report = folder.check();
  CHECK(rules_of(report) == "value-mismatch ");
  CHECK(fix(report, FixMode::write).empty());
}

TEST_CASE("a diff shows what changes with its surroundings") {
  CHECK(unified_diff("f", "a\nb\n", "a\nb\n").empty());
  CHECK(unified_diff("f", "a\nb\nc\n", "a\nX\nc\n") == "--- f\n+++ f\n@@ -1,3 +1,3 @@\n a\n-b\n+X\n c\n");
  CHECK(unified_diff("f", "a", "a\nb\n") ==
        "--- f\n+++ f\n@@ -1,1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n");
}
