#include "core/file_tree.hpp"

#include <algorithm>

#include "core/file.hpp"

namespace assay {
namespace {

namespace fs = std::filesystem;

/// One folder at a time, so that an error says which; nesting is on the heap.
class Walk {
 public:
  explicit Walk(const fs::path& top) : top_(top) {}

  FileTree run() {
    std::error_code error;
    fs::directory_iterator first(top_, error);
    if (error) throw_file_error(error.value(), "cannot read the folder", top_);
    look_at(std::move(first), top_);
    while (!folders_.empty()) {
      const fs::path folder = std::move(folders_.back());
      folders_.pop_back();
      fs::directory_iterator entries(folder, error);
      if (error) {
        tree_.odd.push_back({name_of(folder), "a folder that cannot be read: " + error.message(), true});
      } else {
        look_at(std::move(entries), folder);
      }
    }
    std::sort(tree_.files.begin(), tree_.files.end());
    std::sort(tree_.odd.begin(), tree_.odd.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return std::move(tree_);
  }

 private:
  [[nodiscard]] std::string name_of(const fs::path& path) const {
    return path.lexically_relative(top_).generic_string();
  }

  void look_at(fs::directory_iterator entries, const fs::path& folder) {
    std::error_code error;
    for (; entries != fs::directory_iterator(); entries.increment(error)) {
      if (error) {
        tree_.odd.push_back({name_of(folder), "a folder that cannot be read on: " + error.message(), true});
        return;
      }
      add(*entries);
    }
  }

  void add(const fs::directory_entry& entry) {
    std::error_code error;
    if (entry.is_regular_file(error)) {
      tree_.files.push_back(name_of(entry.path()));
    } else if (!entry.is_directory(error)) {
      tree_.odd.push_back({name_of(entry.path()),
                           "no file that can be read: a link that leads nowhere, a pipe or a device", false});
    } else if (!entry.is_symlink(error)) {
      folders_.push_back(entry.path());
    }
  }

  const fs::path& top_;
  std::vector<fs::path> folders_;  // still to be looked into
  FileTree tree_;
};

}  // namespace

FileTree files_below(const fs::path& folder) {
  return Walk(folder).run();
}

bool is_hidden(const std::string& name) {
  return name.starts_with('.') || name.find("/.") != std::string::npos;
}

}  // namespace assay
