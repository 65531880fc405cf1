// From TOML and JSON to the flat table of config.hpp. toml++ and nlohmann are seen only here.
// SPDX-License-Identifier: MIT
#include <toml++/toml.h>
#include <nlohmann/json.hpp>

#include <algorithm>

#include "core/config.hpp"
#include "core/file.hpp"
#include "core/json.hpp"

namespace assay {

struct ConfigBuilder {
  Config config;
  std::vector<std::string> lines;

  explicit ConfigBuilder(std::string_view text, std::string_view name) {
    config.name_ = std::string(name);
    std::size_t at = 0;
    while (at <= text.size()) {
      const auto end = std::min(text.find('\n', at), text.size());
      lines.emplace_back(text.substr(at, end - at));
      at = end + 1;
    }
  }

  [[nodiscard]] SourcePos pos(const toml::source_position& p) const {
    return {config.name_, static_cast<int>(p.line), static_cast<int>(p.column)};
  }
  [[nodiscard]] std::string line_of(const toml::source_position& p) const {
    return p.line >= 1 && p.line <= lines.size() ? lines[p.line - 1] : std::string();
  }

  Value scalar(const toml::node& node, const std::string& key) const {
    if (const auto* v = node.as_boolean()) return v->get();
    if (const auto* v = node.as_integer()) return static_cast<std::int64_t>(v->get());
    if (const auto* v = node.as_floating_point()) return v->get();
    if (const auto* v = node.as_string()) return v->get();
    throw UserError(Problem{.what = "\"" + key + "\" holds a value that no key takes",
                            .where = pos(node.source().begin),
                            .source_line = line_of(node.source().begin),
                            .expected = "a number, text, true, false, or a list of these",
                            .found = "a date, a time or a list of lists"});
  }

  void add_value(const std::string& key, const toml::key& name, const toml::node& node) {
    ConfigEntry entry;
    entry.key = key;
    entry.key_pos = pos(name.source().begin);
    entry.value_pos = pos(node.source().begin);
    entry.source_line = line_of(node.source().begin);
    const auto& where = name.source();
    entry.key_length = std::max(1, static_cast<int>(where.end.column) - static_cast<int>(where.begin.column));
    if (entry.key_pos.line != entry.value_pos.line) entry.source_line = line_of(where.begin);
    if (const auto* array = node.as_array()) {
      ValueList list;
      for (const auto& element : *array) list.push_back(scalar(element, key));
      entry.value = std::move(list);
    } else {
      entry.value = scalar(node, key);
    }
    config.entries_.push_back(std::move(entry));
  }

  void flatten(const toml::table& table, const std::string& prefix) {
    // toml++ sorts keys by name; file order is what a person expects of axes and species.
    std::vector<std::pair<const toml::key*, const toml::node*>> items;
    for (const auto& [key, node] : table) items.emplace_back(&key, &node);
    std::stable_sort(items.begin(), items.end(), [](const auto& a, const auto& b) {
      const auto& x = a.first->source().begin;
      const auto& y = b.first->source().begin;
      return std::pair(x.line, x.column) < std::pair(y.line, y.column);
    });
    for (const auto& [key, node] : items) {
      const std::string path =
          prefix.empty() ? std::string(key->str()) : prefix + "." + std::string(key->str());
      if (const auto* sub = node->as_table()) {
        config.tables_.emplace_back(path, pos(key->source().begin));
        flatten(*sub, path);
      } else {
        add_value(path, *key, *node);
      }
    }
  }

  void flatten(const Json& json, const std::string& prefix) {
    for (const auto& [name, node] : json.items()) {
      const std::string path = prefix.empty() ? name : prefix + "." + name;
      if (node.is_object()) {
        config.tables_.emplace_back(path, SourcePos{config.name_, 0, 0});
        flatten(node, path);
        continue;
      }
      ConfigEntry entry;
      entry.key = path;
      entry.key_pos = entry.value_pos = {config.name_, 0, 0};
      if (node.is_array()) {
        ValueList list;
        for (const auto& element : node) list.push_back(scalar(element, path));
        entry.value = std::move(list);
      } else {
        entry.value = scalar(node, path);
      }
      config.entries_.push_back(std::move(entry));
    }
  }

