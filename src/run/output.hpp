// Where a study's results live: a journal while it runs, an artifact with its CSV file when it ends, or only
// the machine form on a stream. Interrupted at any moment, the folder holds everything that was finished.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "core/json.hpp"
#include "evidence/artifact.hpp"
#include "run/execute.hpp"
#include "run/study.hpp"

namespace assay::run {

struct OutputRequest {
  std::string kind;              ///< run, scan, ensemble: names files and schema
  std::filesystem::path folder;  ///< empty: nothing stays on disk
  bool resume = false;
  bool overwrite = false;
  std::vector<std::string> command_line;
  std::filesystem::path config_folder;
};

class Output {
 public:
  /// Opens the folder (made when missing), locks it and reads its journal. UserError: the folder holds finished
  /// tasks and neither resume nor overwrite was said; a journal of another plan; another process at work there.
  Output(const Study& study, OutputRequest request);
  ~Output();

  [[nodiscard]] ResultStore& store();
  /// What the folder said about its run when it was opened (run_record.hpp); null for a fresh one.
  [[nodiscard]] const Json& record_before() const;
  /// What was found on opening, for the person; empty when there is nothing to say.
  [[nodiscard]] const std::string& note() const;

  /// The artifact and its CSV file; nothing without a folder. `summary` members stand at the top of the
  /// document.
  std::vector<evidence::WrittenFile> write(const Report& report, const Json& summary);
  /// The machine form, task by task.
  void print(std::ostream& out, const Report& report, const Json& summary);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace assay::run
