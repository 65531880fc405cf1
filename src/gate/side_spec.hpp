// What a gate's config says about its two sides.
//
//   [gate]                          [a]                              [b]
//   name = "solver.old-new"         command = "./old case.in {out}"  command = "./new case.in {out}"
//   level = "ulp:4"                 files = ["result.csv"]           files = ["result.csv"]
//
//   [gate]                          [a]                  [b]
//   study = "cyclone.toml"          engine = "serial"    engine = "tbb"
//                                                        threads = [1, 2, 4]
// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/config.hpp"
#include "core/json.hpp"
#include "core/value.hpp"

namespace assay::gate {

/// A parameter that a bisection moves; it stands for a placeholder in commands, a setting in studies.
using Knobs = std::map<std::string, std::int64_t>;

struct SideSpec {
  std::string engine;        ///< of a study; empty: as its config says
  std::vector<int> threads;  ///< one candidate each; empty: one, as the config says
  int batch = -1;            ///< tasks that a worker takes at a time
  int resume_after = 0;      ///< stop after so many tasks, tear the journal's last line, resume
  std::vector<std::pair<std::string, std::variant<Value, ValueList>>> set;  ///< config keys of this side only
  std::string command;             ///< with {out}, {threads}, {step}, {chunk} filled in
  std::vector<std::string> files;  ///< that the command writes (in {out} if it names it), or files on disk
  double timeout_seconds = 0.0;

  [[nodiscard]] bool is_command() const { return !command.empty(); }
  [[nodiscard]] bool is_files() const { return command.empty() && !files.empty(); }
  /// The labels of the candidates of this side.
  [[nodiscard]] std::vector<std::string> labels() const;
};

/// Takes every key of the table `a` or `b`.
SideSpec read_side(Config& config, const std::string& table);
Json to_json(const SideSpec& side);

/// `text` with {name} replaced for every knob.
std::string fill_in(std::string text, const Knobs& knobs);

}  // namespace assay::gate
