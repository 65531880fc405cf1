// From files to sentences.
// SPDX-License-Identifier: MIT
#include "claims/impact.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace assay::claims {
namespace {

namespace fs = std::filesystem;

// The path as the ledger writes it.
std::string from_ledger(const fs::path& root, const std::string& path) {
  std::error_code ignored;
  return fs::weakly_canonical(path, ignored)
      .lexically_relative(fs::weakly_canonical(root, ignored))
      .generic_string();
}

bool is_or_holds(const std::string& asked, const std::string& file) {
  return asked == file || asked == "." || file.starts_with(asked + "/");
}

std::string how_it_hangs(const Evidence& e, const fs::path& root, const std::string& asked) {
  if (is_or_holds(asked, e.claim->source.path)) return "its source";
  for (const auto& file : e.files)
    if (is_or_holds(asked, file)) return "a gate or input of it";
  if (e.claim->depends.empty()) return {};
  for (const auto& file : files_matching(root, e.claim->depends))
    if (is_or_holds(asked, file)) return "depends on it";
  return {};
}

}  // namespace

std::vector<Affected> affected_by(const CheckReport& report, const std::vector<std::string>& paths) {
  std::vector<Affected> out;
  const auto& root = report.basis->ledger.root;
  for (std::size_t i = 0; i < report.basis->evidence.size(); ++i)
    for (const auto& path : paths)
      if (auto how = how_it_hangs(report.basis->evidence[i], root, from_ledger(root, path)); !how.empty()) {
        out.push_back({i, path, std::move(how)});
        break;
      }
  return out;
}

std::string impact_text(const CheckReport& report, const std::vector<Affected>& affected) {
  std::string out;
  for (const auto& a : affected) {
    const auto& claim = report.basis->ledger.claims[a.claim];
    bool stated = false;
    for (const auto& file : report.files)
      for (const auto& place : file.places)
        if (place.claim == a.claim) {
          out += fmt::format("{}: {} ({}; {} is {})\n", report::to_text(place.place), place.text, claim.id,
                             a.file, a.how);
          stated = true;
        }
    if (!stated)
      out += fmt::format("{}:{}: {} is stated nowhere ({} is {})\n", report.basis->ledger.file.string(),
                         claim.line, claim.id, a.file, a.how);
  }
  return out + fmt::format("{} claims hang on what was named\n", affected.size());
}

Json impact_json(const CheckReport& report, const std::vector<Affected>& affected) {
  Json rows = Json::array();
  for (const auto& a : affected) {
    Json places = Json::array();
    for (const auto& file : report.files)
      for (const auto& place : file.places)
        if (place.claim == a.claim)
          places.push_back({{"file", place.place.file},
                            {"line", place.place.line},
                            {"column", place.place.column},
                            {"text", place.text}});
    rows.push_back({{"claim", report.basis->ledger.claims[a.claim].id},
                    {"path", a.file},
                    {"how", a.how},
                    {"places", std::move(places)}});
  }
  return rows;
}

}  // namespace assay::claims
