// The distribution of one uncertain input, sampled by its inverse distribution function: one uniform number in,
// one value out, so every sampling (random, Latin hypercube, Sobol) uses the same code.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/config.hpp"

namespace assay::plan {

/// Cuts of a normal or lognormal: at `sigmas` standard deviations on both sides (of the logarithm, for a
/// lognormal), or at values of the input. What lies outside is left out, and the rest is scaled up.
struct Truncation {
  std::optional<double> sigmas, min, max;
  [[nodiscard]] bool any() const { return sigmas || min || max; }
};

class Distribution {
 public:
  static Distribution uniform(double min, double max);
  static Distribution normal(double mean, double sd, Truncation cut = {});
  /// exp of a normal with mean ln(median) and standard deviation sigma.
  static Distribution lognormal(double median, double sigma, Truncation cut = {});
  /// Values of any type, integers and words too; weights need not add up to 1.
  static Distribution discrete(std::vector<Value> values, std::vector<double> weights = {});

  /// The short form of --input, without the name:
  ///   uniform:MIN,MAX  normal:MEAN,SD  truncated-normal:MEAN,SD,SIGMAS  truncated-normal:MEAN,SD,MIN,MAX
  ///   lognormal:MEDIAN,SIGMA  lognormal:MEDIAN,SIGMA,SIGMAS  discrete:V1,V2,...  discrete:V1@W1,V2@W2,...
  /// SD may be a share of the mean: normal:2.49,10%. Throws UserError that quotes the text.
  static Distribution parse(std::string_view text, const SourcePos& where = {});
  /// The table form: `table`.distribution = "normal", `table`.mean, ...; `table` is a dotted path. Takes its
  /// keys.
  static Distribution read(Config& config, const std::string& table);

  /// Inverse distribution function at 0 < u < 1; rises with u.
  [[nodiscard]] Value at_probability(double u) const;
  /// The same at u = Phi(z), without that detour where the distribution is an uncut (log)normal.
  [[nodiscard]] Value at_normal(double z) const;

  /// False for discrete ones, which may repeat a value.
  [[nodiscard]] bool continuous() const { return kind_ != Kind::discrete; }
  /// Every value a sample can have; two of them for a continuous one: the least and the largest.
  [[nodiscard]] std::vector<Value> extremes() const;
  /// Exact mean and standard deviation; NaN for values that are no numbers.
  [[nodiscard]] double mean() const;
  [[nodiscard]] double sd() const;
  /// The fields of the table form: enough to make the same distribution again.
  [[nodiscard]] const std::vector<std::pair<std::string, std::variant<Value, ValueList>>>& fields() const {
    return fields_;
  }

 private:
  enum class Kind { uniform, normal, lognormal, discrete };
  static Distribution gaussian(Kind kind, double centre, double spread, const Truncation& cut);
  [[nodiscard]] double z_of_probability(double u) const;

  Kind kind_ = Kind::uniform;
  double first_ = 0.0, second_ = 1.0;  ///< min and max; mean and sd; ln(median) and sigma
  bool cut_ = false;
  double low_ = 0.0, high_ = 0.0;              ///< cuts in standard deviations from the mean
  double low_share_ = 0.0, kept_share_ = 1.0;  ///< probability below the lower cut, and between the cuts
  std::vector<Value> values_;
  std::vector<double> cumulative_;  ///< of weights, the last is 1
  std::vector<std::pair<std::string, std::variant<Value, ValueList>>> fields_;
};

/// Words of the table form's `distribution` key.
const std::vector<std::string>& distribution_names();

}  // namespace assay::plan
