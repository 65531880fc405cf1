#include "plot/python.hpp"

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "core/error.hpp"
#include "core/program_output.hpp"
#include "plot/script.hpp"

namespace assay::plot {
namespace {

constexpr int kNoMatplotlib = 3;  // what draw.py exits with when the import fails

std::string last_line(const std::string& text) {
  const auto end = text.find_last_not_of('\n');
  if (end == std::string::npos) return text;
  const auto before = text.rfind('\n', end);
  const auto start = before == std::string::npos ? 0 : before + 1;
  return text.substr(start, end + 1 - start);
}

}  // namespace

std::string draw(const Json& job) {
  const char* asked = std::getenv("ASSAY_PYTHON");
  // A python3 of another origin may come first in PATH; Debian's package belongs to Debian's own.
  std::vector<std::string> candidates{"python3", "/usr/bin/python3"};
  if (asked != nullptr && *asked != '\0') candidates = {asked};
  const std::string input = to_text(job, 0);
  std::string why;
  for (const auto& python : candidates) {
    // -I: neither the current folder nor PYTHON* variables decide what is imported.
    ProgramOutput ended = output_of({python, "-I", "-c", std::string(draw_script())}, input);
    if (ended.status == 0 && !ended.out.empty()) return std::move(ended.out);
    const bool lacking = ended.status == kNoMatplotlib || ended.status == ProgramOutput::not_started;
    if (!lacking)
      throw std::runtime_error("the drawing script ended with " + std::to_string(ended.status) + ":\n" +
                               ended.err);
    why = python + ": " + last_line(ended.err);
  }
  throw EnvironmentError(Problem{.what = "drawing needs Python 3 with matplotlib",
                                 .found = why,
                                 .hint = "run: apt-get install python3-matplotlib"});
}

}  // namespace assay::plot
