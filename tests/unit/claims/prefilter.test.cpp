// The prefilter never says no where a trigger matches, whatever the text.
// SPDX-License-Identifier: MIT
#include "claims/prefilter.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <tuple>

#include "claims/rules.hpp"

using namespace assay::claims;

namespace {

using Matches = std::vector<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>>;

struct Both {
  Matches all, among_possible;
  std::size_t possible = 0;
};

Both matches_in(std::string_view text, const Prefilter& filter, Vocabulary& words) {
  const auto& rules = builtin_rules();
  Both out;
  Tokens tokens;
  tokenize(text, words, tokens);
  std::vector<std::uint32_t> possible;
  filter.possible(text, possible);
  out.possible = possible.size();
  const auto plain = [](const std::vector<PatternMatch>& found, Matches& into) {
    for (const auto& m : found) into.emplace_back(m.owner, m.begin, m.end);
  };
  for (const Sentence s : tokens.sentences) {
    std::vector<PatternMatch> all, some;
    Present present;
    present.set(tokens, s, words);
    rules.match_triggers(tokens, s, text, words, present, all);
    rules.match_triggers(possible, tokens, s, text, words, present, some);
    plain(all, out.all);
    plain(some, out.among_possible);
  }
  return out;
}

// Each line of the rule packs: patterns, and the sentences that they must and must not match.
std::vector<std::string_view> lines() {
  std::vector<std::string_view> out;
  for (const auto& file : builtin_files())
    for (auto rest = file.content; !rest.empty();) {
      const auto end = std::min(rest.find('\n'), rest.size());
      out.push_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  return out;
}

}  // namespace

TEST_CASE("what the patterns find in any text is possible to the prefilter") {
  const auto& rules = builtin_rules();
  const Prefilter filter(rules.trigger_patterns(), rules.word_sets());
  Vocabulary words(rules.word_sets());
  std::size_t found = 0, tried = 0;
  for (const auto line : lines()) {
    std::string changed(line);
    for (int form = 0; form < 5; ++form) {
      if (form == 1) std::transform(changed.begin(), changed.end(), changed.begin(), ::toupper);
      if (form == 2) changed = "(" + std::string(line) + ")\xe2\x80\x99s caf\xc3\xa9_" + std::string(line);
      if (form == 3) std::replace(changed.begin(), changed.end(), ' ', '\n');
      if (form == 4) changed = std::string(61 + line.size() % 5, '.') + std::string(line);  // over its chunks
      const auto both = matches_in(changed, filter, words);
      INFO(changed);
      CHECK(both.all == both.among_possible);
      found += both.all.size();
      ++tried;
    }
  }
  CHECK(found > 2000);
  CHECK(tried > 3000);
}

TEST_CASE("text without a trigger has no possible one") {
  const auto& rules = builtin_rules();
  const Prefilter filter(rules.trigger_patterns(), rules.word_sets());
  Vocabulary words(rules.word_sets());
  for (const std::string_view text : {"", "The cat sat on the mat.", "See chapter 12 (2019).", "\xff\xfe \x80"})
    CHECK(matches_in(text, filter, words).possible == 0);
  CHECK(matches_in("It is 3x faster.", filter, words).possible > 0);
  for (const std::string_view text :
       {"It runs on 4xGPUs.", "The error is 0e6e8620.", "takes .5ms", "1 000 000x"}) {
    const auto both = matches_in(text, filter, words);
    CHECK(both.all == both.among_possible);
  }
}
