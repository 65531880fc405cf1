#include "bench/scaling_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bench/sampling.hpp"

namespace assay::bench {
namespace {

constexpr int fewest_blocks_for_interval = 6;

int usable_workers(const Machine& machine) {
  if (machine.quota_cores <= 0.0) return machine.usable_cores;
  return std::min(machine.usable_cores, std::max(1, static_cast<int>(machine.quota_cores)));
}

Json interval_json(const std::optional<Interval>& i) {
  return i ? Json::array({i->low, i->high}) : Json(nullptr);
}
Json interval_json(const Interval& i) {
  return Json::array({i.low, i.high});
}
template <class T>
Json optional_json(const std::optional<T>& x) {
  return x ? Json(*x) : Json(nullptr);
}

template <class Get>
std::vector<double> column(const std::vector<ScalingRun>& runs, Get get) {
  std::vector<double> values;
  for (const ScalingRun& r : runs) values.push_back(get(r));
  return values;
}

std::vector<std::string> modes_of(const ScalingMeasurement& m) {
  std::vector<std::string> modes;
  for (const ScalingArm& a : m.design.arms) {
    if (std::find(modes.begin(), modes.end(), a.mode) == modes.end()) modes.push_back(a.mode);
  }
  return modes;
}

const std::vector<ScalingRun>* runs_of(const ScalingMeasurement& m, const std::string& mode, int workers) {
  for (std::size_t i = 0; i < m.design.arms.size(); ++i) {
    if (m.design.arms[i].mode == mode && m.design.arms[i].workers == workers) return &m.runs[i];
  }
  return nullptr;
}

Json fit_json(const std::optional<Fit>& f) {
  if (!f) return nullptr;
  return {{"law", f->law},
          {"one_worker_s", f->one_worker_seconds},
          {"sigma", f->sigma},
          {"sigma_interval", interval_json(f->sigma_interval)},
          {"kappa", f->kappa},
          {"kappa_interval", interval_json(f->kappa_interval)},
          {"peak_workers", optional_json(f->peak_workers)},
          {"rms_error", f->rms_error},
          {"largest_measured", f->largest_measured}};
}

Json row_json(const ScalingMeasurement& m, const std::string& mode, const ScalingRow& row) {
  const auto& runs = *runs_of(m, mode, row.workers);
  const double busiest = median(column(runs, [](const ScalingRun& r) { return r.busiest_seconds; }));
  const double cpu = median(column(runs, [](const ScalingRun& r) { return r.cpu_seconds; }));
  const auto blockers = claim_blockers(m, row);
  return {{"workers", row.workers},
          {"median_s", row.median_seconds},
          {"speedup", optional_json(row.speedup_over_serial)},
          {"speedup_over_one_worker", row.speedup_over_one},
          {"interval", interval_json(row.speedup_interval)},
          {"efficiency", row.efficiency},
          {"karp_flatt", optional_json(row.karp_flatt)},
          {"balance_bound", optional_json(row.bound)},
          {"cpu_s", cpu},
          {"busiest_worker_s", busiest > 0.0 ? Json(busiest) : Json(nullptr)},
          {"oversubscribed", row.oversubscribed},
          {"claim", blockers.empty() ? "supported" : "unsupported"},
          {"blockers", blockers}};
}

std::string meaning_of(const std::string& mode, const std::string& engine) {
  if (mode == "cold") return "the whole program, as a person waits for it";
  return engine == "workers" ? "the solve and the start of its worker processes"
                             : "the solve alone, in a process that has done it before";
}

Json mode_json(const ScalingMeasurement& m, const std::string& mode) {
  const ScalingInput input = scaling_input(m, mode);
  const ScalingReport report = analyse_scaling(input);
  Json rows = Json::array();
  for (const ScalingRow& row : report.rows) rows.push_back(row_json(m, mode, row));
  return {{"mode", mode},
          {"meaning", meaning_of(mode, m.design.engine)},
          {"serial_s", input.serial_seconds.empty() ? Json(nullptr) : Json(median(input.serial_seconds))},
          {"rows", rows},
          {"amdahl", fit_json(report.amdahl)},
          {"usl", fit_json(report.usl)},
          {"preferred", report.preferred},
          {"refusals", report.refusals}};
}

Json raw_json(const ScalingMeasurement& m) {
  Json arms = Json::array();
  for (std::size_t i = 0; i < m.design.arms.size(); ++i) {
    arms.push_back({{"mode", m.design.arms[i].mode},
                    {"workers", m.design.arms[i].workers},
                    {"wall_s", column(m.runs[i], [](const ScalingRun& r) { return r.wall_seconds; })},
                    {"cpu_s", column(m.runs[i], [](const ScalingRun& r) { return r.cpu_seconds; })},
                    {"busiest_s", column(m.runs[i], [](const ScalingRun& r) { return r.busiest_seconds; })}});
  }
  return arms;
}

std::string number_or_dash(const Json& x, const char* format) {
  return x.is_null() ? "-" : fmt::format(fmt::runtime(format), x.get<double>());
}

}  // namespace

bool ScalingMeasurement::identical() const {
  std::set<std::string> digests;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (design.arms[i].mode != "warm") continue;
    for (const ScalingRun& r : runs[i]) digests.insert(r.results_sha256);
  }
  return digests.size() == 1 && !digests.begin()->empty();
}

