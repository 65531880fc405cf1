// One artifact, read and checked alone: form, digests, sidecars, and every number that follows from others.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "audit/finding.hpp"
#include "evidence/artifact.hpp"  // Json, whole

namespace assay::audit {

/// Bytes of a document that is read at all: nothing that a run writes is larger.
constexpr std::uintmax_t largest_document = 512U << 20;

struct Document {
  std::filesystem::path path;  ///< on disk
  std::string name;            ///< relative to the folder that is checked, with '/'
  std::string kind;            ///< "gate", "scan", ...; empty when it is no document of ours
  std::string sha256;          ///< of the file
  Json json;
  std::vector<std::string> sidecars;  ///< names of the files it lists, relative to the same folder
};

/// Reads a file and says what is wrong with it; `document.kind` stays empty for JSON of other programs. Nothing
/// is run: what an ensemble, a measurement or a gate derived is derived again from what they stored. A scan of
/// a thousand tasks takes about 20 ms.
std::vector<Finding> check_document(const std::filesystem::path& path, const std::string& name,
                                    const std::string& shown, Document& document);

// Parts of it, one file each. `add` fills in where the pointer stands.
class Reporter {
 public:
  Reporter(std::string file, const std::string& text) : file_(std::move(file)), text_(text) {}
  void error(std::string rule, std::string pointer, std::string message, std::string expected = {},
             std::string found = {}, std::string remedy = {});
  void warning(std::string rule, std::string pointer, std::string message, std::string remedy = {});
  [[nodiscard]] std::vector<Finding> take() { return std::move(findings_); }

 private:
  void add(Finding finding);
  std::string file_;
  const std::string& text_;
  std::vector<Finding> findings_;
};

/// Times above zero, errors finite, estimates inside their intervals.
void check_numbers(const Json& document, Reporter& report);
/// Digest and size of each sidecar; a CSV table byte by byte against what the results give.
void check_sidecars(Document& document, Reporter& report);
/// Points, statistics, measurements, verdicts and proofs once more from what they follow from.
void check_derived(const Document& document, const std::string& text, Reporter& report);

}  // namespace assay::audit
