// Draws a figure with the Python and matplotlib of the machine; the script travels inside the program.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "core/json.hpp"

namespace assay::plot {

/// The bytes of an image file. `job`: {"format": "png" | "svg", "figure": figure_of(...), "metadata": {...}}.
/// The same job gives the same bytes with the same matplotlib. EnvironmentError: no Python 3 with matplotlib.
/// ASSAY_PYTHON names the interpreter; without it python3 is tried, then /usr/bin/python3. Takes a second or
/// so, most of it the import of matplotlib.
std::string draw(const Json& job);

}  // namespace assay::plot
