#include "bench/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bench/quality.hpp"

namespace assay::bench {
namespace {

constexpr double shortest_sample = 0.005;  // seconds; below, starting the process is much of the time

Json to_json(const std::optional<Interval>& i) {
  return i ? Json::array({i->low, i->high}) : Json(nullptr);
}

Json to_json(const Finding& f) {
  return {{"check", f.check}, {"effect", word(f.effect)}, {"value", f.value}, {"message", f.message}};
}

Json config_json(const Measurement& m) {
  Json arms = Json::array();
  for (const Arm& a : m.design.arms) arms.push_back({{"name", a.name}, {"command", a.command}});
  return {{"arms", arms},
          {"blocks", m.design.blocks},
          {"looks", m.design.looks},
          {"warmup", m.design.warmup},
          {"seed", m.design.seed},
          {"timeout_s", m.design.timeout_seconds},
          {"min_effect", m.rule.min_effect},
          {"noise_floor", m.rule.noise_floor},
          {"alpha", m.rule.alpha},
          {"better", m.rule.better == Better::lower ? "lower" : "higher"}};
}

/// The samples column by column, in the order they were taken.
Json samples_json(const Samples& samples) {
  const auto column = [&](auto get) {
    Json values = Json::array();
    for (const Sample& s : samples.all) values.push_back(get(s));
    return values;
  };
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

std::vector<Finding> findings_of(const Measurement& m) {
  std::vector<Finding> all;
  const auto append = [&](std::vector<Finding> more) { all.insert(all.end(), more.begin(), more.end()); };
  for (std::size_t arm = 0; arm < m.design.arms.size(); ++arm) {
    const std::vector<double> wall = m.samples.wall(static_cast<int>(arm));
    append(check_arm(m.design.arms[arm].name, wall));
    append(check_duration(m.design.arms[arm].name, wall, shortest_sample));
    if (arm > 0) append(check_pairs(m.samples.wall(0), wall));
  }
  return all;
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
  return {{"name", m.design.arms[static_cast<std::size_t>(arm)].name},
          {"unit", "s"},
          {"samples", {{"wall_s", wall}, {"user_s", user}, {"system_s", system}}},
          {"estimate", wall.empty() ? Json(nullptr) : Json(median(wall))},
          {"statistic", "median"},
          {"interval", to_json(median_interval(wall, m.rule.alpha))},
          {"n", wall.size()},
          {"max_rss_kib", peak}};
}

Json comparison_json(const Measurement& m, const Comparison& c, std::size_t arm) {
  return {{"gate", "bench.paired"},
          {"verdict", word(c.verdict)},
          {"reference", m.design.arms[0].name},
          {"candidate", m.design.arms[arm].name},
          {"n", c.n},
          {"ratio", c.n > 0 ? Json(c.ratio) : Json(nullptr)},
          {"interval", to_json(c.interval)},
          {"equivalence_interval", to_json(c.equivalence)},
          {"confidence", 1.0 - m.rule.alpha_at_look()},
          {"effect", m.rule.effect()},
          {"p_worse", c.p_worse},
          {"p_better", c.p_better},
          {"blockers", c.reasons}};
}

template <class T>
T member(const Json& object, const char* key, std::string_view source) {
  try {
    return object.at(key).get<T>();
  } catch (const nlohmann::json::exception&) {
    throw UserError(Problem{.what = std::string(source) + ": \"" + key + "\" is missing or of another type",
                            .expected = "a document that assay bench wrote (schema assay/bench/v1)"});
  }
}

template <class T>
std::vector<T> column(const Json& samples, const char* key, std::size_t size, std::string_view source) {
  auto values = member<std::vector<T>>(samples, key, source);
  if (values.size() == size) return values;
  throw UserError(
      Problem{.what = std::string(source) + ": columns of raw_samples differ in length at \"" + key + "\"",
              .expected = std::to_string(size) + " values",
              .found = std::to_string(values.size())});
}

Samples samples_from(const Json& j, std::size_t arms, std::string_view source) {
  Samples samples;
  samples.complete_blocks = member<int>(j, "complete_blocks", source);
  samples.interrupted = member<bool>(j, "interrupted", source);
  const auto block = member<std::vector<int>>(j, "block", source);
  const std::size_t n = block.size();
  const auto position = column<int>(j, "position", n, source);
  const auto arm = column<int>(j, "arm", n, source);
  const auto start = column<double>(j, "start_s", n, source);
  const auto wall = column<double>(j, "wall_s", n, source);
  const auto user = column<double>(j, "user_s", n, source);
  const auto system = column<double>(j, "system_s", n, source);
  const auto rss = column<long>(j, "max_rss_kib", n, source);
  for (std::size_t i = 0; i < n; ++i) {
    if (arm[i] < 0 || static_cast<std::size_t>(arm[i]) >= arms) {
      throw UserError(std::string(source) + ": sample " + std::to_string(i) + " belongs to no arm");
    }
    Sample s{.block = block[i], .position = position[i], .arm = arm[i], .start_seconds = start[i]};
    s.run.wall_seconds = wall[i];
    s.run.user_seconds = user[i];
    s.run.system_seconds = system[i];
    s.run.max_rss_kib = rss[i];
    samples.all.push_back(s);
  }
  return samples;
}

std::string interval_text(const Json& interval, const char* format) {
  if (interval.is_null()) return "no interval";
  return fmt::format("[{}, {}]", fmt::format(fmt::runtime(format), interval[0].get<double>()),
                     fmt::format(fmt::runtime(format), interval[1].get<double>()));
}

}  // namespace

std::vector<Comparison> compare_arms(const Measurement& m) {
  std::vector<Comparison> all;
  Rule rule = m.rule;
  rule.looks = std::max<int>(1, static_cast<int>(m.design.looks.size()));
  rule.family = std::max<int>(1, static_cast<int>(m.design.arms.size()) - 1);
  const std::vector<double> reference = m.samples.wall(0);
  for (std::size_t arm = 1; arm < m.design.arms.size(); ++arm) {
    all.push_back(compare_paired(reference, m.samples.wall(static_cast<int>(arm)), rule));
  }
  if (all.size() > 1) judge_family(all, rule);
  const std::vector<Finding> findings = findings_of(m);
  for (const Finding& f : findings) {
    if (f.effect != Finding::Effect::cap) continue;
    for (Comparison& c : all) {
      c.verdict = Verdict::inconclusive;
      c.reasons.push_back(f.message);
    }
  }
  return all;
}

Json to_json(const Measurement& m) {
  Measurement shown = m;
  shown.rule.looks = std::max<int>(1, static_cast<int>(m.design.looks.size()));
  shown.rule.family = std::max<int>(1, static_cast<int>(m.design.arms.size()) - 1);
  Json measurements = Json::array();
  for (std::size_t arm = 0; arm < m.design.arms.size(); ++arm) {
    measurements.push_back(measurement_json(m, static_cast<int>(arm)));
  }
  Json verdicts = Json::array();
  const std::vector<Comparison> comparisons = compare_arms(m);
  for (std::size_t i = 0; i < comparisons.size(); ++i) {
    verdicts.push_back(comparison_json(shown, comparisons[i], i + 1));
  }
  Json findings = Json::array();
  for (const Finding& f : check_machine(m.machine, m.before, m.after)) findings.push_back(to_json(f));
  for (const Finding& f : findings_of(m)) findings.push_back(to_json(f));
  return {{"schema", "assay/bench/v1"},
          {"tool", {{"name", "assay"}, {"version", m.version}}},
          {"provenance",
           {{"machine", to_json(m.machine)}, {"before", to_json(m.before)}, {"after", to_json(m.after)}}},
          {"config", config_json(m)},
          {"raw_samples", samples_json(m.samples)},
          {"measurements", measurements},
          {"verdicts", verdicts},
          {"quality", findings}};
}

Measurement measurement_from(const Json& document, std::string_view source) {
  if (!document.is_object() || document.value("schema", "") != "assay/bench/v1") {
    throw UserError(Problem{.what = std::string(source) + " is not a measurement",
                            .expected = "a document with \"schema\": \"assay/bench/v1\""});
  }
  Measurement m;
  const Json config = member<Json>(document, "config", source);
  for (const Json& a : member<Json>(config, "arms", source)) {
    m.design.arms.push_back(
        {member<std::string>(a, "name", source), member<std::string>(a, "command", source)});
  }
  m.design.blocks = member<int>(config, "blocks", source);
  m.design.looks = member<std::vector<int>>(config, "looks", source);
  m.design.warmup = member<int>(config, "warmup", source);
  m.design.seed = member<std::uint64_t>(config, "seed", source);
  m.design.timeout_seconds = member<double>(config, "timeout_s", source);
  m.rule.min_effect = member<double>(config, "min_effect", source);
  m.rule.noise_floor = member<double>(config, "noise_floor", source);
  m.rule.alpha = member<double>(config, "alpha", source);
  m.rule.better = member<std::string>(config, "better", source) == "higher" ? Better::higher : Better::lower;
  if (m.design.arms.empty()) throw UserError(std::string(source) + ": no arm was measured");
  m.samples = samples_from(member<Json>(document, "raw_samples", source), m.design.arms.size(), source);
  m.version = member<std::string>(member<Json>(document, "tool", source), "version", source);
  const Json provenance = member<Json>(document, "provenance", source);
  try {
    m.machine = machine_from(provenance.at("machine"));
    m.before = activity_from(provenance.at("before"));
    m.after = activity_from(provenance.at("after"));
  } catch (const nlohmann::json::exception& e) {
    throw UserError(std::string(source) + ": the description of the machine is damaged: " + e.what());
  }
  return m;
}

std::string to_text(const Json& d) {
  std::string text =
      fmt::format("  {:<12} {:>5} {:>12}  {:<28} {:>10}\n", "arm", "n", "median s", "interval", "peak MiB");
  for (const Json& m : d.at("measurements")) {
    const std::string estimate =
        m.at("estimate").is_null() ? "-" : fmt::format("{:.6g}", m.at("estimate").get<double>());
    text += fmt::format("  {:<12} {:>5} {:>12}  {:<28} {:>10.1f}\n", m.at("name").get<std::string>(),
                        m.at("n").get<int>(), estimate, interval_text(m.at("interval"), "{:.6g}"),
                        m.at("max_rss_kib").get<double>() / 1024);
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
  if (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

Exit exit_of(const std::vector<Comparison>& comparisons, const Rule& rule) {
  Exit worst = comparisons.empty() ? Exit::inconclusive : Exit::ok;
  for (const Comparison& c : comparisons) {
    const Exit e = exit_of(c, rule);
    if (e == Exit::evidence_no || (e == Exit::inconclusive && worst == Exit::ok)) worst = e;
  }
  return worst;
}

}  // namespace assay::bench
