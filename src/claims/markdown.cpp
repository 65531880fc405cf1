// md4c's events, told to a DocumentBuilder.
// SPDX-License-Identifier: MIT
#include "claims/markdown.hpp"

#include <md4c.h>

#include <algorithm>

#include "claims/builder.hpp"

namespace assay::claims {
namespace {

// Longer lines are read as plain text: md4c keeps ~20 bytes for each possible mark of a line, and no person
// wrote them.
constexpr std::size_t longest_line = 1u << 20;

bool is_badge(std::string_view url) {
  for (const char* part : {"shields.io", "badge", "/workflows/", "codecov", "zenodo"})
    if (url.find(part) != std::string_view::npos) return true;
  return false;
}

// A link to a page elsewhere; "#usage", "docs/a.md" and "mailto:" are the project's own.
bool leads_outside(std::string_view url) {
  return url.starts_with("http://") || url.starts_with("https://");
}

class Events {
 public:
  Events(Document& document, DocumentBuilder& builder) : document_(document), builder_(builder) {}

  void enter_block(MD_BLOCKTYPE type, void* detail) {
    switch (type) {
      case MD_BLOCK_H:
        builder_.begin(BlockKind::heading, static_cast<MD_BLOCK_H_DETAIL*>(detail)->level);
        break;
      case MD_BLOCK_P: builder_.begin(BlockKind::paragraph); break;
      case MD_BLOCK_UL:
      case MD_BLOCK_OL: builder_.begin_list(); break;
      case MD_BLOCK_LI: {
        builder_.begin_item();
        const auto* item = static_cast<MD_BLOCK_LI_DETAIL*>(detail);
        if (item->is_task) builder_.task(item->task_mark != ' ');
        break;
      }
      case MD_BLOCK_QUOTE: builder_.begin_quote(); break;
      case MD_BLOCK_CODE:
      case MD_BLOCK_HR:
        builder_.end();
        builder_.interrupt();
        skip_ = type == MD_BLOCK_CODE;
        break;
      case MD_BLOCK_HTML:
        builder_.end();
        html_begin_ = html_end_ = nullptr;
        in_html_ = true;
        break;
      case MD_BLOCK_TABLE: builder_.begin_table(); break;
      case MD_BLOCK_THEAD: in_header_ = true; break;
      case MD_BLOCK_TBODY: in_header_ = false; break;
      case MD_BLOCK_TR:
        if (!in_header_) builder_.begin(BlockKind::table_row);
        break;
      case MD_BLOCK_TH: header_.clear(); break;
      case MD_BLOCK_TD:
        if (!in_header_) builder_.cell();
        break;
      default: break;
    }
  }

  void leave_block(MD_BLOCKTYPE type) {
    switch (type) {
      case MD_BLOCK_H:
      case MD_BLOCK_P: builder_.end(); break;
      case MD_BLOCK_UL:
      case MD_BLOCK_OL: builder_.end_list(); break;
      case MD_BLOCK_LI: builder_.end_item(); break;
      case MD_BLOCK_QUOTE:
        builder_.end();
        builder_.end_quote();
        break;
      case MD_BLOCK_CODE: skip_ = false; break;
      case MD_BLOCK_HTML:
        in_html_ = false;
        if (html_begin_)
          read_html_into(builder_, {html_begin_, static_cast<std::size_t>(html_end_ - html_begin_)});
        break;
      case MD_BLOCK_TABLE: builder_.end_table(); break;
      case MD_BLOCK_THEAD: in_header_ = false; break;
      case MD_BLOCK_TR:
        if (!in_header_) builder_.end();
        break;
      case MD_BLOCK_TH: builder_.table_header(header_); break;
      default: break;
    }
  }

  void enter_span(MD_SPANTYPE type, void* detail) {
    if (type == MD_SPAN_IMG) {
      const auto& url = static_cast<MD_SPAN_IMG_DETAIL*>(detail)->src;
      ++image_depth_;
      alt_begin_ = alt_end_ = nullptr;
      badge_ = is_badge({url.text ? url.text : "", url.size});
    } else if (const auto bit = style_of(type); bit != Style::plain && !in_header_) {
      builder_.style(bit, true);
      if (type == MD_SPAN_A) {
        const auto& url = static_cast<MD_SPAN_A_DETAIL*>(detail)->href;
        builder_.style(Style::outside, leads_outside({url.text ? url.text : "", url.size}));
      }
    }
  }

