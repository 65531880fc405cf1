// SPDX-License-Identifier: MIT
#include "run/selection.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/expression.hpp"
#include "core/number.hpp"
#include "run/execute.hpp"

namespace assay::run {
namespace {

constexpr std::string_view kWhere = "where ";
constexpr std::uint64_t kSampleStream = 0x73616d706c65;  // apart from the seeds of tasks
constexpr std::uint64_t kShuffleStream = 0x73687566;

/// Numbers that an expression over a finished task may use.
const std::vector<std::string> kAccount{"index", "ok", "failed", "attempts", "wall", "cpu", "peak_memory"};

class Where {
 public:
  Where(const Study& study, const std::string& text) {
    names_ = kAccount;
    for (const auto& name : study.points().names()) names_.push_back(name);
    for (const auto& o : study.workload().observables()) names_.push_back(o.name);
    expression_ = Expression::parse(text, names_, {"--rerun", 0, 0});
  }
  [[nodiscard]] bool holds(std::size_t index, const plan::Point& point, const plan::Outcome& o) const {
    constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
    std::vector<double> values(names_.size(), kNan);
    values[0] = static_cast<double>(index);
    values[1] = o.status == plan::Status::ok ? 1.0 : 0.0;
    values[2] = o.status == plan::Status::failed ? 1.0 : 0.0;
    values[3] = o.attempts;
    values[4] = o.wall_seconds;
    values[5] = o.cpu_seconds;
    values[6] = 1024.0 * static_cast<double>(o.peak_kib);
    for (std::size_t i = kAccount.size(); i < names_.size(); ++i) {
      for (const auto& [name, value] : point) {
        if (name == names_[i]) values[i] = as_real(value);
      }
      for (const auto& [name, value] : o.observables) {
        if (name == names_[i] && std::holds_alternative<double>(value)) values[i] = std::get<double>(value);
      }
    }
    const double result = expression_.evaluate(values);
    return !std::isnan(result) && result != 0.0;
  }

 private:
  std::vector<std::string> names_;
  Expression expression_;
};

/// Whether a finished task is run again.
class Rerun {
 public:
  Rerun(const Study& study, const ResultStore& store, const std::string& text)
      : study_(study), store_(store), text_(text) {
    if (text.rfind(kWhere, 0) == 0) {
      where_.emplace(study, text.substr(kWhere.size()));
    } else if (!text.empty() && text != "failed" && text != "unconverged" && text != "all") {
      throw UserError(
          "--rerun " + text + ": not a selection of tasks",
          "failed, unconverged, all, or an expression in quotes: --rerun \"where x > 3 and wall > 10\"");
    }
  }
  [[nodiscard]] bool again(std::size_t index) const {
    if (text_.empty()) return false;
    if (text_ == "all") return true;
    if (where_) return where_->holds(index, study_.points().at(index), store_.at(index));
    const auto status = store_.status(index);
    return status == (text_ == "failed" ? plan::Status::failed : plan::Status::unconverged);
  }

