#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "audit/manifest_edit.hpp"
#include "unit/audit/evidence_folder.hpp"

using namespace assay;
using test::says;

TEST_CASE("real evidence passes, listed or not") {
  const test::EvidenceFolder folder;
  folder.add_scan();
  folder.add_ensemble();
  folder.add_gate();
  const auto report = folder.check();
  INFO(audit::to_text(report.findings));
  CHECK(report.findings.empty());
  CHECK(report.documents.size() == 4);
  folder.write_manifest();
  const auto listed = folder.check();
  INFO(audit::to_text(listed.findings));
  CHECK(listed.findings.empty());
}

TEST_CASE("the manifest is checked both ways, and every artifact says what it may support") {
  const test::EvidenceFolder folder;
  folder.add_scan();
  folder.write_manifest();
  test::spill(folder / "picture.png", "not listed");
  CHECK(says(folder.check(), "present-unlisted"));
  std::filesystem::remove(folder / "picture.png");
  std::filesystem::remove(folder / "scan.csv");
  CHECK(says(folder.check(), "sidecar-missing"));
  std::filesystem::remove(folder / "scan.json");
  CHECK(says(folder.check(), "listed-missing"));
  folder.add_scan();
  test::spill(folder / "manifest.toml", audit::to_toml(audit::updated_manifest(folder.check(), folder.path())));
  CHECK_FALSE(says(folder.check(), "scope"));  // what a person wrote stays
  std::filesystem::remove(folder / "manifest.toml");
  test::spill(folder / "manifest.toml", audit::to_toml(audit::updated_manifest(folder.check(), folder.path())));
  CHECK(says(folder.check(), "scope"));
  test::spill(folder / "manifest.toml", "[artifacts.scan]\nfiel = \"scan.json\"\n");
  CHECK_THROWS_WITH(folder.check(), Catch::Contains("fiel"));
}

TEST_CASE("changed sources of a lane make an artifact stale") {
  const test::EvidenceFolder folder;
  folder.add_scan();
  test::spill(folder / "engine.cpp", "int x;");
  audit::Manifest manifest = audit::updated_manifest(folder.check(), folder.path());
  manifest.entries.at(0).supports = "x";
  manifest.entries.at(0).does_not_support = {"y"};
  manifest.entries.at(0).sources = {"engine.cpp"};
  manifest.entries.at(0).sources_sha256 = audit::digest_of_sources({"engine.cpp"}, folder.path());
  test::spill(folder / "manifest.toml", audit::to_toml(manifest));
  CHECK(folder.check().findings.empty());
  test::spill(folder / "engine.cpp", "int y;");
  CHECK(says(folder.check(), "stale"));
  std::filesystem::remove(folder / "engine.cpp");
  CHECK(says(folder.check(), "stale"));
}

TEST_CASE("what was derived is derived again, however well the forgery is sealed") {
  const test::EvidenceFolder folder;
  folder.add_ensemble();
  folder.add_gate();
  REQUIRE(folder.check().findings.empty());
  const std::string ensemble = test::slurp(folder / "ensemble.json"),
                    gate = test::slurp(folder / "tables.json");
  const auto forged = [&](const std::string& name, const std::function<void(Json&)>& change) {
    folder.forge(name, change);
    auto report = folder.check();
    test::spill(folder / "ensemble.json", ensemble);
    test::spill(folder / "tables.json", gate);
    return report;
  };
  CHECK(forged("ensemble.json", [](Json&) {}).findings.empty());
  const auto mean = forged(
      "ensemble.json", [](Json& d) { d["statistics"]["groups"][0]["quantities"][0]["mean"]["value"] = 0.84; });
  CHECK(says(mean, "statistics"));
  CHECK(mean.findings.at(0).pointer == "/statistics/groups/0/quantities/0/mean/value");
  CHECK(mean.findings.at(0).line > 1);
  CHECK(says(forged("ensemble.json", [](Json& d) { d["results"][1]["point"]["x"] = 1.0; }), "results"));
  CHECK(says(forged("ensemble.json", [](Json& d) { std::swap(d["results"][1], d["results"][2]); }), "results"));
  CHECK(says(forged("ensemble.json", [](Json& d) { d["config"]["ensemble"]["seed"] = 2; }), "config-digest"));
  CHECK(says(forged("tables.json", [](Json& d) { d["verdicts"][0]["observables"][1]["missing"]["b"] = 1; }),
             "verdict"));
  CHECK(says(forged("tables.json", [](Json& d) { d["verdicts"][0]["verdict"] = "fail"; }), "verdict"));
  CHECK(says(forged("tables.json", [](Json& d) { d["verdicts"][0]["level"] = "I9"; }), "schema"));
  const std::string proof = test::slurp(folder / "tables.proof.json");
  folder.forge("tables.proof.json", [](Json& d) {
    d["trials"][0]["proof"]["kills"][0]["caught"] = false;
    d["trials"][0]["proof"]["kills"][0]["verdict"] = "pass";
  });
  CHECK(says(folder.check(), "proof"));
}

