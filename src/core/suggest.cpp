#include "core/suggest.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

namespace assay {
namespace {

// Costs are doubled so that a wrong case can cost half an edit.
constexpr int kEdit = 2;

int substitution(char a, char b) {
  if (a == b) return 0;
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  const bool separators = (a == '-' || a == '_' || a == '.') && (b == '-' || b == '_' || b == '.');
  return lower(a) == lower(b) || separators ? kEdit / 2 : kEdit;
}

int distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<int>> d(a.size() + 1, std::vector<int>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = static_cast<int>(i) * kEdit;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = static_cast<int>(j) * kEdit;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      d[i][j] = std::min(
          {d[i - 1][j] + kEdit, d[i][j - 1] + kEdit, d[i - 1][j - 1] + substitution(a[i - 1], b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + kEdit);
    }
  }
  return d[a.size()][b.size()];
}

}  // namespace

std::optional<std::string> nearest(std::string_view typed, std::span<const std::string> candidates) {
  constexpr std::size_t kLongest = 64;  // beyond it a slip of the finger is not what happened
  if (typed.size() > kLongest) return std::nullopt;
  const int limit = kEdit * std::max<int>(1, static_cast<int>(typed.size() + 2) / 3);
  std::optional<std::string> best;
  int best_distance = limit + 1;
  for (const auto& candidate : candidates) {
    // The last segment of a dotted key counts too: "a_LT" is near "species.ion.a_LT".
    int d = distance(typed, candidate);
    if (const auto dot = candidate.rfind('.'); dot != std::string::npos) {
      d = std::min(d, distance(typed, candidate.substr(dot + 1)) + 1);
    }
    if (d < best_distance) {
      best_distance = d;
      best = candidate;
    }
  }
  return best;
}

std::string one_of(std::string_view typed, std::span<const std::string> candidates) {
  constexpr std::size_t kShown = 12;
  std::string text = "one of: ";
  for (std::size_t i = 0; i < candidates.size() && i < kShown; ++i) text += (i ? ", " : "") + candidates[i];
  if (candidates.size() > kShown) text += ", and " + std::to_string(candidates.size() - kShown) + " more";
  if (const auto near = nearest(typed, candidates)) text += " (did you mean \"" + *near + "\"?)";
  return text;
}

}  // namespace assay
