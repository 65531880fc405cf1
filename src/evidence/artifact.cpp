#include "evidence/artifact.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/atomic_file.hpp"
#include "core/version.hpp"
#include "evidence/artifact_csv.hpp"
#include "evidence/artifact_digest.hpp"
#include "evidence/outcome_text.hpp"
#include "evidence/provenance.hpp"
#include "evidence/schemas.hpp"

namespace assay::evidence {

namespace {

std::string_view shape_name(Shape shape) {
  return shape == Shape::complex ? "complex" : shape == Shape::array ? "array" : "scalar";
}

Json observables_json(const std::vector<ObservableSpec>& specs) {
  Json out = Json::object();
  for (const auto& spec : specs) {
    Json entry = {{"unit", spec.unit}, {"class", spec.tolerance_class}, {"shape", shape_name(spec.shape)}};
    if (!spec.description.empty()) entry["description"] = spec.description;
    out[spec.name] = std::move(entry);
  }
  return out;
}

Json units_json(const ArtifactHead& head) {
  Json units = Json::object();
  for (std::size_t i = 0; i < head.coordinates.size(); ++i)
    units[head.coordinates[i]] = head.coordinate_units.at(i);
  return units;
}

Json files_json(const std::string& path, const FileDigest& digest) {
  return {{"path", path}, {"sha256", digest.sha256}, {"bytes", digest.bytes}};
}

[[noreturn]] void report_misfit(const std::string& kind, const std::vector<SchemaError>& errors) {
  std::string text = "the artifact does not fit its schema assay/" + kind + "/v1:";
  for (const auto& error : errors) text += "\n  " + to_text(error);
  throw std::logic_error(text);
}

}  // namespace

Json result_json(std::size_t index, const plan::Point& point, const plan::Outcome& outcome) {
  Json result = {{"index", index}};
  auto& coordinates = result["point"] = Json::object();
  for (const auto& [name, value] : point) coordinates[name] = value_json(value);
  result["status"] = plan::name_of(outcome.status);
  if (outcome.status == plan::Status::duplicate) result["of"] = outcome.duplicate_of;
  auto& values = result["observables"] = Json::object();
  for (const auto& [name, value] : outcome.observables) values[name] = value_json(value);
  if (!outcome.message.empty()) result["message"] = outcome.message;
  if (!outcome.engine.empty()) result["engine"] = outcome.engine;
  if (!outcome.tier.empty()) result["tier"] = outcome.tier;
  return result;
}

// Two digests run along: of every byte that leaves, and of the content (artifact_digest.hpp), whose results
// are fed one by one.
struct ArtifactStream::State {
  ArtifactHead head;
  JsonStream::Sink sink;
  Sha256 bytes;
  Sha256 content;
  JsonStream stream;
  Json skeleton = Json::object();  // the document without its results, for the schema
  bool results_open = false;
  std::size_t results = 0;

  State(JsonStream::Sink sink_to, ArtifactHead artifact_head)
      : head(std::move(artifact_head)), sink(std::move(sink_to)), stream([this](std::string_view piece) {
          bytes.update(piece);
          sink(piece);
        }) {}

  void feed(const std::string& key, const Json& value) {
    content.update(canonical_text(Json(key)) + ":" + canonical_text(value) + "\n");
  }

  // A member of the document; `stable` is what of it counts as content, null for nothing.
  void member(const std::string& key, const Json& value, const Json& stable) {
    stream.member(key, value);
    if (!stable.is_null()) feed(key, stable);
    skeleton[key] = value;
  }

  void member(const std::string& key, const Json& value) { member(key, value, value); }

  void begin() {
    stream.begin_object();
    member("schema", "assay/" + head.kind + "/v1");
    member("tool", tool_json());
    member("config", head.config);
    member("config_sha256", sha256_hex(canonical_text(head.config)));
    Json inputs = Json::array();
    for (const auto& input : head.inputs) inputs.push_back(files_json(input.path, input.digest));
    if (!inputs.empty()) member("inputs", inputs);
    if (!head.engine.is_null()) member("engine", head.engine, nullptr);
    if (!head.coordinates.empty()) member("coordinates", head.coordinates);
    if (!head.coordinate_units.empty()) member("coordinate_units", units_json(head));
    if (!head.observables.empty()) member("observables", observables_json(head.observables));
  }

