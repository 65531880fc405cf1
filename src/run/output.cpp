#include "run/output.hpp"

#include <unistd.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "core/temporary_folder.hpp"
#include "core/version.hpp"
#include "evidence/attempt_log.hpp"
#include "evidence/folder_lock.hpp"
#include "evidence/journal.hpp"
#include "evidence/provenance.hpp"
#include "run/run_record.hpp"

namespace assay::run {
namespace {

/// More results than this are kept in a file even when nothing is to stay on disk: memory does not grow with
/// tasks.
constexpr std::size_t kMostInMemory = 20000;

class JournalStore final : public ResultStore {
 public:
  JournalStore(evidence::Journal journal, std::filesystem::path log, bool overwrite)
      : journal_(std::move(journal)), log_(std::move(log), overwrite) {}
  void accept(std::size_t index, plan::Outcome outcome) override {
    log_.append(index, outcome);  // first: a task that is done has its record
    journal_.append(index, outcome);
  }
  [[nodiscard]] plan::Status status(std::size_t index) const override { return journal_.status(index); }
  [[nodiscard]] std::string identity(std::size_t index) const override { return journal_.identity(index); }
  [[nodiscard]] bool has(std::size_t index) const override { return journal_.has(index); }
  [[nodiscard]] plan::Outcome at(std::size_t index) const override { return journal_.read(index); }
  [[nodiscard]] evidence::Journal& journal() { return journal_; }

 private:
  evidence::Journal journal_;
  evidence::AttemptLog log_;
};

/// A journal of another plan is refused; the record of the run says in what the plans differ.
evidence::Journal open_journal(const Study& study, const OutputRequest& request,
                               const std::filesystem::path& folder, evidence::Existing existing,
                               const Json& record) {
  try {
    return evidence::Journal(
        folder / (request.kind + ".journal"),
        {.plan_sha256 = study.config_sha256(), .tasks = study.points().size(), .tool = std::string(version())},
        existing);
  } catch (const UserError& e) {
    if (!record.is_object() || !record.contains("config") || record["config"] == study.config()) throw;
    Problem problem = e.problem();
    std::string keys;
    for (const auto& key : config_changes(record["config"], study.config()))
      keys += (keys.empty() ? "" : ", ") + key;
    problem.found += (problem.found.empty() ? "" : "; ") + ("they differ in " + keys);
    throw UserError(std::move(problem));
  }
}

/// What a change of the config means for the folder's results.
std::string note_of(const TakenOver& taken, const Study& study, const Json& record, const std::string& kind) {
  std::string keys;
  for (const auto& key : taken.keys) keys += (keys.empty() ? "" : ", ") + key;
  const auto count = [](std::size_t n, const char* one, const char* many) {
    return std::to_string(n) + (n == 1 ? one : many);
  };
  std::string note = "the config has changed (" + keys +
                     "): " + count(taken.taken, " result is taken over", " results are taken over");
  if (taken.changed > 0) {
    std::string changes;
    for (const auto& change : identity_changes(record, study.workload().identity_parts()))
      changes += (changes.empty() ? "" : ", ") + change;
    note += "; " + count(taken.changed, " task that was run runs again", " tasks that were run run again") +
            (changes.empty() ? "" : ", as this is another: " + changes);
  }
  if (taken.retired > 0)
    note += "; " +
            count(taken.retired, " result is of no task now and is kept in ",
                  " results are of no task now and are kept in ") +
            kind + ".retired";
  return note;
}

evidence::Shape shape_of(const workload::Observable& o) {
  return o.is_array ? evidence::Shape::array : evidence::Shape::scalar;
}

}  // namespace

struct Output::State {
  const Study& study;
  OutputRequest request;
  std::optional<TemporaryFolder> temporary;
  std::optional<evidence::FolderLock> lock;
  std::unique_ptr<ResultStore> store;
  JournalStore* journal = nullptr;
  std::string note;
  Json record_before;

