// The rules that a finding can carry, with what each means and what to do.
// SPDX-License-Identifier: MIT
#include "claims/check.hpp"

namespace assay::claims {

const std::vector<report::Rule>& rules_of_check() {
  using report::Level;
  static const std::vector<report::Rule> rules{
      {"unbound-quantified", "A claim with a figure is bound to no evidence",
       "Name the claim's id in a marker before the sentence and its source in claims.toml, or reword it.",
       Level::error},
      {"unbound-qualitative", "A claim without a figure is bound to no evidence",
       "Bind it to evidence that it holds, say less, or excuse it with a reason.", Level::warning},
      {"unbound-figure", "A figure in bound text belongs to no claim",
       "Add the id of its claim to the marker, or its words to the scope of a claim.", Level::error},
      {"value-mismatch", "The document and the evidence say different values",
       "assay check-claims --fix rewrites the digits; or correct the evidence.", Level::error},
      {"overclaim", "The document promises more than the evidence reaches",
       "Quote the bound that the evidence supports.", Level::error},
      {"underclaim", "The evidence would allow a stronger statement", "Quote the better bound if you like.",
       Level::note},
      {"direction-mismatch", "Faster and slower are the wrong way round", "Reword the sentence.", Level::error},
      {"no-figure", "A claim with a value is bound to text that prints none",
       "Print the figure, order the ids as the figures stand, or give the claim a condition.", Level::error},
      {"scope-missing", "The words that limit a claim do not stand near it",
       "Say hardware, size, engine or threads where the claim is made.", Level::error},
      {"gate-missing", "A gate that the claim requires has no artifact", "Run the gate and keep its artifact.",
       Level::error},
      {"gate-failed", "A gate that the claim requires did not pass",
       "Take the claim back, or repair what failed.", Level::error},
      {"gate-other-artifact", "The gate looked at another artifact",
       "Run the gate on the artifact that is quoted.", Level::error},
      {"stale-artifact", "What the evidence was made from has changed", "Make it again, then --restamp.",
       Level::error},
      {"aged", "The evidence is older than the ledger allows", "Measure again, or date the statement.",
       Level::warning},
      {"artifact-missing", "The source of a claim is not there", "Make the artifact or correct the source.",
       Level::error},
      {"artifact-invalid", "The source of a claim is damaged or against its schema", "Make it again.",
       Level::error},
      {"value-missing", "The source does not hold the value", "Correct pointer, column or pattern.",
       Level::error},
      {"no-source", "The ledger names no source for a claim", "Name the artifact and the value in it.",
       Level::error},
      {"unverifiable-here", "The evidence is not in this checkout", "Fetch it and check again.",
       Level::warning},
      {"small-n", "The value rests on few samples", "Take more samples.", Level::note},
      {"unknown-id", "A marker names a claim that the ledger does not have", "Add it, or correct the id.",
       Level::error},
      {"unused-claim", "No document names a claim of the ledger", "Take it out, or mark the statement.",
       Level::note},
      {"empty-marker", "Nothing follows a marker", "Move it before the statement.", Level::error},
      {"malformed-marker", "A marker cannot be read", "See docs/concepts/claims.md for the forms.",
       Level::error},
      {"table-mismatch", "A cell of a bound table differs from the evidence", "assay check-claims --fix.",
       Level::error},
      {"generated-differs", "Generated text is not what the evidence gives", "assay check-claims --fix.",
       Level::error},
      {"suppression-no-reason", "A suppression gives no reason", "reason=\"...\"", Level::error},
      {"suppression-expired", "A suppression is past its date",
       "Bind the statement, or renew it with a reason.", Level::error},
      {"suppression-unused", "A suppression excuses nothing", "Take it out.", Level::warning},
      {"suppression-ends", "A suppression ends soon", "Bind the statement before.", Level::note},
      {"baseline-absent", "The baseline lists findings that are gone", "assay check-claims --prune-baseline.",
       Level::warning},
      {"baseline-grown", "The baseline has more entries than allowed",
       "Bind statements instead of adding entries.", Level::error},
  };
  return rules;
}

}  // namespace assay::claims
