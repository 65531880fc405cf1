// Extents of markers.
// SPDX-License-Identifier: MIT
#include "claims/binding/extent.hpp"

#include <algorithm>

namespace assay::claims {
namespace {

// The whole table when the block is one of its rows.
TextRange block_range(const Document& d, std::size_t block) {
  TextRange range = d.blocks[block].text;
  if (d.blocks[block].table == none) return range;
  for (auto b = block; b < d.blocks.size() && d.blocks[b].table == d.blocks[block].table; ++b)
    range.end = d.blocks[b].text.end;
  return range;
}

TextRange sentence_at(const Marker& marker, BlockTexts& texts) {
  const auto& sentences = texts[static_cast<std::size_t>(marker.remark.block)].sentences;
  for (const auto s : sentences)
    if (s.end > marker.remark.text) return s;
  return sentences.empty() ? TextRange{} : sentences.back();
}

TextRange following(const Marker& marker, BlockTexts& texts) {
  const auto block = static_cast<std::size_t>(marker.remark.block);
  if (block >= texts.document().blocks.size()) return {};
  return marker.remark.inside ? sentence_at(marker, texts) : block_range(texts.document(), block);
}

MarkerKind end_of(MarkerKind kind) {
  switch (kind) {
    case MarkerKind::bind: return MarkerKind::bind_end;
    case MarkerKind::table: return MarkerKind::table_end;
    case MarkerKind::plot: return MarkerKind::plot_end;
    default: return MarkerKind::ignore_end;
  }
}

bool opens(MarkerKind kind) {
  return kind == MarkerKind::bind || kind == MarkerKind::table || kind == MarkerKind::plot ||
         kind == MarkerKind::ignore_start;
}

}  // namespace

const BlockText& BlockTexts::operator[](std::size_t block) {
  const auto [at, fresh] = read_.try_emplace(block);
  std::size_t cursor = 0;
  if (fresh) {
    const auto& styles = document_.styles;  // the last change at or before the block
    const auto begin = document_.blocks[block].text.begin;
    const auto after = std::upper_bound(styles.begin(), styles.end(), begin,
                                        [](std::uint32_t offset, const auto& s) { return offset < s.text; });
    cursor = static_cast<std::size_t>(std::max<std::ptrdiff_t>(after - styles.begin() - 1, 0));
    at->second = read_block(document_, block, words_, cursor);
  }
  return at->second;
}

std::size_t BlockTexts::block_at(std::uint32_t text) const {
  const auto& blocks = document_.blocks;
  const auto at =
      std::partition_point(blocks.begin(), blocks.end(), [&](const Block& b) { return b.text.end <= text; });
  return static_cast<std::size_t>(at - blocks.begin());
}

std::vector<const Figure*> BlockTexts::figures_in(TextRange range) {
  std::vector<const Figure*> out;
  if (range.empty()) return out;
  for (auto b = block_at(range.begin);
       b < document_.blocks.size() && document_.blocks[b].text.begin < range.end; ++b)
    for (const auto& figure : (*this)[b].figures)
      if (figure.text.begin >= range.begin && figure.text.begin < range.end) out.push_back(&figure);
  return out;
}

std::vector<Extent> extents_of(std::vector<Marker>& markers, BlockTexts& texts) {
  std::vector<const Marker*> end(markers.size(), nullptr);
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < markers.size(); ++i) {
    if (opens(markers[i].kind)) {
      open.push_back(i);
      continue;
    }
    if (markers[i].kind == MarkerKind::ignore) continue;
    const auto match = std::find_if(open.rbegin(), open.rend(),
                                    [&](std::size_t o) { return end_of(markers[o].kind) == markers[i].kind; });
    if (match == open.rend()) {
      markers[i].problem = "nothing is open that it could end";
    } else {
      end[*match] = &markers[i];
      open.erase(std::next(match).base());
    }
  }
  std::vector<Extent> out;
  for (std::size_t i = 0; i < markers.size(); ++i) {
    Marker& marker = markers[i];
    const bool bare_end = !opens(marker.kind) && marker.kind != MarkerKind::ignore;
    if (bare_end || !marker.problem.empty()) continue;
    Extent extent{{}, &marker, end[i]};
    if (end[i])
      extent.text = {marker.remark.text, end[i]->remark.text};
    else if (marker.kind == MarkerKind::ignore_start)
      marker.problem = "it has no end";
    else if (marker.kind == MarkerKind::plot)
      marker.problem = "it has no end: a plot stands between claim-plot and /claim-plot";
    else
      extent.text = following(marker, texts);
    if (marker.problem.empty()) out.push_back(extent);
  }
  return out;
}

}  // namespace assay::claims
