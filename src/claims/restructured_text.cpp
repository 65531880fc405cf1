// reStructuredText: section titles, paragraphs, lists, simple and grid tables, directives. Literal blocks,
// directives that carry code or options, comments and substitution definitions are left out; admonitions are
// read as text.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <string>

#include "claims/builder.hpp"
#include "claims/formats.hpp"
#include "claims/lines.hpp"

namespace assay::claims {
namespace {

// Directives whose body is prose.
constexpr std::array<std::string_view, 14> prose_directives{
    "note",       "warning", "tip",     "important", "hint",     "caution",  "attention",
    "admonition", "danger",  "seealso", "topic",     "epigraph", "compound", "container"};

bool is_adornment(std::string_view line) {
  return line.size() >= 3 && std::string_view("=-~^*#+`:.'\"_<>").find(line[0]) != std::string_view::npos &&
         line.find_first_not_of(line[0]) == std::string_view::npos;
}

class Reader {
 public:
  explicit Reader(Document& document) : builder_(document), lines_(lines_of(document.source)) {}

  void read() {
    while (at_ < lines_.size()) block();
    close_list();
    builder_.end();
  }

 private:
  std::string_view line(std::size_t i) const { return i < lines_.size() ? lines_[i] : std::string_view(); }

  void block() {
    const auto words = trimmed(line(at_));
    if (words.empty()) return void((builder_.end(), ++at_));
    if (words.starts_with("..") && (words.size() == 2 || words[2] == ' ')) return directive(words);
    if (title()) return;
    if (is_table_rule(words)) return table();
    if (words.starts_with("+-") && is_grid_rule(words)) return grid();
    if (words.starts_with("|")) return void((builder_.end(), ++at_));  // line blocks
    if (words.starts_with(':') && words.find(": ", 1) != std::string_view::npos && !builder_.open())
      return void(++at_);  // field lists
    if (const auto bullet = bullet_length(words); bullet && !builder_.open()) return item(words, bullet);
    paragraph_line(words);
  }

  bool title() {
    const auto here = line(at_), below = line(at_ + 1);
    if (builder_.open() || is_adornment(here)) {
      if (!builder_.open() && is_adornment(here) && is_adornment(line(at_ + 2)) && !trimmed(below).empty()) {
        heading(trimmed(below), here[0]);
        at_ += 3;
        return true;
      }
      if (is_adornment(here) && !is_table_rule(here)) return ++at_, true;
      return false;
    }
    if (indent_of(here) > 0 || !is_adornment(below) || below.size() + 2 < trimmed(here).size()) return false;
    heading(trimmed(here), below[0]);
    at_ += 2;
    return true;
  }

  void heading(std::string_view words, char mark) {
    close_list();
    auto known = std::find(marks_.begin(), marks_.end(), mark);
    const auto level = static_cast<unsigned>(known - marks_.begin()) + 1;
    if (known == marks_.end()) marks_.push_back(mark);
    builder_.begin(BlockKind::heading, level);
    inline_text(words);
    builder_.end();
  }

  void directive(std::string_view words) {
    builder_.end();
    builder_.comment(words, words.substr(2));
    const auto indent = indent_of(line(at_));
    const auto colons = words.find("::");
    const auto name =
        colons == std::string_view::npos ? std::string_view() : trimmed(words.substr(2, colons - 2));
    const bool prose =
        std::find(prose_directives.begin(), prose_directives.end(), name) != prose_directives.end();
    ++at_;
    if (prose) {
      const auto rest = trimmed(words.substr(colons + 2));
      if (!rest.empty()) paragraph_line_of(rest);
      return;  // the body is indented prose and is read as such
    }
    for (; at_ < lines_.size(); ++at_) {
      const auto body = trimmed(line(at_));
      if (!body.empty() && indent_of(line(at_)) <= indent) break;
      if (name == "image" || name == "figure") alt_option(body);
    }
  }

  void alt_option(std::string_view body) {
    if (!body.starts_with(":alt:")) return;
    const auto words = trimmed(body.substr(5));
    if (words.size() > 14) builder_.alt_text(words);
  }

  // "=====  =====" of a simple table.
  static bool is_table_rule(std::string_view words) {
    return words.find("= ") != std::string_view::npos &&
           words.find_first_not_of("= ") == std::string_view::npos && words.starts_with("==");
  }

