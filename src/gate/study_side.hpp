// A study as a side of a gate: it runs on an engine, or is stopped in the middle and resumed, and every
// observable of every task becomes part of a named array. The threads that really worked are seen, not assumed.
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

#include "gate/gate.hpp"
#include "gate/rules.hpp"
#include "gate/side_spec.hpp"
#include "run/execute.hpp"
#include "run/study.hpp"

namespace assay::gate {

/// How the workload's own tolerance classes are taken where no level is demanded.
enum class Defaults {
  bitwise,   ///< the same code on other threads: everything in every bit
  by_class,  ///< another engine or method: bitwise, ulp:4, tol:1e-6; what is statistical is not compared
};

struct StudyRequest {
  const Config* config = nullptr;  ///< of the study
  SideSpec side;
  int threads = 0;  ///< 0: as the config says
  Defaults defaults = Defaults::bitwise;
  bool levels_given = false;   ///< the rules name a level: it stands before the defaults
  bool with_artifact = false;  ///< the artifact that the run writes is compared, too: for fresh against resumed
};

/// `seconds` grows by what `part` takes. A run without a gate reads its config, opens its journal and writes
/// its artifact, too: that is the work that is compared. What remains is what the gate adds to it: gathering,
/// comparing, reading back.
template <class Part>
auto as_work(double& seconds, const Part& part) {
  using Clock = std::chrono::steady_clock;
  struct Stop {
    double& seconds;
    Clock::time_point start = Clock::now();
    ~Stop() { seconds += std::chrono::duration<double>(Clock::now() - start).count(); }
  } const stop{seconds};
  return part();
}

/// The study with this side's settings.
run::Study make_side_study(const StudyRequest& request);

/// Runs it. Observables are those that the rules do not ignore; a task without a result blocks the side.
SideResult run_study_side(const StudyRequest& request, Rules& rules, Runtime& runtime);

/// Outcomes of a study in task order as named arrays: scalars, arrays and complex numbers one after the other,
/// words, and the status of each task.
/// `work_seconds` grows by what an ensemble's own statistics take: they are part of the run, not of the gate.
Observables observables_of(const run::Study& study, const run::ResultStore& store, Rules& rules,
                           const StudyRequest& request, double& work_seconds);

/// A store that sees which threads deliver, how often each task comes, and in which order. The first `meet`
/// deliveries of different threads wait for each other (20 s at most), so that threads are at work together
/// whatever the tasks cost; with `shuffle` some are held back to mix the order of completion.
class WatchedStore final : public run::ResultStore {
 public:
  WatchedStore(run::ResultStore& inner, std::size_t meet, bool shuffle = false);
  ~WatchedStore() override;
  void accept(std::size_t index, plan::Outcome outcome) override;
  [[nodiscard]] bool has(std::size_t index) const override { return inner_.has(index); }
  [[nodiscard]] plan::Outcome at(std::size_t index) const override { return inner_.at(index); }

  [[nodiscard]] std::size_t workers() const;  ///< different threads that delivered, or processes that did it
  [[nodiscard]] std::vector<std::size_t> order() const;     ///< of delivery
  [[nodiscard]] std::vector<std::size_t> repeated() const;  ///< tasks that came more than once

 private:
  struct State;
  run::ResultStore& inner_;
  std::unique_ptr<State> state_;
};

}  // namespace assay::gate
