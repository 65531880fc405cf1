// Assignment of figures to claims, and the findings that follow.
// SPDX-License-Identifier: MIT
#include "claims/binding/bind.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "claims/binding/compare.hpp"
#include "claims/binding/scope.hpp"
#include "core/suggest.hpp"

namespace assay::claims {
namespace {

using report::Level;

constexpr std::size_t most_figures = 2000;  // of one marked stretch; the assignment is quadratic

class Binder {
 public:
  Binder(const Basis& basis, BlockTexts& texts, const Places& places)
      : basis_(basis), texts_(texts), places_(places), document_(places.document()) {}

  Binding run(const std::vector<Extent>& extents) {
    for (auto& group : groups(extents)) one(group);
    for (const auto& group : done_) leftovers(group);
    return std::move(out_);
  }

 private:
  struct Group {
    TextRange text;
    std::vector<std::size_t> claims;
    const Marker* marker;
  };

  // Markers of the same text work together; narrower text goes first and keeps its figures.
  std::vector<Group> groups(const std::vector<Extent>& extents) {
    std::vector<Group> out;
    for (const auto& extent : extents) {
      if (extent.marker->kind != MarkerKind::bind) continue;
      const auto claims = known_claims(*extent.marker);
      if (extent.text.empty()) {
        out_.add(places_, "empty-marker", Level::error, places_.of(extent.marker->remark), {},
                 "nothing follows this marker", {});
        continue;
      }
      const auto same = std::find_if(out.begin(), out.end(), [&](const Group& g) {
        return g.text.begin == extent.text.begin && g.text.end == extent.text.end;
      });
      if (same == out.end())
        out.push_back({extent.text, claims, extent.marker});
      else
        same->claims.insert(same->claims.end(), claims.begin(), claims.end());
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const Group& a, const Group& b) { return a.text.size() < b.text.size(); });
    return out;
  }

  std::vector<std::size_t> known_claims(const Marker& marker) {
    std::vector<std::size_t> out;
    for (const auto& id : marker.names) {
      const auto at = basis_.ledger.by_id.find(id);
      if (at != basis_.ledger.by_id.end()) {
        out.push_back(at->second);
        continue;
      }
      std::vector<std::string> ids;
      for (const auto& claim : basis_.ledger.claims) ids.push_back(claim.id);
      const auto near = nearest(id, ids);
      out_.add(places_, "unknown-id", Level::error, places_.of(marker.remark), id,
               fmt::format("the ledger has no claim \"{}\"", id),
               near ? fmt::format("did you mean \"{}\"?", *near) : "add it to claims.toml");
    }
    return out;
  }

  // Where words of the scopes stand in the text: their figures are no one else's.
  std::vector<TextRange> scope_of(const Group& group) const {
    std::vector<TextRange> out;
    for (const auto index : group.claims)
      for (const auto& words : evidence(index).claim->scope)
        for (const auto range : occurrences(document_, group.text, words)) out.push_back(range);
    return out;
  }

  static bool lies_in(const std::vector<TextRange>& ranges, std::uint32_t at) {
    return std::any_of(ranges.begin(), ranges.end(), [&](TextRange r) { return r.begin <= at && at < r.end; });
  }

  const Evidence& evidence(std::size_t claim) const { return basis_.evidence[claim]; }

  void one(Group& group) {
    if (group.claims.empty()) return;
    auto figures = texts_.figures_in(group.text);
    const auto scoped = scope_of(group);
    std::erase_if(figures, [&](const Figure* f) {
      return f->label || taken_.contains(f->text.begin) || lies_in(scoped, f->text.begin);
    });
    if (figures.size() > most_figures) figures.resize(most_figures);
    std::vector<std::vector<Comparison>> table(group.claims.size());
    for (std::size_t c = 0; c < group.claims.size(); ++c)
      for (const auto* figure : figures)
        table[c].push_back(compare(*figure, document_.view(figure->text), evidence(group.claims[c])));
    const auto chosen = align(group, table, figures.size());
    // With more figures than claims it is a guess which one is wrong: said, but not rewritten.
    fixable_ = figures.size() == group.claims.size();
    for (std::size_t c = 0; c < group.claims.size(); ++c) {
      const auto at = chosen[c];
      if (at == none_chosen)
        without_figure(group, group.claims[c]);
      else
        with_figure(group, group.claims[c], *figures[at], table[c][at]);
    }
    done_.push_back(group);
  }