  [[nodiscard]] Value scalar(const Json& node, const std::string& key) const {
    if (node.is_boolean()) return node.get<bool>();
    if (node.is_number_integer()) return node.get<std::int64_t>();
    if (node.is_number_float()) return node.get<double>();
    if (node.is_string()) return node.get<std::string>();
    throw UserError(Problem{.what = "\"" + key + "\" holds a value that no key takes",
                            .where = {config.name_, 0, 0},
                            .expected = "a number, text, true, false, or a list of these"});
  }
};

namespace {

/// toml++ bounds nested values but not dotted keys, and recurses once a dot: a key of thousands of parts would
/// end on the stack. Looks for it before anything is parsed; text in quotes and comments is passed over.
void refuse_deep_keys(std::string_view toml, std::string_view name) {
  constexpr int kMostDots = 64;
  int dots = 0, line = 1;
  for (std::size_t i = 0; i < toml.size(); ++i) {
    const char c = toml[i];
    if (c == '"' || c == '\'') {
      const auto end = toml.find_first_of(std::string{c, '\n'}, i + 1);
      if (end == std::string_view::npos) return;
      i = toml[end] == '\n' ? end - 1 : end;
    } else if (c == '#') {
      i = std::min(toml.find('\n', i), toml.size()) - 1;
    } else if (c == '\n') {
      ++line;
      dots = 0;
    } else if (c == '.') {
      if (++dots <= kMostDots) continue;
      throw UserError(Problem{.what = "a key of too many parts",
                              .where = {std::string(name), line, 1},
                              .expected = "at most " + std::to_string(kMostDots) + " dots in a key"});
    } else if (std::string_view("=,[]{}").find(c) != std::string_view::npos) {
      dots = 0;
    }
  }
}

}  // namespace

Config Config::from_text(std::string_view toml, std::string_view name) {
  refuse_deep_keys(toml, name);
  ConfigBuilder builder(toml, name);
  try {
    const toml::table table = toml::parse(toml, std::string(name));
    builder.flatten(table, "");
  } catch (const toml::parse_error& e) {
    throw UserError(Problem{.what = "not valid TOML: " + std::string(e.description()),
                            .where = builder.pos(e.source().begin),
                            .source_line = builder.line_of(e.source().begin)});
  }
  return std::move(builder.config);
}

Config Config::from_json_text(std::string_view json, std::string_view name) {
  const Json parsed = parse_json(json, name);
  const Json* config = &parsed;
  if (parsed.is_object() && parsed.contains("schema") && parsed.contains("config"))
    config = &parsed.at("config");
  if (!config->is_object()) {
    throw UserError(Problem{.what = "no configuration in this JSON file",
                            .where = {std::string(name), 0, 0},
                            .expected = "an artifact with a \"config\" part, or a resolved config"});
  }
  ConfigBuilder builder("", name);
  builder.flatten(*config, "");
  return std::move(builder.config);
}

Config Config::from_file(const std::filesystem::path& path) {
  const std::string text = read_file(path);
  Config config =
      path.extension() == ".json" ? from_json_text(text, path.string()) : from_text(text, path.string());
  config.folder_ = path.parent_path();
  return config;
}

void Config::set(std::string_view assignment) {
  const auto equals = assignment.find('=');
  const std::string source = "--set " + std::string(assignment);
  if (equals == std::string_view::npos || equals == 0) {
    throw UserError("--set " + std::string(assignment) + ": no key=value here",
                    "example: --set geometry.q=1.4");
  }
  const std::string key(assignment.substr(0, equals));
  const std::string text(assignment.substr(equals + 1));
  refuse_deep_keys(text, source);
  try {
    const toml::table table = toml::parse("value = " + text);
    ConfigBuilder builder("", source);
    const auto& node = *table.get("value");
    if (const auto* array = node.as_array()) {
      ValueList list;
      for (const auto& element : *array) list.push_back(builder.scalar(element, key));
      set(key, std::move(list), source);
    } else {
      set(key, builder.scalar(node, key), source);
    }
  } catch (const toml::parse_error&) {
    set(key, Value(text), source);  // a bare word: text without quotes, as a shell leaves it
  }
}

}  // namespace assay
