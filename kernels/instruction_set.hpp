// The instruction set of the host tiers: found once, when the program runs, so that one binary serves every
// x86-64. A kernel either has one source file a set, or puts its loops in one file and includes
// kernels/each_set.inc.
// SPDX-License-Identifier: MIT
#pragma once

namespace assay::kernels {

enum class InstructionSet { base, avx2, avx512 };

/// The widest that this processor has and that the host tiers are compiled for.
inline InstructionSet instruction_set() {
#if defined(__x86_64__)
  static const InstructionSet best = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                                             __builtin_cpu_supports("avx512vl")
                                         ? InstructionSet::avx512
                                     : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
                                         ? InstructionSet::avx2
                                         : InstructionSet::base;
  return best;
#else
  return InstructionSet::base;
#endif
}

/// For records: what the loops ran on.
inline const char* instruction_set_name() {
  switch (instruction_set()) {
    case InstructionSet::avx512: return "avx512";
    case InstructionSet::avx2: return "avx2";
    case InstructionSet::base: break;
  }
#if defined(__x86_64__)
  return "sse2";
#else
  return "base";
#endif
}

}  // namespace assay::kernels
