// A journal read while its run is alive or long after: nothing is locked, written or repaired.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>

#include "evidence/journal.hpp"

namespace assay::evidence {

class JournalView {
 public:
  /// What is there now; a record that is being written is not seen. UserError for a journal of another
  /// identity, or one that is damaged.
  JournalView(std::filesystem::path path, const JournalIdentity& identity);
  ~JournalView();
  JournalView(JournalView&&) noexcept;
  JournalView& operator=(JournalView&&) = delete;

  [[nodiscard]] bool has(std::size_t index) const;
  [[nodiscard]] std::size_t finished() const;
  [[nodiscard]] plan::Status status(std::size_t index) const;
  [[nodiscard]] std::string identity(std::size_t index) const;
  [[nodiscard]] plan::Outcome read(std::size_t index) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace assay::evidence
