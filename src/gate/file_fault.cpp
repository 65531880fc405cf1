#include "gate/file_fault.hpp"

#include <algorithm>

#include "core/file.hpp"
#include "gate/file_pairs.hpp"

namespace assay::gate {
namespace {

std::string first_reason(const GateReport& report) {
  for (const ObservableReport& o : report.observables) {
    if (o.verdict == Verdict::fail && !o.reasons.empty()) {
      return o.name + ": " + o.reasons.front().substr(0, o.reasons.front().find('\n'));
    }
  }
  return {};
}

struct Prover {
  const std::vector<OutputFile>& floor;
  const Rules& rules;
  const FileFormat& format;
  std::filesystem::path scratch;
  Proof proof{};

  [[nodiscard]] GateReport judge(const std::vector<OutputFile>& a, const std::vector<OutputFile>& b) const {
    Rules copy = rules;
    return compare_outputs(a, b, copy, format);
  }

  void add(Kill kill, const std::vector<OutputFile>& a, const std::vector<OutputFile>& b) {
    const GateReport report = judge(a, b);
    kill.verdict = report.verdict;
    kill.caught = report.verdict == Verdict::fail;
    kill.reason = first_reason(report);
    proof.kills.push_back(std::move(kill));
  }

  /// The floor as the model writes it back, so that a fault differs from it by the fault alone.
  void prove_file(std::size_t i, std::uint64_t seed) {
    Rules copy = rules;
    const auto model = model_of(floor[i].path, copy, format);
    const Observables intact = model->observables();
    auto a = floor;
    const std::string suffix = floor[i].path.extension().string();
    a[i].path = scratch / ("floor-" + std::to_string(i) + suffix);
    model->write(intact, a[i].path);
    if (const Verdict control = judge(a, a).verdict; control != Verdict::pass) proof.control = control;
    auto b = a;
    b[i].path = scratch / ("fault-" + std::to_string(i) + suffix);
    for (const Fault& fault : standard_faults(intact)) {
      for (std::size_t k = 0; k < intact.size(); ++k) {
        if (!concerns(fault, intact[k])) continue;
        Observables faulty = intact;
        std::rotate(faulty.begin(), faulty.begin() + static_cast<std::ptrdiff_t>(k), faulty.end());
        const auto place = fault.plant(faulty, seed + k);
        Kill kill{.fault = fault.name, .observable = floor[i].name + ":" + intact[k].name};
        if (!place && !intact[k].words.empty() && fault.concerns != Concerns::words) continue;
        if (place) model->write(faulty, b[i].path);
        if (!place || read_file(a[i].path) == read_file(b[i].path)) {
          kill.reason = "could not be planted: the values give it no hold (all alike, zero, or too few)";
          proof.kills.push_back(std::move(kill));
          continue;
        }
        kill.place = *place;
        add(std::move(kill), a, b);
      }
    }
    write_nothing(i, a, b);
  }

  void write_nothing(std::size_t i, const std::vector<OutputFile>& a, std::vector<OutputFile> b) {
    std::filesystem::resize_file(b[i].path, 0);
    add({.fault = "empty-file", .observable = floor[i].name, .place = "everywhere"}, a, b);
    b.erase(b.begin() + static_cast<std::ptrdiff_t>(i));
    add({.fault = "missing-file", .observable = floor[i].name, .place = "everywhere"}, a, b);
  }
};

}  // namespace

Proof prove_outputs(const std::vector<OutputFile>& floor, const Rules& rules, const FileFormat& format,
                    const std::filesystem::path& scratch, std::uint64_t seed) {
  std::filesystem::create_directories(scratch);
  Prover prover{floor, rules, format, scratch};
  prover.proof.seed = seed;
  prover.proof.control = prover.judge(floor, floor).verdict;
  for (std::size_t i = 0; i < floor.size(); ++i) prover.prove_file(i, seed);
  prover.proof.fit = is_fit(prover.proof.control, prover.proof.kills);
  return std::move(prover.proof);
}

}  // namespace assay::gate
