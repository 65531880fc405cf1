#include "gate/artifact.hpp"

#include <nlohmann/json.hpp>

#include "core/atomic_file.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "evidence/artifact_digest.hpp"
#include "evidence/provenance.hpp"
#include "evidence/schemas.hpp"
#include "gate/report.hpp"

namespace assay::gate {
namespace {

Json verdict_json(const Trial& trial) {
  return {{"gate", trial.gate},
          {"definition_sha256", trial.definition_sha256},
          {"verdict", word(trial.verdict)},
          {"sides", trial.sides}};
}

/// What the runs took, and what the gate took besides them.
Json measurements_json(const std::vector<Trial>& trials) {
  Json list = Json::array();
  for (const Trial& trial : trials) {
    if (trial.proof || !(trial.work_seconds > 0.0)) continue;
    for (const auto& [name, seconds] :
         {std::pair{"work", trial.work_seconds}, {"overhead", trial.wall_seconds - trial.work_seconds}}) {
      if (!(seconds > 0.0)) continue;
      list.push_back({{"name", trial.gate + "/" + name},
                      {"unit", "s"},
                      {"samples", {{"values", {seconds}}}},
                      {"estimate", seconds}});
    }
  }
  return list;
}

std::filesystem::path proof_path(const std::filesystem::path& folder, const std::string& gate) {
  return folder / (file_stem(gate) + ".proof.json");
}

}  // namespace

std::string file_stem(const std::string& gate) {
  std::string stem;
  for (const char c : gate) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                       c == '-' || c == '_';
    stem += plain ? c : '-';
  }
  return stem.empty() || stem.front() == '.' ? "gate" + stem : stem;
}

void write_trials(const std::vector<Trial>& trials, const TrialContext& context, const JsonStream::Sink& sink) {
  Json config = trials.size() == 1 ? trials.front().definition : Json{{"gates", Json::array()}};
  evidence::ArtifactTail tail{.summary = Json::object(), .verdicts = Json::array()};
  tail.summary["trials"] = Json::array();
  for (const Trial& trial : trials) {
    if (trials.size() > 1) config["gates"].push_back(trial.definition);
    Json one = verdict_json(trial);
    if (trial.proof) one["proof"] = to_json(*trial.proof);
    tail.summary["trials"].push_back(std::move(one));
    for (const GateReport& report : trial.reports) tail.verdicts.push_back(to_json(report));
  }
  evidence::ArtifactHead head{.kind = "gate", .config = std::move(config)};
  head.provenance =
      evidence::provenance_json({.command = context.command_line, .config_folder = context.folder});
  evidence::ArtifactStream stream(sink, std::move(head));
  tail.measurements = measurements_json(trials);
  stream.finish(tail);
}

evidence::WrittenFile save_trial(const Trial& trial, const TrialContext& context,
                                 const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw_file_error(error.value(), "cannot make the folder", folder);
  AtomicFile file(trial.proof ? proof_path(folder, trial.gate) : folder / (file_stem(trial.gate) + ".json"));
  write_trials({trial}, context, [&](std::string_view text) { file.write(text); });
  return {file.target(), file.commit()};
}

std::string proof_objection(const std::filesystem::path& folder, const Trial& trial) {
  const auto path = proof_path(folder, trial.gate);
  if (!std::filesystem::exists(path)) return "there is no proof " + path.string();
  const std::string text = read_file(path);
  try {
    const Json document = parse_json(text, path.string());
    const auto errors = evidence::validate("gate", document);
    if (!errors.empty()) return path.string() + " does not fit its schema: " + to_text(errors.front());
    if (const auto damage = evidence::digest_errors(text, document); !damage.empty()) {
      return path.string() + ": " + damage.front();
    }
    if (document["trials"].size() != 1 || !document["trials"][0].contains("proof")) {
      return path.string() + " holds no proof";
    }
    const Json& stored = document["trials"][0];
    if (stored["definition_sha256"] != trial.definition_sha256) {
      return path.string() + " proves another definition of the gate, or was judged by another version";
    }
    if (stored["proof"]["fit"] != true) return path.string() + " says that the gate is unfit";
  } catch (const UserError& e) {
    return e.what();
  }
  return {};
}

std::vector<PassingTrial> passing_trials(const std::filesystem::path& artifact) {
  const std::string text = read_file(artifact);
  const Json document = parse_json(text, artifact.string());
  const auto no_gate = [&](const std::string& found) {
    return UserError(Problem{.what = artifact.string() + " is no whole artifact of gates",
                             .expected = "what assay gate FILE --out DIR wrote",
                             .found = found});
  };
  if (!document.is_object() || document.value("schema", Json()) != "assay/gate/v1")
    throw no_gate("another kind");
  const auto errors = evidence::validate("gate", document);
  if (!errors.empty()) throw no_gate(to_text(errors.front()));
  if (!document.contains("trials")) throw no_gate("a comparison of two files");
  if (const auto damage = evidence::digest_errors(text, document); !damage.empty())
    throw no_gate(damage.front());
  std::vector<PassingTrial> passing;
  for (const Json& trial : document["trials"]) {
    if (trial["verdict"] != "pass" || trial.contains("proof")) continue;
    passing.push_back({trial["definition_sha256"].get<std::string>(), trial["sides"]});
  }
  return passing;
}

}  // namespace assay::gate
