// Strict configuration: TOML flattened to dotted keys that know where they stand, so that every complaint names
// file:line:column and the nearest right key. A key that nobody asked for is an error.
//
//   Config config = Config::from_file("scan.toml");
//   config.set("geometry.q=1.5");                       // --set
//   const ConfigEntry* q = config.take("geometry.q");   // marks the key as known; nullptr when absent
//   config.reject_unknown();                            // after every reader has taken its keys
//
// A JSON file is read too when it is an artifact (its "config" part) or a resolved config: both reproduce a
// run.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/error.hpp"
#include "core/value.hpp"

namespace assay {

using ValueList = std::vector<Value>;

struct ConfigEntry {
  std::string key;  ///< dotted path from the root
  std::variant<Value, ValueList> value;
  SourcePos key_pos, value_pos;
  std::string source_line;
  int key_length = 1;

  [[nodiscard]] const Value* scalar() const { return std::get_if<Value>(&value); }
  [[nodiscard]] const ValueList* list() const { return std::get_if<ValueList>(&value); }
  /// An error that points at the value.
  [[nodiscard]] UserError bad_value(std::string what, std::string expected) const;
};

class Config {
 public:
  static Config from_file(const std::filesystem::path& path);
  static Config from_text(std::string_view toml, std::string_view name);
  /// Flattens the "config" part of an artifact or a resolved config written as JSON.
  static Config from_json_text(std::string_view json, std::string_view name);

  /// `key=value` as --set gives it; the value is read as TOML, or as text when it is not valid TOML.
  void set(std::string_view assignment);
  /// Replaces or adds one value, with the flag or rule that gave it as its source.
  void set(const std::string& key, std::variant<Value, ValueList> value, std::string_view source);

  /// The entry of a key, nullptr when absent. The key counts as known from now on.
  const ConfigEntry* take(std::string_view key);
  /// Every entry below a table, in file order, all counted as known.
  std::vector<const ConfigEntry*> take_all(std::string_view table);
  /// Names of the tables directly below `table`, in file order, also empty ones.
  [[nodiscard]] std::vector<std::string> subtables(std::string_view table) const;
  [[nodiscard]] bool has_table(std::string_view table) const;

  /// Throws for the first key that nobody took, with the nearest known one.
  void reject_unknown() const;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::vector<std::string>& known() const { return known_; }
  /// The folder that relative paths in the config start from.
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  /// For a config that came from elsewhere than its file.
  void set_folder(std::filesystem::path folder) { folder_ = std::move(folder); }

 private:
  std::string name_;
  std::filesystem::path folder_;
  std::vector<ConfigEntry> entries_;
  std::vector<std::pair<std::string, SourcePos>> tables_;
  std::set<std::string> taken_;
  std::vector<std::string> known_;
  friend struct ConfigBuilder;
};

// Typed readers for keys outside a workload's parameter table. Each names type and range in its error.
std::int64_t read_integer(Config& config, std::string_view key, std::int64_t fallback, std::int64_t min,
                          std::int64_t max);
double read_real(Config& config, std::string_view key, double fallback);
std::string read_text(Config& config, std::string_view key, std::string_view fallback);
std::string read_choice(Config& config, std::string_view key, std::string_view fallback,
                        const std::vector<std::string>& choices);
bool read_flag(Config& config, std::string_view key, bool fallback);

}  // namespace assay
