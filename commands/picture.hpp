// The picture of an artifact, with what it was drawn from in its metadata.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/json.hpp"

namespace assay::commands {

struct Drawable {
  const Json& document;        ///< a scan, an ensemble or a history of bench
  std::filesystem::path file;  ///< where it was read
  std::string sha256;          ///< of that file
};

/// The bytes of a PNG or SVG (`format`). `x` and `y` as for assay plot; empty: chosen. Throws what
/// plot::figure_of and plot::draw throw.
std::string picture_of(const Drawable& artifact, const std::string& format, const std::string& x,
                       const std::vector<std::string>& y);

}  // namespace assay::commands
