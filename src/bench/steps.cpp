#include "bench/steps.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <queue>

namespace assay::bench {
namespace {

constexpr std::size_t most_levels = 16;
constexpr double exact_fit = 1e-9;  // a mean residual below it is no smaller for more levels
constexpr double step_alpha = 0.01;

/// Sum of |y - median| over a growing segment: two heaps hold the lower and the upper half.
class AbsoluteDeviation {
 public:
  void add(double y) {
    if (lower_.empty() || y <= lower_.top()) {
      lower_.push(y);
      lower_sum_ += y;
    } else {
      upper_.push(y);
      upper_sum_ += y;
    }
    if (lower_.size() > upper_.size() + 1) {
      upper_sum_ += lower_.top();
      lower_sum_ -= lower_.top();
      upper_.push(lower_.top());
      lower_.pop();
    } else if (upper_.size() > lower_.size()) {
      lower_sum_ += upper_.top();
      upper_sum_ -= upper_.top();
      lower_.push(upper_.top());
      upper_.pop();
    }
  }
  [[nodiscard]] double sum() const {
    const double median = lower_.top();
    const auto excess = static_cast<double>(lower_.size()) - static_cast<double>(upper_.size());
    return std::max(0.0, upper_sum_ - lower_sum_ + excess * median);
  }

 private:
  std::priority_queue<double> lower_;
  std::priority_queue<double, std::vector<double>, std::greater<>> upper_;
  double lower_sum_ = 0.0, upper_sum_ = 0.0;
};

/// Deviations of every segment [first, last], row by row.
class Segments {
 public:
  explicit Segments(std::span<const double> y) : size_(y.size()), cost_(y.size() * y.size(), 0.0) {
    for (std::size_t first = 0; first < size_; ++first) {
      AbsoluteDeviation deviation;
      for (std::size_t last = first; last < size_; ++last) {
        deviation.add(y[last]);
        cost_[first * size_ + last] = deviation.sum();
      }
    }
  }
  [[nodiscard]] double operator()(std::size_t first, std::size_t last) const {
    return cost_[first * size_ + last];
  }

 private:
  std::size_t size_;
  std::vector<double> cost_;
};

}  // namespace

std::vector<std::size_t> levels_of(std::span<const double> y) {
  const std::size_t m = y.size();
  if (m < 2 * shortest_level) return m == 0 ? std::vector<std::size_t>{} : std::vector<std::size_t>{0};
  constexpr double never = std::numeric_limits<double>::infinity();
  const Segments cost(y);
  const std::size_t most = std::min(most_levels, m / shortest_level);
  // best[k][j]: least deviation of y[0..j] in k + 1 levels, and where the last of them begins.
  std::vector<std::vector<double>> best(most, std::vector<double>(m, never));
  std::vector<std::vector<std::size_t>> begin(most, std::vector<std::size_t>(m, 0));
  for (std::size_t j = shortest_level - 1; j < m; ++j) best[0][j] = cost(0, j);
  for (std::size_t k = 1; k < most; ++k) {
    for (std::size_t j = (k + 1) * shortest_level - 1; j < m; ++j) {
      for (std::size_t first = k * shortest_level; first + shortest_level <= j + 1; ++first) {
        const double total = best[k - 1][first - 1] + cost(first, j);
        if (total >= best[k][j]) continue;
        best[k][j] = total;
        begin[k][j] = first;
      }
    }
  }
  const auto size = static_cast<double>(m);
  // A level costs two parameters, its value and its beginning: with one, noise alone is cut up too often.
  const auto criterion = [&](std::size_t k) {
    return size * std::log(std::max(best[k][m - 1] / size, exact_fit)) +
           2.0 * static_cast<double>(k + 1) * std::log(size);
  };
  std::size_t chosen = 0;
  for (std::size_t k = 1; k < most; ++k)
    if (criterion(k) < criterion(chosen)) chosen = k;
  std::vector<std::size_t> firsts;
  for (std::size_t k = chosen, last = m - 1; k > 0; --k) {
    firsts.push_back(begin[k][last]);
    last = begin[k][last] - 1;
  }
  firsts.push_back(0);
  std::reverse(firsts.begin(), firsts.end());
  return firsts;
}

std::vector<Step> find_steps(std::span<const double> values, double effect) {
  std::vector<double> y;
  for (const double value : values) y.push_back(std::log(value));
  const auto firsts = levels_of(y);
  std::vector<Step> steps;
  for (std::size_t k = 1; k < firsts.size(); ++k) {
    const std::size_t end = k + 1 < firsts.size() ? firsts[k + 1] : y.size();
    const std::span<const double> all(y);
    const auto shift = rank_sum_shift(all.subspan(firsts[k - 1], firsts[k] - firsts[k - 1]),
                                      all.subspan(firsts[k], end - firsts[k]), step_alpha);
    if (!shift.interval || (shift.interval->low <= 0.0 && shift.interval->high >= 0.0)) continue;
    if (std::abs(shift.estimate) <= std::log1p(effect)) continue;
    steps.push_back({.first = firsts[k],
                     .ratio = std::exp(shift.estimate),
                     .interval = {std::exp(shift.interval->low), std::exp(shift.interval->high)}});
  }
  return steps;
}

}  // namespace assay::bench
