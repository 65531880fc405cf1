// A folder of small real artifacts: a scan with its table, an ensemble, a gate and its proof.
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "audit/folder.hpp"
#include "evidence/artifact_digest.hpp"
#include "gate/artifact.hpp"
#include "gate/config_gate.hpp"
#include "run/ensemble.hpp"
#include "run/output.hpp"
#include "support/temporary_folder.hpp"

namespace assay::test {

struct EvidenceFolder : TemporaryFolder {
  /// The scan and the ensemble write their tables beside them.
  void add_study(const std::string& kind, const std::string& more) const {
    const std::string model = "workload = \"formula\"\n[variables]\nx = 1.0\n[formula]\ny = \"sin(x)\"\n";
    const run::Study study =
        run::Study::make(Config::from_text(model + more, kind + ".toml"), {}, run::Scope::any);
    const auto scratch = path() / ("run-" + kind);
    {
      run::Output output(study, {.kind = kind, .folder = scratch, .command_line = {"assay", kind}});
      const run::Report report = run::execute(study, output.store(), {});
      Json summary = Json::object();
      if (study.ensemble() != nullptr) {
        summary["statistics"] = run::ensemble_result_json(study, run::ensemble_result(study, output.store()));
      }
      output.write(report, summary);
    }
    for (const char* suffix : {".json", ".csv"}) {
      std::filesystem::rename(scratch / (kind + suffix), path() / (kind + suffix));
    }
    std::filesystem::remove_all(scratch);
  }
  void add_scan() const { add_study("scan", "[scan.axes]\nx = [0.5, 1, 1.5]\n"); }
  void add_ensemble() const {
    add_study("ensemble",
              "[ensemble]\nsamples = 4\nbootstrap = 10\n"
              "[ensemble.inputs]\nx = \"normal:1,0.1\"\n");
  }

  /// A gate of the two tables, and the proof that it can fail.
  void add_gate() const {
    spill(path() / "a.csv", "x,y\n1,2.5\n2,3.5\n3,-1\n");
    spill(path() / "b.csv", "x,y\n1,2.5\n2,3.5000000000000004\n3,-1\n");
    Config config = Config::from_text("[gate]\nname = \"tables\"\nlevel = \"ulp:2\"\n[a]\nfiles = \"" +
                                          (path() / "a.csv").string() + "\"\n[b]\nfiles = \"" +
                                          (path() / "b.csv").string() + "\"\n",
                                      "gate.toml");
    const auto gate = gate::ConfigGate::make(std::move(config), {});
    gate::Runtime runtime;
    runtime.scratch = path() / "scratch";
    std::filesystem::create_directory(runtime.scratch);
    runtime.note = [](const std::string&) {};
    gate::save_trial(gate::run_gate(*gate, runtime), {}, path());
    gate::save_trial(gate::prove_gate(*gate, runtime), {}, path());
    std::filesystem::remove_all(runtime.scratch);
    std::filesystem::remove(path() / "a.csv");
    std::filesystem::remove(path() / "b.csv");
  }

  /// Lists everything, with a scope for each.
  void write_manifest() const {
    audit::Manifest manifest = audit::updated_manifest(check(), path());
    for (audit::Entry& e : manifest.entries) {
      if (e.supports.empty()) e.supports = "what the test says";
      if (e.does_not_support.empty()) e.does_not_support = {"anything else"};
    }
    spill(path() / "manifest.toml", audit::to_toml(manifest));
  }
  [[nodiscard]] audit::FolderReport check() const { return audit::check_folder(path(), path()); }

  /// Changes a document and seals it anew, as somebody would who knows about the digests.
  void forge(const std::string& name, const std::function<void(Json&)>& change) const {
    Json document = parse_json(slurp(path() / name), name);
    change(document);
    document["content_sha256"] = evidence::content_sha256(document);
    document["sha256"] = std::string(64, '0');
    document["sha256"] = evidence::text_sha256(to_text(document) + "\n");
    spill(path() / name, to_text(document) + "\n");
  }
};

/// Whether some finding has this rule.
inline bool says(const audit::FolderReport& report, const std::string& rule) {
  for (const audit::Finding& f : report.findings) {
    if (f.rule == rule) return true;
  }
  return false;
}

}  // namespace assay::test
