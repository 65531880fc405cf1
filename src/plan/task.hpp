// What an engine runs and what comes back: one independent evaluation, as plain structs.
// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/value.hpp"

namespace assay::plan {

/// A point in parameter space: ordered name -> value, as requested.
using Point = std::vector<std::pair<std::string, Value>>;

/// One independent evaluation. The seed comes from the run's seed and the index, never from the order of
/// execution.
struct Task {
  std::size_t index = 0;
  Point point;
  std::uint64_t seed = 0;
};

enum class Status { ok, failed, unconverged, skipped, duplicate };

std::string_view name_of(Status status);
/// The inverse of name_of; false when the text names no status.
bool parse_status(std::string_view text, Status& status);

/// A number, a complex number or an array of either.
using ObservableValue = std::variant<double, std::complex<double>, std::vector<double>,
                                     std::vector<std::complex<double>>, std::string>;

/// One try at a task by an external program, for the run's record.
struct Attempt {
  std::string cause;    ///< ok, exit, signal, timeout, memory, output or start: what a retry is decided by
  std::string message;  ///< why it is not ok
  int exit_code = 0;
  int signal = 0;
  double started = 0.0;  ///< seconds since 1970
  double wall_seconds = 0.0;
  double cpu_seconds = 0.0;
  long peak_kib = 0;
  std::string out, err;                        ///< what was kept of the streams
  std::uint64_t out_bytes = 0, err_bytes = 0;  ///< how long they were
};

/// What one evaluation gave. Everything here is a pure function of the task up to `tier`;
/// what follows is of this run.
struct Outcome {
  Status status = Status::skipped;
  std::vector<std::pair<std::string, ObservableValue>> observables;
  std::string message;           ///< why it is not ok
  std::string engine;            ///< who ran it
  std::string tier;              ///< which kernel tier produced it, where the workload has tiers
  std::size_t duplicate_of = 0;  ///< index of the task with the same resolved inputs (status duplicate)
  double wall_seconds = 0.0;     ///< volatile, as is what follows
  double cpu_seconds = 0.0;      ///< of an external program; 0: not known
  long peak_kib = 0;             ///< its peak resident memory; 0: not known
  int attempts = 1;              ///< how often it was tried
  std::string host, worker;      ///< where, when another process or machine ran it; empty: this one
  std::string identity;          ///< digest of all that the result depends on besides the plan; empty: nothing
  std::vector<Attempt> log;      ///< on the way to the run's record; not kept with the outcome
};

}  // namespace assay::plan
