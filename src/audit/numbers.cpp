// Numbers that must be possible: times above zero, errors finite, estimates inside their intervals.
#include <cmath>
#include <nlohmann/json.hpp>

#include "audit/document.hpp"
#include "core/number.hpp"

namespace assay::audit {
namespace {

/// A number, or the text that stands for one; NaN for what is neither.
double number_in(const Json& value) {
  if (value.is_number()) return value.get<double>();
  if (value.is_string()) return parse_double(value.get<std::string>()).value_or(std::nan(""));
  return std::nan("");
}

void positive(const Json& value, const std::string& pointer, Reporter& report) {
  const double x = number_in(value);
  if (x > 0.0 && std::isfinite(x)) return;
  report.error("time-not-positive", pointer, "a time that cannot be", "above zero and finite",
               assay::to_text(value, 0), "measure again");
}

void check_measurement(const Json& m, const std::string& pointer, Reporter& report) {
  const bool time = m.value("unit", "") == "s";
  if (m.contains("samples") && m["samples"].contains("values") && time) {
    const Json& values = m["samples"]["values"];
    if (values.empty())
      report.error("no-samples", pointer + "/samples/values", "a measurement without samples");
    for (std::size_t i = 0; i < values.size(); ++i) {
      positive(values[i], pointer + "/samples/values/" + std::to_string(i), report);
    }
  }
  if (m.contains("estimate") && time) positive(m["estimate"], pointer + "/estimate", report);
  if (!m.contains("interval") || !m["interval"].is_array() || m["interval"].size() != 2) return;
  const double low = number_in(m["interval"][0]), high = number_in(m["interval"][1]);
  const double estimate = number_in(m.value("estimate", Json("nan")));
  if (low <= estimate && estimate <= high) return;
  report.error("interval", pointer + "/interval", "the estimate lies outside of its interval",
               "low <= estimate <= high",
               number_text(low) + ", " + number_text(estimate) + ", " + number_text(high));
}

/// Every "standard_error" below, wherever it stands: finite and not negative, when its value is finite.
void check_errors(const Json& value, const std::string& pointer, Reporter& report) {
  if (value.is_object()) {
    if (value.contains("standard_error") && value["standard_error"].is_primitive() && value.contains("value")) {
      const double error = number_in(value["standard_error"]);
      const bool quantile = value.contains("probability");  // infinite there: the sample does not reach so far
      const bool fine = (std::isfinite(error) && error >= 0.0) || !std::isfinite(number_in(value["value"])) ||
                        (quantile && error == std::numeric_limits<double>::infinity());
      if (!fine) {
        report.error("error-not-finite", pointer + "/standard_error", "a number without a usable error",
                     "finite and not negative", assay::to_text(value["standard_error"], 0));
      }
    }
    for (const auto& [key, below] : value.items()) {
      if (below.is_structured()) check_errors(below, pointer + "/" + key, report);
    }
  } else if (value.is_array() && !value.empty() && value[0].is_structured()) {
    for (std::size_t i = 0; i < value.size(); ++i)
      check_errors(value[i], pointer + "/" + std::to_string(i), report);
  }
}

}  // namespace

void check_numbers(const Json& document, Reporter& report) {
  if (document.contains("measurements")) {
    const Json& list = document["measurements"];
    for (std::size_t i = 0; i < list.size(); ++i) {
      check_measurement(list[i], "/measurements/" + std::to_string(i), report);
    }
  }
  if (document.contains("raw_samples") && document["raw_samples"].is_array()) {
    const Json& arms = document["raw_samples"];  // of a scaling measurement: one an arm
    for (std::size_t i = 0; i < arms.size(); ++i) {
      const Json wall = arms[i].value("wall_s", Json::array());
      const std::string pointer = "/raw_samples/" + std::to_string(i) + "/wall_s/";
      for (std::size_t k = 0; k < wall.size(); ++k) positive(wall[k], pointer + std::to_string(k), report);
    }
  }
  if (document.contains("raw_samples") && document["raw_samples"].contains("wall_s")) {
    const Json& wall = document["raw_samples"]["wall_s"];
    for (std::size_t i = 0; i < wall.size(); ++i)
      positive(wall[i], "/raw_samples/wall_s/" + std::to_string(i), report);
  }
  if (document.contains("statistics")) check_errors(document["statistics"], "/statistics", report);
}

}  // namespace assay::audit
