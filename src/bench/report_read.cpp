#include <nlohmann/json.hpp>

#include "bench/report.hpp"

namespace assay::bench {
namespace {

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

Samples samples_from(const Json& j, const Design& design, std::string_view source) {
  Samples samples;
  samples.complete_blocks = member<int>(j, "complete_blocks", source);
  samples.interrupted = member<bool>(j, "interrupted", source);
  const auto block = member<std::vector<int>>(j, "block", source);
  const std::size_t n = block.size();
  const auto own = [&]<class T>(T, const char* key) {
    return design.imported ? std::vector<T>(n, T{}) : column<T>(j, key, n, source);
  };
  const auto arm = column<int>(j, "arm", n, source);
  const auto wall = column<double>(j, "wall_s", n, source);
  const auto position = own(int{}, "position");
  const auto start = own(double{}, "start_s");
  const auto user = own(double{}, "user_s");
  const auto system = own(double{}, "system_s");
  const auto rss = own(long{}, "max_rss_kib");
  for (std::size_t i = 0; i < n; ++i) {
    if (arm[i] < 0 || static_cast<std::size_t>(arm[i]) >= design.arms.size()) {
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

/// What was counted stands with the measurement of its arm.
void read_memory(const Json& measurements, std::vector<Arm>& arms, std::string_view source) {
  for (std::size_t i = 0; i < std::min(measurements.size(), arms.size()); ++i) {
    if (!measurements[i].contains("memory")) continue;
    const Json& memory = measurements[i]["memory"];
    arms[i].memory = Memory{.tasks = member<std::uint64_t>(memory, "tasks", source),
                            .allocated_bytes = member<std::uint64_t>(memory, "allocated_bytes", source),
                            .peak_bytes = member<std::uint64_t>(memory, "peak_bytes", source)};
  }
}

Baseline stored_baseline(const Json& j, std::string_view source) {
  Baseline baseline;
  baseline.file = member<std::string>(j, "file", source);
  baseline.sha256 = member<std::string>(j, "sha256", source);
  try {
    baseline.machine = machine_from(j.at("machine"));
  } catch (const nlohmann::json::exception& e) {
    throw UserError(std::string(source) + ": the baseline's machine is damaged: " + e.what());
  }
  for (const Json& arm : member<Json>(j, "arms", source)) {
    baseline.series.push_back({{.name = member<std::string>(arm, "name", source),
                                .command = member<std::string>(arm, "command", source)},
                               member<std::vector<double>>(arm, "wall_s", source)});
  }
  return baseline;
}

Measurement read_measurement(const Json& document, std::string_view source) {
  if (!document.is_object() || document.value("schema", Json()) != "assay/bench/v1") {
    throw UserError(Problem{.what = std::string(source) + " is not a measurement",
                            .expected = "a document with \"schema\": \"assay/bench/v1\""});
  }
  Measurement m;
  const Json config = member<Json>(document, "config", source);
  for (const Json& a : member<Json>(config, "arms", source)) {
    m.design.arms.push_back(
        {.name = member<std::string>(a, "name", source), .command = member<std::string>(a, "command", source)});
    if (a.contains("config_sha256"))
      m.design.arms.back().config_sha256 = member<std::string>(a, "config_sha256", source);
  }
  read_memory(member<Json>(document, "measurements", source), m.design.arms, source);
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
  if (config.contains("imported")) {
    const Json& from = config["imported"];
    m.design.imported =
        Source{member<std::string>(from, "format", source), member<std::string>(from, "file", source),
               member<std::string>(from, "sha256", source)};
  }
  m.samples = samples_from(member<Json>(document, "raw_samples", source), m.design, source);
  m.tool = assay::to_text(member<Json>(document, "tool", source));
  Json provenance = member<Json>(document, "provenance", source);
  try {
    m.machine = machine_from(provenance.at("machine"));
    m.before = activity_from(provenance.at("before"));
    m.after = activity_from(provenance.at("after"));
  } catch (const nlohmann::json::exception& e) {
    throw UserError(std::string(source) + ": the description of the machine is damaged: " + e.what());
  }
  for (const char* own : {"machine", "before", "after"}) provenance.erase(own);
  if (!provenance.empty()) m.origin = assay::to_text(provenance);
  if (document.contains("identity")) {
    const Json& identity = document["identity"];
    m.identity = Identity{.gate = member<std::string>(identity, "gate", source),
                          .definition_sha256 = member<std::string>(identity, "definition_sha256", source)};
    if (!member<Json>(identity, "artifact", source).is_null())
      m.identity->artifact = member<std::string>(identity, "artifact", source);
  }
  if (document.contains("baseline")) m.baseline = stored_baseline(document["baseline"], source);
  return m;
}

}  // namespace

Measurement measurement_from(const Json& document, std::string_view source) {
  try {
    return read_measurement(document, source);
  } catch (const nlohmann::json::exception& e) {
    throw UserError(Problem{.what = std::string(source) + ": no measurement: " + e.what(),
                            .expected = "a document that assay bench wrote (schema assay/bench/v1)"});
  }
}

}  // namespace assay::bench
