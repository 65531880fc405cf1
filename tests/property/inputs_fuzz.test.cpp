// Any bytes as a JSON, CSV, NumPy or TOML input: read, or refused with a UserError, and what was read is
// consistent. Mutations of a committed corpus, each by its printed seed; a fixed number of them, so that the
// run is bounded and the same everywhere.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <random>

#include "core/config.hpp"
#include "core/file.hpp"
#include "core/npy.hpp"
#include "gate/files.hpp"
#include "plan/points.hpp"
#include "run/study.hpp"
#include "support/temporary_folder.hpp"

using namespace assay;
namespace fs = std::filesystem;

namespace {

const fs::path corpus = "tests/property/inputs-corpus";
constexpr int kMutations = 6000;  // of each kind of file

/// Pieces that mean something to one of the readers.
const std::vector<std::string> pieces{"{",
                                      "}",
                                      "[",
                                      "]",
                                      ",",
                                      ":",
                                      "\"",
                                      "'",
                                      "\\",
                                      "\\u0000",
                                      "\\ud800",
                                      "\n",
                                      "\r\n",
                                      "\r",
                                      "\"\"",
                                      "null",
                                      "true",
                                      "1e999",
                                      "-0",
                                      "1e-999",
                                      "nan",
                                      "inf",
                                      "-",
                                      "0x1",
                                      "\xff",
                                      "\xc3",
                                      "\xef\xbb\xbf",
                                      "\xed\xa0\x80",
                                      "=",
                                      "[[",
                                      "]]",
                                      "'''",
                                      "\"\"\"",
                                      "{x}",
                                      "{{",
                                      "<f8",
                                      ">i4",
                                      "|b1",
                                      "|O",
                                      "(1,)",
                                      "(2,)",
                                      "'shape'",
                                      "True",
                                      "18446744073709551616",
                                      "9223372036854775807",
                                      "4294967296",
                                      std::string("\0", 1),
                                      "\x93NUMPY",
                                      "log:",
                                      "uniform:",
                                      "1:9",
                                      "[scan.axes]"};

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t n) {
  return n == 0 ? 0 : static_cast<std::size_t>(random() % n);
}

std::string damaged(std::string text, const std::string& other, Random& random) {
  const auto times = 1 + below(random, 4);
  for (std::size_t i = 0; i < times; ++i) {
    const std::size_t at = below(random, text.size() + 1), length = below(random, 12);
    switch (below(random, 7)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(random, 8)));
        break;
      case 1: text.insert(at, pieces[below(random, pieces.size())]); break;
      case 2: text.erase(at, length); break;
      case 3: text.insert(at, text.substr(below(random, text.size() + 1), length)); break;
      case 4: text.resize(at); break;
      case 5: text.insert(at, other.substr(below(random, other.size() + 1), 4 * length)); break;
      default: text.insert(at, std::string(below(random, 400), pieces[below(random, 12)].front())); break;
    }
  }
  return text;
}

/// Calls `use` with damaged files of one kind; what it throws but a UserError fails the test. Gives the share
/// of files that were read.
template <class Use>
double readable_share(const std::string& extension, const Use& use) {
  std::vector<std::string> texts;
  for (const auto& entry : fs::directory_iterator(corpus)) {
    if (entry.path().extension() == extension) texts.push_back(read_file(entry.path()));
  }
  std::sort(texts.begin(), texts.end());
  REQUIRE(texts.size() >= 2);
  for (const auto& text : texts) use(text);  // whole ones are read
  int readable = 0;
  for (int seed = 0; seed < kMutations; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    const std::string text =
        damaged(texts[below(random, texts.size())], texts[below(random, texts.size())], random);
    INFO(extension << ", seed " << seed << ", " << text.size() << " bytes");
    try {
      use(text);
      ++readable;
    } catch (const UserError& e) {
      CHECK_FALSE(e.problem().what.empty());
    }
  }
  return static_cast<double>(readable) / kMutations;
}

/// A damaged file against itself: whatever it is, it is not different from itself in a bit.
void compare_with_itself(const std::string& text, const std::string& name) {
  static const test::TemporaryFolder folder;
  test::spill(folder / ("a" + name), text);
  test::spill(folder / ("b" + name), text);
  gate::Rules rules(gate::parse_level("bit"));
  const auto report = gate::compare_files(folder / ("a" + name), folder / ("b" + name), rules);
  for (const auto& o : report.observables) {
    if (o.first && o.first->a.find("nan") == std::string::npos)
      FAIL("differs from itself at " << o.first->where);
  }
}

}  // namespace

TEST_CASE("any bytes as JSON: refused, or read into a value that prints to itself") {
  const double share = readable_share(".json", [](const std::string& text) {
    const Json value = parse_json(text, "fuzz");
    const std::string printed = to_text(value), canonical = canonical_text(value);
    CHECK(to_text(parse_json(printed, "printed")) == printed);
    CHECK(canonical_text(parse_json(canonical, "canonical")) == canonical);
  });
  CHECK(share > 0.02);
  CHECK(share < 0.9);
}

TEST_CASE("any bytes as CSV: refused, or columns of one length") {
  const double share = readable_share(".csv", [](const std::string& text) {
    const plan::AxisGroup table = plan::points_of_csv_text(text, "fuzz");
    REQUIRE_FALSE(table.axes.empty());
    for (const auto& axis : table.axes) {
      CHECK(axis.size() == table.axes.front().size());
      if (axis.size() > 0) CHECK(axis.at(axis.size() - 1).index() < std::variant_size_v<Value>);
    }
  });
  CHECK(share > 0.02);
}

TEST_CASE("any bytes as a NumPy array: refused, or every element is inside of the file") {
  const double share = readable_share(".npy", [](const std::string& text) {
    const NpyHeader header = read_npy_header(npy_source(text, "fuzz"));
    REQUIRE(header.data_offset + header.elements * header.type.size == text.size());
    if (header.type.kind == ArrayType::Kind::complex || header.elements == 0) return;
    npy_element(text, header, header.elements - 1);
    CHECK_FALSE(index_text(header, header.elements - 1).empty());
    std::vector<std::int64_t> last(header.shape.size(), -1);
    CHECK(npy_position(header, last) == header.elements - 1);
  });
  CHECK(share > 0.005);  // few changes leave a header and the length that it tells
}

TEST_CASE("any bytes as a config: refused, or a study whose points can be listed") {
  readable_share(".toml", [](const std::string& text) {
    const run::Study study = run::Study::make(Config::from_text(text, "fuzz"), {}, run::Scope::scan);
    REQUIRE(study.points().size() > 0);
    CHECK(study.task(study.points().size() - 1).index == study.points().size() - 1);
    CHECK(study.config_sha256().size() == 64);
  });
}

TEST_CASE("any bytes as two files of a gate: refused, or equal to itself") {
  for (const std::string extension : {".json", ".csv", ".npy"}) {
    readable_share(extension, [&](const std::string& text) { compare_with_itself(text, extension); });
  }
}
