// Every workload gives the floor's bits on worker processes, however many, shared out either way.
// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "cluster/pool.hpp"
#include "evidence/outcome_text.hpp"
#include "run/execute.hpp"

using namespace assay;

namespace {

/// What does not depend on who ran it, as the journal has it.
std::string content(plan::Outcome outcome) {
  outcome.engine.clear();
  outcome.worker.clear();
  outcome.wall_seconds = outcome.cpu_seconds = 0.0;
  outcome.peak_kib = 0;
  std::string text;
  evidence::append_outcome(text, outcome);
  return text;
}

std::vector<std::string> contents(const std::string& config, const std::string& axis, const std::string& more) {
  const auto study =
      run::Study::make(Config::from_text(config + more, "t"), {.axes = {axis}}, run::Scope::scan);
  const auto store = run::memory_store(study.points().size());
  const auto report = run::execute(study, *store, {});
  REQUIRE(report.complete);
  std::vector<std::string> all;
  for (std::size_t i = 0; i < study.points().size(); ++i) {
    REQUIRE(store->at(i).status == plan::Status::ok);
    all.push_back(content(store->at(i)));
  }
  return all;
}

}  // namespace

TEST_CASE("every workload gives the floor's records on 1 to 3 worker processes") {
  cluster::set_worker_program(ASSAY_PROGRAM);
  const std::vector<std::pair<std::string, std::string>> studies = {
      {"workload = \"formula\"\n[variables]\nx = 1.0\n[formula]\ny = \"exp(sin(x)) / (1 + x^2)\"\n",
       "x=0:3:2000"},
      {"workload = \"gk.linear\"\n[velocity]\nnmu = 4\nnm = 8\n[grid]\nntheta = 12\nnperiod = 1\n[output]\n"
       "eigenfunction = true\n",
       "ky=0.2:0.5:4"},
      {"workload = \"command\"\n[parameters]\nx = 1.0\n[command]\nrun = [\"printf\", \"y=%s\", \"{x}\"]\n"
       "[observables]\ny = { regex = 'y=(.*)' }\n",
       "x=0:3:40"}};
  for (const auto& [config, axis] : studies) {
    const auto floor = contents(config, axis, "[engine]\nname = \"serial\"\n");
    for (const char* how : {"workers = 1", "workers = 2", "workers = 3", "workers = 3\nbatching = \"fixed\"",
                            "workers = 2\nbatch = 3"}) {
      INFO(config << how);
      CHECK(contents(config, axis, std::string("[engine]\nname = \"workers\"\n") + how + "\n") == floor);
    }
  }
}
