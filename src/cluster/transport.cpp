// SPDX-License-Identifier: MIT
#include "cluster/transport.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "core/error.hpp"

namespace assay::cluster {
namespace {

constexpr double kLongestWait = 0.1;  // seconds: how late a stop request is seen

[[noreturn]] void throw_stranded(const Manager& manager) {
  Problem problem{
      .what = "every worker was lost; " + std::to_string(manager.open_tasks()) + " tasks are not done",
      .hint = "what is done is kept: continue with --out DIR --resume"};
  for (const auto& trouble : manager.troubles())
    problem.found += (problem.found.empty() ? "" : "\n    ") + trouble;
  throw EnvironmentError(std::move(problem));
}

}  // namespace

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void drive(Manager& manager, Transport& transport, const Settings& settings, const std::stop_token& stop,
           const std::stop_token& ending) {
  enum class Told { nothing, finish, end } told = Told::nothing;
  const double every = std::min(settings.silence_seconds / 10.0, 1.0);
  double ticked = steady_seconds();
  while (!manager.finished()) {
    transport.pump(manager, std::min(kLongestWait, every));
    const double now = steady_seconds();
    if (stop.stop_requested() && told == Told::nothing) {
      manager.stop(kFinish, now);
      told = Told::finish;
    }
    if (ending.stop_requested() && told != Told::end) {
      manager.stop(kEnd, now);
      told = Told::end;
    }
    if (now - ticked > every) {
      manager.tick(now);
      ticked = now;
    }
    if (manager.alive() == 0 && !manager.finished() && transport.exhausted()) throw_stranded(manager);
  }
  if (told == Told::nothing) manager.release();
}

}  // namespace assay::cluster
