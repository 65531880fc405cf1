#include "gate/verdict.hpp"

#include <algorithm>

namespace assay::gate {

std::string_view word(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return "pass";
    case Verdict::fail: return "fail";
    case Verdict::blocked: return "blocked";
  }
  return "blocked";
}

void conclude(GateReport& report) {
  bool any_fail = false;
  bool any_blocked = !report.blockers.empty();
  report.level = Level::bit;
  report.required = Level::byte;
  for (const ObservableReport& o : report.observables) {
    any_fail = any_fail || o.verdict == Verdict::fail;
    any_blocked = any_blocked || o.verdict == Verdict::blocked;
    report.level = std::max(report.level, o.level);
    report.required = std::max(report.required, o.required.level);
  }
  if (report.bytes_equal && report.level == Level::bit) report.level = Level::byte;
  if (report.observables.empty()) {
    any_blocked = true;
    report.level = Level::none;
    report.required = Level::none;
    if (report.blockers.empty()) report.blockers.emplace_back("nothing was compared");
  }
  report.verdict = any_fail ? Verdict::fail : any_blocked ? Verdict::blocked : Verdict::pass;
}

Exit exit_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return Exit::ok;
    case Verdict::fail: return Exit::evidence_no;
    case Verdict::blocked: return Exit::inconclusive;
  }
  return Exit::bug;
}

}  // namespace assay::gate
