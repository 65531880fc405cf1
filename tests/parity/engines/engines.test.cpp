// Every workload on every engine gives the floor's bits, in whatever order and by however many threads.
// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "run/execute.hpp"
#include "run/study.hpp"
#include "support/hostile_engine.hpp"

using namespace assay;

namespace {

/// A small study of a workload: few points, low resolution, distinct answers.
run::Study study_of(const std::string& workload) {
  if (workload == "formula") {
    return run::Study::make(
        Config::from_text(
            "workload = \"formula\"\n[variables]\nx = 1.0\n[formula]\ny = \"exp(sin(x)) / (1 + x^2)\"\n", "t"),
        {.axes = {"x=0:3:40"}}, run::Scope::scan);
  }
  if (workload == "gk.linear") {
    return run::Study::make(
        Config::from_text("workload = \"gk.linear\"\n[velocity]\nnmu = 4\nnm = 8\n[grid]\nntheta = 12\nnperiod "
                          "= 1\n[output]\neigenfunction = true\n",
                          "t"),
        {.axes = {"ky=0.2:0.5:4", "a_LT=2.0,3.0"}}, run::Scope::scan);
  }
  if (workload == "command") {
    return run::Study::make(
        Config::from_text("workload = \"command\"\n[parameters]\nx = 1.0\n[command]\nrun = [\"printf\", "
                          "\"y=%s\", \"{x}\"]\n[observables]\ny = { regex = 'y=(.*)' }\n",
                          "t"),
        {.axes = {"x=0:3:40"}}, run::Scope::scan);
  }
  FAIL("no small study of the workload \"" + workload + "\": add one here");
  throw std::logic_error("unreachable");
}

bool same_bits(double a, double b) {
  return std::memcmp(&a, &b, sizeof a) == 0;
}
bool same_bits(const std::complex<double>& a, const std::complex<double>& b) {
  return same_bits(a.real(), b.real()) && same_bits(a.imag(), b.imag());
}
bool same_bits(const std::string& a, const std::string& b) {
  return a == b;
}
template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](const T& x, const T& y) { return same_bits(x, y); });
}

void require_same(const plan::Outcome& a, const plan::Outcome& b) {
  REQUIRE(a.status == b.status);
  REQUIRE(a.message == b.message);
  REQUIRE(a.observables.size() == b.observables.size());
  for (std::size_t k = 0; k < a.observables.size(); ++k) {
    INFO(a.observables[k].first);
    REQUIRE(a.observables[k].first == b.observables[k].first);
    REQUIRE(a.observables[k].second.index() == b.observables[k].second.index());
    const bool same = std::visit(
        [&](const auto& x) {
          return same_bits(x, std::get<std::decay_t<decltype(x)>>(b.observables[k].second));
        },
        a.observables[k].second);
    CHECK(same);
  }
}

struct AllTasks final : engine::TaskSource {
  const run::Study& study;
  explicit AllTasks(const run::Study& s) : study(s) {}
  std::size_t size() const override { return study.points().size(); }
  plan::Task at(std::size_t i) const override { return study.task(i); }
};

std::unique_ptr<run::ResultStore> outcomes_on(const engine::Engine& engine, const run::Study& study,
                                              int threads, engine::Batching batching) {
  auto store = run::memory_store(study.points().size());
  engine.run(AllTasks(study), study.workload(), *store, {.threads = threads, .batching = batching}, {});
  return store;
}

}  // namespace

TEST_CASE("every workload gives the floor's bits on tbb with 1, 2, 3 and 8 threads and on a hostile engine") {
  for (const auto& name : workload::names()) {
#if defined(__SANITIZE_THREAD__)
    // A started program shares this memory until it execs; the sanitizer takes what it writes there for a race.
    if (name == "command") continue;
#endif
    INFO(name);
    const run::Study study = study_of(name);
    const auto floor = outcomes_on(engine::get("serial"), study, 1, engine::Batching::dynamic);
    const std::size_t n = study.points().size();
    std::size_t ok = 0;
    for (std::size_t i = 0; i < n; ++i) ok += floor->at(i).status == plan::Status::ok ? 1 : 0;
    REQUIRE(ok == n);
    // Distinct answers, so that a swap would show.
    for (std::size_t i = 1; i < n; ++i)
      CHECK(std::get<double>(floor->at(i).observables[0].second) !=
            std::get<double>(floor->at(i - 1).observables[0].second));
    for (const auto& info : study.workload().observables()) {
      CHECK(info.unit.empty() == (info.name == "parity" || info.name == "verified"));
      CHECK_FALSE(info.tolerance.empty());
    }
    for (const int threads : {1, 2, 3, 8}) {
      for (const auto batching : {engine::Batching::dynamic, engine::Batching::fixed}) {
        const auto other = outcomes_on(engine::get("tbb"), study, threads, batching);
        for (std::size_t i = 0; i < n; ++i) require_same(floor->at(i), other->at(i));
      }
    }
    if (study.workload().external()) {
      for (const int jobs : {1, 5}) {
        auto store = run::memory_store(n);
        engine::get("process").run(AllTasks(study), study.workload(), *store, {.jobs = jobs}, {});
        for (std::size_t i = 0; i < n; ++i) require_same(floor->at(i), store->at(i));
      }
    }
    const auto hostile = outcomes_on(test::HostileEngine(20261121), study, 1, engine::Batching::dynamic);
    for (std::size_t i = 0; i < n; ++i) require_same(floor->at(i), hostile->at(i));
  }
}
