// Which tasks of a study are run now: those without an outcome, and what was asked for besides.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/engine.hpp"
#include "run/study.hpp"

namespace assay::run {

class ResultStore;

/// As typed.
struct SelectionText {
  std::string only;      ///< "17", "3,5-9": these and no others, also when they are done
  std::string rerun;     ///< "failed", "unconverged", "all", "where EXPRESSION"
  std::string sample;    ///< "2%" or "50": so many of the others, chosen by chance
  std::string recheck;   ///< "2%" or "50": so many of those that are done, to be compared with what is there
  bool shuffle = false;  ///< in random order
};

/// The tasks to run, in the order to run them.
class Selection final : public engine::TaskSource {
 public:
  /// UserError for a number that is no task, a word that is no selection, a name that an expression cannot use.
  Selection(const Study& study, const ResultStore& store, const SelectionText& text);
  /// How many tasks are run for which reason.
  struct Reasons {
    std::size_t not_done = 0;  ///< they have no outcome
    std::size_t changed = 0;   ///< what they depend on is no longer what it was
    std::size_t asked = 0;     ///< done, and asked for
  };
  [[nodiscard]] const Reasons& reasons() const { return reasons_; }
  /// Takes out every task for which `done` says true; how many these were.
  std::size_t drop(const std::function<bool(std::size_t index)>& done);
  [[nodiscard]] std::size_t size() const override { return size_; }
  [[nodiscard]] plan::Task at(std::size_t i) const override { return study_.task(listed_ ? indices_[i] : i); }
  [[nodiscard]] std::size_t index(std::size_t i) const override { return listed_ ? indices_[i] : i; }

 private:
  void list_all(const ResultStore& store, const SelectionText& text);
  const Study& study_;
  bool listed_ = false;  ///< false: all tasks in order, which needs no list
  std::size_t size_ = 0;
  std::vector<std::size_t> indices_;
  Reasons reasons_;
};

/// "3,5-9" as ranges; UserError names `flag` and the largest task.
std::vector<std::pair<std::size_t, std::size_t>> parse_tasks(const std::string& text, std::size_t tasks,
                                                             const std::string& flag);

}  // namespace assay::run
