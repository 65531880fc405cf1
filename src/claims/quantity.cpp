// Reading numbers: the digits, then what is glued to them, then a unit word, then the far end of a range.
// SPDX-License-Identifier: MIT
#include "claims/quantity.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

namespace assay::claims {
namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (static_cast<unsigned char>(c) & 0x80);
}
bool ascii_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

struct Unit {
  std::string_view written, canonical;
  QuantityKind kind;
  bool may_stand_apart;  // "40 ms"; false for units that are words or variables when they stand alone
};

using enum QuantityKind;
constexpr std::array units{
    Unit{"x", "x", ratio, true},
    Unit{"X", "x", ratio, false},
    Unit{"×", "x", ratio, true},
    Unit{"-fold", "x", ratio, false},
    Unit{"fold", "x", ratio, true},
    Unit{"times", "x", ratio, true},
    Unit{"%", "%", percent, true},
    Unit{"percent", "%", percent, true},
    Unit{"s", "s", time, true},
    Unit{"sec", "s", time, true},
    Unit{"secs", "s", time, true},
    Unit{"second", "s", time, true},
    Unit{"seconds", "s", time, true},
    Unit{"-second", "s", time, false},
    Unit{"ms", "ms", time, true},
    Unit{"msec", "ms", time, true},
    Unit{"millisecond", "ms", time, true},
    Unit{"milliseconds", "ms", time, true},
    Unit{"us", "us", time, true},
    Unit{"µs", "us", time, true},
    Unit{"μs", "us", time, true},
    Unit{"usec", "us", time, true},
    Unit{"microsecond", "us", time, true},
    Unit{"microseconds", "us", time, true},
    Unit{"ns", "ns", time, true},
    Unit{"nanosecond", "ns", time, true},
    Unit{"nanoseconds", "ns", time, true},
    Unit{"ps", "ps", time, false},
    Unit{"min", "min", time, true},
    Unit{"mins", "min", time, true},
    Unit{"minute", "min", time, true},
    Unit{"minutes", "min", time, true},
    Unit{"h", "h", time, true},
    Unit{"hr", "h", time, true},
    Unit{"hrs", "h", time, true},
    Unit{"hour", "h", time, true},
    Unit{"hours", "h", time, true},
    Unit{"cycles", "cycles", time, true},
    Unit{"B", "B", size, false},
    Unit{"bytes", "B", size, true},
    Unit{"KB", "KB", size, true},
    Unit{"kB", "kB", size, true},
    Unit{"KiB", "KiB", size, true},
    Unit{"MB", "MB", size, true},
    Unit{"MiB", "MiB", size, true},
    Unit{"GB", "GB", size, true},
    Unit{"GiB", "GiB", size, true},
    Unit{"TB", "TB", size, true},
    Unit{"TiB", "TiB", size, true},
    Unit{"FLOPS", "FLOP/s", rate, true},
    Unit{"FLOPs", "FLOP", number, true},
    Unit{"GFLOPS", "GFLOP/s", rate, true},
    Unit{"GFLOPs", "GFLOP/s", rate, true},
    Unit{"GFlops", "GFLOP/s", rate, true},
    Unit{"TFLOPS", "TFLOP/s", rate, true},
    Unit{"TFLOPs", "TFLOP/s", rate, true},
    Unit{"TFlops", "TFLOP/s", rate, true},
    Unit{"MFLOPS", "MFLOP/s", rate, true},
    Unit{"PFLOPS", "PFLOP/s", rate, true},
    Unit{"TOPS", "TOP/s", rate, true},
    Unit{"fps", "frames/s", rate, true},
    Unit{"FPS", "frames/s", rate, true},
    Unit{"qps", "queries/s", rate, true},
    Unit{"QPS", "queries/s", rate, true},
    Unit{"IOPS", "IO/s", rate, true},
    Unit{"TPS", "transactions/s", rate, true},
    Unit{"MLUPS", "MLUP/s", rate, true},
    Unit{"GLUPS", "GLUP/s", rate, true},
    Unit{"RPS", "requests/s", rate, true},
    Unit{"rps", "requests/s", rate, true},
    Unit{"MBps", "MB/s", rate, true},
    Unit{"GBps", "GB/s", rate, true},
    Unit{"Gbps", "Gbit/s", rate, true},
    Unit{"Mbps", "Mbit/s", rate, true},
    Unit{"Mpps", "Mpackets/s", rate, true},
    Unit{"MIPS", "MIPS", rate, true},
    Unit{"bit", "bit", label, false},
    Unit{"-bit", "bit", label, false},
    Unit{"bits", "bit", label, true},
    Unit{"D", "D", label, false},
    Unit{"d", "D", label, false},
    Unit{"-D", "D", label, false},
    Unit{"st", "", label, false},
    Unit{"nd", "", label, false},
    Unit{"rd", "", label, false},
    Unit{"th", "", label, false},
    Unit{"GHz", "GHz", label, true},
    Unit{"MHz", "MHz", label, true},
    Unit{"kHz", "kHz", label, true},
    Unit{"nm", "nm", label, true},
};

