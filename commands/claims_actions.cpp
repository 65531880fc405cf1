// The actions of check-claims.
// SPDX-License-Identifier: MIT
#include "commands/claims_actions.hpp"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "claims/baseline.hpp"
#include "claims/candidates.hpp"
#include "claims/fix.hpp"
#include "claims/impact.hpp"
#include "claims/ledger_edit.hpp"
#include "core/atomic_file.hpp"
#include "core/file.hpp"

namespace assay::commands {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_candidates = 9;

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

void need_ledger(const claims::Basis* basis) {
  if (!basis)
    throw UserError("there is no ledger claims.toml here or above",
                    "assay check-claims --init PATH writes one");
}

Exit init(claims::CheckOptions check, Console& io) {
  for (const char* name : {"claims.toml", "claims-baseline.json"})
    if (is_there(name))
      throw UserError(std::string(name) + " is there already", "--init begins a ledger where there is none");
  check.no_ledger = check.ignore_baseline = true;
  const auto report = claims::check(check);
  if (report.found == 0) {
    io.note("no documents were found: nothing to begin with");
    return Exit::inconclusive;
  }
  const auto start = claims::propose_ledger(report);
  const auto baseline = claims::baseline_of(report, "claims-baseline.json");
  write_file_atomically("claims.toml", start.ledger);
  claims::write(baseline);
  io.say(fmt::format("claims.toml: {} entries proposed, each waiting for its source", start.proposed));
  io.say(fmt::format("claims-baseline.json: {} statements known; new ones will be findings",
                     baseline.entries.size()));
  if (!start.dangerous.empty()) io.say("\nThe most dangerous statements without evidence:");
  for (const auto* item : start.dangerous) {
    io.say(report::to_text(item->finding.place) + ": " + item->claim->sentence);
    if (const auto shown = report::excerpt(item->finding); !shown.empty())
      io.say(shown.substr(0, shown.size() - 1));
  }
  return Exit::ok;
}

Exit write_baseline(claims::CheckOptions check, Console& io) {
  const auto path = check.baseline.empty() ? std::string("claims-baseline.json") : check.baseline;
  if (is_there(path))
    throw UserError(path + " is there already, and a baseline only shrinks",
                    "--prune-baseline takes out what is gone; delete the file to begin anew");
  check.ignore_baseline = true;
  check.baseline.clear();
  const auto baseline = claims::baseline_of(claims::check(check), path);
  claims::write(baseline);
  io.say(fmt::format("{}: {} statements", path, baseline.entries.size()));
  return Exit::ok;
}

Exit prune_baseline(const claims::CheckOptions& check, Console& io) {
  const auto report = claims::check(check);
  const auto baseline = claims::find_baseline(check, report);
  if (!baseline) throw UserError("there is no baseline", "assay check-claims --write-baseline PATH");
  const auto rest = claims::pruned(*baseline, report);
  if (rest.entries.size() < baseline->entries.size()) claims::write(rest);
  io.say(fmt::format("{}: {} of {} entries taken out", rest.path.string(),
                     baseline->entries.size() - rest.entries.size(), baseline->entries.size()));
  return Exit::ok;
}

Exit repair(const ClaimActions& a, const claims::CheckOptions& check, Console& io) {
  const auto report = claims::check(check);
  const auto repairs = claims::fix(report, a.dry_run ? claims::FixMode::dry_run : claims::FixMode::write);
  for (const auto& r : repairs) {
    if (a.dry_run)
      io.out << r.diff;
    else if (!r.refused.empty())
      io.err << "error: " << r.file << " was left alone: " << r.refused << '\n';
    else
      io.note(fmt::format("{}: {} rewritten", r.file, r.edits));
  }
  if (repairs.empty()) io.note("there is nothing that --fix could rewrite");
  return a.dry_run ? claims::exit_of(report, check) : claims::exit_of(claims::check(check), check);
}

// What a person types for one of the candidates, or a source of one's own.
claims::ValueFound choose(const std::vector<claims::ValueFound>& found, Console& io) {
  io.out << "number of the value, or a source of your own (nothing: leave it): " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  io.out << '\n';
  std::size_t number = 0;
  const auto result = std::from_chars(answer.data(), answer.data() + answer.size(), number);
  const bool chosen = result.ec == std::errc{} && result.ptr == answer.data() + answer.size();
  if (chosen && number >= 1 && number <= found.size()) return found[number - 1];
  if (chosen) throw UserError("there is no value " + answer, fmt::format("1 to {}", found.size()));
  return {answer, {}, {}};
}

Exit bind(const ClaimActions& a, claims::CheckOptions check, Console& io) {
  const auto [file, line] = file_and_line(a.bind, "--bind");
  check.paths = {file};
  check.strict = check.ignore_baseline = true;
  const auto report = claims::check(check);
  const claims::Item* item = nullptr;
  for (const auto& candidate : report.files.front().items)
    if (candidate.claim && candidate.first_line <= line && line <= candidate.last_line &&
        (!item || candidate.claim->figures.size() > item->claim->figures.size()))
      item = &candidate;
  if (!item)
    throw UserError(a.bind + " holds no unbound statement", "assay check-claims " + file + " lists them");
  const fs::path ledger = report.basis ? report.basis->ledger.file : fs::path("claims.toml");
  const auto root = folder_of(ledger);
  io.out << item->claim->sentence << '\n';
  claims::ValueFound value{a.source, {}, item->claim->figures.empty() ? "" : item->claim->figures.front().unit};
  if (a.source.empty()) {
    const auto found = claims::candidates_for(*item->claim, root, "artifacts", most_candidates);
    for (std::size_t i = 0; i < found.size(); ++i)
      io.out << fmt::format("  {}  {}{}{}  {}\n", i + 1, found[i].text, found[i].unit.empty() ? "" : " ",
                            found[i].unit, found[i].source);
    if (found.empty()) io.out << "  no value under artifacts/ rounds to its figure\n";
    value = choose(found, io);
    if (value.source.empty()) return Exit::inconclusive;
  }
  std::vector<std::string> taken;
  if (report.basis)
    for (const auto& claim : report.basis->ledger.claims) taken.push_back(claim.id);
  const auto id = a.id.empty() ? claims::propose_id(*item, file, taken) : a.id;
  auto text = is_there(ledger) ? read_file(ledger) : std::string();
  const auto* proposal = report.basis ? report.basis->ledger.find(id) : nullptr;
  if (proposal && !proposal->source.path.empty()) throw UserError("the claim " + id + " has a source already");
  if (proposal)
    text = claims::with_value(text, proposal->line, "source", value.source);
  else
    text += claims::entry_text(id, claims::propose_kind(*item->claim), value);
  claims::parse_ledger(text, ledger);  // refuses before anything is written
  claims::insert_marker(file, read_file(file), *item, id);
  write_file_atomically(ledger, text);
  io.out << fmt::format("{}: {} is bound to {}\n", report::to_text(item->finding.place), id, value.source);
  check.strict = false;
  return claims::exit_of(claims::check(check), check);
}

Exit restamp(const ClaimActions& a, const claims::CheckOptions& check, Console& io) {
  const auto basis = claims::read_basis(check);
  need_ledger(basis.get());
  const auto changed = claims::restamp(*basis, a.restamp);
  for (const auto& id : changed) io.say(id + ": accepted as it is now");
  if (changed.empty()) io.say("nothing to accept: no digest has changed");
  return Exit::ok;
}

Exit impact(const ClaimActions& a, const claims::CheckOptions& check, Console& io) {
  const auto report = claims::check(check);
  need_ledger(report.basis.get());
  const auto affected = claims::affected_by(report, a.impact);
  if (io.json)
    io.print_json(
        document("claims-impact", {{"paths", a.impact}, {"impact", claims::impact_json(report, affected)}}));
  else
    io.out << claims::impact_text(report, affected);
  return Exit::ok;
}

}  // namespace

