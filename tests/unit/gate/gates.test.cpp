#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "gate/all.hpp"
#include "gate/artifact.hpp"
#include "gate/config_gate.hpp"
#include "gate/file_fault.hpp"
#include "gate/study_side.hpp"
#include "unit/gate/folder.hpp"

using namespace assay;
using namespace assay::gate;
using Catch::Contains;

namespace {

Runtime runtime_in(const test::Folder& folder) {
  Runtime runtime;
  runtime.scratch = folder.path("scratch");
  std::filesystem::create_directory(runtime.scratch);
  runtime.note = [](const std::string&) {};
  return runtime;
}

/// Two observables whose values a test decides on, run by run.
struct Scripted final : Gate {
  std::vector<Observables> floors;
  Observables other;
  SideResult extra;
  std::size_t floor_runs = 0, candidate_runs = 0;

  [[nodiscard]] std::string name() const override { return "scripted"; }
  [[nodiscard]] std::string summary() const override { return ""; }
  [[nodiscard]] Json definition() const override { return {{"name", "scripted"}}; }
  [[nodiscard]] std::vector<std::string> candidates() const override { return {"b"}; }
  SideResult floor(Runtime&) override { return {.observables = floors[floor_runs++ % floors.size()]}; }
  SideResult candidate(std::size_t, Runtime&) override {
    ++candidate_runs;
    SideResult side = extra;
    side.observables = other;
    return side;
  }
};

Observables pair_of(double x, double y) {
  return {{"energy", {x, y, 4.0}, parse_level("bit")}, {"flux", {1.0, 2.0, 3.0}, parse_level("bit")}};
}

Trial tried(Scripted& gate) {
  const test::Folder folder;
  Runtime runtime = runtime_in(folder);
  return run_gate(gate, runtime);
}

}  // namespace

TEST_CASE("every built-in gate passes, and its proof plants faults that it catches") {
  for (const std::string& id : registered_ids()) {
    INFO(id);
    const test::Folder folder;
    Runtime runtime = runtime_in(folder);
    const auto gate = make_registered(id);
    CHECK(gate->name() == id);
    const Trial trial = run_gate(*gate, runtime);
    for (const GateReport& r : trial.reports) {
      INFO(r.gate);
      for (const std::string& blocker : r.blockers) INFO(blocker);
      CHECK(r.verdict == Verdict::pass);
    }
    CHECK(trial.exit == Exit::ok);
    const Trial proof = prove_gate(*gate, runtime);
    CHECK(proof.proof->fit);
    CHECK(proof.proof->kills.size() > 20);
  }
  CHECK_THROWS_WITH(make_registered("parallel.scan-identiti"), Contains("parallel.scan-identity"));
}

TEST_CASE("a floor that differs from itself blocks the candidates, which do not run") {
  Scripted gate;
  gate.floors = {pair_of(1.0, 2.0), pair_of(1.0, std::nextafter(2.0, 3.0))};
  gate.other = pair_of(1.0, 2.0);
  const Trial trial = tried(gate);
  CHECK(trial.verdict == Verdict::blocked);
  CHECK(trial.exit == Exit::inconclusive);
  CHECK(gate.candidate_runs == 0);
  REQUIRE(trial.reports.size() == 2);
  CHECK_THAT(trial.reports[1].blockers.at(0), Contains("does not repeat itself") && Contains("energy"));
}

TEST_CASE("NaN on both sides repeats, and still fails") {
  Scripted gate;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  gate.floors = {pair_of(nan, 2.0)};
  gate.other = pair_of(nan, 2.0);
  const Trial trial = tried(gate);
  CHECK(trial.reports.at(0).verdict == Verdict::pass);
  CHECK(trial.reports.at(1).verdict == Verdict::fail);
  CHECK(trial.exit == Exit::evidence_no);
}

TEST_CASE("a condition that fails beside equal numbers fails the gate, a blocker blocks it") {
  Scripted gate;
  gate.floors = {pair_of(1.0, 2.0)};
  gate.other = pair_of(1.0, 2.0);
  CHECK(tried(gate).verdict == Verdict::pass);
  gate.extra.failures = {"task 3 was delivered more than once"};
  CHECK(tried(gate).verdict == Verdict::fail);
  gate.extra.failures.clear();
  gate.extra.blockers = {"one worker was seen"};
  CHECK(tried(gate).verdict == Verdict::blocked);
  gate.extra.environment = true;
  CHECK(tried(gate).exit == Exit::environment);
}

