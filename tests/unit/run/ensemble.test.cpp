#include "run/ensemble.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

using namespace assay;
using namespace assay::run;

namespace {

struct Ran {
  Study study;
  std::unique_ptr<ResultStore> store;
  EnsembleResult result;
};

Ran run_ensemble(const std::string& toml, const Overrides& overrides = {}) {
  Study study =
      Study::make(Config::from_text("workload = \"formula\"\n" + toml, "e.toml"), overrides, Scope::ensemble);
  auto store = memory_store(study.points().size());
  execute(study, *store, {});
  EnsembleResult result = ensemble_result(study, *store);
  return {std::move(study), std::move(store), std::move(result)};
}

const std::string kLinear =
    "[variables]\na = 0.0\nb = 0.0\nt = 0.0\n[formula]\ny = \"3*a - 2*b + t\"\nz = \"a + b\"\n"
    "[ensemble.inputs]\na = \"normal:1,0.5\"\nb = \"normal:-1,0.25\"\n[ensemble]\nsamples = 2048\nbootstrap = "
    "50\n";

}  // namespace

TEST_CASE("a linear model of correlated Gaussians has its exact mean and covariance") {
  for (const char* sampling : {"sobol", "latin-hypercube", "random"}) {
    const Ran ran =
        run_ensemble(kLinear + "sampling = \"" + sampling + "\"\n[ensemble.correlation]\n\"a,b\" = 0.6\n");
    REQUIRE(ran.result.groups.size() == 1);
    const Group& group = ran.result.groups[0];
    CAPTURE(sampling);
    CHECK(group.conclusive());
    CHECK(group.used == 2048);
    const double exact_mean[] = {5.0, 0.0};
    // Var a = 0.25, Var b = 0.0625, Cov = 0.6 * 0.5 * 0.25 = 0.075
    const double exact[2][2] = {{9 * 0.25 + 4 * 0.0625 - 12 * 0.075, 3 * 0.25 - 2 * 0.0625 + 0.075},
                                {3 * 0.25 - 2 * 0.0625 + 0.075, 0.25 + 0.0625 + 2 * 0.075}};
    for (std::size_t i = 0; i < 2; ++i) {
      const Estimate& mean = group.quantities[i].column.mean;
      CHECK(std::fabs(mean.value - exact_mean[i]) < 4.0 * mean.standard_error);
      CHECK(group.quantities[i].column.variance.value == group.covariance[i][i].value);
      for (std::size_t j = 0; j < 2; ++j)
        CHECK(std::fabs(group.covariance[i][j].value - exact[i][j]) <
              4.0 * group.covariance[i][j].standard_error);
    }
    CHECK(group.covariance[0][1].value == group.covariance[1][0].value);
  }
}

TEST_CASE("Sobol members give the mean far better than their standard error says") {
  const Ran ran = run_ensemble(kLinear);
  const Estimate& mean = ran.result.groups[0].quantities[0].column.mean;
  CHECK(std::fabs(mean.value - 5.0) < 0.1 * mean.standard_error);
  CHECK(mean.interval.low < 5.0);
  CHECK(mean.interval.high > 5.0);
}

TEST_CASE("every engine and number of threads gives the same document") {
  const std::string toml =
      kLinear + "sensitivities = true\n[scan.axes]\nt = [0, 1]\n[ensemble.reduce]\ntop = \"max y\"\n";
  std::string first;
  const std::pair<const char*, int> ways[] = {{"serial", -1}, {"tbb", 1}, {"tbb", 2}, {"tbb", 3}, {"tbb", 8}};
  for (const auto& [engine, threads] : ways) {
    Overrides overrides;
    overrides.engine = engine;
    overrides.threads = threads;
    overrides.settings = {{"ensemble.samples", Value(std::int64_t{100}), "--samples"}};
    const Ran ran = run_ensemble(toml, overrides);
    const std::string text =
        to_text(ensemble_result_json(ran.study, ran.result)) + member_csv(ran.study, ran.result);
    if (first.empty()) first = text;
    CHECK(text == first);
  }
}

TEST_CASE("members stay when more are drawn or sensitivities are added") {
  const auto with = [](std::int64_t samples, bool sensitivities) {
    Overrides overrides;
    overrides.settings = {{"ensemble.samples", Value(samples), "--samples"},
                          {"ensemble.sensitivities", Value(sensitivities), "--sensitivities"}};
    return run_ensemble(kLinear, overrides);
  };
  const Ran few = with(16, false), many = with(40, true);
  for (std::size_t i = 0; i < 16; ++i) {
    CHECK(few.result.members[i].inputs == many.result.members[i].inputs);
    CHECK(few.result.members[i].quantities == many.result.members[i].quantities);
  }
  REQUIRE(many.result.groups[0].quantities[0].sensitivities.size() == 2);
  CHECK(few.result.groups[0].quantities[0].sensitivities.empty());
}

TEST_CASE("failed members are left out and counted, also as duplicates of a failed one") {
  const Ran ran = run_ensemble(
      "[variables]\na = 0.0\nn = 1.0\n[formula]\ny = \"sqrt(a) + n\"\n[ensemble]\nsamples = 256\nsensitivities "
      "= true\n"
      "bootstrap = 0\n[ensemble.inputs]\na = \"discrete:-1@1,4@1,9@2\"\n");
  std::size_t negative = 0;
  for (const auto& member : ran.result.members) negative += as_real(member.inputs[0]) < 0.0;
  REQUIRE(negative > 0);
  const Group& group = ran.result.groups[0];
  CHECK(group.excluded.failed == negative);
  CHECK(group.used == 256 - negative);
  CHECK(ran.result.complete_members == group.used);
  CHECK(group.design_members < group.used);
  CHECK(group.quantities[0].column.min == 3.0);
  CHECK(group.quantities[0].column.max == 4.0);
  CHECK(group.quantities[0].column.mean.value == Approx(3.0 + 2.0 / 3.0).epsilon(0.01));
  CHECK(group.conclusive());
  CHECK_FALSE(group.conditions[2].holds);  // members of a discrete input agree
}