  void open_results() {
    if (results_open) return;
    results_open = true;
    stream.key("results");
    stream.begin_array();
    content.update("\"results\":[");
    skeleton["results"] = Json::array();
  }

  void add(const Json& json) {
    open_results();
    const auto errors = schema_of(head.kind).validate_part(json, "/properties/results/items",
                                                           "/results/" + std::to_string(results));
    if (!errors.empty()) report_misfit(head.kind, errors);
    stream.value(json);
    if (results++ > 0) content.update(",");
    content.update(canonical_text(json));
  }

  void end(const ArtifactTail& tail, const std::vector<WrittenFile>& sidecars) {
    if (results_open) {
      stream.end();
      content.update("]\n");
    }
    if (tail.summary.is_object())
      for (const auto& [key, value] : tail.summary.items()) member(key, value);
    if (!tail.verdicts.empty()) member("verdicts", tail.verdicts);
    if (!tail.measurements.empty()) member("measurements", tail.measurements, nullptr);
    if (!sidecars.empty()) {
      Json list = Json::array();
      for (const auto& file : sidecars) list.push_back(files_json(file.path.filename().string(), file.digest));
      member("sidecars", list);
    }
    auto provenance = head.provenance;
    if (tail.run.is_object()) provenance["run"].update(tail.run);
    const Json whole = {{"provenance", provenance}};
    member("provenance", provenance, strip_volatile(whole)["provenance"]);
    member("content_sha256", content.hex(), nullptr);
    stream.flush();
    member("sha256", bytes.hex(), nullptr);
    stream.end();
    const auto errors = schema_of(head.kind).validate(skeleton);
    if (!errors.empty()) report_misfit(head.kind, errors);
    stream.finish();
  }
};

ArtifactStream::ArtifactStream(JsonStream::Sink sink, ArtifactHead head)
    : state_(std::make_unique<State>(std::move(sink), std::move(head))) {
  state_->begin();
}

ArtifactStream::~ArtifactStream() = default;
ArtifactStream::ArtifactStream(ArtifactStream&&) noexcept = default;

void ArtifactStream::result(std::size_t index, const plan::Point& point, const plan::Outcome& outcome) {
  result(result_json(index, point, outcome));
}

void ArtifactStream::result(const Json& result) {
  state_->add(result);
}

void ArtifactStream::finish(const ArtifactTail& tail, const std::vector<WrittenFile>& sidecars) {
  if (!state_->head.coordinates.empty() || !state_->head.observables.empty()) state_->open_results();
  state_->end(tail, sidecars);
}

struct ArtifactFile::State {
  AtomicFile json;
  std::optional<AtomicFile> csv;
  std::optional<CsvTable> table;
  ArtifactStream stream;

  State(const std::filesystem::path& folder, const std::string& name, ArtifactHead head, Sidecar sidecar)
      : json(folder / (name + ".json")),
        stream([this](std::string_view piece) { json.write(piece); }, std::move(head)) {
    if (sidecar == Sidecar::csv) csv.emplace(folder / (name + ".csv"));
  }
};

ArtifactFile::ArtifactFile(const std::filesystem::path& folder, const std::string& name, ArtifactHead head,
                           Sidecar sidecar) {
  CsvTable table(head.coordinates, head.observables);
  state_ = std::make_unique<State>(folder, name, std::move(head), sidecar);
  if (!state_->csv) return;
  state_->csv->write(table.header());
  state_->table = std::move(table);
}

ArtifactFile::~ArtifactFile() = default;

void ArtifactFile::result(std::size_t index, const plan::Point& point, const plan::Outcome& outcome) {
  const auto json = result_json(index, point, outcome);
  state_->stream.result(json);
  if (state_->csv) state_->csv->write(state_->table->row(json));
}

std::vector<WrittenFile> ArtifactFile::finish(const ArtifactTail& tail) {
  std::vector<WrittenFile> sidecars;
  if (state_->csv) sidecars.push_back({state_->csv->target(), state_->csv->commit()});
  state_->stream.finish(tail, sidecars);
  sidecars.insert(sidecars.begin(), {state_->json.target(), state_->json.commit()});
  return sidecars;
}

}  // namespace assay::evidence
