// assay bench history: how the times of an arm went over the runs, and where they changed their level.
#include <nlohmann/json.hpp>

#include "bench/history.hpp"
#include "commands/bench_modes.hpp"
#include "core/atomic_file.hpp"

namespace assay::commands {

Exit bench_history(const HistoryOptions& o, Console& io) {
  const bench::History history(o.file, bench::History::Mode::read);
  const auto all =
      bench::series_of(history.rows({.arm = o.arm, .since = o.since, .until = o.until}), o.min_effect);
  if (all.empty())
    throw Error(Exit::inconclusive, {.what = o.file + ": no run fits what was asked for",
                                     .hint = "leave out --only, --since and --until to see all"});
  const Json whole = document("bench-history", bench::to_json(all, o.min_effect));
  if (!o.out.empty()) write_file_atomically(o.out, to_text(whole) + "\n");
  if (io.json) io.print_json(whole);
  io.say(bench::to_text(all));
  return Exit::ok;
}

}  // namespace assay::commands
