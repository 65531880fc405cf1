// What scopes a candidate that is no claim: negation, plan, condition, another party, the past, and the words
// for it.
// SPDX-License-Identifier: MIT
#pragma once

#include "claims/draft.hpp"
#include "claims/finder.hpp"

namespace assay::claims {

// Sets polarity and scoped_by; `unclaimed` where nothing scopes it.
void judge_scope(const FeatureSpace& features, const Scene& scene, const Draft& draft, Candidate& candidate);

}  // namespace assay::claims
