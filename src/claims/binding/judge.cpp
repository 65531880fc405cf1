// From ledger entries to states.
// SPDX-License-Identifier: MIT
#include "claims/binding/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <set>

#include "claims/binding/table_data.hpp"
#include "core/sha256.hpp"

namespace assay::claims {
namespace {

using report::Level;

// Every SHA-256 that a document mentions: how a gate says what it looked at.
void digests_in(const Json& value, std::set<std::string>& out) {
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    if (text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos) out.insert(text);
  } else if (value.is_structured()) {
    for (const auto& item : value) digests_in(item, out);
  }
}

std::set<std::string> digests_of(const EvidenceFile& file) {
  std::set<std::string> out{file.sha256};
  if (!file.json || !file.json->is_object()) return out;
  for (const char* key : {"sha256", "content_sha256", "config_sha256"})
    if (file.json->contains(key) && (*file.json)[key].is_string())
      out.insert((*file.json)[key].get<std::string>());
  return out;
}

// The verdicts of an artifact: its array, or the one at its root.
std::vector<const Json*> verdicts_of(const Json& document) {
  std::vector<const Json*> out;
  if (!document.is_object()) return out;
  if (document.contains("verdicts") && document["verdicts"].is_array())
    for (const auto& verdict : document["verdicts"]) out.push_back(&verdict);
  if (out.empty() && document.contains("verdict")) out.push_back(&document);
  return out;
}

std::string member(const Json& object, const char* key) {
  return object.is_object() && object.contains(key) && object[key].is_string() ? object[key].get<std::string>()
                                                                               : std::string();
}

// Rungs count from the strongest: "I1" satisfies "I2".
bool reaches(const std::string& level, const std::string& wanted) {
  return level.size() == 2 && level[0] == 'I' && level[1] >= '0' && level[1] <= '9' && level[1] <= wanted[1];
}

void check_requirement(const Requirement& r, const EvidenceFile& source, EvidenceStore& store, Evidence& out) {
  const bool own = r.gate.empty();
  const EvidenceFile& gate = own ? source : store.file(r.gate);
  const auto name = own ? source.path : r.gate;
  if (!own) out.files.push_back(r.gate);
  if (!gate.exists || !gate.json)
    return out.add({"gate-missing", fmt::format("the gate {} that it requires is not there", name),
                    "run the gate and keep its artifact"});
  if (!gate.problems.empty())
    return out.add(
        {"artifact-invalid", fmt::format("the gate {} is not valid: {}", name, gate.problems.front()), {}});
  const auto verdicts = verdicts_of(*gate.json);
  if (verdicts.empty())
    return out.add(
        {"gate-missing", fmt::format("{} holds no verdict", name), "name the gate's artifact in requires"});
  for (const Json* verdict : verdicts) {
    const auto said = member(*verdict, "verdict"), level = member(*verdict, "level");
    if (said != r.verdict)
      return out.add({"gate-failed",
                      fmt::format("the gate {} says \"{}\", the claim requires \"{}\"", name, said, r.verdict),
                      {},
                      State::contradicted});
    if (!r.level.empty() && !reaches(level, r.level))
      return out.add({"gate-failed",
                      fmt::format("the gate {} reaches {}, the claim requires {}", name,
                                  level.empty() ? "no level" : level, r.level),
                      {},
                      State::contradicted});
  }
  if (own) return;
  std::set<std::string> seen;
  digests_in(*gate.json, seen);
  const auto wanted = digests_of(source);
  const bool same = std::any_of(wanted.begin(), wanted.end(), [&](const auto& d) { return seen.contains(d); });
  if (!same)
    out.add({"gate-other-artifact",
             fmt::format("the gate {} looked at something else: it names no digest of {}", name, source.path),
             "run the gate on this artifact"});
}

std::optional<std::string> time_of(const Json& document) {
  static constexpr std::array pointers{"/provenance/run/finished",
                                       "/provenance/run/started",
                                       "/provenance/finished",
                                       "/provenance/started",
                                       "/provenance/time",
                                       "/finished",
                                       "/date",
                                       "/time"};
  for (const char* pointer : pointers) {
    const Json::json_pointer at(pointer);
    if (document.contains(at) && document[at].is_string()) return document[at].get<std::string>();
  }
  return std::nullopt;
}

void check_age(const LedgerClaim& claim, const EvidenceFile& source, std::int64_t now, Evidence& out) {
  if (!claim.max_age_days) return;
  const auto in_file = source.json ? time_of(*source.json) : std::nullopt;
  const auto said = out.measured->made.empty() ? in_file : out.measured->made;
  const auto made = said ? parse_time(*said) : std::nullopt;
  if (!made)
    return out.add({"aged", fmt::format("{} does not say when it was made", source.path),
                    "max-age needs a time in its provenance", State::stale, Level::warning});
  const auto days = (now - *made) / 86400;
  if (days > *claim.max_age_days)
    out.add({"aged",
             fmt::format("the evidence is {} days old, at most {} are allowed", days, *claim.max_age_days),
             "measure again, or date the statement", State::stale, Level::warning});
}

// Inputs that the artifact recorded, as they are now.
void check_inputs(const EvidenceFile& source, EvidenceStore& store, Evidence& out) {
  if (!source.json || !source.json->is_object() || !source.json->contains("inputs")) return;
  const auto& inputs = (*source.json)["inputs"];
  if (!inputs.is_array()) return;
  for (const auto& input : inputs) {
    const auto path = member(input, "path"), recorded = member(input, "sha256");
    if (path.empty() || recorded.empty() || path.starts_with('/') || path.starts_with("..")) continue;
    const EvidenceFile& file = store.file(path);
    if (!file.exists) continue;
    out.files.push_back(path);
    if (file.sha256 != recorded)
      out.add({"stale-artifact", fmt::format("{} was made from another {}", source.path, path), "make it again",
               State::stale});
  }
}

void check_depends(const LedgerClaim& claim, EvidenceStore& store, Evidence& out) {
  if (claim.depends.empty()) return;
  const auto digest = digest_of_files(store.root(), claim.depends);
  if (digest.empty())
    return out.add(
        {"stale-artifact", "the files that it depends on are not there", "correct \"depends\"", State::stale});
  if (claim.depends_sha256.empty())
    return out.add({"stale-artifact", "the ledger does not say for which state of the files the evidence holds",
                    "check the evidence, then assay check-claims --restamp " + claim.id, State::stale});
  if (digest != claim.depends_sha256)
    out.add({"stale-artifact", "files that it depends on have changed since the evidence was accepted",
             "measure again, then assay check-claims --restamp " + claim.id, State::stale});
}

void check_condition(const LedgerClaim& claim, Evidence& out) {
  const Measured& m = *out.measured;
  if (!claim.equals.empty() && !same_value(m.text, claim.equals))
    out.add({"value-mismatch",
             fmt::format("the evidence says \"{}\", the claim needs \"{}\"", m.text, claim.equals),
             {},
             State::contradicted});
  const auto value = m.value.value_or(0);
  if (claim.at_least && !(m.value && value >= *claim.at_least))
    out.add({"value-mismatch",
             fmt::format("the evidence says {}, the claim needs at least {}", m.text, *claim.at_least),
             {},
             State::contradicted});
  if (claim.at_most && !(m.value && value <= *claim.at_most))
    out.add({"value-mismatch",
             fmt::format("the evidence says {}, the claim needs at most {}", m.text, *claim.at_most),
             {},
             State::contradicted});
}

bool is_absent(const LedgerClaim& claim, const EvidenceFile& file, Evidence& out) {
  if (file.exists && file.lfs_sha256.empty()) return false;
  const bool pinned = !claim.sha256.empty() && (file.lfs_sha256.empty() || file.lfs_sha256 == claim.sha256);
  const bool elsewhere = pinned || (!file.lfs_sha256.empty() && claim.sha256.empty());
  if (elsewhere)
    out.add({"unverifiable-here", fmt::format("{} is not in this checkout", file.path),
             "fetch it to check the claim", State::unverifiable, Level::warning});
  else
    out.add({"artifact-missing", fmt::format("there is no {}", file.path),
             "make the artifact or correct \"source\""});
  return true;
}

// What the manifest allows the artifact to be quoted for, and whether it is still the one that it lists.
void check_standing(const LedgerClaim& claim, const EvidenceFile& file, Evidence& out) {
  const Standing& standing = out.standing;
  if (!standing.listed) return;
  const auto classes = classes_of(claim.kind);
  if (standing.without_scope)
    out.add({"denied-by-manifest", fmt::format("the manifest does not say what {} supports", file.path),
             "write supports and does_not_support of its entry"});
  else if ((classes & standing.allowed) == 0)
    out.add({"denied-by-manifest",
             fmt::format("the manifest allows no claim of the kind {} on {}", claim.kind, file.path),
             "bind it to evidence that supports it, or take the claim back"});
  if (!standing.superseded_by.empty())
    out.add({"superseded",
             fmt::format("the manifest says that \"{}\" replaces {}", standing.superseded_by, file.path),
             "bind the claim to what replaces it", State::stale});
  if (!standing.sha256.empty() && standing.sha256 != file.sha256)
    out.add({"stale-artifact", fmt::format("{} is not the file that the manifest lists", file.path),
             "check it, then assay check-artifacts --update", State::stale});
}

Evidence judge_one(const LedgerClaim& claim, const std::filesystem::path& root, EvidenceStore& store,
                   std::int64_t now) {
  Evidence out;
  out.claim = &claim;
  out.standing = standing_of(root, claim.source.path);
  if (claim.source.path.empty()) {
    out.add({"no-source", "the ledger names no source for it", "source = \"artifacts/...json#/...\""});
    return out;
  }
  const EvidenceFile& file = store.file(claim.source.path);
  out.files.push_back(claim.source.path);
  out.sha256 = file.sha256;
  if (is_absent(claim, file, out)) return out;
  if (!claim.sha256.empty() && file.sha256 != claim.sha256)
    out.add({"stale-artifact", fmt::format("{} is not the file that the ledger pins", file.path),
             "check it, then assay check-claims --restamp " + claim.id, State::stale});
  for (const auto& problem : file.problems)
    out.add({"artifact-invalid", fmt::format("{} is not valid: {}", file.path, problem), {}});
  std::string why;
  out.measured = store.measure(claim.source, claim.quote, why);
  if (!out.measured) {
    out.add({"value-missing", fmt::format("{} does not give the value: {}", file.path, why), {}});
    return out;
  }
  const bool numeric_wanted = claim.equals.empty();
  if (numeric_wanted && !out.measured->value)
    out.add({"value-missing", fmt::format("the value \"{}\" is no finite number", out.measured->text), {}});
  if (out.measured->samples && *out.measured->samples < 6)
    out.add({"small-n",
             fmt::format("the value rests on {} samples", *out.measured->samples),
             {},
             State::supported,
             Level::note});
  check_standing(claim, file, out);
  check_condition(claim, out);
  for (const auto& requirement : claim.requirements) check_requirement(requirement, file, store, out);
  check_inputs(file, store, out);
  check_depends(claim, store, out);
  check_age(claim, file, now, out);
  return out;
}

}  // namespace

