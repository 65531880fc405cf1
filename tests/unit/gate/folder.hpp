// A scratch folder that hands out the paths of what is written into it, and bytes of binary arrays.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "support/temporary_folder.hpp"

namespace assay::test {

struct Folder : TemporaryFolder {
  [[nodiscard]] std::filesystem::path path(const std::string& name) const { return *this / name; }
  std::filesystem::path write(const std::string& name, std::string_view content) const {
    spill(path(name), std::string(content));
    return path(name);
  }
};

template <class T>
std::string bytes_of(const std::vector<T>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

/// A NumPy file of format 1 or 2; `fields` is the inside of its dictionary.
inline std::string npy(std::string_view fields, std::string_view data, char version = 1) {
  std::string header = "{" + std::string(fields) + "}\n";
  std::string text = "\x93NUMPY";
  text += version;
  text += '\0';
  text += static_cast<char>(header.size() & 0xff);
  text += static_cast<char>(header.size() >> 8);
  if (version > 1) text += std::string(2, '\0');
  return text + header + std::string(data);
}

}  // namespace assay::test
