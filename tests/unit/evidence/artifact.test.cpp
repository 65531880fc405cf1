#include "evidence/artifact.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/sha256.hpp"
#include "evidence/artifact_csv.hpp"
#include "evidence/artifact_digest.hpp"
#include "evidence/provenance.hpp"
#include "evidence/schemas.hpp"
#include "support/temporary_folder.hpp"

using namespace assay;
using namespace assay::evidence;
using Catch::Contains;
using test::slurp;

namespace {

ArtifactHead scan_head() {
  ArtifactHead head;
  head.kind = "scan";
  head.config = {{"workload", "formula"}, {"seed", 7}};
  head.inputs = {{"points.csv", {sha256_hex("points"), 6}}};
  head.coordinates = {"ky", "label"};
  head.coordinate_units = {"1/rho_ref", ""};
  head.observables = {{"gamma", "v/a", "relative", "growth rate", Shape::scalar},
                      {"flux", "", "ulp", "", Shape::complex},
                      {"mode", "", "relative", "", Shape::array}};
  head.provenance = provenance_json({{"assay", "scan", "x.toml"}, ".", nullptr});
  return head;
}

plan::Outcome outcome_of(std::size_t index) {
  plan::Outcome outcome;
  outcome.status = plan::Status::ok;
  outcome.engine = "tbb";
  outcome.observables = {{"gamma", index == 1 ? std::nan("") : 0.1 * static_cast<double>(index)},
                         {"flux", std::complex<double>(1.0, -0.5)},
                         {"mode", std::vector<double>{1.0, 2.0}}};
  if (index == 2) {
    outcome.status = plan::Status::duplicate;
    outcome.duplicate_of = 0;
  }
  if (index == 3) {
    outcome.status = plan::Status::failed;
    outcome.message = "residual, \"too\" large";
    outcome.observables.clear();
  }
  return outcome;
}

plan::Point point_of(std::size_t index) {
  return {{"ky", 0.05 * static_cast<double>(index)}, {"label", std::string("a,b")}};
}

std::vector<WrittenFile> write_scan(const test::TemporaryFolder& folder, const ArtifactHead& head,
                                    const ArtifactTail& tail, std::size_t results = 4) {
  ArtifactFile file(folder.path(), "scan", head, Sidecar::csv);
  for (std::size_t i = 0; i < results; ++i) file.result(i, point_of(i), outcome_of(i));
  return file.finish(tail);
}

Json read(const test::TemporaryFolder& folder) {
  return parse_json(slurp(folder / "scan.json"), "scan.json");
}

}  // namespace

TEST_CASE("an artifact is valid, in normal form, and says where it comes from") {
  test::TemporaryFolder folder;
  const auto files = write_scan(folder, scan_head(), {});
  const auto text = slurp(folder / "scan.json");
  const auto document = read(folder);
  CHECK(validate("scan", document).empty());
  CHECK(to_text(document) + "\n" == text);
  CHECK(document["schema"] == "assay/scan/v1");
  CHECK(document["config_sha256"] == sha256_hex(R"({"seed":7,"workload":"formula"})"));
  CHECK(document["results"].size() == 4);
  CHECK(document["results"][1]["observables"]["gamma"] == "nan");
  CHECK(document["results"][2]["of"] == 0);
  CHECK(document["tool"]["build"]["compiler"].get<std::string>().size() > 3);
  CHECK(document["provenance"]["run"]["command"][1] == "scan");
  REQUIRE(files.size() == 2);
  CHECK(files[0].digest.sha256 == sha256_file(folder / "scan.json").sha256);
  CHECK(document["sidecars"][0]["path"] == "scan.csv");
  CHECK(document["sidecars"][0]["sha256"] == sha256_file(folder / "scan.csv").sha256);
  CHECK(folder.entries() == 2);
}

