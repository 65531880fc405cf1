// SPDX-License-Identifier: MIT
#include "run/recheck.hpp"

#include <algorithm>

#include "evidence/outcome_text.hpp"

namespace assay::run {
namespace {

const plan::ObservableValue* value_of(const plan::Outcome& outcome, const std::string& name) {
  for (const auto& [key, value] : outcome.observables) {
    if (key == name) return &value;
  }
  return nullptr;
}

/// The value as the journal has it, which keeps every bit and every type apart.
std::string text_of(const plan::ObservableValue* value) {
  if (value == nullptr) return "nothing";
  std::string text;
  evidence::append_value(text, *value);
  return text;
}

std::string shown(const plan::ObservableValue* value) {
  const std::string text = text_of(value);
  return text.size() > 60 ? text.substr(0, 57) + "..." : text;
}

}  // namespace

Recheck::Recheck(const Study& study, const ResultStore& store) : store_(store) {
  for (const auto& o : study.workload().observables()) {
    if (o.tolerance != "statistical") exact_.push_back(o.name);
  }
}

void Recheck::accept(std::size_t index, plan::Outcome outcome) {
  const plan::Outcome before = store_.at(index);
  std::vector<std::string> lines;
  if (outcome.status != before.status) {
    lines.push_back("status " + std::string(plan::name_of(before.status)) + " before, " +
                    std::string(plan::name_of(outcome.status)) + " now: " + outcome.message);
  } else {
    for (const auto& name : exact_) {
      const auto *was = value_of(before, name), *is = value_of(outcome, name);
      if (text_of(was) != text_of(is))
        lines.push_back(name + " " + shown(was) + " before, " + shown(is) + " now");
    }
  }
  const std::lock_guard lock(mutex_);
  ++checked_;
  for (auto& line : lines) found_.emplace_back(index, "task " + std::to_string(index) + ": " + line);
}

std::vector<std::string> Recheck::differences() const {
  const std::lock_guard lock(mutex_);
  auto sorted = found_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> lines;
  for (auto& [index, line] : sorted) lines.push_back(std::move(line));
  return lines;
}

std::size_t Recheck::checked() const {
  const std::lock_guard lock(mutex_);
  return checked_;
}

const engine::Engine& recheck_engine(const engine::Engine& usual) {
  // The floor, but for what the floor itself has run.
  return engine::get(usual.name() == "serial" ? "tbb" : "serial");
}

}  // namespace assay::run
