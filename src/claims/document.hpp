// A document as the claim finder sees it: blocks of rendered text, each byte of which knows its place in the
// source. Readers (Markdown, reStructuredText, LaTeX, notebooks, plain text) fill it through DocumentBuilder;
// nothing else depends on the input format. Memory: about twice the source (one copy of the prose plus the
// position map).
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::claims {

// Half-open range of bytes, in Document::text unless said otherwise.
struct TextRange {
  std::uint32_t begin = 0, end = 0;
  std::uint32_t size() const { return end - begin; }
  bool empty() const { return begin == end; }
};

// Where a person finds it: both 1-based, the column in code points (a BOM is not counted).
struct Position {
  std::uint32_t line = 1, column = 1;
};

enum class BlockKind : std::uint8_t { heading, paragraph, list_item, table_row, alt_text };

// What markup says about a stretch of text; `outside`: a link that leaves the project's own pages. `opaque`
// text (code, mathematics, raw URLs) is never read as prose.
enum Style : std::uint8_t {
  plain = 0,
  code = 1,
  math = 2,
  strong = 4,
  emphasis = 8,
  link = 16,
  struck = 32,
  outside = 64
};
inline constexpr std::uint8_t opaque = Style::code | Style::math | Style::struck;

inline constexpr std::int32_t none = -1;

// One unit of text. A table row is one block whose cells are separated by Document::cell_break.
struct Block {
  BlockKind kind = BlockKind::paragraph;
  std::uint8_t level = 0;        // heading: 1-6; list item: depth from 1
  std::uint8_t quote_depth = 0;  // block quotes around it
  bool task_open = false;        // "- [ ]": something not done yet
  bool first_of_item = true;     // false for the later paragraphs of a list item
  TextRange text;
  std::int32_t heading =
      none;  // innermost heading above (index of a block); for a heading, the one that contains it
  std::int32_t lead_in = none;  // the text that introduces this list or table (a paragraph or the parent item)
  std::int32_t table = none;    // index into Document::tables
};

struct Table {
  std::vector<std::string> headers;  // rendered, one a column; empty when the table has none
  std::uint32_t first_row = 0;       // block index
};

// A comment that speaks to this program: "claim: perf.scan" (binding/marker.hpp reads it). Readers pass on what
// stands in a comment of their format; text in code, attributes or other comments is never one.
struct Remark {
  std::uint32_t source = 0, size = 0;  // the comment in Document::source
  std::uint32_t text = 0;              // where it stands among the rendered text
  std::int32_t block = 0;              // the block around it, or the next one
  bool inside = false;                 // text of its block stands before it, or it stands in a row of a table
  std::string body;                    // what it says, trimmed
};

struct Document {
  static constexpr char cell_break = '\x1f';  // between the cells of a row
  static constexpr char hard_break = '\x1e';  // <br>, two spaces, backslash: ends a sentence

  // Text from `text` on comes from source byte `source` on; a run without source carries `synthetic`.
  struct Run {
    std::uint32_t text, source;
  };
  struct StyleChange {
    std::uint32_t text;
    std::uint8_t style;
  };
  static constexpr std::uint32_t synthetic = 0xffffffffu;

  std::string name;    // as given by the caller, for messages
  std::string source;  // the bytes of the file
  std::string text;    // all rendered text, block after block
  std::vector<Run> runs;
  std::vector<StyleChange> styles;
  std::vector<Block> blocks;
  std::vector<Table> tables;
  std::vector<Remark> remarks;     // by place
  std::vector<std::string> notes;  // what the reader could not read as its format, in words

  std::string_view view(TextRange r) const { return std::string_view(text).substr(r.begin, r.size()); }
  // Byte in the source of a byte of the text (of the nearest real byte before it where that one is synthetic).
  std::uint32_t source_offset(std::uint32_t text_offset) const;
};

// Turns byte offsets of one source into lines and columns; "\n", "\r\n" and "\r" end a line.
class LineIndex {
 public:
  explicit LineIndex(std::string_view source);
  Position at(std::uint32_t offset) const;
  std::string_view line(std::uint32_t number) const;  // without its end; empty when there is no such line
  std::uint32_t count() const { return static_cast<std::uint32_t>(starts_.size()); }

 private:
  std::string_view source_;
  std::vector<std::uint32_t> starts_;
  // A line may be as long as the file: the columns at every so many bytes of the line asked for last.
  static constexpr std::uint32_t mark_distance = 4096;
  mutable std::uint32_t marked_line_ = 0;
  mutable std::vector<std::uint32_t> marks_;
};

}  // namespace assay::claims