  void table() {
    const auto rule = line(at_);
    std::vector<std::size_t> columns;
    for (std::size_t i = 0; i < rule.size(); ++i)
      if (rule[i] == '=' && (i == 0 || rule[i - 1] == ' ')) columns.push_back(i);
    builder_.begin_table();
    std::size_t end = at_ + 1, rules = 1;
    while (end < lines_.size() && !(is_table_rule(trimmed(line(end))) && trimmed(line(end + 1)).empty())) {
      rules += is_table_rule(trimmed(line(end)));
      if (++end > at_ + 500) break;
    }
    bool head = rules > 1;
    for (std::size_t i = at_ + 1; i < end; ++i) {
      const auto row = line(i);
      if (is_table_rule(trimmed(row))) {
        head = false;
        continue;
      }
      if (trimmed(row).empty()) continue;
      if (!head) builder_.begin(BlockKind::table_row);
      for (std::size_t c = 0; c < columns.size(); ++c) {
        const auto from = std::min(columns[c], row.size());
        const auto cell = trimmed(
            row.substr(from, c + 1 < columns.size() ? columns[c + 1] - columns[c] : std::string_view::npos));
        if (head) {
          builder_.table_header(cell);
        } else {
          builder_.cell();
          inline_text(cell);
        }
      }
      if (!head) builder_.end();
    }
    builder_.end_table();
    at_ = end + 1;
  }

  // "+-----+====+", the rule between two rows of a grid.
  static bool is_grid_rule(std::string_view words) {
    return words.size() > 2 && words.starts_with('+') && words.ends_with('+') &&
           words.find_first_not_of("+-=") == std::string_view::npos;
  }

  // Rows of a grid table, whose cells go over lines. A cell over several columns is cut at their edges.
  void grid() {
    const auto indent = indent_of(line(at_));
    std::vector<std::size_t> edges;
    for (std::size_t i = indent; i < line(at_).size(); ++i)
      if (line(at_)[i] == '+') edges.push_back(i);
    auto end = at_;
    bool head = false;
    for (; end < lines_.size() && (trimmed(line(end)).starts_with('+') || trimmed(line(end)).starts_with('|'));
         ++end)
      head |= trimmed(line(end)).starts_with("+=");
    builder_.begin_table();
    for (auto first = at_ + 1; first < end;) {
      auto last = first;
      while (last < end && !is_grid_rule(trimmed(line(last)))) ++last;
      if (last > first) grid_row(first, last, edges, head);
      if (last < end && trimmed(line(last)).starts_with("+=")) head = false;
      first = last + 1;
    }
    builder_.end_table();
    at_ = end;
  }

  void grid_row(std::size_t first, std::size_t last, const std::vector<std::size_t>& edges, bool head) {
    if (!head) builder_.begin(BlockKind::table_row);
    for (std::size_t c = 0; c + 1 < edges.size(); ++c) {
      std::string title;
      bool goes_on = false;
      if (!head) builder_.cell();
      for (auto i = first; i < last; ++i) {
        const auto row = line(i);
        const auto from = std::min(edges[c] + 1, row.size()), to = std::min(edges[c + 1], row.size());
        const auto words = trimmed(row.substr(from, std::max(from, to) - from));
        if (words.empty()) continue;
        if (head) {
          title.append(title.empty() ? "" : " ").append(words);
        } else {
          if (goes_on) builder_.space();
          inline_text(words);
          goes_on = true;
        }
      }
      if (head) builder_.table_header(title);
    }
    if (!head) builder_.end();
  }

  void item(std::string_view words, std::size_t bullet) {
    if (!in_list_) builder_.begin_list();
    in_list_ = true;
    builder_.begin_item();
    text_line(words.substr(bullet));
  }

  void paragraph_line(std::string_view words) {
    if (in_list_ && !builder_.open() && indent_of(line(at_)) == 0) close_list();
    if (bullet_length(words) && in_list_) return item(words, bullet_length(words));
    paragraph_line_of(words, true);
  }

  void paragraph_line_of(std::string_view words, bool advance = false) {
    if (!builder_.open())
      builder_.begin(BlockKind::paragraph);
    else
      builder_.space();
    if (advance)
      text_line(words);
    else
      inline_text(words);
  }

