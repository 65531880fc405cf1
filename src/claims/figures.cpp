// Figures and their comparators.
// SPDX-License-Identifier: MIT
#include "claims/figures.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace assay::claims {
namespace {

constexpr std::array comparings{Comparing{"up to", Comparator::at_most},
                                Comparing{"at most", Comparator::at_most},
                                Comparing{"within", Comparator::at_most},
                                Comparing{"under", Comparator::at_most},
                                Comparing{"below", Comparator::at_most},
                                Comparing{"less than", Comparator::at_most},
                                Comparing{"no more than", Comparator::at_most},
                                Comparing{"<", Comparator::at_most},
                                Comparing{"≤", Comparator::at_most},
                                Comparing{"over", Comparator::at_least},
                                Comparing{"more than", Comparator::at_least},
                                Comparing{"at least", Comparator::at_least},
                                Comparing{"beyond", Comparator::at_least},
                                Comparing{"above", Comparator::at_least},
                                Comparing{">", Comparator::at_least},
                                Comparing{"≥", Comparator::at_least},
                                Comparing{"exceeds", Comparator::at_least},
                                Comparing{"about", Comparator::about},
                                Comparing{"around", Comparator::about},
                                Comparing{"approximately", Comparator::about},
                                Comparing{"roughly", Comparator::about},
                                Comparing{"nearly", Comparator::about},
                                Comparing{"almost", Comparator::about},
                                Comparing{"~", Comparator::about},
                                Comparing{"≈", Comparator::about},
                                Comparing{"∼", Comparator::about}};

}  // namespace

bool is_figure_of(ClaimClass claim, QuantityKind kind) {
  if (kind == QuantityKind::label) return false;
  const bool measures =
      claim == ClaimClass::speed || claim == ClaimClass::identity || claim == ClaimClass::status;
  return measures || kind == QuantityKind::number;
}

void compare(const Scene& scene, std::uint32_t at, Quantity& figure) {
  const std::string_view text = scene.document().text;
  const auto end = scene.token(at).text.begin;
  const auto begin = scene.token(at > scene.sentence().begin + 2 ? at - 3 : scene.sentence().begin).text.begin;
  if (const auto found = comparator_before(text.substr(begin, end - begin)))
    figure.comparator = found->comparator;
}

std::optional<Comparing> comparator_before(std::string_view text) {
  std::string before(text);
  if (before.size() > 80) before.erase(0, before.size() - 80);
  while (!before.empty() && before.back() == ' ') before.pop_back();
  std::transform(before.begin(), before.end(), before.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::optional<Comparing> longest;
  for (const auto& candidate : comparings) {
    const auto words = candidate.words;
    if (!before.ends_with(words) || (longest && words.size() <= longest->words.size())) continue;
    const bool whole = before.size() == words.size() || !std::isalpha(static_cast<unsigned char>(words[0])) ||
                       before[before.size() - words.size() - 1] == ' ';
    if (whole) longest = candidate;
  }
  return longest;
}

}  // namespace assay::claims
