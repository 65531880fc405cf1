// Reading rule packs and matching them.
// SPDX-License-Identifier: MIT
#include "claims/rules.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <toml++/toml.h>
#include <algorithm>
#include <stdexcept>

#include "core/error.hpp"

namespace assay::claims {

class RegexRule {
 public:
  RegexRule(const std::string& pattern, std::uint32_t owner)
      : re_("(" + pattern + ")", options()), owner_(owner) {}
  const re2::RE2& re() const { return re_; }
  std::uint32_t owner() const { return owner_; }

 private:
  static re2::RE2::Options options() {
    re2::RE2::Options o;
    o.set_log_errors(false);
    o.set_case_sensitive(false);
    o.set_max_mem(1 << 20);  // a user's pattern may be slow to compile, never slow to match
    return o;
  }
  re2::RE2 re_;
  std::uint32_t owner_;
};

namespace {

constexpr std::array<std::string_view, class_count> class_names{"speed",
                                                                "capability-accelerator",
                                                                "capability-distributed",
                                                                "capability-parallel",
                                                                "boundary",
                                                                "packaging",
                                                                "identity",
                                                                "status"};

[[noreturn]] void refuse(std::string_view file, const toml::source_region& at, std::string what,
                         std::string expected = {}, std::string found = {}) {
  throw UserError(
      Problem{.what = std::move(what),
              .where = {std::string(file), static_cast<int>(at.begin.line), static_cast<int>(at.begin.column)},
              .expected = std::move(expected),
              .found = std::move(found)});
}

std::vector<std::string> strings(std::string_view file, const toml::table& table, std::string_view key) {
  std::vector<std::string> out;
  const auto node = table.get(key);
  if (!node) return out;
  if (const auto one = node->value<std::string>()) return {*one};
  const auto* list = node->as_array();
  if (!list)
    refuse(file, node->source(), fmt::format("\"{}\" is no text", key), "a string or a list of strings");
  for (const auto& item : *list) {
    const auto text = item.value<std::string>();
    if (!text) refuse(file, item.source(), fmt::format("an entry of \"{}\" is no text", key), "a string");
    out.push_back(*text);
  }
  return out;
}

void known_keys_only(std::string_view file, const toml::table& table) {
  static constexpr std::array<std::string_view, 11> known{
      "id", "pack", "role", "class", "cue", "weight", "pattern", "regex", "match", "no-match", "help"};
  for (const auto& [key, value] : table)
    if (std::find(known.begin(), known.end(), key.str()) == known.end())
      refuse(file, value.source(), fmt::format("unknown key \"{}\" in [[rule]]", std::string_view(key.str())),
             "id, pack, role, class, cue, weight, pattern, regex, match, no-match, help");
}

RuleRole role_of(std::string_view file, const toml::table& table) {
  const auto role = table["role"].value_or(std::string("trigger"));
  if (role == "trigger") return RuleRole::trigger;
  if (role == "exclude") return RuleRole::exclude;
  if (role == "cue") return RuleRole::cue;
  if (role == "heading") return RuleRole::heading;
  refuse(file, table.get("role")->source(), "unknown role", "trigger, exclude, cue or heading", role);
}

Rule read_rule(std::string_view file, const toml::table& table) {
  known_keys_only(file, table);
  Rule rule;
  rule.id = table["id"].value_or(std::string());
  rule.line = table.source().begin.line;
  if (rule.id.empty()) refuse(file, table.source(), "a rule without id", "id = \"pack.name\"");
  rule.pack = table["pack"].value_or(std::string("user"));
  rule.role = role_of(file, table);
  rule.cue = table["cue"].value_or(std::string());
  rule.weight = table["weight"].value_or(1.0);
  for (const auto& name : strings(file, table, "class")) {
    const auto c = class_named(name);
    if (!c)
      refuse(file, table.get("class")->source(), "unknown class",
             fmt::format("{}", fmt::join(class_names, ", ")), name);
    rule.classes |= static_cast<std::uint8_t>(1u << static_cast<unsigned>(*c));
  }
  if (rule.role == RuleRole::trigger && !rule.classes)
    refuse(file, table.source(), fmt::format("rule \"{}\" names no class", rule.id));
  if (rule.role == RuleRole::exclude && !rule.classes) rule.classes = 0xff;
  const bool tells = rule.role == RuleRole::cue || rule.role == RuleRole::heading;
  if (tells && rule.cue.empty())
    refuse(file, table.source(), fmt::format("rule \"{}\" does not say what it tells", rule.id),
           "cue = \"...\"");
  return rule;
}

}  // namespace

std::string_view name_of(ClaimClass c) {
  return class_names[static_cast<std::size_t>(c)];
}

std::optional<ClaimClass> class_named(std::string_view name) {
  for (std::size_t i = 0; i < class_count; ++i)
    if (class_names[i] == name) return static_cast<ClaimClass>(i);
  return std::nullopt;
}

RuleSet::RuleSet() = default;
RuleSet::~RuleSet() = default;
RuleSet::RuleSet(RuleSet&&) noexcept = default;
RuleSet& RuleSet::operator=(RuleSet&&) noexcept = default;

void RuleSet::add(std::string_view file, std::string_view text, Examples examples) {
  toml::table root;
  try {
    root = toml::parse(text, file);
  } catch (const toml::parse_error& e) {
    refuse(file, e.source(), std::string(e.description()));
  }
  if (const auto* words = root["words"].as_table())
    for (const auto& [name, value] : *words) {
      auto list = strings(file, *words, name.str());
      WordLists::mapped_type flat;
      for (auto& word : list) {
        if (!word.starts_with('$'))
          flat.push_back(std::move(word));
        else if (const auto other = lists_.find(word.substr(1)); other != lists_.end())
          flat.insert(flat.end(), other->second.begin(), other->second.end());
        else
          refuse(file, value.source(), "unknown word list " + word, "a list defined above");
      }
      lists_[std::string(name.str())] = std::move(flat);
    }
  const auto* list = root["rule"].as_array();
  if (!list) return;
  for (const auto& node : *list) {
    const auto* table = node.as_table();
    if (!table) refuse(file, node.source(), "a rule is no table", "[[rule]]");
    Rule rule = read_rule(file, *table);
    if (find(rule.id)) refuse(file, table->source(), fmt::format("rule \"{}\" is defined twice", rule.id));
    const auto index = static_cast<std::uint32_t>(rules_.size());
    const auto patterns = strings(file, *table, "pattern");
    const auto regexes = strings(file, *table, "regex");
    if (patterns.empty() && regexes.empty())
      refuse(file, table->source(), fmt::format("rule \"{}\" has no pattern", rule.id));
    for (const auto& pattern : patterns) try {
        for (auto& compiled : compile_pattern(pattern, lists_, sets_)) {
          auto& kind = rule.role == RuleRole::heading   ? headings_
                       : rule.role == RuleRole::trigger ? triggers_
                                                        : context_;
          const auto anchor = kind.add(std::move(compiled), index, sets_);
          if (anchor && rule.role == RuleRole::trigger) sets_.mark(*anchor);
        }
      } catch (const std::invalid_argument& e) {
        refuse(file, table->get("pattern")->source(),
               fmt::format("rule \"{}\", pattern \"{}\": {}", rule.id, pattern, e.what()));
      }
    for (const auto& regex : regexes) {
      regexes_.push_back(std::make_unique<RegexRule>(regex, index));
      if (!regexes_.back()->re().ok())
        refuse(file, table->get("regex")->source(),
               fmt::format("rule \"{}\": {}", rule.id, regexes_.back()->re().error()));
    }
    rules_.push_back(std::move(rule));
    if (examples == Examples::trust) continue;
    const auto wanted = strings(file, *table, "match");
    if (wanted.empty())
      refuse(file, table->source(),
             fmt::format("rule \"{}\" has no sentence that it matches", rules_.back().id), "match = [\"...\"]");
    for (const auto& example : wanted) check(rules_.back(), index, example, true, file);
    for (const auto& example : strings(file, *table, "no-match"))
      check(rules_.back(), index, example, false, file);
  }
}

void RuleSet::check(const Rule& rule, std::uint32_t index, const std::string& example, bool wanted,
                    std::string_view file) const {
  Vocabulary words(sets_);
  Tokens tokens;
  tokenize(example, words, tokens);
  std::vector<PatternMatch> found;
  for (const Sentence sentence : tokens.sentences) {
    Present present;
    present.set(tokens, sentence, words);
    if (rule.role == RuleRole::heading)
      match_heading(tokens, sentence, words, found);
    else if (rule.role == RuleRole::trigger)
      match_triggers(tokens, sentence, example, words, present, found);
    else
      match_context(tokens, sentence, example, words, present, found);
  }
  const bool matched =
      std::any_of(found.begin(), found.end(), [&](const PatternMatch& m) { return m.owner == index; });
  if (matched == wanted) return;
  throw UserError(Problem{.what = fmt::format("rule \"{}\" does not behave as its examples say", rule.id),
                          .where = {std::string(file), static_cast<int>(rule.line), 1},
                          .expected = wanted ? "a match" : "no match",
                          .found = wanted ? "none in \"" + example + "\"" : "one in \"" + example + "\"",
                          .hint = "change the pattern or the example"});
}

const Rule* RuleSet::find(std::string_view id) const {
  for (const auto& rule : rules_)
    if (rule.id == id) return &rule;
  return nullptr;
}

void RuleSet::match_triggers(const Tokens& tokens, Sentence sentence, std::string_view text,
                             const Vocabulary& words, Present& present, std::vector<PatternMatch>& out) const {
  if (present.marked) triggers_.find(tokens, sentence, words, present, out);
  if (!regexes_.empty()) match_regexes(true, tokens, sentence, text, out);
}

void RuleSet::match_triggers(const std::vector<std::uint32_t>& possible, const Tokens& tokens,
                             Sentence sentence, std::string_view text, const Vocabulary& words,
                             const Present& present, std::vector<PatternMatch>& out) const {
  if (present.marked) triggers_.find_among(possible, tokens, sentence, words, present, out);
  if (!regexes_.empty()) match_regexes(true, tokens, sentence, text, out);
}

void RuleSet::match_context(const Tokens& tokens, Sentence sentence, std::string_view text,
                            const Vocabulary& words, Present& present, std::vector<PatternMatch>& out) const {
  context_.find(tokens, sentence, words, present, out);
  if (!regexes_.empty()) match_regexes(false, tokens, sentence, text, out);
}

void RuleSet::match_regexes(bool triggers, const Tokens& tokens, Sentence sentence, std::string_view text,
                            std::vector<PatternMatch>& out) const {
  if (sentence.begin == sentence.end) return;
  const auto base = tokens.list[sentence.begin].text.begin;
  for (const auto& rule : regexes_) {
    if ((rules_[rule->owner()].role == RuleRole::trigger) != triggers) continue;
    re2::StringPiece rest(text.data(), text.size()), found;
    while (re2::RE2::FindAndConsume(&rest, rule->re(), &found) && !found.empty()) {
      const auto begin = base + static_cast<std::uint32_t>(found.data() - text.data());
      const auto end = begin + static_cast<std::uint32_t>(found.size());
      PatternMatch match{rule->owner(), sentence.end, sentence.begin};
      for (auto i = sentence.begin; i < sentence.end; ++i)
        if (tokens.list[i].text.begin < end && tokens.list[i].text.end > begin)
          match.begin = std::min(match.begin, i), match.end = std::max(match.end, i + 1);
      if (match.begin < match.end) out.push_back(match);
    }
  }
}

void RuleSet::match_heading(const Tokens& tokens, Sentence sentence, const Vocabulary& words,
                            std::vector<PatternMatch>& out) const {
  Present present;
  present.set(tokens, sentence, words);
  headings_.find(tokens, sentence, words, present, out);
}

const RuleSet& builtin_rules() {
  static const RuleSet rules = [] {
    RuleSet set;
    for (const auto& file : builtin_files()) set.add(file.name, file.content, RuleSet::Examples::trust);
    return set;
  }();
  return rules;
}

}  // namespace assay::claims
