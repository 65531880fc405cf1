// What lies below a folder, told whole: what cannot be read is named, not passed over.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace assay {

struct FileTree {
  struct Odd {
    std::string name, why;
    bool is_folder = false;
  };
  std::vector<std::string> files;  ///< regular ones, through a link, too; relative, with '/', sorted
  std::vector<Odd> odd;  ///< pipes, devices, links that lead nowhere, folders that may not be read; sorted
};

/// Links to folders are not followed. UserError when the folder itself cannot be read.
FileTree files_below(const std::filesystem::path& folder);

/// A part of the name begins with a dot.
bool is_hidden(const std::string& name);

}  // namespace assay
