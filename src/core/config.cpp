#include "core/config.hpp"

#include <algorithm>

#include "core/suggest.hpp"

namespace assay {
namespace {

bool is_below(std::string_view key, std::string_view table) {
  if (table.empty()) return true;
  return key.size() > table.size() && key.substr(0, table.size()) == table && key[table.size()] == '.';
}

/// Where an unknown key stands, for "unknown key "x" in [table]".
std::pair<std::string, std::string> split_key(const std::string& key) {
  const auto dot = key.rfind('.');
  if (dot == std::string::npos) return {"", key};
  return {key.substr(0, dot), key.substr(dot + 1)};
}

std::string in_table(const std::string& table) {
  return table.empty() ? "" : " in [" + table + "]";
}

}  // namespace

UserError ConfigEntry::bad_value(std::string what, std::string expected) const {
  std::string found;
  if (const auto* s = scalar()) {
    found = std::holds_alternative<std::string>(*s) ? "\"" + value_text(*s) + "\"" : value_text(*s);
  } else {
    found = "a list of " + std::to_string(list()->size());
  }
  return UserError(Problem{.what = std::move(what),
                           .where = value_pos,
                           .source_line = source_line,
                           .caret_length = static_cast<int>(found.size()),
                           .expected = std::move(expected),
                           .found = found});
}

const ConfigEntry* Config::take(std::string_view key) {
  if (taken_.emplace(key).second) known_.emplace_back(key);
  const auto it =
      std::find_if(entries_.begin(), entries_.end(), [&](const ConfigEntry& e) { return e.key == key; });
  return it == entries_.end() ? nullptr : &*it;
}

std::vector<const ConfigEntry*> Config::take_all(std::string_view table) {
  std::vector<const ConfigEntry*> found;
  for (const auto& entry : entries_) {
    if (!is_below(entry.key, table)) continue;
    if (taken_.insert(entry.key).second) known_.push_back(entry.key);
    found.push_back(&entry);
  }
  return found;
}

std::vector<std::string> Config::subtables(std::string_view table) const {
  std::vector<std::string> names;
  const auto add = [&](std::string_view key, bool is_table) {
    if (!is_below(key, table)) return;
    std::string_view rest = table.empty() ? key : key.substr(table.size() + 1);
    const auto dot = rest.find('.');
    if (dot == std::string_view::npos && !is_table) return;
    const std::string name(rest.substr(0, dot));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  for (const auto& [key, pos] : tables_) add(key, true);
  for (const auto& entry : entries_) add(entry.key, false);
  return names;
}

bool Config::has_table(std::string_view table) const {
  return std::any_of(tables_.begin(), tables_.end(),
                     [&](const auto& t) { return t.first == table || is_below(t.first, table); }) ||
         std::any_of(entries_.begin(), entries_.end(), [&](const auto& e) { return is_below(e.key, table); });
}

void Config::set(const std::string& key, std::variant<Value, ValueList> value, std::string_view source) {
  auto it = std::find_if(entries_.begin(), entries_.end(), [&](const ConfigEntry& e) { return e.key == key; });
  ConfigEntry entry;
  entry.key = key;
  entry.value = std::move(value);
  entry.key_pos = entry.value_pos = {std::string(source), 0, 0};
  if (it == entries_.end()) {
    entries_.push_back(std::move(entry));
  } else {
    *it = std::move(entry);
  }
}

void Config::reject_unknown() const {
  for (const auto& entry : entries_) {
    if (taken_.count(entry.key) > 0) continue;
    const auto [table, name] = split_key(entry.key);
    // The keys of the same table are what the user most likely meant; elsewhere only a near match helps.
    std::vector<std::string> here;
    for (const auto& key : known_) {
      if (split_key(key).first == table) here.push_back(split_key(key).second);
    }
    Problem problem{.what = "unknown key \"" + name + "\"" + in_table(table),
                    .where = entry.key_pos,
                    .source_line = entry.source_line,
                    .caret_length = entry.key_length};
    if (!here.empty() && nearest(name, here)) {
      problem.expected = one_of(name, here);
    } else if (const auto near = nearest(entry.key, known_)) {
      problem.expected =
          (here.empty() ? "a known key" : one_of(name, here)) + " (did you mean \"" + *near + "\"?)";
    } else {
      problem.expected = here.empty() ? one_of(entry.key, known_) : one_of(name, here);
    }
    throw UserError(problem);
  }
  for (const auto& [table, pos] : tables_) {
    const bool known = std::any_of(known_.begin(), known_.end(), [&, t = table](const std::string& key) {
      return is_below(key, t) || is_below(t, key) || key == t;
    });
    if (!known) {
      std::vector<std::string> tables;
      for (const auto& key : known_) {
        if (const auto parent = split_key(key).first;
            !parent.empty() && std::find(tables.begin(), tables.end(), parent) == tables.end())
          tables.push_back(parent);
      }
      throw UserError(
          Problem{.what = "unknown table [" + table + "]", .where = pos, .expected = one_of(table, tables)});
    }
  }
}

std::int64_t read_integer(Config& config, std::string_view key, std::int64_t fallback, std::int64_t min,
                          std::int64_t max) {
  const auto* entry = config.take(key);
  if (entry == nullptr) return fallback;
  const auto* value = entry->scalar();
  const auto* i = value != nullptr ? std::get_if<std::int64_t>(value) : nullptr;
  if (i == nullptr || *i < min || *i > max) {
    throw entry->bad_value("bad value for \"" + std::string(key) + "\"",
                           "an integer from " + std::to_string(min) + " to " + std::to_string(max));
  }
  return *i;
}

double read_real(Config& config, std::string_view key, double fallback) {
  const auto* entry = config.take(key);
  if (entry == nullptr) return fallback;
  const auto* value = entry->scalar();
  if (value == nullptr || !(value->index() == 1 || value->index() == 2)) {
    throw entry->bad_value("bad value for \"" + std::string(key) + "\"", "a number");
  }
  return as_real(*value);
}

std::string read_text(Config& config, std::string_view key, std::string_view fallback) {
  const auto* entry = config.take(key);
  if (entry == nullptr) return std::string(fallback);
  const auto* value = entry->scalar();
  const auto* text = value != nullptr ? std::get_if<std::string>(value) : nullptr;
  if (text == nullptr) throw entry->bad_value("bad value for \"" + std::string(key) + "\"", "text in quotes");
  return *text;
}

std::string read_choice(Config& config, std::string_view key, std::string_view fallback,
                        const std::vector<std::string>& choices) {
  std::string text = read_text(config, key, fallback);
  if (std::find(choices.begin(), choices.end(), text) == choices.end()) {
    const auto* entry = config.take(key);
    if (entry == nullptr) {
      throw UserError(Problem{.what = "no value for \"" + std::string(key) + "\"",
                              .where = {config.name(), 0, 0},
                              .expected = one_of(text, choices)});
    }
    throw entry->bad_value("bad value for \"" + std::string(key) + "\"", one_of(text, choices));
  }
  return text;
}

bool read_flag(Config& config, std::string_view key, bool fallback) {
  const auto* entry = config.take(key);
  if (entry == nullptr) return fallback;
  const auto* value = entry->scalar();
  const auto* flag = value != nullptr ? std::get_if<bool>(value) : nullptr;
  if (flag == nullptr) throw entry->bad_value("bad value for \"" + std::string(key) + "\"", "true or false");
  return *flag;
}

}  // namespace assay
