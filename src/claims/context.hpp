// What surrounds a sentence: the names of the documented system, what the headings, lead-ins and column heads
// say, which rows of a table are about others. Computed once a document, lazily.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "claims/document.hpp"
#include "claims/model.hpp"
#include "claims/rules.hpp"
#include "claims/token.hpp"

namespace assay::claims {

using CueMask = std::uint64_t;  // bit i: cue category i

struct TableContext {
  std::vector<CueMask> columns;    // by column
  CueMask any = 0;                 // of all heads together
  bool has_own_row = false;        // some row names the documented system
  std::int32_t own_column = none;  // whose head names it, where others' heads name others: systems side by side
  bool has_other_row = false;
};

class DocumentContext {
 public:
  DocumentContext(const Document& document, const RuleSet& rules, const FeatureSpace& features,
                  Vocabulary& words);

  bool knows_names() const { return !names_.empty(); }
  bool is_own_name(std::string_view word) const;
  // The text begins with a name of several words, however they are joined: "Fast Grid", "fast-grid",
  // "FastGrid".
  bool begins_with_own_name(std::string_view text) const;
  CueMask headings_above(std::int32_t block);  // union over the heading path, the title left out
  CueMask nearest_heading(std::int32_t block);
  CueMask lead_in(std::int32_t block);
  const TableContext& table(std::int32_t index);
  bool measures(std::int32_t table);  // heads of its columns make claims of figures or ticks
  bool row_is_own(const Block& row) const;
  CueMask row_head(const Block& row);       // what the first cell of a row says
  bool is_dated(std::int32_t block) const;  // begins with a date or a version: an entry of a log
  bool under_release(std::int32_t block);   // notes of a release: a heading above names a version or a date, or
                                            // the file is all of them
  bool is_title(std::int32_t block) const { return block == title_; }
  // The heading right below the title, as the tag line of a project.
  bool is_subtitle(std::int32_t block) const {
    return title_ != none && block == title_ + 1 &&
           document_.blocks[static_cast<std::size_t>(block)].kind == BlockKind::heading;
  }
  bool in_introduction(std::int32_t block) const { return block < introduction_end_; }

 private:
  CueMask says(std::int32_t block);
  CueMask match(std::string_view text);
  void find_names();
  void add_name(std::string_view word);
  void add_phrase(std::string_view words);
  void name_of_title(const Block& title, Tokens& tokens);
  void names_of_paragraphs(Tokens& tokens);
  void tokenize_opening(const Block& block, std::size_t& style_cursor, Tokens& tokens);
  TableContext& table_heads(std::int32_t index);  // what the rows decide is not in it yet

  const Document& document_;
  const RuleSet& rules_;
  const FeatureSpace& features_;
  Vocabulary& words_;
  std::int32_t title_ = none, introduction_end_ = 0;
  std::vector<std::string> names_;    // lower case
  std::vector<std::string> phrases_;  // names of several words: letters and digits only, lower case
  CueMask measuring_ = 0;             // heads of columns that make claims of what stands below
  std::vector<std::pair<bool, CueMask>> said_;
  bool change_log_ = false;
  std::pair<std::int32_t, bool> release_{none, false};  // the heading asked for last, and the answer
  struct KnownTable {
    TableContext context;
    bool heads_known = false, rows_known = false;
  };
  std::vector<KnownTable> tables_;
};

}  // namespace assay::claims
