// How messages travel, seen from a worker: one manager, one thread that talks to it.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "cluster/frame.hpp"

namespace assay::cluster {

class Channel {
 public:
  virtual ~Channel() = default;
  /// False when the manager has gone. By the thread that receives.
  virtual bool send(const Frame& frame) = 0;
  /// The next message; nothing after `seconds`, after a wake, or when the manager has gone.
  virtual std::optional<Frame> receive(double seconds) = 0;
  /// Nothing will come any more.
  [[nodiscard]] virtual bool closed() const = 0;
  /// Lets receive() return; from any thread.
  virtual void wake() = 0;
};

}  // namespace assay::cluster
