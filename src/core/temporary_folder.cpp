// The name is mkdtemp's, so two processes never share a folder.
// SPDX-License-Identifier: MIT
#include "core/temporary_folder.hpp"

#include <cstdlib>
#include <string>
#include <system_error>

#include "core/error.hpp"

namespace assay {
namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder(std::string_view name, std::string_view remedy) {
  std::string path = (fs::temp_directory_path() / std::string(name)).string() + "-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) {
    throw EnvironmentError("cannot make a temporary folder in " + fs::temp_directory_path().string(),
                           "set TMPDIR to a folder that can be written" + std::string(remedy));
  }
  path_ = path;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;  // nothing can be done about it at the end, and nothing depends on it
  fs::remove_all(path_, ignored);
}

}  // namespace assay
