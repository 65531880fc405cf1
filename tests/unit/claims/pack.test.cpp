// What the program carries of its rule packs and weights is what their files say.
// SPDX-License-Identifier: MIT
#include "claims/pack.hpp"

#include <catch2/catch.hpp>

#include "claims/rules.hpp"

using namespace assay::claims;

TEST_CASE("the encoded packs are the files, word by word") {
  const auto files = builtin_files();
  const auto& packs = builtin().packs;
  REQUIRE(packs.size() == files.size());
  for (std::size_t p = 0; p < packs.size(); ++p) {
    INFO(files[p].name);
    const Pack written = read_pack(files[p].name, files[p].content);
    REQUIRE(packs[p].words.size() == written.words.size());
    for (std::size_t i = 0; i < written.words.size(); ++i) {
      CHECK(packs[p].words[i].name == written.words[i].name);
      CHECK(packs[p].words[i].words == written.words[i].words);
    }
    REQUIRE(packs[p].rules.size() == written.rules.size());
    for (std::size_t i = 0; i < written.rules.size(); ++i) {
      const PackRule &carried = packs[p].rules[i], &rule = written.rules[i];
      INFO(rule.rule.id);
      CHECK(carried.rule.id == rule.rule.id);
      CHECK(carried.rule.cue == rule.rule.cue);
      CHECK(carried.rule.role == rule.rule.role);
      CHECK(carried.rule.classes == rule.rule.classes);
      CHECK(carried.rule.weight == rule.rule.weight);
      CHECK(carried.patterns == rule.patterns);
      CHECK(carried.regexes == rule.regexes);
    }
  }
}

TEST_CASE("the encoded weights are those of the files") {
  ModelText written;
  for (const auto& file : builtin_model_files()) read_model_text(file.name, file.content, written);
  const ModelText& carried = builtin().model;
  CHECK(carried.bias == written.bias);
  CHECK(carried.report == written.report);
  CHECK(carried.hint == written.hint);
  CHECK(carried.weights == written.weights);
  CHECK(carried.weights.size() > 100);
}
