#include "core/value.hpp"

#include <charconv>
#include <cmath>
#include <limits>

#include "core/number.hpp"

namespace assay {

std::string value_text(const Value& value) {
  return std::visit(
      [](const auto& v) -> std::string {
        using T = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<T, bool>) {
          return v ? "true" : "false";
        } else if constexpr (std::is_same_v<T, std::int64_t>) {
          return std::to_string(v);
        } else if constexpr (std::is_same_v<T, double>) {
          return number_text(v);
        } else {
          return v;
        }
      },
      value);
}

std::string_view type_name(const Value& value) {
  switch (value.index()) {
    case 0: return "true or false";
    case 1: return "an integer";
    case 2: return "a real number";
    default: return "text";
  }
}

double as_real(const Value& value) {
  if (const auto* i = std::get_if<std::int64_t>(&value)) return static_cast<double>(*i);
  if (const auto* d = std::get_if<double>(&value)) return *d;
  return std::numeric_limits<double>::quiet_NaN();
}

Value value_of_text(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  // 007 is a name: as a number it would not come back as it was written.
  const auto digits = text.substr(text.empty() || text.front() != '-' ? 0 : 1);
  if (digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9') return std::string(text);
  if (const auto i = parse_int64(text)) return *i;
  if (const auto d = parse_double(text)) return *d;
  return std::string(text);
}

}  // namespace assay
