// As much of RFC 3986 as schemas need: resolving a reference against a base, telling a URI from what is none.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace assay {

/// The URI that `reference` means in a document whose URI is `base` (RFC 3986, section 5.2).
std::string resolve_uri(std::string_view base, std::string_view reference);

/// "%25" becomes "%"; what is not two hexadecimal digits after '%' stays.
std::string percent_decoded(std::string_view text);

/// Only characters that RFC 3986 allows, and '%' only before two hexadecimal digits.
bool is_uri_reference(std::string_view text);

/// The same, and with a scheme.
bool is_uri(std::string_view text);

}  // namespace assay
