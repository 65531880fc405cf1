#include "commands/picture.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "core/config.hpp"
#include "core/error.hpp"
#include "core/version.hpp"
#include "plot/figure.hpp"
#include "plot/python.hpp"
#include "workload/workload.hpp"

namespace assay::commands {
namespace {

/// Units of the coordinates: what the artifact says, else what its workload does; where this program cannot
/// make that workload (another version wrote it), the axes are drawn without units.
std::map<std::string, std::string> units_of(const Json& artifact, const std::filesystem::path& file) {
  std::map<std::string, std::string> units;
  if (artifact.contains("coordinate_units")) {
    for (const auto& [name, unit] : artifact.at("coordinate_units").items()) units[name] = unit;
    return units;
  }
  try {
    Config config = Config::from_file(file);
    const auto workload = workload::make(config);
    for (const auto& parameter : workload->parameters().table().all()) {
      units[parameter.key] = parameter.unit;
      if (!parameter.alias.empty()) units[parameter.alias] = parameter.unit;
    }
  } catch (const UserError&) {
    units.clear();
  }
  return units;
}

Json metadata_of(const std::string& format, const std::string& artifact_sha256,
                 const std::string& config_sha256, const std::string& title) {
  const std::string tool = "assay " + std::string(version());
  if (format == "png") {
    return {{"Software", tool},
            {"Title", title},
            {"artifact_sha256", artifact_sha256},
            {"config_sha256", config_sha256}};
  }
  return {{"Creator", tool},
          {"Date", nullptr},
          {"Title", title},
          {"Identifier", "artifact_sha256:" + artifact_sha256},
          {"Source", "config_sha256:" + config_sha256}};
}

}  // namespace

std::string picture_of(const Drawable& artifact, const std::string& format, const std::string& x,
                       const std::vector<std::string>& y) {
  const Json figure =
      plot::figure_of(artifact.document, {.x = x, .y = y, .units = units_of(artifact.document, artifact.file)});
  return plot::draw(
      {{"format", format},
       {"metadata",
        metadata_of(format, artifact.sha256, artifact.document.value("config_sha256", ""), figure.at("title"))},
       {"figure", figure}});
}

}  // namespace assay::commands
