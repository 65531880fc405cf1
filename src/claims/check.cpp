// Reading, finding, in parallel over files.
// SPDX-License-Identifier: MIT
#include "claims/check.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>

#include "claims/reader.hpp"
#include "core/error.hpp"
#include "core/file.hpp"

namespace assay::claims {
namespace {

// The rules that a run works with; built-in ones unless the user adds packs.
struct Rules {
  std::unique_ptr<RuleSet> own;
  std::unique_ptr<Finder> finder;

  explicit Rules(const std::vector<std::string>& files) {
    if (files.empty()) {
      finder = builtin_finder();
      return;
    }
    own = std::make_unique<RuleSet>();
    for (const auto& file : builtin_files()) own->add(file.name, file.content, RuleSet::Examples::trust);
    for (const auto& file : files) own->add(file, read_file(file), RuleSet::Examples::check);
    finder = std::make_unique<Finder>(*own, builtin_model_files());
  }
};

FileReport check_file(const std::filesystem::path& path, Finder& finder, const CheckOptions& options,
                      std::uint64_t& bytes) {
  FileReport report;
  report.file = path.string();
  std::string source;
  try {
    source = read_file(path);
  } catch (const Error& e) {
    report.notes.push_back(e.problem().what);
    return report;
  }
  bytes += source.size();
  if (source.size() > 0xfffffff0u) {
    report.notes.push_back("the file is larger than 4 GiB and was not read");
    return report;
  }
  const Document document = read_document(report.file, std::move(source));
  report.notes = document.notes;
  auto result = finder.find(document);
  if (!options.strict) std::erase_if(result.findings, [](const Finding& f) { return f.level == Level::note; });
  report.findings = std::move(result.findings);
  if (options.list) report.scoped = std::move(result.scoped);
  if (report.findings.empty()) return report;
  const LineIndex lines(document.source);
  for (const auto& finding : report.findings) report.excerpts.emplace_back(lines.line(finding.begin.line));
  return report;
}

}  // namespace

std::size_t CheckReport::count(Level level) const {
  std::size_t n = 0;
  for (const auto& file : files)
    n += static_cast<std::size_t>(std::count_if(file.findings.begin(), file.findings.end(),
                                                [&](const Finding& f) { return f.level == level; }));
  return n;
}

CheckReport check(const CheckOptions& options) {
  const auto paths = collect_documents(options.paths);
  CheckReport report;
  report.files.resize(paths.size());
  if (paths.empty()) return report;
  const Rules rules(options.rule_files);
  std::atomic<std::size_t> next{0};
  std::atomic<std::uint64_t> bytes{0};
  std::exception_ptr failure;
  std::mutex failed;
  const auto work = [&](Finder& finder) {
    try {
      std::uint64_t read = 0;
      for (auto i = next++; i < paths.size(); i = next++)
        report.files[i] = check_file(paths[i], finder, options, read);
      bytes += read;
    } catch (...) {
      const std::lock_guard lock(failed);
      failure = std::current_exception();
    }
  };
  // A thread costs about as much as a handful of files.
  const auto most = static_cast<unsigned>(paths.size() / 8 + 1);
  const auto jobs =
      std::min(options.jobs ? options.jobs : std::max(1u, std::thread::hardware_concurrency()), most);
  {
    std::vector<std::jthread> threads;
    for (unsigned j = 1; j < jobs; ++j)
      threads.emplace_back([&] {
        Finder own(*rules.finder);
        work(own);
      });
    work(*rules.finder);
  }
  if (failure) std::rethrow_exception(failure);
  report.bytes = bytes;
  return report;
}

std::string explain(const std::string& file, std::uint32_t line, const std::vector<std::string>& rule_files) {
  const Rules rules(rule_files);
  const Document document = read_document(file, read_file(file));
  return rules.finder->explain(document, line);
}

}  // namespace assay::claims