ScalingMeasurement measure_scaling(const ScalingDesign& design,
                                   const std::function<ScalingRun(const ScalingArm&)>& run,
                                   std::stop_token stop, const std::function<void()>& tick) {
  ScalingMeasurement m{.design = design};
  m.runs.resize(design.arms.size());
  m.machine = look_at_machine();
  m.before = look_at_activity();
  for (const ScalingArm& arm : design.arms) {
    if (!stop.stop_requested()) run(arm);
  }
  for (const auto& order : block_orders(design.arms.size(), design.blocks, design.seed)) {
    std::vector<ScalingRun> block(design.arms.size());
    for (const int arm : order) {
      if (stop.stop_requested()) break;
      block[static_cast<std::size_t>(arm)] = run(design.arms[static_cast<std::size_t>(arm)]);
    }
    m.interrupted = stop.stop_requested();
    if (m.interrupted) break;
    for (std::size_t i = 0; i < block.size(); ++i) m.runs[i].push_back(std::move(block[i]));
    ++m.blocks;
    if (tick) tick();
  }
  m.after = look_at_activity();
  return m;
}

ScalingInput scaling_input(const ScalingMeasurement& m, const std::string& mode) {
  ScalingInput input{.usable_cores = usable_workers(m.machine), .alpha = m.design.alpha, .seed = m.design.seed};
  const auto wall = [](const ScalingRun& r) { return r.wall_seconds; };
  for (std::size_t i = 0; i < m.design.arms.size(); ++i) {
    if (m.design.arms[i].mode != mode || m.runs[i].empty()) continue;
    if (m.design.arms[i].workers == 0) {
      input.serial_seconds = column(m.runs[i], wall);
    } else {
      input.points.push_back({m.design.arms[i].workers, column(m.runs[i], wall)});
    }
  }
  // The split of the work is the same in both modes; only the warm serial runs see its tasks one by one.
  if (const auto* serial = runs_of(m, "warm", 0); serial != nullptr && !serial->empty()) {
    for (std::size_t task = 0; task < serial->front().task_seconds.size(); ++task)
      input.task_seconds.push_back(
          median(column(*serial, [&](const auto& r) { return r.task_seconds[task]; })));
  }
  return input;
}

std::vector<std::string> claim_blockers(const ScalingMeasurement& m, const ScalingRow& row) {
  std::vector<std::string> blockers;
  if (!row.speedup_over_serial) blockers.emplace_back("the serial engine was not measured");
  if (row.oversubscribed)
    blockers.push_back(fmt::format("{} workers on {} cores", row.workers, usable_workers(m.machine)));
  if (m.blocks < fewest_blocks_for_interval) blockers.emplace_back("fewer than 6 blocks: no interval");
  if (m.gate.empty()) {
    blockers.emplace_back("no identity gate was given (--gate FILE)");
  } else if (!m.gated_workers.contains(row.workers)) {
    blockers.push_back(
        fmt::format("{} has no passing gate of this config with {} workers", m.gate, row.workers));
  }
  if (!m.identical()) blockers.emplace_back("the runs of this measurement differ in their results");
  return blockers;
}

