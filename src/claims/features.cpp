// Turning a sentence into named features, a class at a time.
// SPDX-License-Identifier: MIT
#include "claims/features.hpp"

#include <algorithm>
#include <array>

#include "claims/figures.hpp"
#include "claims/marks.hpp"
#include "claims/polarity.hpp"

namespace assay::claims {
namespace {

using namespace mark;

constexpr std::array<std::string_view, place_count> place_names{"near", "before", "after", "elsewhere"};

// Candidates above these log-odds are asserted whatever cues they carry.
constexpr double doubtful = 1.0;

constexpr std::array basis_marks{title,   heading,     row,          item,          introduction, figure_any,
                                 no_verb, subject_own, anchor_paren, anchor_strong, link_only};
constexpr std::array<std::string_view, 14> basis_cues{
    "assert",   "copula", "instruction", "negation", "plan",       "norm",    "condition",
    "designed", "option", "self",        "others",   "comparison", "history", "definition"};
constexpr std::array<std::string_view, 7> basis_heads{"features", "results",      "install", "usage",
                                                      "status",   "requirements", "norm"};

// "NAME is a ...": a definition of whatever bears the name.
bool is_defined_as(const Scene& scene) {
  const auto i = scene.first_content();
  if (i + 2 >= scene.sentence().end) return false;
  const Token &name = scene.token(i), &verb = scene.token(i + 1), &article = scene.token(i + 2);
  const std::string_view text = scene.document().text;
  const auto word = [&](const Token& t) { return text.substr(t.text.begin, t.text.size()); };
  const bool named =
      name.kind == TokenKind::code || (name.kind == TokenKind::word && name.capital && name.sets == 0);
  return named && word(verb) == "is" &&
         (word(article) == "a" || word(article) == "an" || word(article) == "the" || article.capital);
}

// A row that says what an option, a field or a word of a program is.
bool first_cell_is_code(const Scene& scene) {
  bool any = false;
  for (auto i = scene.sentence().begin; i < scene.sentence().end && scene.token(i).cell == 0; ++i) {
    const auto kind = scene.token(i).kind;
    if (kind == TokenKind::cell_break) break;
    if (kind != TokenKind::code && kind != TokenKind::sign) return false;
    any |= kind == TokenKind::code;
  }
  return any;
}

}  // namespace

FeatureExtractor::FeatureExtractor(const RuleSet& rules, FeatureSpace& features)
    : rules_(rules), features_(features), drafts_(features) {
  cues_ = {features.cue("assert"),       features.cue("copula"),        features.cue("unready"),
           features.cue("support-list"), features.cue("column-system"), features.cue("column-definition")};
  for (const auto name : mark_names) marks_.push_back(features.id(name));
  for (std::size_t c = 0; c < features.cue_count(); ++c) {
    const std::string name = features.cue_name(static_cast<std::uint8_t>(c));
    for (const auto place : place_names)
      cue_place_.push_back(features.id("cue." + name + "." + std::string(place)));
    under_.push_back(features.id("under." + name));
    near_heading_.push_back(features.id("heading." + name));
    lead_.push_back(features.id("lead." + name));
    column_.push_back(features.id("column." + name));
  }
  for (std::size_t k = 0; k < 9; ++k)
    figure_.push_back(features.id("figure." + std::string(claims::name_of(static_cast<QuantityKind>(k)))));
  for (const auto mark : basis_marks) basis_.push_back(marks_[mark]);
  for (const auto cue : basis_cues)
    for (const auto place : {"near", "before", "after"})
      basis_.push_back(features.id("cue." + std::string(cue) + "." + place));
  for (const auto head : basis_heads) {
    basis_.push_back(features.id("under." + std::string(head)));
    basis_.push_back(features.id("lead." + std::string(head)));
  }
  for (std::size_t i = basis_.size(); i-- > 0;) {  // the first of equal ones
    if (place_in_basis_.size() <= basis_[i]) place_in_basis_.resize(basis_[i] + 1u, -1);
    place_in_basis_[basis_[i]] = static_cast<std::int32_t>(i);
  }
  for (std::size_t c = 0; c < class_count; ++c) {
    const std::string name(name_of(static_cast<ClaimClass>(c)));
    class_.push_back(features.id("class." + name));
    for (const auto f : std::vector<FeatureId>(basis_))
      crossed_.push_back(features.id(features.name(f) + "&" + name));
  }
}

void FeatureExtractor::mask_features(CueMask mask, const std::vector<FeatureId>& names,
                                     std::vector<FeatureId>& out) const {
  for (std::size_t c = 0; c < names.size(); ++c)
    if (mask >> c & 1) out.push_back(names[c]);
}

void FeatureExtractor::sentence_features(const Scene& scene, DocumentContext& context, std::int32_t index,
                                         std::vector<FeatureId>& out) const {
  const Block& block = scene.block();
  const auto add = [&](Mark m, bool holds = true) {
    if (holds) out.push_back(marks_[m]);
  };
  add(title, context.is_title(index));
  add(subtitle, context.is_subtitle(index));
  add(heading, block.kind == BlockKind::heading && !context.is_title(index));
  add(paragraph, block.kind == BlockKind::paragraph);
  add(item, block.kind == BlockKind::list_item);
  add(row, block.kind == BlockKind::table_row);
  add(alt, block.kind == BlockKind::alt_text);
  add(quote, block.quote_depth > 0);
  add(introduction, context.in_introduction(index) && !context.is_title(index));
  add(task_open, block.task_open);
  add(later_of_item, block.kind == BlockKind::list_item && !block.first_of_item);
  add(supported_item, block.kind == BlockKind::list_item && scene.word_count() < 7 &&
                          (context.lead_in(index) >> cues_.support_list & 1) != 0);
  add(dated_item, block.kind != BlockKind::table_row && context.is_dated(index));
  add(first_sentence, scene.sentence().begin == 0);
  add(link_only, scene.all_link());
  add(ends_question, scene.token(scene.sentence().end - 1).sign == '?');
  add(ends_colon, scene.last_sign() == ':' && scene.token(scene.sentence().end - 1).sign == ':');
  add(very_short, scene.word_count() < 5);
  add(long_sentence, scene.word_count() > 30);
  mask_features(context.headings_above(index), under_, out);
  mask_features(context.nearest_heading(index), near_heading_, out);
  mask_features(context.lead_in(index), lead_, out);
  const auto verb = [&](std::uint8_t cue) {
    return std::any_of(scene.cues().begin(), scene.cues().end(),
                       [&](const Scene::Cue& c) { return c.cue == cue; });
  };
  add(no_verb, !verb(cues_.assertion) && !verb(cues_.copula));
  std::uint32_t names = 0, content = 0;
  bool code_seen = false;
  for (auto i = scene.sentence().begin; i < scene.sentence().end; ++i) {
    const Token& t = scene.token(i);
    code_seen |= t.kind == TokenKind::code;
    if (t.kind != TokenKind::word) continue;
    ++content;
    if (t.capital) ++names;
  }
  add(has_code, code_seen);
  add(list_of_names, content > 2 && names * 10 > content * 8 && block.kind != BlockKind::heading);
}

void FeatureExtractor::anchor_features(const Scene& scene, DocumentContext& context, const Draft& draft,
                                       std::vector<FeatureId>& out) const {
  const auto add = [&](Mark m, bool holds = true) {
    if (holds) out.push_back(marks_[m]);
  };
  const Span anchor = draft.anchor;
  for (const auto& cue : scene.cues())
    if (!belongs_to_trigger(scene, draft, cue))
      out.push_back(
          cue_place_[cue.cue * place_count + static_cast<std::size_t>(scene.place_of(cue.span, anchor))]);
  for (const auto index : draft.triggers) out.push_back(features_.of_rule(scene.triggers()[index].rule));
  add(item_inherits, draft.inherits);
  add(several_triggers, draft.triggers.size() > 1);
  const Token& word = scene.token(anchor.begin);
  add(anchor_in_link, (word.style & Style::link) != 0);
  add(anchor_strong, (word.style & Style::strong) != 0);
  add(anchor_paren, scene.in_parentheses(anchor.begin));
  add(anchor_early, anchor.begin < scene.first_content() + 3);
  const auto unready = cues_.unready;
  if (draft.claim == ClaimClass::status)
    add(unready_status, std::any_of(scene.cues().begin(), scene.cues().end(),
                                    [&](const Scene::Cue& c) { return c.cue == unready; }));

  const std::string_view text = scene.document().text;
  for (auto i = scene.sentence().begin, n = 0u; i < scene.sentence().end; ++i) {
    const Token& t = scene.token(i);
    if (t.kind != TokenKind::word && t.kind != TokenKind::code) continue;
    const bool early = n++ < 4;
    const auto name = text.substr(t.text.begin, t.text.size());
    if (context.is_own_name(name))
      add(early ? subject_own : own_elsewhere);
    else if (early && i < anchor.begin && (t.kind == TokenKind::code || t.identifier || (t.capital && n > 1)))
      add(subject_name);
  }
  if (scene.first_content() < scene.sentence().end) {
    const Token& first = scene.token(scene.first_content());
    add(link_first,
        (first.style & Style::link) && scene.block().kind == BlockKind::list_item && !scene.all_link());
    add(subject_other_is, context.knows_names() && is_defined_as(scene) &&
                              !context.is_own_name(text.substr(first.text.begin, first.text.size())));
    add(subject_other_link, (first.style & Style::link) &&
                                !context.is_own_name(text.substr(first.text.begin, first.text.size())) &&
                                scene.block().kind == BlockKind::list_item && !scene.all_link());
  }
  bool any = false;
  for (auto i = scene.sentence().begin; i < scene.sentence().end; ++i) {
    const Token& t = scene.token(i);
    if (t.kind != TokenKind::quantity || scene.clause_of(i) != scene.clause_of(anchor.begin)) continue;
    const auto kind = scene.tokens().quantities[t.quantity].kind;
    out.push_back(figure_[static_cast<std::size_t>(kind)]);
    any |= kind != QuantityKind::label && kind != QuantityKind::number;
  }
  add(figure_any, any);
  if (scene.block().kind != BlockKind::table_row || scene.block().table == none) return;
  const auto& table = context.table(scene.block().table);
  if (word.cell < table.columns.size()) mask_features(table.columns[word.cell], column_, out);
  add(cell_speed, draft.cell_kinds[0]);
  add(cell_accuracy, draft.cell_kinds[1]);
  add(cell_tests, draft.cell_kinds[2]);
  add(anchor_first_cell, word.cell == 0);
  add(row_defined, (table.any >> cues_.column_definition & 1) != 0 && first_cell_is_code(scene));
  const bool own = context.row_is_own(scene.block());
  add(row_own, own && table.has_other_row);
  add(row_other, !own && table.has_own_row && !draft.cells.empty());
  add(row_of_systems, !table.has_own_row && (table.any >> cues_.column_system & 1) != 0);
  for (auto i = scene.sentence().begin; i < scene.sentence().end; ++i)
    if (scene.token(i).kind == TokenKind::sign && scene.token(i).cell > 0) {
      add(row_check, scene.token(i).sign == '+' && scene.token(i).text.size() > 1);
      add(row_cross, scene.token(i).sign == '!' && scene.token(i).text.size() > 1);
    }
}

void FeatureExtractor::cross_features(const Scene&, ClaimClass claim, std::vector<FeatureId>& out) const {
  const auto c = static_cast<std::size_t>(claim);
  const auto plain = out.size();
  for (std::size_t i = 0; i < plain; ++i) {
    if (out[i] >= place_in_basis_.size() || place_in_basis_[out[i]] < 0) continue;
    out.push_back(crossed_[c * basis_.size() + static_cast<std::size_t>(place_in_basis_[out[i]])]);
  }
  out.push_back(class_[c]);
}

void FeatureExtractor::extract(const Scene& scene, DocumentContext& context, std::int32_t block,
                               const Model& model, std::optional<ClaimClass> inherited, bool scopes,
                               std::vector<Candidate>& out) const {
  std::vector<Draft> drafts;
  drafts_.collect(scene, context, inherited, drafts);
  if (drafts.empty()) return;
  std::vector<FeatureId> shared;
  sentence_features(scene, context, block, shared);
  const auto place = [&](Span s) {
    return TextRange{scene.token(s.begin).text.begin, scene.token(s.end - 1).text.end};
  };
  for (Draft& draft : drafts) {
    drafts_.choose_anchor(scene, model, draft);
    Candidate candidate;
    candidate.claim = draft.claim;
    candidate.features = shared;
    anchor_features(scene, context, draft, candidate.features);
    cross_features(scene, draft.claim, candidate.features);
    auto& f = candidate.features;
    std::sort(f.begin(), f.end());
    f.erase(std::unique(f.begin(), f.end()), f.end());
    candidate.log_odds = model.bias;
    for (const auto id : f) candidate.log_odds += model.weight(id);
    candidate.rule = draft.has_rule ? rules_.rules()[draft.rule].id
                                    : (draft.inherits ? "item." : "table.") + std::string(name_of(draft.claim));
    Span core = draft.anchor;
    for (const auto index : draft.triggers) {
      const Span s = scene.triggers()[index].span;
      const bool strong = model.weight(features_.of_rule(scene.triggers()[index].rule)) >= 1.0;
      if (strong || scene.clause_of(s.begin) == scene.clause_of(draft.anchor.begin))
        core = {std::min(core.begin, s.begin), std::max(core.end, s.end)};
    }
    for (const auto cell : draft.cells) core = {std::min(core.begin, cell), std::max(core.end, cell + 1)};
    candidate.core = place(core);
    candidate.sentence = place({scene.sentence().begin, scene.sentence().end});
    for (auto i = core.begin; i < core.end; ++i)
      if (scene.token(i).kind == TokenKind::quantity &&
          is_figure_of(draft.claim, scene.tokens().quantities[scene.token(i).quantity].kind)) {
        candidate.figures.push_back(scene.tokens().quantities[scene.token(i).quantity]);
        compare(scene, i, candidate.figures.back());
      }
    candidate.polarity = Polarity::asserted;
    if (candidate.log_odds < doubtful) {
      candidate.polarity = Polarity::unclaimed;
      if (scopes) judge_scope(features_, scene, draft, candidate);
    }
    out.push_back(std::move(candidate));
  }
}

}  // namespace assay::claims
