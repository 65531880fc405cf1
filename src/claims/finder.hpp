// Finds the claims of a document. For each sentence and class: triggers (rules) make a candidate; what
// surrounds it (whose statement, negation, plan, condition, heading, table) becomes named features; a linear
// model weighs them. A candidate above the threshold is a finding; one that a scoping cue explains is listed as
// scoped. Cost: sentences without a trigger cost one hash look-up a word. Deterministic, no state between
// documents.
// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "claims/document.hpp"
#include "claims/model.hpp"
#include "claims/rules.hpp"
#include "claims/token.hpp"
#include "report/finding.hpp"

namespace assay::claims {

enum class Polarity : std::uint8_t {
  asserted,
  negated,
  planned,
  conditional,
  other_party,
  historical,
  unclaimed
};
std::string_view name_of(Polarity polarity);

using report::Level;  // note: shown under --strict only
using report::name_of;

// Why: one feature with its weight, in words that --explain prints.
struct Reason {
  std::string feature;
  double weight = 0;
};

struct Candidate {
  ClaimClass claim = ClaimClass::speed;
  Polarity polarity = Polarity::asserted;
  double log_odds = 0;
  std::string rule;                 // the trigger that spoke loudest
  TextRange core, sentence;         // in Document::text
  std::string scoped_by;            // the words that scope it, when polarity is not asserted
  std::vector<Quantity> figures;    // of this claim
  std::vector<FeatureId> features;  // sorted
};

struct Finding {
  ClaimClass claim = ClaimClass::speed;
  Polarity polarity = Polarity::asserted;
  Level level = Level::warning;
  double confidence = 0;
  std::string rule;
  Position begin, end;          // of the core words
  TextRange core, sentence_at;  // in Document::text
  std::string text;             // the core words
  std::string sentence;
  std::string scoped_by;
  std::vector<Quantity> figures;
  std::vector<Reason> reasons;  // strongest first
};

class Finder {
 public:
  // Keeps a reference to the rules.
  Finder(const RuleSet& rules, const ModelText& weights);
  // Shares rules and weights, with a cache of its own: for another thread.
  Finder(const Finder& other);
  ~Finder();

  // One document after another; a Finder belongs to one thread.
  std::vector<Candidate> candidates(const Document& document, bool scopes = true);

  struct Result {
    std::vector<Finding> findings;   // asserted, of all levels, by position
    std::vector<Finding> scoped;     // negated, planned, conditional, other-party, historical
    std::optional<LineIndex> lines;  // of the document's source, where something was found
  };
  // What a caller needs of a result; the rest is left out, and its cost with it.
  struct Wanted {
    bool notes = true, scoped = true, reasons = true;
  };
  Result find(const Document& document, Wanted wanted);
  Result find(const Document& document) { return find(document, Wanted()); }

  // Tokens, rules and weights behind each candidate whose sentence touches the line.
  std::string explain(const Document& document, std::uint32_t line);

  const FeatureSpace& features() const;
  const Model& model() const;

 private:
  std::vector<Reason> reasons_of(const Candidate& candidate) const;
  struct State;
  std::unique_ptr<State> state_;
};

// A finder over the built-in packs and model.
std::unique_ptr<Finder> builtin_finder();

}  // namespace assay::claims
