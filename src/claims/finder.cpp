// From a document to findings.
// SPDX-License-Identifier: MIT
#include "claims/finder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "claims/features.hpp"
#include "claims/prefilter.hpp"

namespace assay::claims {

std::string_view name_of(Polarity polarity) {
  static constexpr std::array<std::string_view, 7> names{"asserted",    "negated",    "planned", "conditional",
                                                         "other-party", "historical", "none"};
  return names[static_cast<std::size_t>(polarity)];
}

namespace {

// What finders of one rule set share; read only after construction.
struct Shared {
  const RuleSet& rules;
  FeatureSpace features;
  FeatureExtractor extractor;
  Model model;
  Prefilter prefilter;

  Shared(const RuleSet& r, const ModelText& weights)
      : rules(r),
        features(r),
        extractor(r, features),
        model(make_model(weights, r, features)),
        prefilter(r.trigger_patterns(), r.word_sets()) {}
  Shared(const Shared&) = delete;
};

}  // namespace

struct Finder::State {
  std::shared_ptr<const Shared> shared;
  Vocabulary words;

  explicit State(std::shared_ptr<const Shared> s) : shared(std::move(s)), words(shared->rules.word_sets()) {}
};

// Cells stand apart, line breaks are blanks.
static std::string readable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text)
    if (c == Document::cell_break)
      out += " | ";
    else
      out += c == Document::hard_break ? ' ' : c;
  return out;
}

Finder::Finder(const RuleSet& rules, const ModelText& weights)
    : state_(std::make_unique<State>(std::make_shared<const Shared>(rules, weights))) {}
Finder::Finder(const Finder& other) : state_(std::make_unique<State>(other.state_->shared)) {}
Finder::~Finder() = default;

const FeatureSpace& Finder::features() const {
  return state_->shared->features;
}
const Model& Finder::model() const {
  return state_->shared->model;
}

// Capabilities are listed item by item; a boast is not.
static bool speaks_for_items(const Candidate& c, const Model& model) {
  return c.claim != ClaimClass::speed && c.claim != ClaimClass::identity && c.claim != ClaimClass::status &&
         probability(c.log_odds) >= model.report;
}

std::vector<Candidate> Finder::candidates(const Document& document, bool scopes) {
  const auto& [rules, features, extractor, model, prefilter] = *state_->shared;
  Vocabulary& words = state_->words;
  DocumentContext context(document, rules, features, words);
  std::vector<Candidate> out;
  std::vector<PatternMatch> matches;
  std::vector<std::uint32_t> possible;  // triggers, of the block
  Tokens tokens;
  Scene scene;
  Present present;
  std::size_t style_cursor = 0;
  // A hair below the hint, for what rounding does.
  const auto least = scopes ? std::nullopt : std::optional(std::log(model.hint / (1 - model.hint)) - 1e-6);
  std::map<std::int32_t, ClaimClass> said_by;  // what a lead-in ("Supported devices:") claims, by block
  const auto inherits = [&](const Block& block) -> std::optional<ClaimClass> {
    if (block.kind != BlockKind::list_item || !block.first_of_item || said_by.empty()) return std::nullopt;
    const auto at = said_by.find(block.lead_in);
    return at == said_by.end() ? std::nullopt : std::optional(at->second);
  };
  for (std::size_t b = 0; b < document.blocks.size(); ++b) {
    const Block& block = document.blocks[b];
    const auto inherited = inherits(block);
    const bool row = block.kind == BlockKind::table_row;
    prefilter.possible(document.view(block.text), possible);
    if (possible.empty() && !inherited && !(row && context.measures(block.table)) && !rules.has_regexes())
      continue;
    tokenize(document, block, words, style_cursor, tokens);
    for (const Sentence sentence : tokens.sentences) {
      const auto opening = document.view({tokens.list[sentence.begin].text.begin, block.text.end});
      if (opening.starts_with("[![") || opening.starts_with("!["))
        continue;  // badges whose targets are elsewhere
      matches.clear();
      const TextRange range{tokens.list[sentence.begin].text.begin, tokens.list[sentence.end - 1].text.end};
      present.set(tokens, sentence, words);
      rules.match_triggers(possible, tokens, sentence, document.view(range), words, present, matches);
      if (matches.empty() && !(row && context.measures(block.table)) && !inherited) continue;
      rules.match_context(tokens, sentence, document.view(range), words, present, matches);
      scene.set(document, block, tokens, sentence, matches, rules, features);
      const auto before = out.size();
      extractor.extract(scene, context, static_cast<std::int32_t>(b), model, inherited, least, out);
      const bool introduces = scene.last_sign() == ':' && scene.tokens().list[sentence.end - 1].sign == ':';
      for (auto c = before; introduces && c < out.size(); ++c)
        if (speaks_for_items(out[c], model)) said_by[static_cast<std::int32_t>(b)] = out[c].claim;
    }
  }
  return out;
}

