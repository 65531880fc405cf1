// Runs the JSON Schema project's own test suite (Debian: json-schema-test-suite) on core/schema: draft 7,
// with the formats that are assertions here. Own main: without the package it says so and exits 77. Left out,
// and why:
// SPDX-License-Identifier: MIT
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/schema.hpp"

namespace {

namespace fs = std::filesystem;
using assay::Json;

const std::set<std::string> left_out = {
    "optional/content.json",               // contentMediaType and contentEncoding are annotations here
    "optional/ecmascript-regex.json",      // patterns are RE2
    "optional/zeroTerminatedFloats.json",  // draft 7 itself calls 1.0 an integer
    "optional/format/email.json",          // formats that no document of this project needs
    "optional/format/hostname.json",
    "optional/format/idn-email.json",
    "optional/format/idn-hostname.json",
    "optional/format/ipv4.json",
    "optional/format/ipv6.json",
    "optional/format/iri.json",
    "optional/format/iri-reference.json",
    "optional/format/relative-json-pointer.json",
    "optional/format/uri-template.json",
};

Json read(const fs::path& path) {
  return assay::parse_json(assay::read_file(path), path.string());
}

assay::Schema::Documents remote_documents(const fs::path& suite) {
  assay::Schema::Documents documents;
  for (const auto& entry : fs::recursive_directory_iterator(suite / "remotes"))
    if (entry.is_regular_file())
      documents["http://localhost:1234/" + fs::relative(entry.path(), suite / "remotes").generic_string()] =
          read(entry.path());
  documents["http://json-schema.org/draft-07/schema"] = read("tests/unit/core/draft-07.schema.json");
  return documents;
}

struct Count {
  int passed = 0;
  int failed = 0;
};

void run_group(const Json& group, const std::string& file, const assay::Schema::Documents& documents,
               Count& count) {
  const auto where = file + ": " + group["description"].get<std::string>() + ": ";
  try {
    const assay::Schema schema(group["schema"], file, documents);
    for (const auto& test : group["tests"]) {
      const bool expected = test["valid"].get<bool>();
      const auto errors = schema.validate(test["data"]);
      ++(errors.empty() == expected ? count.passed : count.failed);
      if (errors.empty() == expected) continue;
      std::cout << where << test["description"].get<std::string>() << ": expected "
                << (expected ? "valid" : "invalid") << '\n';
      for (const auto& error : errors) std::cout << "    " << to_text(error) << '\n';
    }
  } catch (const assay::Error& error) {
    count.failed += static_cast<int>(group["tests"].size());
    std::cout << where << error.what() << '\n';
  }
}

}  // namespace

int main() {
  const char* from_environment = std::getenv("JSON_SCHEMA_TEST_SUITE");
  const fs::path suite = from_environment != nullptr ? from_environment : "/usr/share/json-schema-test-suite";
  const auto folder = suite / "tests/draft7";
  if (!fs::is_directory(folder)) {
    std::cout << "skipped: no " << folder.string() << " (apt-get install json-schema-test-suite)\n";
    return 77;
  }
  const auto documents = remote_documents(suite);
  Count count;
  std::set<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".json") files.insert(entry.path());
  int skipped = 0;
  for (const auto& path : files) {
    const auto name = fs::relative(path, folder).generic_string();
    if (left_out.count(name) > 0) {
      ++skipped;
      continue;
    }
    for (const auto& group : read(path)) run_group(group, name, documents, count);
  }
  std::cout << count.passed << " passed, " << count.failed << " failed; " << files.size() - skipped
            << " files, " << skipped << " left out (listed with reasons in this test's source)\n";
  return count.failed == 0 && count.passed > 500 ? EXIT_SUCCESS : EXIT_FAILURE;
}
