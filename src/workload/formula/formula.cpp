#include "workload/formula/formula.hpp"

#include <cmath>

#include "core/expression.hpp"

namespace assay::workload::formula {
namespace {

struct Line {
  std::string name;
  Expression expression;
};

class Formula final : public Workload {
 public:
  Formula(ParameterSet parameters, std::vector<Line> lines)
      : Workload(std::move(parameters)), lines_(std::move(lines)) {}
  [[nodiscard]] std::string_view name() const override { return "formula"; }

  [[nodiscard]] std::vector<Observable> observables() const override {
    std::vector<Observable> all;
    for (const auto& line : lines_) {
      all.push_back(
          {line.name, "1", "bitwise", line.expression.text() + "; one fixed sequence of operations", false});
    }
    return all;
  }
  [[nodiscard]] std::size_t bytes_per_task(const ParameterSet&) const override { return 1024; }
  [[nodiscard]] double work(const ParameterSet&) const override { return static_cast<double>(lines_.size()); }

  plan::Outcome evaluate(const plan::Task& task, std::stop_token) const override {
    const ParameterSet inputs = resolve(task.point);
    std::vector<double> values;
    for (const auto& p : inputs.table().all()) {
      if (p.key.rfind("variables.", 0) == 0) values.push_back(inputs.real(p.key));
    }
    plan::Outcome outcome;
    outcome.status = plan::Status::ok;
    for (const auto& line : lines_) {
      const double y = line.expression.evaluate(values);
      outcome.observables.emplace_back(line.name, y);
      if (std::isfinite(y)) continue;
      outcome.status = plan::Status::failed;
      outcome.message = "\"" + line.name + "\" is not finite here";
    }
    return outcome;
  }

 private:
  std::vector<Line> lines_;
};

/// Each key of [variables] is a parameter under its own name; each key of [formula] is text.
std::unique_ptr<Workload> make(Config& config) {
  auto table = std::make_shared<ParameterTable>();
  std::vector<std::string> variables;
  for (const ConfigEntry* entry : config.take_all("variables")) {
    const std::string name = entry->key.substr(std::string("variables.").size());
    variables.push_back(name);
    table->add(
        {.key = entry->key, .alias = name, .fallback = 0.0, .unit = "1", .doc = "variable of the formulas"});
  }
  std::vector<Line> lines;
  for (const ConfigEntry* entry : config.take_all("formula")) {
    const std::string name = entry->key.substr(std::string("formula.").size());
    const Value* value = entry->scalar();
    const auto* text = value != nullptr ? std::get_if<std::string>(value) : nullptr;
    if (text == nullptr)
      throw entry->bad_value("bad value for \"" + entry->key + "\"", "a formula as text in quotes");
    lines.push_back({name, Expression::parse(*text, variables, entry->value_pos)});
    table->add(
        {.key = entry->key, .alias = "", .fallback = *text, .unit = "", .doc = "formula", .choices = {*text}});
  }
  if (lines.empty()) {
    throw UserError(Problem{
        .what = "no formulas",
        .where = {config.name(), 0, 0},
        .expected = "a table [formula] with lines such as y = \"sin(x)\", and [variables] with x = 0.0"});
  }
  ParameterSet parameters = ParameterSet::read(config, std::move(table));
  return std::make_unique<Formula>(std::move(parameters), std::move(lines));
}

std::shared_ptr<const ParameterTable> parameters() {
  auto table = std::make_shared<ParameterTable>();
  table->add({.key = "variables.x",
              .alias = "x",
              .fallback = 1.0,
              .unit = "1",
              .doc = "a variable; add as many as the formulas need"});
  table->add({.key = "formula.y",
              .alias = "",
              .fallback = std::string("sin(x)"),
              .unit = "",
              .doc = "an observable; + - * / ^, comparisons, sin cos exp log sqrt abs min max ..."});
  return table;
}

}  // namespace

Kind kind() {
  return {"formula", "formulas of named variables: surrogate models, trials of plans and samplings", make,
          parameters, "x = \"0:3.141592653589793:5\""};
}

}  // namespace assay::workload::formula
