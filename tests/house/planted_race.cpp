// The fault that ThreadSanitizer must find: tasks of oneTBB add to one plain integer. Without "race" the same
// tasks add to an atomic, and it must stay silent.
// SPDX-License-Identifier: MIT
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <atomic>
#include <cstdio>
#include <string_view>

int main(int argc, char** argv) {
  const bool race = argc > 1 && std::string_view(argv[1]) == "race";
  long plain = 0;
  std::atomic<long> shared = 0;
  tbb::task_arena arena(4);
  arena.execute([&] {
    tbb::parallel_for(0, 10000, [&](int) {
      if (race) {
        ++plain;
      } else {
        ++shared;
      }
    });
  });
  std::printf("%ld\n", race ? plain : shared.load());
}
