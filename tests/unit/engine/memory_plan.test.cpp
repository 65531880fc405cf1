#include "engine/cuda/memory_plan.hpp"

#include <catch2/catch.hpp>

#include "core/error.hpp"

using namespace assay;
using namespace assay::engine::cuda;

TEST_CASE("the plan never uses more than nine tenths of the free memory and covers all tasks") {
  const MemoryPlan p = plan_memory(1000, 1 << 20, 1 << 20, std::size_t{100} << 20, 0);
  CHECK(p.bytes <= (std::size_t{90} << 20));
  CHECK(p.resident_tasks * p.launches >= 1000);
  CHECK(p.resident_tasks * (p.launches - 1) < 1000);
}

TEST_CASE("a task that does not fit is refused before any launch") {
  CHECK_THROWS_AS(plan_memory(1, std::size_t{2} << 30, 0, std::size_t{1} << 30, 0), EnvironmentError);
}

TEST_CASE("a batch size asked for bounds the resident tasks") {
  CHECK(plan_memory(100, 1, 0, 1 << 20, 7).resident_tasks <= 7);
}
