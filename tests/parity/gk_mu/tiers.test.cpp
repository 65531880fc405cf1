// The host tier of the moment elimination equals the floor, and both invert what they were given.
#include <algorithm>
#include <barrier>
#include <catch2/catch.hpp>
#include <cmath>
#include <complex>
#include <limits>
#include <random>
#include <thread>
#include <vector>

#include "kernels/gk_mu/batch.hpp"

using namespace assay::kernels::gk_mu;
using Complex = std::complex<double>;

namespace {

constexpr double unwritten = std::numeric_limits<double>::quiet_NaN();

// A line with random tables: damping positive semidefinite, everything else of any sign.
struct RandomLine {
  std::vector<double> stream, kz[2], hyper, curvature[2], grad_b[2], sponge[2], mirror;
  Line view;

  RandomLine(int n0, int n1, int nm, unsigned seed) {
    std::mt19937 generator(seed);
    std::normal_distribution<double> normal;
    const auto fill = [&](std::vector<double>& v, int count) {
      v.resize(count);
      for (double& x : v) x = normal(generator);
    };
    view.nm = nm;
    view.paired = std::min(n0, n1);
    fill(stream, n0 * n1);
    fill(mirror, view.paired);
    for (int m = 0; m < nm; ++m) hyper.push_back(m > 2 ? 0.02 * m : 0.0);
    for (int a = 0; a < 2; ++a) {
      const int n = view.n[a] = a == 0 ? n0 : n1;
      fill(curvature[a], n);
      fill(grad_b[a], n);
      fill(sponge[a], n);
      for (double& x : sponge[a]) x = std::abs(x);
      std::vector<double> half;
      fill(half, n * n);
      kz[a].assign(static_cast<std::size_t>(n) * n, 0.0);
      for (int i = 0; i < n; ++i) {
        for (int j = 0; j < n; ++j) {
          for (int k = 0; k < n; ++k) kz[a][i * n + j] += half[i * n + k] * half[j * n + k] / n;
        }
      }
      view.curvature[a] = curvature[a].data();
      view.grad_b[a] = grad_b[a].data();
      view.sponge[a] = sponge[a].data();
      view.kz_abs[a] = kz[a].data();
    }
    view.stream = stream.data();
    view.hyper = hyper.data();
    view.mirror = mirror.data();
  }

  // Row m, i of (lambda - A) x, from the entries alone.
  [[nodiscard]] Complex row(Pair lambda, const Moments& x, int m, int i) const {
    const auto at = [&](int k, int j) { return Complex{x.re[k * x.ld + j], x.im[k * x.ld + j]}; };
    const Pair d = diagonal(view, lambda, m, i);
    Complex sum = Complex{d.re, d.im} * at(m, i);
    for (int j = 0; j < view.n[m & 1]; ++j) sum += damping(view, m, i, j) * at(m, j);
    for (int j = 0; j < view.n[(m + 1) & 1]; ++j) {
      if (m + 1 < view.nm) sum += raise(view, m, i, j) * at(m + 1, j);
      if (m > 0) sum -= raise(view, m - 1, j, i) * at(m - 1, j);
    }
    if (m + 2 < view.nm) sum += Complex{0.0, skip(view, m, i)} * at(m + 2, i);
    if (m > 1) sum += Complex{0.0, skip(view, m - 2, i)} * at(m - 2, i);
    return sum;
  }
};

struct Storage {
  std::vector<double> data, scratch;
  Factor factor;
  Storage(const Line& line, int kept) {
    factor.rows = std::max(line.n[0], line.n[1]);
    factor.ld = padded(factor.rows);
    factor.kept = kept;
    data.assign(factor_size(factor.rows, kept), unwritten);
    scratch.assign(scratch_size(factor.rows), unwritten);
    factor.data = data.data();
  }
};

struct Difference {
  double largest = 0.0, error = 0.0;
};

Difference compare(const Line& line, const Factor& a, const Factor& b, int moments) {
  Difference d;
  for (int m = 0; m < moments; ++m) {
    for (int which = 0; which < (m == 0 ? 1 : 2); ++which) {
      const Matrix x = a.at(m, which);
      const Matrix y = b.at(m, which);
      for (int i = 0; i < line.n[m & 1]; ++i) {
        for (int j = 0; j < line.n[(m + which) & 1]; ++j) {
          const Complex p{x.re[i * x.ld + j], x.im[i * x.ld + j]};
          const Complex q{y.re[i * y.ld + j], y.im[i * y.ld + j]};
          d.largest = std::max(d.largest, std::abs(p));
          d.error = std::abs(p - q) <= d.error ? d.error : std::abs(p - q);
        }
      }
    }
  }
  return d;
}

struct Shape {
  int n0, n1, nm;
};
const Shape shapes[] = {{1, 1, 4},   {2, 1, 5},    {8, 8, 6},   {9, 7, 7},
                        {16, 17, 5}, {19, 17, 12}, {31, 29, 9}, {49, 47, 6}};
constexpr Pair lambda{0.1, -0.3};

void solve_floor(const Line& line, const Factor& factor, int top, const Moments& x, double* scratch) {
  descend_floor(line, factor, top, x, scratch);
  ascend_floor(line, factor, top, line.nm, x, scratch);
}

}  // namespace

