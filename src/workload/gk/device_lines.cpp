// SPDX-License-Identifier: MIT
#include "workload/gk/device_lines.hpp"

#include <limits>
#include <map>

namespace assay::workload::gk {
namespace {

namespace kernel = kernels::gk_mu;

/// Memory on a device, given back when it goes.
class DeviceDoubles {
 public:
  DeviceDoubles(engine::DeviceStream& device, std::size_t count)
      : device_(device), data_(static_cast<double*>(device.allocate(count * sizeof(double)))) {}
  ~DeviceDoubles() { device_.release(data_); }
  DeviceDoubles(const DeviceDoubles&) = delete;
  DeviceDoubles& operator=(const DeviceDoubles&) = delete;
  [[nodiscard]] double* data() const { return data_; }

 private:
  engine::DeviceStream& device_;
  double* data_;
};

std::size_t doubles_of(std::size_t bytes) {
  return (bytes + sizeof(double) - 1) / sizeof(double);
}

/// Tables of all lines in one piece; a table that lines share is there once.
class PackedTables {
 public:
  void add(const double* table, std::size_t count) {
    const auto [place, fresh] = places_.emplace(table, values_.size());
    if (fresh) values_.insert(values_.end(), table, table + count);
  }
  [[nodiscard]] std::size_t place(const double* table) const { return places_.at(table); }
  [[nodiscard]] const std::vector<double>& values() const { return values_; }

 private:
  std::map<const double*, std::size_t> places_;
  std::vector<double> values_;
};

/// f(table, count) for each table of a line.
template <class F>
void for_each_table(kernel::Line& l, F f) {
  const auto n = [&](int a) { return static_cast<std::size_t>(l.n[a]); };
  f(l.stream, n(0) * n(1));
  f(l.hyper, static_cast<std::size_t>(l.nm));
  f(l.mirror, static_cast<std::size_t>(l.paired));
  for (int a = 0; a < 2; ++a) {
    f(l.kz_abs[a], n(a) * n(a));
    f(l.curvature[a], n(a));
    f(l.grad_b[a], n(a));
    f(l.sponge[a], n(a));
  }
}

class DeviceLines final : public LineSolver {
 public:
  DeviceLines(engine::DeviceStream& device, const LineLaunches& launches,
              const std::vector<const kernel::Line*>& lines, int rows)
      : device_(device),
        launches_(launches),
        count_(static_cast<int>(lines.size())),
        rows_(rows),
        nm_(lines.front()->nm) {
    upload_tables(lines);
    lambdas_ = std::make_unique<DeviceDoubles>(device, doubles_of(lines.size() * sizeof(kernel::Pair)));
    states_ = std::make_unique<DeviceDoubles>(device, state_doubles());
    const kernel::BatchPlan plan = plan_for(nm_);
    scratch_ = std::make_unique<DeviceDoubles>(device, plan.scratch_stride * lines.size());
  }

  void eliminate(kernel::Pair lambda, int kept, double* low) override {
    const kernel::BatchPlan plan = plan_for(kept);
    const std::size_t lines = static_cast<std::size_t>(count_);
    if (room_ < plan.factor_stride * lines) {
      factors_.reset();
      room_ = plan.factor_stride * lines;
      factors_ = std::make_unique<DeviceDoubles>(device_, room_);
    }
    const std::vector<kernel::Pair> lambdas(lines, lambda);
    device_.upload(lambdas_->data(), lambdas.data(), lines * sizeof(kernel::Pair));
    kept_ = kept;
    device_.check(launches_.eliminate(plan, pass(), device_.handle()), "the elimination of lines");
    device_.download(low, factors_->data(), kernel::low_moments_size(rows_) * sizeof(double), lines,
                     plan.factor_stride * sizeof(double));
  }

  void solve(int top, double* states) override {
    const std::size_t bytes = state_doubles() * sizeof(double);
    device_.upload(states_->data(), states, bytes);
    device_.check(launches_.solve(plan_for(kept_), pass(), top, states_->data(), device_.handle()),
                  "the solution of lines");
    device_.download(states, states_->data(), bytes, 1, bytes);
  }

 private:
  [[nodiscard]] kernel::BatchPlan plan_for(int kept) const {
    return kernel::plan_batch(count_, rows_, kept, std::numeric_limits<std::size_t>::max());
  }
  [[nodiscard]] std::size_t state_doubles() const {
    return static_cast<std::size_t>(count_) * 2 * nm_ * kernel::padded(rows_);
  }
  [[nodiscard]] kernel::LinePass pass() const {
    return {reinterpret_cast<const kernel::Line*>(views_->data()),
            reinterpret_cast<const kernel::Pair*>(lambdas_->data()),
            count_,
            rows_,
            kept_,
            factors_->data(),
            scratch_->data()};
  }

  void upload_tables(const std::vector<const kernel::Line*>& lines) {
    PackedTables packed;
    std::vector<kernel::Line> views;
    for (const kernel::Line* line : lines) {
      views.push_back(*line);
      for_each_table(views.back(), [&](const double* table, std::size_t count) { packed.add(table, count); });
    }
    tables_ = std::make_unique<DeviceDoubles>(device_, packed.values().size());
    device_.upload(tables_->data(), packed.values().data(), packed.values().size() * sizeof(double));
    for (kernel::Line& view : views) {
      for_each_table(view,
                     [&](const double*& table, std::size_t) { table = tables_->data() + packed.place(table); });
    }
    views_ = std::make_unique<DeviceDoubles>(device_, doubles_of(views.size() * sizeof(kernel::Line)));
    device_.upload(views_->data(), views.data(), views.size() * sizeof(kernel::Line));
  }

  engine::DeviceStream& device_;
  const LineLaunches& launches_;
  int count_, rows_, nm_, kept_ = 0;
  std::size_t room_ = 0;
  std::unique_ptr<DeviceDoubles> tables_, views_, lambdas_, states_, scratch_, factors_;
};

}  // namespace

const LineLaunches* cuda_launches() {
#if defined(ASSAY_HAVE_CUDA)
  static const LineLaunches launches{"cuda", kernel::eliminate_cuda, kernel::solve_cuda};
  return &launches;
#else
  return nullptr;
#endif
}

const LineLaunches& emulated_launches() {
  static const LineLaunches launches{"emulated", kernel::eliminate_emulated, kernel::solve_emulated};
  return launches;
}

LineSolverFactory device_line_solvers(engine::DeviceStream& device, const LineLaunches& launches) {
  return [&device, &launches](const std::vector<const kernel::Line*>& lines, int rows) {
    return std::make_unique<DeviceLines>(device, launches, lines, rows);
  };
}

std::size_t device_line_bytes(std::size_t lines, int rows, int nm) {
  const kernel::BatchPlan plan =
      kernel::plan_batch(static_cast<int>(lines), rows, nm, std::numeric_limits<std::size_t>::max());
  const std::size_t n = static_cast<std::size_t>(rows);
  // Tables: three matrices that the lines of a species share, at most a line's own; vectors a line.
  const std::size_t tables = 3 * n * n + lines * (8 * n + static_cast<std::size_t>(nm));
  const std::size_t states = lines * 2 * static_cast<std::size_t>(nm) * kernel::padded(rows);
  return plan.bytes_a_pass + (tables + states) * sizeof(double) +
         lines * (sizeof(kernel::Line) + sizeof(kernel::Pair));
}

}  // namespace assay::workload::gk
