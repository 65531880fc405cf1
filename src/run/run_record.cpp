// SPDX-License-Identifier: MIT
#include "run/run_record.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/atomic_file.hpp"
#include "core/time.hpp"
#include "core/version.hpp"
#include "evidence/host.hpp"

namespace assay::run {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::filesystem::path path_of(const std::filesystem::path& folder, const std::string& kind) {
  return folder / (kind + ".study");
}

const Json& member(const Json& object, const std::string& key) {
  static const Json nothing;
  return object.is_object() && object.contains(key) ? object.at(key) : nothing;
}

std::vector<std::string> keys_of(const Json& a, const Json& b) {
  std::vector<std::string> keys;
  for (const Json* object : {&a, &b}) {
    if (!object->is_object()) continue;
    for (const auto& [key, value] : object->items()) {
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    }
  }
  return keys;
}

void collect_changes(const Json& before, const Json& now, const std::string& path,
                     std::vector<std::string>& out) {
  if (before == now) return;
  if (!before.is_object() || !now.is_object()) {
    out.push_back(path);
    return;
  }
  for (const auto& key : keys_of(before, now))
    collect_changes(member(before, key), member(now, key), path.empty() ? key : path + "." + key, out);
}

std::string short_text(const Json& value) {
  if (value.is_null()) return "nothing";
  std::string text = value.is_string() ? value.get<std::string>() : to_text(value, 0);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text.size() > 16 ? text.substr(0, 12) + "..." : text;
}

std::string change(const std::string& what, const Json& before, const Json& now) {
  return what + " (" + short_text(before) + " before, " + short_text(now) + " now)";
}

}  // namespace

Json read_record(const std::filesystem::path& folder, const std::string& kind) {
  std::error_code error;
  if (!std::filesystem::exists(path_of(folder, kind), error)) return nullptr;
  try {
    Json record = parse_json(read_file(path_of(folder, kind)), path_of(folder, kind).string());
    return record.is_object() ? record : Json();
  } catch (const UserError&) {
    return nullptr;  // it informs; nothing is computed from it
  }
}

void write_record(const Study& study, const RecordRequest& r) {
  const Json before = r.keep_history ? read_record(r.folder, r.kind) : Json();
  Json record = {
      {"study", r.kind},
      {"tool", std::string(version())},
      {"tasks", study.points().size()},
      {"distinct", study.unique_tasks()},
      {"started", now_rfc3339()},
      {"process", ::getpid()},
      {"host", host_name()},
      {"folder", std::filesystem::current_path().string()},
      {"config_folder",
       std::filesystem::absolute(r.config_folder.empty() ? "." : r.config_folder).lexically_normal().string()},
      {"command_line", r.command_line},
      {"done_before", r.done_before},
      {"config", study.config()},
      {"config_sha256", study.config_sha256()}};
  Json history = member(before, "identities").is_array() ? member(before, "identities") : Json::array();
  const Json now = study.workload().identity_parts();
  if (!now.empty()) {
    history.erase(std::remove(history.begin(), history.end(), now), history.end());
    history.push_back(now);
  }
  if (!history.empty()) record["identities"] = history;
  write_file_atomically(path_of(r.folder, r.kind), to_text(record) + "\n");
}

std::vector<std::string> identity_changes(const Json& record, const Json& now) {
  const Json& history = member(record, "identities");
  Json before;
  for (const auto& parts : history.is_array() ? history : Json::array()) {
    if (parts != now) before = parts;
  }
  std::vector<std::string> changes;
  if (!before.is_object()) return changes;
  for (const auto& part : keys_of(before, now)) {
    const Json &was = member(before, part), &is = member(now, part);
    if (was == is) continue;
    if (part == "executable") {
      const Json& path = member(is, "path");
      const bool same = member(was, "path") == path;
      changes.push_back(change("executable " + (path.is_string() ? path.get<std::string>() : "of each task"),
                               member(was, same ? "sha256" : "path"), same ? member(is, "sha256") : path));
    } else if (part == "inputs" || part == "environment") {
      for (const auto& name : keys_of(was, is)) {
        if (member(was, name) != member(is, name)) {
          changes.push_back(change((part == "inputs" ? "input " : "environment variable ") + name,
                                   member(was, name), member(is, name)));
        }
      }
    } else {
      changes.push_back(change(part == "template" ? "command or template" : part, was, is));
    }
  }
  return changes;
}

std::vector<std::string> config_changes(const Json& before, const Json& now, std::size_t most) {
  std::vector<std::string> changes;
  collect_changes(before, now, "", changes);
  if (changes.size() > most) {
    const std::string more = std::to_string(changes.size() - most) + " more";
    changes.resize(most);
    changes.push_back(more);
  }
  return changes;
}

}  // namespace assay::run
