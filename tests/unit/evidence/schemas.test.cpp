#include "evidence/schemas.hpp"
#include "evidence/artifact_digest.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/file.hpp"

using namespace assay;
using namespace assay::evidence;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

Json read(const fs::path& path) {
  return parse_json(read_file(path), path.string());
}

// Every object with properties must say what each is, directly or by reference, and forbid others or say
// nothing of them.
void demand_descriptions(const Json& schema, const std::string& where) {
  if (!schema.contains("description") && !schema.contains("$ref")) FAIL_CHECK(where << " has no description");
}

}  // namespace

TEST_CASE("every schema of schemas/ is built in, with the same text, and is itself valid draft 7") {
  const Schema draft(read("tests/unit/core/draft-07.schema.json"), "draft 7");
  std::vector<std::string> on_disk;
  for (const auto& entry : fs::directory_iterator("schemas")) {
    const auto name = entry.path().filename().string();
    if (!entry.is_regular_file()) continue;
    const auto kind = name.substr(0, name.find(".v1.schema.json"));
    on_disk.push_back(kind);
    CHECK(schema_text(kind) == read_file(entry.path()));
    for (const auto& error : draft.validate(read(entry.path()))) FAIL_CHECK(name << ": " << to_text(error));
  }
  std::sort(on_disk.begin(), on_disk.end());
  CHECK(schema_kinds() == on_disk);
}

TEST_CASE("every member of a document is described") {
  for (const auto& kind : schema_kinds()) {
    const auto schema = parse_json(schema_text(kind), kind);
    demand_descriptions(schema, kind);
    for (const auto& [name, member] : schema["properties"].items())
      demand_descriptions(member, std::string(kind).append("/").append(name));
  }
}

TEST_CASE("every valid example is valid, and every invalid one is not") {
  for (const auto& kind : schema_kinds()) {
    int valid = 0;
    int invalid = 0;
    const auto folder = fs::path("schemas/examples") / (kind + ".v1");
    REQUIRE(fs::is_directory(folder));
    for (const auto& entry : fs::directory_iterator(folder)) {
      const auto name = entry.path().filename().string();
      const auto errors = validate(kind, read(entry.path()));
      if (name.rfind("valid", 0) == 0) {
        ++valid;
        for (const auto& error : errors) FAIL_CHECK(entry.path().string() << ": " << to_text(error));
      } else {
        ++invalid;
        INFO(entry.path().string());
        CHECK_FALSE(errors.empty());
      }
    }
    INFO(kind);
    CHECK(valid >= 1);
    CHECK(invalid >= 2);
  }
}

TEST_CASE("the examples of artifacts carry the digests of what they say") {
  for (const std::string kind : {"ensemble", "run", "scan"}) {
    const auto path = fs::path("schemas/examples") / (kind + ".v1") / "valid.json";
    for (const auto& error : digest_errors(read_file(path), read(path)))
      FAIL_CHECK(path.string() << ": " << error);
  }
}

TEST_CASE("a document's kind is what it says, and an unknown one gets a suggestion") {
  CHECK(kind_of_document({{"schema", "assay/scan/v1"}}) == "scan");
  CHECK_THROWS_WITH(kind_of_document({{"schema", "assay/scam/v1"}}), Contains("did you mean \"scan\"?"));
  for (const Json& bad : {Json::object(), Json(7), Json({{"schema", "assay//v1"}}), Json({{"schema", "scan"}})})
    CHECK_THROWS_WITH(kind_of_document(bad), Contains("does not say what it is"));
}
