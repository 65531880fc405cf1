// Applying edits, and showing them.
// SPDX-License-Identifier: MIT
#include "claims/fix.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/atomic_file.hpp"
#include "core/file.hpp"

namespace assay::claims {
namespace {

constexpr std::size_t context = 3;
constexpr std::size_t resync = 400;  // lines looked ahead for the end of a change

std::vector<std::string_view> lines_with_ends(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
    out.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return out;
}

struct Change {
  std::size_t a, a_end, b, b_end;  // lines [a, a_end) become [b, b_end)
};

// Where the texts run together again: the smallest number of lines skipped on both sides.
void find_end(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b, Change& c) {
  for (std::size_t skipped = 1; skipped < 2 * resync; ++skipped)
    for (std::size_t in_a = 0; in_a <= skipped; ++in_a) {
      const auto i = c.a + in_a, j = c.b + (skipped - in_a);
      if (i > a.size() || j > b.size()) continue;
      const bool both_end = i == a.size() && j == b.size();
      if (both_end || (i < a.size() && j < b.size() && a[i] == b[j])) {
        c.a_end = i, c.b_end = j;
        return;
      }
    }
  c.a_end = a.size(), c.b_end = b.size();
}

std::vector<Change> changes_between(const std::vector<std::string_view>& a,
                                    const std::vector<std::string_view>& b) {
  std::vector<Change> out;
  for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      ++i, ++j;
      continue;
    }
    Change c{i, i, j, j};
    find_end(a, b, c);
    if (!out.empty() && out.back().a_end == c.a && out.back().b_end == c.b)
      out.back().a_end = c.a_end, out.back().b_end = c.b_end;
    else
      out.push_back(c);
    i = c.a_end, j = c.b_end;
  }
  return out;
}

void put(std::string& out, char mark, std::string_view line) {
  out += mark;
  out += line;
  if (!line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
}

}  // namespace

std::string edited(std::string_view source, std::vector<report::Edit> edits) {
  std::stable_sort(edits.begin(), edits.end(),
                   [](const auto& a, const auto& b) { return a.offset < b.offset; });
  std::string out;
  std::size_t at = 0;
  for (const auto& edit : edits) {
    if (edit.offset < at || edit.offset + edit.length > source.size()) continue;
    out += source.substr(at, edit.offset - at);
    out += edit.text;
    at = edit.offset + edit.length;
  }
  return out += source.substr(at);
}

std::string unified_diff(const std::string& name, std::string_view before, std::string_view after) {
  const auto a = lines_with_ends(before), b = lines_with_ends(after);
  const auto changes = changes_between(a, b);
  if (changes.empty()) return {};
  std::string out = fmt::format("--- {0}\n+++ {0}\n", name);
  for (std::size_t first = 0; first < changes.size();) {
    std::size_t last = first;
    while (last + 1 < changes.size() && changes[last + 1].a - changes[last].a_end <= 2 * context) ++last;
    const auto lead = std::min(context, changes[first].a);
    const auto trail = std::min(context, a.size() - changes[last].a_end);
    const auto from = changes[first].a - lead, to = changes[last].a_end + trail;
    const auto from_b = changes[first].b - lead, to_b = changes[last].b_end + trail;
    out += fmt::format("@@ -{},{} +{},{} @@\n", from + 1, to - from, from_b + 1, to_b - from_b);
    auto at = from;
    for (auto c = first; c <= last; ++c) {
      for (; at < changes[c].a; ++at) put(out, ' ', a[at]);
      for (; at < changes[c].a_end; ++at) put(out, '-', a[at]);
      for (auto j = changes[c].b; j < changes[c].b_end; ++j) put(out, '+', b[j]);
    }
    for (; at < to; ++at) put(out, ' ', a[at]);
    first = last + 1;
  }
  return out;
}

std::vector<Repair> fix(const CheckReport& report, FixMode mode) {
  std::vector<Repair> out;
  for (const auto& file : report.files) {
    std::vector<report::Edit> edits;
    for (const auto& item : file.items)
      if (item.finding.level == report::Level::error && !item.finding.suppression)
        edits.insert(edits.end(), item.finding.fixes.begin(), item.finding.fixes.end());
    if (edits.empty()) continue;
    Repair repair{file.file, edits.size(), {}, {}};
    const auto fixed = edited(file.source, edits);
    repair.diff = unified_diff(file.file, file.source, fixed);
    if (mode == FixMode::write) {
      if (read_file(file.file) != file.source)
        repair.refused = "it changed since it was read";
      else
        write_file_atomically(file.file, fixed);
    }
    out.push_back(std::move(repair));
  }
  return out;
}

}  // namespace assay::claims
