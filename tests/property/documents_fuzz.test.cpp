// Documents with a part of another type, or without one: what reads them says so or shows them, and never
// breaks. The corpus is the examples of the schemas; a fixed number of changes each, every one by its printed
// seed.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>

#include "bench/report.hpp"
#include "bench/scaling_report.hpp"
#include "core/file.hpp"
#include "page/page.hpp"
#include "report/documents.hpp"

using namespace assay;

namespace {

constexpr int kChanges = 400;  // of each document

/// Walks down to some part, and puts something else in its place or takes it away.
void change(Json& document, std::mt19937_64& random) {
  static const std::vector<Json> others{nullptr,
                                        true,
                                        1,
                                        -1,
                                        1e308,
                                        "x",
                                        "",
                                        Json::array(),
                                        Json::object(),
                                        Json::array({Json::array({1})}),
                                        {{"a", {{"b", 2}}}}};
  Json* part = &document;
  Json* whole = nullptr;
  std::size_t member = 0;
  while (part->is_structured() && !part->empty() && (whole == nullptr || random() % 4 != 0)) {
    whole = part;
    member = random() % whole->size();
    part = &*std::next(whole->begin(), static_cast<std::ptrdiff_t>(member));
  }
  if (whole == nullptr) return;
  if (random() % 5 == 0) {
    whole->erase(std::next(whole->begin(), static_cast<std::ptrdiff_t>(member)));
  } else {
    *part = others[random() % others.size()];
  }
}

/// Only errors for people come out.
template <class Use>
void refused_or_read(const Use& use) {
  try {
    use();
  } catch (const Error& e) {
    CHECK_FALSE(e.problem().what.empty());
  }
}

}  // namespace

TEST_CASE("documents with a part of another type are shown, refused or read") {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("schemas/examples")) {
    if (entry.path().filename().string().starts_with("valid")) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  REQUIRE(files.size() >= 10);
  for (const auto& file : files) {
    const Json intact = parse_json(read_file(file), file.string());
    for (int seed = 0; seed < kChanges; ++seed) {
      std::mt19937_64 random(static_cast<std::uint64_t>(seed));
      Json document = intact;
      for (std::size_t i = 0; i <= random() % 3; ++i) change(document, random);
      INFO(file << ", seed " << seed);
      CHECK_NOTHROW(page::to_html({.title = "T", .entries = {{"a.json", &document, {}, {}}}}));
      CHECK_NOTHROW(report::report_of({{.path = "a.json", .document = &document, .problems = {}}}));
      refused_or_read([&] { bench::to_json(bench::measurement_from(document, "a.json")); });
      refused_or_read([&] { bench::rebuilt(document, bench::scaling_from(document, "a.json")); });
    }
  }
}
