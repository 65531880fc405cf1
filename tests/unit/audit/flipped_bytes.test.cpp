// Every byte of every kind of artifact is changed, one at a time, and each change must be seen.
#include <catch2/catch.hpp>

#include "unit/audit/evidence_folder.hpp"

using namespace assay;

namespace {

/// Flips one bit of each byte, a different one from byte to byte, and counts the flips that nobody saw.
std::size_t unseen_flips(const test::EvidenceFolder& folder, const std::string& name) {
  const std::string intact = test::slurp(folder / name);
  std::size_t unseen = 0;
  for (std::size_t i = 0; i < intact.size(); ++i) {
    std::string damaged = intact;
    damaged[i] = static_cast<char>(damaged[i] ^ (1 << (i % 7)));
    test::spill(folder / name, damaged);
    bool seen = false;
    try {
      seen = !folder.check().findings.empty();
    } catch (const UserError&) {
      seen = true;  // a manifest that is no TOML any more
    }
    if (!seen && ++unseen < 5) UNSCOPED_INFO(name << ": byte " << i << " of " << intact.size());
  }
  test::spill(folder / name, intact);
  return unseen;
}

}  // namespace

TEST_CASE("a flipped byte is seen in artifacts that nobody lists: they hold their own digests") {
  for (const char* kind : {"scan", "gate"}) {
    const test::EvidenceFolder folder;
    std::string(kind) == "scan" ? folder.add_scan() : folder.add_gate();
    REQUIRE(folder.check().findings.empty());
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
      if (entry.file_size() > 9000) continue;  // the proof is of the same kind as the gate, and longer
      CHECK(unseen_flips(folder, entry.path().filename().string()) == 0);
    }
  }
}

TEST_CASE("a flipped byte is seen in the manifest, and in listed files of any kind") {
  const test::EvidenceFolder folder;
  folder.add_scan();
  folder.write_manifest();
  REQUIRE(folder.check().findings.empty());
  CHECK(unseen_flips(folder, "manifest.toml") == 0);
  CHECK(unseen_flips(folder, "scan.csv") == 0);
}
