// SPDX-License-Identifier: MIT
#include "engine/workers/engine.hpp"

#include <catch2/catch.hpp>

#include "cluster/pool.hpp"
#include "core/error.hpp"
#include "engine/engine.hpp"

using namespace assay;

namespace {

struct Tasks final : engine::TaskSource {
  std::size_t size() const override { return 5; }
  plan::Task at(std::size_t i) const override { return {.index = i}; }
};

struct Body final : engine::TaskBody {
  cluster::WorkOrder order{.config = "{}", .tasks = 5};
  bool elsewhere = true;
  plan::Outcome evaluate(const plan::Task&, std::stop_token) const override { return {}; }
  std::optional<engine::RemoteWork> remote() const override {
    return elsewhere ? std::optional<engine::RemoteWork>({order, {}}) : std::nullopt;
  }
};

struct Nothing final : engine::Sink {
  void accept(std::size_t, plan::Outcome) override { FAIL("an outcome of no worker"); }
};

std::string error_with(const std::string& program, const Body& body = {}, const char* engine = "workers") {
  cluster::set_worker_program(program);
  Nothing sink;
  try {
    engine::get(engine).run(Tasks(), body, sink, {.workers = 2}, {});
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("engines workers and slurm refuse tasks that no other process can make") {
  Body body;
  body.elsewhere = false;
  CHECK(error_with("/bin/true", body).find("engine workers runs the tasks of a config in other processes") ==
        0);
  CHECK(error_with("/bin/true", body, "slurm").find("engine slurm runs the tasks of a config") == 0);
}

// A started program shares this memory until it execs; the thread sanitizer takes what it writes there for a
// race.
#if !defined(__SANITIZE_THREAD__)
TEST_CASE("workers that cannot be started, end at once or are no workers end the run with what they were") {
  CHECK(error_with("/no/such/program").find("cannot execute /no/such/program: No such file") == 0);
  const std::string ended = error_with("/bin/false");
  CHECK(ended.find("every worker was lost; 5 tasks are not done") == 0);
  CHECK(ended.find("was lost: exit status 1") != std::string::npos);
  const std::string printed = error_with("/bin/echo");
  CHECK(printed.find("expected a frame that begins with assay/1, found \"worker --engine-name workers\"") !=
        std::string::npos);
}
#endif

TEST_CASE("engine mpi in a process that is no rank says how to become one") {
  Nothing sink;
  try {
    engine::get("mpi").run(Tasks(), Body(), sink, {}, {});
    FAIL("it ran");
  } catch (const Error& e) {
    CHECK(std::string(e.what()).find("mpirun -n 4 assay-mpi") != std::string::npos);
  }
  CHECK_FALSE(engine::get("mpi").availability().usable);  // no assay-mpi lies beside this test
}
