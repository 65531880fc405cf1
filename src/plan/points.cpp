#include "plan/points.hpp"

#include <algorithm>
#include <set>

#include "core/file.hpp"

namespace assay::plan {

Points::Points(std::vector<AxisGroup> groups) : groups_(std::move(groups)) {
  constexpr std::size_t kMost = 100'000'000;
  std::set<std::string> names;
  for (const auto& group : groups_) {
    for (const auto& axis : group.axes) {
      if (!names.insert(axis.name()).second)
        throw UserError("axis \"" + axis.name() + "\" is given twice", "give each axis once");
      if (axis.size() != group.size()) {
        throw UserError("zipped axes differ in length: \"" + group.axes.front().name() + "\" has " +
                            std::to_string(group.size()) + " values, \"" + axis.name() + "\" has " +
                            std::to_string(axis.size()),
                        "zipped axes move together and need equal lengths");
      }
    }
    if (group.size() == 0) throw UserError("a group of axes has no values");
    if (group.size() > kMost / size_)
      throw UserError("more than 1e8 points", "scan in parts, or sample with assay ensemble");
    size_ *= group.size();
  }
}

Point Points::at(std::size_t index) const {
  Point point;
  std::size_t stride = size_;
  for (const auto& group : groups_) {
    stride /= group.size();
    const std::size_t i = index / stride % group.size();
    for (const auto& axis : group.axes) point.emplace_back(axis.name(), axis.at(i));
  }
  return point;
}

std::vector<std::string> Points::names() const {
  std::vector<std::string> names;
  for (const auto& group : groups_) {
    for (const auto& axis : group.axes) names.push_back(axis.name());
  }
  return names;
}

bool Points::distinct() const {
  // Zipped axes are distinct as soon as one of them is.
  return std::all_of(groups_.begin(), groups_.end(), [](const AxisGroup& group) {
    return std::any_of(group.axes.begin(), group.axes.end(), [](const Axis& axis) { return axis.distinct(); });
  });
}

namespace {

/// One record of RFC 4180: fields in quotes may hold commas, quotes and line ends.
class CsvReader {
 public:
  CsvReader(std::string_view text, std::string_view name) : text_(text), name_(name) {
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
  }

  bool next(std::vector<std::string>& fields) {
    while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r')) advance();  // blank lines
    if (at_ >= text_.size()) return false;
    record_line_ = line_;
    fields.clear();
    while (true) {
      fields.push_back(field());
      if (at_ >= text_.size() || text_[at_] == '\n' || text_[at_] == '\r') return true;
      advance();  // the comma
    }
  }

  [[nodiscard]] SourcePos record() const { return {std::string(name_), record_line_, 1}; }
  [[nodiscard]] SourcePos here() const { return {std::string(name_), line_, column_}; }

 private:
  void advance() {
    if (text_[at_] == '\n') {
      ++line_;
      column_ = 0;
    }
    ++at_;
    ++column_;
  }

  std::string field() {
    std::string value;
    if (at_ < text_.size() && text_[at_] == '"') {
      const SourcePos start = here();
      advance();
      while (true) {
        if (at_ >= text_.size())
          throw UserError(Problem{.what = "a quoted field is not closed", .where = start});
        if (text_[at_] == '"') {
          advance();
          if (at_ >= text_.size() || text_[at_] != '"') break;
        }
        value += text_[at_];
        advance();
      }
      if (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n' && text_[at_] != '\r') {
        throw UserError(Problem{.what = "text after a quoted field",
                                .where = here(),
                                .expected = "a comma or the end of the line"});
      }
      return value;
    }
    while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n' && text_[at_] != '\r') {
      value += text_[at_];
      advance();
    }
    const auto first = value.find_first_not_of(" \t");
    if (first == std::string::npos) return {};
    return value.substr(first, value.find_last_not_of(" \t") - first + 1);
  }

  std::string_view text_;
  std::string_view name_;
  std::size_t at_ = 0;
  int line_ = 1, column_ = 1, record_line_ = 1;
};

}  // namespace

AxisGroup points_of_csv_text(std::string_view text, std::string_view name) {
  CsvReader reader(text, name);
  std::vector<std::string> header, row;
  if (!reader.next(header)) {
    throw UserError(Problem{.what = "an empty file of points",
                            .where = {std::string(name), 0, 0},
                            .expected = "a header of parameter names, then one point a line"});
  }
  for (const auto& column : header) {
    if (column.empty())
      throw UserError(Problem{.what = "a column without a name",
                              .where = reader.record(),
                              .expected = "a header of parameter names"});
  }
  std::vector<std::vector<Value>> columns(header.size());
  while (reader.next(row)) {
    if (row.size() != header.size()) {
      throw UserError(Problem{.what = "a line with another number of fields than the header",
                              .where = reader.record(),
                              .expected = std::to_string(header.size()) + " fields",
                              .found = std::to_string(row.size())});
    }
    for (std::size_t c = 0; c < row.size(); ++c) columns[c].push_back(value_of_text(row[c]));
  }
  if (columns.front().empty())
    throw UserError(Problem{.what = "no points below the header", .where = {std::string(name), 0, 0}});
  AxisGroup group;
  for (std::size_t c = 0; c < header.size(); ++c)
    group.axes.push_back(Axis::of_list(header[c], std::move(columns[c])));
  return group;
}

AxisGroup points_of_csv(const std::filesystem::path& path) {
  return points_of_csv_text(read_file(path), path.string());
}

}  // namespace assay::plan
