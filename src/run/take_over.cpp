// The old journal stays until the new one is whole and durable; what the new plan has no use for is kept before
// that. Killed in between, nothing has happened.
// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <unordered_map>
#include <unordered_set>

#include "core/sha256.hpp"
#include "core/version.hpp"
#include "evidence/attempt_log.hpp"
#include "evidence/journal.hpp"
#include "evidence/journal_view.hpp"
#include "evidence/result_cache.hpp"
#include "run/folder_view.hpp"
#include "run/reuse.hpp"
#include "run/run_record.hpp"

namespace assay::run {
namespace fs = std::filesystem;

namespace {

/// Empty where an input of a command is gone: such a task has no result that could be taken over.
std::string identity_of(const Study& study, std::size_t index) {
  try {
    return study.result_identity(index);
  } catch (const WorkloadError&) {
    return {};
  }
}

std::string inputs_of(const Study& study, std::size_t index) {
  return study.workload().resolve(study.points().at(index)).identity();
}

/// The study that a record describes; nothing when its files are gone.
std::optional<Study> study_before(const Json& record, const std::string& kind) {
  try {
    return study_of_record(record, kind, kind + ".study");
  } catch (const UserError&) {
    return std::nullopt;
  }
}

class Mover {
 public:
  Mover(const Study& study, const fs::path& folder, const std::string& kind, const Json& record,
        const evidence::JournalIdentity& old)
      : study_(study),
        folder_(folder),
        kind_(kind),
        path_(folder / (kind + ".journal")),
        journal_(path_, old),
        before_(study_before(record, kind)) {
    for (std::size_t i = 0; i < old.tasks; ++i) {
      if (!journal_.has(i)) continue;
      ++result_.before;
      if (before_ && before_->workload().name() == study.workload().name())
        inputs_.insert(inputs_of(*before_, i));
      // A failed task is not taken over: it is tried again.
      if (journal_.status(i) == plan::Status::failed) continue;
      std::string identity = journal_.identity(i);
      if (identity.empty() && before_) identity = before_->result_identity(i);
      if (!identity.empty()) found_.emplace(std::move(identity), i);
    }
  }

  TakenOver move() {
    const fs::path next = path_.string() + ".next";
    evidence::ResultCache retired(folder_ / (kind_ + ".retired"));
    fill(next, retired);
    if (result_.before > 0 && result_.taken == 0 && result_.changed == 0) {
      ::unlink(next.c_str());
      return {};
    }
    for (const auto& [identity, index] : found_) {
      if (numbers_.count(index) > 0) continue;
      retired.add(identity, journal_.read(index));
      ++result_.retired;
    }
    renumber();
    if (::rename(next.c_str(), path_.c_str()) != 0)
      throw_file_error(errno, "cannot put the new journal in its place", path_);
    sync_folder(folder_);
    result_.happened = true;
    return std::move(result_);
  }

 private:
  void fill(const fs::path& next, const evidence::ResultCache& retired) {
    evidence::Journal fresh(next,
                            {.plan_sha256 = study_.config_sha256(),
                             .tasks = study_.points().size(),
                             .tool = std::string(version())},
                            evidence::Existing::overwrite);
    const bool keeps_identity = !study_.workload().identity_parts().empty();
    for (std::size_t i = 0; i < study_.points().size(); ++i) {
      if (study_.original(i) != i) continue;
      const std::string identity = identity_of(study_, i);
      const auto it = found_.find(identity);
      std::optional<plan::Outcome> outcome;
      if (it != found_.end()) {
        outcome = journal_.read(it->second);
        numbers_.emplace(it->second, i);
      } else {
        outcome = retired.find(identity);
      }
      if (!outcome || !is_complete(study_, *outcome)) {
        if (inputs_.count(inputs_of(study_, i)) > 0) ++result_.changed;
        continue;
      }
      outcome->identity = keeps_identity ? identity : "";
      fresh.append(i, *outcome);
      ++result_.taken;
    }
    fresh.sync();
  }

  /// What is kept under the number of a task: its tries, its folder.
  void renumber() {
    const fs::path log = folder_ / (kind_ + ".attempts");
    evidence::renumber_attempts(log, numbers_);
    const fs::path folders = folder_ / "tasks";
    std::error_code error;
    if (!fs::exists(folders, error)) return;
    for (int i = 1;; ++i) {
      const fs::path kept = folder_ / (kind_ + ".retired") / ("tasks-" + std::to_string(i));
      if (fs::exists(kept, error)) continue;
      fs::rename(folders, kept, error);
      if (error) throw_file_error(error.value(), "cannot put away", folders);
      return;
    }
  }

  const Study& study_;
  const fs::path& folder_;
  const std::string& kind_;
  fs::path path_;
  evidence::JournalView journal_;
  std::optional<Study> before_;
  std::unordered_map<std::string, std::size_t> found_;    ///< old number by identity
  std::unordered_set<std::string> inputs_;                ///< of finished tasks
  std::unordered_map<std::size_t, std::size_t> numbers_;  ///< new number by old one
  TakenOver result_;
};

}  // namespace

TakenOver take_over(const Study& study, const fs::path& folder, const std::string& kind, const Json& record) {
  const auto old = evidence::journal_identity(folder / (kind + ".journal"));
  // Whatever else does not fit is refused when the journal is opened, with the reason.
  if (!old || old->plan_sha256 == study.config_sha256() || old->tool != version()) return {};
  if (!record.is_object() || record.value("config_sha256", "") != old->plan_sha256) return {};
  if (record.at("config").value("workload", "") != study.workload().name()) return {};
  TakenOver result = Mover(study, folder, kind, record, *old).move();
  if (result.happened) result.keys = config_changes(record.at("config"), study.config());
  return result;
}

}  // namespace assay::run
