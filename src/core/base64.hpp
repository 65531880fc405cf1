// Bytes as text, for data inside other documents (RFC 4648).
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace assay {

std::string base64(std::string_view bytes);

}  // namespace assay
