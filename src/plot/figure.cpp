#include "plot/figure.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/error.hpp"

namespace assay::plot {
namespace {

/// "6 tasks: 5 ok, 1 unconverged; config 1a2b3c4d".
std::string subtitle_of(const Json& artifact) {
  std::string text = fmt::format("{} tasks: ", artifact.at("results").size());
  std::string between;
  for (const char* status : {"ok", "failed", "unconverged", "skipped", "duplicate"}) {
    std::size_t count = 0;
    for (const auto& result : artifact.at("results")) count += result.at("status") == status ? 1 : 0;
    if (count == 0) continue;
    text += fmt::format("{}{} {}", between, count, status);
    between = ", ";
  }
  return text + "; config " + artifact.at("config_sha256").get<std::string>().substr(0, 12);
}

}  // namespace

std::string label_of(const std::string& name, const std::string& unit) {
  return unit.empty() || unit == "1" ? name : name + " [" + unit + "]";
}

Json figure_of(const Json& artifact, const Request& request) {
  const std::string schema = artifact.value("schema", "");
  if (schema == "assay/bench-history/v1") {
    std::size_t runs = 0;
    for (const Json& series : artifact.at("series")) runs += series.at("runs").size();
    return {{"title", "times over the runs"},
            {"subtitle", fmt::format("{} series, {} runs", artifact.at("series").size(), runs)},
            {"panels", history_panels(artifact)}};
  }
  const bool ensemble = schema == "assay/ensemble/v1";
  if (!ensemble && schema != "assay/scan/v1") {
    throw UserError(Problem{.what = "this document has no points to draw",
                            .expected = "schema assay/scan/v1, assay/ensemble/v1 or assay/bench-history/v1",
                            .found = schema.empty() ? "no schema" : schema,
                            .hint = "assay scan --out DIR writes DIR/scan.json"});
  }
  for (const char* part : {"config", "config_sha256", "observables", "results"}) {
    if (!artifact.contains(part))
      throw UserError("this document says " + schema + " but has no \"" + part + "\"",
                      "it is not whole: run it again");
  }
  Json panels = ensemble ? ensemble_panels(artifact, request) : scan_panels(artifact, request);
  return {{"title", artifact.at("config").value("workload", "")},
          {"subtitle", subtitle_of(artifact)},
          {"panels", std::move(panels)}};
}

}  // namespace assay::plot
