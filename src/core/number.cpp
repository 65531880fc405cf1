#include "core/number.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace assay {

namespace {

constexpr std::size_t kLongest =
    32;  // "-1.7976931348623157e+308" has 24 characters, "-9223372036854775808" has 20

template <class Integer>
void append_integer(std::string& out, Integer value) {
  std::array<char, kLongest> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  out.append(buffer.data(), end);
}

bool looks_like_integer(std::string_view text) {
  return text.find_first_of(".e") == std::string_view::npos;
}

// from_chars reports both overflow and underflow as out of range; a zero exponent sign tells them apart: the
// decimal exponent of the first significant digit is negative for underflow.
bool is_underflow(std::string_view text) {
  const auto e = text.find_first_of("eE");
  const auto mantissa = text.substr(0, e);
  std::int64_t exponent = 0;
  if (e != std::string_view::npos) {
    auto digits = text.substr(e + 1);
    if (!digits.empty() && digits.front() == '+') digits.remove_prefix(1);
    const bool negative = !digits.empty() && digits.front() == '-';
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (parsed.ec == std::errc::result_out_of_range) return negative;
  }
  const auto first = mantissa.find_first_of("123456789");
  if (first == std::string_view::npos) return true;  // zero with whatever exponent
  const auto point = mantissa.find('.');
  const auto before_point =
      static_cast<std::int64_t>(point == std::string_view::npos ? mantissa.size() : point);
  return exponent + before_point - static_cast<std::int64_t>(first) < 0;
}

bool starts_like_a_number(std::string_view text) {
  if (!text.empty() && text.front() == '-') text.remove_prefix(1);
  return !text.empty() && ((text.front() >= '0' && text.front() <= '9') || text.front() == '.');
}

}  // namespace

void append_number(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "nan";
    return;
  }
  if (std::isinf(value)) {
    out += value > 0 ? "inf" : "-inf";
    return;
  }
  std::array<char, kLongest> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  out += text;
  if (looks_like_integer(text)) out += ".0";
}

void append_number(std::string& out, std::int64_t value) {
  append_integer(out, value);
}
void append_number(std::string& out, std::uint64_t value) {
  append_integer(out, value);
}

std::string number_text(double value) {
  std::string out;
  append_number(out, value);
  return out;
}

std::string number_text(std::int64_t value) {
  std::string out;
  append_number(out, value);
  return out;
}

std::optional<double> parse_double(std::string_view text) {
  if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (text == "inf") return std::numeric_limits<double>::infinity();
  if (text == "-inf") return -std::numeric_limits<double>::infinity();
  if (!starts_like_a_number(text)) return std::nullopt;  // from_chars itself would take "infinity" and "nan(7)"
  double value = 0.0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ptr != end || parsed.ec == std::errc::invalid_argument) return std::nullopt;
  if (parsed.ec == std::errc::result_out_of_range) {
    if (!is_underflow(text)) return std::nullopt;
    return text.front() == '-' ? -0.0 : 0.0;
  }
  return value;
}

std::optional<std::int64_t> parse_int64(std::string_view text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ptr != end || parsed.ec != std::errc()) return std::nullopt;
  return value;
}

}  // namespace assay
