#include "commands/report_formats.hpp"

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "report/formats.hpp"

namespace assay::commands {

void print_report(const report::Report& report, const std::string& format, Console& io) {
  if (format == "sarif") return io.print_json(report::to_sarif(report));
  if (format == "junit") {
    io.out << report::to_junit(report);
    return;
  }
  io.out << report::to_github_annotations(report);
  const char* file = std::getenv("GITHUB_STEP_SUMMARY");
  if (!file || !*file) return;
  std::ofstream summary(file, std::ios::app);
  summary << report::to_step_summary(report);
  if (!summary.flush()) io.note(std::string("cannot write the step summary to ") + file);
}

}  // namespace assay::commands
