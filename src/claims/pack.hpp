// A rule pack or the weights of the model as they are written, before anything is compiled. Read from TOML; the
// built-in ones are read when the program is built (embed_packs.cpp) and travel in a form that costs nothing to
// read again, since every run needs all of them.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::claims {

enum class ClaimClass : std::uint8_t {
  speed,
  accelerator,
  distributed,
  parallel,
  boundary,
  packaging,
  identity,
  status
};
inline constexpr std::size_t class_count = 8;
std::string_view name_of(ClaimClass c);  // "speed", "capability-accelerator", ...
std::optional<ClaimClass> class_named(std::string_view name);

enum class RuleRole : std::uint8_t { trigger, exclude, cue, heading };

struct Rule {
  std::string id, pack, cue;
  RuleRole role = RuleRole::trigger;
  std::uint8_t classes = 0;  // bit i: ClaimClass i
  double weight = 0;
  std::uint32_t line = 0;  // where it stands in its file
};

struct PackPlace {
  std::uint32_t line = 0, column = 0;
};

struct PackRule {
  Rule rule;
  std::vector<std::string> patterns, regexes, matches, no_matches;
  PackPlace at, pattern_at, regex_at;
};

struct PackWords {
  std::string name;
  std::vector<std::string> words;  // "$name": those of a list above
  PackPlace at;
};

struct Pack {
  std::vector<PackWords> words;
  std::vector<PackRule> rules;
};

// Throws UserError for text that is no TOML or no rule pack.
Pack read_pack(std::string_view file, std::string_view toml);

// model.toml and weights.toml, one after another.
struct ModelText {
  std::optional<double> bias, report, hint;
  std::vector<std::pair<std::string, double>> weights;  // [prior] and [weights], in the order of the files
};
void read_model_text(std::string_view file, std::string_view toml, ModelText& model);

// The form inside the binary, without examples and places.
std::string encode(const std::vector<Pack>& packs, const ModelText& model);
void decode(std::string_view encoded, std::vector<Pack>& packs, ModelText& model);

}  // namespace assay::claims
