// The modes of `assay bench` that measure this program itself rather than commands.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "commands/command.hpp"

namespace assay::commands {

struct RooflineOptions {
  int blocks = 20;
  std::uint64_t seed = 1;
  std::string out;
};
/// --roofline: kernels against what one core can do. Exit 4 below six blocks: no interval.
Exit bench_roofline(const RooflineOptions& options, Console& console);

}  // namespace assay::commands
