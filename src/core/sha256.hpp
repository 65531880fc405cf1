// SHA-256 (OpenSSL), for binding evidence to what it was made from.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace assay {

/// A running digest: about 2 GB/s where the CPU has SHA instructions, 0.5 GB/s elsewhere.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(std::string_view bytes);
  /// 64 lower-case hexadecimal digits of everything so far; more may follow.
  [[nodiscard]] std::string hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256_hex(std::string_view bytes);
/// Its first 96 bits as 16 letters, six bits a letter: short in a journal of a million lines.
std::string short_sha256(std::string_view bytes);

struct FileDigest {
  std::string sha256;
  std::uint64_t bytes = 0;
};

/// Digest of a file read in pieces of 256 KiB. UserError or EnvironmentError when it cannot be read.
FileDigest sha256_file(const std::filesystem::path& path);

}  // namespace assay
