// assay bench --roofline: how far is each kernel from what one core can do?
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "bench/roofline.hpp"
#include "commands/bench_modes.hpp"
#include "core/atomic_file.hpp"
#include "core/interrupt.hpp"
#include "evidence/provenance.hpp"
#include "workload/kernel_probe.hpp"

namespace assay::commands {
namespace {

bench::RooflineSubject subject_of(workload::KernelProbe probe, bench::Role role) {
  return {.role = role,
          .name = std::move(probe.name),
          .tier = std::move(probe.tier),
          .instruction_set = std::move(probe.instruction_set),
          .size = std::move(probe.size),
          .operations = probe.operations,
          .bytes = probe.bytes,
          .working_set = probe.working_set,
          .run = std::move(probe.run)};
}

/// The streams of the memory may take a quarter of what is free, and never more than 512 MiB.
std::size_t largest_stream() {
  const long pages = ::sysconf(_SC_AVPHYS_PAGES), page = ::sysconf(_SC_PAGESIZE);
  const std::size_t free =
      pages > 0 && page > 0 ? static_cast<std::size_t>(pages) * page : std::size_t{1} << 30;
  return std::min(free / 4, std::size_t{1} << 29);
}

std::vector<bench::RooflineSubject> subjects_of(const std::vector<bench::MemoryLevel>& levels) {
  std::vector<bench::RooflineSubject> subjects{subject_of(workload::peak_probe(), bench::Role::peak)};
  for (const bench::MemoryLevel& level : levels) {
    for (auto& probe : workload::stream_probes(level.measured_with))
      subjects.push_back(subject_of(std::move(probe), bench::Role::stream));
  }
  for (auto& probe : workload::kernel_probes())
    subjects.push_back(subject_of(std::move(probe), bench::Role::kernel));
  return subjects;
}

}  // namespace

Exit bench_roofline(const RooflineOptions& o, Console& io) {
  const auto levels = bench::memory_levels(largest_stream());
  const Json origin =
      evidence::provenance_json({.command = io.command_line, .config_folder = ".", .devices = {}});
  InterruptGuard interrupt;
  bench::Roofline roofline;
  {
    auto subjects = subjects_of(levels);
    Progress progress(io.err, io.progress_style(), "blocks", static_cast<std::size_t>(o.blocks));
    roofline = bench::measure_roofline(std::move(subjects), levels, {.blocks = o.blocks, .seed = o.seed},
                                       interrupt.token(), [&] { progress.advance(); });
  }
  Json whole = document("roofline", bench::to_json(roofline));
  whole["provenance"].update(origin);
  if (!o.out.empty()) {
    AtomicFile file(o.out);
    file.write(to_text(whole) + "\n");
    file.commit();
    io.note("wrote " + o.out);
  }
  if (io.json) io.print_json(whole);
  io.say(bench::roofline_text(whole));
  if (interrupt.signal() != 0) {
    io.err << "interrupted after " << roofline.blocks << " blocks\n";
    return static_cast<Exit>(128 + interrupt.signal());
  }
  return roofline.blocks >= 6 ? Exit::ok : Exit::inconclusive;
}

}  // namespace assay::commands