  static constexpr std::size_t none_chosen = static_cast<std::size_t>(-1);

  // Claims and figures in the same order, as many as possible that agree, then as many as possible of the right
  // unit. best[c][f]: score of the claims from c and the figures from f on.
  std::vector<std::size_t> align(const Group& group, const std::vector<std::vector<Comparison>>& table,
                                 std::size_t figures) const {
    const auto claims = group.claims.size();
    const auto score = [&](std::size_t c, std::size_t f) -> std::uint32_t {
      const auto fit = table[c][f].fit;
      if (fit == Fit::agrees || fit == Fit::weaker) return 10000;
      const bool may_be_silent = evidence(group.claims[c]).claim->has_condition();
      if (fit == Fit::other_unit || may_be_silent) return 0;
      return 1 + static_cast<std::uint32_t>(100 / (1 + 10 * table[c][f].distance));
    };
    std::vector<std::vector<std::uint32_t>> best(claims + 1, std::vector<std::uint32_t>(figures + 1, 0));
    for (auto c = claims; c-- > 0;)
      for (auto f = figures; f-- > 0;) {
        best[c][f] = std::max(best[c + 1][f], best[c][f + 1]);
        if (const auto s = score(c, f)) best[c][f] = std::max(best[c][f], best[c + 1][f + 1] + s);
      }
    std::vector<std::size_t> out(claims, none_chosen);
    for (std::size_t c = 0, f = 0; c < claims && f < figures;) {
      const auto s = score(c, f);
      if (s && best[c][f] == best[c + 1][f + 1] + s)
        out[c++] = f++;
      else if (best[c][f] == best[c][f + 1])
        ++f;
      else
        ++c;
    }
    return out;
  }

  void with_figure(const Group& group, std::size_t index, const Figure& figure, const Comparison& c) {
    taken_.insert(figure.text.begin);
    const auto& e = evidence(index);
    const auto place = places_.of(figure.text);
    const std::string said(document_.view(figure.text));
    State state = e.state;
    if (c.fit != Fit::agrees && c.fit != Fit::weaker) {
      state = State::contradicted;
      auto& finding =
          out_.add(places_, rule_of(c.fit), Level::error, place, e.claim->id, message_of(c, said), {});
      propose(c, finding);
      relate(e, finding);
    } else if (c.fit == Fit::weaker) {
      auto& finding = out_.add(places_, "underclaim", Level::note, place, e.claim->id,
                               fmt::format("says {}, the evidence allows {}", said, c.expected), {});
      propose(c, finding);
    }
    conclude(group, index, place, said, state);
  }

  void without_figure(const Group& group, std::size_t index) {
    const auto& e = evidence(index);
    const auto place = places_.of(group.text);
    State state = e.state;
    const bool has_value = e.measured && e.measured->value;
    if (!e.claim->has_condition() && has_value) {
      state = State::contradicted;
      auto& finding =
          out_.add(places_, "no-figure", Level::error, place, e.claim->id,
                   fmt::format("prints no figure for {}, the evidence says {}{}{}", e.claim->id,
                               e.measured->text, e.claim->unit.empty() ? "" : " ", e.claim->unit),
                   "figures stand in the order of the ids; a claim without a figure needs at-least, at-most or "
                   "equals in the ledger");
      relate(e, finding);
    }
    conclude(group, index, place, std::string(document_.view(group.text)), state);
  }

  // What holds or not whatever the figure is: scope, gates, age.
  void conclude(const Group& group, std::size_t index, const report::Place& place, std::string said,
                State state) {
    const auto& e = evidence(index);
    for (const auto& complaint : e.complaints) {
      auto& finding = out_.add(places_, complaint.rule, complaint.level, place, e.claim->id,
                               fmt::format("{}: {}", e.claim->id, complaint.message), complaint.hint);
      relate(e, finding);
    }
    for (const auto& words : missing_scope(document_, group.text, e.claim->scope)) {
      state = std::max(state, State::unsupported);
      out_.add(places_, "scope-missing", Level::error, place, e.claim->id,
               fmt::format("{} holds for \"{}\" only, and that is not said near it", e.claim->id, words),
               "say it in the sentence, the block, the table's heads or a heading above");
    }
    for (const auto& words : e.standing.denied) {
      if (occurrences(document_, group.text, words).empty()) continue;
      state = std::max(state, State::unsupported);
      out_.add(places_, "denied-by-manifest", Level::error, place, e.claim->id,
               fmt::format("says \"{}\", which the manifest says that {} does not support", words,
                           e.claim->source.path),
               "say less, or bind it to evidence that does");
    }
    out_.places.push_back({index, place, std::move(said), state});
    // What the manifest does not allow stays unbound, whatever the marker says.
    const auto classes = static_cast<std::uint8_t>(classes_of(e.claim->kind) & e.standing.allowed);
    out_.covered.push_back({group.text, classes, state, false});
    for (const auto& words : e.claim->scope)  // "on 8 threads of an H200" limits a claim, it makes none
      for (const auto range : occurrences(document_, group.text, words))
        out_.covered.push_back({range, 0xff, state, false});
  }

