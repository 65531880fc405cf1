// The machine form of a run (assay/<kind>/v1), written result after result in bounded memory, to a file or a
// stream.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.hpp"
#include "core/sha256.hpp"
#include "plan/task.hpp"

namespace assay::evidence {

/// How an observable's values look; decides its columns in the CSV file.
enum class Shape {
  scalar,   ///< one column
  complex,  ///< two: name.re and name.im
  array     ///< none: arrays are in the JSON only
};

struct ObservableSpec {
  std::string name;
  std::string unit;
  std::string tolerance_class;  ///< bitwise, ulp, relative, statistical
  std::string description;
  Shape shape = Shape::scalar;
};

/// A file that the run read, by its digest when it was read.
struct InputFile {
  std::string path;
  FileDigest digest;
};

/// What is known before the first result.
struct ArtifactHead {
  std::string kind;  ///< scan, ensemble, run
  Json config;       ///< resolved; its canonical text is digested
  std::vector<InputFile> inputs;
  std::vector<std::string> coordinates;       ///< names of a point's values, in order
  std::vector<std::string> coordinate_units;  ///< of each; empty: not known
  std::vector<ObservableSpec> observables;
  Json engine;      ///< who was asked and who ran; volatile; may be null
  Json provenance;  ///< see provenance.hpp
};

/// What is known after the last result. Null or empty parts are left out.
struct ArtifactTail {
  Json summary;       ///< members of a kind's own, placed at the top: {"statistics": {...}}
  Json verdicts;      ///< array
  Json measurements;  ///< array; volatile
  Json run;           ///< volatile parts known at the end: {"finished": ...}; merged into provenance.run
};

struct WrittenFile {
  std::filesystem::path path;
  FileDigest digest;
};

/// Writes one artifact to a sink. Each result, and at the end the rest, is checked against the kind's schema;
/// what does not fit is a bug of ours (std::logic_error with every error). About 12 us for a result with two
/// observables.
class ArtifactStream {
 public:
  ArtifactStream(JsonStream::Sink sink, ArtifactHead head);
  ~ArtifactStream();
  ArtifactStream(ArtifactStream&&) noexcept;
  ArtifactStream& operator=(ArtifactStream&&) = delete;

  /// In the order of tasks.
  void result(std::size_t index, const plan::Point& point, const plan::Outcome& outcome);
  /// The same, for one that is in the machine form already (result_json).
  void result(const Json& result);
  /// `sidecars`: files written beside it, named relative to it.
  void finish(const ArtifactTail& tail, const std::vector<WrittenFile>& sidecars = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

enum class Sidecar { none, csv };

/// The same into FOLDER/NAME.json, with FOLDER/NAME.csv beside it when asked: both appear whole, the JSON last.
class ArtifactFile {
 public:
  ArtifactFile(const std::filesystem::path& folder, const std::string& name, ArtifactHead head,
               Sidecar sidecar);
  ~ArtifactFile();

  void result(std::size_t index, const plan::Point& point, const plan::Outcome& outcome);
  /// Gives the JSON file first.
  std::vector<WrittenFile> finish(const ArtifactTail& tail);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// One element of "results".
Json result_json(std::size_t index, const plan::Point& point, const plan::Outcome& outcome);

}  // namespace assay::evidence
