// Ties the marked text of one document to the ledger: assigns figures to claims, compares, and says what does
// not hold. In marked text every figure must be accounted for: by a claim, or by a word of its scope.
// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <vector>

#include "claims/binding/extent.hpp"
#include "claims/binding/generated.hpp"
#include "claims/binding/judge.hpp"
#include "claims/binding/places.hpp"
#include "report/finding.hpp"

namespace assay::claims {

// Ledger and evidence, shared by all documents; read only.
struct Basis {
  Ledger ledger;
  std::vector<Evidence> evidence;   // by claim
  std::vector<TableValues> tables;  // by table
};

struct BoundPlace {
  std::size_t claim = 0;  // index in the ledger
  report::Place place;
  std::string text;  // the figure, or the sentence
  State state = State::supported;
};

// Marked text: statements of these classes in it are bound.
struct Covered {
  TextRange text;
  std::uint8_t classes = 0;
  State state = State::supported;
  bool table = false;  // a bound or generated table
};

struct Binding {
  std::vector<report::Finding> findings;
  std::vector<Covered> covered;
  std::vector<BoundPlace> places;

  // Adds a finding with the source line of its place; the reference holds until the next one is added.
  report::Finding& add(const Places& where, std::string rule, report::Level level, report::Place place,
                       std::string subject, std::string message, std::string hint);
};

Binding bind(const Basis& basis, const std::vector<Extent>& extents, BlockTexts& texts, const Places& places);

}  // namespace assay::claims
