// What a remark in a document asks for: bind, table, suppress. Malformed ones are findings, never ignored.
//
//   claim: ID [ID...]       /claim             binds what follows: a sentence, a block, or the text up to
//   /claim claim-table: ID         /claim-table       checks the next table cell by cell; with an end,
//   generates it claim-plot: ID          /claim-plot        generated claims-ignore: RULE [RULE...]
//   reason="..." until=2027-01-31     the same extents; or claims-ignore-start/-end
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "claims/document.hpp"

namespace assay::claims {

enum class MarkerKind : std::uint8_t {
  bind,
  bind_end,
  table,
  table_end,
  plot,
  plot_end,
  ignore,
  ignore_start,
  ignore_end
};

struct Marker {
  MarkerKind kind = MarkerKind::bind;
  std::vector<std::string> names;  // ids, or rules to ignore
  std::string reason, until;
  std::string problem;  // malformed: in words
  Remark remark;
};

std::vector<Marker> parse_markers(const Document& document);

}  // namespace assay::claims
