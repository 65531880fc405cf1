// SPDX-License-Identifier: MIT
#include "evidence/journal_view.hpp"

#include <fcntl.h>

#include <cerrno>
#include <stdexcept>

#include "core/error.hpp"
#include "core/file.hpp"
#include "evidence/journal_scan.hpp"

namespace assay::evidence {

struct JournalView::State {
  std::filesystem::path path;
  FileHandle file;
  journal_detail::Scan scan;
};

JournalView::JournalView(std::filesystem::path path, const JournalIdentity& identity)
    : state_(std::make_unique<State>()) {
  state_->path = std::move(path);
  state_->file = FileHandle(::open(state_->path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!state_->file.is_open()) throw_file_error(errno, "cannot read the journal", state_->path);
  state_->scan = journal_detail::scan(state_->path, identity);
}

JournalView::~JournalView() = default;
JournalView::JournalView(JournalView&&) noexcept = default;

bool JournalView::has(std::size_t index) const {
  return index < state_->scan.offsets.size() && state_->scan.offsets[index] != journal_detail::kNoRecord;
}

std::size_t JournalView::finished() const {
  return state_->scan.tasks;
}

plan::Status JournalView::status(std::size_t index) const {
  return state_->scan.statuses.at(index);
}

std::string JournalView::identity(std::size_t index) const {
  return state_->scan.identities.get(index);
}

plan::Outcome JournalView::read(std::size_t index) const {
  if (!has(index)) throw std::logic_error("journal: task " + std::to_string(index) + " has no record");
  return journal_detail::read_record(state_->file.get(), state_->path, index, state_->scan.offsets[index]);
}

}  // namespace assay::evidence
