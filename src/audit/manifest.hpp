// The list of evidence: each artifact, its digest, what it may support and what it may not.
//
//   sha256 = "..."            # of everything below this line; written by assay check-artifacts --update
//
//   [artifacts.scan-scaling]
//   file = "scan-scaling.json"
//   sha256 = "..."
//   lane = "independent_scan"
//   supports = "time of the Cyclone scan with one and two workers on the host that it names"
//   does_not_support = ["other grids", "accelerators"]
//   supersedes = ["scan-scaling-old"]
//   sources = ["src/engine/tbb/engine.cpp"]    # of the lane; a change of them makes the artifact stale
//   sources_sha256 = "..."
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "audit/finding.hpp"

namespace assay::audit {

struct Entry {
  std::string name, file, sha256, lane, supports;
  std::vector<std::string> does_not_support, supersedes, sources;
  std::string sources_sha256;
  int line = 0;
};

struct Manifest {
  std::string name;  ///< as the user knows the file
  std::vector<Entry> entries;
};

/// Reads folder/manifest.toml strictly; what is wrong with the list itself becomes findings. UserError for a
/// file that is no TOML or has keys of no meaning. Ten thousand entries take about 0.3 s.
Manifest read_manifest(const std::filesystem::path& path, const std::string& shown,
                       std::vector<Finding>& findings);

/// The same list as TOML, with its digest on the first line.
std::string to_toml(const Manifest& manifest);

/// Digest over the names and contents of source files, relative to `root`; empty when one is missing.
std::string digest_of_sources(const std::vector<std::string>& sources, const std::filesystem::path& root);

}  // namespace assay::audit
