#include "run/plan_summary.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "run/execute.hpp"

namespace assay::run {
namespace {

/// Work of every task for up to so many tasks; beyond it a sample spread over the plan, scaled up.
constexpr std::size_t kMostMeasured = 20000;

struct WorkSum {
  double total = 0.0, largest = 0.0;
  std::size_t bytes = 0;
};

WorkSum sum_work(const Study& study) {
  WorkSum sum;
  const std::size_t n = study.points().size();
  const std::size_t step = std::max<std::size_t>(1, n / kMostMeasured);
  std::size_t counted = 0;
  for (std::size_t i = 0; i < n; i += step) {
    if (study.original(i) != i) continue;
    const auto inputs = study.workload().resolve(study.points().at(i));
    const double work = study.workload().work(inputs);
    sum.total += work;
    sum.largest = std::max(sum.largest, work);
    sum.bytes = std::max(sum.bytes, study.workload().bytes_per_task(inputs));
    ++counted;
  }
  if (counted > 0) sum.total *= static_cast<double>(study.unique_tasks()) / static_cast<double>(counted);
  return sum;
}

}  // namespace

Calibration calibrate(const Study& study, std::size_t count) {
  std::vector<double> rates;
  const std::size_t n = study.points().size();
  count = std::min(count, n);
  for (std::size_t k = 0; k < count; ++k) {
    const std::size_t index = study.original(count == 1 ? n / 2 : k * (n - 1) / (count - 1));
    const auto outcome = engine::evaluate_task(study.workload(), study.task(index), "serial", {});
    if (outcome.status != plan::Status::ok && outcome.status != plan::Status::unconverged) continue;
    const double work = study.workload().work(study.workload().resolve(study.points().at(index)));
    rates.push_back(outcome.wall_seconds / work);
  }
  if (rates.empty())
    throw WorkloadError("no task of the calibration gave a result", "try assay run on one point to see why");
  std::sort(rates.begin(), rates.end());
  return {rates.size(), rates[rates.size() / 2], rates.front(), rates.back()};
}

PlanSummary summarise(const Study& study, const std::optional<Calibration>& calibration) {
  PlanSummary p;
  p.tasks = study.points().size();
  p.unique = study.unique_tasks();
  p.duplicates = p.tasks - p.unique;
  const auto choice = choose_engine(study, p.unique);
  p.engine = choice.record.used;
  p.engine_reason = choice.record.reason;
  p.engine_usable = choice.usable;
  p.workers = static_cast<int>(std::min<std::size_t>(static_cast<std::size_t>(choice.record.threads),
                                                     std::max<std::size_t>(1, p.unique)));
  p.batch_size = engine::batch_size(p.unique, p.workers, study.engine().options);
  p.batches = (p.unique + p.batch_size - 1) / p.batch_size;
  for (std::size_t w = 0; w < static_cast<std::size_t>(p.workers); ++w) {
    const auto workers = static_cast<std::size_t>(p.workers);
    p.shards.push_back({p.unique * w / workers, p.unique * (w + 1) / workers});
  }
  const WorkSum sum = sum_work(study);
  p.work = sum.total;
  p.largest_work = sum.largest;
  p.host_bytes = sum.bytes * static_cast<std::size_t>(p.workers);
  if (sum.largest > 0) p.balance_bound = sum.total / sum.largest;
  if (calibration) {
    const double spread = std::max(sum.total / p.workers, sum.largest);
    p.predicted_seconds = spread * calibration->seconds_per_work;
    p.predicted_low = spread * calibration->low;
    p.predicted_high = spread * calibration->high;
  }
  return p;
}

}  // namespace assay::run
