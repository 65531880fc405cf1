// What changed since a commit, as git tells it: which lines of which files. For checks of a pull request, in
// which only what it touches may block.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace assay::claims {

class Changes {
 public:
  // Asks git about the repository around the working folder: commits since `reference`, what is staged and what
  // is not, files that git does not know. UserError when there is no repository or no such reference.
  static Changes since(const std::string& reference);
  // From the text of `git diff -U0 --no-prefix` of a repository at `root`, and names of unknown files.
  static Changes parse(const std::filesystem::path& root, std::string_view diff,
                       const std::vector<std::string>& unknown);

  bool touches(const std::filesystem::path& file) const;
  bool touches(const std::filesystem::path& file, std::uint32_t line, std::uint32_t line_end) const;

 private:
  using Lines = std::vector<std::pair<std::uint32_t, std::uint32_t>>;  // first and last
  const Lines* find(const std::filesystem::path& file) const;
  std::filesystem::path root_;
  std::map<std::string, Lines> files_;  // by path from the root
};

}  // namespace assay::claims
