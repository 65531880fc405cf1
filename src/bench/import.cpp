#include "bench/import.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>

#include "core/file.hpp"
#include "core/number.hpp"
#include "core/sha256.hpp"

namespace assay::bench {
namespace {

namespace fs = std::filesystem;

struct Imported {
  std::string format;
  std::vector<Arm> arms;
  std::vector<std::vector<double>> wall;
  Machine machine{
      .cpu = "unknown", .kernel = "unknown", .governor = "unknown", .turbo = "unknown", .smt = "unknown"};

  void add(std::string name, std::string command, std::vector<double> seconds) {
    for (int copy = 2; std::any_of(arms.begin(), arms.end(), [&](const Arm& a) { return a.name == name; });
         ++copy)
      name = command + " (" + std::to_string(copy) + ")";
    arms.push_back({std::move(name), std::move(command)});
    wall.push_back(std::move(seconds));
  }
};

[[noreturn]] void refuse(const fs::path& file, std::string what, std::string hint) {
  throw UserError(file.string() + ": " + std::move(what), std::move(hint));
}

Imported from_hyperfine(const Json& document, const fs::path& file) {
  Imported found{.format = "hyperfine", .arms = {}, .wall = {}};
  for (const Json& result : document.at("results")) {
    const auto command = result.value("command", "");
    if (!result.contains("times"))
      refuse(file, "\"" + command + "\" has no \"times\"", "write it with hyperfine --export-json");
    for (const Json& code : result.value("exit_codes", Json::array()))
      if (code != 0)
        refuse(file, "a run of \"" + command + "\" failed: failed runs are no times", "measure again");
    found.add(command, command, result.at("times").get<std::vector<double>>());
  }
  return found;
}

double seconds_in(const std::string& unit, const fs::path& file) {
  static const std::map<std::string, double> units{{"ns", 1e-9}, {"us", 1e-6}, {"ms", 1e-3}, {"s", 1.0}};
  const auto found = units.find(unit);
  if (found == units.end()) refuse(file, "time_unit \"" + unit + "\" is none", "ns, us, ms or s");
  return found->second;
}

Imported from_google_benchmark(const Json& document, const fs::path& file) {
  Imported found{.format = "google-benchmark", .arms = {}, .wall = {}};
  const Json context = document.value("context", Json::object());
  found.machine.online_cores = found.machine.usable_cores = context.value("num_cpus", 0);
  if (context.contains("cpu_scaling_enabled"))
    found.machine.governor = context.at("cpu_scaling_enabled").get<bool>() ? "scaling" : "unknown";
  std::vector<std::string> order;
  std::map<std::string, std::vector<double>> samples;
  for (const Json& row : document.at("benchmarks")) {
    if (row.value("run_type", "iteration") != "iteration") continue;
    const auto name = row.value("run_name", row.value("name", ""));
    if (row.value("error_occurred", false)) refuse(file, name + " reported an error", "measure again");
    if (samples.find(name) == samples.end()) order.push_back(name);
    samples[name].push_back(row.at("real_time").get<double>() * seconds_in(row.value("time_unit", "ns"), file));
  }
  if (order.empty())
    refuse(file, "aggregates only",
           "--benchmark_repetitions=20 --benchmark_report_aggregates_only=false keeps samples");
  for (const auto& name : order) found.add(name, name, samples[name]);
  return found;
}

/// {"data": [{"name": ..., "value": "..."}]}: the value of a name.
std::string datum(const Json& summary, const std::string& name) {
  for (const Json& entry : summary.at("data"))
    if (entry.value("name", "") == name) return entry.at("value").get<std::string>();
  return {};
}

/// nvbench writes the path as it was typed, beside the JSON or from the folder it was started in.
std::vector<double> nvbench_samples(const fs::path& file, const fs::path& name, const std::string& count) {
  for (const auto& candidate : {file.parent_path() / name, file.parent_path().parent_path() / name, name}) {
    if (!fs::is_regular_file(candidate)) continue;
    const auto bytes = read_file(candidate);
    std::vector<float> values(bytes.size() / sizeof(float));
    if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
    if (std::to_string(values.size()) != count || bytes.size() % sizeof(float) != 0)
      refuse(candidate, std::to_string(bytes.size()) + " bytes are not " + count + " samples of 4",
             "is it cut short?");
    return {values.begin(), values.end()};
  }
  refuse(file, "its samples " + name.string() + " are not there", "keep the folder beside the JSON file");
}

Imported from_nvbench(const Json& document, const fs::path& file) {
  Imported found{.format = "nvbench", .arms = {}, .wall = {}};
  for (const Json& benchmark : document.at("benchmarks")) {
    for (const Json& state : benchmark.at("states")) {
      if (state.value("is_skipped", false)) continue;
      const auto name = benchmark.value("name", "") + " " + state.value("name", "");
      const auto& summaries = state.at("summaries");
      const auto summary = std::find_if(summaries.begin(), summaries.end(), [](const Json& entry) {
        return entry.value("tag", "") == "nv/json/bin:nv/cold/sample_times";
      });
      if (summary == summaries.end())
        refuse(file, name + " has no single samples", "write it with nvbench --jsonbin");
      found.add(name, name, nvbench_samples(file, datum(*summary, "filename"), datum(*summary, "size")));
    }
  }
  return found;
}

Imported recognise(const Json& document, const fs::path& file) {
  if (document.is_object() && document.contains("results")) return from_hyperfine(document, file);
  const bool benchmarks =
      document.is_object() && document.contains("benchmarks") && document["benchmarks"].is_array();
  const bool states =
      benchmarks && !document["benchmarks"].empty() && document["benchmarks"][0].contains("states");
  if (states) return from_nvbench(document, file);
  if (benchmarks) return from_google_benchmark(document, file);
  refuse(file, "no measurement that is known here",
         "hyperfine --export-json, Google Benchmark --benchmark_out (JSON) and nvbench --jsonbin are");
}

}  // namespace

Measurement import_measurement(const fs::path& file, std::string_view text) {
  Imported found;
  try {
    found = recognise(parse_json(text, file.string()), file);
  } catch (const nlohmann::json::exception& e) {
    refuse(file, std::string("not as its tool writes it: ") + e.what(), "is the file whole?");
  }
  Measurement m;
  m.machine = found.machine;
  m.design = {.arms = found.arms, .blocks = 0, .looks = {}, .warmup = 0};
  m.design.imported = Source{found.format, file.string(), sha256_hex(text)};
  for (std::size_t arm = 0; arm < found.arms.size(); ++arm) {
    int block = 0;
    for (const double seconds : found.wall[arm]) {
      if (!(seconds > 0.0) || !std::isfinite(seconds))
        refuse(file, "\"" + found.arms[arm].name + "\" has a sample that is no time: " + number_text(seconds),
               "measure again");
      Sample sample{
          .block = block++, .position = 0, .arm = static_cast<int>(arm), .start_seconds = 0.0, .run = {}};
      sample.run.wall_seconds = seconds;
      m.samples.all.push_back(sample);
    }
    m.design.blocks = std::max(m.design.blocks, block);
  }
  if (m.samples.all.empty()) refuse(file, "no sample in it", "measure again");
  m.samples.complete_blocks = m.design.blocks;
  return m;
}

}  // namespace assay::bench
