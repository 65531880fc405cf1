// What operator new gave while it was counted.
// SPDX-License-Identifier: MIT
#include "core/allocation.hpp"

#include <catch2/catch.hpp>
#include <memory>
#include <new>
#include <thread>
#include <vector>

using assay::AllocationCount;

namespace {

struct alignas(256) Wide {
  char bytes[256];
};

}  // namespace

TEST_CASE("bytes are counted in all threads, and what is held at a time apart from what was asked for") {
  if (!AllocationCount::possible()) return;
  constexpr std::uint64_t mebibyte = 1U << 20;
  const AllocationCount count;
  for (int i = 0; i < 3; ++i) {
    std::thread([] { std::vector<char> block(mebibyte, 'x'); }).join();
  }
  CHECK(count.allocated_bytes() >= 3 * mebibyte);
  CHECK(count.peak_bytes() >= mebibyte);
  CHECK(count.peak_bytes() < 2 * mebibyte);
}

TEST_CASE("a new count begins at nothing, aligned and array forms are seen, and an end is an end") {
  if (!AllocationCount::possible()) return;
  std::uint64_t before = 0;
  {
    const AllocationCount count;
    CHECK(count.allocated_bytes() < 4096);
    const auto wide = std::make_unique<Wide>();
    CHECK(reinterpret_cast<std::uintptr_t>(wide.get()) % 256 == 0);
    const std::unique_ptr<int[]> many(new int[1000]);
    const std::unique_ptr<int> quiet(new (std::nothrow) int(many[0]));
    before = count.allocated_bytes();
    CHECK(before >= 256 + 1000 * sizeof(int));
  }
  const std::vector<char> later(100000, 'x');
  const AllocationCount again;
  CHECK(again.allocated_bytes() + later.size() < before + 2 * later.size());
  CHECK(again.allocated_bytes() < 4096);
}

TEST_CASE("too much memory is an exception, counted or not") {
  if (!AllocationCount::possible()) return;  // a sanitizer ends the process instead
  const AllocationCount count;
  volatile std::size_t much = std::size_t{1} << 60;
  CHECK_THROWS_AS(::operator new(much), std::bad_alloc);
}
