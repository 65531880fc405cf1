// A scalar as configs, axes and CSV files carry it.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace assay {

using Value = std::variant<bool, std::int64_t, double, std::string>;

/// Doubles in the shortest form that reads back to the same bits, text as it is.
std::string value_text(const Value& value);

/// "an integer", "a real number", "true or false", "text": for messages.
std::string_view type_name(const Value& value);

/// Integer and real as a double; NaN for the rest.
double as_real(const Value& value);

/// Text to the narrowest of integer, real, boolean, text.
Value value_of_text(std::string_view text);

}  // namespace assay