 private:
  const Study& study_;
  const ResultStore& store_;
  std::string text_;
  std::optional<Where> where_;
};

/// A finished task whose program, inputs or environment have changed since: its result is not this task's.
bool is_another(const Study& study, const ResultStore& store, std::size_t index) {
  try {
    return study.workload().identity(study.task(index)) != store.identity(index);
  } catch (const WorkloadError&) {
    return true;  // an input is gone: run again, it fails and says so
  }
}

std::size_t share_of(const std::string& text, std::size_t all, const std::string& flag) {
  const bool percent = !text.empty() && text.back() == '%';
  const auto number = parse_double(percent ? std::string_view(text).substr(0, text.size() - 1) : text);
  if (!number || !(*number > 0.0) || (percent && *number > 100.0) ||
      (!percent && std::trunc(*number) != *number)) {
    throw UserError(flag + " " + text + ": not a number of tasks", "for instance 50, or 2%");
  }
  const double count = percent ? std::ceil(static_cast<double>(all) * *number / 100.0) : *number;
  return static_cast<std::size_t>(std::min(count, static_cast<double>(all)));
}

/// So many of the indices, the same for the same seed, in their order.
void keep_sample(std::vector<std::size_t>& indices, std::size_t count, std::uint64_t seed) {
  const auto by_chance = [seed](std::size_t a, std::size_t b) {
    return std::pair(task_seed(seed ^ kSampleStream, a), a) < std::pair(task_seed(seed ^ kSampleStream, b), b);
  };
  if (count >= indices.size()) return;
  std::nth_element(indices.begin(), indices.begin() + static_cast<std::ptrdiff_t>(count), indices.end(),
                   by_chance);
  indices.resize(count);
  std::sort(indices.begin(), indices.end());
}

}  // namespace

std::vector<std::pair<std::size_t, std::size_t>> parse_tasks(const std::string& text, std::size_t tasks,
                                                             const std::string& flag) {
  std::vector<std::pair<std::size_t, std::size_t>> ranges;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    const std::string part = text.substr(at, end - at);
    const auto dash = part.find('-');
    const auto first = parse_int64(std::string_view(part).substr(0, dash));
    const auto last = dash == std::string::npos ? first : parse_int64(std::string_view(part).substr(dash + 1));
    if (!first || !last || *first < 0 || *last < *first) {
      throw UserError(flag + " " + text + ": \"" + part + "\" is no task and no range of tasks",
                      "for instance 17, or 3,5-9");
    }
    if (static_cast<std::size_t>(*last) >= tasks) {
      throw UserError(flag + " " + text + ": there is no task " + std::to_string(*last),
                      "the tasks are 0 to " + std::to_string(tasks - 1));
    }
    ranges.emplace_back(static_cast<std::size_t>(*first), static_cast<std::size_t>(*last));
    at = end + 1;
  }
  return ranges;
}

Selection::Selection(const Study& study, const ResultStore& store, const SelectionText& text) : study_(study) {
  const std::size_t n = study.points().size();
  const bool plain = text.only.empty() && text.rerun.empty() && text.sample.empty() && text.recheck.empty() &&
                     !text.shuffle && study.unique_tasks() == n;
  bool all = plain;
  for (std::size_t i = 0; i < n && all; ++i) all = !store.has(i);
  if (all) {
    size_ = reasons_.not_done = n;
    return;
  }
  listed_ = true;
  list_all(store, text);
  size_ = indices_.size();
}

void Selection::list_all(const ResultStore& store, const SelectionText& text) {
  const std::size_t n = study_.points().size();
  const auto unique = [&](std::size_t i) { return study_.original(i) == i; };
  if (!text.recheck.empty()) {
    for (std::size_t i = 0; i < n; ++i) {
      if (unique(i) && store.has(i) && store.status(i) == plan::Status::ok) indices_.push_back(i);
    }
    keep_sample(indices_, share_of(text.recheck, indices_.size(), "--recheck"), study_.seed());
    return;
  }
  const Rerun rerun(study_, store, text.rerun);
  const bool depends = !study_.workload().identity_parts().empty();
  const auto add = [&](std::size_t i, bool named) {
    if (!unique(i)) return;
    if (!store.has(i)) {
      ++reasons_.not_done;
    } else if (depends && is_another(study_, store, i)) {
      ++reasons_.changed;
    } else if ((named && text.rerun.empty()) || rerun.again(i)) {
      ++reasons_.asked;
    } else {
      return;
    }
    indices_.push_back(i);
  };
  if (text.only.empty()) {
    for (std::size_t i = 0; i < n; ++i) add(i, false);
  } else {
    for (const auto& [first, last] : parse_tasks(text.only, n, "--only")) {
      for (std::size_t i = first; i <= last; ++i) add(study_.original(i), true);
    }
    std::sort(indices_.begin(), indices_.end());
    indices_.erase(std::unique(indices_.begin(), indices_.end()), indices_.end());
  }
  if (!text.sample.empty())
    keep_sample(indices_, share_of(text.sample, indices_.size(), "--sample"), study_.seed());
  if (!text.shuffle) return;
  std::sort(indices_.begin(), indices_.end(), [seed = study_.seed()](std::size_t a, std::size_t b) {
    return task_seed(seed ^ kShuffleStream, a) < task_seed(seed ^ kShuffleStream, b);
  });
}

std::size_t Selection::drop(const std::function<bool(std::size_t)>& done) {
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < size_; ++i) {
    const std::size_t index = listed_ ? indices_[i] : i;
    if (!done(index)) left.push_back(index);
  }
  const std::size_t dropped = size_ - left.size();
  if (dropped > 0) {
    indices_ = std::move(left);
    size_ = indices_.size();
    listed_ = true;
  }
  return dropped;
}

}  // namespace assay::run