Json to_json(const ScalingMeasurement& m) {
  Json modes = Json::array(), quality = Json::array();
  if (m.blocks > 0) {
    for (const std::string& mode : modes_of(m)) modes.push_back(mode_json(m, mode));
  }
  for (const Finding& f : check_machine(m.machine, m.before, m.after)) {
    quality.push_back({{"check", f.check},
                       {"effect", std::string(word(f.effect))},
                       {"value", f.value},
                       {"message", f.message}});
  }
  const ScalingInput warm = scaling_input(m, "warm");
  return {{"provenance",
           {{"machine", to_json(m.machine)}, {"before", to_json(m.before)}, {"after", to_json(m.after)}}},
          {"config", Json::parse(m.config_text)},
          {"config_sha256", m.config_sha256},
          {"design",
           {{"engine", m.design.engine},
            {"blocks", m.design.blocks},
            {"seed", m.design.seed},
            {"alpha", m.design.alpha}}},
          {"tasks", m.tasks},
          {"unique_tasks", m.unique_tasks},
          {"task_cpu_s", warm.task_seconds},
          {"complete_blocks", m.blocks},
          {"interrupted", m.interrupted},
          {"identity", {{"identical", m.identical()}, {"gate", m.gate.empty() ? Json(nullptr) : Json(m.gate)}}},
          {"raw_samples", raw_json(m)},
          {"modes", modes},
          {"quality", quality}};
}

std::string scaling_text(const Json& d) {
  std::string text;
  std::set<std::string> notes;
  for (const Json& mode : d.at("modes")) {
    text += fmt::format("{}: {}; serial engine {} s\n", mode.at("mode").get<std::string>(),
                        mode.at("meaning").get<std::string>(), number_or_dash(mode.at("serial_s"), "{:.4g}"));
    text += fmt::format("  {:>7} {:>10} {:>9} {:<16} {:>10} {:>11} {:>7} {:>9} {:>11}  {}\n", "workers",
                        "median s", "speedup", "95 % interval", "over one", "efficiency", "bound", "cpu s",
                        "busiest s", "claim");
    for (const Json& r : mode.at("rows")) {
      const Json& i = r.at("interval");
      text += fmt::format(
          "  {:>7} {:>10.4g} {:>9} {:<16} {:>10.3f} {:>11.3f} {:>7} {:>9.4g} {:>11}  {}{}\n",
          r.at("workers").get<int>(), r.at("median_s").get<double>(), number_or_dash(r.at("speedup"), "{:.3f}"),
          i.is_null() ? "-" : fmt::format("[{:.3f}, {:.3f}]", i[0].get<double>(), i[1].get<double>()),
          r.at("speedup_over_one_worker").get<double>(), r.at("efficiency").get<double>(),
          number_or_dash(r.at("balance_bound"), "{:.3f}"), r.at("cpu_s").get<double>(),
          number_or_dash(r.at("busiest_worker_s"), "{:.4g}"), r.at("claim").get<std::string>(),
          r.at("oversubscribed").get<bool>() ? ", beyond the cores" : "");
      for (const Json& b : r.at("blockers")) notes.insert(b.get<std::string>());
    }
    for (const Json& r : mode.at("refusals")) text += "  no fit: " + r.get<std::string>() + "\n";
    for (const char* law : {"amdahl", "usl"}) {
      const Json& f = mode.at(law);
      if (f.is_null()) continue;
      text += fmt::format("  {}: sigma {:.4f} [{:.4f}, {:.4f}], kappa {:.5f}\n", law,
                          f.at("sigma").get<double>(), f.at("sigma_interval")[0].get<double>(),
                          f.at("sigma_interval")[1].get<double>(), f.at("kappa").get<double>());
    }
  }
  text += fmt::format("results of all warm runs identical: {}\n",
                      d.at("identity").at("identical").get<bool>() ? "yes" : "no");
  for (const std::string& note : notes) text += "  unsupported: " + note + "\n";
  for (const Json& f : d.at("quality"))
    text += fmt::format("  {}: {}\n", f.at("effect").get<std::string>(), f.at("message").get<std::string>());
  text.pop_back();
  return text;
}

}  // namespace assay::bench
