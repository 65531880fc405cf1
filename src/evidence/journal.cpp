#include "evidence/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <utility>

#include "core/error.hpp"
#include "core/file.hpp"
#include "evidence/journal_scan.hpp"
#include "evidence/outcome_text.hpp"

namespace assay::evidence {

using journal_detail::kNoRecord;

namespace {

constexpr auto kSyncEvery = std::chrono::milliseconds(100);

}  // namespace

struct Journal::State {
  std::filesystem::path path;
  JournalIdentity identity;
  Recovery recovery;
  FileHandle file;
  mutable std::mutex mutex;
  std::vector<std::uint64_t> offsets;
  std::vector<plan::Status> statuses;
  journal_detail::Identities identities;
  std::uint64_t size = 0;
  std::size_t finished = 0;
  int failure = 0;  // errno of the first write or sync that failed
  std::string failed_action;
  bool dirty = false;
  bool removed = false;  // by somebody else: what is written goes nowhere
  std::condition_variable_any wake;
  std::jthread syncer;  // last: it stops before what it uses goes

  void start(Existing existing);
  void begin_file();
  void append(std::size_t index, const plan::Outcome& outcome);
  void sync_in_background(const std::stop_token& stop);
  void throw_failure() const;
};

void Journal::State::start(Existing existing) {
  file = FileHandle(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (!file.is_open()) throw_file_error(errno, "cannot write the journal", path);
  journal_detail::Scan found;
  if (existing != Existing::overwrite) found = journal_detail::scan(path, identity);
  if (existing == Existing::refuse && found.tasks > 0) {
    Problem problem;
    problem.what = path.string() + ": holds a run with " + std::to_string(found.tasks) + " of " +
                   std::to_string(identity.tasks) + " tasks done";
    problem.hint = "continue it with --resume, or give another folder with --out";
    throw UserError(std::move(problem));
  }
  recovery.tasks = found.tasks;
  if (!found.has_header) return begin_file();
  recovery.dropped_bytes = found.dropped_bytes;
  if (found.dropped_bytes > 0) {
    recovery.note = fmt::format("{}: dropped {} bytes of an interrupted write at byte {}", path.string(),
                                found.dropped_bytes, found.valid_bytes);
    if (::ftruncate(file.get(), static_cast<off_t>(found.valid_bytes)) != 0)
      throw_file_error(errno, "cannot shorten the journal", path);
  }
  offsets = std::move(found.offsets);
  statuses = std::move(found.statuses);
  identities = std::move(found.identities);
  size = found.valid_bytes;
  finished = found.tasks;
}

void Journal::State::begin_file() {
  offsets.assign(identity.tasks, kNoRecord);
  statuses.assign(identity.tasks, plan::Status::skipped);
  const auto header = journal_detail::framed(journal_detail::header_payload(identity));
  if (::ftruncate(file.get(), 0) != 0) throw_file_error(errno, "cannot empty the journal", path);
  if (const int error = write_fully(file.get(), header))
    throw_file_error(error, "cannot write the journal", path);
  if (::fsync(file.get()) != 0) throw_file_error(errno, "cannot make the journal durable", path);
  sync_folder(folder_of(path));
  size = header.size();
}

void Journal::State::throw_failure() const {
  if (removed) {
    throw EnvironmentError(path.string() + " was removed while the run went on: nothing can be kept there",
                           "what this run has done is lost; find out what removed it, and start again");
  }
  if (failure == 0) return;
  try {
    throw_file_error(failure, failed_action, path);
  } catch (const Error& error) {
    auto problem = error.problem();
    problem.hint += "; " + std::to_string(finished) + " of " + std::to_string(identity.tasks) +
                    " tasks are safe: continue with --resume";
    if (error.code() == Exit::environment) throw EnvironmentError(std::move(problem));
    throw UserError(std::move(problem));
  }
}

void Journal::State::append(std::size_t index, const plan::Outcome& outcome) {
  std::string payload = std::to_string(index) + " ";
  append_outcome(payload, outcome);
  const auto line = journal_detail::framed(payload);
  const std::lock_guard lock(mutex);
  throw_failure();
  if (::lseek(file.get(), static_cast<off_t>(size), SEEK_SET) < 0)
    throw_file_error(errno, "cannot write", path);
  if (const int error = write_fully(file.get(), line)) {
    failure = error;
    failed_action = "cannot write the journal";
    if (::ftruncate(file.get(), static_cast<off_t>(size)) != 0) failed_action += " (nor take back a cut line)";
    throw_failure();
  }
  if (offsets[index] == kNoRecord) ++finished;
  offsets[index] = size;
  statuses[index] = outcome.status;
  identities.set(index, outcome.identity, statuses.size());
  size += line.size();
  if (!std::exchange(dirty, true)) wake.notify_one();
}

void Journal::State::sync_in_background(const std::stop_token& stop) {
  std::unique_lock lock(mutex);
  while (wake.wait(lock, stop, [this] { return dirty; })) {
    wake.wait_for(lock, stop, kSyncEvery, [] { return false; });
    dirty = false;
    lock.unlock();
    const int error = ::fdatasync(file.get()) != 0 ? errno : 0;
    struct stat now {};
    const bool gone = error == 0 && ::fstat(file.get(), &now) == 0 && now.st_nlink == 0;
    lock.lock();
    removed = removed || gone;
    if (error != 0 && failure == 0) {
      failure = error;
      failed_action = "cannot make the journal durable";
    }
  }
}

Journal::Journal(std::filesystem::path path, JournalIdentity identity, Existing existing)
    : state_(std::make_unique<State>()) {
  state_->path = std::move(path);
  state_->identity = std::move(identity);
  state_->start(existing);
  state_->syncer =
      std::jthread([state = state_.get()](const std::stop_token& stop) { state->sync_in_background(stop); });
}

Journal::~Journal() {
  if (state_ == nullptr) return;
  state_->syncer = {};
  if (state_->file.is_open() && state_->dirty) ::fdatasync(state_->file.get());
}

Journal::Journal(Journal&&) noexcept = default;

const Recovery& Journal::recovery() const {
  return state_->recovery;
}

void Journal::append(std::size_t index, const plan::Outcome& outcome) {
  if (index >= state_->identity.tasks) throw std::logic_error("journal: no such task");
  state_->append(index, outcome);
}

bool Journal::has(std::size_t index) const {
  const std::lock_guard lock(state_->mutex);
  return index < state_->offsets.size() && state_->offsets[index] != kNoRecord;
}

plan::Status Journal::status(std::size_t index) const {
  const std::lock_guard lock(state_->mutex);
  return state_->statuses.at(index);
}

std::string Journal::identity(std::size_t index) const {
  const std::lock_guard lock(state_->mutex);
  return state_->identities.get(index);
}

std::size_t Journal::finished() const {
  const std::lock_guard lock(state_->mutex);
  return state_->finished;
}

plan::Outcome Journal::read(std::size_t index) const {
  std::uint64_t offset = kNoRecord;
  {
    const std::lock_guard lock(state_->mutex);
    offset = state_->offsets.at(index);
  }
  if (offset == kNoRecord) throw std::logic_error("journal: task " + std::to_string(index) + " has no record");
  return journal_detail::read_record(state_->file.get(), state_->path, index, offset);
}

void Journal::sync() {
  const std::lock_guard lock(state_->mutex);
  state_->throw_failure();
  state_->dirty = false;
  if (::fdatasync(state_->file.get()) != 0)
    throw_file_error(errno, "cannot make the journal durable", state_->path);
}

void Journal::remove() {
  state_->syncer = {};
  state_->file.close();
  if (::unlink(state_->path.c_str()) != 0 && errno != ENOENT)
    throw_file_error(errno, "cannot remove the journal", state_->path);
  sync_folder(folder_of(state_->path));
}

}  // namespace assay::evidence