TEST_CASE("elimination host equals floor") {
  for (const Shape& s : shapes) {
    CAPTURE(s.n0, s.n1, s.nm);
    const RandomLine line(s.n0, s.n1, s.nm, 7);
    Storage floor(line.view, s.nm), host(line.view, s.nm), short_host(line.view, 4);
    eliminate_floor(line.view, lambda, floor.factor, floor.scratch.data());
    eliminate_host(line.view, lambda, host.factor, host.scratch.data());
    eliminate_host(line.view, lambda, short_host.factor, short_host.scratch.data());
    const Difference d = compare(line.view, floor.factor, host.factor, s.nm);
    REQUIRE(std::isfinite(d.largest));
    CHECK(d.largest > 1e-3);
    CHECK(d.error <= 1e-10 * d.largest);
    CHECK(compare(line.view, host.factor, short_host.factor, 4).error == 0.0);
  }
}

TEST_CASE("solves of both tiers invert lambda - A") {
  for (const Shape& s : shapes) {
    for (int top : {s.nm - 1, 2}) {
      CAPTURE(s.n0, s.n1, s.nm, top);
      const RandomLine line(s.n0, s.n1, s.nm, 11);
      Storage floor(line.view, s.nm), host(line.view, s.nm);
      eliminate_floor(line.view, lambda, floor.factor, floor.scratch.data());
      eliminate_host(line.view, lambda, host.factor, host.scratch.data());
      const int ld = floor.factor.ld;
      std::vector<double> right(2 * static_cast<std::size_t>(s.nm) * ld, 0.0);
      std::mt19937 generator(3);
      std::normal_distribution<double> normal;
      for (int m = 0; m <= top; ++m) {
        for (int i = 0; i < line.view.n[m & 1]; ++i) {
          right[m * ld + i] = normal(generator);
          right[(s.nm + m) * ld + i] = normal(generator);
        }
      }
      std::vector<double> x = right, y = right;
      const Moments xs{x.data(), x.data() + s.nm * ld, ld};
      const Moments ys{y.data(), y.data() + s.nm * ld, ld};
      descend_floor(line.view, floor.factor, top, xs, floor.scratch.data());
      descend_host(line.view, host.factor, top, ys, host.scratch.data());
      std::vector<double> low = y;  // the first moments alone: what the fields are taken from
      const Moments lows{low.data(), low.data() + s.nm * ld, ld};
      ascend_host(line.view, host.factor, top, 2, lows, host.scratch.data());
      ascend_floor(line.view, floor.factor, top, s.nm, xs, floor.scratch.data());
      ascend_host(line.view, host.factor, top, s.nm, ys, host.scratch.data());
      for (int k = 0; k < 2 * ld; ++k) CHECK((lows.re[k] == ys.re[k] && lows.im[k] == ys.im[k]));
      for (int m = 0; m < s.nm; ++m) {
        for (int i = 0; i < line.view.n[m & 1]; ++i) {
          const Complex b{right[m * ld + i], right[(s.nm + m) * ld + i]};
          CHECK(std::abs(line.row(lambda, xs, m, i) - b) < 1e-10);
          CHECK(std::abs(line.row(lambda, ys, m, i) - b) < 1e-10);
        }
        for (int i = line.view.n[m & 1]; i < ld; ++i) CHECK(y[m * ld + i] == 0.0);
      }
    }
  }
}

