// What fields do to a line and a line to the fields: the entries of S, and solves with the whole of L - sigma.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "workload/gk/mu_system.hpp"

namespace assay::workload::gk {
namespace {

namespace kernel = kernels::gk_mu;
using kernel::Matrix;
using kernel::Operand;

void clear(const Matrix& a, int rows) {
  for (int k = 0; k < rows * a.ld; ++k) a.re[k] = a.im[k] = 0.0;
}

void transpose(const Matrix& to, const Matrix& from, int from_rows, int from_columns) {
  clear(to, from_columns);
  for (int i = 0; i < from_rows; ++i) {
    for (int j = 0; j < from_columns; ++j) {
      to.re[j * to.ld + i] = from.re[i * from.ld + j];
      to.im[j * to.ld + i] = from.im[i * from.ld + j];
    }
  }
}

// a -= i c b, row by row.
void subtract_i_scaled(const Matrix& a, const kernel::Line& l, int m, const Matrix& b, int columns) {
  for (int i = 0; i < l.n[m & 1]; ++i) {
    const double c = kernel::skip(l, m, i);
    for (int j = 0; j < columns; ++j) {
      a.re[i * a.ld + j] += c * b.im[i * b.ld + j];
      a.im[i * a.ld + j] -= c * b.re[i * b.ld + j];
    }
  }
}

// What is left of a unit source in moment q once everything above is eliminated: its rows in m = 1 and m = 0.
struct Descent {
  Matrix one, zero;
};

// q = 1: (1, E1^T). q = 2: (E2^T, E1^T E2^T - i c0 G2). q = 3: one = E2^T E3^T - i c1 G3, zero = E1^T one - i
// c0 G2 E3^T.
void descend(const kernel::Line& l, const kernel::Factor& f, int q, const Descent& d, const Matrix& t,
             const Matrix& u) {
  const int* n = l.n;
  const int columns = n[q & 1];
  clear(d.one, n[1]);
  clear(d.zero, n[0]);
  if (q == 1) {
    for (int i = 0; i < n[1]; ++i) d.one.re[i * d.one.ld + i] = 1.0;
  } else if (q == 2) {
    transpose(d.one, f.link(2), n[0], n[1]);
  } else {
    transpose(t, f.link(3), n[1], n[0]);
    kernel::multiply_add_host(d.one, n[1], columns, 1.0, f.link(2), Operand::transposed, n[0], t);
    subtract_i_scaled(d.one, l, 1, f.inverse(3), columns);
  }
  kernel::multiply_add_host(d.zero, n[0], columns, 1.0, f.link(1), Operand::transposed, n[1], d.one);
  if (q == 2) subtract_i_scaled(d.zero, l, 0, f.inverse(2), columns);
  if (q == 3) {
    clear(u, n[0]);
    kernel::multiply_add_host(u, n[0], columns, 1.0, f.inverse(2), Operand::plain, n[0], t);
    subtract_i_scaled(d.zero, l, 0, u, columns);
  }
}

}  // namespace

void MuSystem::add_response(std::size_t line, const kernel::Factor& f, std::vector<Complex>& s) {
  const LineData& l = lines_[line];
  const SpeciesData& d = species_[l.species];
  const auto buffer = [&](std::size_t k) {
    return Matrix{scratch_.data() + 2 * k * f.plane(), scratch_.data() + (2 * k + 1) * f.plane(), ld_};
  };
  const Descent down{buffer(0), buffer(1)};
  const Matrix x0 = buffer(2);
  const Matrix x1 = buffer(3);
  const auto n = static_cast<std::size_t>(field_size());
  std::vector<Complex> sources(rows_);
  const auto add = [&](const Matrix& x, int a, int q) {
    const double strength = a == 0 ? d.charge_density : 0.5 * spec_.beta * d.charge_density * d.vth;
    for (int i = 0; i < n_[a]; ++i) {
      const double out = strength * bmag_[a][i] * l.gyro[a][i];
      Complex* row = s.data() + (i + (a == 0 ? 0 : n_[0])) * n + ((q & 1) ? n_[0] : 0);
      for (int j = 0; j < n_[q & 1]; ++j) {
        const double in_re = out * sources[j].real(), in_im = out * sources[j].imag();
        const double re = x.re[i * ld_ + j], im = x.im[i * ld_ + j];
        row[j] -= Complex{re * in_re - im * in_im, re * in_im + im * in_re};
      }
    }
  };
  for (int q = 0; q < (magnetic_ ? 4 : 3); ++q) {
    if (q == 1 && !magnetic_) continue;
    const int columns = n_[q & 1];
    for (int j = 0; j < columns; ++j) sources[j] = source(l, q, j);
    Matrix top = f.inverse(0);
    if (q > 0) {
      descend(l.view, f, q, down, buffer(4), x0);
      clear(x0, n_[0]);
      kernel::multiply_add_host(x0, n_[0], columns, 1.0, f.inverse(0), Operand::plain, n_[0], down.zero);
      top = x0;
    }
    add(top, 0, q);
    if (!magnetic_) continue;
    clear(x1, n_[1]);
    if (q > 0) {
      kernel::multiply_add_host(x1, n_[1], columns, 1.0, f.inverse(1), Operand::plain, n_[1], down.one);
    }
    kernel::multiply_add_host(x1, n_[1], columns, -1.0, f.link(1), Operand::plain, n_[0], top);
    add(x1, 1, q);
  }
}

void MuSystem::add_field_moments(const LineData& l, const kernel::Moments& h, Complex* out) const {
  const SpeciesData& d = species_[l.species];
  for (int i = 0; i < n_[0]; ++i) {
    out[i] += d.charge_density * bmag_[0][i] * l.gyro[0][i] * Complex{h.re[i], h.im[i]};
  }
  for (int i = 0; magnetic_ && i < n_[1]; ++i) {
    const double strength = 0.5 * spec_.beta * d.charge_density * d.vth * bmag_[1][i] * l.gyro[1][i];
    out[n_[0] + i] += strength * Complex{h.re[ld_ + i], h.im[ld_ + i]};
  }
}

std::vector<Complex> MuSystem::field_moments(State& x) const {
  std::vector<Complex> out(field_size());
  for (std::size_t line = 0; line < lines_.size(); ++line) {
    add_field_moments(lines_[line], moments(x, line), out.data());
  }
  return out;
}

void MuSystem::add_sources(const LineData& l, const Complex* field, double scale,
                           const kernel::Moments& to) const {
  for (int q = 0; q < (magnetic_ ? 4 : 3); ++q) {
    if (q == 1 && !magnetic_) continue;
    const Complex* f = field + ((q & 1) ? n_[0] : 0);
    for (int j = 0; j < n_[q & 1]; ++j) {
      const Complex value = scale * source(l, q, j) * f[j];
      to.re[q * to.ld + j] += value.real();
      to.im[q * to.ld + j] += value.imag();
    }
  }
}

// With h = (sigma - A)^-1 (c f - x), S f = -(moments of (sigma - A)^-1 x), and g = h - (Z/T) gyro phi ...
// The host reads the blocks of all lines twice: on the way down, after which the lowest moments, and with them
// the fields, are at hand; and on the way up, with what the fields drive.
void MuSystem::solve_once(State& x) {
  std::vector<Complex> field(field_size());
  if (elsewhere_) {
    elsewhere_->solve(spec_.nm - 1, x.data());
    field = field_moments(x);
  } else {
    const int rows = std::min(2, spec_.nm);
    State low(static_cast<std::size_t>(4) * ld_);
    const kernel::Moments lowest{low.data(), low.data() + 2 * static_cast<std::size_t>(ld_), ld_};
    for (std::size_t line = 0; line < lines_.size(); ++line) {
      const kernel::Moments b = moments(x, line);
      const kernel::Factor f = factor_of(line);
      kernel::descend_host(lines_[line].view, f, spec_.nm - 1, b, scratch_.data());
      std::copy_n(b.re, rows * ld_, lowest.re);
      std::copy_n(b.im, rows * ld_, lowest.im);
      kernel::ascend_host(lines_[line].view, f, spec_.nm - 1, rows, lowest, scratch_.data());
      add_field_moments(lines_[line], lowest, field.data());
    }
  }
  for (Complex& value : field) value = -value;
  fields_.solve(field.data());
  add_driven(field, -1.0, x);
}

// x := (what the fields drive) + keep x, as the distribution g. Here x holds what a descent left; the last
// lines of that are still near. Elsewhere it is solved, and all lines are driven together.
void MuSystem::add_driven(const std::vector<Complex>& field, double keep, State& x) {
  const int top = std::min(magnetic_ ? 3 : 2, spec_.nm - 1);
  if (elsewhere_) {
    State driven(size(), 0.0);
    for (std::size_t line = 0; line < lines_.size(); ++line)
      add_sources(lines_[line], field.data(), 1.0, moments(driven, line));
    elsewhere_->solve(top, driven.data());
    for (std::size_t k = 0; k < x.size(); ++k) x[k] = driven[k] + keep * x[k];
    for (std::size_t line = lines_.size(); line-- > 0;)
      subtract_response(lines_[line], field, moments(x, line));
    return;
  }
  const std::size_t rows = static_cast<std::size_t>(top + 1) * ld_;
  State driven(2 * rows);
  const kernel::Moments sources{driven.data(), driven.data() + rows, ld_};
  for (std::size_t line = lines_.size(); line-- > 0;) {
    const LineData& l = lines_[line];
    const kernel::Moments g = moments(x, line);
    const kernel::Factor f = factor_of(line);
    std::fill(driven.begin(), driven.end(), 0.0);
    add_sources(l, field.data(), 1.0, sources);
    kernel::descend_host(l.view, f, top, sources, scratch_.data());
    for (std::size_t k = 0; k < line_size(); ++k) g.re[k] *= keep;
    for (std::size_t k = 0; k < rows; ++k) g.re[k] += sources.re[k], g.im[k] += sources.im[k];
    kernel::ascend_host(l.view, f, spec_.nm - 1, spec_.nm, g, scratch_.data());
    subtract_response(l, field, g);
  }
}

// From h, of which the moments are fields' sources, to the distribution g.
void MuSystem::subtract_response(const LineData& l, const std::vector<Complex>& field,
                                 const kernel::Moments& g) const {
  const SpeciesData& d = species_[l.species];
  for (int i = 0; i < n_[0]; ++i) {
    g.re[i] -= l.gyro[0][i] / d.tz * field[i].real();
    g.im[i] -= l.gyro[0][i] / d.tz * field[i].imag();
  }
  for (int i = 0; magnetic_ && i < n_[1]; ++i) {
    g.re[ld_ + i] += d.vth * l.gyro[1][i] / d.tz * field[n_[0] + i].real();
    g.im[ld_ + i] += d.vth * l.gyro[1][i] / d.tz * field[n_[0] + i].imag();
  }
}

std::vector<double> MuSystem::polarisation() const {
  std::vector<double> diagonal(field_size(), 0.0);
  for (int i = 0; i < n_[0]; ++i) {
    diagonal[i] = spec_.tau;
    for (const Species& s : spec_.species) diagonal[i] += s.density * s.charge * s.charge / s.temperature;
  }
  for (int i = n_[0]; i < field_size(); ++i) diagonal[i] = skin_[i - n_[0]];
  for (const LineData& l : lines_) {
    const SpeciesData& d = species_[l.species];
    for (int i = 0; i < n_[0]; ++i) {
      diagonal[i] -= d.charge_density / d.tz * bmag_[0][i] * l.gyro[0][i] * l.gyro[0][i];
    }
    for (int i = 0; magnetic_ && i < n_[1]; ++i) {
      const double speed2 = d.vth * d.vth;
      diagonal[n_[0] + i] +=
          0.5 * spec_.beta * d.charge_density / d.tz * speed2 * bmag_[1][i] * l.gyro[1][i] * l.gyro[1][i];
    }
  }
  return diagonal;
}

double MuSystem::phase_at_infinity() const {
  double phase = 0.0;
  for (double value : polarisation()) phase += value < 0.0 ? std::acos(-1.0) : 0.0;
  return phase;
}

double MuSystem::transit_frequency() const {
  double fastest = 0.0;
  for (const SpeciesData& d : species_) fastest = std::max(fastest, std::abs(d.ladder_speed));
  return fastest;
}

Complex MuSystem::dot(const State& x, const State& y) const {
  const std::size_t plane = static_cast<std::size_t>(spec_.nm) * ld_;  // a multiple of 8
  double re[8] = {};
  double im[8] = {};
  for (std::size_t line = 0; line < lines_.size(); ++line) {
    const double* xr = x.data() + line * line_size();
    const double* yr = y.data() + line * line_size();
    for (std::size_t k = 0; k < plane; k += 8) {
      for (std::size_t i = k; i < k + 8; ++i) {
        re[i - k] += xr[i] * yr[i] + xr[plane + i] * yr[plane + i];
        im[i - k] += xr[i] * yr[plane + i] - xr[plane + i] * yr[i];
      }
    }
  }
  Complex sum = 0.0;
  for (int i = 0; i < 8; ++i) sum += Complex{re[i], im[i]};
  return sum;
}

void MuSystem::add_scaled(State& y, Complex c, const State& x) const {
  const std::size_t plane = static_cast<std::size_t>(spec_.nm) * ld_;
  const double re = c.real();
  const double im = c.imag();
  for (std::size_t line = 0; line < lines_.size(); ++line) {
    const double* xr = x.data() + line * line_size();
    double* yr = y.data() + line * line_size();
    for (std::size_t i = 0; i < plane; ++i) {
      yr[i] += re * xr[i] - im * xr[plane + i];
      yr[plane + i] += re * xr[plane + i] + im * xr[i];
    }
  }
}

void MuSystem::field_driven_state(State& x) {
  std::vector<Complex> field(field_size());
  for (int i = 0; i < field_size(); ++i)
    field[i] = Complex{1.0 + 0.3 * std::cos(1.7 * i), 0.2 * std::sin(2.3 * i)};
  for (int iteration = 0; iteration < 4; ++iteration) {
    fields_.solve(field.data());
    double norm = 0.0;
    for (const Complex& value : field) norm += std::norm(value);
    for (Complex& value : field) value /= std::sqrt(norm);
  }
  x.assign(size(), 0.0);
  add_driven(field, 0.0, x);
}

MuOperator::State MuSystem::expand(const State& x) const {
  MuOperator::State g(lines_.size() * static_cast<std::size_t>(spec_.nm) * nz_, 0.0);
  const double half = std::sqrt(0.5);
  for (std::size_t line = 0; line < lines_.size(); ++line) {
    const double* re = x.data() + line * line_size();
    const double* im = re + static_cast<std::size_t>(spec_.nm) * ld_;
    const double scale = 1.0 / root_weight_[lines_[line].mu];
    for (int m = 0; m < spec_.nm; ++m) {
      const int a = m & 1;
      Complex* target = g.data() + (line * spec_.nm + m) * nz_;
      for (int i = 0; i < n_[a]; ++i) {
        const Complex value = scale * Complex{re[m * ld_ + i], im[m * ld_ + i]};
        const bool alone = first_[a][i] == second_[a][i];
        target[first_[a][i]] = alone ? value : half * value;
        if (!alone) target[second_[a][i]] = sign_[a] * half * value;
      }
    }
  }
  return g;
}

MuSystem::State MuSystem::restrict(const MuOperator::State& g) const {
  State x(size(), 0.0);
  const double half = std::sqrt(0.5);
  for (std::size_t line = 0; line < lines_.size(); ++line) {
    double* re = x.data() + line * line_size();
    double* im = re + static_cast<std::size_t>(spec_.nm) * ld_;
    const double scale = root_weight_[lines_[line].mu];
    for (int m = 0; m < spec_.nm; ++m) {
      const int a = m & 1;
      const Complex* from = g.data() + (line * spec_.nm + m) * nz_;
      for (int i = 0; i < n_[a]; ++i) {
        const bool alone = first_[a][i] == second_[a][i];
        const Complex value =
            scale * (alone ? from[first_[a][i]] : half * (from[first_[a][i]] + sign_[a] * from[second_[a][i]]));
        re[m * ld_ + i] = value.real();
        im[m * ld_ + i] = value.imag();
      }
    }
  }
  return x;
}

}  // namespace assay::workload::gk
