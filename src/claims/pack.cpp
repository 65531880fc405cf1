// Rule packs from TOML, and their form inside the binary: records by line, fields by unit separators.
// SPDX-License-Identifier: MIT
#include "claims/pack.hpp"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <charconv>

#include "core/error.hpp"

namespace assay::claims {
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

PackPlace place_of(const toml::source_region& at) {
  return {at.begin.line, at.begin.column};
}

PackRule read_pack_rule(std::string_view file, const toml::table& table) {
  PackRule out;
  out.rule = read_rule(file, table);
  out.at = place_of(table.source());
  out.patterns = strings(file, table, "pattern");
  out.regexes = strings(file, table, "regex");
  if (out.patterns.empty() && out.regexes.empty())
    refuse(file, table.source(), fmt::format("rule \"{}\" has no pattern", out.rule.id));
  if (const auto* node = table.get("pattern")) out.pattern_at = place_of(node->source());
  if (const auto* node = table.get("regex")) out.regex_at = place_of(node->source());
  out.matches = strings(file, table, "match");
  out.no_matches = strings(file, table, "no-match");
  return out;
}

toml::table parse(std::string_view file, std::string_view text) {
  try {
    return toml::parse(text, file);
  } catch (const toml::parse_error& e) {
    refuse(file, e.source(), std::string(e.description()));
  }
}

constexpr char field_end = '\x1f', record_end = '\n';

class Writer {
 public:
  void field(std::string_view text) { (out_ += text) += field_end; }
  void field(double number) { field(fmt::format("{}", number)); }
  void list(const std::vector<std::string>& texts) {
    field(std::to_string(texts.size()));
    for (const auto& text : texts) field(text);
  }
  void end() { out_ += record_end; }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

// What a Writer wrote; nothing else is ever read.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}
  bool at_end() const { return at_ >= text_.size(); }
  void end() { ++at_; }
  std::string_view field() {
    const auto stop = text_.find(field_end, at_);
    const auto out = text_.substr(at_, stop - at_);
    at_ = stop + 1;
    return out;
  }
  double number() {
    const auto text = field();
    double out = 0;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
  }
  std::vector<std::string> list() {
    std::vector<std::string> out(static_cast<std::size_t>(number()));
    for (auto& text : out) text = field();
    return out;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

std::optional<double> optional_number(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional(Reader(std::string(text) + field_end).number());
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

Pack read_pack(std::string_view file, std::string_view text) {
  const toml::table root = parse(file, text);
  Pack out;
  if (const auto* words = root["words"].as_table())
    for (const auto& [name, value] : *words)
      out.words.push_back(
          {std::string(name.str()), strings(file, *words, name.str()), place_of(value.source())});
  const auto* list = root["rule"].as_array();
  if (!list) return out;
  for (const auto& node : *list) {
    const auto* table = node.as_table();
    if (!table) refuse(file, node.source(), "a rule is no table", "[[rule]]");
    out.rules.push_back(read_pack_rule(file, *table));
  }
  return out;
}

void read_model_text(std::string_view file, std::string_view text, ModelText& model) {
  const toml::table root = parse(file, text);
  const auto number = [&](std::string_view key, std::optional<double>& value) {
    if (const auto found = root[key].value<double>()) value = found;
  };
  number("bias", model.bias);
  number("report", model.report);
  number("hint", model.hint);
  for (const char* section : {"prior", "weights"})
    if (const auto* table = root[section].as_table())
      for (const auto& [name, value] : *table)
        model.weights.emplace_back(std::string(name.str()), value.value_or(0.0));
}

std::string encode(const std::vector<Pack>& packs, const ModelText& model) {
  Writer out;
  for (const auto& value : {model.bias, model.report, model.hint})
    out.field(value ? fmt::format("{}", *value) : std::string());
  out.field(static_cast<double>(model.weights.size()));
  for (const auto& [name, weight] : model.weights) out.field(name), out.field(weight);
  out.end();
  for (const Pack& pack : packs) {
    out.field(static_cast<double>(pack.words.size()));
    for (const auto& list : pack.words) out.field(list.name), out.list(list.words);
    out.field(static_cast<double>(pack.rules.size()));
    for (const auto& [rule, patterns, regexes, matches, no_matches, at, pattern_at, regex_at] : pack.rules) {
      out.field(rule.id), out.field(rule.pack), out.field(rule.cue);
      out.field(static_cast<double>(rule.role)), out.field(static_cast<double>(rule.classes));
      out.field(rule.weight), out.field(static_cast<double>(rule.line));
      out.list(patterns), out.list(regexes);
    }
    out.end();
  }
  return out.take();
}

void decode(std::string_view encoded, std::vector<Pack>& packs, ModelText& model) {
  Reader in(encoded);
  for (auto* value : {&model.bias, &model.report, &model.hint}) *value = optional_number(in.field());
  model.weights.resize(static_cast<std::size_t>(in.number()));
  for (auto& [name, weight] : model.weights) name = in.field(), weight = in.number();
  for (in.end(); !in.at_end(); in.end()) {
    Pack& pack = packs.emplace_back();
    pack.words.resize(static_cast<std::size_t>(in.number()));
    for (auto& list : pack.words) list.name = in.field(), list.words = in.list();
    pack.rules.resize(static_cast<std::size_t>(in.number()));
    for (auto& [rule, patterns, regexes, matches, no_matches, at, pattern_at, regex_at] : pack.rules) {
      rule.id = in.field(), rule.pack = in.field(), rule.cue = in.field();
      rule.role = static_cast<RuleRole>(in.number());
      rule.classes = static_cast<std::uint8_t>(in.number());
      rule.weight = in.number(), rule.line = static_cast<std::uint32_t>(in.number());
      patterns = in.list(), regexes = in.list();
    }
  }
}

}  // namespace assay::claims
