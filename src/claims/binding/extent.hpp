// Which text a marker speaks of: the sentence that it stands in, the block below it, the text up to its end
// marker.
// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <vector>

#include "claims/binding/figure.hpp"
#include "claims/binding/marker.hpp"
#include "claims/vocabulary.hpp"

namespace assay::claims {

// The figures and sentences of a document's blocks, read when first asked for.
class BlockTexts {
 public:
  explicit BlockTexts(const Document& document) : document_(document), words_(sets_) {}
  const BlockText& operator[](std::size_t block);
  // Figures whose first byte lies in the range, in order.
  std::vector<const Figure*> figures_in(TextRange range);
  std::size_t block_at(std::uint32_t text) const;  // the block that holds the place, or the next one
  const Document& document() const { return document_; }

 private:
  const Document& document_;
  WordSets sets_;
  Vocabulary words_;
  std::map<std::size_t, BlockText> read_;
};

struct Extent {
  TextRange text;
  const Marker* marker = nullptr;
  const Marker* end = nullptr;  // null: it has no end marker
};

// One for each marker that opens one (bind, ignore, ignore_start, table without end), in order; an empty range
// means that nothing follows. Markers whose end is missing or too many get `problem`s.
std::vector<Extent> extents_of(std::vector<Marker>& markers, BlockTexts& texts);

}  // namespace assay::claims
