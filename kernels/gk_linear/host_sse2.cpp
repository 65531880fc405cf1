// SSE2, part of every x86-64 processor.
// SPDX-License-Identifier: MIT
#include "kernels/gk_linear/host_panel.hpp"

namespace assay::kernels::gk_linear {
ASSAY_GK_COLUMNS(sse2) {
  columns_of_range(t, folded, g, fields, columns, out, scratch);
}
}  // namespace assay::kernels::gk_linear
