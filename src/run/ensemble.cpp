#include "run/ensemble.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace assay::run {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// The outcome that counts for an index: that of its original.
plan::Outcome outcome_at(const Study& study, const ResultStore& store, std::size_t index) {
  const std::size_t original = study.original(index);
  if (!store.has(original)) return {.status = plan::Status::skipped, .message = "not run"};
  return store.at(original);
}

double real_observable(const plan::Outcome& outcome, const std::string& name) {
  for (const auto& [key, value] : outcome.observables) {
    if (key == name) return std::holds_alternative<double>(value) ? std::get<double>(value) : kNan;
  }
  return kNan;
}

/// Rows of the design x quantities of one group, and why a row is missing.
struct Table {
  std::vector<std::string> names;
  std::vector<std::vector<double>> columns;  ///< [quantity][row]
  std::vector<plan::Status> status;          ///< [row], the worst of what it was made from
  [[nodiscard]] bool finite(std::size_t row) const {
    return std::all_of(columns.begin(), columns.end(), [row](const auto& c) { return std::isfinite(c[row]); });
  }
  [[nodiscard]] bool usable(std::size_t row) const { return status[row] == plan::Status::ok && finite(row); }
};

class Reader {
 public:
  Reader(const Study& study, const ResultStore& store)
      : study_(study),
        store_(store),
        spec_(*study.ensemble()),
        points_(dynamic_cast<const plan::SampledPoints&>(study.points())) {}

  [[nodiscard]] const plan::SampledPoints& points() const { return points_; }
  [[nodiscard]] const EnsembleSpec& spec() const { return spec_; }

  /// Scalar observables that are real numbers, and those that are not with the reason.
  [[nodiscard]] std::vector<std::string> names(
      std::vector<std::pair<std::string, std::string>>& left_out) const {
    std::vector<std::string> names;
    const auto first_ok = find_ok();
    for (const auto& o : study_.workload().observables()) {
      const bool wanted =
          spec_.observables.empty() ||
          std::find(spec_.observables.begin(), spec_.observables.end(), o.name) != spec_.observables.end();
      if (!wanted) continue;
      if (o.is_array) {
        left_out.emplace_back(o.name, "an array");
      } else if (first_ok && !is_real(*first_ok, o.name)) {
        left_out.emplace_back(o.name, "no real number");
      } else {
        names.push_back(o.name);
      }
    }
    return names;
  }

  [[nodiscard]] Table at_point(std::size_t inner, const std::vector<std::string>& names) const {
    Table table = empty_table(names);
    for (std::size_t row = 0; row < points_.rows(); ++row) {
      const auto outcome = outcome_at(study_, store_, row * points_.inner().size() + inner);
      table.status[row] = outcome.status;
      for (std::size_t q = 0; q < names.size(); ++q) table.columns[q][row] = real_observable(outcome, names[q]);
    }
    return table;
  }

  [[nodiscard]] Table reduced() const {
    std::vector<std::string> names, observables;
    for (const auto& reduction : spec_.reductions) names.push_back(reduction.name());
    for (const auto& o : study_.workload().observables()) {
      if (!o.is_array) observables.push_back(o.name);
    }
    Table table = empty_table(names);
    const std::size_t inner = points_.inner().size();
    std::vector<std::vector<double>> values(inner);
    for (std::size_t row = 0; row < points_.rows(); ++row) {
      for (std::size_t p = 0; p < inner; ++p) {
        const auto outcome = outcome_at(study_, store_, row * inner + p);
        if (table.status[row] == plan::Status::ok) table.status[row] = outcome.status;
        values[p].clear();
        for (const auto& name : observables) values[p].push_back(real_observable(outcome, name));
        for (const auto& coordinate : points_.inner().at(p)) values[p].push_back(as_real(coordinate.second));
      }
      if (table.status[row] != plan::Status::ok) continue;
      for (std::size_t q = 0; q < names.size(); ++q)
        table.columns[q][row] = spec_.reductions[q].evaluate(values);
    }
    return table;
  }

