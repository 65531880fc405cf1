// Numbers as text, independent of the locale: a double prints in the shortest form that reads back to the same
// bits.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assay {

/// Shortest text that reads back to the same bits, always recognisable as a double: "1.0", "-0.0", "1e-05",
/// "0.1". "nan" (every NaN: sign and payload are dropped), "inf", "-inf" for the rest. About 40 ns.
std::string number_text(double value);
std::string number_text(std::int64_t value);

/// Appends instead of allocating; for writers of many numbers.
void append_number(std::string& out, double value);
void append_number(std::string& out, std::int64_t value);
void append_number(std::string& out, std::uint64_t value);

/// The whole text must be the number: no spaces, no leading '+', no hexadecimal, nothing after it. "nan", "inf"
/// and
/// "-inf" are read as such (the inverse of number_text); a text whose value overflows a double, such as
/// "1e400", is not. One that underflows ("1e-400") gives the nearest double, zero.
std::optional<double> parse_double(std::string_view text);
std::optional<std::int64_t> parse_int64(std::string_view text);

}  // namespace assay
