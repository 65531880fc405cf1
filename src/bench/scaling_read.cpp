// A stored scaling measurement, read back so far that everything which follows from its samples can be computed
// again.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "bench/scaling_report.hpp"
#include "core/error.hpp"
#include "core/number.hpp"

namespace assay::bench {
namespace {

std::vector<ScalingRun> runs_of_arm(const Json& arm, std::size_t blocks, const std::string& pointer,
                                    std::string_view source) {
  const auto column = [&](const char* key, bool zero_allowed) {
    auto values = arm.at(key).get<std::vector<double>>();
    if (values.size() != blocks) {
      throw UserError(Problem{.what = std::string(source) + ": " + pointer + "/" + key + " has another length",
                              .expected = std::to_string(blocks) + " values, one a complete block",
                              .found = std::to_string(values.size())});
    }
    for (const double seconds : values) {
      if (!(seconds > 0.0 || (zero_allowed && seconds == 0.0)) || !std::isfinite(seconds))
        throw UserError(Problem{.what = std::string(source) + ": " + pointer + "/" + key + " holds no time",
                                .expected = "positive seconds",
                                .found = number_text(seconds)});
    }
    return values;
  };
  const auto wall = column("wall_s", false), cpu = column("cpu_s", true), busiest = column("busiest_s", true);
  std::vector<ScalingRun> runs;
  for (std::size_t i = 0; i < blocks; ++i)
    runs.push_back({.wall_seconds = wall[i], .cpu_seconds = cpu[i], .busiest_seconds = busiest[i]});
  return runs;
}

/// Which numbers of workers the gate held is not stored by itself: the rows say for which ones it did not.
std::set<int> gated_workers_of(const Json& modes) {
  std::set<int> gated;
  for (const Json& mode : modes) {
    for (const Json& row : mode.at("rows")) {
      const Json& blockers = row.at("blockers");
      const bool held = std::none_of(blockers.begin(), blockers.end(), [](const Json& b) {
        return b.get<std::string>().find("has no passing gate") != std::string::npos;
      });
      if (held) gated.insert(row.at("workers").get<int>());
    }
  }
  return gated;
}

ScalingMeasurement read(const Json& d, std::string_view source) {
  ScalingMeasurement m;
  const Json& design = d.at("design");
  m.design.engine = design.value("engine", "tbb");  // the only one that older documents know
  m.design.blocks = design.at("blocks").get<int>();
  m.design.seed = design.at("seed").get<std::uint64_t>();
  m.design.alpha = design.at("alpha").get<double>();
  if (!(m.design.alpha > 0.0 && m.design.alpha < 1.0))
    throw UserError(Problem{.what = std::string(source) + ": /design/alpha is no probability",
                            .expected = "between 0 and 1, such as 0.05",
                            .found = number_text(m.design.alpha)});
  m.blocks = d.at("complete_blocks").get<int>();
  m.interrupted = d.at("interrupted").get<bool>();
  m.machine = machine_from(d.at("provenance").at("machine"));
  m.before = activity_from(d.at("provenance").at("before"));
  m.after = activity_from(d.at("provenance").at("after"));
  m.config_text = to_text(d.at("config"), 0);
  m.config_sha256 = d.at("config_sha256").get<std::string>();
  m.tasks = d.at("tasks").get<std::size_t>();
  m.unique_tasks = d.at("unique_tasks").get<std::size_t>();
  const Json& identity = d.at("identity");
  if (!identity.at("gate").is_null()) m.gate = identity.at("gate").get<std::string>();
  m.gated_workers = gated_workers_of(d.at("modes"));
  const auto task_seconds = d.at("task_cpu_s").get<std::vector<double>>();
  const bool identical = identity.at("identical").get<bool>();
  const Json& arms = d.at("raw_samples");
  for (std::size_t i = 0; i < arms.size(); ++i) {
    m.design.arms.push_back({arms[i].at("mode").get<std::string>(), arms[i].at("workers").get<int>()});
    m.runs.push_back(
        runs_of_arm(arms[i], static_cast<std::size_t>(m.blocks), "/raw_samples/" + std::to_string(i), source));
    for (ScalingRun& run : m.runs.back()) {
      run.task_seconds = task_seconds;  // medians over the runs: each run stands for them
      run.results_sha256 = identical ? "one" : "";
    }
  }
  return m;
}

}  // namespace

ScalingMeasurement scaling_from(const Json& document, std::string_view source) {
  try {
    return read(document, source);
  } catch (const nlohmann::json::exception& e) {
    throw UserError(
        Problem{.what = std::string(source) + ": no scaling measurement: " + e.what(),
                .expected = "a document that assay bench --scaling wrote (schema assay/scaling/v1)"});
  }
}

Json rebuilt(const Json& document, const ScalingMeasurement& m) {
  Json whole = document;
  const Json again = to_json(m);
  for (const char* derived : {"task_cpu_s", "identity", "modes", "quality"}) whole[derived] = again.at(derived);
  return whole;
}

Exit exit_of(const ScalingMeasurement& m) {
  if (!m.identical()) return Exit::evidence_no;
  return m.blocks >= 6 ? Exit::ok : Exit::inconclusive;
}

}  // namespace assay::bench
