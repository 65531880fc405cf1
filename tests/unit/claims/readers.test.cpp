// Formats other than Markdown: what is prose, what is not, and where it stands.
// SPDX-License-Identifier: MIT
#include "claims/reader.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace assay::claims;

namespace {

std::string texts(const Document& d) {
  std::string out;
  for (const auto& block : d.blocks) out += std::string(d.view(block.text)) + "|";
  return out;
}

Position position_of(const Document& d, const std::string& needle) {
  const auto at = d.text.find(needle);
  REQUIRE(at != std::string::npos);
  return LineIndex(d.source).at(d.source_offset(static_cast<std::uint32_t>(at)));
}

}  // namespace

TEST_CASE("reStructuredText: titles, items, tables and links are read, code and comments are not") {
  const auto d = read_document(
      "a.rst",
      "Title\n=====\n\nRuns on `GPUs <http://fast.example>`_ with ``code``::\n\n    hidden code\n\n"
      ".. code-block:: c\n\n   hidden too\n\n.. a hidden comment\n\n.. note:: Shown here.\n\n- first\n  "
      "item\n- second\n\n"
      "=====  ====\nName   Time\n=====  ====\nfoo    3 ms\n=====  ====\n");
  CHECK(texts(d).find("hidden") == std::string::npos);
  CHECK(texts(d).find("http") == std::string::npos);
  CHECK(d.blocks.at(0).kind == BlockKind::heading);
  CHECK(texts(d).find("Runs on GPUs with code:|") != std::string::npos);
  INFO(texts(d));
  CHECK(texts(d).find("Shown here.|first item|second|") != std::string::npos);
  REQUIRE(d.tables.size() == 1);
  CHECK(d.tables[0].headers == std::vector<std::string>{"Name", "Time"});
  CHECK(position_of(d, "3 ms").line == 23);
  CHECK(position_of(d, "3 ms").column == 8);
}

TEST_CASE("reStructuredText: grid tables are read cell by cell, cells that go over lines included") {
  const auto d = read_document("a.rst",
                               "Before\n\n  +-------+--------+\n  | Code  | Time   |\n  |       | [ms]   |\n"
                               "  +=======+========+\n  | ours  | about  |\n  |       | 3.5    |\n"
                               "  +-------+--------+\n  | other | 7      |\n  +-------+--------+\n\nAfter\n");
  REQUIRE(d.tables.size() == 1);
  CHECK(d.tables[0].headers == std::vector<std::string>{"Code", "Time [ms]"});
  CHECK(texts(d) ==
        "Before|ours\x1f"
        "about 3.5|other\x1f"
        "7|After|");
  CHECK(position_of(d, "3.5").line == 8);
  CHECK(position_of(d, "3.5").column == 13);
}

TEST_CASE("reStructuredText: what a role marks as code, formula or citation is no prose") {
  const auto d = read_document(
      "a.rst", "It is :math:`10^{-5}` by :cite:p:`FAST:14` of :c:func:`fast` and :ref:`fast <x>`.\n");
  CHECK(texts(d) == "It is 10^{-5} by FAST:14 of fast and fast.|");
  const auto style_at = [&](const std::string& needle) {
    const auto at = d.text.find(needle);
    std::uint8_t style = 0;
    for (const auto& change : d.styles)
      if (change.text <= at) style = change.style;
    return style;
  };
  CHECK(style_at("10^") == Style::math);
  CHECK(style_at("FAST:14") == Style::code);
  CHECK(style_at("fast and") == Style::code);
  CHECK(style_at("fast.") == Style::plain);
}

TEST_CASE("LaTeX: sections, items and figures in mathematics are read, comments and formulas are not") {
  const auto d = read_document("a.tex",
                               "\\documentclass{a}\n\\begin{document}\n\\section{Speed}\nIt is $3.5\\times$ "
                               "\\textbf{faster} % hidden\nthan before.\n\n"
                               "\\begin{equation} hidden \\end{equation}\n\\begin{itemize}\n\\item one\n\\item "
                               "two \\cite{hidden}\n\\end{itemize}\n\\end{document}\n");
  CHECK(texts(d).find("hidden") == std::string::npos);
  CHECK(d.blocks.at(0).kind == BlockKind::heading);
  CHECK(texts(d).find("It is 3.5× faster") != std::string::npos);
  CHECK(position_of(d, "faster").line == 4);
  CHECK(position_of(d, "faster").column == 27);
}

TEST_CASE("notebooks: Markdown cells only, positions led back through the escapes") {
  const auto d = read_document(
      "a.ipynb",
      "{\"cells\": [\n {\"cell_type\": \"code\", \"source\": [\"hidden\"]},\n"
      " {\"source\": [\"# T\\u00e9st\\n\", \"is \\\"fast\\\" now\"], \"cell_type\": \"markdown\"}\n]}\n");
  CHECK(texts(d) == "Tést|is \"fast\" now|");
  CHECK(position_of(d, "fast").line == 3);
  CHECK(position_of(d, "fast").column == 37);
}

TEST_CASE("plain text: paragraphs, underlined titles, bullets") {
  const auto d = read_document(
      "NEWS", "Title\n-----\n\nSome words\nwrapped.\n\n * one\n * two\n\nAfter.\n\n      indented code\n");
  CHECK(texts(d) == "Title|Some words wrapped.|one|two|After.|");
  CHECK(d.blocks[0].kind == BlockKind::heading);
}

TEST_CASE("every reader survives any bytes") {
  std::string bytes;
  for (unsigned i = 0; i < 40000; ++i) bytes += static_cast<char>((i * 2654435761u) >> 13);
  for (const char* name : {"a.md", "a.rst", "a.tex", "a.ipynb", "a.txt"}) {
    INFO(name);
    CHECK_NOTHROW(read_document(name, bytes));
    CHECK_NOTHROW(read_document(name, ""));
    for (const char* piece : {"\\begin{", "$", "\\", "`", "**", ":", ".. x::", "== ==\n", "{\"", "\"\\u",
                              "<!--", "<h1", "&#", "|-|\n"}) {
      std::string many;
      for (int i = 0; i < 3000; ++i) many += piece;
      CHECK_NOTHROW(read_document(name, many));
      CHECK_NOTHROW(read_document(name, "x " + std::string(piece)));
    }
  }
}

TEST_CASE("columns are exact in lines of any length, in whatever order they are asked for") {
  std::string source = "first\n";
  for (int i = 0; i < 5000; ++i) source += "ab\xc3\xa9";  // four bytes, three code points
  source += "\nlast";
  const LineIndex lines(source);
  for (const std::uint32_t unit : {4999u, 0u, 2731u, 1u, 4097u}) {
    const auto at = lines.at(6 + 4 * unit + 2);
    CHECK(at.line == 2);
    CHECK(at.column == 3 * unit + 3);
  }
  CHECK(lines.at(static_cast<std::uint32_t>(source.size()) - 1).column == 4);
  CHECK(lines.at(2).column == 3);
  CHECK(lines.at(6 + 4 * 4000).column == 3 * 4000 + 1);
  CHECK(lines.at(static_cast<std::uint32_t>(source.size()) + 10).column == 5);
}