std::vector<Reason> Finder::reasons_of(const Candidate& c) const {
  std::vector<Reason> out;
  for (const auto f : c.features)
    if (const double w = state_->shared->model.weight(f); std::abs(w) >= 0.05)
      out.push_back({state_->shared->features.name(f), w});
  std::stable_sort(out.begin(), out.end(),
                   [](const Reason& a, const Reason& b) { return std::abs(a.weight) > std::abs(b.weight); });
  return out;
}

Finder::Result Finder::find(const Document& document, Wanted wanted) {
  Result result;
  const auto all = candidates(document, wanted.scoped);
  if (all.empty()) return result;
  const LineIndex& lines = result.lines.emplace(document.source);
  const Model& model = state_->shared->model;
  for (const Candidate& c : all) {
    Finding finding;
    finding.confidence = probability(c.log_odds);
    const bool asserted = finding.confidence >= model.hint;
    if (!asserted && (c.polarity == Polarity::unclaimed || !wanted.scoped)) continue;
    if (asserted && !wanted.notes && finding.confidence < model.report) continue;
    finding.claim = c.claim;
    finding.polarity = asserted ? Polarity::asserted : c.polarity;
    finding.level = finding.confidence < model.report ? Level::note
                    : c.figures.empty()               ? Level::warning
                                                      : Level::error;
    finding.rule = c.rule;
    finding.begin = lines.at(document.source_offset(c.core.begin));
    finding.end = lines.at(document.source_offset(c.core.end - 1));
    finding.core = c.core;
    finding.sentence_at = c.sentence;
    finding.text = readable(document.view(c.core));
    finding.sentence = readable(document.view(c.sentence));
    if (!asserted) finding.scoped_by = c.scoped_by;
    finding.figures = c.figures;
    if (wanted.reasons) finding.reasons = reasons_of(c);
    (asserted ? result.findings : result.scoped).push_back(std::move(finding));
  }
  return result;
}

std::string Finder::explain(const Document& document, std::uint32_t line) {
  const LineIndex lines(document.source);
  const Model& model = state_->shared->model;
  std::string out;
  for (const Candidate& c : candidates(document)) {
    const auto begin = lines.at(document.source_offset(c.sentence.begin)),
               end = lines.at(document.source_offset(c.sentence.end - 1));
    if (line < begin.line || line > end.line) continue;
    out += fmt::format("{}:{}:{}: {}: probability {:.3f}, {}\n", document.name, begin.line, begin.column,
                       name_of(c.claim), probability(c.log_odds),
                       probability(c.log_odds) >= model.report ? "a claim"
                       : c.polarity == Polarity::unclaimed
                           ? "no claim"
                           : fmt::format("scoped ({}, by \"{}\")", name_of(c.polarity), c.scoped_by));
    out += fmt::format("  sentence: {}\n  core words: {} (rule {})\n", document.view(c.sentence),
                       document.view(c.core), c.rule);
    for (const auto& q : c.figures)
      out += fmt::format("  figure: {} {}{} {}\n", name_of(q.comparator), q.low,
                         q.is_range ? fmt::format(" to {}", q.high) : "", q.unit);
    out += fmt::format("  {:+7.2f}  (every candidate)\n", model.bias);
    auto features = c.features;
    std::stable_sort(features.begin(), features.end(), [&](FeatureId a, FeatureId b) {
      return std::abs(model.weight(a)) > std::abs(model.weight(b));
    });
    for (const auto f : features)
      out += fmt::format("  {:+7.2f}  {}\n", model.weight(f), state_->shared->features.name(f));
  }
  return out.empty() ? fmt::format("{}:{}: no rule speaks for a claim here\n", document.name, line) : out;
}

std::unique_ptr<Finder> builtin_finder() {
  return std::make_unique<Finder>(builtin_rules(), builtin().model);
}

}  // namespace assay::claims
