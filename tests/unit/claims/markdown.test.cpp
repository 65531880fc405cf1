// Blocks, lead-ins and exact positions of Markdown documents, and bytes that no one meant as Markdown.
// SPDX-License-Identifier: MIT
#include "claims/markdown.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace assay::claims;

namespace {

Document read(std::string text) {
  return read_markdown("test.md", std::move(text));
}

std::string words(const Document& d, std::size_t block) {
  return std::string(d.view(d.blocks.at(block).text));
}

// The position of the first occurrence of `needle` in the rendered text.
Position position_of(const Document& d, const std::string& needle) {
  const auto at = d.text.find(needle);
  REQUIRE(at != std::string::npos);
  return LineIndex(d.source).at(d.source_offset(static_cast<std::uint32_t>(at)));
}

// md4c does not promise that its text points into the source; this is the property that all positions rest on.
void every_real_byte_maps_to_itself(const Document& d) {
  for (std::size_t r = 0; r < d.runs.size(); ++r) {
    if (d.runs[r].source == Document::synthetic) continue;
    const auto end = r + 1 < d.runs.size() ? d.runs[r + 1].text : d.text.size();
    if (d.source[d.runs[r].source] == '&') continue;  // an entity stands for other bytes
    CHECK(d.text.substr(d.runs[r].text, end - d.runs[r].text) ==
          d.source.substr(d.runs[r].source, end - d.runs[r].text));
  }
}

}  // namespace

TEST_CASE("a figure split by emphasis is one word at its place in the source") {
  const auto d = read("# Title\n\nIt is **3**.5x *faster*\nthan before.\n");
  REQUIRE(words(d, 1) == "It is 3.5x faster than before.");
  CHECK(position_of(d, "3.5x").line == 3);
  CHECK(position_of(d, "3.5x").column == 9);
  CHECK(position_of(d, ".5x").column == 12);
  CHECK(position_of(d, "than").line == 4);
  every_real_byte_maps_to_itself(d);
}

TEST_CASE("columns count code points; a byte order mark and CRLF change nothing") {
  const auto d = read(
      "\xef\xbb\xbf"
      "Größe: µ fast\r\n\r\nzwei ≈ 2×\r\n");
  CHECK(position_of(d, "fast").line == 1);
  CHECK(position_of(d, "fast").column == 10);
  CHECK(position_of(d, "2×").line == 3);
  CHECK(position_of(d, "2×").column == 8);
}

TEST_CASE("lists know their lead-in, items their depth, blocks their heading") {
  const auto d = read(
      "# Top\n\n## Non-goals\n\nWe do not plan:\n\n- CUDA kernels\n  - nested\n- [ ] tomorrow\n\nAfter.\n");
  REQUIRE(d.blocks.size() == 7);
  CHECK(words(d, 3) == "CUDA kernels");
  CHECK(d.blocks[3].kind == BlockKind::list_item);
  CHECK(d.blocks[3].lead_in == 2);
  CHECK(d.blocks[3].heading == 1);
  CHECK(d.blocks[1].heading == 0);
  CHECK(d.blocks[4].level == 2);
  CHECK(d.blocks[4].lead_in == 3);
  CHECK(d.blocks[5].task_open);
  CHECK(d.blocks[6].lead_in == none);
}

TEST_CASE("table rows carry their cells and heads, with a position for each cell") {
  const auto d = read("Results:\n\n| Size | Time (ms) |\n|---|---:|\n| 64 | **12.5** |\n| 128 | `n/a` |\n");
  REQUIRE(d.tables.size() == 1);
  CHECK(d.tables[0].headers == std::vector<std::string>{"Size", "Time (ms)"});
  REQUIRE(d.blocks.size() == 3);
  CHECK(words(d, 1) == std::string("64\x1f") + "12.5");
  CHECK(d.blocks[1].kind == BlockKind::table_row);
  CHECK(d.blocks[1].lead_in == 0);
  CHECK(position_of(d, "12.5").line == 5);
  CHECK(position_of(d, "12.5").column == 10);
  every_real_byte_maps_to_itself(d);
}

TEST_CASE("code, comments, link targets and badges are no prose") {
  const auto d = read(
      "---\ntitle: a fast thing\n---\n\n[![fast](https://img.shields.io/x.svg)](u)\n\n<!-- fast "
      "-->\n\n```\nfast\n```\n\n"
      "    fast\n\nSee [docs](http://fast.example/).\n\n[ref]: http://fast.example/\n");
  CHECK(d.text.find("fast") == std::string::npos);
}

TEST_CASE("inline code stays in the text, marked opaque") {
  const auto d = read("Run `fast` now.\n");
  REQUIRE(words(d, 0) == "Run fast now.");
  REQUIRE(d.styles.size() == 2);
  CHECK((d.styles[0].style & opaque) != 0);
  CHECK(d.styles[0].text == 4);
  CHECK(d.styles[1].text == 8);
}

TEST_CASE("HTML blocks give headings, text, alt texts and table rows") {
  const auto d = read(
      "<h1 align=\"center\">A fast tool</h1>\n<p align=\"center\">\n  <img src=\"p.png\" alt=\"Strong "
      "scaling\">\n  <b>Tiny</b> &times; 2\n</p>\n"
      "<table><tr><th>System</th><th>Time</th></tr>\n<tr><td>ours</td><td>3 ms</td></tr></table>\n");
  REQUIRE(d.blocks.size() == 4);
  CHECK(d.blocks[0].kind == BlockKind::heading);
  CHECK(words(d, 0) == "A fast tool");
  std::string all;
  for (std::size_t i = 0; i < d.blocks.size(); ++i) all += words(d, i) + "|";
  CHECK(all.find("Strong scaling|") != std::string::npos);
  CHECK(all.find("Tiny × 2") != std::string::npos);
  CHECK(d.blocks[3].kind == BlockKind::table_row);
  CHECK(d.tables.at(0).headers == std::vector<std::string>{"System", "Time"});
  CHECK(position_of(d, "3 ms").line == 7);
}

TEST_CASE("any bytes are read in bounded time") {
  every_real_byte_maps_to_itself(read(std::string("a\0b fast \xff\xfe\x80 x\n", 14)));
  CHECK(read("").blocks.empty());
  CHECK_NOTHROW(read(std::string(10000, '>') + " deep\n"));
  std::string nested;
  for (int i = 0; i < 10000; ++i) nested += "- ";
  CHECK_NOTHROW(read(nested + "deep\n"));
  CHECK_NOTHROW(read(std::string(100000, '[')));
  CHECK_NOTHROW(read(std::string(100000, '*') + "a"));
  const auto d = read("# T\n\n" + std::string(3u << 20, 'x') + "\n\nlast\n");
  REQUIRE(d.notes.size() == 1);
  CHECK(words(d, d.blocks.size() - 1) == "last");
}
