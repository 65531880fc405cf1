// AVX-512: compiled with -mavx512f -mavx512dq -mfma, called only where they exist.
// SPDX-License-Identifier: MIT
#include "kernels/gk_linear/host_panel.hpp"

namespace assay::kernels::gk_linear {
ASSAY_GK_COLUMNS(avx512) {
  columns_of_range(t, folded, g, fields, columns, out, scratch);
}
}  // namespace assay::kernels::gk_linear
