// JUnit XML.
// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/utf8.hpp"
#include "report/formats.hpp"

namespace assay::report {
namespace {

// XML 1.0 allows neither most control characters nor bytes that are no UTF-8.
std::string xml(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto n = utf8_length(text.substr(i));
    const auto c = static_cast<unsigned char>(text[i]);
    if (n == 0 || (c < 0x20 && c != '\n' && c != '\t')) {
      out += "\xef\xbf\xbd";
      ++i;
      continue;
    }
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\n': out += "&#10;"; break;
      default: out += text.substr(i, n);
    }
    i += n;
  }
  return out;
}

void add_case(std::string& out, std::string_view tool, std::string_view name, const Place& place,
              const std::vector<std::string>& problems) {
  out += fmt::format("    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{}\"", xml(tool), xml(name),
                     xml(place.file), std::max(place.line, 1u));
  if (problems.empty()) {
    out += "/>\n";
    return;
  }
  out += fmt::format(">\n      <failure message=\"{}\">{}</failure>\n    </testcase>\n", xml(problems.front()),
                     xml(fmt::format("{}", fmt::join(problems, "\n"))));
}

}  // namespace

std::string to_junit(const Report& report) {
  std::string cases;
  std::size_t tests = 0, failures = 0;
  std::set<std::string> checked;
  for (const auto& check : report.checks) {
    checked.insert(check.name);
    add_case(cases, report.tool, check.name, check.place, check.problems);
    ++tests, failures += !check.problems.empty();
  }
  for (const auto& f : report.findings) {
    if (f.suppression || f.level == Level::note || checked.contains(f.subject)) continue;
    add_case(cases, report.tool, f.rule + " at " + to_text(f.place), f.place, {f.message});
    ++tests, ++failures;
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"{}\" tests=\"{}\" "
      "failures=\"{}\" "
      "errors=\"0\" skipped=\"0\">\n{}  </testsuite>\n</testsuites>\n",
      xml(report.tool), tests, failures, cases);
}

}  // namespace assay::report
