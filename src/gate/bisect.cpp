#include "gate/bisect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/host.hpp"
#include "gate/report.hpp"

namespace assay::gate {
namespace {

ConfigGate::KnobRange range_for(const ConfigGate& gate, const std::string& knob) {
  if (const auto range = gate.range_of(knob)) return *range;
  if (knob == "threads") return {.low = 1, .high = std::max(2, usable_cores())};
  throw UserError(Problem{.what = "no range for --bisect " + knob,
                          .expected = "a table [bisect] with " + knob + " = [from, to]",
                          .hint = knob == "step"
                                      ? "commands take it as {step}; for a study name the key that it sets: "
                                        "step_key = \"solver.t_end\""
                                      : ""});
}

}  // namespace

Bisection bisect(ConfigGate& gate, const std::string& knob, Runtime& runtime) {
  const auto range = range_for(gate, knob);
  Bisection b{.knob = knob, .low = range.low, .high = range.high};
  std::optional<SideResult> floor;
  const auto holds = [&](std::int64_t value) {
    gate.turn(knob, value);
    runtime.note(knob + " = " + std::to_string(value));
    if (!floor || knob == "step") floor = gate.floor(runtime);
    const SideResult candidate = gate.candidate(0, runtime);
    GateReport report = gate.judge(*floor, candidate, Judged::as_candidate);
    std::vector<std::string> reasons = floor->blockers;
    for (const auto& list : {floor->failures, candidate.blockers, candidate.failures}) {
      reasons.insert(reasons.end(), list.begin(), list.end());
    }
    if (!reasons.empty()) {
      throw WorkloadError(knob + " = " + std::to_string(value) + " cannot be judged: " + reasons.front());
    }
    b.probes.push_back({value, report.verdict});
    if (report.verdict == Verdict::pass) return true;
    b.first_broken = value;
    b.report = std::move(report);
    return false;
  };
  std::int64_t low = range.low, high = range.high;
  if (!holds(low) || holds(high)) return b;
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (holds(middle) ? low : high) = middle;
  }
  return b;
}

Json to_json(const Bisection& b) {
  Json probes = Json::array();
  for (const Probe& p : b.probes) probes.push_back({{"value", p.value}, {"verdict", word(p.verdict)}});
  return {{"knob", b.knob},
          {"from", b.low},
          {"to", b.high},
          {"first_broken", b.first_broken ? Json(*b.first_broken) : Json()},
          {"probes", probes}};
}

std::string to_text(const Bisection& b) {
  std::string text;
  for (const Probe& p : b.probes) text += fmt::format("  {} = {:<8} {}\n", b.knob, p.value, word(p.verdict));
  if (!b.first_broken) {
    return text + fmt::format("identity holds at {} = {} and {} = {}", b.knob, b.low, b.knob, b.high);
  }
  text += to_text(*b.report, false) + "\n";
  return text + fmt::format("identity first breaks at {} = {}", b.knob, *b.first_broken);
}

}  // namespace assay::gate