TEST_CASE("the store sees workers, repeats and order") {
  const auto inner = run::memory_store(4);
  WatchedStore watched(*inner, 1);
  for (const std::size_t i : {2u, 0u, 2u}) watched.accept(i, {});
  CHECK(watched.workers() == 1);
  CHECK(watched.repeated() == std::vector<std::size_t>{2});
  CHECK(watched.order() == std::vector<std::size_t>{2, 0, 2});
}

TEST_CASE("faults planted into files of every kind are caught, at levels that allow rounding too") {
  const test::Folder folder;
  const std::vector<float> floats{1.5F, -2.25F, 3.0F, 0.125F, 7.0F};
  const std::vector<std::int32_t> integers{3, -1, 4, 1, -5, 9};
  const std::vector<double> doubles{0.1, 0.2, -0.3, 1e300, 5.0};
  const std::vector<std::pair<std::filesystem::path, std::string>> files{
      {folder.write("t.csv", "t,x,name\n0,1.5,a\n1,2.5,\"b,c\"\n2,-4,c\n"), "csv"},
      {folder.write("log.txt", "energy 1.5 J after 12 steps\nflux -2.5\n"), "text"},
      {folder.write("d.json", R"({"gamma": [0.5, 0.25, -1], "n": 3, "deep": {"x/y": [[1, 2], [3, 4.5]]}})"),
       "json"},
      {folder.write("f.npy", test::npy("'descr': '<f4', 'fortran_order': False, 'shape': (5,), ",
                                       test::bytes_of(floats))),
       "npy"},
      {folder.write("i.bin", test::bytes_of(integers)), "raw:i32"},
      {folder.write("d.bin", test::bytes_of(doubles)), "raw:f64"}};
  int n = 0;
  for (const auto& [path, format] : files) {
    for (const char* level : {"bit", "ulp:4", "tol:1e-9", "scaled:2"}) {
      const Rules rules(parse_level(level));
      const Proof proof = prove_outputs({{"out", path}}, rules, parse_format(format),
                                        folder.path("faults-" + std::to_string(++n)));
      CHECK(proof.control == Verdict::pass);
      for (const Kill& k : proof.kills) {
        INFO(format << " " << level << " " << k.fault << " in " << k.observable << " " << k.place << ": "
                    << k.reason);
        if (!k.place.empty()) CHECK(k.caught);
      }
      const auto planted =
          std::count_if(proof.kills.begin(), proof.kills.end(), [](const Kill& k) { return !k.place.empty(); });
      CHECK(planted >= 12);
    }
  }
}

TEST_CASE("a gate's config is read strictly") {
  const auto make = [](const std::string& text) {
    return ConfigGate::make(Config::from_text(text, "gate.toml"), {});
  };
  CHECK_THROWS_WITH(make("[gate]\nname = \"x\"\n[a]\ncommand = \"true\"\n[b]\ncomand = \"true\"\n"),
                    Contains("different kinds") || Contains("comand"));
  CHECK_THROWS_WITH(make("[a]\ncommand = \"true\"\n[b]\ncommand = \"true\"\nthreads = [0]\n"),
                    Contains("threads"));
  CHECK_THROWS_WITH(make("[gate]\nlevle = \"bit\"\n[a]\ncommand = \"true\"\n[b]\ncommand = \"true\"\n"),
                    Contains("levle") && Contains("level"));
  const auto gate = make(
      "[gate]\nname = \"n\"\nlevel = \"ulp:3\"\n[gate.observables]\ne = \"tol:1e-9\"\n"
      "[a]\ncommand = \"true\"\n[b]\ncommand = \"false\"\n");
  CHECK(gate->name() == "n");
  CHECK(gate->repeat() == Repeat::at_its_level);
  const auto other = make(
      "[gate]\nname = \"n\"\nlevel = \"ulp:4\"\n[gate.observables]\ne = \"tol:1e-9\"\n"
      "[a]\ncommand = \"true\"\n[b]\ncommand = \"false\"\n");
  CHECK(definition_sha256(*gate) != definition_sha256(*other));
}

TEST_CASE("names become file names without harm") {
  CHECK(file_stem("a b/../c") == "a-b-..-c");
  CHECK(file_stem("") == "gate");
  CHECK(file_stem("..") == "gate..");
}
