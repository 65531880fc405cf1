// The text of draw.py, built into the program (CMakeLists.txt).
// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace assay::plot {

std::string_view draw_script();

}  // namespace assay::plot
