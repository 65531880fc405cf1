#include "gate/level.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <vector>

#include "core/error.hpp"
#include "core/number.hpp"
#include "core/suggest.hpp"

namespace assay::gate {
namespace {

constexpr std::array<std::string_view, 9> words = {"byte", "bit",  "value",    "ulp", "scaled",
                                                   "tol",  "norm", "ensemble", "none"};

[[noreturn]] void bad_level(std::string_view text, std::string found) {
  const std::vector<std::string> known{"byte", "bit", "value", "ulp", "scaled", "tol", "norm", "ensemble"};
  throw UserError(Problem{
      .what = "not an identity level: \"" + std::string(text) + "\"",
      .expected = "byte, bit, value, ulp:K, scaled:K, tol:RTOL, tol:RTOL,ATOL, norm:TOL or ensemble:ALPHA",
      .found = std::move(found),
      .hint = nearest(text.substr(0, text.find(':')), known)
                  ? "did you mean \"" + *nearest(text.substr(0, text.find(':')), known) + "\"?"
                  : std::string()});
}

std::uint64_t parse_count(std::string_view whole, std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    bad_level(whole, "\"" + std::string(text) + "\" where a number of ulps is due");
  }
  return value;
}

double parse_tolerance(std::string_view whole, std::string_view text) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole_text = !text.empty() && error == std::errc() && end == text.data() + text.size();
  if (!whole_text || !(value >= 0.0) || !std::isfinite(value)) {
    bad_level(whole, "\"" + std::string(text) + "\" where a finite tolerance of at least 0 is due");
  }
  return value;
}

}  // namespace

std::string rung(Level level) {
  return level == Level::none ? "none" : "I" + std::to_string(static_cast<int>(level));
}

std::string_view word(Level level) {
  return words.at(static_cast<std::size_t>(level));
}

std::string word(NonFinite rule) {
  return rule == NonFinite::equal ? "equal" : rule == NonFinite::forbidden ? "forbidden" : "fail";
}

Requirement parse_level(std::string_view text) {
  const auto colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  const bool has_parameter = colon != std::string_view::npos;
  const std::string_view parameter = has_parameter ? text.substr(colon + 1) : std::string_view();
  Requirement r;
  const auto bare = [&](Level level) {
    if (has_parameter) bad_level(text, "a parameter where none belongs");
    r.level = level;
  };
  if (name == "byte") {
    bare(Level::byte);
  } else if (name == "bit") {
    bare(Level::bit);
  } else if (name == "value") {
    bare(Level::value);
  } else if (name == "ulp") {
    r.level = Level::ulp;
    r.ladder.ulps = parse_count(text, parameter);
  } else if (name == "scaled") {
    r.level = Level::scaled_ulp;
    r.ladder.scaled_ulps = parse_count(text, parameter);
  } else if (name == "tol") {
    r.level = Level::tol;
    const auto comma = parameter.find(',');
    r.ladder.rtol = parse_tolerance(text, parameter.substr(0, comma));
    if (comma != std::string_view::npos) r.ladder.atol = parse_tolerance(text, parameter.substr(comma + 1));
  } else if (name == "norm") {
    r.level = Level::norm;
    if (has_parameter) r.ladder.norm = parse_tolerance(text, parameter);
  } else if (name == "ensemble") {
    r.level = Level::ensemble;
    if (has_parameter) r.ladder.alpha = parse_tolerance(text, parameter);
    if (!(r.ladder.alpha > 0.0 && r.ladder.alpha < 1.0))
      bad_level(text, "\"" + std::string(parameter) + "\" where a probability between 0 and 1 is due");
  } else {
    bad_level(text, "\"" + std::string(name) + "\"");
  }
  return r;
}

std::string to_text(const Requirement& r) {
  std::string text(word(r.level));
  if (r.level == Level::ulp) text += ":" + std::to_string(r.ladder.ulps);
  if (r.level == Level::scaled_ulp) text += ":" + std::to_string(r.ladder.scaled_ulps);
  if (r.level == Level::tol) {
    text += ":" + number_text(r.ladder.rtol);
    if (r.ladder.atol > 0.0) text += "," + number_text(r.ladder.atol);
  }
  if (r.level == Level::norm && r.ladder.norm > 0.0) text += ":" + number_text(r.ladder.norm);
  if (r.level == Level::ensemble) text += ":" + number_text(r.ladder.alpha);
  return text;
}

std::string hex(double value) {
  if (!std::isfinite(value)) return number_text(value);
  std::array<char, 40> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%a", value);
  return buffer.data();
}

}  // namespace assay::gate
