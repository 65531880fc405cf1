// A study as other processes get it, and back: the resolved config with its digest, and the limits of a task.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

#include "cluster/message.hpp"
#include "engine/engine.hpp"
#include "run/study.hpp"

namespace assay::run {

/// Digests programs and input files, as the tasks' identity does. EnvironmentError when one is missing,
/// UserError when a value or a path holds bytes that are not UTF-8: a message is JSON, which cannot.
cluster::WorkOrder work_order(const Study& study, const std::filesystem::path& folder);

/// The study of an order; its digest may differ from the order's where another version makes it.
Study study_of(const cluster::WorkOrder& order);
workload::Limits limits_of(const cluster::WorkOrder& order);

/// Canonical text of what all tasks depend on; empty when that is nothing.
std::string identity_text(const Study& study);

/// A study's body that other processes can make anew.
class RemoteBody final : public engine::TaskBody {
 public:
  RemoteBody(const engine::TaskBody& inner, const Study& study, std::filesystem::path folder,
             std::stop_token ending);
  plan::Outcome evaluate(const plan::Task& task, std::stop_token stop) const override {
    return inner_.evaluate(task, std::move(stop));
  }
  [[nodiscard]] const engine::DeviceBatch* device_batch() const override { return inner_.device_batch(); }
  [[nodiscard]] bool external() const override { return inner_.external(); }
  [[nodiscard]] int slots() const override { return inner_.slots(); }
  [[nodiscard]] double expected_work(const plan::Task& task) const override {
    return inner_.expected_work(task);
  }
  /// Makes the order when it is first asked for.
  [[nodiscard]] std::optional<engine::RemoteWork> remote() const override;

 private:
  const engine::TaskBody& inner_;
  const Study& study_;
  std::filesystem::path folder_;
  std::stop_token ending_;
  mutable std::optional<cluster::WorkOrder> order_;
};

}  // namespace assay::run
