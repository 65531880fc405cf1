#include "bench/measurement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace assay::bench {
namespace {

constexpr double shortest_sample = 0.005;  // seconds; below, starting the process is much of the time
constexpr double clear_drift = 2.576;      // two-sided 1 % of the standard normal

const Baseline::Series* find(const Baseline& baseline, const std::string& arm) {
  const auto found = std::find_if(baseline.series.begin(), baseline.series.end(),
                                  [&](const Baseline::Series& s) { return s.arm.name == arm; });
  return found == baseline.series.end() ? nullptr : &*found;
}

void cap(Comparison& comparison, std::string reason) {
  comparison.verdict = Verdict::inconclusive;
  comparison.reasons.push_back(std::move(reason));
}

Judgement against_baseline(const Measurement& m, const Baseline::Series& then, std::size_t arm,
                           const Rule& rule) {
  const auto now = m.samples.wall(static_cast<int>(arm));
  Judgement judged{.gate = "bench.baseline",
                   .reference = then.arm.name + " (" + m.baseline->file + ")",
                   .candidate = m.design.arms[arm].name,
                   .comparison = compare_unpaired(then.wall, now, rule)};
  for (const auto& difference : host_differences(m.baseline->machine, m.machine))
    cap(judged.comparison, "another class of host: " + difference);
  if (std::abs(drift_score(then.wall)) > clear_drift)
    cap(judged.comparison, "the baseline's times drift, which only pairs could tell from a change");
  if (std::abs(drift_score(now)) > clear_drift)
    cap(judged.comparison, "the times drift, which only pairs could tell from a change");
  return judged;
}

std::string quota_text(double cores) {
  return cores > 0.0 ? fmt::format("{:g} cores", cores) : "none";
}

}  // namespace

Baseline baseline_of(const Measurement& earlier, const std::vector<Arm>& arms, std::string file,
                     std::string sha256) {
  Baseline baseline{
      .file = std::move(file), .sha256 = std::move(sha256), .machine = earlier.machine, .series = {}};
  std::string known;
  for (const Arm& arm : earlier.design.arms) known += (known.empty() ? "" : ", ") + arm.name;
  for (const Arm& arm : arms) {
    const auto found = std::find_if(earlier.design.arms.begin(), earlier.design.arms.end(),
                                    [&](const Arm& old) { return old.name == arm.name; });
    if (found == earlier.design.arms.end()) {
      throw UserError(Problem{.what = baseline.file + ": no samples of an arm \"" + arm.name + "\"",
                              .expected = known,
                              .hint = "name the arm as it was named there: --arm NAME=COMMAND"});
    }
    const auto index = static_cast<int>(found - earlier.design.arms.begin());
    baseline.series.push_back({*found, earlier.samples.wall(index)});
  }
  return baseline;
}

std::vector<std::string> host_differences(const Machine& then, const Machine& now) {
  std::vector<std::string> all;
  const auto compare = [&](std::string_view what, const std::string& before, const std::string& after) {
    if (before != after) all.push_back(fmt::format("{} was {}, is {}", what, before, after));
  };
  compare("processor", then.cpu, now.cpu);
  compare("online cores", std::to_string(then.online_cores), std::to_string(now.online_cores));
  compare("usable cores", std::to_string(then.usable_cores), std::to_string(now.usable_cores));
  compare("quota", quota_text(then.quota_cores), quota_text(now.quota_cores));
  compare("SMT", then.smt, now.smt);
  compare("governor", then.governor, now.governor);
  compare("turbo", then.turbo, now.turbo);
  return all;
}

std::vector<Finding> findings_of(const Measurement& m) {
  std::vector<Finding> all;
  const auto append = [&](std::vector<Finding> more) { all.insert(all.end(), more.begin(), more.end()); };
  for (std::size_t arm = 0; arm < m.design.arms.size(); ++arm) {
    const std::vector<double> wall = m.samples.wall(static_cast<int>(arm));
    append(check_arm(m.design.arms[arm].name, wall));
    if (m.design.imported) continue;
    const Arm& a = m.design.arms[arm];
    append(check_duration(a.name, wall, shortest_sample,
                          a.config_sha256.empty() ? Started::process : Started::here));
    if (arm > 0) append(check_pairs(m.samples.wall(0), wall));
  }
  return all;
}

Rule effective_rule(const Measurement& m) {
  Rule rule = m.rule;
  rule.looks = std::max<int>(1, static_cast<int>(m.design.looks.size()));
  const auto pairs = m.design.imported ? 0 : m.design.arms.size() - 1;
  const auto further = pairs + (m.baseline ? m.baseline->series.size() : 0);
  rule.family = std::max<int>(1, static_cast<int>(further));
  return rule;
}

std::vector<Judgement> judge(const Measurement& m) {
  std::vector<Judgement> all;
  const Rule rule = effective_rule(m);
  const std::vector<double> reference = m.samples.wall(0);
  for (std::size_t arm = 1; !m.design.imported && arm < m.design.arms.size(); ++arm) {
    all.push_back({.gate = "bench.paired",
                   .reference = m.design.arms[0].name,
                   .candidate = m.design.arms[arm].name,
                   .comparison = compare_paired(reference, m.samples.wall(static_cast<int>(arm)), rule)});
  }
  for (std::size_t arm = 0; m.baseline && arm < m.design.arms.size(); ++arm) {
    if (const auto* then = find(*m.baseline, m.design.arms[arm].name))
      all.push_back(against_baseline(m, *then, arm, rule));
  }
  if (all.size() > 1) {
    std::vector<Comparison> family;
    for (const auto& judged : all) family.push_back(judged.comparison);
    judge_family(family, rule);
    for (std::size_t i = 0; i < all.size(); ++i) all[i].comparison = std::move(family[i]);
  }
  for (const Finding& finding : findings_of(m)) {
    if (finding.effect != Finding::Effect::cap) continue;
    for (auto& judged : all) cap(judged.comparison, finding.message);
  }
  return all;
}

Exit exit_of(const Measurement& m) {
  const auto judgements = judge(m);
  if (judgements.empty()) return m.design.imported ? Exit::ok : Exit::inconclusive;
  Exit worst = Exit::ok;
  for (const auto& judged : judgements) {
    const Exit e = exit_of(judged.comparison, m.rule);
    if (e == Exit::evidence_no || (e == Exit::inconclusive && worst == Exit::ok)) worst = e;
  }
  return worst;
}

}  // namespace assay::bench
