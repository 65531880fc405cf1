// Remarks that excuse a finding, and the account of them: one without reason, past its date or without a
// finding to excuse is a finding itself. Only what is unbound can be excused; what is wrong cannot.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "claims/binding/extent.hpp"
#include "claims/binding/places.hpp"
#include "report/finding.hpp"

namespace assay::claims {

// A finding with what a remark may name: its rule, its class ("speed"), its trigger ("speed.faster").
struct Excusable {
  TextRange at;
  std::string claim_class, trigger;
  report::Finding* finding = nullptr;
};

// Marks the excused ones; gives the findings about the remarks. `now` in seconds since the epoch.
std::vector<report::Finding> excuse(const std::vector<Extent>& extents, std::vector<Excusable>& findings,
                                    const Places& places, std::int64_t now);

}  // namespace assay::claims
