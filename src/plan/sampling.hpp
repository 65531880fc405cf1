// Numbers in (0, 1) for an ensemble: one a member and dimension, by one of three samplings.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plan/sobol.hpp"

namespace assay::plan {

enum class Sampling {
  sobol,  ///< scrambled Sobol: member i does not depend on the number of members; powers of two are best
  latin_hypercube,  ///< one member in each of N equal strata of each input: every member depends on N
  random,           ///< independent: member i does not depend on the number of members
};

std::string_view name_of(Sampling sampling);
const std::vector<std::string>& sampling_names();
Sampling sampling_of(std::string_view name);  ///< throws UserError with a suggestion

class UnitSampler {
 public:
  /// A Latin hypercube keeps 4 bytes a member and dimension; the others nothing.
  UnitSampler(Sampling sampling, std::uint64_t seed, std::size_t members, std::size_t dimensions);
  [[nodiscard]] double at(std::uint64_t member, std::size_t dimension) const;

 private:
  Sampling sampling_;
  std::uint64_t seed_;
  std::size_t members_;
  Sobol sobol_;
  std::vector<std::vector<std::uint32_t>> strata_;
};

}  // namespace assay::plan
