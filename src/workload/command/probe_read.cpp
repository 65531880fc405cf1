// [observables.NAME] of a config: each table has one key that says where the value comes from.
// SPDX-License-Identifier: MIT
#include <re2/re2.h>

#include <array>
#include <nlohmann/json.hpp>

#include "core/suggest.hpp"
#include "workload/command/probe.hpp"

namespace assay::workload::command {
namespace {

constexpr std::array<std::string_view, 10> kKinds{"regex",  "json",      "csv",  "npy", "last_line",
                                                  "output", "exit_code", "wall", "cpu", "peak_memory"};
constexpr std::array<std::string_view, 3> kTakes{"first", "last", "all"};
constexpr std::array<std::string_view, 3> kTypes{"real", "integer", "text"};

template <std::size_t N>
std::vector<std::string> words(const std::array<std::string_view, N>& names) {
  return {names.begin(), names.end()};
}
template <class Enum, std::size_t N>
Enum choice(Config& config, const std::string& key, Enum fallback,
            const std::array<std::string_view, N>& names) {
  const auto text = read_choice(config, key, names[static_cast<std::size_t>(fallback)], words(names));
  return static_cast<Enum>(std::find(names.begin(), names.end(), text) - names.begin());
}

/// The one key of regex, json, csv, ... that the table has.
void read_kind(Config& config, const std::string& table, Probe& probe) {
  bool found = false;
  for (std::size_t k = 0; k < kKinds.size(); ++k) {
    const std::string key = table + "." + std::string(kKinds[k]);
    const ConfigEntry* entry = config.take(key);
    if (entry == nullptr) continue;
    if (found) throw entry->bad_value("\"" + probe.name + "\" has two sources", "one of regex, json, csv, ...");
    found = true;
    probe.kind = static_cast<ProbeKind>(k);
    if (probe.kind <= ProbeKind::npy) {
      probe.what = read_text(config, key, "");
    } else if (!read_flag(config, key, true)) {
      throw entry->bad_value("\"" + key + "\" is off", "true");
    }
    if (probe.kind == ProbeKind::regex) {
      re2::RE2::Options options(re2::RE2::Quiet);
      options.set_log_errors(false);
      options.set_encoding(re2::RE2::Options::EncodingLatin1);  // output may be any bytes
      options.set_never_nl(false);
      auto pattern = std::make_shared<re2::RE2>("(?m)" + probe.what, options);
      if (!pattern->ok()) throw entry->bad_value("not a regular expression: " + pattern->error(), "RE2 syntax");
      if (pattern->NumberOfCapturingGroups() > 1)
        throw entry->bad_value("more than one group in the pattern",
                               "one (group) around the value; (?:...) else");
      probe.pattern = std::move(pattern);
    }
    if (probe.kind == ProbeKind::json && !probe.what.empty() && probe.what.front() != '/')
      throw entry->bad_value("not a JSON pointer", "a path such as \"/result/gamma\" or \"/values/0\"");
  }
  if (found) return;
  throw UserError(Problem{.what = "observable \"" + probe.name + "\" has no source",
                          .where = {config.name(), 0, 0},
                          .expected = one_of("", words(kKinds)),
                          .hint = "example: " + probe.name + " = { regex = 'result: (\\S+)' }"});
}

/// An array file and the index of its element.
void read_array(Config& config, const std::string& table, const FieldNames& names, const FieldValues& samples,
                Probe& probe) {
  probe.stream = Stream::file;
  probe.file = FieldText::parse(probe.what, names, samples, config.take(table + ".npy")->value_pos);
  if (const auto* entry = config.take(table + ".take"); entry != nullptr && !probe.is_array())
    throw entry->bad_value("an array has no " + value_text(*entry->scalar()) + " value of its own",
                           "\"all\", or index = [0, -1] for one element");
  const auto* entry = config.take(table + ".index");
  if (entry == nullptr) return;
  if (probe.is_array()) throw entry->bad_value("both an index and take = \"all\"", "one of them");
  for (const auto& value : entry->list() != nullptr ? *entry->list() : ValueList{*entry->scalar()}) {
    const auto* number = std::get_if<std::int64_t>(&value);
    if (number == nullptr)
      throw entry->bad_value("bad value for \"index\"", "an integer for each dimension, such as [0, -1]");
    probe.index.push_back(*number);
  }
}

Probe read_probe(Config& config, const std::string& name, const FieldNames& names, const FieldValues& samples) {
  const std::string table = "observables." + name;
  Probe probe{.name = name};
  read_kind(config, table, probe);
  probe.type = choice(config, table + ".type",
                      probe.kind == ProbeKind::output ? ValueType::text : ValueType::real, kTypes);
  const char* unit = probe.kind == ProbeKind::wall || probe.kind == ProbeKind::cpu ? "s"
                     : probe.kind == ProbeKind::peak_memory                        ? "bytes"
                     : probe.type == ValueType::text                               ? ""
                                                                                   : "1";
  probe.unit = read_text(config, table + ".unit", unit);
  probe.tolerance = read_choice(config, table + ".class", probe.is_measured() ? "statistical" : "bitwise",
                                {"bitwise", "ulp", "relative", "statistical"});
  probe.doc = read_text(config, table + ".doc", "");
  if (!probe.reads_text()) return probe;
  probe.take = choice(config, table + ".take", Take::last, kTakes);
  if (probe.kind == ProbeKind::npy) {
    if (probe.type == ValueType::text)
      throw config.take(table + ".type")->bad_value("an array holds numbers", "real or integer");
    read_array(config, table, names, samples, probe);
    return probe;
  }
  if (probe.kind == ProbeKind::csv)
    probe.row = static_cast<long>(read_integer(config, table + ".row", -1, -1'000'000'000, 1'000'000'000));
  const std::string from = read_text(config, table + ".from", "stdout");
  probe.stream = from == "stdout" ? Stream::out : from == "stderr" ? Stream::err : Stream::file;
  if (probe.stream == Stream::file) {
    const auto* entry = config.take(table + ".from");
    probe.file = FieldText::parse(from, names, samples, entry->value_pos);
  }
  if (probe.is_array() && probe.type == ValueType::text)
    throw config.take(table + ".take")->bad_value("an array of texts is no observable", "first or last");
  return probe;
}

}  // namespace

std::vector<Probe> read_probes(Config& config, const FieldNames& names, const FieldValues& samples) {
  std::vector<Probe> probes;
  for (const auto& name : config.subtables("observables")) {
    if (!is_field_name(name)) {
      throw UserError(Problem{.what = "\"" + name + "\" cannot name an observable",
                              .where = {config.name(), 0, 0},
                              .expected = "a letter or _, then letters, digits, _ and -"});
    }
    probes.push_back(read_probe(config, name, names, samples));
  }
  if (probes.empty()) {
    probes.push_back({.name = "result",
                      .doc = "the last line of the output: a number if it is one, else text",
                      .kind = ProbeKind::last_line});
  }
  return probes;
}

Json probes_json(const std::vector<Probe>& probes) {
  Json all = Json::object();
  for (const auto& p : probes) {
    Json one = Json::object();
    const std::string kind(kKinds[static_cast<std::size_t>(p.kind)]);
    one[kind] = p.kind <= ProbeKind::npy ? Json(p.what) : Json(true);
    one["unit"] = p.unit;
    one["class"] = p.tolerance;
    one["type"] = kTypes[static_cast<std::size_t>(p.type)];
    if (!p.doc.empty()) one["doc"] = p.doc;
    if (!p.index.empty()) one["index"] = p.index;
    if (p.kind == ProbeKind::npy) {
      if (p.is_array()) one["take"] = "all";
    } else if (p.reads_text()) {
      one["take"] = kTakes[static_cast<std::size_t>(p.take)];
      one["from"] = p.stream == Stream::out ? "stdout" : p.stream == Stream::err ? "stderr" : p.file.text();
    }
    if (p.kind == ProbeKind::csv) one["row"] = p.row;
    all[p.name] = std::move(one);
  }
  return all;
}

}  // namespace assay::workload::command
