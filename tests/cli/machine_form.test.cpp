// What every verb writes under --json is one document that its schema accepts. A verb is a folder here; one
// that is missing from the table fails, so that a new verb brings its schema.
// SPDX-License-Identifier: MIT
#include <sys/wait.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>

#include <nlohmann/json.hpp>
#include "core/json.hpp"
#include "evidence/schemas.hpp"
#include "support/temporary_folder.hpp"

using namespace assay;

namespace {

namespace fs = std::filesystem;

struct Answer {
  int status = 0;
  std::string text;
};

Answer assay_says(const fs::path& folder, const std::string& arguments) {
  const auto command =
      "cd '" + folder.string() + "' && '" ASSAY_PROGRAM "' " + arguments + " --json 2>/dev/null";
  FILE* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  Answer answer;
  std::array<char, 4096> piece{};
  for (std::size_t got = 0; (got = std::fread(piece.data(), 1, piece.size(), pipe)) > 0;)
    answer.text.append(piece.data(), got);
  answer.status = WEXITSTATUS(::pclose(pipe));
  return answer;
}

// A verb, what to type in a folder that prepare() filled, and the kind of document that comes out.
struct Row {
  std::string verb, arguments, kind;
};

const std::vector<Row> kRows = {
    {"assay", "no-such-verb", "error"},
    {"bench", "bench --a true --b true --blocks 6 --history times.sqlite", "bench"},
    {"bench", "bench history times.sqlite", "bench-history"},
    {"bench", "bench plan --a true --b true --blocks 6", "bench-plan"},
    {"check-claims", "check-claims README.md", "check-claims"},
    {"completion", "completion bash", "completion"},
    {"engines", "engines", "engines"},
    {"ensemble", "ensemble ensemble.toml", "ensemble"},
    {"gate", "gate --files table.csv table.csv", "gate"},
    {"gate", "gate scan.toml --threads 2", "gate"},
    {"gate", "gate --list", "gate-list"},
    {"gate", "gate scan.toml --bisect threads", "bisection"},
    {"init", "init formula new.toml", "init"},
    {"list", "list", "list"},
    {"man", "man scan", "man"},
    {"plan", "plan scan.toml --tasks 2 --calibrate 1", "plan"},
    {"scan", "scan scan.toml --out results", "scan"},
    {"attach", "attach results", "scan"},
    {"scan", "scan scan.toml --out results --overwrite --engine slurm --dry-run", "submission"},
    {"plot", "plot results", "plot"},
    {"check-artifacts", "check-artifacts results", "check-artifacts"},
    {"report", "report results --no-pictures", "report"},
    {"build-status", "build-status lanes.toml --artifacts results", "build-status"},
    {"run", "run scan.toml", "run"},
    {"status", "status results", "status"},
    {"show", "show results 2", "show"},
    {"worker", "worker --slots 2", "worker"},
    {"scan", "scan scan.toml --set variables.x=word", "error"},
};

void prepare(const fs::path& folder) {
  const std::string model = "workload = \"formula\"\n[variables]\nx = 1.0\n[formula]\ny = \"sin(x)\"\n";
  test::spill(folder / "scan.toml", model + "[scan.axes]\nx = \"0:3:5\"\n");
  test::spill(folder / "ensemble.toml",
              model + "[ensemble]\nsamples = 16\n[ensemble.inputs]\nx = \"normal:1,0.1\"\n");
  test::spill(folder / "lanes.toml",
              "[lanes.scan]\nidentity = [\"parallel.scan-identity\"]\nphysics = [\"gk.linear.methods\"]\n"
              "timing = [\"scan-scaling\"]\n");
  test::spill(folder / "README.md", "Our code is 3x faster.\n");
  test::spill(folder / "table.csv", "ky,gamma\n0.1,0.031\n");
}

}  // namespace

TEST_CASE("every verb has a row") {
  std::set<std::string> rows;
  for (const auto& row : kRows) rows.insert(row.verb);
  for (const auto& entry : fs::directory_iterator("tests/cli")) {
    if (!entry.is_directory() || entry.path().filename() == "__pycache__") continue;
    INFO(entry.path());
    CHECK(rows.count(entry.path().filename()) == 1);
  }
}

TEST_CASE("every verb writes a document that its schema accepts") {
  const test::TemporaryFolder folder;
  prepare(folder.path());
  for (const auto& row : kRows) {
    INFO("assay " << row.arguments << " --json");
    const auto answer = assay_says(folder.path(), row.arguments);
    const auto document = parse_json(answer.text, row.arguments);
    CHECK(evidence::kind_of_document(document) == row.kind);
    for (const auto& error : evidence::validate(row.kind, document)) FAIL_CHECK(to_text(error));
    if (row.kind == "error") CHECK(document["exit_code"] == answer.status);
  }
}
