// From an artifact to a figure: what is drawn against what, and with which marks. Everything that can be
// decided without drawing is decided here, so that a test can read it; draw.py only draws.
// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/json.hpp"

namespace assay::plot {

struct Request {
  std::string x;                             ///< coordinate of the horizontal axis; empty: chosen
  std::vector<std::string> y;                ///< observables, one panel each; empty: the first two
  std::map<std::string, std::string> units;  ///< of coordinates, where they are known
};

/// {"title", "subtitle", "panels": [...]}; the panels are described in draw.py. Kinds: scan, ensemble,
/// bench-history. UserError: a kind without points to draw, unknown names (with the nearest). Error with
/// Exit::inconclusive: no point has a value.
Json figure_of(const Json& artifact, const Request& request);

/// The parts: figure_of chooses between them by the artifact's kind.
Json scan_panels(const Json& artifact, const Request& request);
Json ensemble_panels(const Json& artifact, const Request& request);
Json history_panels(const Json& history);

/// "ky [1/rho_ref]"; the name alone for a unit that is empty or 1.
std::string label_of(const std::string& name, const std::string& unit);

}  // namespace assay::plot
