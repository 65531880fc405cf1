// LaTeX: sections, paragraphs, items and tabular rows. Comments, mathematics, verbatim and bibliography are
// left out; commands that format their argument are read through, others are dropped with their arguments.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "claims/builder.hpp"
#include "claims/formats.hpp"

namespace assay::claims {
namespace {

constexpr std::array<std::string_view, 15> hidden_environments{
    "verbatim",    "lstlisting",      "minted",      "equation",  "equation*",
    "align",       "align*",          "displaymath", "algorithm", "algorithmic",
    "tikzpicture", "thebibliography", "gather",      "eqnarray",  "comment"};
constexpr std::array<std::string_view, 12> read_through{"textbf",    "emph",   "textit",  "textsc",
                                                        "underline", "text",   "caption", "footnote",
                                                        "mbox",      "textrm", "enquote", "abstract"};
constexpr std::array<std::string_view, 5> section_commands{"section", "subsection", "subsubsection",
                                                           "paragraph", "chapter"};

template <class List>
bool contains(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

class Reader {
 public:
  explicit Reader(Document& document) : builder_(document), text_(document.source) {
    if (const auto body = text_.find("\\begin{document}"); body != std::string_view::npos) at_ = body + 16;
  }

  void read() {
    while (at_ < text_.size()) one();
    builder_.end();
  }

 private:
  void one() {
    const char c = text_[at_];
    if (c == '%') return skip_line();
    if (c == '\\') return command();
    if (c == '$') return mathematics();
    if (c == '{' || c == '}') return brace(c);
    if (c == '\n') return newline();
    if (c == '~') return void((put(" "), ++at_));
    if (c == '&' && in_row_) {
      builder_.cell();
      ++at_;
      return;
    }
    const auto end = std::min(text_.find_first_of("%\\$&{}~\n\r", at_ + 1), text_.size());
    auto piece = text_.substr(at_, end - at_);
    at_ = end;
    if (!builder_.open()) {
      const auto first = piece.find_first_not_of(" \t\r&");
      if (first == std::string_view::npos) return;
      piece.remove_prefix(first);
      open();
    }
    builder_.append(piece);
  }

  void open() {
    builder_.begin(in_table_ ? BlockKind::table_row : BlockKind::paragraph);
    in_row_ = in_table_;
    if (in_row_) builder_.cell();
  }

  void put(std::string_view text) {
    if (!builder_.open()) return;
    if (text == " ")
      builder_.space();
    else
      builder_.append_synthetic(text);
  }

  void skip_line() {
    const auto end = std::min(text_.find('\n', at_), text_.size());
    const auto comment = text_.substr(at_, end - at_);
    builder_.comment(comment, comment.substr(std::min(comment.find_first_not_of('%'), comment.size())));
    at_ = end;
  }

  // \claim{ID}{3.1}: binds its second argument and prints it.
  void bound_figure() {
    const auto whole = text_.substr(at_);
    const auto close = whole.find('}');
    if (!whole.starts_with('{') || close == std::string_view::npos || !whole.substr(close + 1).starts_with('{'))
      return;
    if (!builder_.open()) open();
    builder_.remark(whole.substr(0, close + 1), "claim: " + std::string(whole.substr(1, close - 1)));
    at_ += close + 2;
    bound_depths_.push_back(depth_++);
  }

  void newline() {
    ++at_;
    const auto next = text_.find_first_not_of(" \t\r", at_);
    if (next != std::string_view::npos && text_[next] == '\n' && !in_table_)
      builder_.end();
    else
      put(" ");
  }

  void brace(char c) {
    if (c == '{')
      ++depth_;
    else if (depth_ > 0)
      --depth_;
    if (c == '}' && !bound_depths_.empty() && bound_depths_.back() == depth_) {
      bound_depths_.pop_back();
      builder_.remark(text_.substr(at_, 1), "/claim");
    }
    if (c == '}' && heading_depth_ >= 0 && depth_ == heading_depth_) builder_.end(), heading_depth_ = -1;
    ++at_;
  }

  void mathematics() {
    const bool display = text_.substr(at_).starts_with("$$");
    const std::string_view mark = display ? "$$" : "$";
    const auto close = text_.find(mark, at_ + mark.size());
    const auto end = close == std::string_view::npos ? text_.size() : close + mark.size();
    const auto inside =
        text_.substr(at_ + mark.size(), close == std::string_view::npos ? 0 : close - at_ - mark.size());
    if (builder_.open() && !display) number_in_mathematics(inside);
    at_ = end;
  }

  // "$3.4\times$" is a figure; other formulas are opaque.
  void number_in_mathematics(std::string_view inside) {
    const auto digits = inside.substr(0, inside.find_first_not_of("0123456789."));
    const auto rest = inside.substr(digits.size());
    if (!digits.empty() && (rest.empty() || rest == "\\times" || rest == "\\%")) {
      builder_.append(digits);
      if (!rest.empty()) builder_.append_entity(rest, rest == "\\%" ? "%" : "×");
      return;
    }
    builder_.style(Style::math, true);
    builder_.append(inside);
    builder_.style(Style::math, false);
  }

  void command() {
    std::size_t n = at_ + 1;
    while (n < text_.size() && std::isalpha(static_cast<unsigned char>(text_[n]))) ++n;
    if (n == at_ + 1) return escape();
    auto name = text_.substr(at_ + 1, n - at_ - 1);
    at_ = n;
    if (at_ < text_.size() && text_[at_] == '*') ++at_;
    if (name == "begin" || name == "end") return environment(name == "begin");
    if (name == "item") {
      builder_.begin_item();
      skip_option();
    } else if (contains(section_commands, name)) {
      builder_.begin(BlockKind::heading, name == "chapter"      ? 1
                                         : name == "section"    ? 2
                                         : name == "subsection" ? 3
                                                                : 4);
      heading_depth_ = depth_;
    } else if (name == "title") {
      builder_.begin(BlockKind::heading, 1);
      heading_depth_ = depth_;
    } else if (name == "claim") {
      bound_figure();
    } else if (name == "times") {
      builder_.append_entity(text_.substr(at_ - 6, 6), "×");
    } else if (!contains(read_through, name)) {
      skip_option();
      while (at_ < text_.size() && text_[at_] == '{') skip_group();
    }
  }

  void escape() {
    const char c = at_ + 1 < text_.size() ? text_[at_ + 1] : ' ';
    if (c == '\\') {
      if (in_table_)
        builder_.end(), in_row_ = false;
      else
        put(" ");
    } else if (std::string_view("%&_#$").find(c) != std::string_view::npos && builder_.open()) {
      builder_.append(text_.substr(at_ + 1, 1));
    } else {
      put(" ");
    }
    at_ += 2;
  }

  void environment(bool begins) {
    if (at_ >= text_.size() || text_[at_] != '{') return;
    const auto close = std::min(text_.find('}', at_), text_.size());
    const auto name = text_.substr(at_ + 1, close - at_ - 1);
    at_ = std::min(close + 1, text_.size());
    if (begins && contains(hidden_environments, name)) {
      const auto end = text_.find("\\end{" + std::string(name) + "}", at_);
      at_ = end == std::string_view::npos ? text_.size() : end;
    } else if (name == "itemize" || name == "enumerate" || name == "description") {
      begins ? builder_.begin_list() : builder_.end_list();
    } else if (name == "tabular" || name == "tabular*" || name == "tabularx" || name == "longtable") {
      begins ? builder_.begin_table() : builder_.end_table();
      in_table_ = begins;
      in_row_ = false;
      while (begins && at_ < text_.size() && (text_[at_] == '{' || text_[at_] == '['))
        text_[at_] == '{' ? skip_group() : skip_option();
    }
  }

  void skip_option() {
    if (at_ < text_.size() && text_[at_] == '[')
      at_ = std::min(std::min(text_.find(']', at_), text_.size()) + 1, text_.size());
  }

  void skip_group() {
    int depth = 0;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\')
        ++at_;
      else if (text_[at_] == '{')
        ++depth;
      else if (text_[at_] == '}' && --depth == 0)
        return void(++at_);
    }
    at_ = text_.size();
  }

  DocumentBuilder builder_;
  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0, heading_depth_ = -1;
  std::vector<int> bound_depths_;  // of the braces that a \claim has open
  bool in_table_ = false, in_row_ = false;
};

}  // namespace

Document read_latex(std::string name, std::string source) {
  return read_with<Reader>(std::move(name), std::move(source));
}

}  // namespace assay::claims