std::string_view name_of(State state) {
  switch (state) {
    case State::supported: return "supported";
    case State::stale: return "stale";
    case State::unverifiable: return "unverifiable-here";
    case State::unsupported: return "unsupported";
    default: return "contradicted";
  }
}

void Evidence::add(Complaint complaint) {
  state = std::max(state, complaint.state);
  complaints.push_back(std::move(complaint));
}

std::vector<Evidence> judge(const Ledger& ledger, EvidenceStore& store, std::int64_t now) {
  std::vector<Evidence> out;
  out.reserve(ledger.claims.size());
  for (const auto& claim : ledger.claims) out.push_back(judge_one(claim, ledger.root, store, now));
  return out;
}

std::optional<std::int64_t> parse_time(std::string_view text) {
  const auto number = [&](std::size_t at, std::size_t n) -> int {
    int value = -1;
    if (at + n > text.size()) return -1;
    const auto result = std::from_chars(text.data() + at, text.data() + at + n, value);
    return result.ec == std::errc{} && result.ptr == text.data() + at + n ? value : -1;
  };
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
  static constexpr std::array days_in{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (year < 1970 || month < 1 || month > 12 || day < 1) return std::nullopt;
  if (day > days_in[static_cast<std::size_t>(month - 1)] + (leap && month == 2 ? 1 : 0)) return std::nullopt;
  const std::int64_t y = month <= 2 ? year - 1 : year, era = y / 400, of_era = y - era * 400;
  const std::int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  std::int64_t seconds = (era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468) * 86400;
  if (text.size() == 10) return seconds;
  const int hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
  if ((text[10] != 'T' && text[10] != ' ') || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0)
    return std::nullopt;
  return seconds + hour * 3600 + minute * 60 + second;
}

}  // namespace assay::claims