// The units by their first byte, and where those of each byte begin.
struct UnitIndex {
  std::array<Unit, units.size()> sorted{};
  std::array<std::uint8_t, 257> begin{};
};
constexpr UnitIndex unit_index = [] {
  const auto first = [](const Unit& u) { return static_cast<unsigned char>(u.written[0]); };
  UnitIndex index{units};
  std::sort(index.sorted.begin(), index.sorted.end(), [&](const Unit& a, const Unit& b) {
    return std::pair(first(a), a.written) < std::pair(first(b), b.written);
  });
  for (const Unit& u : units)
    for (std::size_t byte = first(u) + 1u; byte < index.begin.size(); ++byte) ++index.begin[byte];
  return index;
}();
static_assert(units.size() < 256);

const Unit* find_unit(std::string_view word, bool apart) {
  if (word.empty()) return nullptr;
  const auto byte = static_cast<unsigned char>(word[0]);
  for (std::size_t i = unit_index.begin[byte]; i < unit_index.begin[byte + 1u]; ++i) {
    const Unit& unit = unit_index.sorted[i];
    if (unit.written.size() == word.size() && unit.written == word && (!apart || unit.may_stand_apart))
      return &unit;
  }
  return nullptr;
}

constexpr std::array<std::string_view, 22> denominators{
    "s",   "sec",   "second", "seconds", "ms",   "us",        "ns",    "min",  "minute", "h",    "hour",
    "day", "cycle", "clock",  "op",      "step", "iteration", "token", "call", "sync",   "core", "watt"};

struct Digits {
  double value = 0;
  std::uint8_t decimals = 0;
  bool scientific = false, label = false;
  std::size_t length = 0;
};

std::size_t run_of_digits(std::string_view s, std::size_t at) {
  std::size_t n = at;
  while (n < s.size() && digit(s[n])) ++n;
  return n - at;
}

