// Runs a share of the finished tasks again, on another engine where that is possible, and compares: the sampled
// proof that a folder's results are still what the program gives.
// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "run/execute.hpp"

namespace assay::run {

/// Takes outcomes and compares each with the stored one; nothing is stored.
class Recheck final : public engine::Sink {
 public:
  Recheck(const Study& study, const ResultStore& store);
  void accept(std::size_t index, plan::Outcome outcome) override;
  /// One line for each difference, in the order of tasks.
  [[nodiscard]] std::vector<std::string> differences() const;
  [[nodiscard]] std::size_t checked() const;

 private:
  const ResultStore& store_;
  std::vector<std::string> exact_;  ///< observables that must be the same, bit for bit
  mutable std::mutex mutex_;
  std::size_t checked_ = 0;
  std::vector<std::pair<std::size_t, std::string>> found_;
};

/// The engine that a recheck uses instead of the one that would run the study.
const engine::Engine& recheck_engine(const engine::Engine& usual);

}  // namespace assay::run
