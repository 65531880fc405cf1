#include "plan/correlation.hpp"

#include <algorithm>
#include <cmath>

#include "core/number.hpp"
#include "core/suggest.hpp"

namespace assay::plan {
namespace {

std::string text_of(const CorrelatedPair& pair) {
  return "\"" + pair.first + "," + pair.second + "\" = " + number_text(pair.value);
}

std::size_t index_of(const std::string& name, const std::vector<std::string>& names,
                     const CorrelatedPair& pair) {
  const auto it = std::find(names.begin(), names.end(), name);
  if (it != names.end()) return static_cast<std::size_t>(it - names.begin());
  throw UserError(Problem{.what = "correlation " + text_of(pair) + " names \"" + name + "\", which is no input",
                          .where = pair.where,
                          .expected = one_of(name, names)});
}

/// The pair written last among those that must give way, with the pairs that it cannot hold together with.
[[noreturn]] void not_positive(const std::vector<CorrelatedPair>& pairs, const std::string& name,
                               const std::vector<std::string>& earlier) {
  const CorrelatedPair* blamed = nullptr;
  std::string others;
  const auto among = [&](const std::string& x) {
    return x == name || std::find(earlier.begin(), earlier.end(), x) != earlier.end();
  };
  for (const auto& pair : pairs) {
    const bool involved = pair.first == name || pair.second == name;
    if (involved && (blamed == nullptr || std::fabs(pair.value) >= std::fabs(blamed->value))) blamed = &pair;
  }
  for (const auto& pair : pairs) {
    if (&pair == blamed || !among(pair.first) || !among(pair.second)) continue;
    others += (others.empty() ? "" : ", ") + text_of(pair);
  }
  throw UserError(Problem{.what = "correlation " + text_of(*blamed) + " cannot hold together with " + others,
                          .where = blamed->where,
                          .expected = "a positive definite correlation matrix",
                          .hint = "bring it nearer to the product of the others, or make them weaker"});
}

}  // namespace

Correlation::Correlation(const std::vector<std::string>& names, const std::vector<CorrelatedPair>& pairs)
    : inputs_(names.size()) {
  if (pairs.empty()) return;
  const std::size_t n = inputs_;
  std::vector<double> r(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) r[i * n + i] = 1.0;
  touched_.assign(n, false);
  for (const auto& pair : pairs) {
    const std::size_t i = index_of(pair.first, names, pair), j = index_of(pair.second, names, pair);
    const Problem problem{.what = "correlation " + text_of(pair), .where = pair.where};
    if (i == j) throw UserError(Problem{.what = problem.what + " names one input twice", .where = pair.where});
    if (!(std::fabs(pair.value) < 1.0))
      throw UserError(Problem{.what = problem.what,
                              .where = pair.where,
                              .expected = "a number between -1 and 1, both "
                                          "excluded"});
    if (r[i * n + j] != 0.0)
      throw UserError(Problem{.what = problem.what + " is given twice", .where = pair.where});
    r[i * n + j] = r[j * n + i] = pair.value;
    touched_[i] = touched_[j] = true;
  }
  factor_.assign(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double rest = r[i * n + j];
      for (std::size_t k = 0; k < j; ++k) rest -= factor_[i * n + k] * factor_[j * n + k];
      if (i != j) {
        factor_[i * n + j] = rest / factor_[j * n + j];
        continue;
      }
      if (!(rest > 1e-12))
        not_positive(pairs, names[i], {names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i)});
      factor_[i * n + i] = std::sqrt(rest);
    }
  }
}

}  // namespace assay::plan
