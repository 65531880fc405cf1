// A folder under TMPDIR that is gone, with all that is in it, when its owner is.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string_view>

namespace assay {

class TemporaryFolder {
 public:
  /// Makes TMPDIR/NAME-XXXXXX. EnvironmentError where it cannot; `remedy` says what else the user could do.
  explicit TemporaryFolder(std::string_view name, std::string_view remedy = "");
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace assay
