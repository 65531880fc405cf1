// The gates that are built in: the parallelization policy's, and those of our own solvers. Each has an id that
// a registry of lanes may name.
// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gate/gate.hpp"

namespace assay::gate {

/// In the order of the table.
std::vector<std::string> registered_ids();
/// UserError with a suggestion for an id that is none.
std::unique_ptr<Gate> make_registered(std::string_view id);

// The policy's own, one file each. None needs a device; together they take about a
// second, and the members that time out ten more.
std::unique_ptr<Gate> scan_identity();        ///< independent tasks on threads: every order, every share
std::unique_ptr<Gate> ensemble_provenance();  ///< order, surplus workers, failed members, mean and covariance
std::unique_ptr<Gate> ensemble_failures();    ///< members that are killed, time out, fail, say nothing
std::unique_ptr<Gate> identity_report();      ///< leaves of very different size: none hides behind another
std::unique_ptr<Gate> decomposition_contract();  ///< split and put together: each element once, in its place

}  // namespace assay::gate
