// Thick-restarted Arnoldi (Krylov-Schur) on exp(tau L), the exponential as a Chebyshev series.
// SPDX-License-Identifier: MIT
#include "workload/gk/krylov.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <stdexcept>

#include "workload/gk/aligned.hpp"
#include "workload/gk/dense.hpp"
#include "workload/gk/spectral_bound.hpp"

namespace assay::workload::gk {
namespace {

/// exp(tau L) = sum_k coefficient_k T_k((L - centre) / (i focus)), truncated.
struct ChebyshevExponential {
  double tau = 0.0, centre = 0.0, focus = 0.0;
  std::vector<double> coefficients;  // of i^k
};

/// J_0 .. J_{n-1} at x by Miller's backward recurrence.
std::vector<double> bessel_j(double x, int n) {
  const int start = n + 20 + static_cast<int>(std::sqrt(40.0 * n));
  std::vector<double> j(n, 0.0);
  double above = 0.0, here = 1e-250, sum = 0.0;
  for (int k = start; k >= 0; --k) {
    if (k < n) j[k] = here;
    sum += (k == 0 ? 1.0 : (k % 2 == 0 ? 2.0 : 0.0)) * here;
    const double below = 2.0 * k / x * here - above;
    above = here, here = below;
    if (std::abs(here) > 1e200) {
      for (auto& value : j) value *= 1e-200;
      above *= 1e-200, here *= 1e-200, sum *= 1e-200;
    }
  }
  for (auto& value : j) value /= sum;
  return j;
}

/// The ellipse is as high as the bound and spans -decay to 0; the series is cut where what it leaves out is
/// below 1e-9 of what a marginal mode is multiplied by. Nothing is lost to cancellation: on the right edge no
/// partial sum is larger than the result. Modes near the corners lie outside, where the cut is less sharp:
/// Solver::trusted checks the outcome.
ChebyshevExponential chebyshev_exponential(const SpectralBound& bound, double tau, double margin) {
  const double a = std::min(0.5 * bound.decay, 0.5 * bound.radius) + 1e-3 * bound.radius,
               b = margin * bound.radius;
  ChebyshevExponential e{.tau = tau, .centre = -a, .focus = std::sqrt(b * b - a * a)};
  const double growth = (a + b) / e.focus;
  const int enough = static_cast<int>(1.5 * tau * b) + 120;
  const auto j = bessel_j(tau * e.focus, enough);
  int degree = enough - 1;
  const double scale = tau * a;
  while (degree > 4 &&
         std::log(std::abs(j[degree]) + 1e-300) + degree * std::log(growth) - scale < std::log(1e-9)) {
    --degree;
  }

  for (int k = 0; k <= degree; ++k) e.coefficients.push_back((k == 0 ? 1.0 : 2.0) * j[k]);
  return e;
}

struct Leading {
  Complex lambda;
  double residual = 0.0;
  double growth_of_first = 0.0;  // Re of the Rayleigh quotient of the mode that exp(tau L) enlarges most
  double log_of_first = 0.0;     // log of how much it did
  std::vector<Complex> vector;
};

double norm(std::span<const Complex> x) {
  double sum = 0.0;
  for (const Complex& value : x) sum += std::norm(value);
  return std::sqrt(sum);
}

void scale(std::span<Complex> x, double factor) {
  for (auto& value : x) value *= factor;
}

class Solver {
 public:
  Solver(const Operator& op, const KrylovOptions& options)
      : op_(op), o_(options), n_(op.size()), size_(std::min<std::size_t>(options.dimension, n_ / 2)) {
    bound_ = bound_spectrum(op);
    exponential_ = chebyshev_exponential(bound_, o_.tau > 0.0 ? o_.tau : 250.0 / bound_.radius, margin_);
    basis_.resize(n_ * (size_ + 1));
    h_.assign((size_ + 1) * size_, 0.0);
    for (auto* x : {&image_, &previous_, &current_, &sum_}) x->resize(n_);
  }

  Eigenpair solve(std::span<const Complex> start) {
    Eigenpair result;
    start_from(start);
    for (;;) {
      extend();
      const Leading leading = restart();
      if (leading.residual <= o_.residual && !trusted(leading) && margin_ < 4.0) {
        widen(leading);
        continue;
      }
      result.lambda = leading.lambda, result.residual = leading.residual;
      result.converged = leading.residual <= o_.residual && trusted(leading);
      const bool go_on = !o_.progress || o_.progress({applications_, 0.0, leading.lambda, leading.residual});
      const bool spent = applications_ >= o_.max_applications;
      if (result.converged || !go_on || spent || !std::isfinite(leading.residual)) {
        return finished(std::move(result), leading, go_on);
      }
    }
  }

