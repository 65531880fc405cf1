// SPDX-License-Identifier: MIT
#include "run/folder_view.hpp"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/version.hpp"
#include "evidence/folder_lock.hpp"
#include "evidence/journal_view.hpp"
#include "run/run_record.hpp"

namespace assay::run {
namespace fs = std::filesystem;

namespace {

class ViewStore final : public ResultStore {
 public:
  explicit ViewStore(evidence::JournalView journal) : journal_(std::move(journal)) {}
  void accept(std::size_t, plan::Outcome) override { throw std::logic_error("a view takes no outcomes"); }
  [[nodiscard]] bool has(std::size_t index) const override { return journal_.has(index); }
  [[nodiscard]] plan::Outcome at(std::size_t index) const override { return journal_.read(index); }
  [[nodiscard]] plan::Status status(std::size_t index) const override { return journal_.status(index); }

 private:
  evidence::JournalView journal_;
};

std::string kind_of(const fs::path& folder, const std::string& wanted) {
  std::vector<std::string> kinds;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".study") kinds.push_back(entry.path().stem().string());
  }
  if (error) throw_file_error(error.value(), "cannot read the folder", folder);
  std::sort(kinds.begin(), kinds.end());
  const bool there = std::find(kinds.begin(), kinds.end(), wanted) != kinds.end();
  if (kinds.empty() || (!wanted.empty() && !there)) {
    throw UserError(folder.string() + " holds no " + (wanted.empty() ? "run" : wanted) + " of assay",
                    "give the folder that --out named; it holds a file such as scan.study");
  }
  if (wanted.empty() && kinds.size() > 1) {
    std::string names;
    for (const auto& kind : kinds) names += (names.empty() ? "" : ", ") + kind;
    throw UserError(folder.string() + " holds several runs: " + names, "choose one: --kind " + kinds.front());
  }
  return wanted.empty() ? kinds.front() : wanted;
}

double seconds_since(const std::string& rfc3339_text) {
  std::tm utc{};
  if (::strptime(rfc3339_text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &utc) == nullptr) return 0.0;
  return static_cast<double>(std::time(nullptr) - ::timegm(&utc));
}

}  // namespace

Study study_of_record(const Json& record, const std::string& kind, const std::string& source) {
  for (const char* key : {"config", "config_sha256", "tasks", "tool", "config_folder"}) {
    if (!record.contains(key)) throw UserError(source + " is no record of a run: it has no \"" + key + "\"");
  }
  Config config = Config::from_json_text(to_text(record["config"]), source);
  config.set_folder(record["config_folder"].get<std::string>());
  const Scope scope = kind == "ensemble" ? Scope::ensemble : kind == "run" ? Scope::one_point : Scope::scan;
  return Study::make(std::move(config), {}, scope);
}

struct FolderView::State {
  fs::path folder;
  std::string kind;
  Json record;
  std::string at_work;
  Study study;
  ViewStore store;
};

FolderView::FolderView(fs::path folder, const std::string& kind) {
  const std::string found = kind_of(folder, kind);
  const std::string source = (folder / (found + ".study")).string();
  Json record = read_record(folder, found);
  if (!record.is_object()) throw UserError(source + " cannot be read", "run it again with --resume");
  std::string at_work = evidence::lock_holder(folder);  // before the journal: a run that ends now is seen whole
  Study study = study_of_record(record, found, source);
  ViewStore store(evidence::JournalView(folder / (found + ".journal"),
                                        {.plan_sha256 = record["config_sha256"].get<std::string>(),
                                         .tasks = record["tasks"].get<std::size_t>(),
                                         .tool = record["tool"].get<std::string>()}));
  state_ = std::make_unique<State>(State{std::move(folder), found, std::move(record), std::move(at_work),
                                         std::move(study), std::move(store)});
}

FolderView::~FolderView() = default;
FolderView::FolderView(FolderView&&) noexcept = default;

const std::string& FolderView::kind() const {
  return state_->kind;
}
const fs::path& FolderView::folder() const {
  return state_->folder;
}
const Json& FolderView::record() const {
  return state_->record;
}
const Study& FolderView::study() const {
  return state_->study;
}
const ResultStore& FolderView::store() const {
  return state_->store;
}
const std::string& FolderView::at_work() const {
  return state_->at_work;
}
fs::path FolderView::attempts_file() const {
  return state_->folder / (state_->kind + ".attempts");
}

FolderStatus status_of(const FolderView& view, std::size_t most_listed) {
  FolderStatus s;
  const Study& study = view.study();
  s.tasks = study.points().size();
  s.distinct = study.unique_tasks();
  std::vector<std::pair<double, std::size_t>> times;
  for (std::size_t i = 0; i < s.tasks; ++i) {
    if (study.original(i) != i) {
      s.tally.add(plan::Status::duplicate);
      continue;
    }
    if (!view.store().has(i)) {
      s.tally.add(plan::Status::skipped);
      continue;
    }
    const plan::Outcome outcome = view.store().at(i);
    ++s.done;
    s.tally.add(outcome.status);
    s.cpu_seconds += outcome.cpu_seconds;
    s.peak_kib = std::max(s.peak_kib, outcome.peak_kib);
    s.retried += outcome.attempts > 1 ? 1 : 0;
    times.emplace_back(outcome.wall_seconds, i);
    if (outcome.status == plan::Status::failed && s.failed.size() < most_listed) s.failed.push_back(i);
  }
  if (times.empty()) return s;
  std::sort(times.begin(), times.end());
  s.median_seconds = times[times.size() / 2].first;
  s.longest_seconds = times.back().first;
  for (auto it = times.rbegin(); it != times.rend() && s.slowest.size() < most_listed; ++it)
    s.slowest.push_back(it->second);
  const double elapsed = seconds_since(view.record().value("started", ""));
  const auto before = view.record().value("done_before", std::size_t{0});
  if (view.at_work().empty() || elapsed <= 0.0 || s.done <= before) return s;
  s.rate = static_cast<double>(s.done - before) / elapsed;
  s.seconds_left = static_cast<double>(s.distinct - s.done) / s.rate;
  return s;
}

}  // namespace assay::run
