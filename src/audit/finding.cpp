#include "audit/finding.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

namespace assay::audit {

void sort(std::vector<Finding>& findings) {
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.file, a.line, a.column, a.rule) < std::tie(b.file, b.line, b.column, b.rule);
  });
}

Json to_json(const std::vector<Finding>& findings) {
  Json list = Json::array();
  for (const Finding& f : findings) {
    Json one = {{"rule", f.rule}, {"level", f.level == Level::error ? "error" : "warning"}, {"file", f.file}};
    if (f.line > 0) one["line"] = f.line;
    if (f.column > 0) one["column"] = f.column;
    one["pointer"] = f.pointer;
    one["message"] = f.message;
    if (!f.expected.empty()) one["expected"] = f.expected;
    if (!f.found.empty()) one["found"] = f.found;
    if (!f.remedy.empty()) one["remedy"] = f.remedy;
    list.push_back(std::move(one));
  }
  return list;
}

std::string to_text(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& f : findings) {
    text += f.file;
    if (f.line > 0) text += ":" + std::to_string(f.line) + ":" + std::to_string(f.column);
    text +=
        std::string(": ") + (f.level == Level::error ? "error" : "warning") + " [" + f.rule + "] " + f.message;
    if (!f.pointer.empty()) text += "\n  at " + f.pointer;
    if (!f.expected.empty()) text += "\n  expected " + f.expected;
    if (!f.found.empty()) text += "\n  found " + f.found;
    if (!f.remedy.empty()) text += "\n  " + f.remedy;
    text += '\n';
  }
  return text;
}

}  // namespace assay::audit
