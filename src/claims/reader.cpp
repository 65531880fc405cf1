// Choosing readers and finding documents.
// SPDX-License-Identifier: MIT
#include "claims/reader.hpp"

#include <algorithm>
#include <array>
#include <system_error>

#include "claims/builder.hpp"
#include "claims/formats.hpp"
#include "claims/markdown.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace assay::claims {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 5> markdown_endings{".md", ".markdown", ".mdx", ".mkd", ".qmd"};
constexpr std::array<std::string_view, 4> other_endings{".rst", ".tex", ".ipynb", ".txt"};
constexpr std::array<std::string_view, 9> foreign_folders{"node_modules", "vendor", "third_party",
                                                          "third-party",  "extern", "build",
                                                          "dist",         "target", "site-packages"};
constexpr std::array<std::string_view, 5> plain_names{"README", "CHANGELOG", "NEWS", "AUTHORS", "INSTALL"};

std::string_view name_of(const fs::path& path) {
  const std::string_view all = path.native();
  return all.substr(all.find_last_of('/') + 1);
}

// With its dot, in small letters; none of ".name".
std::string ending_of(const fs::path& path) {
  const auto name = name_of(path);
  const auto dot = name.find_last_of('.');
  if (dot == 0 || dot == std::string_view::npos || name == "..") return {};
  return lower(name.substr(dot));
}

template <class List>
bool contains(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool is_document(const fs::path& path) {
  const auto ending = ending_of(path);
  if (ending == ".txt") {  // CMakeLists.txt, requirements.txt and logs are no documents
    const auto stem = path.stem().string();
    return contains(plain_names, stem);
  }
  return contains(markdown_endings, ending) || contains(other_endings, ending) ||
         (ending.empty() && contains(plain_names, name_of(path)));
}

// The order of paths, component by component, without cutting them into components.
bool stands_before(const fs::path& a, const fs::path& b) {
  const auto &left = a.native(), &right = b.native();
  if (left.starts_with('/') != right.starts_with('/')) return right.starts_with('/');
  const auto key = [](char c) { return c == '/' ? 0u : static_cast<unsigned char>(c); };
  return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end(),
                                      [&](char x, char y) { return key(x) < key(y); });
}

void search(const fs::path& folder, std::vector<fs::path>& found) {
  std::error_code error;
  fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, error), end;
  if (error)
    throw UserError("cannot read the folder " + folder.string() + ": " + error.message(),
                    "check its permissions");
  const bool normal = folder != "." && folder.lexically_normal() == folder;  // so is what lies below it
  for (; at != end; at.increment(error)) {
    if (error) break;
    const auto name = name_of(at->path());
    if (at->is_directory(error)) {
      if (name.starts_with('.') || contains(foreign_folders, name)) at.disable_recursion_pending();
    } else if (at->is_regular_file(error) && !at->is_symlink(error) && is_document(at->path())) {
      found.push_back(normal ? at->path() : at->path().lexically_normal());
    }
  }
}

}  // namespace

Document read_document(std::string name, std::string source) {
  const auto ending = ending_of(name);
  if (contains(markdown_endings, ending)) return read_markdown(std::move(name), std::move(source));
  if (ending == ".rst") return read_restructured_text(std::move(name), std::move(source));
  if (ending == ".tex") return read_latex(std::move(name), std::move(source));
  if (ending == ".ipynb") return read_notebook(std::move(name), std::move(source));
  return read_plain_text(std::move(name), std::move(source));
}

std::vector<std::filesystem::path> collect_documents(const std::vector<std::string>& paths) {
  std::vector<fs::path> out;
  for (const auto& path : paths) {
    std::error_code error;
    const auto kind = fs::status(path, error).type();
    if (kind == fs::file_type::directory)
      search(path, out);
    else if (kind == fs::file_type::not_found)
      throw UserError("no such file or folder: " + path, "name documents or folders that hold them");
    else if (kind == fs::file_type::regular)
      out.push_back(fs::path(path).lexically_normal());
    else
      throw UserError("not a file or folder: " + path);
  }
  std::sort(out.begin(), out.end(), stands_before);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace assay::claims
