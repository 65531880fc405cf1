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
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config.hpp"
#include "core/json.hpp"
#include "gate/level.hpp"

namespace assay::gate {

class Rules {
 public:
  explicit Rules(Requirement fallback = {}) : fallback_(fallback) {}
  /// The fallback holds where the file names no level of its own.
  static Rules from_file(const std::filesystem::path& path, const Requirement& fallback);
  static Rules from_text(std::string_view toml, std::string_view name, const Requirement& fallback);
  /// The same keys inside a larger config: level, nan, nontrivial and ignore in `table`, levels by name in
  /// `table.columns_key`. An empty table is the root.
  static Rules from_config(Config& config, std::string_view table, std::string_view columns_key,
                           const Requirement& fallback);

  /// What this name must satisfy; nothing when it is ignored. Remembers which rules were used.
  std::optional<Requirement> of(std::string_view name);
  /// Whether a rule of its own (not the fallback) decides about this name.
  [[nodiscard]] bool names(std::string_view name) const;
  void ignore(std::string pattern);
  [[nodiscard]] const Requirement& fallback() const { return fallback_; }
  /// {"level", "nan", "nontrivial", "rules": [["phi_*", "ulp:4"], ["wall", "ignore"]]}: part of a gate's
  /// definition.
  [[nodiscard]] Json describe() const;
  /// Every requirement changed in the same way; what is ignored stays ignored, and no rule need match any more.
  [[nodiscard]] Rules changed(const std::function<Requirement(const Requirement&)>& change) const;

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
