// The rule packs keep the promises of their examples; a rule that is malformed or cannot fire is refused with
// its place.
// SPDX-License-Identifier: MIT
#include "claims/rules.hpp"

#include <catch2/catch.hpp>

#include "core/error.hpp"

using namespace assay::claims;
using Catch::Matchers::Contains;

namespace {

std::string refusal(const std::string& toml) {
  RuleSet rules;
  try {
    rules.add("mine.toml", toml, RuleSet::Examples::check);
  } catch (const assay::UserError& e) {
    return e.what();
  }
  return "accepted";
}

const std::string head = "[[rule]]\nid = \"a\"\nclass = \"speed\"\n";

}  // namespace

TEST_CASE("every built-in rule matches what its examples say, and no id is used twice") {
  RuleSet rules;
  for (const auto& file : builtin_files()) {
    INFO(file.name);
    CHECK_NOTHROW(rules.add(file.name, file.content, RuleSet::Examples::check));
  }
  CHECK(rules.rules().size() > 90);
}

TEST_CASE("a rule of the user must match its own example") {
  CHECK(refusal(head + "pattern = [\"quick (run|runs)\"]\nmatch = [\"Quick runs are good.\"]\n") == "accepted");
  CHECK_THAT(refusal(head + "pattern = [\"quick\"]\nmatch = [\"Slow.\"]\n"),
             Contains("mine.toml:1:1") && Contains("none in \"Slow.\""));
  CHECK_THAT(refusal(head + "pattern = [\"quick\"]\nmatch = [\"quick\"]\nno-match = [\"Too quick.\"]\n"),
             Contains("one in \"Too quick.\""));
  CHECK_THAT(refusal(head + "pattern = [\"quick\"]\n"), Contains("no sentence that it matches"));
}

TEST_CASE("malformed rules are refused with file, line and what was expected") {
  CHECK_THAT(refusal("[[rule]\n"), Contains("mine.toml:1:"));
  CHECK_THAT(refusal("[[rule]]\nid = \"a\"\nclass = \"sped\"\npattern = \"x\"\n"),
             Contains("mine.toml:3:9") && Contains("unknown class"));
  CHECK_THAT(refusal(head + "pattern = \"$nowhere\"\nmatch = \"x\"\n"), Contains("unknown word list $nowhere"));
  CHECK_THAT(refusal(head + "patern = \"x\"\n"), Contains("unknown key \"patern\""));
  CHECK_THAT(refusal(head + "regex = \"(a\"\nmatch = \"a\"\n"), Contains("missing"));
  CHECK_THAT(refusal(head + "pattern = \"x\"\nmatch = \"x\"\n" + head + "pattern = \"x\"\nmatch = \"x\"\n"),
             Contains("defined twice"));
}

TEST_CASE("regular expressions of users cannot blow up") {
  CHECK(refusal(head + "regex = \"(a*)*b\"\nmatch = \"" + std::string(20000, 'a') + "b\"\n") == "accepted");
}

TEST_CASE("what a word belongs to does not depend on the words met before") {
  WordSets sets;
  const auto metal = sets.define({"=Metal"}), shards = sets.define({"=ZeRO"}), no = sets.define({"no", "zero"});
  for (const bool other_first : {false, true}) {
    Vocabulary words(sets);
    if (other_first) CHECK_FALSE(words.contains(words.handle("metal"), metal));
    CHECK(words.contains(words.handle("zero"), no));
    CHECK_FALSE(words.contains(words.handle("zero"), shards));
    CHECK(words.contains(words.handle("ZeRO"), shards));
    CHECK(words.contains(words.handle("Metal"), metal));
    CHECK_FALSE(words.contains(words.handle("metal"), metal));
  }
}
