// Tables and plots that stand in documents and come from evidence. A table without an end marker is compared
// cell by cell; text between claim-table or claim-plot and its end marker is generated, and --fix writes it
// anew.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "claims/binding/evidence.hpp"
#include "claims/binding/extent.hpp"
#include "claims/binding/ledger.hpp"
#include "claims/binding/places.hpp"

namespace assay::claims {

struct Binding;
struct Basis;

// The rows of a ledger's table, read once.
struct TableValues {
  std::vector<std::vector<std::string>> rows;  // cells by column of the ledger
  std::vector<std::vector<std::string>> keys;  // by row
  std::string why;                             // it could not be read
};
TableValues read_table_values(const LedgerTable& table, EvidenceStore& store);

// Markdown: a table, or a plot of bars in a code block. Lines end with "\n".
std::string generated_text(const LedgerTable& table, const TableValues& values);

void bind_tables(const Basis& basis, const std::vector<Extent>& extents, BlockTexts& texts,
                 const Places& places, Binding& out);

}  // namespace assay::claims
