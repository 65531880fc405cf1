// The list of built-in gates, one line each (docs/decisions/0004).
#include "gate/all.hpp"

#include <array>

#include "core/error.hpp"
#include "core/suggest.hpp"
#include "gate/config_gate.hpp"
#include "gate/small_plasma.hpp"

namespace assay::gate {
namespace {

constexpr std::string_view four_wavenumbers = R"toml(
[scan.axes]
ky = [0.1, 0.2, 0.3, 0.4]
)toml";

std::unique_ptr<Gate> from_text(std::string_view id, std::string_view text) {
  std::string config(small_plasma);
  config.append(four_wavenumbers).append(text);
  return ConfigGate::make(Config::from_text(config, id), {});
}

std::unique_ptr<Gate> gk_resume() {
  return from_text("gk.linear.resume", R"toml(
[gate]
name = "gk.linear.resume"
summary = "a scan cut in the middle of a write and resumed, against one that was left alone"
nontrivial = true
[a.set]
"solver.route" = "krylov"
[b]
resume_after = 3
[b.set]
"solver.route" = "krylov"
)toml");
}

std::unique_ptr<Gate> gk_methods() {
  return from_text("gk.linear.methods", R"toml(
[gate]
name = "gk.linear.methods"
summary = "growth rate and frequency by two methods: initial value against Krylov"
level = "tol:1e-5"
ignore = ["residual", "particle_flux_weight"]
nontrivial = true
[a.set]
"solver.route" = "krylov"
[b.set]
"solver.route" = "initial-value"
)toml");
}

std::unique_ptr<Gate> gk_tiers() {
  return from_text("gk.linear.tiers", R"toml(
[gate]
name = "gk.linear.tiers"
summary = "the vectorised kernels against the plain floor"
level = "tol:1e-10"
ignore = ["residual", "particle_flux_weight"]
nontrivial = true
[a.set]
"solver.route" = "krylov"
"solver.tier" = "floor"
[b.set]
"solver.route" = "krylov"
"solver.tier" = "host"
)toml");
}

struct Registration {
  std::string_view id;
  std::unique_ptr<Gate> (*make)();
};

constexpr std::array table{
    Registration{"parallel.scan-identity", scan_identity},
    Registration{"parallel.ensemble-provenance", ensemble_provenance},
    Registration{"parallel.ensemble-failures", ensemble_failures},
    Registration{"parallel.decomposition-contract", decomposition_contract},
    Registration{"parallel.identity-report", identity_report},
    Registration{"gk.linear.resume", gk_resume},
    Registration{"gk.linear.methods", gk_methods},
    Registration{"gk.linear.tiers", gk_tiers},
};

}  // namespace

std::vector<std::string> registered_ids() {
  std::vector<std::string> ids;
  for (const Registration& r : table) ids.emplace_back(r.id);
  return ids;
}

std::unique_ptr<Gate> make_registered(std::string_view id) {
  for (const Registration& r : table) {
    if (r.id == id) return r.make();
  }
  throw UserError(Problem{.what = "no gate \"" + std::string(id) + "\", and no such file",
                          .expected = one_of(id, registered_ids()),
                          .hint = "assay gate --list shows what each one compares"});
}

}  // namespace assay::gate
