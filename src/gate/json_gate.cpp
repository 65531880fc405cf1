// Two JSON documents: numbers under the same pointer, array indices apart, form one observable.
#include <map>
#include <nlohmann/json.hpp>

#include "core/config.hpp"
#include "core/json.hpp"
#include "core/number.hpp"
#include "gate/compare.hpp"
#include "gate/files.hpp"
#include "gate/input.hpp"

namespace assay::gate {
namespace {

constexpr std::uint64_t largest_file = 256ULL << 20;  // a parsed document takes about ten times its size
constexpr std::size_t most_pointers = 65536;

std::string escaped(std::string_view key) {
  std::string text;
  for (const char c : key) {
    if (c == '~') {
      text += "~0";
    } else if (c == '/') {
      text += "~1";
    } else {
      text += c;
    }
  }
  return text;
}

/// A leaf as a number; machine documents write what JSON has no number for as text.
bool read_number(const Json& leaf, double& value) {
  if (leaf.is_number()) {
    value = leaf.get<double>();
    return true;
  }
  if (!leaf.is_string()) return false;
  const auto& text = leaf.get_ref<const std::string&>();
  const bool special = text == "nan" || text == "inf" || text == "-inf";
  if (special) value = *parse_double(text);
  return special;
}

std::string leaf_text(const Json& leaf) {
  return leaf.is_string() ? leaf.get<std::string>() : assay::to_text(leaf, 0);
}

class JsonGate {
 public:
  explicit JsonGate(Rules& rules) : rules_(rules) {}

  /// `exact` is the pointer of the pair, `name` the same with `*` for every index.
  void visit(const Json& a, const Json& b, const std::string& exact, const std::string& name) {
    if (!name.empty() && !rules_.of(name)) return;
    if (a.is_object() && b.is_object()) {
      visit_objects(a, b, exact, name);
    } else if (a.is_array() && b.is_array()) {
      visit_arrays(a, b, exact, name);
    } else if (a.is_structured() || b.is_structured()) {
      if (Comparison* c = of(name)) {
        c->add_mismatch(std::string(a.type_name()) + " on side A, " + b.type_name() + " on side B at " + exact);
      }
    } else {
      visit_leaves(a, b, exact, name);
    }
  }

  std::vector<ObservableReport> reports() const {
    std::vector<ObservableReport> all;
    for (const std::string& name : order_) all.push_back(comparisons_.at(name).report());
    return all;
  }

 private:
  Comparison* of(const std::string& name) {
    const auto found = comparisons_.find(name);
    if (found != comparisons_.end()) return &found->second;
    const auto required = rules_.of(name);
    if (!required) return nullptr;
    if (order_.size() == most_pointers) {
      throw UserError("documents with more than " + std::to_string(most_pointers) + " different pointers",
                      "ignore the parts that are keyed by data, or write them as arrays");
    }
    order_.push_back(name);
    return &comparisons_.try_emplace(name, name.empty() ? "/" : name, *required).first->second;
  }

  void visit_objects(const Json& a, const Json& b, const std::string& exact, const std::string& name) {
    for (const auto& [key, value] : a.items()) {
      const std::string step = "/" + escaped(key);
      const auto other = b.find(key);
      other == b.end() ? absent(value, Side::b, name + step) : visit(value, *other, exact + step, name + step);
    }
    for (const auto& [key, value] : b.items()) {
      if (!a.contains(key)) absent(value, Side::a, name + "/" + escaped(key));
    }
  }

  void visit_arrays(const Json& a, const Json& b, const std::string& exact, const std::string& name) {
    const std::size_t n = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < n; ++i) visit(a[i], b[i], exact + "/" + std::to_string(i), name + "/*");
    for (std::size_t i = n; i < a.size(); ++i) absent(a[i], Side::b, name + "/*");
    for (std::size_t i = n; i < b.size(); ++i) absent(b[i], Side::a, name + "/*");
  }

  void visit_leaves(const Json& a, const Json& b, const std::string& exact, const std::string& name) {
    Comparison* c = of(name);
    if (c == nullptr) return;
    double x = 0.0;
    double y = 0.0;
    if (a.is_null() && b.is_null()) {
      c->add_empty();
    } else if (a.is_number_unsigned() && b.is_number_unsigned()) {
      const std::uint64_t u = a.get<std::uint64_t>(), v = b.get<std::uint64_t>();
      c->add(std::span(&u, 1), std::span(&v, 1));
    } else if (a.is_number_integer() && b.is_number_integer() && !a.is_number_unsigned() &&
               !b.is_number_unsigned()) {
      const std::int64_t u = a.get<std::int64_t>(), v = b.get<std::int64_t>();
      c->add(std::span(&u, 1), std::span(&v, 1));
    } else if (read_number(a, x) && read_number(b, y)) {
      c->add_one(x, y);
    } else if (a.type() == b.type()) {
      c->add_text(leaf_text(a), leaf_text(b));
    } else {
      c->add_unmatched(leaf_text(a), leaf_text(b));
    }
    while (Difference* d = c->unplaced()) d->where = exact.empty() ? "/" : exact;
  }

  /// Every leaf below counts: a lost branch is not one lost value.
  void absent(const Json& value, Side side, const std::string& name) {
    if (!rules_.of(name)) return;
    if (value.is_object()) {
      for (const auto& [key, below] : value.items()) absent(below, side, name + "/" + escaped(key));
    } else if (value.is_array()) {
      for (const Json& below : value) absent(below, side, name + "/*");
    }
    if (value.is_structured() && !value.empty()) return;
    if (Comparison* c = of(name)) c->add_absent(side, 1);
  }

  Rules& rules_;
  std::map<std::string, Comparison> comparisons_;
  std::vector<std::string> order_;
};

Json read_document(const Input& input) {
  if (input.size() > largest_file) {
    throw UserError(Problem{.what = "\"" + input.name() + "\" is too large for a JSON document",
                            .expected = "at most " + std::to_string(largest_file >> 20) + " MiB",
                            .found = std::to_string(input.size() >> 20) + " MiB",
                            .hint = "write large arrays as NPY or CSV: those are streamed"});
  }
  std::string text(input.size(), '\0');
  text.resize(input.read_at(0, text));
  return parse_json(text, input.name());
}

bool is_artifact(const Json& document) {
  if (!document.is_object() || !document.contains("schema") || !document["schema"].is_string()) return false;
  return document["schema"].get<std::string>().starts_with("assay/");
}

}  // namespace

void ignore_volatile(Rules& rules) {
  for (const char* aside : {"/tool", "/provenance", "/measurements", "/engine", "/content_sha256", "/sha256"}) {
    rules.ignore(aside);
  }
}

GateReport compare_json(const std::filesystem::path& a, const std::filesystem::path& b, Rules& rules) {
  const Input file_a(a);
  const Input file_b(b);
  GateReport report{.gate = "files.json", .bytes_equal = bytes_equal(file_a, file_b)};
  const Json x = read_document(file_a);
  const Json y = read_document(file_b);
  if (is_artifact(x) && is_artifact(y)) {
    // What tells when and where an artifact was made, not what came out.
    ignore_volatile(rules);
  }
  JsonGate gate(rules);
  gate.visit(x, y, "", "");
  report.observables = gate.reports();
  return report;
}

}  // namespace assay::gate
