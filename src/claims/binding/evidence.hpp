// What stands on disk: artifacts and other files of evidence, each read, parsed and digested once, and the
// value that a source names in one of them. Reading never runs anything.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "claims/binding/ledger.hpp"
#include "core/json.hpp"
#include "report/finding.hpp"

namespace assay::claims {

struct EvidenceFile {
  std::string path;  // as the ledger writes it
  bool exists = false;
  std::string lfs_sha256;  // the file is a pointer of Git LFS to this content
  std::string bytes, sha256;
  bool is_json = false;
  std::shared_ptr<const Json> json;   // null when it is none, or malformed
  std::vector<std::string> problems;  // malformed, digests that do not fit, schema errors
};

// What a source says.
struct Measured {
  std::string text;             // as written
  std::optional<double> value;  // when it is a finite number, or the chosen statistic of one
  std::optional<double> low, high;
  std::optional<std::uint64_t> samples;
  std::string unit;
  std::string made;  // when, where the source says so for this value
  report::Place place;
};

class EvidenceStore {
 public:
  explicit EvidenceStore(std::filesystem::path root) : root_(std::move(root)) {}

  const EvidenceFile& file(const std::string& path);
  // The value, or a sentence about what is missing in `why`.
  std::optional<Measured> measure(const SourceSpec& source, const std::string& quote, std::string& why);
  // Rows of a CSV file or JSON array; null with a sentence in `why`.
  std::unique_ptr<class TableData> table(const SourceSpec& source, std::string& why);

  const std::filesystem::path& root() const { return root_; }
  std::string shown(const std::string& path) const;  // relative to where the program runs

 private:
  std::filesystem::path root_;
  std::map<std::string, EvidenceFile> files_;
};

// Digest of the files that match the patterns ("kernels/**/*.cpp", "src/gk"): names and contents, sorted. Empty
// when nothing matches. Patterns know *, ?, ** and folders, which stand for all below them.
std::string digest_of_files(const std::filesystem::path& root, const std::vector<std::string>& patterns);
std::vector<std::string> files_matching(const std::filesystem::path& root,
                                        const std::vector<std::string>& patterns);

}  // namespace assay::claims