 private:
  std::span<Complex> column(std::size_t j) { return {basis_.data() + j * n_, n_}; }

  void apply_l(std::span<const Complex> x, std::span<Complex> out) {
    apply(op_, o_.tier, x, out, work_);
    ++applications_;
  }

  void start_from(std::span<const Complex> x) {
    std::copy(x.begin(), x.end(), column(0).begin());
    scale(column(0), 1.0 / norm(column(0)));
    kept_ = 0;
    std::fill(h_.begin(), h_.end(), 0.0);
  }

  /// sum_ = exp(tau (L - centre)) x, by the three-term recurrence t_{k+1} = 2 X t_k - t_{k-1}, X = (L -
  /// centre)/(i focus).
  void exponentiate(std::span<const Complex> x) {
    const auto& e = exponential_;
    for (std::size_t i = 0; i < n_; ++i)
      current_[i] = x[i], sum_[i] = e.coefficients[0] * x[i], previous_[i] = 0.0;
    for (std::size_t k = 1; k < e.coefficients.size(); ++k) {
      apply_l(current_, image_);
      const double factor = (k == 1 ? 1.0 : 2.0) / e.focus;
      // i^k times the coefficient is real or imaginary: two real factors, one of them zero.
      const double c = e.coefficients[k] * ((k / 2) % 2 == 0 ? 1.0 : -1.0);
      const double re = k % 2 == 0 ? c : 0.0, im = k % 2 == 0 ? 0.0 : c;
      for (std::size_t i = 0; i < n_; ++i) {
        const Complex shifted = image_[i] - e.centre * current_[i];
        const Complex next(factor * shifted.imag() - previous_[i].real(),
                           -factor * shifted.real() - previous_[i].imag());
        sum_[i] += Complex(re * next.real() - im * next.imag(), re * next.imag() + im * next.real());
        previous_[i] = next;
      }
      std::swap(current_, previous_);
    }
  }

  /// Arnoldi steps up to the full dimension; Gram-Schmidt twice.
  void extend() {
    std::vector<Complex> coefficients(size_ + 1);
    for (std::size_t j = kept_; j < size_; ++j) {
      exponentiate(column(j));
      for (int pass = 0; pass < 2; ++pass) {
        const int count = static_cast<int>(j) + 1;
        project(basis_.data(), n_, count, sum_.data(), coefficients.data());
        subtract(basis_.data(), n_, count, coefficients.data(), sum_.data());
        for (int i = 0; i < count; ++i) h_[j * (size_ + 1) + i] += coefficients[i];
      }
      const double length = norm(sum_);
      h_[j * (size_ + 1) + j + 1] = length;
      std::copy(sum_.begin(), sum_.end(), column(j + 1).begin());
      scale(column(j + 1), 1.0 / length);
    }
  }

  /// Keeps the leading Schur vectors of exp(tau L) and returns the most unstable Ritz pair of L among them.
  Leading restart() {
    const int m = static_cast<int>(size_), keep = std::min(o_.kept, m - 2);
    std::vector<Complex> square(static_cast<std::size_t>(m) * m);
    for (int j = 0; j < m; ++j) std::copy_n(h_.begin() + j * (m + 1), m, square.begin() + j * m);
    const auto schur = dense_schur_by_modulus(square, m, keep);
    std::vector<Complex> vectors(n_ * keep);
    multiply(basis_.data(), n_, m, schur.q.data(), keep, vectors.data());
    std::vector<Complex> last(keep);
    for (int j = 0; j < keep; ++j) {
      for (int i = 0; i < m; ++i) last[j] += h_[i * (m + 1) + m] * schur.q[static_cast<std::size_t>(j) * m + i];
    }
    std::copy(vectors.begin(), vectors.end(), basis_.begin());
    std::copy_n(basis_.begin() + n_ * m, n_, basis_.begin() + n_ * keep);
    std::fill(h_.begin(), h_.end(), 0.0);
    for (int j = 0; j < keep; ++j) {
      for (int i = 0; i <= j; ++i) h_[j * (m + 1) + i] = schur.t[static_cast<std::size_t>(j) * m + i];
      h_[j * (m + 1) + keep] = last[j];
    }
    kept_ = keep;
    Leading leading = rayleigh_ritz(std::min(keep, 4));
    leading.log_of_first = std::log(std::abs(schur.t[0]));
    return leading;
  }

