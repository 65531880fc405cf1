// Where in a JSON text a value stands, so that an error about a document can point into its file.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace assay {

/// Byte offset of the value that a JSON pointer names in a text that parse_json accepted; of the nearest
/// value around it when the pointer leads nowhere. One pass over the text before it, nothing is kept.
std::size_t offset_of_pointer(std::string_view text, std::string_view pointer);

}  // namespace assay
