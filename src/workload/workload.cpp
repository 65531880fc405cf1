#include "workload/workload.hpp"

#include <nlohmann/json.hpp>

#include "core/suggest.hpp"

namespace assay::workload {

Json Workload::config() const {
  return parameters_.to_json();
}

Json Workload::identity_parts() const {
  return Json::object();
}

ParameterSet Workload::resolve(const plan::Point& point) const {
  ParameterSet inputs = parameters_;
  for (const auto& [name, value] : point) inputs.set(name, value);
  return inputs;
}

std::vector<std::string> names() {
  std::vector<std::string> names;
  for (const auto& kind : all()) names.push_back(kind.name);
  return names;
}

const Kind& get(std::string_view name) {
  for (const auto& kind : all()) {
    if (kind.name == name) return kind;
  }
  throw UserError(Problem{.what = "no workload \"" + std::string(name) + "\"",
                          .expected = one_of(name, names()),
                          .hint = "assay list shows what each one computes"});
}

std::unique_ptr<Workload> make(Config& config) {
  const ConfigEntry* entry = config.take("workload");
  if (entry == nullptr) {
    throw UserError(Problem{.what = "the config names no workload",
                            .where = {config.name(), 0, 0},
                            .expected = "a line such as workload = \"gk.linear\"",
                            .hint = "assay list shows the workloads; assay init writes a config"});
  }
  const std::string name = read_text(config, "workload", "");
  const auto known = names();
  if (std::find(known.begin(), known.end(), name) == known.end())
    throw entry->bad_value("no workload \"" + name + "\"", one_of(name, known));
  return get(name).make(config);
}

}  // namespace assay::workload