  /// L projected on the first `count` basis vectors.
  Leading rayleigh_ritz(int count) {
    std::vector<Complex> images(n_ * count), small(static_cast<std::size_t>(count) * count);
    for (int j = 0; j < count; ++j) {
      apply_l(column(j), std::span(images).subspan(j * n_, n_));
      project(basis_.data(), n_, count, images.data() + j * n_, small.data() + j * count);
    }
    const auto eigen = dense_eigen(small, count, EigenVectors::yes);
    int best = 0;
    Leading leading{.growth_of_first = small[0].real()};
    for (int j = 1; j < count; ++j) {
      if (eigen.values[j].real() > eigen.values[best].real()) best = j;
    }
    leading.lambda = eigen.values[best];
    leading.vector.resize(n_);
    std::vector<Complex> image(n_);
    multiply(basis_.data(), n_, count, eigen.vectors.data() + best * count, 1, leading.vector.data());
    multiply(images.data(), n_, count, eigen.vectors.data() + best * count, 1, image.data());
    const double length = norm(image);
    for (std::size_t i = 0; i < n_; ++i) image[i] -= leading.lambda * leading.vector[i];
    leading.residual = norm(image) / length;
    return leading;
  }

  /// Whether the series was the exponential for the mode that it enlarged most. A mode that escaped the ellipse
  /// is enlarged beyond its growth rate; anything truly more unstable would have been enlarged still more.
  [[nodiscard]] bool trusted(const Leading& leading) const {
    const double expected = exponential_.tau * (leading.growth_of_first - exponential_.centre);
    return std::abs(leading.log_of_first - expected) < 1e-3;
  }

  void widen(const Leading& leading) {
    margin_ *= 1.3;
    exponential_ = chebyshev_exponential(bound_, exponential_.tau, margin_);
    start_from(leading.vector);
  }

  Eigenpair finished(Eigenpair result, const Leading& leading, bool go_on) {
    result.operator_applications = applications_;
    result.state = leading.vector;
    result.phi = solve_fields(op_, leading.vector, work_).phi;
    normalise_at_maximum(result.phi);
    if (result.converged) return result;
    char text[120];
    std::snprintf(text, sizeof text, "residual %.2e after %ld applications, asked for %.2e", leading.residual,
                  applications_, o_.residual);
    result.unconverged_because = go_on ? text : "stopped by the caller";
    if (go_on && leading.residual <= o_.residual)
      result.unconverged_because = "the spectrum is higher than its bound";
    return result;
  }

  const Operator& op_;
  const KrylovOptions& o_;
  std::size_t n_, size_;
  SpectralBound bound_;
  double margin_ = 1.0;  // ellipse height over the bound
  ChebyshevExponential exponential_;
  std::size_t kept_ = 0;
  long applications_ = 0;
  std::vector<Complex> h_;
  AlignedState basis_, image_, previous_, current_, sum_;
  Workspace work_;
};

/// Fixed pseudo-random numbers in [-1, 1] (SplitMix64): the same start on every machine.
double noise(std::uint64_t index) {
  std::uint64_t x = (index + 1) * 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return static_cast<double>((x ^ (x >> 31)) >> 11) * 0x1.0p-52 - 1.0;
}

}  // namespace

Eigenpair solve_krylov(const Operator& op, std::span<const Complex> guess, const KrylovOptions& options) {
  if (guess.size() != op.size()) throw std::invalid_argument("the guess must have the size of the operator");
  if (options.dimension < 6 || op.size() < 12)
    throw std::invalid_argument("the Krylov route needs 6 vectors or more");
  return Solver(op, options).solve(guess);
}

Eigenpair solve_krylov(const Spec& spec, const KrylovOptions& options) {
  const Operator op = make_operator(spec, options.op);
  auto start = gaussian_state(op, 1.0);
  double length = 0.0;
  for (const Complex& x : start) length += std::norm(x);
  const double amplitude = 0.01 * std::sqrt(length / static_cast<double>(op.size()));
  for (std::size_t i = 0; i < start.size(); ++i)
    start[i] += amplitude * Complex(noise(2 * i), noise(2 * i + 1));
  return solve_krylov(op, start, options);
}

}  // namespace assay::workload::gk