  [[nodiscard]] std::string unit_of(const std::string& observable) const {
    for (const auto& o : study_.workload().observables()) {
      if (o.name == observable) return o.unit;
    }
    return {};
  }
  [[nodiscard]] std::string unit_of(const Reduction& reduction) const {
    if (reduction.subject().empty()) return {};
    if (reduction.kind() < Reduction::Kind::at_max) return unit_of(reduction.subject());
    const auto& table = study_.workload().parameters().table();
    return table.all()[table.index(reduction.subject())].unit;
  }

 private:
  [[nodiscard]] Table empty_table(const std::vector<std::string>& names) const {
    return {names, std::vector<std::vector<double>>(names.size(), std::vector<double>(points_.rows(), kNan)),
            std::vector<plan::Status>(points_.rows(), plan::Status::ok)};
  }
  [[nodiscard]] std::optional<plan::Outcome> find_ok() const {
    for (std::size_t i = 0; i < points_.size(); ++i) {
      if (auto outcome = outcome_at(study_, store_, i); outcome.status == plan::Status::ok) return outcome;
    }
    return {};
  }
  static bool is_real(const plan::Outcome& outcome, const std::string& name) {
    return std::any_of(outcome.observables.begin(), outcome.observables.end(), [&](const auto& o) {
      return o.first == name && std::holds_alternative<double>(o.second);
    });
  }

  const Study& study_;
  const ResultStore& store_;
  const EnsembleSpec& spec_;
  const plan::SampledPoints& points_;
};

std::vector<double> pick(const std::vector<double>& column, const std::vector<std::size_t>& rows,
                         std::size_t shift = 0) {
  std::vector<double> values;
  values.reserve(rows.size());
  for (const std::size_t row : rows) values.push_back(column[row + shift]);
  return values;
}

/// Members that are usable, and the reasons of the others.
std::vector<std::size_t> usable_members(const Table& table, std::size_t samples, Excluded& excluded) {
  std::vector<std::size_t> members;
  for (std::size_t i = 0; i < samples; ++i) {
    switch (table.status[i]) {
      case plan::Status::ok: break;
      case plan::Status::unconverged: ++excluded.unconverged; continue;
      case plan::Status::skipped: ++excluded.not_run; continue;
      case plan::Status::failed:
      case plan::Status::duplicate: ++excluded.failed; continue;
    }
    if (table.finite(i)) {
      members.push_back(i);
    } else {
      ++excluded.not_finite;
    }
  }
  return members;
}

struct Closest {
  double distance = 0.0;
  double limit = 0.0;  ///< below it two members agree
};

/// The two nearest members, by the quantity that tells members apart best. Among n random members the nearest
/// two are about sd / n^2 apart, so the limit falls with n: many members alone must not look like copies.
Closest closest_pair(const std::vector<std::vector<double>>& columns, const std::vector<double>& deviations) {
  Closest best;
  for (std::size_t q = 0; q < columns.size(); ++q) {
    auto column = columns[q];
    std::sort(column.begin(), column.end());
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 1; i < column.size(); ++i) least = std::min(least, column[i] - column[i - 1]);
    const auto n = static_cast<double>(column.size());
    const double limit = std::min(1e-9, 1e-3 * deviations[q] / (n * n));
    if (q == 0 || least * best.limit > best.distance * limit) best = {least, limit};
  }
  return best;
}

void add_sensitivities(Group& group, const Table& table, const Reader& reader) {
  const auto& design = reader.points().design();
  const std::size_t n = design.samples;
  std::vector<std::size_t> whole;
  for (std::size_t i = 0; i < n; ++i) {
    bool all = true;
    for (std::size_t block = 0; block < reader.points().blocks(); ++block)
      all = all && table.usable(i + block * n);
    if (all) whole.push_back(i);
  }
  group.design_members = whole.size();
  for (std::size_t q = 0; q < group.quantities.size(); ++q) {
    PickFreeze rows{pick(table.columns[q], whole), pick(table.columns[q], whole, n), {}};
    for (std::size_t j = 0; j < design.inputs.size(); ++j)
      rows.ab.push_back(pick(table.columns[q], whole, (j + 2) * n));
    group.quantities[q].sensitivities = sensitivities(rows, reader.spec().bootstrap);
  }
}

