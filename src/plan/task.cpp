#include "plan/task.hpp"

#include <array>

namespace assay::plan {
namespace {
constexpr std::array<std::string_view, 5> kNames{"ok", "failed", "unconverged", "skipped", "duplicate"};
}

std::string_view name_of(Status status) {
  return kNames[static_cast<std::size_t>(status)];
}

bool parse_status(std::string_view text, Status& status) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == text) {
      status = static_cast<Status>(i);
      return true;
    }
  }
  return false;
}

}  // namespace assay::plan