TEST_CASE("the product accumulates a plain and a transposed operand") {
  const int n = 11;
  const int ld = padded(n);
  std::mt19937 generator(5);
  std::normal_distribution<double> normal;
  std::vector<double> storage(6 * static_cast<std::size_t>(n) * ld, 0.0);
  const auto matrix = [&](int k) {
    return Matrix{storage.data() + 2 * k * n * ld, storage.data() + (2 * k + 1) * n * ld, ld};
  };
  for (int k = 0; k < 3; ++k) {
    for (int i = 0; i < n; ++i) {
      for (int j = 0; j < n; ++j) {
        matrix(k).re[i * ld + j] = normal(generator);
        matrix(k).im[i * ld + j] = normal(generator);
      }
    }
  }
  const auto get = [&](const Matrix& a, int i, int j) { return Complex{a.re[i * ld + j], a.im[i * ld + j]}; };
  for (Operand shape : {Operand::plain, Operand::transposed}) {
    const std::vector<double> before(storage.begin(), storage.begin() + 2 * n * ld);
    multiply_add_host(matrix(0), n, n, -2.0, matrix(1), shape, n, matrix(2));
    for (int i = 0; i < n; ++i) {
      for (int j = 0; j < n; ++j) {
        Complex sum{before[i * ld + j], before[n * ld + i * ld + j]};
        for (int k = 0; k < n; ++k) {
          sum -= 2.0 * (shape == Operand::plain ? get(matrix(1), i, k) : get(matrix(1), k, i)) *
                 get(matrix(2), k, j);
        }
        CHECK(std::abs(get(matrix(0), i, j) - sum) < 1e-12);
      }
    }
  }
}

TEST_CASE("the body of the device tier equals the floor, run by a team of one") {
  for (const Shape& s : shapes) {
    for (int kept : {s.nm, 4}) {
      CAPTURE(s.n0, s.n1, s.nm, kept);
      const RandomLine line(s.n0, s.n1, s.nm, 13);
      Storage floor(line.view, s.nm);
      const BatchPlan plan = plan_batch(3, floor.factor.rows, kept, std::size_t{1} << 30);
      std::vector<double> factors(plan.factor_stride * 3, unwritten), scratch(plan.scratch_stride, unwritten);
      const Factor third = batch_factor(factors.data(), plan.factor_stride, 2, floor.factor.rows, kept);
      eliminate_floor(line.view, lambda, floor.factor, floor.scratch.data());
      eliminate_team(Alone{}, line.view, lambda, third, scratch.data());
      const Difference d = compare(line.view, floor.factor, third, std::min(kept, s.nm));
      CHECK(d.largest > 1e-3);
      CHECK(d.error <= 1e-10 * d.largest);
      CHECK(std::isnan(factors[plan.factor_stride * 2 - 1]));  // its neighbour was left alone
    }
  }
}

namespace {

/// Threads that share one line, as a block of a device does.
struct Crew {
  int rank_, size_;
  std::barrier<>* meeting;
  [[nodiscard]] int rank() const { return rank_; }
  [[nodiscard]] int size() const { return size_; }
  void barrier() const { meeting->arrive_and_wait(); }
};

template <class Work>
void run_crew(int size, Work work) {
  std::barrier<> meeting(size);
  std::vector<std::jthread> threads;
  for (int rank = 0; rank < size; ++rank) threads.emplace_back([&, rank] { work(Crew{rank, size, &meeting}); });
}

}  // namespace

TEST_CASE("a team of threads solves what the floor solves, whatever the parts of its sums") {
  for (const Shape& s : {shapes[1], shapes[2], shapes[3]}) {
    for (const int size : {1, 5, 3 * padded(std::max(s.n0, s.n1))}) {
      CAPTURE(s.n0, s.n1, s.nm, size);
      const RandomLine line(s.n0, s.n1, s.nm, 21);
      Storage floor(line.view, s.nm), team(line.view, s.nm);
      eliminate_floor(line.view, lambda, floor.factor, floor.scratch.data());
      std::vector<double> scratch(
          team_scratch_size(team.factor.rows) + team_solve_scratch_size(team.factor.rows), unwritten);
      run_crew(size,
               [&](const Crew& crew) { eliminate_team(crew, line.view, lambda, team.factor, scratch.data()); });
      const int ld = floor.factor.ld;
      for (const int top : {s.nm - 1, std::min(2, s.nm - 1)}) {
        std::vector<double> a(2UL * s.nm * ld, 0.0);
        for (int m = 0; m <= top; ++m) {
          for (int i = 0; i < line.view.n[m & 1]; ++i) {
            a[m * ld + i] = std::sin(1.0 + m + 3.0 * i);
            a[(s.nm + m) * ld + i] = std::cos(2.0 * m - i);
          }
        }
        std::vector<double> b = a;
        const auto planes = [&](std::vector<double>& x) { return Moments{x.data(), x.data() + s.nm * ld, ld}; };
        solve_floor(line.view, floor.factor, top, planes(a), floor.scratch.data());
        run_crew(size, [&](const Crew& crew) {
          solve_team(crew, line.view, team.factor, top, planes(b), scratch.data());
        });
        double largest = 0.0, error = 0.0;
        for (int m = 0; m < s.nm; ++m) {
          for (int i = 0; i < line.view.n[m & 1]; ++i) {
            for (const int at : {m * ld + i, (s.nm + m) * ld + i}) {
              largest = std::max(largest, std::abs(a[at]));
              error = std::max(error, std::abs(a[at] - b[at]));
            }
          }
        }
        CHECK(largest > 1e-3);
        CHECK(error <= 1e-10 * largest);
      }
    }
  }
}

