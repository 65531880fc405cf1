#include "plan/sampling.hpp"

#include <algorithm>
#include <numeric>

#include "core/error.hpp"
#include "core/suggest.hpp"
#include "plan/random.hpp"

namespace assay::plan {

const std::vector<std::string>& sampling_names() {
  static const std::vector<std::string> names{"sobol", "latin-hypercube", "random"};
  return names;
}

std::string_view name_of(Sampling sampling) {
  return sampling_names()[static_cast<std::size_t>(sampling)];
}

Sampling sampling_of(std::string_view name) {
  const auto& names = sampling_names();
  const auto it = std::find(names.begin(), names.end(), name);
  if (it == names.end()) {
    throw UserError(Problem{.what = "no sampling is called \"" + std::string(name) + "\"",
                            .expected = one_of(name, names)});
  }
  return static_cast<Sampling>(it - names.begin());
}

UnitSampler::UnitSampler(Sampling sampling, std::uint64_t seed, std::size_t members, std::size_t dimensions)
    : sampling_(sampling),
      seed_(seed),
      members_(members),
      sobol_(sampling == Sampling::sobol ? dimensions : 0, seed) {
  if (sampling != Sampling::latin_hypercube) return;
  strata_.assign(dimensions, std::vector<std::uint32_t>(members));
  for (std::uint32_t d = 0; d < dimensions; ++d) {
    auto& order = strata_[d];
    std::iota(order.begin(), order.end(), 0u);
    for (std::size_t left = members; left > 1; --left)  // Fisher-Yates: every order equally likely
      std::swap(order[left - 1], order[to_below(random_bits(seed, Stream::shuffle, d, left)[0], left)]);
  }
}

double UnitSampler::at(std::uint64_t member, std::size_t dimension) const {
  if (sampling_ == Sampling::sobol) return sobol_.at(member, dimension);
  const auto bits = random_bits(seed_, Stream::members, static_cast<std::uint32_t>(dimension), member);
  const double u = to_unit(bits[0] >> 12);
  if (sampling_ == Sampling::random) return u;
  const double stratum = strata_[dimension][member];
  return std::min((stratum + u) / static_cast<double>(members_), 1.0 - 0x1p-53);
}

}  // namespace assay::plan
