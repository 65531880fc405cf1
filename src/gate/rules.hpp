// What each column, pointer or array must satisfy: one default, and rules by name with wildcards.
//
//   level = "bit"                  # default for what no rule names
//   nan = "equal"                  # fail (default), equal, or forbidden: infinities fail too
//   ignore = ["wall_s", "host*"]   # not compared
//   [columns]                      # the first pattern that matches counts
//   gamma = "tol:1e-10"
//   "phi_*" = "ulp:4"
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/level.hpp"

namespace assay::gate {

class Rules {
 public:
  explicit Rules(Requirement fallback = {}) : fallback_(fallback) {}
  /// The fallback holds where the file names no level of its own.
  static Rules from_file(const std::filesystem::path& path, const Requirement& fallback);
  static Rules from_text(std::string_view toml, std::string_view name, const Requirement& fallback);

  /// What this name must satisfy; nothing when it is ignored. Remembers which rules were used.
  std::optional<Requirement> of(std::string_view name);
  void ignore(std::string pattern);
  [[nodiscard]] const Requirement& fallback() const { return fallback_; }

  /// Rules that matched no name: a rule that cannot apply is a slip, and must not look like a check.
  [[nodiscard]] std::vector<std::string> unused() const;

 private:
  struct Rule {
    std::string pattern;
    std::optional<Requirement> requirement;  ///< empty: ignored
    bool must_match = true;
    bool used = false;
  };
  Requirement fallback_;
  std::vector<Rule> rules_;
};

/// `*` stands for any run of characters, `?` for one. Linear in practice, no recursion.
bool matches(std::string_view pattern, std::string_view name);

}  // namespace assay::gate
