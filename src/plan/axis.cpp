#include "plan/axis.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <set>

#include "core/number.hpp"
#include "core/text.hpp"

namespace assay::plan {
namespace {

constexpr std::size_t kMostValues = 100'000'000;
constexpr std::string_view kForms =
    "a list 0.1,0.2,0.4, integers 1:1000, a range 0.1:0.6:6 (from, to, count) or log:1e-3:1:7";

double round_to_15_digits(long double x) {
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%.15Lg", x);
  return *parse_double(buffer);
}

[[noreturn]] void bad(const std::string& name, std::string_view text, const SourcePos& where, std::string why) {
  throw UserError(Problem{.what = "axis \"" + name + "\": " + std::move(why),
                          .where = where,
                          .expected = std::string(kForms),
                          .found = "\"" + std::string(text) + "\""});
}

}  // namespace

Axis Axis::of_list(std::string name, std::vector<Value> values) {
  Axis axis;
  axis.name_ = std::move(name);
  axis.list_ = std::move(values);
  axis.size_ = axis.list_.size();
  if (axis.size_ == 0)
    throw UserError("axis \"" + axis.name_ + "\" has no values", "expected " + std::string(kForms));
  return axis;
}

Axis Axis::parse(std::string name, std::string_view text, const SourcePos& where) {
  if (text.empty()) bad(name, text, where, "no values");
  Axis axis;
  axis.name_ = std::move(name);
  auto parts = split(text, ':');
  const bool log = parts.front() == "log";
  if (log) parts.erase(parts.begin());

  if (!log && parts.size() == 1) {
    for (const auto part : split(text, ',')) {
      if (part.empty()) bad(axis.name_, text, where, "an empty value in the list");
      axis.list_.push_back(value_of_text(part));
    }
    axis.size_ = axis.list_.size();
    return axis;
  }
  if (!log && parts.size() == 2) {
    const auto first = parse_int64(parts[0]);
    const auto last = parse_int64(parts[1]);
    if (!first || !last) bad(axis.name_, text, where, "from:to takes integers; a range of reals needs a count");
    if (*last < *first) bad(axis.name_, text, where, "the range is empty: it ends before it starts");
    if (static_cast<double>(*last) - static_cast<double>(*first) >= static_cast<double>(kMostValues))
      bad(axis.name_, text, where, "more than 1e8 values");
    axis.kind_ = Kind::integers;
    axis.first_ = *first;
    axis.size_ = static_cast<std::size_t>(*last - *first) + 1;
    return axis;
  }
  if (parts.size() != 3) bad(axis.name_, text, where, "not an axis");
  const auto from = parse_double(parts[0]);
  const auto to = parse_double(parts[1]);
  const auto count = parse_int64(parts[2]);
  if (!from || !to || !std::isfinite(*from) || !std::isfinite(*to))
    bad(axis.name_, text, where, "from and to are finite numbers");
  if (!count || *count < 1) bad(axis.name_, text, where, "the count is an integer, 1 or more");
  if (static_cast<std::size_t>(*count) > kMostValues) bad(axis.name_, text, where, "more than 1e8 values");
  if (*count == 1 && *from != *to)
    bad(axis.name_, text, where, "one value cannot reach from one end to the other");
  if (log && (*from <= 0.0 || *to <= 0.0)) bad(axis.name_, text, where, "a log range needs positive ends");
  axis.kind_ = log ? Kind::log : Kind::linear;
  axis.from_ = *from;
  axis.to_ = *to;
  axis.size_ = static_cast<std::size_t>(*count);
  return axis;
}

Value Axis::at(std::size_t i) const {
  switch (kind_) {
    case Kind::list: return list_.at(i);
    case Kind::integers: return first_ + static_cast<std::int64_t>(i);
    case Kind::linear:
    case Kind::log: break;
  }
  if (i == 0) return from_;
  if (i + 1 == size_) return to_;
  const long double share = static_cast<long double>(i) / static_cast<long double>(size_ - 1);
  if (kind_ == Kind::linear) {
    return round_to_15_digits(static_cast<long double>(from_) * (1.0L - share) +
                              static_cast<long double>(to_) * share);
  }
  const long double a = std::log(static_cast<long double>(from_));
  const long double b = std::log(static_cast<long double>(to_));
  return round_to_15_digits(std::exp(a * (1.0L - share) + b * share));
}

bool Axis::distinct() const {
  if (kind_ == Kind::integers) return true;
  if (kind_ != Kind::list && from_ == to_) return size_ == 1;
  // A real range this fine could repeat a rounded value; anything a person writes is far from it.
  if (kind_ != Kind::list) return size_ < 100'000'000;
  std::set<std::string> seen;
  for (const auto& value : list_) {
    // 1 and 1.0 are the same number for a workload.
    const bool number = value.index() == 1 || value.index() == 2;
    if (!seen.insert(number ? number_text(as_real(value) + 0.0) : value_text(value)).second) return false;
  }
  return true;
}

std::string Axis::text() const {
  switch (kind_) {
    case Kind::integers:
      return std::to_string(first_) + ":" + std::to_string(first_ + static_cast<std::int64_t>(size_) - 1);
    case Kind::linear: return number_text(from_) + ":" + number_text(to_) + ":" + std::to_string(size_);
    case Kind::log: return "log:" + number_text(from_) + ":" + number_text(to_) + ":" + std::to_string(size_);
    case Kind::list: break;
  }
  std::string text;
  for (std::size_t i = 0; i < list_.size(); ++i) text += (i ? "," : "") + value_text(list_[i]);
  return text;
}

}  // namespace assay::plan