  [[nodiscard]] evidence::ArtifactHead head(const Report& report) const {
    evidence::ArtifactHead head{.kind = request.kind, .config = study.config()};
    head.coordinates = study.points().names();
    const auto& table = study.workload().parameters().table();
    for (const auto& name : head.coordinates)
      head.coordinate_units.push_back(table.all()[table.index(name)].unit);
    for (const auto& o : study.workload().observables())
      head.observables.push_back({o.name, o.unit, o.tolerance, o.doc, shape_of(o)});
    head.engine = {{"requested", report.engine.requested},
                   {"used", report.engine.used},
                   {"threads", report.engine.threads},
                   {"reason", report.engine.reason},
                   {"fell_back", report.engine.fell_back}};
    head.provenance =
        evidence::provenance_json({.command = request.command_line, .config_folder = request.config_folder});
    return head;
  }

  [[nodiscard]] evidence::ArtifactTail tail(const Report& report, const Json& summary) const {
    evidence::ArtifactTail tail{.summary = summary};
    if (report.executed > 0) {
      // One sample: what this call took from its first task to its last. Volatile; repeats belong to assay
      // bench.
      tail.measurements = Json::array({{{"name", "wall"},
                                        {"unit", "s"},
                                        {"samples", {{"values", {report.wall_seconds}}}},
                                        {"estimate", report.wall_seconds},
                                        {"tasks", report.executed}}});
    }
    return tail;
  }

  template <class Writer>
  void write_results(Writer& writer) const {
    for (std::size_t i = 0; i < study.points().size(); ++i)
      writer.result(i, study.points().at(i), outcome_of(study, *store, i));
  }
};

Output::Output(const Study& study, OutputRequest request)
    : state_(new State{study, std::move(request), {}, {}, nullptr, nullptr, {}, {}}) {
  State& s = *state_;
  const std::size_t tasks = study.points().size();
  if (s.request.folder.empty()) {
    if (s.request.resume)
      throw UserError("--resume or --rerun without --out",
                      "name the folder whose run is to be continued: --out DIR --resume");
    if (tasks <= kMostInMemory) {
      s.store = memory_store(tasks);
      return;
    }
    s.temporary.emplace("assay", ", or give --out");
  }
  const std::filesystem::path folder = s.temporary ? s.temporary->path() : s.request.folder;
  study.workload().identity_parts();  // what is missing is said before anything is written
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw_file_error(error.value(), "cannot make the folder", folder);
  s.lock.emplace(folder);
  const auto existing = s.request.resume      ? evidence::Existing::resume
                        : s.request.overwrite ? evidence::Existing::overwrite
                                              : evidence::Existing::refuse;
  s.record_before = s.request.resume ? read_record(folder, s.request.kind) : Json();
  TakenOver taken;
  if (s.request.resume) taken = take_over(study, folder, s.request.kind, s.record_before);
  auto store = std::make_unique<JournalStore>(open_journal(study, s.request, folder, existing, s.record_before),
                                              folder / (s.request.kind + ".attempts"), s.request.overwrite);
  s.journal = store.get();
  s.note = store->journal().recovery().note;
  if (taken.happened) s.note = note_of(taken, study, s.record_before, s.request.kind);
  if (!s.temporary) {
    write_record(study, {.folder = folder,
                         .kind = s.request.kind,
                         .command_line = s.request.command_line,
                         .config_folder = s.request.config_folder,
                         .done_before = store->journal().finished(),
                         .keep_history = s.request.resume});
  }
  s.store = std::move(store);
}

const Json& Output::record_before() const {
  return state_->record_before;
}

Output::~Output() = default;

ResultStore& Output::store() {
  return *state_->store;
}
const std::string& Output::note() const {
  return state_->note;
}

std::vector<evidence::WrittenFile> Output::write(const Report& report, const Json& summary) {
  State& s = *state_;
  if (s.request.folder.empty()) return {};
  if (s.journal != nullptr) s.journal->journal().sync();
  if (!report.complete) return {};  // the journal is what there is; --resume continues it
  evidence::ArtifactFile file(s.request.folder, s.request.kind, s.head(report), evidence::Sidecar::csv);
  s.write_results(file);
  return file.finish(s.tail(report, summary));
}

void Output::print(std::ostream& out, const Report& report, const Json& summary) {
  evidence::ArtifactStream stream([&](std::string_view text) { out << text; }, state_->head(report));
  state_->write_results(stream);
  stream.finish(state_->tail(report, summary));
}

}  // namespace assay::run
