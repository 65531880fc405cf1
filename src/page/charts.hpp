// Small drawings as inline SVG: what a table of intervals looks like.
// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>

#include "core/json.hpp"

namespace assay::page {

/// The interval of a ratio against "no change" and the band of changes that do not count, on a logarithmic
/// axis.
std::string ratio_chart(double ratio, double low, double high, double effect);

/// Every sample of an arm as a dot, its median as a line; all arms of a figure share `low` and `high`.
std::string strip_chart(std::span<const double> samples, double median, double low, double high);

}  // namespace assay::page