  void leave_span(MD_SPANTYPE type) {
    if (type == MD_SPAN_IMG) {
      --image_depth_;
      if (alt_begin_ && !badge_ && !in_header_)
        builder_.alt_text({alt_begin_, static_cast<std::size_t>(alt_end_ - alt_begin_)});
    } else if (const auto bit = style_of(type); bit != Style::plain && !in_header_) {
      builder_.style(bit, false);
      if (bit == Style::link) builder_.style(Style::outside, false);
    }
  }

  void text(MD_TEXTTYPE type, const char* data, MD_SIZE size) {
    if (skip_) return;
    const std::string_view piece(data, size);
    if (in_html_) return remember(html_begin_, html_end_, piece);
    if (image_depth_ > 0) return remember(alt_begin_, alt_end_, piece);
    if (in_header_) return header_text(type, piece);
    switch (type) {
      case MD_TEXT_NULLCHAR: builder_.append_synthetic("\xef\xbf\xbd"); break;
      case MD_TEXT_BR: builder_.hard_break(); break;
      case MD_TEXT_SOFTBR: builder_.space(); break;
      case MD_TEXT_ENTITY: builder_.append_entity(piece, decode_entity(piece)); break;
      case MD_TEXT_HTML: inline_tag(piece); break;
      default: builder_.append(piece); break;
    }
  }

 private:
  static Style style_of(MD_SPANTYPE type) {
    switch (type) {
      case MD_SPAN_EM: return Style::emphasis;
      case MD_SPAN_STRONG: return Style::strong;
      case MD_SPAN_A:
      case MD_SPAN_WIKILINK: return Style::link;
      case MD_SPAN_CODE: return Style::code;
      case MD_SPAN_DEL: return Style::struck;
      case MD_SPAN_LATEXMATH:
      case MD_SPAN_LATEXMATH_DISPLAY: return Style::math;
      default: return Style::plain;
    }
  }

  // Grows [begin, end) to cover a piece of the source; md4c's own newlines point elsewhere and are left out.
  void remember(const char*& begin, const char*& end, std::string_view piece) const {
    const std::less<const char*> before;
    const char* first = document_.source.data();
    if (piece.empty() || before(piece.data(), first) || before(first + document_.source.size(), piece.data()))
      return;
    if (!begin) begin = piece.data();
    end = piece.data() + piece.size();
  }

  void header_text(MD_TEXTTYPE type, std::string_view piece) {
    if (type == MD_TEXT_ENTITY)
      header_ += decode_entity(piece);
    else if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR)
      header_ += ' ';
    else if (type != MD_TEXT_HTML && type != MD_TEXT_NULLCHAR)
      header_ += piece;
  }

  // md4c gives a comment that goes over lines in pieces; it is passed on when its first piece comes.
  bool comment(std::string_view piece) {
    const std::less<const char*> before;
    if (comment_end_ && before(piece.data(), comment_end_)) return true;
    if (!piece.starts_with("<!--")) return false;
    const auto begin = static_cast<std::size_t>(piece.data() - document_.source.data());
    if (begin >= document_.source.size()) return true;
    const auto end = document_.source.find("-->", begin + 4);
    if (end == std::string::npos) return true;
    const auto whole = std::string_view(document_.source).substr(begin, end + 3 - begin);
    comment_end_ = whole.data() + whole.size();
    builder_.comment(whole, whole.substr(4, whole.size() - 7));
    return true;
  }

  void inline_tag(std::string_view tag) {
    if (comment(tag)) return;
    const auto is = [tag](std::string_view name) {
      return tag.size() > name.size() + 1 && std::equal(name.begin(), name.end(), tag.begin() + 1,
                                                        [](char a, char b) { return a == (b | 0x20); });
    };
    if (is("br"))
      builder_.hard_break();
    else if (is("code") || is("kbd"))
      builder_.style(Style::code, true);
    else if (tag.starts_with("</code") || tag.starts_with("</kbd"))
      builder_.style(Style::code, false);
    else if (is("img"))
      read_html_into(builder_, tag);
  }