TEST_CASE("the numbers of a scaling are computed again from its samples") {
  const test::EvidenceFolder folder;
  const std::string valid = test::slurp("schemas/examples/scaling.v1/valid.json");
  const auto check = [&](const std::function<void(Json&)>& change) {
    Json document = parse_json(valid, "valid.json");
    change(document);
    test::spill(folder / "scaling.json", to_text(document) + "\n");
    return folder.check();
  };
  CHECK(check([](Json&) {}).findings.empty());
  const auto speedup = check([](Json& d) { d["modes"][0]["rows"][1]["speedup"] = 1.9; });
  REQUIRE(says(speedup, "measurement"));
  CHECK(speedup.findings.at(0).pointer == "/modes/0/rows/1/speedup");
  CHECK(says(check([](Json& d) { d["modes"][0]["rows"][1]["interval"][0] = 1.5; }), "measurement"));
  CHECK(says(check([](Json& d) { d["modes"][0]["refusals"].push_back("none"); }), "measurement"));
  CHECK(says(check([](Json& d) { d["raw_samples"][2]["wall_s"][0] = 1e-9; }), "measurement"));
  CHECK(says(check([](Json& d) { d["task_cpu_s"][0] = 1.0; }), "measurement"));
  CHECK(says(check([](Json& d) { d["identity"]["gate"] = nullptr; }), "measurement"));
}

TEST_CASE("two documents that say different things of the same config are named, unless one is superseded") {
  const test::EvidenceFolder folder;
  folder.add_scan();
  std::filesystem::copy_file(folder / "scan.json", folder / "old.json");
  CHECK_FALSE(says(folder.check(), "contradiction"));
  folder.forge("old.json", [](Json& d) { d["results"][0]["observables"]["y"] = 0.25; });
  CHECK(says(folder.check(), "contradiction"));
  folder.write_manifest();
  audit::Manifest manifest = *folder.check().manifest;
  for (audit::Entry& e : manifest.entries) {
    if (e.name == "scan") e.supersedes = {"old"};
  }
  test::spill(folder / "manifest.toml", audit::to_toml(manifest));
  CHECK_FALSE(says(folder.check(), "contradiction"));
}

TEST_CASE("a gate that fails supports nothing") {
  const test::EvidenceFolder folder;
  folder.add_gate();
  folder.forge("tables.json", [](Json& d) {
    d["verdicts"][0]["observables"][1]["verdict"] = "fail";
    d["verdicts"][0]["verdict"] = "fail";
    d["trials"][0]["verdict"] = "fail";
  });
  folder.write_manifest();
  CHECK(says(folder.check(), "verdict-against-scope"));
}

TEST_CASE("hostile files are findings, not crashes") {
  const test::EvidenceFolder folder;
  test::spill(folder / "deep.json", std::string(100000, '['));
  test::spill(folder / "twice.json", R"({"schema": "assay/scan/v1", "schema": "assay/scan/v1"})");
  test::spill(folder / "huge.json", R"({"schema": "assay/gate/v1", "x": 1e400})");
  test::spill(folder / "bytes.json", "\xff\xfe{}");
  test::spill(folder / "empty.json", "");
  test::spill(folder / "unknown.json", R"({"schema": "assay/from-the-future/v1"})");
  test::spill(folder / "bench.json", R"({"schema": "assay/bench/v1"})");
  test::spill(folder / "other.json", R"({"name": "a file of another program"})");
  std::filesystem::create_symlink(folder.path(), folder / "loop");
  std::filesystem::create_symlink("loop.json", folder / "loop.json");
  REQUIRE(::mkfifo((folder / "pipe.json").c_str(), 0600) == 0);
  const auto report = folder.check();
  CHECK(report.findings.size() >= 9);
  for (const audit::Finding& f : report.findings) CHECK(f.file.find("other.json") == std::string::npos);
}

TEST_CASE("a scope outlives a file that is damaged, and goes with one that is gone") {
  const test::EvidenceFolder folder;
  folder.add_scan();
  audit::Manifest manifest = audit::updated_manifest(folder.check(), folder.path());
  audit::apply(manifest, {{"supports", "scan", "x"}, {"does_not_support", "scan.json", "y"}}, folder.path());
  test::spill(folder / "manifest.toml", audit::to_toml(manifest));
  REQUIRE(folder.check().findings.empty());
  test::spill(folder / "scan.json", "{\"schema\": ");
  manifest = audit::updated_manifest(folder.check(), folder.path());
  REQUIRE(manifest.entries.size() == 1);
  CHECK(manifest.entries[0].supports == "x");
  CHECK(manifest.entries[0].does_not_support == std::vector<std::string>{"y"});
  test::spill(folder / "manifest.toml", audit::to_toml(manifest));
  CHECK(says(folder.check(), "unreadable"));
  std::filesystem::remove(folder / "scan.json");
  CHECK(audit::updated_manifest(folder.check(), folder.path()).entries.empty());
}
