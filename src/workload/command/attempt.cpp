#include "workload/command/attempt.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>

#include "core/error.hpp"
#include "core/memory_group.hpp"
#include "workload/command/resident.hpp"

namespace assay::workload::command {
namespace {

using Clock = std::chrono::steady_clock;
constexpr double kGraceSeconds = 2.0;     // between the polite signal and the last one
constexpr int kMemoryMilliseconds = 100;  // between two looks at a program's memory
constexpr std::size_t kReadBytes = 64 * 1024;
constexpr std::size_t kMostLeftInPipe = 1U << 20U;  // a pipe's largest capacity without privileges

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Pipe {
  FileHandle read, write;
  /// 0 or an errno.
  int open() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return errno;
    read = FileHandle(ends[0]);
    write = FileHandle(ends[1]);
    return ::fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0 ? 0 : errno;
  }
};

/// Standard input as a file without a name: nobody has to feed it. Empty input is /dev/null.
FileHandle input_file(std::string_view input) {
  if (input.empty()) return FileHandle(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  FileHandle file(::memfd_create("assay-stdin", MFD_CLOEXEC));
  if (!file.is_open()) return file;
  if (const int error = write_fully(file.get(), input)) {
    errno = error;
    return {};
  }
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

/// A descriptor that becomes readable when a stop is asked for; one a thread.
class StopDescriptor {
 public:
  StopDescriptor() : file_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  [[nodiscard]] int get() const { return file_.get(); }
  void notify() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(file_.get(), &one, sizeof one);
  }
  void clear() const {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = ::read(file_.get(), &count, sizeof count);
  }

 private:
  FileHandle file_;
};

/// Reads what is there; false at the end of the stream.
bool drain(int descriptor, Capture& into, std::size_t at_most) {
  thread_local std::array<char, kReadBytes> buffer;
  while (true) {
    const auto got = ::read(descriptor, buffer.data(), buffer.size());
    if (got > 0) {
      into.append({buffer.data(), static_cast<std::size_t>(got)});
      if (static_cast<std::size_t>(got) >= at_most) return true;
      at_most -= static_cast<std::size_t>(got);
    } else if (got == 0) {
      return false;
    } else if (errno != EINTR) {
      return errno == EAGAIN;
    }
  }
}

/// Ends a child whose time is up or that is to stop: first asked, then killed.
class Ending {
 public:
  Ending(const Child& child, const AttemptRequest& request, Clock::time_point start)
      : child_(child), request_(request), start_(start) {}

  /// Milliseconds until something is due, -1 for never.
  [[nodiscard]] int wait() const {
    double left = -1.0;
    if (killed_) return -1;
    if (asked_) {
      left = kGraceSeconds - seconds_since(asked_at_);
    } else if (request_.seconds > 0.0) {
      left = request_.seconds - seconds_since(start_);
    }
    const int due = left < 0.0 && !asked_ && request_.seconds <= 0.0
                        ? -1
                        : static_cast<int>(std::clamp(left, 0.0, 1e6) * 1e3) + 1;
    if (request_.resident_bytes == 0) return due;
    return due < 0 ? kMemoryMilliseconds : std::min(due, kMemoryMilliseconds);
  }

  void act(AttemptResult& result) {
    if (request_.resident_bytes > 0 && !killed_) watch_memory(result);
    if (!asked_) {
      const bool late = request_.seconds > 0.0 && seconds_since(start_) >= request_.seconds;
      const bool stop = request_.stop.stop_requested();
      if (!late && !stop) return;
      asked_ = true;
      asked_at_ = Clock::now();
      result.stopped = stop;
      result.timed_out = late && !stop;
      child_.signal(SIGTERM);
      child_.signal(SIGCONT);  // one that is stopped cannot hear the other
    } else if (!killed_ && seconds_since(asked_at_) >= kGraceSeconds) {
      killed_ = true;
      child_.signal(SIGKILL);
    }
  }
  [[nodiscard]] bool asked() const { return asked_; }

 private:
  /// What grows too fast to be asked is killed at once.
  void watch_memory(AttemptResult& result) {
    if (Clock::now() < next_look_) return;
    next_look_ = Clock::now() + std::chrono::milliseconds(kMemoryMilliseconds);
    const auto bytes = resident_bytes(child_.process());
    if (bytes <= request_.resident_bytes) return;
    result.too_large = bytes;
    asked_ = killed_ = true;
    child_.signal(SIGKILL);
  }

  const Child& child_;
  const AttemptRequest& request_;
  Clock::time_point next_look_{};
  Clock::time_point start_, asked_at_{};
  bool asked_ = false, killed_ = false;
};

void watch(const Child& child, const AttemptRequest& request, Clock::time_point start, int out, int err,
           AttemptResult& result) {
  thread_local const StopDescriptor stopping;
  stopping.clear();
  const std::stop_callback wake(request.stop, [descriptor = &stopping] { descriptor->notify(); });
  Ending ending(child, request, start);
  std::array<pollfd, 4> watched{
      {{child.descriptor(), POLLIN, 0}, {out, POLLIN, 0}, {err, POLLIN, 0}, {stopping.get(), POLLIN, 0}}};
  while (true) {
    if (ending.asked()) watched[3].fd = -1;  // heard
    const int ready = ::poll(watched.data(), watched.size(), ending.wait());
    if (ready > 0) {
      if (watched[1].revents != 0 && !drain(out, result.out, kReadBytes)) watched[1].fd = -1;
      if (watched[2].revents != 0 && !drain(err, result.err, kReadBytes)) watched[2].fd = -1;
      if (watched[0].revents != 0) return;
    }
    ending.act(result);
  }
}

void watch_group_limit(AttemptRequest& request) {
  const bool tighter = request.resident_bytes == 0 || request.group_bytes < request.resident_bytes;
  if (tighter) request.resident_bytes = request.group_bytes;
}

/// The try's own control group; where there can be none, its limit is one of resident memory.
std::optional<MemoryGroup> group_for(AttemptRequest& request) {
  if (request.group_bytes == 0) return std::nullopt;
  std::string why;  // the run has said it
  auto group = MemoryGroup::make(request.group_bytes, why, request.group_places);
  if (!group) watch_group_limit(request);
  return group;
}

/// In the group; outside, and its memory watched, where the group lets nobody in.
std::optional<Child> start(ChildSpec& spec, std::optional<MemoryGroup>& group, AttemptRequest& request,
                           StartFailure& failure) {
  if (!group) return Child::start(spec, failure);
  spec.group = group->entrance();
  auto child = Child::start(spec, failure);
  if (child || failure.step != kEnteringGroup) return child;
  group.reset();
  watch_group_limit(request);
  spec.group = -1;
  return Child::start(spec, failure);
}

}  // namespace

void Capture::append(std::string_view bytes) {
  bytes_ += bytes.size();
  const std::size_t room = std::min(bytes.size(), part_bytes_ - std::min(part_bytes_, head_.size()));
  head_ += bytes.substr(0, room);
  bytes.remove_prefix(room);
  if (bytes.size() >= part_bytes_) {
    tail_ = bytes.substr(bytes.size() - part_bytes_);
    return;
  }
  tail_ += bytes;
  if (tail_.size() > 2 * part_bytes_) tail_.erase(0, tail_.size() - part_bytes_);
}

std::string_view Capture::tail() const {
  if (tail_.empty()) return head_;
  return std::string_view(tail_).substr(tail_.size() - std::min(tail_.size(), part_bytes_));
}

std::string Capture::text() const {
  if (whole()) return head_ + tail_;
  return head_ + "\n[... " + std::to_string(bytes_ - head_.size() - tail().size()) + " bytes left out ...]\n" +
         std::string(tail());
}

AttemptResult run_attempt(const AttemptRequest& asked) {
  AttemptRequest request = asked;
  AttemptResult result{.out = Capture(request.output_part), .err = Capture(request.output_part)};
  const auto give_up = [&](int error, std::string_view step) {
    result.failure = StartFailure{error, step};
    return std::move(result);
  };
  if (request.stop.stop_requested()) {
    result.stopped = true;
    return result;
  }
  Pipe out, err;
  if (const int error = out.open()) return give_up(error, "open a pipe");
  if (const int error = err.open()) return give_up(error, "open a pipe");
  const FileHandle input = input_file(request.input);
  if (!input.is_open()) return give_up(errno, "prepare the standard input");
  ChildSpec spec = request.child;
  std::optional<MemoryGroup> group = group_for(request);
  spec.in = input.get();
  spec.out = out.write.get();
  spec.err = err.write.get();
  StartFailure failure;
  const auto begun = Clock::now();
  std::optional<Child> child = start(spec, group, request, failure);
  if (!child) return give_up(failure.error, failure.step);
  result.allowed = request.resident_bytes;
  out.write.close();
  err.write.close();
  watch(*child, request, begun, out.read.get(), err.read.get(), result);
  result.wall_seconds = seconds_since(begun);
  result.end = child->wait();
  result.over_group = group && group->exceeded();
  // What it wrote last; not what a process that left its group may still write.
  drain(out.read.get(), result.out, kMostLeftInPipe);
  drain(err.read.get(), result.err, kMostLeftInPipe);
  if (result.end.signal == 0 && result.end.exit_code == 0) {
    result.stopped = result.timed_out = false;  // it was done before it heard
    result.too_large = 0;
    result.over_group = false;
  }
  return result;
}

}  // namespace assay::workload::command
