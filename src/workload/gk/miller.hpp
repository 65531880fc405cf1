// Miller's local equilibrium as a geometry table.
//
// The surface R = R0 + rho cos(theta + asin(delta) sin theta), Z = kappa rho sin theta is given with its radial
// derivatives; pressure gradient and magnetic shear are free. Everything else follows on the surface itself
// (Mercier and Luc): with arc length l, outward normal n, curvature k, P = |grad psi| = psi' |grad rho|, F =
// R_geo,
//     GS:  psi_nn = -(R^2 p' + F F') - P (k - n_R/R),                           primes d/dpsi
//     nu:  alpha = phi - nu,  d nu/dl = F/(R P),
//          d/dl (nu_n/P) = F'(1 + F^2/P^2)/(R P) + F R p'/P^3 + 2 F (k - n_R/R)/(R P^2),
//          and F' from nu_n/P gaining 2 pi dq/dpsi in a turn,
//     B_n = -(P p' + B_p^2 k + B_t^2 n_R/R)/B.
// Computed on 8192 points of theta with analytic derivatives of the surface, and read off at equidistant points
// of the equal-arc angle (b . grad z constant). The public code does this on the run's own grid (13 points for
// ntheta = 24) with linear interpolation, so that tables differ by its discretisation error.
// SPDX-License-Identifier: MIT
#pragma once

#include "workload/gk/geometry.hpp"

namespace assay::workload::gk {

/// Fills every profile of g; z and dz are set already. Throws std::invalid_argument for a surface that crosses
/// itself.
void fill_miller(const GeometrySpec& spec, Geometry& g);

/// d psi / d rho of the surface: the area factor of the identity gds2 gds22 - gds21^2 = (s_hat q/rho psi' B)^2.
double miller_flux_gradient(const GeometrySpec& spec);

}  // namespace assay::workload::gk
