// The roofline as a document, and the document as a table.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bench/roofline.hpp"

namespace assay::bench {
namespace {

Json interval_json(const std::optional<Interval>& i) {
  return i ? Json::array({i->low, i->high}) : Json(nullptr);
}

double seconds_of(const Roofline& r, std::size_t i) {
  return median(r.cpu_seconds[i]);
}

Json measurement_json(const Roofline& r, std::size_t i) {
  const RooflineSubject& s = r.subjects[i];
  Json m = {{"name", s.name},
            {"role", std::string(word(s.role))},
            {"tier", s.tier},
            {"instruction_set", s.instruction_set},
            {"size", s.size},
            {"level", r.levels[level_of(r.levels, s.working_set)].name},
            {"operations", s.operations},
            {"bytes", s.bytes},
            {"working_set_bytes", s.working_set},
            {"repeats", r.repeats[i]},
            {"unit", "s"},
            {"samples", {{"cpu_s", r.cpu_seconds[i]}, {"wall_s", r.wall_seconds[i]}}}};
  if (r.blocks == 0) return m;
  const double seconds = seconds_of(r, i);
  m["estimate"] = seconds;
  m["statistic"] = "median";
  m["interval"] = interval_json(median_interval(r.cpu_seconds[i], r.design.alpha));
  m["least"] = *std::min_element(r.cpu_seconds[i].begin(), r.cpu_seconds[i].end());
  m["operations_per_s"] = s.operations / seconds;
  m["bytes_per_s"] = s.bytes / seconds;
  if (s.role != Role::kernel) return m;
  const Standing standing = standing_of(r, i);
  m["limit"] = {{"bound", standing.bound},
                {"seconds", standing.limit_s},
                {"fraction", standing.fraction},
                {"interval", interval_json(standing.interval)}};
  return m;
}

std::string bytes_text(double bytes) {
  return bytes >= 0x1p20 ? fmt::format("{:.4g} MiB", bytes / 0x1p20)
                         : fmt::format("{:.4g} KiB", bytes / 0x1p10);
}

}  // namespace

std::vector<Finding> findings_of(const Roofline& r) {
  std::vector<Finding> found = check_machine(r.machine, r.before, r.after);
  if (r.levels.size() > 1) {
    const MemoryLevel &memory = r.levels.back(), &cache = r.levels[r.levels.size() - 2];
    if (memory.measured_with < 2 * cache.bytes) {
      found.push_back({"memory", Finding::Effect::warning, static_cast<double>(memory.measured_with),
                       fmt::format("the {} that measure the memory do not leave the {} of {}: its bandwidth "
                                   "is an upper bound",
                                   bytes_text(static_cast<double>(memory.measured_with)),
                                   bytes_text(static_cast<double>(cache.bytes)), cache.name)});
    }
  }
  double least_share = 1.0;
  for (std::size_t i = 0; i < r.subjects.size() && r.blocks > 0; ++i)
    least_share = std::min(least_share, median(r.cpu_seconds[i]) / median(r.wall_seconds[i]));
  if (least_share < 0.95) {
    found.push_back({"shared", Finding::Effect::note, least_share,
                     fmt::format("other programs took the core for up to {:.0f} % of a sample; the times are "
                                 "of the processor clock",
                                 100 * (1.0 - least_share))});
  }
  return found;
}

Json to_json(const Roofline& r) {
  Json levels = Json::array(), measurements = Json::array(), quality = Json::array();
  for (const MemoryLevel& l : r.levels)
    levels.push_back({{"name", l.name}, {"bytes", l.bytes}, {"measured_with_bytes", l.measured_with}});
  for (std::size_t i = 0; i < r.subjects.size(); ++i) measurements.push_back(measurement_json(r, i));
  for (const Finding& f : findings_of(r)) {
    quality.push_back({{"check", f.check},
                       {"effect", std::string(word(f.effect))},
                       {"value", f.value},
                       {"message", f.message}});
  }
  return {{"provenance",
           {{"machine", to_json(r.machine)}, {"before", to_json(r.before)}, {"after", to_json(r.after)}}},
          {"config",
           {{"blocks", r.design.blocks},
            {"seed", r.design.seed},
            {"seconds_per_sample", r.design.seconds_per_sample},
            {"alpha", r.design.alpha},
            {"cores", 1}}},
          {"complete_blocks", r.blocks},
          {"interrupted", r.interrupted},
          {"levels", levels},
          {"measurements", measurements},
          {"quality", quality}};
}

std::string roofline_text(const Json& d) {
  std::string limits, kernels;
  for (const Json& m : d.at("measurements")) {
    if (!m.contains("estimate")) continue;
    const std::string name = m.at("name").get<std::string>();
    const double gigaflops = m.at("operations_per_s").get<double>() * 1e-9;
    const double gigabytes = m.at("bytes_per_s").get<double>() * 1e-9;
    if (m.at("role") == "peak") {
      limits += fmt::format("  {:<28} {:>9.4g} Gflop/s  {}\n", "arithmetic", gigaflops,
                            m.at("instruction_set").get<std::string>());
    } else if (m.at("role") == "stream") {
      limits += fmt::format("  {:<28} {:>9.4g} GB/s     {}, {}\n", m.at("level").get<std::string>(), gigabytes,
                            name.substr(name.find('.') + 1), m.at("size").get<std::string>());
    } else {
      const Json& l = m.at("limit");
      const Json& i = l.at("interval");
      kernels += fmt::format(
          "  {:<24} {:<6} {:>10.4g} {:>9.4g} {:>8.4g} {:>7.1f} % {:<17} {}\n", name,
          m.at("tier").get<std::string>(), 1e6 * m.at("estimate").get<double>(), gigaflops, gigabytes,
          100 * l.at("fraction").get<double>(),
          i.is_null() ? "[no interval]"
                      : fmt::format("[{:.1f}, {:.1f}]", 100 * i[0].get<double>(), 100 * i[1].get<double>()),
          l.at("bound").get<std::string>());
    }
  }
  std::string text = "one core's limits\n" + limits +
                     fmt::format("\n  {:<24} {:<6} {:>10} {:>9} {:>8} {:>9} {:<17} {}\n", "kernel", "tier",
                                 "median us", "Gflop/s", "GB/s", "of limit", "95 % interval", "limited by") +
                     kernels;
  for (const Json& f : d.at("quality"))
    text += fmt::format("  {}: {}\n", f.at("effect").get<std::string>(), f.at("message").get<std::string>());
  if (text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace assay::bench
