// Reading and rewriting digits.
// SPDX-License-Identifier: MIT
#include "claims/binding/printed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace assay::claims {
namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}

std::size_t digits_from(std::string_view s, std::size_t at) {
  std::size_t n = at;
  while (n < s.size() && digit(s[n])) ++n;
  return n - at;
}

// One number whose digits begin at `at`.
PrintedNumber scan(std::string_view s, std::size_t at) {
  PrintedNumber p;
  p.begin = static_cast<std::uint32_t>(at);
  std::string plain;
  for (auto n = digits_from(s, at); n > 0; n = 0) plain += s.substr(at, n), at += n;
  while (!plain.empty() && at + 3 < s.size() && s[at] == ',' && digits_from(s, at + 1) == 3) {
    plain += s.substr(at + 1, 3);
    p.grouped = true;
    at += 4;
  }
  if (at + 1 < s.size() && s[at] == '.' && digit(s[at + 1])) {
    const auto n = digits_from(s, at + 1);
    plain += s.substr(at, n + 1);
    p.decimals = static_cast<int>(n);
    at += n + 1;
  }
  if (at + 1 < s.size() && (s[at] == 'e' || s[at] == 'E')) {
    const std::size_t sign = s[at + 1] == '-' || s[at + 1] == '+';
    const auto n = digits_from(s, at + 1 + sign);
    if (n > 0 && n < 4) {
      const std::string exponent(s.substr(at + 1, sign + n));
      p.scientific = true;
      p.exponent = std::atoi(exponent.c_str());
      plain += "e" + exponent;
      at += 1 + sign + n;
    }
  }
  p.end = static_cast<std::uint32_t>(at);
  p.mantissa = std::strtod(plain.c_str(), nullptr);
  const auto rest = s.substr(at);
  p.power = plain == "10" && (rest.starts_with('^') || rest.starts_with("**") || rest.starts_with("⁻") ||
                              rest.starts_with("¹") || rest.starts_with("²") || rest.starts_with("³") ||
                              (rest.size() > 2 && rest.substr(0, 2) == "\xe2\x81"));
  return p;
}

double power_of_ten_near(double ratio) {
  return ratio > 0 && std::isfinite(ratio) ? std::pow(10.0, std::round(std::log10(ratio))) : 1;
}

std::string group(const std::string& digits) {
  const auto point = std::min(digits.find('.'), digits.size());
  std::string out;
  for (std::size_t i = 0; i < point; ++i) {
    if (i > 0 && (point - i) % 3 == 0 && digit(out.back())) out += ',';
    out += digits[i];
  }
  return out + digits.substr(point);
}

}  // namespace

double PrintedNumber::tolerance() const {
  if (power) return 0.5 * value();
  return 0.5 * std::pow(10.0, exponent - decimals) * scale;
}

std::vector<PrintedNumber> printed_numbers(std::string_view text, const Quantity& q) {
  const std::size_t wanted = q.is_range || q.kind == QuantityKind::fraction ? 2 : 1;
  std::vector<PrintedNumber> out;
  for (std::size_t at = 0; at < text.size() && out.size() < wanted;) {
    const bool begins = digit(text[at]) || (text[at] == '.' && at + 1 < text.size() && digit(text[at + 1]));
    if (!begins) {
      ++at;
      continue;
    }
    PrintedNumber p = scan(text, at);
    const double meant = out.empty() ? q.low : q.high;
    if (p.mantissa != 0) p.scale = power_of_ten_near(std::abs(meant / p.mantissa));
    if (p.power) p.scale = meant / p.mantissa;
    at = p.end;
    if (p.scale != 1 && !p.power) {  // the power of ten that follows is no number of its own
      const auto power = text.find("10", at);
      if (power != std::string_view::npos && power - at <= 6 && power + 2 < text.size() &&
          !digit(text[power + 2]))
        at = power + 2;
    }
    if (p.power)
      while (at < text.size() && std::string_view("^{}*-+").find(text[at]) != std::string_view::npos) ++at;
    if (p.power) at += digits_from(text, at);
    out.push_back(p);
  }
  if (out.size() == 2 && q.is_range && out[0].scale == 1 && out[1].scale > 1)
    out[0].scale = out[1].scale;  // 5-6M
  return out;
}

bool rounds_to(double value, const PrintedNumber& p) {
  return std::abs(value - p.value()) <= p.tolerance() * (1 + 1e-9);
}

std::optional<std::string> reprint(const PrintedNumber& form, std::string_view digits, double value) {
  if (form.power || !std::isfinite(value) || value < 0) return std::nullopt;
  const double shown = value / form.scale;
  std::string out;
  if (form.scientific) {
    out = fmt::format("{:.{}e}", shown, form.decimals);
    const auto e = out.find('e');
    const auto old = digits.find_first_of("eE");
    std::string exponent = out.substr(e + 2);
    const bool padded = digits.substr(old).find_first_of("0") == 2;
    if (!padded && exponent.size() > 1 && exponent[0] == '0') exponent.erase(0, 1);
    const bool plus = digits.substr(old).size() > 1 && digits[old + 1] == '+';
    const std::string sign = out[e + 1] == '-' ? "-" : plus ? "+" : "";
    out = out.substr(0, e) + std::string(1, digits[old]) + sign + exponent;
  } else {
    if (std::abs(shown) >= 1e15) return std::nullopt;
    out = fmt::format("{:.{}f}", shown, form.decimals);
    if (value != 0 && out.find_first_not_of("0.") == std::string::npos) return std::nullopt;
    if (form.grouped) out = group(out);
    if (digits.starts_with('.') && out.starts_with("0.")) out.erase(0, 1);
  }
  return out;
}

}  // namespace assay::claims