TEST_CASE("each reason to leave a member out has its own count") {
  const Study study = Study::make(
      Config::from_text(
          "workload = \"formula\"\n[variables]\na = 0.0\n[formula]\ny = \"a\"\n[ensemble]\nsamples = 8\n"
          "[ensemble.inputs]\na = \"uniform:0,1\"\n[ensemble.reduce]\nd = \"max log(y - 5)\"\n",
          "e.toml"),
      {}, Scope::ensemble);
  const auto store = memory_store(8);
  const plan::Status status[] = {plan::Status::ok,     plan::Status::ok, plan::Status::unconverged,
                                 plan::Status::failed, plan::Status::ok, plan::Status::unconverged};
  for (std::size_t i = 0; i < 6; ++i) {
    const double y = i == 4 ? NAN : static_cast<double>(i);
    store->accept(i, {.status = status[i], .observables = {{"y", y}}});
  }
  const EnsembleResult result = ensemble_result(study, *store);
  const Group& group = result.groups[0];
  CHECK(group.used == 2);
  CHECK(group.excluded.unconverged == 2);
  CHECK(group.excluded.failed == 1);
  CHECK(group.excluded.not_run == 2);
  CHECK(group.excluded.not_finite == 1);
  CHECK(group.used + group.excluded.total() == 8);
  CHECK(group.quantities[0].column.mean.value == 0.5);
  CHECK(result.groups[1].used == 0);
  CHECK(result.groups[1].excluded.not_finite == 3);
  CHECK_FALSE(result.groups[1].conclusive());
  CHECK(result.conclusive());
  CHECK(member_csv(study, result).find("\n2,") != std::string::npos);
}

TEST_CASE("many members are no copies of each other, and a solver that ignores its input shows") {
  const std::string inputs =
      "[ensemble.inputs]\na = \"uniform:0,1\"\n[ensemble]\nsamples = 100000\nbootstrap = 0\nsampling = "
      "\"random\"\n";
  const Ran many = run_ensemble("[variables]\na = 0.0\n[formula]\ny = \"a\"\n" + inputs);
  CHECK(many.result.groups[0].conditions[2].value < 1e-9);  // close, as so many are by chance
  CHECK(many.result.groups[0].conditions[2].holds);
  const Ran steps = run_ensemble("[variables]\na = 0.0\n[formula]\ny = \"a > 0.5\"\n" + inputs);
  CHECK_FALSE(steps.result.groups[0].conditions[2].holds);
}

TEST_CASE("fewer than two members, or no variance, is no result") {
  const std::string head = "[variables]\na = 0.0\n[formula]\n",
                    inputs = "[ensemble.inputs]\na = \"uniform:-1,0\"\n";
  const Ran none = run_ensemble(head + "y = \"log(a)\"\n" + inputs);
  CHECK(none.result.groups[0].used == 0);
  CHECK_FALSE(none.result.conclusive());
  CHECK_FALSE(run_ensemble(head + "y = \"a\"\n" + inputs + "[ensemble]\nsamples = 1\n").result.conclusive());
  CHECK_FALSE(run_ensemble(head + "y = \"0*a + 0.1\"\n" + inputs).result.conclusive());
  CHECK(run_ensemble(head + "y = \"a\"\n" + inputs + "[ensemble]\nsamples = 2\n").result.conclusive());
  CHECK_NOTHROW(ensemble_result_json(none.study, none.result));
}

TEST_CASE("reductions are quantities of a member, with statistics of their own") {
  const Ran ran =
      run_ensemble(kLinear +
                   "[scan.axes]\nt = [0, 2, 1]\n[ensemble.reduce]\ntop = \"max y\"\nwhere = \"t at max y\"\n"
                   "stable = \"max y < 0\"\n");
  REQUIRE(ran.result.groups.size() == 4);
  const Group& reduced = ran.result.groups[3];
  CHECK(reduced.reduced);
  CHECK(reduced.quantities[0].unit == "1");
  CHECK(reduced.quantities[0].column.mean.value == Approx(7.0).epsilon(1e-3));
  CHECK(reduced.quantities[1].column.min == 2.0);
  CHECK(reduced.quantities[1].column.max == 2.0);
  CHECK(ran.result.columns == std::vector<std::string>{"y[t=0]", "z[t=0]", "y[t=2]", "z[t=2]", "y[t=1]",
                                                       "z[t=1]", "top", "where", "stable"});
  const auto& member = ran.result.members[5];
  CHECK(member.quantities[6] == member.quantities[2]);
}

TEST_CASE("the sign and strength of each input show in its correlation") {
  const Ran ran = run_ensemble(kLinear);
  const auto& correlation = ran.result.groups[0].quantities[0].input_correlation;
  REQUIRE(correlation.size() == 2);
  CHECK(correlation[0].first == "a");
  CHECK(correlation[0].second == Approx(1.5 / std::sqrt(2.5)).margin(0.01));
  CHECK(correlation[1].second == Approx(-0.5 / std::sqrt(2.5)).margin(0.01));
}

TEST_CASE("a distribution with a value that the parameter does not take is refused before anything runs") {
  CHECK_THROWS_WITH(
      run_ensemble("[variables]\na = 0.0\n[formula]\ny = \"a\"\n[ensemble.inputs]\na = \"discrete:1,x\"\n"),
      Catch::Contains("input a") && Catch::Contains("\"x\""));
}
