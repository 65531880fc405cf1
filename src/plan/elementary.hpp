// Logarithm and exponential from additions, multiplications and divisions in one fixed order: the same bits
// with every C library and processor, where libm's may differ in the last one (with or without fused
// multiply-add, say). Within 2 ulp; about 10 ns each.
// SPDX-License-Identifier: MIT
#pragma once

namespace assay::plan {

/// Natural logarithm of a positive, normal, finite number.
double portable_log(double x);

/// Exponential; 0 below -745.2, infinity above 709.8.
double portable_exp(double x);

}  // namespace assay::plan