std::pair<std::string, std::uint32_t> file_and_line(const std::string& typed, const std::string& flag) {
  const auto bad = [&] {
    return UserError(flag + " expects FILE:LINE, found \"" + typed + "\"", "copy the place from a finding");
  };
  auto parts = typed;
  std::uint32_t number = 0;
  for (int tries = 0; tries < 2; ++tries) {
    const auto colon = parts.rfind(':');
    if (colon == std::string::npos) throw bad();
    const auto digits = parts.substr(colon + 1);
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (digits.empty() || result.ec != std::errc{} || result.ptr != digits.data() + digits.size()) throw bad();
    parts.resize(colon);
    const auto before = parts.rfind(':');
    const bool column =
        before != std::string::npos && parts.find_first_not_of("0123456789", before + 1) == std::string::npos;
    if (!column) break;
  }
  return {parts, number};
}

std::optional<Exit> run_action(const ClaimActions& a, claims::CheckOptions check, Console& io) {
  if (!a.bind.empty()) return bind(a, std::move(check), io);
  if (!a.restamp.empty()) return restamp(a, check, io);
  const bool any = a.init || a.write_baseline || a.prune_baseline || a.fix || a.dry_run || !a.impact.empty();
  if (!any) return std::nullopt;
  if (check.paths.empty())
    throw UserError("check-claims expects documents or folders", "assay check-claims docs README.md");
  if (a.init) return init(std::move(check), io);
  if (a.write_baseline) return write_baseline(std::move(check), io);
  if (a.prune_baseline) return prune_baseline(check, io);
  if (!a.impact.empty()) return impact(a, check, io);
  return repair(a, check, io);
}

}  // namespace assay::commands
