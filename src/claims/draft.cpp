// Which classes a sentence may claim, and by which of its words.
// SPDX-License-Identifier: MIT
#include "claims/draft.hpp"

#include <algorithm>

namespace assay::claims {
namespace {

// "Accelerate" of a project of that name boasts of nothing.
bool names_the_system(const Scene& scene, const DocumentContext& context, Span span) {
  for (auto i = span.begin; i < span.end; ++i) {
    const Token& t = scene.token(i);
    if (t.kind == TokenKind::sign) continue;
    const auto word = std::string_view(scene.document().text).substr(t.text.begin, t.text.size());
    if (t.kind != TokenKind::word || !t.capital || !context.is_own_name(word)) return false;
  }
  return true;
}

// "Backends that are supported:" speaks for the short items below it.
void add_inherited(const Scene& scene, ClaimClass claim, std::vector<Draft>& drafts) {
  constexpr std::uint32_t longest_item = 6;  // words; a longer one says something of its own
  const auto first = scene.first_content();
  const bool names_something = scene.word_count() > 0 || scene.token(first).kind == TokenKind::code;
  if (first >= scene.sentence().end || scene.word_count() > longest_item || !names_something) return;
  for (auto& draft : drafts) draft.inherits = draft.claim == claim;
  if (!drafts.empty()) return;
  Draft draft{claim, {}, {}, {}, {first, first + 1}, 0, false};
  draft.inherits = true;
  drafts.push_back(draft);
}

}  // namespace

bool belongs_to_trigger(const Scene& scene, const Draft& draft, const Scene::Cue& cue) {
  return cue.negative && std::any_of(draft.triggers.begin(), draft.triggers.end(), [&](std::uint32_t t) {
           return Scene::is_part_of_trigger(cue, scene.triggers()[t]);
         });
}

DraftMaker::DraftMaker(const FeatureSpace& features)
    : features_(features),
      column_value_(features.cue("column-value")),
      column_speed_(features.cue("column-speed")),
      column_accuracy_(features.cue("column-accuracy")),
      column_tests_(features.cue("column-tests")) {}

void DraftMaker::add_cells(const Scene& scene, DocumentContext& context, std::vector<Draft>& drafts) const {
  if (scene.block().kind != BlockKind::table_row || scene.block().table == none) return;
  const auto& table = context.table(scene.block().table);
  const auto bit = [](std::uint8_t cue) { return CueMask{1} << cue; };
  const CueMask value = bit(column_value_);
  const std::array<CueMask, 3> kinds{bit(column_speed_), bit(column_accuracy_), bit(column_tests_)};
  constexpr std::array classes{ClaimClass::speed, ClaimClass::identity, ClaimClass::status};
  for (auto i = scene.sentence().begin; i < scene.sentence().end; ++i) {
    const Token& t = scene.token(i);
    if (t.kind != TokenKind::quantity || t.cell == 0 || t.cell >= table.columns.size()) continue;
    const auto kind = scene.tokens().quantities[t.quantity].kind;
    if (kind == QuantityKind::label) continue;
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      const bool timed =
          kind == QuantityKind::time || kind == QuantityKind::rate || kind == QuantityKind::ratio;
      const bool measures =
          (table.columns[t.cell] & kinds[k]) || (k == 0 && timed && (table.columns[t.cell] & value));
      if (!measures) continue;
      auto draft =
          std::find_if(drafts.begin(), drafts.end(), [&](const Draft& d) { return d.claim == classes[k]; });
      if (draft == drafts.end())
        draft = drafts.insert(drafts.end(), Draft{classes[k], {}, {}, {}, {}, 0, false});
      draft->cells.push_back(i);
      draft->cell_kinds[k] = true;
      break;
    }
  }
}

void DraftMaker::choose_anchor(const Scene& scene, const Model& model, Draft& draft) const {
  double best = -1e9;
  for (const auto index : draft.triggers) {
    const auto& t = scene.triggers()[index];
    const double weight = model.weight(features_.of_rule(t.rule));
    if (weight <= best) continue;
    best = weight;
    draft.anchor = t.span;
    draft.rule = t.rule;
    draft.has_rule = true;
  }
  if (!draft.cells.empty()) draft.anchor = {draft.cells.front(), draft.cells.front() + 1};
}

void DraftMaker::collect(const Scene& scene, DocumentContext& context, std::optional<ClaimClass> inherited,
                         std::vector<Draft>& drafts) const {
  for (std::uint32_t i = 0; i < scene.triggers().size(); ++i)
    for (std::size_t c = 0; c < class_count && !names_the_system(scene, context, scene.triggers()[i].span);
         ++c) {
      if (!(scene.triggers()[i].classes >> c & 1)) continue;
      const auto claim = static_cast<ClaimClass>(c);
      auto draft = std::find_if(drafts.begin(), drafts.end(), [&](const Draft& d) { return d.claim == claim; });
      if (draft == drafts.end()) draft = drafts.insert(drafts.end(), Draft{claim, {}, {}, {}, {}, 0, false});
      draft->triggers.push_back(i);
    }
  add_cells(scene, context, drafts);
  if (inherited) add_inherited(scene, *inherited, drafts);
}

}  // namespace assay::claims
