// AVX2 with FMA: compiled with -mavx2 -mfma, called only where they exist.
// SPDX-License-Identifier: MIT
#include "kernels/gk_linear/host_panel.hpp"

namespace assay::kernels::gk_linear {
ASSAY_GK_COLUMNS(avx2) {
  columns_of_range(t, folded, g, fields, columns, out, scratch);
}
}  // namespace assay::kernels::gk_linear
