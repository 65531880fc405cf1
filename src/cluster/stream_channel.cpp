// SPDX-License-Identifier: MIT
#include "cluster/stream_channel.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cmath>

#include "core/error.hpp"

namespace assay::cluster {

StreamChannel::StreamChannel(FileHandle in, FileHandle out)
    : in_(std::move(in)), out_(std::move(out)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!wake_.is_open())
    throw EnvironmentError("cannot make an eventfd", "too many files are open: see ulimit -n");
}

bool StreamChannel::send(const Frame& frame) {
  if (!closed_ && write_fully(out_.get(), encoded(frame)) != 0) closed_ = true;
  return !closed_;
}

void StreamChannel::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
}

std::optional<Frame> StreamChannel::receive(double seconds) {
  if (auto frame = reader_.next()) return frame;
  if (closed_) return std::nullopt;
  std::array<pollfd, 2> watched{{{in_.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}}};
  if (::poll(watched.data(), watched.size(), static_cast<int>(std::ceil(seconds * 1000.0))) <= 0)
    return std::nullopt;
  if (watched[1].revents != 0) {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = ::read(wake_.get(), &count, sizeof count);
  }
  if (watched[0].revents == 0) return std::nullopt;
  std::array<char, 65536> piece{};
  const auto got = ::read(in_.get(), piece.data(), piece.size());
  if (got <= 0) {
    closed_ = got == 0 || (errno != EINTR && errno != EAGAIN);
    return std::nullopt;
  }
  reader_.add({piece.data(), static_cast<std::size_t>(got)});
  return reader_.next();
}

StreamChannel take_standard_streams() {
  FileHandle in(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)), out(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3));
  const FileHandle nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!in.is_open() || !out.is_open() || ::dup2(nothing.get(), STDIN_FILENO) < 0 ||
      ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
    throw EnvironmentError("standard input and output cannot be used for messages",
                           "start it with both connected to a manager");
  return {std::move(in), std::move(out)};
}

}  // namespace assay::cluster
