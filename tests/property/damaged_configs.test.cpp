// A config damaged in any way is read, or refused with a UserError that names a place: no crash, no hang, no
// other exception. The corpus holds inputs that are hostile by design; the examples are damaged at random, each
// by its printed seed.
// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <filesystem>
#include <random>

#include "core/file.hpp"
#include "run/study.hpp"

using namespace assay;

namespace {

/// True when it was read; a UserError with a message is the other good end.
bool read(const std::string& text) {
  try {
    run::Study::make(Config::from_text(text, "damaged.toml"), {}, run::Scope::scan);
    return true;
  } catch (const UserError& e) {
    CHECK_FALSE(e.problem().what.empty());
    return false;
  }
}

std::string damage(std::string text, std::mt19937_64& random) {
  static const std::vector<std::string> kPieces{"[",    "]",  "\"",    "=",
                                                ".",    "\n", "#",     "nan",
                                                "inf",  "-",  "1e400", "99999999999999999999",
                                                "\xff", "{",  "}",     "'''",
                                                "\\",   ",",  ":",     std::string(1, '\0')};
  const std::size_t edits = 1 + random() % 4;
  for (std::size_t k = 0; k < edits && !text.empty(); ++k) {
    const std::size_t at = random() % text.size();
    switch (random() % 4) {
      case 0: text.erase(at, 1 + random() % 8); break;
      case 1: text.insert(at, kPieces[random() % kPieces.size()]); break;
      case 2: text[at] = static_cast<char>(random() % 256); break;
      default: text.insert(at, text.substr(random() % text.size(), random() % 40)); break;
    }
  }
  return text;
}

std::vector<std::filesystem::path> files_in(const char* folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  REQUIRE_FALSE(files.empty());
  return files;
}

}  // namespace

TEST_CASE("every example is read and every hostile input of the corpus is refused") {
  for (const auto& file : files_in("examples")) {
    INFO(file);
    CHECK(read(read_file(file)));
  }
  for (const auto& file : files_in("tests/property/corpus")) {
    INFO(file);
    CHECK_FALSE(read(read_file(file)));
  }
}

TEST_CASE("examples damaged at random are read or refused, nothing else") {
  std::size_t refused = 0, total = 0;
  for (const auto& file : files_in("examples")) {
    const std::string text = read_file(file);
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
      std::mt19937_64 random(seed);
      INFO(file << " damaged with seed " << seed);
      ++total;
      refused += read(damage(text, random)) ? 0 : 1;
    }
  }
  CHECK(refused > total / 4);
}
