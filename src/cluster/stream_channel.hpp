// A worker's side over two descriptors: standard input and output, a pipe, a socket.
// SPDX-License-Identifier: MIT
#pragma once

#include "cluster/channel.hpp"
#include "core/file.hpp"

namespace assay::cluster {

class StreamChannel final : public Channel {
 public:
  StreamChannel(FileHandle in, FileHandle out);
  bool send(const Frame& frame) override;
  std::optional<Frame> receive(double seconds) override;
  [[nodiscard]] bool closed() const override { return closed_; }
  void wake() override;

 private:
  FileHandle in_, out_, wake_;
  FrameReader reader_;
  bool closed_ = false;
};

/// Takes standard input and output for messages: what anybody prints from here on goes to standard error.
StreamChannel take_standard_streams();

}  // namespace assay::cluster
