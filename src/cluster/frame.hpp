// The frame in which manager and worker talk, over any stream of bytes: a line of text that says what follows,
// then so many bytes. Text, so that a person can read what a scheduler has left in a file.
// SPDX-License-Identifier: MIT
//
//   assay/1 batch 11 5d2c0f1b\n
//   0-63,70,72\n\n
//
// Version of the protocol, kind, bytes of the payload, CRC-32 of the payload; payload; a newline. The kinds and
// their payloads are in message.hpp, and for people in docs/cluster/protocol.md.
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace assay::cluster {

/// A change of what a frame means is another number; two numbers never work together.
inline constexpr int kProtocol = 1;

/// A payload above this is damage, not a message: results are sent in pieces of about 64 KiB.
inline constexpr std::size_t kLargestPayload = std::size_t{1} << 30;

struct Frame {
  std::string kind;
  std::string payload;
};

/// What arrived is no frame: another program's output, another version, damaged bytes. Whoever sent it is no
/// longer listened to.
class ProtocolError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

std::string encoded(const Frame& frame);

/// Takes bytes as they come and gives whole frames.
class FrameReader {
 public:
  void add(std::string_view bytes);
  /// The next frame, if all of it is there. ProtocolError says what stands in its place.
  std::optional<Frame> next();
  /// Nothing of a frame is left over.
  [[nodiscard]] bool empty() const { return at_ == buffer_.size(); }

 private:
  std::string buffer_;
  std::size_t at_ = 0;
};

}  // namespace assay::cluster
