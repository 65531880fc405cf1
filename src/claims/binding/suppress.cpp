// Suppressions and their account.
// SPDX-License-Identifier: MIT
#include "claims/binding/suppress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "claims/binding/judge.hpp"
#include "claims/rules.hpp"

namespace assay::claims {
namespace {

using report::Level;

constexpr std::size_t shortest_reason = 10;
constexpr std::int64_t notice = 30 * 86400;  // an expiry this near is announced
constexpr std::array excusable_rules{"unbound-quantified", "unbound-qualitative", "unbound-figure"};

bool is_excusable(const std::string& rule) {
  return std::find(excusable_rules.begin(), excusable_rules.end(), rule) != excusable_rules.end();
}

bool names_something(const std::string& name) {
  return is_excusable(name) || class_named(name) || name.find('.') != std::string::npos;
}

bool fits(const std::string& name, const Excusable& e) {
  return name == e.finding->rule || name == e.claim_class || name == e.trigger;
}

class Accountant {
 public:
  Accountant(const Places& places, std::int64_t now) : places_(places), now_(now) {}

  void one(const Extent& extent, std::vector<Excusable>& candidates) {
    const Marker& marker = *extent.marker;
    for (const auto& name : marker.names)
      if (!names_something(name))
        add("malformed-marker", Level::error, marker,
            fmt::format("\"{}\" is no rule that can be excused", name),
            "unbound-quantified, unbound-qualitative, unbound-figure, a class such as speed, or a trigger");
    const bool reasoned =
        marker.reason.size() >= shortest_reason &&
        std::find(marker.names.begin(), marker.names.end(), marker.reason) == marker.names.end();
    if (!reasoned) {
      add("suppression-no-reason", Level::error, marker, "this suppression gives no reason",
          fmt::format("reason=\"...\" of at least {} characters", shortest_reason));
      return;
    }
    if (!in_force(marker)) return;
    bool used = false;
    for (auto& e : candidates) {
      const bool inside = e.at.begin >= extent.text.begin && e.at.begin < extent.text.end;
      const bool named = std::any_of(marker.names.begin(), marker.names.end(),
                                     [&](const std::string& name) { return fits(name, e); });
      if (!inside || !named || !is_excusable(e.finding->rule)) continue;
      used = true;
      if (!e.finding->suppression) e.finding->suppression = report::Suppression{"inSource", marker.reason};
    }
    if (!used)
      add("suppression-unused", Level::warning, marker, "this suppression excuses nothing", "take it out");
  }

  std::vector<report::Finding> findings;

 private:
  bool in_force(const Marker& marker) {
    if (marker.until.empty()) return true;
    const auto until = parse_time(marker.until);
    if (!until || marker.until.size() != 10) {
      add("malformed-marker", Level::error, marker, fmt::format("until={} is no date", marker.until),
          "until=2027-01-31");
      return false;
    }
    const auto end = *until + 86400;  // the day itself still counts
    if (now_ >= end) {
      add("suppression-expired", Level::error, marker,
          fmt::format("this suppression ended on {}", marker.until),
          "bind the statement, or give a new date with a reason");
      return false;
    }
    if (end - now_ < notice)
      add("suppression-ends", Level::note, marker, fmt::format("this suppression ends on {}", marker.until),
          {});
    return true;
  }

  void add(std::string rule, Level level, const Marker& marker, std::string message, std::string hint) {
    report::Finding finding;
    finding.rule = std::move(rule);
    finding.level = level;
    finding.place = places_.of(marker.remark);
    finding.message = std::move(message);
    finding.hint = std::move(hint);
    finding.source_line = places_.line_of(finding.place);
    findings.push_back(std::move(finding));
  }

  const Places& places_;
  std::int64_t now_;
};

}  // namespace

std::vector<report::Finding> excuse(const std::vector<Extent>& extents, std::vector<Excusable>& findings,
                                    const Places& places, std::int64_t now) {
  Accountant accountant(places, now);
  for (const auto& extent : extents) {
    const auto kind = extent.marker->kind;
    if (kind == MarkerKind::ignore || kind == MarkerKind::ignore_start) accountant.one(extent, findings);
  }
  return std::move(accountant.findings);
}

}  // namespace assay::claims
