// One flipped bit anywhere in the committed evidence is an error of check-artifacts: a random sample of bytes
// of every file, by its printed seed. Every single byte of small folders is tried in tests/unit/audit.
// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <filesystem>
#include <random>

#include "audit/folder.hpp"
#include "core/error.hpp"
#include "support/temporary_folder.hpp"

using namespace assay;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kSeed = 20261121;
constexpr int kFlipsOfEachFile = 3;

std::size_t errors_in(const fs::path& folder) {
  try {
    const audit::FolderReport report = audit::check_folder(folder, fs::current_path());
    std::size_t errors = 0;
    for (const auto& finding : report.findings) errors += finding.level == audit::Level::error ? 1U : 0U;
    return errors;
  } catch (const UserError&) {
    return 1;  // a manifest that is no TOML any more
  }
}

}  // namespace

TEST_CASE("a flipped bit in any file of the committed evidence is found") {
  const test::TemporaryFolder temporary;
  const fs::path folder = temporary / "artifacts";
  fs::copy("artifacts", folder, fs::copy_options::recursive);
  REQUIRE(errors_in(folder) == 0);
  std::mt19937_64 random(kSeed);
  int flips = 0;
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.file_size() > 0) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  REQUIRE(files.size() > 20);
  for (const auto& file : files) {
    const std::string intact = test::slurp(file);
    for (int i = 0; i < kFlipsOfEachFile; ++i, ++flips) {
      std::string damaged = intact;
      const std::size_t at = random() % damaged.size();
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << random() % 8));
      test::spill(file, damaged);
      INFO("seed " << kSeed << ": " << fs::relative(file, folder) << ", byte " << at);
      CHECK(errors_in(folder) > 0);
    }
    test::spill(file, intact);
  }
  CHECK(errors_in(folder) == 0);
}
