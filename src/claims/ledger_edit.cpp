// Proposing and restamping entries.
// SPDX-License-Identifier: MIT
#include "claims/ledger_edit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>

#include "core/atomic_file.hpp"
#include "core/error.hpp"
#include "core/file.hpp"

namespace assay::claims {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

bool sets_key(const std::string& line, const std::string& key) {
  auto at = line.find_first_not_of(" \t");
  if (at == std::string::npos || line.compare(at, key.size(), key) != 0) return false;
  at = line.find_first_not_of(" \t", at + key.size());
  return at != std::string::npos && line[at] == '=';
}

std::string slug(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) && byte < 0x80)
      out += static_cast<char>(std::tolower(byte));
    else if (!out.empty() && out.back() != '-')
      out += '-';
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out.empty() ? "page" : out.substr(0, 40);
}

std::string one_line(const std::string& text) {
  std::string out;
  for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  if (out.size() <= 100) return out;
  out.resize(100);
  while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xc0) == 0x80) out.pop_back();
  if (!out.empty() && static_cast<unsigned char>(out.back()) >= 0x80) out.pop_back();
  return out + "...";
}

// How much a reader would be misled: orders of magnitude promised, then how sure it is a promise.
double danger(const Finding& claim) {
  double size = 0;
  for (const auto& q : claim.figures) {
    double factor = 1;
    if (q.kind == QuantityKind::ratio) factor = std::max(q.high, 1e-9);
    if (q.kind == QuantityKind::percent) factor = 1 + q.high / 100;
    size = std::max(size, std::abs(std::log10(factor)));
  }
  return (1 + size) * claim.confidence;
}

}  // namespace

std::string with_value(const std::string& text, std::uint32_t line, const std::string& key,
                       const std::string& value) {
  auto lines = lines_of(text);
  std::size_t last = std::min<std::size_t>(line, lines.size());  // first line after the header
  const auto entry = fmt::format("{} = \"{}\"", key, value);
  std::size_t end = last;
  for (std::size_t i = last; i < lines.size(); ++i) {
    const auto first = lines[i].find_first_not_of(" \t");
    if (first != std::string::npos && lines[i][first] == '[' && lines[i].find("=") == std::string::npos) break;
    if (sets_key(lines[i], key)) {
      lines[i] = entry;
      end = 0;
      break;
    }
    if (first != std::string::npos && lines[i][first] != '#') end = i + 1;
  }
  if (end > 0) lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(end), entry);
  std::string out;
  for (const auto& l : lines) out += l + "\n";
  return out;
}

std::vector<std::string> restamp(const Basis& basis, const std::vector<std::string>& ids) {
  const Ledger& ledger = basis.ledger;
  for (const auto& id : ids)
    if (id != "all" && !ledger.find(id))
      throw UserError("the ledger has no claim \"" + id + "\"", "or \"all\"");
  auto text = read_file(ledger.file);
  std::vector<std::string> changed;
  for (std::size_t i = ledger.claims.size(); i-- > 0;) {  // from the end: lines above stay where they are
    const auto& claim = ledger.claims[i];
    const bool asked =
        std::any_of(ids.begin(), ids.end(), [&](const auto& id) { return id == "all" || id == claim.id; });
    if (!asked) continue;
    const auto before = text;
    if (!claim.depends.empty())
      text = with_value(text, claim.line, "depends-sha256", digest_of_files(ledger.root, claim.depends));
    if (!claim.sha256.empty() && !basis.evidence[i].sha256.empty())
      text = with_value(text, claim.line, "sha256", basis.evidence[i].sha256);
    if (text != before) changed.push_back(claim.id);
  }
  if (!changed.empty()) write_file_atomically(ledger.file, text);
  std::reverse(changed.begin(), changed.end());
  return changed;
}

std::string propose_id(const Item& item, const std::string& file, const std::vector<std::string>& taken) {
  const auto stem = slug(std::filesystem::path(file).stem().string());
  const auto base = stem + "." + std::string(name_of(item.claim->claim));
  for (int n = 1;; ++n) {
    const auto id = n == 1 ? base : fmt::format("{}-{}", base, n);
    if (std::find(taken.begin(), taken.end(), id) == taken.end()) return id;
  }
}

std::string propose_kind(const Finding& claim) {
  const auto kind = claim.figures.empty() ? QuantityKind::label : claim.figures.front().kind;
  if (claim.claim == ClaimClass::identity) return claim.figures.empty() ? "identity" : "accuracy";
  if (claim.claim == ClaimClass::status) return claim.figures.empty() ? "coverage" : "count";
  if (claim.claim == ClaimClass::accelerator || claim.claim == ClaimClass::distributed ||
      claim.claim == ClaimClass::parallel)
    return "parallel-engine";
  switch (kind) {
    case QuantityKind::ratio: return "speedup";
    case QuantityKind::time: return "time";
    case QuantityKind::rate: return "throughput";
    case QuantityKind::size: return "size";
    default: return claim.figures.empty() ? "availability" : "value";
  }
}

Start propose_ledger(const CheckReport& report) {
  Start out;
  out.ledger =
      "# Which value on disk supports which statement. Give an entry its source, put <!-- claim: ID --> before "
      "the\n"
      "# statement, and assay check-claims compares them; entries without source are proposals.\n";
  std::vector<std::string> taken;
  std::vector<const Item*> quantified;
  for (const auto& file : report.files)
    for (const auto& item : file.items) {
      if (!item.claim || item.claim->figures.empty() || item.finding.level == Level::note ||
          item.finding.suppression)
        continue;
      quantified.push_back(&item);
      taken.push_back(propose_id(item, file.file, taken));
      out.ledger += fmt::format("\n# {}: {}\n[[claim]]\nid = \"{}\"\nkind = \"{}\"\n",
                                report::to_text(item.finding.place), one_line(item.claim->sentence),
                                taken.back(), propose_kind(*item.claim));
      const auto& unit = item.claim->figures.front().unit;
      if (!unit.empty() && unit.find('"') == std::string::npos)
        out.ledger += fmt::format("unit = \"{}\"\n", unit);
      out.ledger += "# source = \"artifacts/...json#/...\"\n";
    }
  out.proposed = taken.size();
  std::stable_sort(quantified.begin(), quantified.end(),
                   [](const Item* a, const Item* b) { return danger(*a->claim) > danger(*b->claim); });
  quantified.resize(std::min<std::size_t>(quantified.size(), 3));
  out.dangerous = std::move(quantified);
  return out;
}

}  // namespace assay::claims