// Superscript digits after "10": "10⁻¹²". Returns bytes read and sets the exponent.
std::size_t superscript(std::string_view s, int& exponent) {
  static constexpr std::array<std::string_view, 10> signs{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::size_t at = 0;
  int sign = 1, value = 0, digits = 0;
  if (s.starts_with("⁻")) sign = -1, at += 3;
  for (bool found = true; found && digits < 4;) {
    found = false;
    for (int d = 0; d < 10; ++d)
      if (s.substr(at).starts_with(signs[static_cast<std::size_t>(d)])) {
        value = value * 10 + d, ++digits, found = true;
        at += signs[static_cast<std::size_t>(d)].size();
        break;
      }
  }
  exponent = sign * value;
  return digits ? at : 0;
}

// "^-12", "^{-12}", "**-12" after "10".
std::size_t caret_power(std::string_view s, int& exponent) {
  std::size_t at = s.starts_with('^') ? 1 : s.starts_with("**") ? 2 : 0;
  if (!at) return superscript(s, exponent);
  if (at < s.size() && s[at] == '{') ++at;
  const bool negative = at < s.size() && s[at] == '-';
  if (negative) ++at;
  const std::size_t n = run_of_digits(s, at);
  if (n == 0 || n > 3) return 0;
  exponent = std::atoi(std::string(s.substr(at, n)).c_str()) * (negative ? -1 : 1);
  at += n;
  return at < s.size() && s[at] == '}' ? at + 1 : at;
}

Digits scan_digits(std::string_view s) {
  Digits d;
  std::string plain;
  std::size_t at = run_of_digits(s, 0);
  plain = s.substr(0, at);
  while (at + 3 < s.size() && s[at] == ',' && run_of_digits(s, at + 1) == 3 && at <= 18) {
    plain += s.substr(at + 1, 3);
    at += 4;
  }
  if (at + 1 < s.size() && s[at] == '.' && digit(s[at + 1])) {
    const std::size_t n = run_of_digits(s, at + 1);
    plain += '.';
    plain += s.substr(at + 1, std::min<std::size_t>(n, 20));
    d.decimals = static_cast<std::uint8_t>(std::min<std::size_t>(n, 20));
    at += n + 1;
    while (at + 1 < s.size() && s[at] == '.' && (digit(s[at + 1]) || s[at + 1] == 'x')) {  // 1.2.3, 0.6.x
      d.label = true;
      at += 1 + std::max<std::size_t>(1, run_of_digits(s, at + 1));
    }
  }
  if (plain.size() > 40) plain.resize(40);
  d.value = std::strtod(plain.c_str(), nullptr);
  if (at + 1 < s.size() && (s[at] == 'e' || s[at] == 'E')) {
    const std::size_t sign = s[at + 1] == '-' || s[at + 1] == '+';
    const std::size_t n = run_of_digits(s, at + 1 + sign);
    if (n > 0 && n < 4) {
      d.value = std::strtod((plain + std::string(s.substr(at, 1 + sign + n))).c_str(), nullptr);
      d.scientific = true;
      at += 1 + sign + n;
    }
  }
  int exponent = 0;
  if (plain == "10")
    if (const auto n = caret_power(s.substr(at), exponent))
      d.value = std::pow(10.0, exponent), d.scientific = true, at += n;
  if (plain.size() == 4 && at + 2 < s.size() && s[at] == '-' && run_of_digits(s, at + 1) == 2) {  // 2026-05-11
    d.label = true;
    at += 3;
    if (at < s.size() && s[at] == '-') at += 1 + run_of_digits(s, at + 1);
  }
  d.length = at;
  return d;
}

// "×10⁻⁵", "x 10^-5" after a mantissa.
std::size_t power_of_ten(std::string_view s, double& value) {
  std::size_t at = 0;
  while (at < s.size() && s[at] == ' ') ++at;
  if (s.substr(at).starts_with("×"))
    at += 2;
  else if (at < s.size() && (s[at] == 'x' || s[at] == '*'))
    ++at;
  else
    return 0;
  while (at < s.size() && s[at] == ' ') ++at;
  int exponent = 0;
  if (!s.substr(at).starts_with("10")) return 0;
  const std::size_t n = caret_power(s.substr(at + 2), exponent);
  if (!n) return 0;
  value *= std::pow(10.0, exponent);
  return at + 2 + n;
}

double scale_of(char c) {
  switch (c) {
    case 'k':
    case 'K': return 1e3;
    case 'M': return 1e6;
    case 'G':
    case 'B': return 1e9;
    case 'T': return 1e12;
    default: return 0;
  }
}

std::size_t word_length(std::string_view s) {
  std::size_t n = 0;
  while (n < s.size() && letter(s[n])) ++n;
  return n;
}

// A unit at the start of `s`, which may begin with one blank. Sets kind and unit; returns bytes read.
std::size_t scan_unit(std::string_view s, Quantity& q) {
  std::size_t blank = 0;
  if (s.starts_with(' '))
    blank = 1;
  else if (s.starts_with("\xc2\xa0") || s.starts_with("\xe2\x80\xaf"))
    blank = s[0] == '\xc2' ? 2 : 3;
  auto rest = s.substr(blank);
  if (rest.starts_with('%')) return q.kind = percent, q.unit = "%", blank + 1;
  const std::size_t dash = !blank && rest.starts_with('-') ? 1 : 0;
  std::size_t n = rest.starts_with("×") ? 2 : dash + word_length(rest.substr(dash));
  // "3.4x-faster" and "1.95-1.97×": a sign, then anything that is no letter
  const auto word = rest.substr(0, n);
  const Unit* found = find_unit(word, blank != 0);
  std::size_t used = blank + n;
  const auto after = rest.substr(n);
  const std::size_t slash = after.starts_with('/') ? 1 : after.starts_with(" per ") ? 5 : 0;
  if (slash && n > dash && !dash && !(found && found->kind == ratio)) {
    const std::size_t m = word_length(after.substr(slash));
    const auto below = after.substr(slash, m);
    if (std::find(denominators.begin(), denominators.end(), below) != denominators.end()) {
      q.kind = found && found->kind == time ? time : rate;
      q.unit = rest.substr(0, n + slash + m);
      return used + slash + m;
    }
  }
  if (!found) return 0;
  q.kind = found->kind;
  q.unit = found->canonical;
  return used;
}

std::size_t range_mark(std::string_view s) {
  if (s.empty() || std::string_view(" -.~\xe2").find(s[0]) == std::string_view::npos) return 0;
  for (const std::string_view mark :
       {"–", "—", " – ", "-", " - ", " to ", "→", " → ", "..", "...", "…", "~", " and "})
    if (s.starts_with(mark) && s.size() > mark.size() && digit(s[mark.size()]) && mark != " and ")
      return mark.size();
  return 0;
}

std::size_t scan_one(std::string_view s, Quantity& q, double& value) {
  const Digits d = scan_digits(s);
  std::size_t at = d.length;
  value = d.value;
  q.decimals = d.decimals;
  if (d.label) return q.kind = label, at;
  bool scientific = d.scientific;
  if (const auto n = power_of_ten(s.substr(at), value)) scientific = true, at += n;
  // A scale letter counts when no unit swallows it: "400M", "5.54M ops/s", but not "64MB".
  if (at < s.size()) {
    const double scale = scale_of(s[at]);
    const bool ends = at + 1 >= s.size() || !letter(s[at + 1]) || s.substr(at + 1).starts_with("×");
    if (scale > 0 && ends) value *= scale, ++at;
  }
  if (s.substr(at).starts_with(" million"))
    value *= 1e6, at += 8;
  else if (s.substr(at).starts_with(" billion"))
    value *= 1e9, at += 8;
  if (const auto n = scan_unit(s.substr(at), q))
    at += n;
  else if (scientific)
    q.kind = value < 0.01 ? error : number;
  if (scientific && q.kind == label) q.kind = number;
  return at;
}

}  // namespace

