// Searching artifacts for a value.
// SPDX-License-Identifier: MIT
#include "claims/candidates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "claims/binding/evidence.hpp"
#include "claims/binding/table_data.hpp"
#include "claims/binding/unit.hpp"
#include "core/atomic_file.hpp"
#include "core/error.hpp"
#include "core/file.hpp"

namespace assay::claims {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t largest_artifact = 64u << 20;

std::string escaped(const std::string& segment) {
  std::string out;
  for (const char c : segment) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return out;
}

// Whether a value says what the figure says, to its digits; the unit that makes it so.
bool supports(const Quantity& q, double value, const std::string& unit, std::string& needed) {
  const double slack = 0.5 * std::pow(10.0, -static_cast<double>(q.decimals)) * (1 + 1e-9);
  const double scale = q.low >= 1e4 && q.decimals > 0 ? std::pow(10.0, std::floor(std::log10(q.low))) : 1;
  const auto fits = [&](double v) { return std::abs(v - q.low) <= slack * scale; };
  if (const auto factor = unit.empty() ? std::nullopt : conversion(unit, q.unit)) {
    needed = unit;
    return fits(value * *factor);
  }
  if (fits(value)) return needed = q.unit, true;
  if (q.kind == QuantityKind::percent && fits(value * 100)) return needed = "", true;
  if (q.kind == QuantityKind::time && fits(value * conversion("s", q.unit).value_or(0)))
    return needed = "s", true;
  return false;
}

class Search {
 public:
  Search(const Finding& claim, std::size_t most, std::vector<ValueFound>& out)
      : claim_(claim), most_(most), out_(out) {}

  void file(const std::string& path, const Json& json) {
    path_ = path;
    walk(json, "", "");
  }

 private:
  void walk(const Json& value, const std::string& pointer, const std::string& unit) {
    if (out_.size() >= most_) return;
    if (value.is_number() && !value.is_boolean()) {
      for (const auto& q : claim_.figures) {
        std::string needed;
        if (q.kind == QuantityKind::label || !supports(q, value.get<double>(), unit, needed)) continue;
        out_.push_back({path_ + "#" + pointer, scalar_text(value), needed});
        return;
      }
    } else if (value.is_object()) {
      const bool has_unit = value.contains("unit") && value["unit"].is_string();
      for (const auto& [key, inner] : value.items())
        walk(inner, pointer + "/" + escaped(key),
             has_unit && key != "samples" ? value["unit"].get<std::string>() : "");
    } else if (value.is_array()) {
      for (std::size_t i = 0; i < value.size(); ++i) walk(value[i], pointer + "/" + segment(value, i), unit);
    }
  }

  // By name where the elements have distinct ones, so that the claim does not hang on a position.
  static std::string segment(const Json& array, std::size_t i) {
    if (!array[i].is_object() || !array[i].contains("name") || !array[i]["name"].is_string())
      return std::to_string(i);
    const auto name = array[i]["name"].get<std::string>();
    const auto same = std::count_if(array.begin(), array.end(), [&](const Json& e) {
      return e.is_object() && e.contains("name") && e["name"] == name;
    });
    const bool plain = name.find_first_of("[],=/~\"") == std::string::npos;
    return same == 1 && plain ? "[name=" + name + "]" : std::to_string(i);
  }

  const Finding& claim_;
  std::size_t most_;
  std::vector<ValueFound>& out_;
  std::string path_;
};

}  // namespace

std::vector<ValueFound> candidates_for(const Finding& claim, const fs::path& root, const std::string& folder,
                                       std::size_t most) {
  std::vector<ValueFound> out;
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator at(root / folder, fs::directory_options::skip_permission_denied, error),
       end;
       !error && at != end; at.increment(error))
    if (at->path().extension() == ".json" && at->is_regular_file(error) &&
        at->file_size(error) < largest_artifact)
      files.push_back(at->path());
  std::sort(files.begin(), files.end());
  Search search(claim, most, out);
  for (const auto& file : files) try {
      search.file(file.lexically_relative(root).generic_string(), parse_json(read_file(file), file.string()));
    } catch (const Error&) {
      continue;  // no JSON, no candidate
    }
  return out;
}

std::string entry_text(const std::string& id, const std::string& kind, const ValueFound& value) {
  auto out = fmt::format("\n[[claim]]\nid = \"{}\"\nkind = \"{}\"\nsource = \"{}\"\n", id, kind, value.source);
  if (!value.unit.empty()) out += fmt::format("unit = \"{}\"\n", value.unit);
  return out;
}

void insert_marker(const std::string& file, const std::string& source, const Item& item,
                   const std::string& id) {
  const auto ending = fs::path(file).extension().string();
  if (ending != ".md" && ending != ".markdown" && ending != ".mdx" && ending != ".qmd")
    throw UserError("markers are written into Markdown only, not into " + file,
                    "put it there yourself; docs/concepts/claims.md shows the form");
  const LineIndex lines(source);
  const auto& place = item.finding.place;
  const auto line = lines.line(place.line);
  std::size_t at = static_cast<std::size_t>(line.data() - source.data());
  for (std::uint32_t column = 1; column < place.column && at < source.size(); ++column) {
    ++at;
    while (at < source.size() && (static_cast<unsigned char>(source[at]) & 0xc0) == 0x80) ++at;
  }
  // At a line's start it would make the line a block of HTML; behind the first word it does not.
  if (line.substr(0, at - static_cast<std::size_t>(line.data() - source.data()))
          .find_first_not_of(" \t>-*+#|") == std::string_view::npos)
    at = std::min(source.find_first_of(" \n", at), source.size());
  const bool gap = at < source.size() && source[at] == ' ';
  const auto marker = gap ? " <!-- claim: " + id + " -->" : "<!-- claim: " + id + " --> ";
  if (read_file(file) != source) throw UserError(file + " changed while it was read", "try again");
  write_file_atomically(file, source.substr(0, at) + marker + source.substr(at));
}

}  // namespace assay::claims