void add_statistics(Group& group, const Table& table, const Reader& reader) {
  const auto& design = reader.points().design();
  const auto members = usable_members(table, design.samples, group.excluded);
  group.used = members.size();
  group.conditions.push_back({"two members or more", group.used >= 2, static_cast<double>(group.used)});
  std::vector<std::vector<double>> columns;
  for (const auto& column : table.columns) columns.push_back(pick(column, members));
  if (group.used < 2 || columns.empty()) return;

  std::vector<std::vector<double>> inputs(design.inputs.size());
  for (const std::size_t member : members) {
    const auto row = reader.points().row(member);
    for (std::size_t j = 0; j < row.size(); ++j) inputs[j].push_back(as_real(row[j]));
  }
  double trace = 0.0;
  bool varies = false;
  for (std::size_t q = 0; q < columns.size(); ++q) {
    Quantity& quantity = group.quantities[q];
    quantity.column = column_statistics(columns[q], reader.spec().quantiles, reader.spec().bootstrap);
    for (std::size_t j = 0; j < inputs.size(); ++j) {
      if (!std::isnan(inputs[j][0]))
        quantity.input_correlation.emplace_back(design.inputs[j].name, correlation(inputs[j], columns[q]));
    }
    const double variance = quantity.column.variance.value;
    trace += variance;
    varies = varies || variance > std::pow(1e-13 * quantity.column.mean.value, 2);  // more than rounding
    group.covariance.emplace_back();
    for (std::size_t other = 0; other < columns.size(); ++other)
      group.covariance[q].push_back(covariance(columns[q], columns[other]));
  }
  std::vector<double> deviations;
  for (const auto& quantity : group.quantities) deviations.push_back(std::sqrt(quantity.column.variance.value));
  const auto closest = closest_pair(columns, deviations);
  group.conditions.push_back({"the quantities vary (covariance trace above 0)", varies, trace});
  group.conditions.push_back({"no two members agree", closest.distance > closest.limit, closest.distance});
  if (design.sensitivities) add_sensitivities(group, table, reader);
}

std::string column_name(const std::string& quantity, const Group& group) {
  std::string at;
  for (const auto& [name, value] : group.point) at += (at.empty() ? "" : ",") + name + "=" + value_text(value);
  return at.empty() ? quantity : quantity + "[" + at + "]";
}

void add_to_members(EnsembleResult& result, const Group& group, const Table& table) {
  for (const auto& name : table.names) result.columns.push_back(column_name(name, group));
  for (std::size_t i = 0; i < result.members.size(); ++i) {
    MemberRow& row = result.members[i];
    if (row.status == plan::Status::ok) row.status = table.status[i];
    for (const auto& column : table.columns) row.quantities.push_back(column[i]);
  }
}

}  // namespace

bool Group::conclusive() const {
  // Members that agree may be honest (a discrete input); no variance at all says nothing.
  return conditions.size() >= 2 && conditions[0].holds && conditions[1].holds;
}

bool EnsembleResult::conclusive() const {
  return std::any_of(groups.begin(), groups.end(), [](const Group& group) { return group.conclusive(); });
}

EnsembleResult ensemble_result(const Study& study, const ResultStore& store) {
  const Reader reader(study, store);
  const auto& points = reader.points();
  EnsembleResult result;
  for (std::size_t i = 0; i < points.design().samples; ++i)
    result.members.push_back({points.row(i), plan::Status::ok, {}});
  const auto finish = [&](Group group, const Table& table) {
    add_statistics(group, table, reader);
    add_to_members(result, group, table);
    result.groups.push_back(std::move(group));
  };
  std::vector<std::pair<std::string, std::string>> left_out;
  const auto names = reader.names(left_out);
  for (std::size_t p = 0; p < points.inner().size(); ++p) {
    Group group{.point = points.inner().at(p), .left_out = left_out};
    for (const auto& name : names) group.quantities.push_back({.name = name, .unit = reader.unit_of(name)});
    finish(std::move(group), reader.at_point(p, names));
  }
  if (!reader.spec().reductions.empty()) {
    Group group{.reduced = true};
    for (const auto& r : reader.spec().reductions)
      group.quantities.push_back({.name = r.name(), .unit = reader.unit_of(r), .formula = r.text()});
    finish(std::move(group), reader.reduced());
  }
  for (const auto& member : result.members) result.complete_members += member.status == plan::Status::ok;
  return result;
}

}  // namespace assay::run
