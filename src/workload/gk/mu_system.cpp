// Bases, tables and the field matrix of the direct solver; the elimination itself is kernels/gk_mu.
// SPDX-License-Identifier: MIT
#include "workload/gk/mu_system.hpp"

#include <algorithm>
#include <cmath>

namespace assay::workload::gk {
namespace {

namespace kernel = kernels::gk_mu;

bool even_profile(const std::vector<double>& p, double sign) {
  const int n = static_cast<int>(p.size());
  double largest = 0.0;
  double error = 0.0;
  for (int j = 0; j < n; ++j) {
    const int mirror = (n - j) % n;
    largest = std::max(largest, std::abs(p[j]));
    if (mirror != j) error = std::max(error, std::abs(p[j] - sign * p[mirror]));
  }
  return error <= 1e-10 * largest;
}

}  // namespace

const char* name_of(Parity parity) {
  switch (parity) {
    case Parity::even: return "even";
    case Parity::odd: return "odd";
    case Parity::none: return "none";
  }
  return "none";
}

std::vector<Parity> parities_of(const Spec& spec) {
  const Geometry g = make_geometry(spec.geometry, spec.grid);
  const ModeProfiles p = mode_profiles(g, spec.ky, spec.kx);
  const bool symmetric = even_profile(g.bmag, 1.0) && even_profile(g.bgrad, -1.0) &&
                         even_profile(p.kperp2, 1.0) && even_profile(p.omega_cv, 1.0) &&
                         even_profile(p.omega_gb, 1.0);
  if (symmetric) return {Parity::even, Parity::odd};
  return {Parity::none};
}

MuSystem::MuSystem(const Spec& spec, MuNodes nodes, Parity parity)
    : spec_(spec), parity_(parity), magnetic_(spec.beta > 0.0 && spec.a_parallel) {
  const MuOperator op(spec, nodes);
  build_bases(op);
  build_species(op);
  build_lines(op);
  std::vector<const kernel::Line*> views;
  for (const LineData& l : lines_) views.push_back(&l.view);
  elsewhere_ = ScopedLineSolvers::make(views, rows_);
  const std::size_t factors =
      elsewhere_ ? lines_.size() * kernel::low_moments_size(rows_) : kernel::factor_size(rows_, 4);
  scratch_ = AlignedDoubles(kernel::scratch_size(rows_) + factors);
}

void MuSystem::build_bases(const MuOperator& op) {
  nz_ = op.geometry().nz();
  for (int a = 0; a < 2; ++a) {
    const bool symmetric = (parity_ == Parity::even) == (a == 0);  // of basis a under z -> -z
    for (int j = 0; parity_ == Parity::none && j < nz_; ++j) {
      first_[a].push_back(j);
      second_[a].push_back(j);
    }
    if (parity_ == Parity::none) continue;
    sign_[a] = symmetric ? 1.0 : -1.0;
    for (int j = 1; j < nz_ - j; ++j) {
      first_[a].push_back(j);
      second_[a].push_back(nz_ - j);
    }
    if (!symmetric) continue;
    for (int j = 0; j < nz_; ++j) {
      if ((nz_ - j) % nz_ != j) continue;
      first_[a].push_back(j);
      second_[a].push_back(j);
    }
  }
  for (int a = 0; a < 2; ++a) n_[a] = static_cast<int>(first_[a].size());
  paired_ = std::min(n_[0], n_[1]);
  rows_ = std::max(n_[0], n_[1]);
  ld_ = kernel::padded(rows_);
}

std::vector<double> MuSystem::in_basis(const std::vector<double>& profile, int a) const {
  std::vector<double> out;
  for (int j : first_[a]) out.push_back(profile[j]);
  return out;
}

std::vector<double> MuSystem::in_bases(const std::vector<double>& matrix, int a, int b) const {
  std::vector<double> out;
  const double half = std::sqrt(0.5);
  for (int i = 0; i < n_[a]; ++i) {
    for (int j = 0; j < n_[b]; ++j) {
      double sum = 0.0;
      for (int ki = 0; ki < 2; ++ki) {
        if (ki == 1 && second_[a][i] == first_[a][i]) continue;
        const double wi = second_[a][i] == first_[a][i] ? 1.0 : half * (ki == 0 ? 1.0 : sign_[a]);
        const int row = ki == 0 ? first_[a][i] : second_[a][i];
        for (int kj = 0; kj < 2; ++kj) {
          if (kj == 1 && second_[b][j] == first_[b][j]) continue;
          const double wj = second_[b][j] == first_[b][j] ? 1.0 : half * (kj == 0 ? 1.0 : sign_[b]);
          const int column = kj == 0 ? first_[b][j] : second_[b][j];
          sum += wi * wj * matrix[static_cast<std::size_t>(row) * nz_ + column];
        }
      }
      out.push_back(sum);
    }
  }
  return out;
}

void MuSystem::build_species(const MuOperator& op) {
  const Geometry& g = op.geometry();
  const ModeProfiles profiles = mode_profiles(g, spec_.ky, spec_.kx);
  std::vector<double> sponge(nz_, 0.0);
  if (spec_.grid.boundary == Boundary::linked) {
    sponge = end_damping_profile(nz_, spec_.end_damping_width);
    for (double& value : sponge) value *= spec_.end_damping_rate;
  }
  for (int m = 0; m < spec_.nm; ++m) hyper_.push_back(hypercollision_factor(spec_, m));
  for (double w : op.grid().weight) root_weight_.push_back(std::sqrt(w));
  const auto derivative = spectral_derivative(nz_, g.dz);
  const auto kz_abs = spectral_kz_abs(nz_, g.dz);
  for (int a = 0; a < 2; ++a) {
    bmag_[a] = in_basis(g.bmag, a);
    sponge_[a] = in_basis(sponge, a);
  }
  skin_ = in_basis(profiles.kperp2, 1);
  for (int i = 0; i < n_[1]; ++i) skin_[i] *= bmag_[1][i] * bmag_[1][i];
  const auto stream = in_bases(derivative, 0, 1);
  const std::vector<double> damp[2] = {in_bases(kz_abs, 0, 0), in_bases(kz_abs, 1, 1)};
  for (const Species& s : spec_.species) {
    SpeciesData d;
    d.vth = std::sqrt(s.temperature / s.mass);
    d.tz = s.temperature / s.charge;
    d.charge_density = s.density * s.charge;
    d.ladder_speed = d.vth * g.gradpar;
    d.stream = stream;
    for (double& value : d.stream) value *= d.ladder_speed;
    for (int a = 0; a < 2; ++a) {
      d.kz_abs[a] = damp[a];
      for (double& value : d.kz_abs[a]) value *= std::abs(d.ladder_speed);
      d.curvature[a] = in_basis(profiles.omega_cv, a);
      for (double& value : d.curvature[a]) value *= d.tz;
    }
    species_.push_back(std::move(d));
  }
}

void MuSystem::build_lines(const MuOperator& op) {
  const Geometry& g = op.geometry();
  const ModeProfiles profiles = mode_profiles(g, spec_.ky, spec_.kx);
  for (std::size_t s = 0; s < species_.size(); ++s) {
    for (int j = 0; j < spec_.nmu; ++j) {
      LineData l;
      l.species = s;
      l.mu = j;
      const double mu = op.grid().mu[j];
      for (int a = 0; a < 2; ++a) {
        for (int point : first_[a]) {
          const double x = mu * g.bmag[point];
          l.grad_b[a].push_back(species_[s].tz * profiles.omega_gb[point] * x);
          l.gyro[a].push_back(root_weight_[j] * op.gyro_average(s, j, point));
        }
      }
      for (int i = 0; i < paired_; ++i) {
        const int point = first_[0][i];
        l.mirror.push_back(species_[s].vth * g.bgrad[point] * 0.5 * mu * g.bmag[point]);
      }
      for (int i = 0; i < rows_; ++i) l.x.push_back(mu * g.bmag[first_[n_[0] >= n_[1] ? 0 : 1][i]]);
      lines_.push_back(std::move(l));
    }
  }
  for (LineData& l : lines_) {
    const SpeciesData& s = species_[l.species];
    l.view.nm = spec_.nm;
    l.view.paired = paired_;
    l.view.stream = s.stream.data();
    l.view.hyper = hyper_.data();
    l.view.mirror = l.mirror.data();
    for (int a = 0; a < 2; ++a) {
      l.view.n[a] = n_[a];
      l.view.kz_abs[a] = s.kz_abs[a].data();
      l.view.curvature[a] = s.curvature[a].data();
      l.view.grad_b[a] = l.grad_b[a].data();
      l.view.sponge[a] = sponge_[a].data();
    }
  }
}

std::size_t MuSystem::line_size() const {
  return static_cast<std::size_t>(2) * spec_.nm * ld_;
}

std::size_t MuSystem::factor_bytes() const {
  return lines_.size() * kernel::factor_size(rows_, spec_.nm) * sizeof(double);
}

kernel::Moments MuSystem::moments(State& x, std::size_t line) const {
  double* p = x.data() + line * line_size();
  return {p, p + static_cast<std::size_t>(spec_.nm) * ld_, ld_};
}

kernel::Factor MuSystem::factor_of(std::size_t line) const {
  kernel::Factor f;
  f.rows = rows_;
  f.ld = ld_;
  f.kept = kept_;
  if (elsewhere_) {
    f.data = scratch_.data() + kernel::scratch_size(rows_) + line * kernel::low_moments_size(rows_);
    return f;
  }
  f.data = owns_factors_ ? factor_storage_->data() + line * kernel::factor_size(rows_, kept_)
                         : scratch_.data() + kernel::scratch_size(rows_);
  return f;
}

Complex MuSystem::source(const LineData& l, int q, int j) const {
  const SpeciesData& d = species_[l.species];
  const Species& s = spec_.species[l.species];
  const double gyro = l.gyro[q & 1][j];
  const Complex drive{0.0, spec_.ky};
  switch (q) {
    case 0: return gyro * (sigma_ / d.tz + drive * (s.a_Ln + s.a_LT * (l.x[j] - 1.0)));
    case 1: return -gyro * d.vth * (sigma_ / d.tz + drive * (s.a_Ln + s.a_LT * l.x[j]));
    case 2: return gyro * drive * (s.a_LT * std::sqrt(0.5));
    default: return -gyro * d.vth * drive * (s.a_LT * std::sqrt(1.5));
  }
}

void MuSystem::factor(Complex sigma, Keep keep) {
  kept_ = keep == Keep::everything ? spec_.nm : std::min(4, spec_.nm);
  owns_factors_ = keep == Keep::everything && !elsewhere_;
  if (owns_factors_ && !factor_storage_) {
    factor_storage_.emplace(lines_.size() * kernel::factor_size(rows_, spec_.nm));
  }
  sigma_ = sigma;
  checked_ = refined_ = false;
  solvable_ = true;
  ++factorisations_;
  const int n = field_size();
  std::vector<Complex> s(static_cast<std::size_t>(n) * n, 0.0);
  double adiabatic = spec_.tau;
  for (const Species& sp : spec_.species) adiabatic += sp.density * sp.charge * sp.charge / sp.temperature;
  for (int i = 0; i < n_[0]; ++i) s[static_cast<std::size_t>(i) * n + i] = adiabatic;
  for (int i = n_[0]; i < n; ++i) s[static_cast<std::size_t>(i) * n + i] = skin_[i - n_[0]];
  const kernel::Pair lambda{sigma.real(), sigma.imag()};
  if (elsewhere_) elsewhere_->eliminate(lambda, kept_, factor_of(0).data);
  for (std::size_t line = 0; line < lines_.size(); ++line) {
    const kernel::Factor f = factor_of(line);
    if (!elsewhere_) kernel::eliminate_host(lines_[line].view, lambda, f, scratch_.data());
    add_response(line, f, s);
  }
  fields_ = DenseLu(std::move(s), n);
}

}  // namespace assay::workload::gk
