#include "gate/config_gate.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/suggest.hpp"
#include "gate/command_side.hpp"
#include "gate/file_fault.hpp"
#include "gate/file_pairs.hpp"
#include "gate/study_side.hpp"

namespace assay::gate {
namespace {

Requirement requirement_of(const GateFlags& flags) {
  Requirement r = parse_level(flags.level.empty() ? "bit" : flags.level);
  r.must_be_nontrivial = flags.nontrivial;
  if (flags.nan == "equal") r.non_finite = NonFinite::equal;
  if (flags.nan == "forbidden") r.non_finite = NonFinite::forbidden;
  return r;
}

/// The candidate's settings as --against types them.
std::variant<Value, ValueList> value_of(const std::string& assignment, std::string& key) {
  Config one = Config::from_text("", "--against");
  one.set(assignment);
  key = assignment.substr(0, assignment.find('='));
  return one.take(key)->value;
}

}  // namespace

std::unique_ptr<ConfigGate> ConfigGate::make(Config config, const GateFlags& flags) {
  std::unique_ptr<ConfigGate> gate(new ConfigGate);
  gate->folder_ = std::filesystem::absolute(config.folder().empty() ? "." : config.folder());
  gate->a_ = read_side(config, "a");
  gate->b_ = read_side(config, "b");
  gate->read_gate(config, flags);
  gate->read_bisect(config);
  for (const std::string& assignment : flags.against) {
    std::string key;
    auto value = value_of(assignment, key);
    gate->b_.set.emplace_back(key, std::move(value));
  }
  if (!flags.engine.empty()) gate->b_.engine = flags.engine;
  if (!flags.threads.empty()) gate->b_.threads = flags.threads;
  if (flags.resume_after > 0) gate->b_.resume_after = flags.resume_after;
  gate->check_sides(config);
  if (gate->is_study()) {
    const std::string file = read_text(config, "gate.study", "");
    if (!file.empty()) config.reject_unknown();
    gate->study_ = file.empty() ? config : Config::from_file(gate->folder_ / file);
    for (const std::string& assignment : flags.set) gate->study_->set(assignment);
    if (gate->a_.engine.empty()) gate->a_.engine = "serial";
    if (gate->b_.engine.empty() && gate->b_.resume_after == 0 && gate->b_.set.empty()) gate->b_.engine = "tbb";
    if (gate->b_.engine.empty()) gate->b_.engine = "serial";
    // Both sides are made now: a slip in either shows before anything runs.
    const StudyRequest a{.config = &*gate->study_, .side = gate->a_};
    const StudyRequest b{.config = &*gate->study_, .side = gate->b_};
    gate->study_definition_ = make_side_study(a).config();
    make_side_study(b);
  } else {
    config.reject_unknown();
  }
  return gate;
}

void ConfigGate::read_gate(Config& config, const GateFlags& flags) {
  std::string stem = std::filesystem::path(config.name()).stem().string();
  const bool flags_only = !config.has_table("gate");
  if (flags_only && is_study()) {
    stem += b_.resume_after > 0 || flags.resume_after > 0 ? ".resume"
            : !flags.against.empty()                      ? ".method"
                                                          : ".engine";
  }
  name_ = read_text(config, "gate.name", stem);
  summary_ = read_text(config, "gate.summary", "");
  format_word_ = read_text(config, "gate.format", "auto");
  format_ = parse_format(format_word_);
  config.take("gate.study");
  const bool has_level = config.take("gate.level") != nullptr;
  level_given_ = has_level || !flags.level.empty();
  rules_ = Rules::from_config(config, "gate", "observables", requirement_of(flags));
  if (!flags.rules_file.empty()) {
    rules_ = Rules::from_file(flags.rules_file, requirement_of(flags));
    level_given_ = true;
  }
  for (const std::string& pattern : flags.ignore) rules_.ignore(pattern);
}

void ConfigGate::read_bisect(Config& config) {
  for (const std::string knob : {"threads", "chunk", "step"}) {
    const std::string key = "bisect." + knob;
    const ConfigEntry* entry = config.take(key);
    config.take(key + "_key");
    if (entry == nullptr) continue;
    const auto* list = entry->list();
    KnobRange range{.key = read_text(config, key + "_key", "")};
    const bool pair = list != nullptr && list->size() == 2 &&
                      std::holds_alternative<std::int64_t>((*list)[0]) &&
                      std::holds_alternative<std::int64_t>((*list)[1]);
    if (pair) {
      range.low = std::get<std::int64_t>((*list)[0]);
      range.high = std::get<std::int64_t>((*list)[1]);
    }
    if (!pair || range.low < 1 || range.high <= range.low) {
      throw entry->bad_value("bad value for \"" + key + "\"", "[from, to] with 1 <= from < to");
    }
    ranges_[knob] = range;
  }
}

void ConfigGate::check_sides(const Config& config) const {
  const SourcePos where{config.name(), 0, 0};
  if (a_.is_command() != b_.is_command() || a_.is_files() != b_.is_files()) {
    throw UserError(
        Problem{.what = "the two sides are different kinds of things",
                .where = where,
                .expected = "[a] and [b] both with a command, both with files only, or both of a study"});
  }
  if (is_study()) return;
  if (a_.files != b_.files && a_.files.size() != b_.files.size()) {
    throw UserError(Problem{.what = "[a] and [b] name different numbers of files", .where = where});
  }
}

bool ConfigGate::same_program() const {
  if (is_study()) return a_.set == b_.set && b_.engine != "cuda" && a_.engine != "cuda";
  return a_.command == b_.command;
}

Json ConfigGate::definition() const {
  Json json = {{"name", name_}};
  json.update(rules_.describe());
  if (is_study() && !level_given_) json["level"] = same_program() ? "bit" : "by class";
  if (!is_study()) json["format"] = format_word_;
  json["a"] = to_json(a_);
  json["b"] = to_json(b_);
  if (is_study()) json["study"] = study_definition_;
  return json;
}

Repeat ConfigGate::repeat() const {
  if (a_.is_files()) return Repeat::never;
  return same_program() ? Repeat::bitwise : Repeat::at_its_level;
}

SideResult ConfigGate::run_side(const SideSpec& side, Knobs knobs, Rules& rules, Runtime& runtime) const {
  if (side.is_files()) return read_files_side(side, folder_);
  if (side.is_command()) {
    for (const char* knob : {"threads", "chunk", "step"}) knobs.try_emplace(knob, 1);
    return run_command_side(side, knobs, folder_, runtime);
  }
  StudyRequest request{.config = &*study_, .side = side};
  if (const auto knob = knobs.find("threads"); knob != knobs.end())
    request.threads = static_cast<int>(knob->second);
  if (const auto knob = knobs.find("chunk"); knob != knobs.end())
    request.side.batch = static_cast<int>(knob->second);
  request.defaults = same_program() ? Defaults::bitwise : Defaults::by_class;
  request.levels_given = level_given_;
  request.with_artifact = a_.resume_after > 0 || b_.resume_after > 0;
  for (const auto& [knob, range] : ranges_) {
    if (!range.key.empty() && knobs.contains(knob))
      request.side.set.emplace_back(range.key, Value(knobs.at(knob)));
  }
  return run_study_side(request, rules, runtime);
}

SideResult ConfigGate::floor(Runtime& runtime) {
  used_rules_ = rules_;
  Knobs knobs = knobs_;  // the floor stays as it is while threads or chunks of the candidate are tried
  knobs.erase("threads");
  knobs.erase("chunk");
  if (!a_.threads.empty()) knobs["threads"] = a_.threads.front();
  SideResult side = run_side(a_, std::move(knobs), used_rules_, runtime);
  if (is_study()) {
    GateReport names;
    for (const Observable& o : side.observables) names.observables.push_back({.name = o.name});
    if (side.blockers.empty()) reject_unused(used_rules_, names);
  }
  return side;
}

SideResult ConfigGate::candidate(std::size_t index, Runtime& runtime) {
  Rules rules = rules_;
  Knobs knobs = knobs_;
  if (!b_.threads.empty()) knobs.try_emplace("threads", b_.threads.at(index));
  return run_side(b_, std::move(knobs), rules, runtime);
}

GateReport ConfigGate::judge(const SideResult& floor, const SideResult& other, Judged as) const {
  if (is_study()) return Gate::judge(floor, other, as);
  Rules rules = as == Judged::as_candidate
                    ? rules_
                    : rules_.changed([as](const Requirement& r) { return required_of(r, as); });
  GateReport report = compare_outputs(floor.files, other.files, rules, format_);
  report.gate = name_;
  if (as == Judged::as_candidate && report.verdict == Verdict::pass) reject_unused(rules, report);
  return report;
}

Proof ConfigGate::prove(const SideResult& floor, Runtime& runtime) const {
  if (is_study()) return Gate::prove(floor, runtime);
  return prove_outputs(floor.files, rules_, format_, runtime.scratch / "faults");
}

std::vector<SideRun> ConfigGate::runs() const {
  if (a_.is_files() || a_.resume_after > 0 || b_.resume_after > 0) {
    throw UserError(Problem{.what = name_ + " has no two runs that could be timed",
                            .expected = "[a] and [b] with a command each, or a study on two engines"});
  }
  const auto make = [this](const SideSpec& side, const std::string& label, int threads) {
    SideRun one{.label = label, .timeout_seconds = side.timeout_seconds};
    if (side.is_command()) {
      one.command = fill_in(side.command, {{"threads", std::max(threads, 1)}, {"chunk", 1}, {"step", 1}});
    } else {
      const StudyRequest request{.config = &*study_, .side = side, .threads = threads};
      one.study = std::make_shared<const run::Study>(make_side_study(request));
    }
    return one;
  };
  std::vector<SideRun> all{make(a_, "a", a_.threads.empty() ? 0 : a_.threads.front())};
  for (const int n : b_.threads) all.push_back(make(b_, "threads=" + std::to_string(n), n));
  if (b_.threads.empty()) all.push_back(make(b_, "b", 0));
  return all;
}

void ConfigGate::turn(const std::string& knob, std::int64_t value) {
  knobs_[knob] = value;
}

std::optional<ConfigGate::KnobRange> ConfigGate::range_of(const std::string& knob) const {
  const auto found = ranges_.find(knob);
  return found == ranges_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace assay::gate
