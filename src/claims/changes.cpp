// Asking git.
// SPDX-License-Identifier: MIT
#include "claims/changes.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "core/error.hpp"
#include "core/program_output.hpp"

namespace assay::claims {
namespace {

namespace fs = std::filesystem;

// What a git command prints; UserError when it fails.
std::string git(std::vector<std::string> words) {
  const auto asked = words.empty() ? std::string() : words.front();
  words.insert(words.begin(),
               {"git", "--no-optional-locks", "-c", "core.quotepath=off", "-c", "core.fsmonitor=false"});
  ProgramOutput answer = output_of(std::move(words));
  if (answer.status == ProgramOutput::not_started)
    throw EnvironmentError("git cannot be started, and --since needs it", "install git");
  if (answer.status != 0)
    throw UserError("git " + asked + " failed: no repository here, or no such commit",
                    "--since takes a commit, branch or tag: --since origin/main");
  return std::move(answer.out);
}

std::uint32_t number_at(std::string_view& text) {
  std::uint32_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  text.remove_prefix(static_cast<std::size_t>(result.ptr - text.data()));
  return value;
}

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

// git writes a name with odd bytes as "\"a\\tb\"".
std::string unquoted(std::string_view name) {
  if (!name.starts_with('"') || name.size() < 2) return std::string(name);
  std::string out;
  for (std::size_t i = 1; i + 1 < name.size(); ++i) {
    if (name[i] != '\\') {
      out += name[i];
      continue;
    }
    const char c = name[++i];
    out += c == 't' ? '\t' : c == 'n' ? '\n' : c;
  }
  return out;
}

}  // namespace

Changes Changes::since(const std::string& reference) {
  if (reference.empty() || reference.starts_with('-'))
    throw UserError("--since expects a commit, found \"" + reference + "\"");
  const fs::path root = trimmed(git({"rev-parse", "--show-toplevel"}));
  const auto commit = trimmed(git({"rev-parse", "--verify", "--quiet", reference + "^{commit}"}));
  const auto diff = git({"-C", root.string(), "diff", "-U0", "--no-color", "--no-ext-diff", "--no-prefix",
                         "--no-renames", commit, "--"});
  const auto names = git({"-C", root.string(), "ls-files", "-z", "--others", "--exclude-standard"});
  std::vector<std::string> unknown;
  for (std::size_t at = 0; at < names.size();) {
    const auto end = std::min(names.find('\0', at), names.size());
    unknown.push_back(names.substr(at, end - at));
    at = end + 1;
  }
  return parse(root, diff, unknown);
}

Changes Changes::parse(const fs::path& root, std::string_view diff, const std::vector<std::string>& unknown) {
  Changes out;
  std::error_code ignored;
  out.root_ = fs::weakly_canonical(root, ignored);
  Lines* lines = nullptr;
  bool in_head = false;
  while (!diff.empty()) {
    const auto end = std::min(diff.find('\n'), diff.size());
    auto line = diff.substr(0, end);
    diff.remove_prefix(std::min(end + 1, diff.size()));
    if (line.starts_with("diff --git ")) {
      in_head = true;
    } else if (in_head && (line.starts_with("+++ ") || line.starts_with("--- "))) {
      auto name = line.substr(4);
      while (name.ends_with('\t')) name.remove_suffix(1);
      if (name != "/dev/null") lines = &out.files_[unquoted(name)];
    } else if (line.starts_with("Binary files ")) {
      const auto differ = line.rfind(" differ"), both = line.rfind(" and ");
      if (differ != std::string_view::npos && both != std::string_view::npos)
        out.files_[unquoted(line.substr(both + 5, differ - both - 5))];
    } else if (line.starts_with("@@ ") && lines) {
      in_head = false;
      line.remove_prefix(std::min(line.find('+') + 1, line.size()));
      const auto first = number_at(line);
      std::uint32_t count = 1;
      if (line.starts_with(',')) line.remove_prefix(1), count = number_at(line);
      // Lines taken out: what stands before and after them may be another sentence now.
      lines->emplace_back(first, count == 0 ? first + 1 : first + count - 1);
    }
  }
  for (const auto& name : unknown) out.files_[name].emplace_back(0, 0xffffffffu);
  return out;
}

const Changes::Lines* Changes::find(const fs::path& file) const {
  std::error_code ignored;
  const auto path = fs::weakly_canonical(file, ignored).lexically_relative(root_).generic_string();
  const auto at = files_.find(path);
  return at == files_.end() ? nullptr : &at->second;
}

bool Changes::touches(const fs::path& file) const {
  return find(file) != nullptr;
}

bool Changes::touches(const fs::path& file, std::uint32_t line, std::uint32_t line_end) const {
  const auto* lines = find(file);
  return lines && std::any_of(lines->begin(), lines->end(), [&](const auto& range) {
           return range.first <= line_end && line <= range.second;
         });
}

}  // namespace assay::claims