  // One line of running text; "::" at its end announces a literal block.
  void text_line(std::string_view words) {
    const bool literal = words.ends_with("::");
    inline_text(literal ? words.substr(0, words.size() - 1) : words);
    const auto indent = indent_of(line(at_));
    ++at_;
    if (!literal) return;
    builder_.end();
    for (; at_ < lines_.size(); ++at_)
      if (!trimmed(line(at_)).empty() && indent_of(line(at_)) <= indent) break;
  }

  // ``code``, `text <target>`_, :role:`text`, **strong**, *emphasis*.
  void inline_text(std::string_view words) {
    while (!words.empty()) {
      const auto mark = words.find_first_of("`*");
      const bool quoted_next = mark != std::string_view::npos && words[mark] == '`';
      const auto before = words.substr(0, mark);
      const auto plain = quoted_next ? without_role(before) : before;
      role_ = before.substr(plain.size());
      builder_.append(plain);
      if (mark == std::string_view::npos) return;
      words.remove_prefix(mark);
      words = words[0] == '*' ? starred(words) : quoted(words);
    }
  }

  static std::string_view without_role(std::string_view plain) {
    if (!plain.ends_with(':')) return plain;
    const auto begin = plain.find_last_of(" (", plain.size() - 2);
    const auto role = begin == std::string_view::npos ? 0 : begin + 1;
    return role < plain.size() && plain[role] == ':' ? plain.substr(0, role) : plain;
  }

  std::string_view starred(std::string_view words) {
    const std::string_view mark = words.starts_with("**") ? "**" : "*";
    const auto close = words.find(mark, mark.size());
    if (close == std::string_view::npos || close == mark.size()) {
      builder_.append(words.substr(0, 1));
      return words.substr(1);
    }
    const auto bit = mark.size() == 2 ? Style::strong : Style::emphasis;
    builder_.style(bit, true);
    builder_.append(words.substr(mark.size(), close - mark.size()));
    builder_.style(bit, false);
    return words.substr(close + mark.size());
  }

  std::string_view quoted(std::string_view words) {
    const bool literal = words.starts_with("``");
    const std::string_view mark = literal ? "``" : "`";
    const auto close = words.find(mark, mark.size());
    if (close == std::string_view::npos) {
      builder_.append(words.substr(0, 1));
      return words.substr(1);
    }
    auto text = words.substr(mark.size(), close - mark.size());
    auto rest = words.substr(close + mark.size());
    if (role_ == ":claim:" && text.ends_with('>') && text.find('<') != std::string_view::npos)
      return bound_figure(text), rest;
    const bool link = !literal && rest.starts_with('_');
    while (link && rest.starts_with('_')) rest.remove_prefix(1);
    if (const auto target = text.find(" <"); !literal && target != std::string_view::npos)
      text = text.substr(0, target);
    const auto bit = literal ? Style::code : link ? Style::link : style_of(role_);
    if (bit != Style::plain) builder_.style(bit, true);
    builder_.append(text);
    if (bit != Style::plain) builder_.style(bit, false);
    return rest;
  }

  // Roles that print words; others name something of a program, a citation or a formula.
  static Style style_of(std::string_view role) {
    static constexpr std::array<std::string_view, 16> wordy{
        "",      ":ref:",  ":doc:", ":term:", ":emphasis:", ":strong:", ":title:", ":sub:",
        ":sup:", ":abbr:", ":any:", ":dfn:",  ":download:", ":index:",  ":text:",  ":guilabel:"};
    if (role == ":math:") return Style::math;
    return std::find(wordy.begin(), wordy.end(), role) == wordy.end() ? Style::code : Style::plain;
  }

  // :claim:`3.1x<perf.scan>` prints the figure and binds it.
  void bound_figure(std::string_view text) {
    const auto open = text.find('<');
    const auto figure = text.substr(0, open);
    builder_.remark(figure, "claim: " + std::string(text.substr(open + 1, text.size() - open - 2)));
    builder_.append(figure);
    builder_.remark(text.substr(open), "/claim");
  }

  void close_list() {
    if (in_list_) builder_.end_list();
    in_list_ = false;
  }

  DocumentBuilder builder_;
  std::vector<std::string_view> lines_;
  std::vector<char> marks_;
  std::size_t at_ = 0;
  bool in_list_ = false;
  std::string_view role_;  // before the text in quotes that is read
};

}  // namespace

Document read_restructured_text(std::string name, std::string source) {
  return read_with<Reader>(std::move(name), std::move(source));
}

}  // namespace assay::claims