  // Figures of marked text that belong to no claim and to no word of a scope.
  void leftovers(const Group& group) {
    const bool unknown_value = std::any_of(group.claims.begin(), group.claims.end(), [&](std::size_t c) {
      return !(evidence(c).measured && evidence(c).measured->value) && !evidence(c).claim->has_condition();
    });
    if (unknown_value) return;  // any of them may be its figure; that it is missing has been said
    const auto scoped = scope_of(group);
    for (const auto* figure : texts_.figures_in(group.text)) {
      const bool explained = taken_.contains(figure->text.begin) || lies_in(scoped, figure->text.begin);
      if (explained || !leftover_.insert(figure->text.begin).second) continue;
      const std::string said(document_.view(figure->text));
      out_.add(places_, "unbound-figure", figure->label ? Level::note : Level::error, places_.of(figure->text),
               {},
               fmt::format("{} stands in bound text, but neither a claim nor a scope accounts for it", said),
               "add the id of its claim to the marker, or the words to the scope of the claim");
    }
  }

  static std::string rule_of(Fit fit) {
    if (fit == Fit::direction) return "direction-mismatch";
    return fit == Fit::overclaim ? "overclaim" : "value-mismatch";
  }

  static std::string message_of(const Comparison& c, const std::string& said) {
    if (c.fit == Fit::direction)
      return fmt::format("says {} in one direction, the evidence ({}) goes the other way", said, c.expected);
    if (c.fit == Fit::overclaim) return fmt::format("says {}, the evidence reaches only {}", said, c.expected);
    return fmt::format("says {}, the evidence says {}", said, c.expected);
  }

  void propose(const Comparison& c, report::Finding& finding) const {
    if (!fixable_) return;
    std::vector<report::Edit> edits;
    for (const auto& [range, digits] : c.digits)
      if (auto edit = places_.edit(range, digits)) edits.push_back(std::move(*edit));
    if (edits.empty() || edits.size() != c.digits.size()) return;
    finding.hint = fmt::format("write {} (--fix does)", edits.front().text);
    if (edits.size() == 2)
      finding.hint = fmt::format("write {} and {} (--fix does)", edits[0].text, edits[1].text);
    finding.fixes = std::move(edits);
  }

  void relate(const Evidence& e, report::Finding& finding) const {
    report::Place place;
    if (e.measured)
      place = e.measured->place;
    else
      place = {basis_.ledger.file.string(), e.claim->line, 1, 0, 0};
    finding.related.push_back({place, e.measured ? fmt::format("the evidence: {}{}{}", e.measured->text,
                                                               e.claim->unit.empty() ? "" : " ", e.claim->unit)
                                                 : "the ledger's entry"});
  }

  const Basis& basis_;
  BlockTexts& texts_;
  const Places& places_;
  const Document& document_;
  std::vector<Group> done_;
  bool fixable_ = true;
  std::set<std::uint32_t> taken_, leftover_;  // figures by their first byte
  Binding out_;
};

}  // namespace

report::Finding& Binding::add(const Places& where, std::string rule, Level level, report::Place place,
                              std::string subject, std::string message, std::string hint) {
  report::Finding& finding = findings.emplace_back();
  finding.rule = std::move(rule);
  finding.level = level;
  finding.source_line = where.line_of(place);
  finding.place = std::move(place);
  finding.subject = std::move(subject);
  finding.message = std::move(message);
  finding.hint = std::move(hint);
  return finding;
}

Binding bind(const Basis& basis, const std::vector<Extent>& extents, BlockTexts& texts, const Places& places) {
  auto out = Binder(basis, texts, places).run(extents);
  bind_tables(basis, extents, texts, places, out);
  return out;
}

}  // namespace assay::claims
