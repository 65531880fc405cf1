#include <fmt/format.h>

#include <algorithm>

#include "core/number.hpp"
#include "core/utf8.hpp"
#include "gate/report.hpp"

namespace assay::gate {
namespace {

constexpr std::size_t most_lines = 40;  // passing observables shown unless all are asked for

/// Names and values are whatever stands in somebody's file: a cell may be a megabyte, or hold what moves the
/// cursor.
std::string shown(std::string_view text) {
  return printable(text, 120);
}

std::string describe(const Difference& d, std::string_view title) {
  std::string text = fmt::format("      {} at {}{}\n", title, d.where.empty() ? "" : shown(d.where) + ", ",
                                 "index " + std::to_string(d.index));
  const auto value = [](const std::string& decimal, const std::string& hex) {
    return hex.empty() ? decimal : fmt::format("{:<24} {}", decimal, hex);
  };
  text += fmt::format("        A  {}\n        B  {}\n", value(shown(d.a), d.a_hex), value(shown(d.b), d.b_hex));
  if (d.ulps) text += fmt::format("        {} ulp{} apart\n", *d.ulps, *d.ulps == 1 ? "" : "s");
  return text;
}

std::string describe(const ObservableReport& o, std::size_t width) {
  const Tally& t = o.tally;
  std::string text = fmt::format("  {:<8}{:<{}}  {:<4}  {} compared", word(o.verdict), shown(o.name), width,
                                 rung(o.level), t.compared);
  if (t.bits_differ > 0) {
    text += fmt::format(", {} differ, at most {} absolute, {} relative, {} ulps", t.bits_differ,
                        number_text(t.max_abs), number_text(t.max_rel), t.max_ulps);
  }
  text += '\n';
  if (o.verdict == Verdict::pass) return text;
  for (const std::string& reason : o.reasons) text += "      " + reason + '\n';
  const Difference* shown = o.failing ? &*o.failing : o.first ? &*o.first : nullptr;
  if (shown != nullptr) text += describe(*shown, o.failing ? "first failing" : "first difference");
  return text;
}

}  // namespace

std::string to_text(const GateReport& report, bool all) {
  std::size_t width = 4;
  for (const ObservableReport& o : report.observables) width = std::max(width, o.name.size());
  width = std::min<std::size_t>(width, 48);
  std::string text;
  std::size_t left_out = 0;
  std::size_t shown = 0;
  for (const ObservableReport& o : report.observables) {
    if (o.verdict == Verdict::pass && !all && shown >= most_lines) {
      ++left_out;
      continue;
    }
    ++shown;
    text += describe(o, width);
  }
  if (left_out > 0) text += fmt::format("  and {} more that pass (--verbose shows them)\n", left_out);
  for (const std::string& blocker : report.blockers) text += "  blocked: " + blocker + '\n';
  if (report.observables.empty()) return text + std::string(word(report.verdict)) + ": nothing was compared";
  text += fmt::format(
      "{}: {} holds, {} is required", word(report.verdict),
      report.level == Level::none ? "no rung" : rung(report.level) + " " + std::string(word(report.level)),
      rung(report.required));
  return text;
}

std::string to_text(const Proof& proof) {
  std::string text =
      fmt::format("  {:<20} {:<24} {:<8} {}\n", "planted fault", "in", "caught", "the gate said");
  for (const Kill& k : proof.kills) {
    text += fmt::format("  {:<20} {:<24} {:<8} {}\n", k.fault, shown(k.observable + " " + k.place),
                        k.place.empty() ? "-"
                        : k.caught      ? "yes"
                                        : "NO",
                        k.reason);
  }
  std::size_t planted = 0, caught = 0;
  for (const Kill& k : proof.kills) {
    planted += k.place.empty() ? 0U : 1U;
    caught += k.caught ? 1U : 0U;
  }
  text += fmt::format("{}: {} of {} planted faults caught, control {}", proof.fit ? "fit" : "UNFIT", caught,
                      planted, word(proof.control));
  return text;
}

}  // namespace assay::gate
