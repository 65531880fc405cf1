// What a lane is told about where its evidence comes from.
// SPDX-License-Identifier: MIT
#include "audit/status.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace assay;

namespace {

/// The blockers of the provenance of a lane whose only evidence is a scaling with this tool and provenance.
std::vector<std::string> blockers(const Json& build, const Json& provenance) {
  const Json scaling = {{"tool", {{"name", "assay"}, {"build", build}}},
                        {"provenance", provenance},
                        {"identity", {{"identical", true}}},
                        {"modes", Json::array()}};
  audit::FolderReport evidence;
  evidence.documents.push_back({.name = "scaling.json", .kind = "scaling", .json = scaling});
  evidence.manifest = audit::Manifest{.entries = {{.name = "scaling", .file = "scaling.json"}}};
  audit::Registry registry;
  registry.lanes = {{.name = "lane", .timing = {"scaling"}}};
  const audit::Status status = compute_status(registry, evidence);
  for (const audit::Requirement& r : status.lanes.at(0).ladder) {
    if (r.name == "provenance") return r.blockers;
  }
  return {"no such rung"};
}

const Json clean = {{"commit", "abc"}, {"dirty", false}};
const Json dirty = {{"commit", "abc"}, {"dirty", true}};

}  // namespace

TEST_CASE("a measurement of assay itself comes from the commit of its build, unless it names another") {
  CHECK(blockers(clean, Json::object()).empty());
  CHECK(blockers(dirty, Json::object()) ==
        std::vector<std::string>{"scaling.json was made from changed files"});
  CHECK(blockers({{"commit", nullptr}, {"dirty", false}}, Json::object()) ==
        std::vector<std::string>{"scaling.json does not say from which commit it was made"});
  CHECK(blockers(dirty, {{"git", clean}}).empty());
  CHECK(blockers(clean, {{"git", dirty}}).size() == 1);
  CHECK(blockers(clean, {{"git", nullptr}}).size() == 1);
  CHECK(blockers({{"commit", "abc"}}, Json::object()).size() == 1);
}