TEST_CASE("an emulated pass does each line with its own lambda and leaves the others alone") {
  const RandomLine one(5, 4, 6, 3), two(5, 4, 6, 4);
  const Line lines[] = {one.view, two.view};
  const Pair lambdas[] = {lambda, {lambda.re + 0.2, lambda.im}};
  const BatchPlan plan = plan_batch(3, 5, 6, std::size_t{1} << 30);
  std::vector<double> factors(plan.factor_stride * 3, unwritten), scratch(plan.scratch_stride * 3, unwritten);
  const LinePass pass{lines, lambdas, 2, 5, 6, factors.data(), scratch.data()};
  CHECK(eliminate_emulated(plan, pass, nullptr) == 0);
  std::vector<double> states(2UL * 2 * 6 * 8, 0.0);
  for (std::size_t i = 0; i < states.size(); ++i)
    states[i] = i % 8 < 4 ? std::sin(0.7 * static_cast<double>(i)) : 0.0;
  std::vector<double> expected = states;
  CHECK(solve_emulated(plan, pass, 5, states.data(), nullptr) == 0);
  for (int k = 0; k < 2; ++k) {
    const RandomLine& line = k == 0 ? one : two;
    Storage floor(line.view, 6);
    eliminate_floor(line.view, lambdas[k], floor.factor, floor.scratch.data());
    solve_floor(line.view, floor.factor, 5, batch_moments(expected.data(), line.view, k, 8),
                floor.scratch.data());
  }
  for (std::size_t i = 0; i < states.size(); ++i) CHECK(states[i] == Approx(expected[i]).margin(1e-10));
  CHECK(std::isnan(factors[plan.factor_stride * 2]));
}

TEST_CASE("working matrices go into shared memory where they fit") {
  CHECK(shared_scratch_bytes(31, 227 << 10) == team_scratch_size(31) * sizeof(double));
  CHECK(shared_scratch_bytes(31, 227 << 10) <= std::size_t{227} << 10);
  CHECK(shared_scratch_bytes(96, 227 << 10) == 0);
  CHECK(plan_batch(1, 2, 4, 1 << 20).scratch_stride >= team_solve_scratch_size(2));
  CHECK(low_moments_size(31) <= factor_size(31, 4));
}

TEST_CASE("a batch is cut into passes that fit") {
  const BatchPlan all = plan_batch(16 * 40, 31, 24, std::size_t{64} << 30);
  CHECK(all.passes == 1);
  CHECK(all.lines_a_pass == 640);
  const BatchPlan tight = plan_batch(640, 31, 24, all.bytes_a_pass / 640 * 100 + 5);
  CHECK(tight.lines_a_pass == 100);
  CHECK(tight.passes == 7);
  CHECK(tight.bytes_a_pass <= all.bytes_a_pass / 640 * 100 + 5);
  CHECK(plan_batch(5, 31, 24, 1000).lines_a_pass == 0);
  CHECK(plan_batch(5, 31, 24, 1000).passes == 0);
}

TEST_CASE("the cost functions count what the formulas say") {
  const RandomLine line(2, 1, 3, 5);
  Factor f;
  f.rows = 2, f.ld = 8, f.kept = 3;
  // m = 2: G 8x8, E and R^T E 2 x 8x4, c G c 4x4; m = 1: G 8, E and R^T E 2 x 8x2; m = 0: G 8x8.
  CHECK(elimination_cost(line.view, f).operations == (64 + 64 + 16) + (8 + 32) + 64);
  CHECK(elimination_cost(line.view, f).bytes == 16.0 * 16 * 5);
  f.kept = 1;
  CHECK(elimination_cost(line.view, f).bytes == 16.0 * 16);
  // Downward m = 2: E^T b 16, G b 32; m = 1: E^T b 16. Upward G b 32, 8, 32 and E x 16, 16.
  f.kept = 3;
  CHECK(solve_cost(line.view, f, 2).operations == (16 + 32 + 16) + (32 + 8 + 32) + (16 + 16));
  CHECK(solve_cost(line.view, f, 0).operations == (32 + 8 + 32) + (16 + 16));
}
