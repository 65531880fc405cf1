// Loops as the equations are written; speed is of no concern here.
// SPDX-License-Identifier: MIT
#include "workload/gk/mu_operator.hpp"

#include <algorithm>
#include <cmath>

#include "workload/gk/operator.hpp"

namespace assay::workload::gk {
namespace {

constexpr Complex i_unit{0.0, 1.0};

double thermal_speed(const Species& s) {
  return std::sqrt(s.temperature / s.mass);
}

}  // namespace

std::optional<std::string> mu_unsupported(const Spec& spec) {
  if (spec.collisions != CollisionModel::none) {
    for (const Species& s : spec.species) {
      if (s.nu != 0.0) {
        return "collisions (nu of " + s.name + " is not 0) couple different mu, which this route keeps apart";
      }
    }
  }
  if (spec.beta > 0.0 && spec.b_parallel) return "B_parallel is not part of the (v_par, mu) route";
  if (spec.ky == 0.0) return "ky = 0 has a zonal response that the (v_par, mu) route leaves out";
  if (spec.nm < 4) return "the (v_par, mu) route needs at least 4 Hermite moments";
  if (spec.nmu < 1) return "the (v_par, mu) route needs at least one mu node";
  return std::nullopt;
}

double hypercollision_factor(const Spec& spec, int m) {
  if (m <= 2) return 0.0;
  const int p = resolved_hyper_p(spec);
  const double last = spec.nm - 1;
  return spec.hyper_nu * 2.3 * (p + 0.5) / std::sqrt(last) * std::pow(m / last, p);
}

MuOperator::MuOperator(const Spec& spec, MuNodes nodes)
    : spec_(spec),
      geometry_(make_geometry(spec.geometry, spec.grid)),
      profiles_(mode_profiles(geometry_, spec.ky, spec.kx)),
      grid_(make_mu_grid(spec.nmu, nodes)),
      derivative_(spectral_derivative(geometry_.nz(), geometry_.dz)),
      kz_abs_(spectral_kz_abs(geometry_.nz(), geometry_.dz)),
      sponge_(geometry_.nz(), 0.0) {
  if (spec_.grid.boundary == Boundary::linked) {
    sponge_ = end_damping_profile(geometry_.nz(), spec_.end_damping_width);
    for (double& value : sponge_) value *= spec_.end_damping_rate;
  }
  for (const Species& s : spec_.species) {
    auto& table = gyro_.emplace_back();
    for (int j = 0; j < spec_.nmu; ++j) {
      for (int z = 0; z < geometry_.nz(); ++z) table.push_back(bessel(s, j, z) * root_weight(j, z));
    }
  }
}

std::size_t MuOperator::size() const {
  return at(spec_.species.size(), 0, 0, 0);
}

std::size_t MuOperator::at(std::size_t species, int mu, int m, int z) const {
  return ((species * spec_.nmu + mu) * spec_.nm + m) * geometry_.nz() + z;
}

double MuOperator::bessel(const Species& s, int mu, int z) const {
  const double rho2 = s.temperature * s.mass / (s.charge * s.charge);
  return ::j0(std::sqrt(2.0 * rho2 * profiles_.kperp2[z] * grid_.mu[mu] * geometry_.bmag[z]));
}

double MuOperator::root_weight(int mu, int z) const {
  return std::exp(-0.5 * grid_.mu[mu] * (geometry_.bmag[z] - 1.0));
}

MuFields MuOperator::fields(const State& g) const {
  MuFields f;
  const bool magnetic = spec_.beta > 0.0 && spec_.a_parallel;
  for (int z = 0; z < geometry_.nz(); ++z) {
    const double b = geometry_.bmag[z];
    Complex charge = 0.0;
    Complex current = 0.0;
    double polarisation = spec_.tau;
    double skin = profiles_.kperp2[z] * b * b;
    for (std::size_t s = 0; s < spec_.species.size(); ++s) {
      const Species& sp = spec_.species[s];
      double gamma0 = 0.0;
      for (int j = 0; j < spec_.nmu; ++j) {
        const double gyro = gyro_[s][j * geometry_.nz() + z];
        const double volume = grid_.weight[j] * b;
        charge += sp.density * sp.charge * volume * gyro * g[at(s, j, 0, z)];
        current += sp.density * sp.charge * thermal_speed(sp) * volume * gyro * g[at(s, j, 1, z)];
        gamma0 += volume * gyro * gyro;
      }
      polarisation += sp.density * sp.charge * sp.charge / sp.temperature * (1.0 - gamma0);
      skin += 0.5 * spec_.beta * sp.density * sp.charge * sp.charge / sp.mass * gamma0;
    }
    f.phi.push_back(charge / polarisation);
    if (magnetic) f.apar.push_back(0.5 * spec_.beta * current / skin);
  }
  return f;
}

// h of one line: g plus what the fields add to its first moments.
std::vector<Complex> MuOperator::non_adiabatic(const State& g, const MuFields& f, std::size_t s, int j) const {
  const Species& sp = spec_.species[s];
  std::vector<Complex> h(g.begin() + static_cast<std::ptrdiff_t>(at(s, j, 0, 0)),
                         g.begin() + static_cast<std::ptrdiff_t>(at(s, j + 1, 0, 0)));
  const int nz = geometry_.nz();
  const double zt = sp.charge / sp.temperature;
  for (int z = 0; z < nz; ++z) {
    const double gyro = gyro_average(s, j, z);
    h[z] += zt * gyro * f.phi[z];
    if (!f.apar.empty()) h[nz + z] -= zt * thermal_speed(sp) * gyro * f.apar[z];
  }
  return h;
}

// out[z] += sum_k matrix[k][z] x[k]: the matrices along z are (anti)symmetric, so a column is (minus) a row.
void MuOperator::add_row_combination(const std::vector<double>& matrix, const Complex* x, double* re,
                                     double* im) const {
  const int nz = geometry_.nz();
  for (int k = 0; k < nz; ++k) {
    const double* row = &matrix[static_cast<std::size_t>(k) * nz];
    const double xr = x[k].real();
    const double xi = x[k].imag();
    for (int z = 0; z < nz; ++z) {
      re[z] += row[z] * xr;
      im[z] += row[z] * xi;
    }
  }
}

void MuOperator::apply(const State& g, State& out, const MuTerms& on) const {
  const MuFields f = fields(g);
  const int nz = geometry_.nz();
  const int nm = spec_.nm;
  out.assign(size(), 0.0);
  std::vector<Complex> transported(nz);
  std::vector<double> re(nz), im(nz);
  for (std::size_t s = 0; s < spec_.species.size(); ++s) {
    const Species& sp = spec_.species[s];
    const double vth = thermal_speed(sp);
    const double speed = vth * geometry_.gradpar;
    const double tz = sp.temperature / sp.charge;
    for (int j = 0; j < spec_.nmu; ++j) {
      const std::vector<Complex> h = non_adiabatic(g, f, s, j);
      const auto moment = [&](int m, int z) { return m >= 0 && m < nm ? h[m * nz + z] : Complex{}; };
      for (int m = 0; m < nm; ++m) {
        const double up = std::sqrt(m + 1.0);
        const double down = std::sqrt(static_cast<double>(m));
        std::fill(re.begin(), re.end(), 0.0);
        std::fill(im.begin(), im.end(), 0.0);
        for (int z = 0; z < nz; ++z) transported[z] = speed * (up * moment(m + 1, z) + down * moment(m - 1, z));
        if (on.streaming)
          add_row_combination(derivative_, transported.data(), re.data(), im.data());  // -D = D^T
        const double hyper = on.hypercollisions ? hypercollision_factor(spec_, m) * std::abs(speed) : 0.0;
        for (int z = 0; z < nz; ++z) transported[z] = -hyper * moment(m, z);
        if (hyper != 0.0) add_row_combination(kz_abs_, transported.data(), re.data(), im.data());
        for (int z = 0; z < nz; ++z) {
          const double x = grid_.mu[j] * geometry_.bmag[z];
          const double gyro = gyro_average(s, j, z);
          Complex sum{re[z], im[z]};
          if (on.mirror)
            sum -= vth * geometry_.bgrad[z] * 0.5 * x * (down * moment(m - 1, z) - up * moment(m + 1, z));
          const Complex v2 = std::sqrt((m + 1.0) * (m + 2.0)) * moment(m + 2, z) +
                             (2 * m + 1.0) * moment(m, z) + std::sqrt(m * (m - 1.0)) * moment(m - 2, z);
          if (on.drifts)
            sum -= i_unit * (tz * (profiles_.omega_cv[z] * v2 + profiles_.omega_gb[z] * x * moment(m, z)));
          if (on.end_damping) sum -= sponge_[z] * moment(m, z);
          const double ky = on.drive ? spec_.ky : 0.0;
          const Complex electric = i_unit * (ky * gyro * f.phi[z]);
          if (m == 0) sum += electric * (sp.a_Ln + sp.a_LT * (x - 1.0));
          if (m == 2) sum += electric * (sp.a_LT / std::sqrt(2.0));
          if (!f.apar.empty()) {
            const Complex magnetic = -i_unit * (ky * vth * gyro * f.apar[z]);
            if (m == 1) sum += magnetic * (sp.a_Ln + sp.a_LT * x);
            if (m == 3) sum += magnetic * (std::sqrt(1.5) * sp.a_LT);
          }
          out[at(s, j, m, z)] = sum;
        }
      }
    }
  }
}

double MuOperator::norm(const State& g) const {
  double sum = 0.0;
  for (std::size_t s = 0; s < spec_.species.size(); ++s) {
    for (int j = 0; j < spec_.nmu; ++j) {
      for (std::size_t k = at(s, j, 0, 0); k < at(s, j + 1, 0, 0); ++k)
        sum += grid_.weight[j] * std::norm(g[k]);
    }
  }
  return std::sqrt(sum);
}

double MuOperator::residual(Complex lambda, const State& g) const {
  State image;
  apply(g, image);
  const double scale = norm(image);
  for (std::size_t k = 0; k < image.size(); ++k) image[k] -= lambda * g[k];
  return norm(image) / scale;
}

}  // namespace assay::workload::gk
