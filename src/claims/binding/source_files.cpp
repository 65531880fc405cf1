// Which files a claim depends on, and their digest.
// SPDX-License-Identifier: MIT
#include <fnmatch.h>

#include <algorithm>
#include <set>
#include <system_error>

#include "claims/binding/evidence.hpp"
#include "core/sha256.hpp"

namespace assay::claims {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> segments_of(const std::string& path) {
  std::vector<std::string> out(1);
  for (const char c : path)
    if (c != '/')
      out.back() += c;
    else if (!out.back().empty())
      out.emplace_back();
  if (out.back().empty()) out.pop_back();
  return out;
}

using Segments = std::vector<std::string>;

// "**" stands for any number of folders. The work is bounded by pattern times path.
bool fits(const Segments& path, const Segments& pattern) {
  std::set<std::size_t> reached{0};
  for (const auto& segment : pattern) {
    std::set<std::size_t> next;
    for (const auto at : reached) {
      if (segment == "**")
        for (auto i = at; i <= path.size(); ++i) next.insert(i);
      else if (at < path.size() && fnmatch(segment.c_str(), path[at].c_str(), 0) == 0)
        next.insert(at + 1);
    }
    reached = std::move(next);
  }
  if (reached.contains(path.size())) return true;
  const bool plain = std::none_of(pattern.begin(), pattern.end(),
                                  [](const auto& s) { return s.find_first_of("*?[") != std::string::npos; });
  return plain && !reached.empty();  // a folder stands for all below it
}

// The folder before the first wildcard: nothing else needs to be searched.
std::string fixed_part(const std::string& pattern) {
  const auto wild = pattern.find_first_of("*?[");
  if (wild == std::string::npos) return pattern;
  const auto slash = pattern.rfind('/', wild);
  return slash == std::string::npos ? std::string() : pattern.substr(0, slash);
}

}  // namespace

std::vector<std::string> files_matching(const fs::path& root, const std::vector<std::string>& patterns) {
  std::set<std::string> found;
  for (const auto& pattern : patterns) {
    const auto wanted = segments_of(pattern);
    const auto start = root / fixed_part(pattern);
    std::error_code error;
    if (fs::is_regular_file(start, error)) {
      found.insert(fixed_part(pattern));
      continue;
    }
    fs::recursive_directory_iterator at(start, fs::directory_options::skip_permission_denied, error), end;
    for (; !error && at != end; at.increment(error)) {
      const auto name = at->path().filename().string();
      if (at->is_directory(error) && (name == ".git" || name == "build")) at.disable_recursion_pending();
      if (!at->is_regular_file(error)) continue;
      const auto path = at->path().lexically_relative(root).generic_string();
      if (fits(segments_of(path), wanted)) found.insert(path);
    }
  }
  return {found.begin(), found.end()};
}

std::string digest_of_files(const fs::path& root, const std::vector<std::string>& patterns) {
  const auto files = files_matching(root, patterns);
  if (files.empty()) return {};
  Sha256 digest;
  for (const auto& file : files) {
    digest.update(file);
    digest.update("\n");
    digest.update(sha256_file(root / file).sha256);
    digest.update("\n");
  }
  return digest.hex();
}

}  // namespace assay::claims