TEST_CASE("the table beside it holds the same numbers, and is what the JSON gives again") {
  test::TemporaryFolder folder;
  write_scan(folder, scan_head(), {});
  const auto csv = slurp(folder / "scan.csv");
  CHECK(csv ==
        "index,ky,label,status,of,gamma,flux.re,flux.im,engine,message\n"
        "0,0.0,\"a,b\",ok,,0.0,1.0,-0.5,tbb,\n"
        "1,0.05,\"a,b\",ok,,nan,1.0,-0.5,tbb,\n"
        "2,0.1,\"a,b\",duplicate,0,0.2,1.0,-0.5,tbb,\n"
        "3,0.15000000000000002,\"a,b\",failed,,,,,tbb,\"residual, \"\"too\"\" large\"\n");
  std::string again;
  write_csv_of(read(folder), [&](std::string_view piece) { again += piece; });
  CHECK(again == csv);
}

TEST_CASE("two runs that differ in nothing but time, command and threads have equal content") {
  test::TemporaryFolder one;
  test::TemporaryFolder two;
  auto head = scan_head();
  head.engine = {{"requested", "auto"}, {"used", "tbb"}, {"threads", 1}};
  write_scan(one, head, {});
  head.engine["threads"] = 8;
  head.provenance["run"]["command"] = {"assay", "scan", "--resume"};
  ArtifactTail tail;
  tail.measurements = Json::array({{{"name", "wall"}, {"unit", "s"}, {"estimate", 0.5}}});
  tail.run = {{"finished", "2026-11-21T12:00:00Z"}, {"resumed_tasks", 3}};
  write_scan(two, head, tail);
  const auto a = read(one);
  const auto b = read(two);
  CHECK(a["sha256"] != b["sha256"]);
  CHECK(to_text(strip_volatile(a)) == to_text(strip_volatile(b)));
  CHECK(a["content_sha256"] == b["content_sha256"]);
  CHECK(content_sha256(a) == a["content_sha256"].get<std::string>());
  CHECK(b["provenance"]["run"]["resumed_tasks"] == 3);
}

TEST_CASE("what is volatile is time, command, engine and, for runs, timings; nothing else") {
  CHECK(volatile_pointers("assay/scan/v1") ==
        std::vector<std::string>{"/engine", "/provenance/run", "/sha256", "/measurements"});
  CHECK(volatile_pointers("assay/bench/v1") ==
        std::vector<std::string>{"/engine", "/provenance/run", "/sha256"});
}

TEST_CASE("an artifact whose digests hold has no digest errors, and one without them is not taken on trust") {
  test::TemporaryFolder folder;
  write_scan(folder, scan_head(), {});
  CHECK(digest_errors(slurp(folder / "scan.json"), read(folder)).empty());
  CHECK(digest_errors("{}", Json::object()).size() == 2);
}

TEST_CASE("an artifact without results has an empty array, and without a single observable still its digests") {
  test::TemporaryFolder folder;
  write_scan(folder, scan_head(), {}, 0);
  CHECK(read(folder)["results"].empty());
  CHECK(digest_errors(slurp(folder / "scan.json"), read(folder)).empty());
  CHECK(to_text(read(folder)) + "\n" == slurp(folder / "scan.json"));
}

TEST_CASE("an artifact goes to any sink, with the bytes of the file") {
  test::TemporaryFolder folder;
  write_scan(folder, scan_head(), {}, 0);
  std::string text;
  ArtifactStream stream([&](std::string_view piece) { text += piece; }, scan_head());
  stream.finish({});
  CHECK(validate("scan", parse_json(text, "scan")).empty());
  CHECK(digest_errors(text, parse_json(text, "scan")).empty());
}

TEST_CASE("what does not fit its schema is our bug, and no file appears") {
  test::TemporaryFolder folder;
  auto head = scan_head();
  head.provenance["surprise"] = 1;
  CHECK_THROWS_WITH(write_scan(folder, head, {}), Contains("/provenance: unknown key \"surprise\""));
  CHECK_FALSE(std::filesystem::exists(folder / "scan.json"));
}

TEST_CASE("an artifact that is given up leaves nothing") {
  test::TemporaryFolder folder;
  {
    ArtifactFile file(folder.path(), "scan", scan_head(), Sidecar::csv);
    file.result(0, point_of(0), outcome_of(0));
  }
  CHECK(folder.entries() == 0);
}
