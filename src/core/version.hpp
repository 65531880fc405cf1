// The version of the tool, as CMake knows it.
// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace assay {

std::string_view version();

}  // namespace assay
