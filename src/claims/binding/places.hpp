// From ranges of a document's text to places in its file, and to edits of its bytes.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "claims/document.hpp"
#include "report/finding.hpp"

namespace assay::claims {

class Places {
 public:
  explicit Places(const Document& document) : document_(document), lines_(document.source) {}
  // With the index of its source, where that is known already.
  Places(const Document& document, std::optional<LineIndex>&& lines)
      : document_(document), lines_(lines ? std::move(*lines) : LineIndex(document.source)) {}

  report::Place of(TextRange text) const;
  report::Place of(const Remark& remark) const { return of_source(remark.source, remark.source + remark.size); }
  report::Place of_source(std::uint32_t begin, std::uint32_t end) const;  // bytes of the file
  // For an excerpt; empty where the line is too long for one, since each finding keeps its own.
  std::string line_of(const report::Place& place) const {
    const auto line = lines_.line(place.line);
    return std::string(line.size() > longest_excerpt ? std::string_view() : line);
  }
  // Nothing when markup stands between the bytes ("**3**.1") or the source writes them differently ("\u0033").
  std::optional<report::Edit> edit(TextRange text, std::string_view replacement) const;
  const Document& document() const { return document_; }

 private:
  static constexpr std::size_t longest_excerpt = 1u << 14;
  const Document& document_;
  LineIndex lines_;
};

// What identifies a finding when lines move: rule, subject or words, file, how many times before.
std::string fingerprint(std::string_view rule, std::string_view words, std::string_view file,
                        std::size_t occurrence);

}  // namespace assay::claims
