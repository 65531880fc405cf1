// Which classes a sentence may claim, and by which of its words.
// SPDX-License-Identifier: MIT
#include "claims/draft.hpp"

#include <algorithm>
#include <utility>

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
  Draft draft{.claim = claim, .anchor = {first, first + 1}};
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
      column_tests_(features.cue("column-tests")),
      column_platform_(features.cue("column-platform")),
      column_device_(features.cue("column-device")),
      column_language_(features.cue("column-language")) {}

// The draft of a class, made where there is none.
static Draft& of_class(ClaimClass claim, std::vector<Draft>& drafts) {
  const auto draft =
      std::find_if(drafts.begin(), drafts.end(), [&](const Draft& d) { return d.claim == claim; });
  return draft == drafts.end() ? drafts.emplace_back(Draft{.claim = claim}) : *draft;
}

static bool is_tick(const Scene& scene, const Token& t) {
  if (t.kind == TokenKind::sign) return t.sign == '+' && t.text.size() > 1;
  if (t.kind != TokenKind::word) return false;
  const auto word = std::string_view(scene.document().text).substr(t.text.begin, t.text.size());
  return word == "yes" || word == "Yes" || word == "YES" || word == "supported" || word == "Supported" ||
         word == "full";
}

// "pip", "source", "docker" below "Linux": how it is had there.
static bool is_way_to_have(const Scene& scene, const Token& t) {
  static constexpr auto ways =
      std::to_array<std::string_view>({"pip", "conda", "source", "binary", "binaries", "wheel", "wheels",
                                       "package", "docker", "apt", "brew", "spack", "native", "prebuilt"});
  const auto word = std::string_view(scene.document().text).substr(t.text.begin, t.text.size());
  return t.kind == TokenKind::word && std::find(ways.begin(), ways.end(), word) != ways.end();
}

// Support matrices: what a tick stands under is what is supported.
void DraftMaker::add_ticks(const Scene& scene, const TableContext& table, std::vector<Draft>& drafts) const {
  const std::array<std::pair<std::uint8_t, ClaimClass>, 3> kinds{{{column_device_, ClaimClass::accelerator},
                                                                  {column_platform_, ClaimClass::packaging},
                                                                  {column_language_, ClaimClass::boundary}}};
  for (auto i = scene.sentence().begin; i < scene.sentence().end; ++i) {
    const Token& t = scene.token(i);
    if (t.cell == 0 || t.cell >= table.columns.size()) continue;
    const bool tick = is_tick(scene, t), way = is_way_to_have(scene, t);
    for (const auto& [cue, claim] : kinds) {
      const bool says = tick || (way && claim == ClaimClass::packaging);
      if (!says || !(table.columns[t.cell] >> cue & 1)) continue;
      Draft& draft = of_class(claim, drafts);
      draft.cells.push_back(i);
      draft.supported = true;
      break;
    }
  }
}

void DraftMaker::add_cells(const Scene& scene, DocumentContext& context, std::vector<Draft>& drafts) const {
  if (scene.block().kind != BlockKind::table_row || scene.block().table == none) return;
  const auto& table = context.table(scene.block().table);
  add_ticks(scene, table, drafts);
  const auto bit = [](std::uint8_t cue) { return CueMask{1} << cue; };
  const CueMask value = bit(column_value_);
  const std::array<CueMask, 3> kinds{bit(column_speed_), bit(column_accuracy_), bit(column_tests_)};
  constexpr std::array classes{ClaimClass::speed, ClaimClass::identity, ClaimClass::status};
  // Systems side by side: what a row measures stands in its first cell.
  const CueMask row = table.own_column > 0 ? context.row_head(scene.block()) : 0;
  for (auto i = scene.sentence().begin; i < scene.sentence().end; ++i) {
    const Token& t = scene.token(i);
    if (t.kind != TokenKind::quantity || t.cell == 0 || t.cell >= table.columns.size()) continue;
    const auto kind = scene.tokens().quantities[t.quantity].kind;
    if (kind == QuantityKind::label) continue;
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      const bool timed =
          kind == QuantityKind::time || kind == QuantityKind::rate || kind == QuantityKind::ratio;
      const bool own = table.own_column == t.cell;
      const bool measures = (table.columns[t.cell] & kinds[k]) || (own && (row & kinds[k])) ||
                            (k == 0 && timed && (own || (table.columns[t.cell] & value)));
      if (!measures) continue;
      Draft& draft = of_class(classes[k], drafts);
      draft.cells.push_back(i);
      draft.cell_kinds[k] = true;
      draft.own_column |= own;
      break;
    }
  }
}

// Words in the column of another system, where systems stand side by side.
bool DraftMaker::is_of_other_system(const Scene& scene, DocumentContext& context, Span span) const {
  if (scene.block().kind != BlockKind::table_row || scene.block().table == none) return false;
  const auto& table = context.table(scene.block().table);
  const auto cell = scene.token(span.begin).cell;
  if (table.own_column <= 0 || cell == 0 || cell == table.own_column || cell >= table.columns.size())
    return false;
  return (table.columns[cell] >> column_speed_ & 1) == 0;  // "Improvement", "Speedup" compare both
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
  for (std::uint32_t i = 0; i < scene.triggers().size(); ++i) {
    const auto& trigger = scene.triggers()[i];
    if (names_the_system(scene, context, trigger.span) || is_of_other_system(scene, context, trigger.span))
      continue;
    for (std::size_t c = 0; c < class_count; ++c) {
      if (!(trigger.classes >> c & 1)) continue;
      of_class(static_cast<ClaimClass>(c), drafts).triggers.push_back(i);
    }
  }
  add_cells(scene, context, drafts);
  if (inherited) add_inherited(scene, *inherited, drafts);
}

}  // namespace assay::claims
