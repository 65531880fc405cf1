#include "bench/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bench/quality.hpp"

namespace assay::bench {
namespace {

constexpr double mebibyte = 1048576.0;

Json to_json(const std::optional<Interval>& i) {
  return i ? Json::array({i->low, i->high}) : Json(nullptr);
}

Json to_json(const Finding& f) {
  return {{"check", f.check}, {"effect", word(f.effect)}, {"value", f.value}, {"message", f.message}};
}

Json config_json(const Measurement& m) {
  Json arms = Json::array();
  for (const Arm& a : m.design.arms) {
    Json arm = {{"name", a.name}, {"command", a.command}};
    if (!a.config_sha256.empty()) arm["config_sha256"] = a.config_sha256;
    arms.push_back(std::move(arm));
  }
  Json config = {{"arms", arms}};
  if (const auto& source = m.design.imported)
    config["imported"] = {{"format", source->format}, {"file", source->file}, {"sha256", source->sha256}};
  config.update({{"blocks", m.design.blocks},
                 {"looks", m.design.looks},
                 {"warmup", m.design.warmup},
                 {"seed", m.design.seed},
                 {"timeout_s", m.design.timeout_seconds},
                 {"min_effect", m.rule.min_effect},
                 {"noise_floor", m.rule.noise_floor},
                 {"alpha", m.rule.alpha},
                 {"better", m.rule.better == Better::lower ? "lower" : "higher"}});
  return config;
}

/// The samples column by column, in the order they were taken. Other tools' have their times alone.
Json samples_json(const Samples& samples, bool imported) {
  const auto column = [&](auto get) {
    Json values = Json::array();
    for (const Sample& s : samples.all) values.push_back(get(s));
    return values;
  };
  if (imported) {
    return {{"complete_blocks", samples.complete_blocks},
            {"interrupted", samples.interrupted},
            {"block", column([](const Sample& s) { return s.block; })},
            {"arm", column([](const Sample& s) { return s.arm; })},
            {"wall_s", column([](const Sample& s) { return s.run.wall_seconds; })}};
  }
  return {{"complete_blocks", samples.complete_blocks},
          {"interrupted", samples.interrupted},
          {"block", column([](const Sample& s) { return s.block; })},
          {"position", column([](const Sample& s) { return s.position; })},
          {"arm", column([](const Sample& s) { return s.arm; })},
          {"start_s", column([](const Sample& s) { return s.start_seconds; })},
          {"wall_s", column([](const Sample& s) { return s.run.wall_seconds; })},
          {"user_s", column([](const Sample& s) { return s.run.user_seconds; })},
          {"system_s", column([](const Sample& s) { return s.run.system_seconds; })},
          {"max_rss_kib", column([](const Sample& s) { return s.run.max_rss_kib; })}};
}

Json measurement_json(const Measurement& m, int arm) {
  const std::vector<double> wall = m.samples.wall(arm);
  std::vector<double> user, system;
  long peak = 0;
  for (const Sample& s : m.samples.all) {
    if (s.arm != arm || s.block < 0 || s.block >= m.samples.complete_blocks) continue;
    user.push_back(s.run.user_seconds);
    system.push_back(s.run.system_seconds);
    peak = std::max(peak, s.run.max_rss_kib);
  }
  Json samples = {{"wall_s", wall}};
  if (!m.design.imported) samples.update({{"user_s", user}, {"system_s", system}});
  const Arm& a = m.design.arms[static_cast<std::size_t>(arm)];
  Json json = {{"name", a.name},        {"unit", "s"},
               {"samples", samples},    {"estimate", wall.empty() ? Json(nullptr) : Json(median(wall))},
               {"statistic", "median"}, {"interval", to_json(median_interval(wall, m.rule.alpha))},
               {"n", wall.size()},      {"max_rss_kib", m.design.imported ? Json(nullptr) : Json(peak)}};
  if (a.memory) {
    json["memory"] = {{"tasks", a.memory->tasks},
                      {"allocated_bytes", a.memory->allocated_bytes},
                      {"peak_bytes", a.memory->peak_bytes}};
  }
  return json;
}

Json judgement_json(const Judgement& judged, const Rule& rule) {
  const Comparison& c = judged.comparison;
  return {{"gate", judged.gate},
          {"verdict", word(c.verdict)},
          {"reference", judged.reference},
          {"candidate", judged.candidate},
          {"n", c.n},
          {"ratio", c.n > 0 ? Json(c.ratio) : Json(nullptr)},
          {"interval", to_json(c.interval)},
          {"equivalence_interval", to_json(c.equivalence)},
          {"confidence", 1.0 - rule.alpha_at_look()},
          {"effect", rule.effect()},
          {"p_worse", c.p_worse},
          {"p_better", c.p_better},
          {"blockers", c.reasons}};
}

Json provenance_json(const Measurement& m) {
  Json provenance = {
      {"machine", to_json(m.machine)}, {"before", to_json(m.before)}, {"after", to_json(m.after)}};
  if (!m.origin.empty()) provenance.update(parse_json(m.origin, "origin"));
  return provenance;
}

Json baseline_json(const Baseline& baseline) {
  Json arms = Json::array();
  for (const auto& series : baseline.series)
    arms.push_back({{"name", series.arm.name}, {"command", series.arm.command}, {"wall_s", series.wall}});
  return {{"file", baseline.file},
          {"sha256", baseline.sha256},
          {"machine", to_json(baseline.machine)},
          {"arms", arms}};
}

Json identity_json(const Identity& identity) {
  const bool passes = !identity.artifact.empty();
  return {{"gate", identity.gate},
          {"definition_sha256", identity.definition_sha256},
          {"artifact", passes ? Json(identity.artifact) : Json(nullptr)},
          {"claim", passes ? "supported" : "unsupported"}};
}

std::string identity_text(const Json& identity) {
  const auto gate = identity.at("gate").get<std::string>();
  if (identity.at("artifact").is_null())
    return "unsupported: no passing gate " + gate +
           " was given (--gate), so no claim may rest on these times\n";
  return "supported: the gate " + gate + " passes in " + identity.at("artifact").get<std::string>() + "\n";
}

std::string interval_text(const Json& interval, const char* format) {
  if (interval.is_null()) return "no interval";
  return fmt::format("[{}, {}]", fmt::format(fmt::runtime(format), interval[0].get<double>()),
                     fmt::format(fmt::runtime(format), interval[1].get<double>()));
}

}  // namespace

Json to_json(const Measurement& m) {
  Json measurements = Json::array();
  for (std::size_t arm = 0; arm < m.design.arms.size(); ++arm)
    measurements.push_back(measurement_json(m, static_cast<int>(arm)));
  Json verdicts = Json::array();
  for (const auto& judged : judge(m)) verdicts.push_back(judgement_json(judged, effective_rule(m)));
  Json findings = Json::array();
  for (const Finding& f : check_machine(m.machine, m.before, m.after)) findings.push_back(to_json(f));
  for (const Finding& f : findings_of(m)) findings.push_back(to_json(f));
  Json document = {{"schema", "assay/bench/v1"},
                   {"tool", parse_json(m.tool, "tool")},
                   {"provenance", provenance_json(m)},
                   {"config", config_json(m)},
                   {"raw_samples", samples_json(m.samples, m.design.imported.has_value())}};
  if (m.baseline) document["baseline"] = baseline_json(*m.baseline);
  if (m.identity) document["identity"] = identity_json(*m.identity);
  document["measurements"] = measurements;
  document["verdicts"] = verdicts;
  document["quality"] = findings;
  return document;
}

std::string to_text(const Json& d) {
  std::string text =
      fmt::format("  {:<12} {:>5} {:>12}  {:<28} {:>10}\n", "arm", "n", "median s", "interval", "peak MiB");
  for (const Json& m : d.at("measurements")) {
    const std::string estimate =
        m.at("estimate").is_null() ? "-" : fmt::format("{:.6g}", m.at("estimate").get<double>());
    const Json& peak = m.at("max_rss_kib");
    text += fmt::format("  {:<12} {:>5} {:>12}  {:<28} {:>10}\n", m.at("name").get<std::string>(),
                        m.at("n").get<int>(), estimate, interval_text(m.at("interval"), "{:.6g}"),
                        peak.is_null() ? "-" : fmt::format("{:.1f}", peak.get<double>() / 1024));
  }
  for (const Json& m : d.at("measurements")) {
    if (!m.contains("memory")) continue;
    const Json& memory = m.at("memory");
    const double tasks = std::max(1.0, memory.at("tasks").get<double>());
    text += fmt::format("  {}: {} tasks, each allocates {:.4g} MiB; at most {:.4g} MiB held at a time\n",
                        m.at("name").get<std::string>(), memory.at("tasks").get<std::uint64_t>(),
                        memory.at("allocated_bytes").get<double>() / tasks / mebibyte,
                        memory.at("peak_bytes").get<double>() / mebibyte);
  }
  for (const Json& f : d.at("quality")) {
    text += fmt::format("  {}: {}\n", f.at("effect").get<std::string>(), f.at("message").get<std::string>());
  }
  for (const Json& v : d.at("verdicts")) {
    const std::string ratio =
        v.at("ratio").is_null() ? "-" : fmt::format("{:.4f}", v.at("ratio").get<double>());
    text += fmt::format("{}: {} takes {} of the time of {}, {:.4g} % interval {}\n",
                        v.at("verdict").get<std::string>(), v.at("candidate").get<std::string>(), ratio,
                        v.at("reference").get<std::string>(), 100 * v.at("confidence").get<double>(),
                        interval_text(v.at("interval"), "{:.4f}"));
    for (const Json& reason : v.at("blockers")) text += "  " + reason.get<std::string>() + '\n';
  }
  if (d.contains("identity")) text += identity_text(d.at("identity"));
  if (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace assay::bench
