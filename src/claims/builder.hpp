// DocumentBuilder: what every reader calls to fill a Document. It keeps the heading path, the list lead-ins and
// the map from text to source, so that a reader only says what it sees.
// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

#include "claims/document.hpp"

namespace assay::claims {

class DocumentBuilder {
 public:
  explicit DocumentBuilder(Document& document) : document_(document) {
    document.text.reserve(document.source.size());  // rendered text is shorter than its source
  }

  // A block of text; begin() closes an open one. An empty block is dropped on end().
  void begin(BlockKind kind, unsigned level = 0);
  void end();
  bool open() const { return open_; }

  // Text that stands in the source (a view into document.source), or that does not.
  void append(std::string_view piece);
  void append_synthetic(std::string_view piece);
  void append_entity(std::string_view written, std::string_view meant);  // maps each byte to the entity's first
  void space();  // one blank, unless the block is empty or already ends with one
  void hard_break() { append_synthetic(std::string_view(&Document::hard_break, 1)); }
  void style(Style bit, bool on);

  void begin_list();  // its lead-in is the text block just before it in the same container
  void end_list();
  void begin_item();
  void end_item();
  void task(bool done);
  void begin_quote() { ++quote_depth_; }
  void end_quote() {
    if (quote_depth_) --quote_depth_;
  }
  void begin_table();
  void end_table();
  void table_header(std::string_view rendered);
  void cell();                             // call before each cell of a row; the first one adds no break
  void interrupt() { last_text_ = none; }  // a rule, code or other block stands between: no lead-in

  // A comment: `whole` is a view into document.source, `body` what it says. Others than remarks to this program
  // are dropped.
  void comment(std::string_view whole, std::string_view body);
  // A remark that no comment carries ("\\claim{ID}{3.1}"), at a place in the source.
  void remark(std::string_view at, std::string body);

  // Alt text is a block of its own, kept aside until the block around it is closed.
  void alt_text(std::string_view piece);

 private:
  void flush_alt_texts();
  void note_run(std::uint32_t source);

  Document& document_;
  Block block_;
  bool open_ = false;
  bool row_has_cell_ = false;
  std::uint8_t style_ = 0;
  std::uint8_t quote_depth_ = 0;
  std::int32_t table_ = none;
  std::int32_t table_lead_in_ = none;
  std::int32_t last_text_ = none;
  std::vector<std::int32_t> headings_;  // open headings, outermost first
  struct List {
    std::int32_t lead_in;
    bool item_started = false;  // the current item already has a block
  };
  std::vector<List> lists_;
  std::vector<std::string_view> alts_;
};

}  // namespace assay::claims
