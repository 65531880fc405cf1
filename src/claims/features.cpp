// Turning a sentence into named features, a class at a time.
// SPDX-License-Identifier: MIT
#include "claims/features.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "claims/figures.hpp"
#include "claims/marks.hpp"
#include "claims/polarity.hpp"

namespace assay::claims {
namespace {

using namespace mark;

constexpr std::array<std::string_view, place_count> place_names{"near", "before", "after", "elsewhere"};

// Candidates above these log-odds are asserted whatever cues they carry.
constexpr double doubtful = 1.0;

// "NAME is VENDOR's ...": a product of somebody else.
bool is_of_vendor(const Scene& scene) {
  const auto i = scene.first_content();
  if (i + 3 >= scene.sentence().end) return false;
  const Token &name = scene.token(i), &verb = scene.token(i + 1), &vendor = scene.token(i + 2);
  const std::string_view text = scene.document().text;
  return name.kind == TokenKind::word && name.capital && name.sets == 0 && vendor.capital &&
         text.substr(verb.text.begin, verb.text.size()) == "is" &&
         text.substr(vendor.text.end).starts_with("'s ");
}

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

// "the Exact Tensor Network", "with Accelerate and": capitals within a sentence make a name of what would be a
// boast.
bool is_in_name(const Scene& scene, Span anchor) {
  if (scene.block().kind == BlockKind::heading || anchor.begin <= scene.first_content()) return false;
  const auto capital = [&](std::uint32_t i) {
    const Token& t = scene.token(i);
    return t.kind == TokenKind::word && t.capital && !t.all_caps;
  };
  for (auto i = anchor.begin; i < anchor.end; ++i)
    if (!capital(i)) return false;
  const bool before = anchor.begin > scene.first_content() + 1 && capital(anchor.begin - 1);
  if (before || (anchor.end < scene.sentence().end && capital(anchor.end))) return true;
  const Token& word = scene.token(anchor.begin - 1);
  const bool within = word.kind == TokenKind::word && !word.capital && !word.identifier;
  return within && scene.block().kind == BlockKind::paragraph && !scene.token(anchor.begin).joined;
}

// 'claims such as "3x faster" need evidence': words that are spoken of, not said.
bool is_quoted(const Scene& scene, Span anchor) {
  const auto quotes = [&](std::uint32_t from, std::uint32_t to) {
    std::uint32_t n = 0;
    for (auto i = from; i < to; ++i) n += scene.token(i).kind == TokenKind::sign && scene.token(i).sign == '"';
    return n;
  };
  return quotes(scene.sentence().begin, anchor.begin) % 2 == 1 && quotes(anchor.end, scene.sentence().end) > 0;
}

// "[Foo](...): a fast solver", "[Foo](...) is fast", "[Foo](...)": an entry of a list of links.
bool is_entry(const Scene& scene) {
  auto i = scene.first_content();
  while (i < scene.sentence().end && (scene.token(i).style & Style::link)) ++i;
  if (i >= scene.sentence().end) return true;
  const Token& next = scene.token(i);
  if (next.kind == TokenKind::sign) return next.sign == ':' || next.sign == '-' || next.sign == '(';
  const auto word = std::string_view(scene.document().text).substr(next.text.begin, next.text.size());
  return word == "is" || word == "are" || word == "provides" || word == "offers" || word == "by";
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
  cues_ = {features.cue("norm"),          features.cue("imperative"),
           features.cue("instruction"),   features.cue("features"),
           features.cue("assert"),        features.cue("copula"),
           features.cue("unready"),       features.cue("support-list"),
           features.cue("column-system"), features.cue("column-definition")};
  for (const auto name : mark_names) marks_.push_back(features.id(name));
  for (std::size_t c = 0; c < features.cue_count(); ++c) {
    const std::string name = features.cue_name(static_cast<std::uint8_t>(c));
    for (const auto place : place_names)
      cue_place_.push_back(features.id("cue." + name + "." + std::string(place)));
    under_.push_back(features.id("under." + name));
    lead_.push_back(features.id("lead." + name));
    column_.push_back(features.id("column." + name));
    if (name.starts_with("column-")) column_cues_ |= CueMask{1} << c;
  }
  for (std::size_t k = 0; k < 9; ++k)
    figure_.push_back(features.id("figure." + std::string(claims::name_of(static_cast<QuantityKind>(k)))));
  for (std::size_t c = 0; c < class_count; ++c)
    class_.push_back(features.id("class." + std::string(name_of(static_cast<ClaimClass>(c)))));
}

// "- Read a file from many threads" below "Features": what the reader can do, no request.
bool FeatureExtractor::offers(const Scene& scene, DocumentContext& context, std::int32_t block) const {
  if (scene.block().kind != BlockKind::list_item) return false;
  const bool listed = ((context.nearest_heading(block) | context.lead_in(block)) >> cues_.features & 1) != 0;
  return listed && std::any_of(scene.cues().begin(), scene.cues().end(), [&](const Scene::Cue& c) {
           return c.cue == cues_.imperative && c.span.begin == scene.sentence().begin;
         });
}

void FeatureExtractor::mask_features(CueMask mask, const std::vector<FeatureId>& names,
                                     std::vector<FeatureId>& out) const {
  for (; mask; mask &= mask - 1) out.push_back(names[static_cast<std::size_t>(std::countr_zero(mask))]);
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
  if (const Token& lead = scene.token(scene.sentence().begin);
      block.kind == BlockKind::list_item && lead.kind == TokenKind::sign && lead.text.size() > 1) {
    add(item_check, lead.sign == '+');
    add(item_cross, lead.sign == '!');
    add(item_open, lead.sign == '?');
  }
  add(item_offers, offers(scene, context, index));
  add(release_notes, context.under_release(index));
  add(first_sentence, scene.sentence().begin == 0);
  add(link_only, scene.all_link());
  add(ends_question, scene.token(scene.sentence().end - 1).sign == '?');
  add(ends_colon, scene.last_sign() == ':' && scene.token(scene.sentence().end - 1).sign == ':');
  add(very_short, scene.word_count() < 5);
  add(long_sentence, scene.word_count() > 30);
  mask_features(context.headings_above(index) & ~column_cues_, under_, out);
  mask_features(context.lead_in(index) & ~column_cues_, lead_, out);
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

void FeatureExtractor::anchor_features(const Scene& scene, DocumentContext& context, std::int32_t block,
                                       const Draft& draft, std::vector<FeatureId>& out) const {
  const auto add = [&](Mark m, bool holds = true) {
    if (holds) out.push_back(marks_[m]);
  };
  const Span anchor = draft.anchor;
  const bool is_offer = offers(scene, context, block);
  const auto asks = [&](const Scene::Cue& cue) {
    return is_offer && cue.span.begin == scene.sentence().begin &&
           (cue.cue == cues_.imperative || cue.cue == cues_.instruction);
  };
  for (const auto& cue : scene.cues())
    if (!belongs_to_trigger(scene, draft, cue) && !asks(cue))
      out.push_back(
          cue_place_[cue.cue * place_count + static_cast<std::size_t>(scene.place_of(cue.span, anchor))]);
  for (const auto index : draft.triggers) out.push_back(features_.of_rule(scene.triggers()[index].rule));
  add(item_inherits, draft.inherits);
  add(several_triggers, draft.triggers.size() > 1);
  const Token& word = scene.token(anchor.begin);
  add(anchor_in_link, (word.style & Style::link) != 0);
  add(anchor_strong, (word.style & Style::strong) != 0);
  add(anchor_paren, scene.in_parentheses(anchor.begin));
  add(anchor_in_name, is_in_name(scene, anchor));
  add(anchor_quoted, is_quoted(scene, anchor));
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
    const bool leads =
        (first.style & Style::link) && scene.block().kind == BlockKind::list_item && !scene.all_link();
    add(link_first, leads);
    add(link_entry, leads && is_entry(scene));
    add(subject_other_is, (is_of_vendor(scene) || (context.knows_names() && is_defined_as(scene))) &&
                              !context.is_own_name(text.substr(first.text.begin, first.text.size())));
    add(subject_other_link, leads && (first.style & Style::outside) &&
                                !context.is_own_name(text.substr(first.text.begin, first.text.size())));
  }
  add(subject_own, context.begins_with_own_name(scene.document().view(
                       {scene.token(scene.sentence().begin).text.begin, scene.block().text.end})));
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
  add(own_column, draft.own_column);
  add(cell_supported, draft.supported);
  add(row_norm, (table.any >> cues_.norm & 1) != 0);
  add(anchor_first_cell, word.cell == 0);
  add(row_defined, (table.any >> cues_.column_definition & 1) != 0 && first_cell_is_code(scene));
  const bool own = context.row_is_own(scene.block());
  add(row_own, own && table.has_other_row);
  add(row_other, !own && !draft.own_column && table.has_own_row && !draft.cells.empty());
  add(row_of_systems, !table.has_own_row && (table.any >> cues_.column_system & 1) != 0);
  for (auto i = scene.sentence().begin; i < scene.sentence().end; ++i)
    if (scene.token(i).kind == TokenKind::sign && scene.token(i).cell > 0) {
      add(row_check, scene.token(i).sign == '+' && scene.token(i).text.size() > 1);
      add(row_cross, scene.token(i).sign == '!' && scene.token(i).text.size() > 1);
    }
}

void FeatureExtractor::extract(const Scene& scene, DocumentContext& context, std::int32_t block,
                               const Model& model, std::optional<ClaimClass> inherited,
                               std::optional<double> least, std::vector<Candidate>& out) const {
  thread_local std::vector<Draft> drafts;
  thread_local std::vector<FeatureId> shared, f;
  drafts.clear();
  shared.clear();
  drafts_.collect(scene, context, inherited, drafts);
  if (drafts.empty()) return;
  sentence_features(scene, context, block, shared);
  const auto place = [&](Span s) {
    return TextRange{scene.token(s.begin).text.begin, scene.token(s.end - 1).text.end};
  };
  for (Draft& draft : drafts) {
    drafts_.choose_anchor(scene, model, draft);
    f = shared;
    anchor_features(scene, context, block, draft, f);
    f.push_back(class_[static_cast<std::size_t>(draft.claim)]);
    std::sort(f.begin(), f.end());
    f.erase(std::unique(f.begin(), f.end()), f.end());
    double log_odds = model.bias;
    for (const auto id : f) log_odds += model.weight(id);
    if (least && log_odds < *least) continue;
    Candidate candidate;
    candidate.claim = draft.claim;
    candidate.features = f;
    candidate.log_odds = log_odds;
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
      if (!least) judge_scope(features_, scene, draft, candidate);
    }
    out.push_back(std::move(candidate));
  }
}

}  // namespace assay::claims
