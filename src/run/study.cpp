#include "run/study.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "core/sha256.hpp"
#include "core/suggest.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "run/limits.hpp"
#include "run/short_form.hpp"

namespace assay::run {
namespace {

using plan::Axis;
using plan::AxisGroup;

std::vector<std::string> split_names(const std::string& text) {
  const auto names = split(text, ',');
  return {names.begin(), names.end()};
}

Axis axis_of_entry(const ConfigEntry& entry) {
  const std::string name = entry.key.substr(std::string("scan.axes.").size());
  if (const auto* list = entry.list()) {
    if (list->empty()) throw entry.bad_value("axis \"" + name + "\" has no values", "at least one value");
    return Axis::of_list(name, *list);
  }
  const Value& value = *entry.scalar();
  if (const auto* text = std::get_if<std::string>(&value)) {
    try {
      return Axis::parse(name, *text, entry.value_pos);
    } catch (const UserError& e) {
      Problem problem = e.problem();
      problem.source_line = entry.source_line;
      problem.caret_length = static_cast<int>(text->size()) + 2;
      throw UserError(problem);
    }
  }
  return Axis::of_list(name, {value});
}

/// Axes that move together become one group, at the place of the first of them.
std::vector<AxisGroup> group_axes(std::vector<Axis> axes, const std::vector<std::string>& zips,
                                  const SourcePos& where) {
  std::vector<std::string> names;
  for (const auto& axis : axes) names.push_back(axis.name());
  std::vector<int> group_of(axes.size(), -1);
  for (std::size_t z = 0; z < zips.size(); ++z) {
    for (const auto& name : split_names(zips[z])) {
      const auto it = std::find(names.begin(), names.end(), name);
      if (it == names.end()) {
        throw UserError(Problem{.what = "zip names \"" + name + "\", which is no axis",
                                .where = where,
                                .expected = one_of(name, names)});
      }
      auto& group = group_of[static_cast<std::size_t>(it - names.begin())];
      if (group >= 0) throw UserError(Problem{.what = "axis \"" + name + "\" is zipped twice", .where = where});
      group = static_cast<int>(z);
    }
  }
  std::vector<AxisGroup> groups;
  std::vector<int> placed(zips.size(), -1);
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const int z = group_of[i];
    if (z >= 0 && placed[static_cast<std::size_t>(z)] >= 0) {
      groups[static_cast<std::size_t>(placed[static_cast<std::size_t>(z)])].axes.push_back(std::move(axes[i]));
      continue;
    }
    if (z >= 0) placed[static_cast<std::size_t>(z)] = static_cast<int>(groups.size());
    groups.push_back({{std::move(axes[i])}});
  }
  return groups;
}

/// The [scan] part of the resolved config: CSV points become lists, so that no other file is needed.
Json scan_json(const plan::Points& points) {
  Json axes = Json::object(), zip = Json::array();
  for (const auto& group : points.groups()) {
    std::string names;
    for (const auto& axis : group.axes) {
      names += (names.empty() ? "" : ",") + axis.name();
      if (!axis.is_list()) {
        axes[axis.name()] = axis.text();
        continue;
      }
      Json list = Json::array();
      for (std::size_t i = 0; i < axis.size(); ++i)
        std::visit([&](const auto& v) { list.push_back(v); }, axis.at(i));
      axes[axis.name()] = std::move(list);
    }
    if (group.axes.size() > 1) zip.push_back(names);
  }
  Json scan = {{"axes", axes}};
  if (!zip.empty()) scan["zip"] = zip;
  return scan;
}

/// What is for engine slurm alone.
void read_slurm(Config& config, const Overrides& o, double silence_seconds, engine::SlurmRequest& request) {
  request.slots = static_cast<int>(read_integer(config, "engine.slots", 0, 0, 4096));
  request.wall_seconds = read_seconds(config, "engine.walltime", 0.0);
  request.partition = read_text(config, "engine.partition", "");
  request.template_file = read_text(config, "engine.template", "");
  if (!request.template_file.empty())
    request.template_file = (config.folder() / request.template_file).string();
  request.wait_seconds = read_seconds(config, "engine.worker_wait", 0.0);
  if (request.wait_seconds > 0.0 && request.wait_seconds < silence_seconds)
    throw UserError(
        "engine.worker_wait is shorter than engine.silence: workers would leave a manager that is there",
        "raise worker_wait, or lower silence");
  if (o.slots == 0 || o.slots < -1 || o.slots > 4096) throw UserError("--slots takes 1 to 4096");
  if (o.slots > 0) request.slots = o.slots;
  if (!o.walltime.empty()) {
    const auto seconds = parse_duration(o.walltime);
    if (!seconds || *seconds <= 0.0)
      throw UserError("--walltime " + o.walltime + ": no duration", "examples: 50m, 3500, 2h");
    request.wall_seconds = *seconds;
  }
  if (!o.partition.empty()) request.partition = o.partition;
  if (!o.job_template.empty()) request.template_file = o.job_template;
}

/// [engine] of the config, then what was typed.
EngineRequest read_engine(Config& config, const Overrides& o) {
  EngineRequest request;
  auto names = engine::names();
  names.emplace_back("auto");
  request.name = read_choice(config, "engine.name", "auto", names);
  request.options.threads = static_cast<int>(read_integer(config, "engine.threads", 0, 0, 4096));
  request.options.batch_size =
      static_cast<std::size_t>(read_integer(config, "engine.batch", 0, 0, 1'000'000'000));
  const std::string batching = read_choice(config, "engine.batching", "dynamic", {"dynamic", "fixed"});
  request.options.batching = batching == "fixed" ? engine::Batching::fixed : engine::Batching::dynamic;
  request.options.jobs = static_cast<int>(read_integer(config, "engine.jobs", 0, 0, 4096));
  request.options.pin = read_flag(config, "engine.pin", false);
  request.options.workers = static_cast<int>(read_integer(config, "engine.workers", 0, 0, 4096));
  request.options.silence_seconds = read_seconds(config, "engine.silence", 60.0);
  if (!(request.options.silence_seconds >= 0.1)) throw UserError("engine.silence is a time of 0.1 s or more");
  request.options.spool = read_text(config, "engine.spool", "");
  if (!request.options.spool.empty())
    request.options.spool = (config.folder() / request.options.spool).string();
  if (!o.spool.empty()) request.options.spool = o.spool;
  request.options.patience_seconds = read_seconds(config, "engine.patience", request.options.patience_seconds);
  read_slurm(config, o, request.options.silence_seconds, request.options.slurm);
  request.ranks = static_cast<int>(read_integer(config, "engine.ranks", 0, 0, 1'000'000));
  request.survive = read_flag(config, "engine.survive", false) || o.survive;
  if (const auto* entry = config.take("engine.launcher")) {
    const ValueList words = entry->list() != nullptr ? *entry->list() : ValueList{*entry->scalar()};
    for (const auto& word : words) request.launcher.push_back(value_text(word));
  }
  request.fallback = read_flag(config, "engine.fallback", false) || o.fallback;
  request.solve_duplicates = read_flag(config, "engine.solve_duplicates", false) || o.solve_duplicates;
  if (!o.engine.empty()) request.name = o.engine;
  if (request.name != "auto") engine::get(request.name);
  if (o.threads == 0 || o.threads < -1)
    throw UserError("--threads takes 1 or more", "leave it out to use every core this process may use");
  if (o.threads > 0) request.options.threads = o.threads;
  if (o.jobs == 0 || o.jobs < -1 || o.jobs > 4096)
    throw UserError("--jobs takes 1 to 4096", "leave it out for one program a usable core");
  if (o.jobs > 0) request.options.jobs = o.jobs;
  if (o.workers == 0 || o.workers < -1 || o.workers > 4096)
    throw UserError("--workers takes 1 to 4096", "leave it out for one a usable core");
  if (o.workers > 0) request.options.workers = o.workers;
  if (o.ranks == 0 || o.ranks < -1)
    throw UserError("--ranks takes 1 or more",
                    "leave it out for one a usable core, and one that gives out the work");
  if (o.ranks > 0) request.ranks = o.ranks;
  if (o.batch > 0) request.options.batch_size = static_cast<std::size_t>(o.batch);
  return request;
}

/// Every value that a sample can have must be one that the parameter takes: better now than in one member of a
/// thousand.
void check_reach(workload::ParameterSet& probe, const plan::UncertainInput& input, const SourcePos& where) {
  for (const auto& value : input.distribution.extremes()) {
    try {
      probe.set(input.name, value, where);
    } catch (const UserError& e) {
      Problem problem = e.problem();
      if (!input.distribution.continuous()) throw;
      problem.what += "; its distribution reaches " + value_text(value);
      problem.hint = "cut it (truncate, min, max) or choose one that stays in range, such as lognormal";
      throw UserError(problem);
    }
  }
}

}  // namespace

std::uint64_t task_seed(std::uint64_t run_seed, std::size_t index) {
  // splitmix64: neighbouring indices give unrelated seeds.
  std::uint64_t x = run_seed + 0x9E3779B97F4A7C15ULL * (static_cast<std::uint64_t>(index) + 1);
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

plan::Points Study::read_points(Config& config, const Overrides& overrides, Scope scope) const {
  std::vector<Axis> axes;
  for (const ConfigEntry* entry : config.take_all("scan.axes")) axes.push_back(axis_of_entry(*entry));
  std::vector<std::string> zips = overrides.zip;
  SourcePos zip_pos{overrides.zip.empty() ? "" : "--zip", 0, 0};
  if (const auto* entry = config.take("scan.zip"); entry != nullptr && overrides.zip.empty()) {
    zip_pos = entry->value_pos;
    if (const auto* list = entry->list()) {
      for (const auto& value : *list) zips.push_back(value_text(value));
    } else {
      zips.push_back(value_text(*entry->scalar()));
    }
  }
  std::string file = read_text(config, "scan.points", "");
  if (!file.empty()) file = (config.folder() / file).string();
  if (!overrides.points_file.empty()) file = overrides.points_file;
  // An axis typed on the command line replaces all axes of the file: what is typed is what is scanned.
  if (!overrides.axes.empty() || !overrides.points_file.empty()) axes.clear();
  for (const auto& text : overrides.axes) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw UserError("--axis " + text + ": no name=values here", "example: --axis ky=0.1:0.6:6");
    }
    axes.push_back(Axis::parse(text.substr(0, equals), std::string_view(text).substr(equals + 1),
                               {"--axis " + text, 0, 0}));
  }
  if (scope == Scope::one_point) return {};  // the keys are known, their axes are not followed
  std::vector<AxisGroup> groups = group_axes(std::move(axes), zips, zip_pos);
  if (!file.empty() && (overrides.axes.empty() || !overrides.points_file.empty()))
    groups.push_back(plan::points_of_csv(file));
  if (groups.empty() && scope == Scope::scan) {
    throw UserError(
        Problem{.what = "nothing to scan: no axis is given",
                .where = {config.name(), 0, 0},
                .expected = "--axis name=values, a table [scan.axes] in the config, or --points file.csv",
                .hint = "example: assay scan CONFIG --axis ky=0.1:0.6:6; assay run CONFIG computes one point"});
  }
  return plan::Points(std::move(groups));
}

void Study::check_axes(const plan::Points& points) const {
  workload::ParameterSet probe = workload_->parameters();
  std::vector<std::size_t> seen;
  for (const auto& group : points.groups()) {
    for (const auto& axis : group.axes) {
      const SourcePos where{"axis " + axis.name(), 0, 0};
      const std::size_t parameter = probe.table().index(axis.name(), where);
      if (std::find(seen.begin(), seen.end(), parameter) != seen.end()) {
        throw UserError(
            Problem{.what = "two axes set the parameter \"" + probe.table().all()[parameter].key + "\"",
                    .where = where});
      }
      seen.push_back(parameter);
      for (std::size_t i = 0; i < axis.size(); ++i) probe.set(axis.name(), axis.at(i), where);
    }
  }
  if (!ensemble_) return;
  for (const auto& input : ensemble_->design.inputs) {
    const SourcePos where{"input " + input.name, 0, 0};
    const std::size_t parameter = probe.table().index(input.name, where);
    if (std::find(seen.begin(), seen.end(), parameter) != seen.end()) {
      throw UserError(Problem{.what = "the parameter \"" + probe.table().all()[parameter].key +
                                      "\" is set by two inputs or an axis",
                              .where = where});
    }
    seen.push_back(parameter);
    check_reach(probe, input, where);
  }
}

void Study::find_duplicates() {
  if (engine_.solve_duplicates) return;
  if (!workload_->repeatable() || (points_->distinct() && workload_->injective())) return;
  // A hash for each distinct task, and the full comparison only where hashes meet.
  std::unordered_multimap<std::size_t, std::size_t> first_with;
  for (std::size_t i = 0; i < points_->size(); ++i) {
    const std::string identity = workload_->resolve(points_->at(i)).identity();
    const std::size_t hash = std::hash<std::string>{}(identity);
    const auto [begin, end] = first_with.equal_range(hash);
    const auto same = std::find_if(begin, end, [&](const auto& other) {
      return workload_->resolve(points_->at(other.second)).identity() == identity;
    });
    if (same != end) {
      duplicate_of_.emplace_back(i, same->second);
    } else {
      first_with.emplace(hash, i);
    }
  }
}

Study Study::make(Config config, Overrides overrides, Scope scope) {
  apply_command(config, overrides);
  for (const auto& setting : overrides.settings) config.set(setting.key, setting.value, setting.source);
  for (const auto& assignment : overrides.set) config.set(assignment);
  if (scope == Scope::any) scope = config.has_table("ensemble") ? Scope::ensemble : Scope::scan;
  Study study;
  study.workload_ = workload::make(config);
  const auto folder = config.folder().empty() ? std::filesystem::current_path() : config.folder();
  study.config_folder_ = std::filesystem::absolute(folder).lexically_normal().string();
  plan::Points points = study.read_points(config, overrides, scope);
  if (scope == Scope::ensemble) {
    study.ensemble_ =
        std::make_shared<const EnsembleSpec>(read_ensemble(config, *study.workload_, points.names()));
  } else {
    config.take_all("ensemble");  // a config of an ensemble is one of a scan, too
  }
  study.engine_ = read_engine(config, overrides);
  study.limits_ = read_limits(config, overrides, study.workload_->external());
  study.seed_ =
      static_cast<std::uint64_t>(read_integer(config, "seed", 0, 0, std::numeric_limits<std::int64_t>::max()));
  config.reject_unknown();
  study.check_axes(points);
  Json scan = scan_json(points);
  if (study.ensemble_) {
    study.points_ = std::make_shared<const plan::SampledPoints>(study.ensemble_->design, std::move(points));
  } else {
    study.points_ = std::make_shared<const plan::Points>(std::move(points));
  }
  study.find_duplicates();
  Json resolved = Json::object();
  resolved["workload"] = std::string(study.workload_->name());
  resolved["seed"] = study.seed_;
  resolved.update(study.workload_->config());
  if (!scan["axes"].empty()) resolved["scan"] = std::move(scan);
  if (study.ensemble_) resolved["ensemble"] = ensemble_json(*study.ensemble_);
  study.config_sha256_ = sha256_hex(canonical_text(resolved));
  study.config_ = std::make_shared<const Json>(std::move(resolved));
  return study;
}

const plan::Points& Study::scan() const {
  if (ensemble_) return dynamic_cast<const plan::SampledPoints&>(*points_).inner();
  return dynamic_cast<const plan::Points&>(*points_);
}

plan::Task Study::task(std::size_t index) const {
  return {index, points_->at(index), task_seed(seed_, index)};
}

std::string Study::result_identity(std::size_t index) const {
  const plan::Task one = task(index);
  std::string own = workload_->identity(one);
  if (!own.empty()) return own;
  // The names of the parameters and all their values: a workload of ours depends on nothing else.
  std::string text(workload_->name());
  const workload::ParameterSet inputs = workload_->resolve(one.point);
  for (const auto& parameter : inputs.table().all()) text += '\n' + parameter.key;
  text += '\n' + inputs.identity();
  if (!workload_->repeatable()) text += std::to_string(index) + " " + std::to_string(one.seed);
  return short_sha256(text);
}

std::size_t Study::original(std::size_t index) const {
  const auto it =
      std::lower_bound(duplicate_of_.begin(), duplicate_of_.end(), std::pair(index, std::size_t{0}));
  return it != duplicate_of_.end() && it->first == index ? it->second : index;
}

}  // namespace assay::run