std::string_view name_of(QuantityKind kind) {
  static constexpr std::array<std::string_view, 9> names{"number", "ratio", "percent",  "time", "size",
                                                         "rate",   "error", "fraction", "label"};
  return names[static_cast<std::size_t>(kind)];
}

std::string_view name_of(Comparator comparator) {
  static constexpr std::array<std::string_view, 4> names{"=", "~", "<=", ">="};
  return names[static_cast<std::size_t>(comparator)];
}

bool begins_unit(std::string_view text) {
  const auto n = word_length(text);
  const auto word = text.substr(0, n), after = text.substr(n);
  if (after.starts_with('/') || after.starts_with(" per ") || word == "million" || word == "billion")
    return true;
  return find_unit(word, true) != nullptr;
}

// "2m23s", "1h05m", "1h02m03.5s": seconds, and the bytes read; nothing for anything else.
static std::size_t scan_duration(std::string_view s, double& seconds) {
  const auto first = run_of_digits(s, 0);
  if (first >= s.size() || (s[first] != 'h' && s[first] != 'm')) return 0;
  std::size_t at = 0;
  int parts = 0;
  double sum = 0;
  for (const auto& [letter_of, worth] : {std::pair{'h', 3600.0}, {'m', 60.0}, {'s', 1.0}}) {
    const std::size_t n = run_of_digits(s, at);
    std::size_t end = at + n;
    if (letter_of == 's' && n && end + 1 < s.size() && s[end] == '.') end += 1 + run_of_digits(s, end + 1);
    if (!n || n > 4 || end >= s.size() || s[end] != letter_of) continue;
    sum += worth * std::strtod(std::string(s.substr(at, end - at)).c_str(), nullptr);
    at = end + 1;
    ++parts;
  }
  if (parts < 2 || (at < s.size() && (letter(s[at]) || digit(s[at])))) return 0;
  return seconds = sum, at;
}

ScannedQuantity scan_quantity(std::string_view s) {
  ScannedQuantity out;
  double seconds = 0;
  if (const auto n = scan_duration(s, seconds)) {
    out.quantity.kind = time;
    out.quantity.unit = "s";
    out.quantity.low = out.quantity.high = seconds;
    out.length = n;
    return out;
  }
  Quantity& q = out.quantity;
  std::size_t at = scan_one(s, q, q.low);
  q.high = q.low;
  if (q.kind == label) {
    while (at < s.size() && (ascii_letter(s[at]) || digit(s[at]))) ++at;
    out.length = at;
    return out;
  }
  // Dimensions: 20k×20k, 4x4, 3 x 3. All of it is a label.
  bool dimension = false;
  while (q.kind == ratio && at < s.size()) {
    std::size_t blank = s[at] == ' ';
    if (at + blank >= s.size() || !digit(s[at + blank])) break;
    Quantity next;
    double value = 0;
    at += blank + scan_one(s.substr(at + blank), next, value);
    dimension = true;
    if (next.kind != ratio) break;
  }
  if (dimension) return q.kind = label, out.length = at, out;
  std::size_t slash = s.substr(at).starts_with(" / ") ? 3 : s.substr(at).starts_with('/') ? 1 : 0;
  if (slash && q.kind == number && at + slash < s.size() && digit(s[at + slash])) {
    const Digits d = scan_digits(s.substr(at + slash));
    q.kind = fraction;
    q.high = d.value;
    out.length = at + slash + d.length;
    return out;
  }
  if (const auto mark = range_mark(s.substr(at)); mark && q.kind != fraction) {
    Quantity far;
    double value = 0;
    const std::size_t n = scan_one(s.substr(at + mark), far, value);
    if (far.kind != label && (q.kind == number || q.kind == far.kind)) {
      q.kind = far.kind, q.unit = far.unit, q.decimals = far.decimals;
      q.high = value, q.is_range = true;
      at += mark + n;
    }
  }
  if (q.kind == number && at < s.size() && (ascii_letter(s[at]) || s[at] == '_')) {  // "8bit", "5point", "2nd"
    while (at < s.size() && (ascii_letter(s[at]) || digit(s[at]) || s[at] == '_')) ++at;
    q.kind = label;
  }
  if (s.substr(at).starts_with('+')) q.comparator = Comparator::at_least, ++at;
  out.length = at;
  return out;
}

}  // namespace assay::claims
