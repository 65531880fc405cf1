#include "audit/lanes.hpp"

#include <algorithm>
#include <array>

#include "core/config.hpp"
#include "core/suggest.hpp"

namespace assay::audit {
namespace {

std::vector<std::string> list_of(Config& config, const std::string& key) {
  std::vector<std::string> list;
  const ConfigEntry* entry = config.take(key);
  if (entry == nullptr) return list;
  ValueList values;
  if (const Value* one = entry->scalar()) values.push_back(*one);
  if (entry->list() != nullptr) values = *entry->list();
  for (const Value& value : values) {
    if (!std::holds_alternative<std::string>(value)) {
      throw entry->bad_value("bad value for \"" + key + "\"", "text or a list of texts");
    }
    list.push_back(std::get<std::string>(value));
  }
  return list;
}

[[noreturn]] void refuse(const Config& config, const std::string& what, std::string expected) {
  throw UserError(Problem{.what = what, .where = {config.name(), 0, 0}, .expected = std::move(expected)});
}

Lane read_lane(Config& config, const std::string& name) {
  const std::string table = "lanes." + name + ".";
  Lane lane{.name = name};
  lane.summary = read_text(config, table + "summary", "");
  lane.independent_work = read_flag(config, table + "independent_work", false);
  lane.changes_solver_layout = read_flag(config, table + "changes_solver_layout", false);
  lane.promoted = read_text(config, table + "promoted", "");
  lane.identity = list_of(config, table + "identity");
  lane.physics = list_of(config, table + "physics");
  lane.timing = list_of(config, table + "timing");
  return lane;
}

void check_lane(const Config& config, const Lane& lane) {
  if (lane.identity.empty() || lane.physics.empty() || lane.timing.empty()) {
    refuse(config, "lane \"" + lane.name + "\" names no gate of some class",
           "identity, physics and timing, each with one name or more");
  }
  for (const std::string& id : lane.identity) {
    if (std::find(lane.physics.begin(), lane.physics.end(), id) != lane.physics.end()) {
      refuse(config, "lane \"" + lane.name + "\" counts the gate \"" + id + "\" twice",
             "each gate in one class");
    }
  }
}

ContractLevel read_level(Config& config, const std::string& name) {
  static const std::vector<std::string> kinds{"gate", "lane", "measurement", "file", "level"};
  ContractLevel level{.name = name, .title = read_text(config, "levels." + name + ".title", "")};
  for (const std::string& text : list_of(config, "levels." + name + ".needs")) {
    const auto blank = text.find(' ');
    const std::string kind = text.substr(0, blank);
    if (blank == std::string::npos || std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
      refuse(config, "level \"" + name + "\" needs \"" + text + "\", which is no kind of evidence",
             "\"KIND NAME\" with KIND " + one_of(kind, kinds));
    }
    level.needs.push_back({kind, text.substr(blank + 1)});
  }
  if (level.needs.empty())
    refuse(config, "level \"" + name + "\" needs nothing: it would always hold", "needs = [\"gate ...\"]");
  return level;
}

}  // namespace

Registry read_registry(const std::filesystem::path& path) {
  Config config = Config::from_file(path);
  Registry registry{.title = read_text(config, "title", "status"),
                    .folder = path.parent_path().empty() ? "." : path.parent_path()};
  for (const ConfigEntry* entry : config.take_all("gates")) {
    const Value* file = entry->scalar();
    if (file == nullptr || !std::holds_alternative<std::string>(*file)) {
      throw entry->bad_value("bad value for a gate", "the TOML file that defines it");
    }
    registry.gate_files[entry->key.substr(std::string("gates.").size())] = std::get<std::string>(*file);
  }
  for (const std::string& name : config.subtables("lanes")) registry.lanes.push_back(read_lane(config, name));
  for (const std::string& name : config.subtables("levels"))
    registry.levels.push_back(read_level(config, name));
  config.reject_unknown();  // before the rest: a misspelt key is the likelier mistake
  for (const Lane& lane : registry.lanes) check_lane(config, lane);
  if (registry.lanes.empty())
    refuse(config, "no lanes", "tables [lanes.NAME] with identity, physics and timing");
  return registry;
}

}  // namespace assay::audit
