#include "evidence/provenance.hpp"

#include <nlohmann/json.hpp>

#include "core/build_info.hpp"
#include "core/time.hpp"
#include "core/version.hpp"
#include "evidence/git.hpp"
#include "evidence/host.hpp"

namespace assay::evidence {

Json tool_json() {
  const auto& info = build_info();
  const Json build = {{"compiler", info.compiler},
                      {"type", info.type},
                      {"flags", info.flags},
                      {"floor_flags", info.floor_flags},
                      {"host_flags", info.host_flags},
                      {"cuda", info.cuda},
                      {"commit", info.commit.empty() ? Json() : Json(info.commit)},
                      {"dirty", info.dirty}};
  return {{"name", "assay"}, {"version", version()}, {"build", build}};
}

Json provenance_json(const ProvenanceInputs& inputs) {
  Json provenance;
  provenance["host"] = host_json();
  provenance["git"] = git_json(inputs.config_folder.empty() ? "." : inputs.config_folder);
  provenance["devices"] = inputs.devices.is_array() ? inputs.devices : Json::array();
  Json run = {{"command", inputs.command}, {"started", now_rfc3339()}};
  run.update(host_now_json());
  provenance["run"] = std::move(run);
  return provenance;
}

}  // namespace assay::evidence
