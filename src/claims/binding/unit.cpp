// Units: a table of names, prefixes in front of those that take them, and what stands below the stroke.
// SPDX-License-Identifier: MIT
#include "claims/binding/unit.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "core/text.hpp"

namespace assay::claims {
namespace {

struct Known {
  std::string_view name, base;
  double factor;
};

constexpr std::array known{Known{"x", "x", 1},
                           Known{"×", "x", 1},
                           Known{"times", "x", 1},
                           Known{"%", "", 0.01},
                           Known{"percent", "", 0.01},
                           Known{"s", "s", 1},
                           Known{"sec", "s", 1},
                           Known{"second", "s", 1},
                           Known{"ps", "s", 1e-12},
                           Known{"ns", "s", 1e-9},
                           Known{"us", "s", 1e-6},
                           Known{"µs", "s", 1e-6},
                           Known{"μs", "s", 1e-6},
                           Known{"ms", "s", 1e-3},
                           Known{"min", "s", 60},
                           Known{"minute", "s", 60},
                           Known{"h", "s", 3600},
                           Known{"hour", "s", 3600},
                           Known{"day", "s", 86400},
                           Known{"B", "B", 1},
                           Known{"byte", "B", 1},
                           Known{"KB", "B", 1e3},
                           Known{"KiB", "B", 1024.0},
                           Known{"MiB", "B", 1048576.0},
                           Known{"GiB", "B", 1073741824.0},
                           Known{"TiB", "B", 1099511627776.0},
                           Known{"bit", "bit", 1},
                           Known{"FLOP", "FLOP", 1},
                           Known{"FLOPS", "FLOP/s", 1},
                           Known{"OP", "op", 1},
                           Known{"op", "op", 1},
                           Known{"LUP", "LUP", 1},
                           Known{"IO", "IO", 1},
                           Known{"Hz", "Hz", 1},
                           Known{"packet", "packet", 1},
                           Known{"item", "item", 1},
                           Known{"eV", "eV", 1},
                           Known{"J", "J", 1},
                           Known{"W", "W", 1}};

constexpr std::string_view prefixed[] = {"B",  "FLOP",   "FLOPS", "OP",  "op", "LUP", "IO",
                                         "Hz", "packet", "item",  "bit", "eV", "J",   "W"};

double prefix_of(char c) {
  switch (c) {
    case 'k':
    case 'K': return 1e3;
    case 'M': return 1e6;
    case 'G': return 1e9;
    case 'T': return 1e12;
    case 'P': return 1e15;
    case 'E': return 1e18;
    default: return 0;
  }
}

const Known* find(std::string_view name) {
  const auto* at = std::find_if(known.begin(), known.end(), [&](const Known& k) { return k.name == name; });
  return at == known.end() ? nullptr : at;
}

std::string_view singular(std::string_view word) {
  return word.size() > 3 && word.ends_with('s') && word != "times" ? word.substr(0, word.size() - 1) : word;
}

Unit simple(std::string_view name) {
  for (const auto candidate : {name, singular(name)}) {
    if (const auto* k = find(candidate)) return {std::string(k->base), k->factor, false};
    if (candidate.size() < 2 || prefix_of(candidate[0]) == 0) continue;
    for (const auto base : prefixed)
      if (candidate.substr(1) == base || singular(candidate.substr(1)) == base)
        return {std::string(find(base)->base), prefix_of(candidate[0]), false};
  }
  std::string word(singular(name));
  for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return {word, 1, true};
}

}  // namespace

Unit parse_unit(std::string_view written) {
  written = trimmed(written);
  if (written.empty() || written == "1") return {};
  auto stroke = written.find('/');
  std::size_t width = 1;
  if (stroke == std::string_view::npos) stroke = written.find(" per "), width = 5;
  if (stroke == std::string_view::npos || stroke == 0) return simple(written);
  Unit above = simple(trimmed(written.substr(0, stroke)));
  const Unit below = simple(trimmed(written.substr(stroke + width)));
  return {above.base + "/" + below.base, above.factor / below.factor, false};
}

std::optional<double> conversion(std::string_view from, std::string_view to) {
  const Unit a = parse_unit(from), b = parse_unit(to);
  if (a.base == b.base) return a.factor / b.factor;
  const bool bare = (a.base.empty() && a.factor == 1) || (b.base.empty() && b.factor == 1);
  const bool countable =
      (a.counts || a.base.empty() || a.base == "x") && (b.counts || b.base.empty() || b.base == "x");
  if (bare && countable) return a.factor / b.factor;
  return std::nullopt;
}

}  // namespace assay::claims
