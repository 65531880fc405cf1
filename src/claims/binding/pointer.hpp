// JSON pointers with selectors: a segment "[name=scan]" or "[point.ky=0.3,status=ok]" picks the one element of
// an array whose members have these values, so that a claim does not hang on a position.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "core/json.hpp"

namespace assay::claims {

// The value, or null with a sentence in `why`. An empty pointer is the whole document.
const Json* resolve(const Json& document, std::string_view pointer, std::string& why);

// The same pointer with indices in place of selectors; as far as it leads.
std::string plain_pointer(const Json& document, std::string_view pointer);

}  // namespace assay::claims
