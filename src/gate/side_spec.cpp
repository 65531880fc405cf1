#include "gate/side_spec.hpp"

#include <nlohmann/json.hpp>

#include "core/text.hpp"

namespace assay::gate {
namespace {

constexpr int most_threads = 4096;

std::vector<std::string> text_list(Config& config, const std::string& key) {
  std::vector<std::string> words;
  const ConfigEntry* entry = config.take(key);
  if (entry == nullptr) return words;
  ValueList list;
  if (const Value* one = entry->scalar()) list.push_back(*one);
  if (entry->list() != nullptr) list = *entry->list();
  for (const Value& value : list) {
    if (!std::holds_alternative<std::string>(value)) {
      throw entry->bad_value("bad value for \"" + key + "\"", "text or a list of texts");
    }
    words.push_back(std::get<std::string>(value));
  }
  return words;
}

std::vector<int> thread_list(Config& config, const std::string& key) {
  std::vector<int> threads;
  const ConfigEntry* entry = config.take(key);
  if (entry == nullptr) return threads;
  ValueList list;
  if (const Value* one = entry->scalar()) list.push_back(*one);
  if (entry->list() != nullptr) list = *entry->list();
  for (const Value& value : list) {
    const auto* n = std::get_if<std::int64_t>(&value);
    if (n == nullptr || *n < 1 || *n > most_threads) {
      throw entry->bad_value("bad value for \"" + key + "\"",
                             "a number of threads from 1 to " + std::to_string(most_threads) + ", or a list");
    }
    threads.push_back(static_cast<int>(*n));
  }
  return threads;
}

Json json_of(const std::variant<Value, ValueList>& value) {
  const auto one = [](const Value& v) { return std::visit([](const auto& x) { return Json(x); }, v); };
  if (const auto* scalar = std::get_if<Value>(&value)) return one(*scalar);
  Json list = Json::array();
  for (const Value& v : std::get<ValueList>(value)) list.push_back(one(v));
  return list;
}

}  // namespace

std::vector<std::string> SideSpec::labels() const {
  std::vector<std::string> names;
  for (const int n : threads) names.push_back("threads=" + std::to_string(n));
  if (names.empty()) names.emplace_back(resume_after > 0 ? "resumed" : "candidate");
  return names;
}

SideSpec read_side(Config& config, const std::string& table) {
  SideSpec side;
  side.engine = read_text(config, table + ".engine", "");
  side.threads = thread_list(config, table + ".threads");
  side.batch = static_cast<int>(read_integer(config, table + ".batch", -1, -1, 1'000'000'000));
  side.resume_after = static_cast<int>(read_integer(config, table + ".resume_after", 0, 0, 1'000'000'000));
  side.command = read_text(config, table + ".command", "");
  side.files = text_list(config, table + ".files");
  side.timeout_seconds = read_real(config, table + ".timeout_s", 0.0);
  const std::string set = table + ".set";
  for (const ConfigEntry* entry : config.take_all(set)) {
    side.set.emplace_back(entry->key.substr(set.size() + 1), entry->value);
  }
  return side;
}

Json to_json(const SideSpec& side) {
  Json json = Json::object();
  if (!side.engine.empty()) json["engine"] = side.engine;
  if (!side.threads.empty()) json["threads"] = side.threads;
  if (side.batch > 0) json["batch"] = side.batch;
  if (side.resume_after > 0) json["resume_after"] = side.resume_after;
  if (!side.command.empty()) json["command"] = side.command;
  if (!side.files.empty()) json["files"] = side.files;
  if (side.timeout_seconds > 0.0) json["timeout_s"] = side.timeout_seconds;
  for (const auto& [key, value] : side.set) json["set"][key] = json_of(value);
  return json;
}

std::string fill_in(std::string text, const Knobs& knobs) {
  for (const auto& [name, value] : knobs) text = replaced(text, "{" + name + "}", std::to_string(value));
  return text;
}

}  // namespace assay::gate