  Document& document_;
  DocumentBuilder& builder_;
  bool skip_ = false, in_html_ = false, in_header_ = false, badge_ = false;
  int image_depth_ = 0;
  const char *html_begin_ = nullptr, *html_end_ = nullptr, *alt_begin_ = nullptr, *alt_end_ = nullptr;
  const char* comment_end_ = nullptr;
  std::string header_;
};

void parse_part(Document& document, DocumentBuilder& builder, std::string_view part) {
  MD_PARSER parser{};
  parser.flags = MD_DIALECT_GITHUB | MD_FLAG_LATEXMATHSPANS;
  parser.enter_block = [](MD_BLOCKTYPE t, void* d, void* self) {
    static_cast<Events*>(self)->enter_block(t, d);
    return 0;
  };
  parser.leave_block = [](MD_BLOCKTYPE t, void*, void* self) {
    static_cast<Events*>(self)->leave_block(t);
    return 0;
  };
  parser.enter_span = [](MD_SPANTYPE t, void* d, void* self) {
    static_cast<Events*>(self)->enter_span(t, d);
    return 0;
  };
  parser.leave_span = [](MD_SPANTYPE t, void*, void* self) {
    static_cast<Events*>(self)->leave_span(t);
    return 0;
  };
  parser.text = [](MD_TEXTTYPE t, const char* p, MD_SIZE n, void* self) {
    static_cast<Events*>(self)->text(t, p, n);
    return 0;
  };
  Events events(document, builder);
  if (md_parse(part.data(), static_cast<MD_SIZE>(part.size()), &parser, &events) != 0)
    document.notes.push_back("the Markdown parser ran out of memory; part of the file was not read");
  builder.end();
}

// YAML or TOML between two rules at the very top.
std::size_t front_matter_size(std::string_view s) {
  for (const std::string_view rule : {"---", "+++"}) {
    if (!s.starts_with(rule)) continue;
    std::size_t line = s.find('\n');
    if (line == std::string_view::npos ||
        s.substr(3, line - 3).find_first_not_of(" \t\r") != std::string_view::npos)
      continue;
    while (line != std::string_view::npos && line + 1 < s.size()) {
      const std::size_t next = s.find('\n', line + 1);
      auto words =
          s.substr(line + 1, next == std::string_view::npos ? std::string_view::npos : next - line - 1);
      while (!words.empty() && (words.back() == '\r' || words.back() == ' ')) words.remove_suffix(1);
      if (words == rule || (rule == "---" && words == "..."))
        return next == std::string_view::npos ? s.size() : next + 1;
      line = next;
    }
  }
  return 0;
}

}  // namespace

void read_markdown_into(Document& document, DocumentBuilder& builder, std::string_view part) {
  std::size_t begin = 0, line = part.size() > longest_line ? 0 : part.size();
  while (line < part.size()) {
    const std::size_t newline = std::min(part.find('\n', line), part.size());
    if (newline - line > longest_line) {
      if (line > begin) parse_part(document, builder, part.substr(begin, line - begin));
      for (std::size_t at = line; at < newline; at += longest_line) {
        builder.begin(BlockKind::paragraph);
        builder.append(part.substr(at, std::min(longest_line, newline - at)));
        builder.end();
      }
      document.notes.push_back("a line is longer than 1 MiB; it was read as plain text");
      begin = newline;
    }
    line = newline + 1;
  }
  if (begin < part.size()) parse_part(document, builder, part.substr(begin));
}

Document read_markdown(std::string name, std::string source) {
  Document document;
  document.name = std::move(name);
  document.source = std::move(source);
  document.text.reserve(document.source.size() + document.source.size() / 8);
  std::string_view rest = document.source;
  if (rest.starts_with("\xef\xbb\xbf")) rest.remove_prefix(3);
  rest.remove_prefix(front_matter_size(rest));
  DocumentBuilder builder(document);
  read_markdown_into(document, builder, rest);
  return document;
}

}  // namespace assay::claims
