#include "gate/file_pairs.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "gate/compare.hpp"

namespace assay::gate {
namespace {

/// What people and artifacts see instead of a path in a scratch folder.
std::string with_sides(std::string_view text, const OutputFile& a, const OutputFile& b) {
  return replaced(replaced(text, a.path.string(), "A " + a.name), b.path.string(), "B " + b.name);
}

ObservableReport mismatch(const std::string& name, std::string reason) {
  Comparison c(name, {});
  c.add_mismatch(std::move(reason));
  return c.report();
}

}  // namespace

GateReport compare_outputs(const std::vector<OutputFile>& a, const std::vector<OutputFile>& b, Rules& rules,
                           const FileFormat& format) {
  GateReport all{.bytes_equal = !a.empty() && a.size() == b.size()};
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    if (i >= a.size() || i >= b.size()) {
      const std::string& name = i < a.size() ? a[i].name : b[i].name;
      all.observables.push_back(mismatch(name, i < a.size() ? "missing on side B" : "missing on side A"));
      all.bytes_equal = false;
      continue;
    }
    const std::string prefix = a.size() > 1 ? a[i].name + ":" : "";
    try {
      GateReport one = compare_files_sharing(a[i].path, b[i].path, rules, format);
      all.bytes_equal = all.bytes_equal && one.bytes_equal;
      for (ObservableReport& o : one.observables) {
        o.name = prefix + o.name;
        for (auto* d : {&o.first, &o.failing}) {
          if (*d) (*d)->where = with_sides((*d)->where, a[i], b[i]);
        }
        all.observables.push_back(std::move(o));
      }
    } catch (const UserError& e) {
      all.bytes_equal = false;
      all.observables.push_back(mismatch(a[i].name, with_sides(e.what(), a[i], b[i])));
    }
  }
  conclude(all);
  return all;
}

}  // namespace assay::gate
