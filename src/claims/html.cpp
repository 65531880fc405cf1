// A forgiving scanner for the HTML that people write inside Markdown: centred titles, images with alt text,
// tables.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <utility>

#include "claims/builder.hpp"
#include "claims/markdown.hpp"

namespace assay::claims {
namespace {

struct Tag {
  std::string name;  // lower case
  bool closing = false;
  std::string_view attributes;
};

Tag parse_tag(std::string_view inside) {
  Tag tag;
  if (inside.starts_with('/')) {
    tag.closing = true;
    inside.remove_prefix(1);
  }
  std::size_t n = 0;
  while (n < inside.size() && n < 16 && std::isalnum(static_cast<unsigned char>(inside[n])))
    tag.name += static_cast<char>(std::tolower(static_cast<unsigned char>(inside[n++])));
  tag.attributes = inside.substr(n);
  return tag;
}

// The value of an attribute, as a view into the source; empty when it is missing.
std::string_view attribute(std::string_view attributes, std::string_view name) {
  for (std::size_t at = attributes.find(name); at != std::string_view::npos;
       at = attributes.find(name, at + 1)) {
    if (at == 0 || !std::isspace(static_cast<unsigned char>(attributes[at - 1]))) continue;
    auto rest = attributes.substr(at + name.size());
    while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
    if (!rest.starts_with('=')) continue;
    rest.remove_prefix(1);
    if (rest.empty()) return {};
    const char quote = rest.front();
    if (quote != '"' && quote != '\'') return rest.substr(0, rest.find_first_of(" \t\r\n/>"));
    rest.remove_prefix(1);
    return rest.substr(0, rest.find(quote));
  }
  return {};
}

constexpr std::array<std::string_view, 5> unread_elements{"pre", "script", "style", "svg", "code"};
constexpr std::array<std::string_view, 14> breaking_elements{
    "p",       "div",    "center",     "details", "summary", "section",    "figure",
    "caption", "header", "blockquote", "hr",      "article", "figcaption", "br"};

class HtmlReader {
 public:
  HtmlReader(DocumentBuilder& builder, std::string_view html) : builder_(builder), html_(html) {}

  void read() {
    const bool inside_block = builder_.open();
    while (at_ < html_.size()) {
      if (html_[at_] == '<')
        markup();
      else if (html_[at_] == '&')
        entity();
      else
        words();
    }
    if (!inside_block) {
      if (in_table_) builder_.end_table();
      while (lists_ > 0) --lists_, builder_.end_list();
      builder_.end();
    }
  }

 private:
  void markup() {
    if (html_.substr(at_).starts_with("<!--")) {
      const std::size_t end = html_.find("-->", at_ + 4);
      if (end != std::string_view::npos && !in_header_)
        builder_.comment(html_.substr(at_, end + 3 - at_), html_.substr(at_ + 4, end - at_ - 4));
      at_ = end == std::string_view::npos ? html_.size() : end + 3;
      return;
    }
    const std::size_t end = tag_end(at_ + 1);
    const Tag tag = parse_tag(html_.substr(at_ + 1, end - at_ - 1));
    if (tag.name.empty() && !tag.closing) return text_to(at_ + 1);  // a bare "<", or a declaration
    at_ = std::min(end + 1, html_.size());
    element(tag);
  }

  // The '>' that closes the tag; quotes may hide others.
  std::size_t tag_end(std::size_t from) const {
    char quote = 0;
    for (std::size_t i = from; i < html_.size(); ++i) {
      if (quote)
        quote = html_[i] == quote ? '\0' : quote;
      else if (html_[i] == '"' || html_[i] == '\'')
        quote = html_[i];
      else if (html_[i] == '>')
        return i;
    }
    return html_.size();
  }

  void element(const Tag& tag) {
    const auto& name = tag.name;
    if (std::find(unread_elements.begin(), unread_elements.end(), name) != unread_elements.end()) {
      if (!tag.closing) skip_to_end_of(name);
    } else if (name == "img") {
      const auto url = attribute(tag.attributes, "src");
      const bool badge =
          url.find("badge") != std::string_view::npos || url.find("shields.io") != std::string_view::npos;
      if (!badge) builder_.alt_text(attribute(tag.attributes, "alt"));
    } else if (name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6') {
      if (tag.closing)
        builder_.end();
      else
        builder_.begin(BlockKind::heading, static_cast<unsigned>(name[1] - '0'));
    } else if (name == "b" || name == "strong") {
      builder_.style(Style::strong, !tag.closing);
    } else if (name == "a") {
      builder_.style(Style::link, !tag.closing);
    } else if (name == "ul" || name == "ol" || name == "li") {
      list(tag);
    } else if (name == "table" || name == "tr" || name == "td" || name == "th") {
      table(tag);
    } else if (std::find(breaking_elements.begin(), breaking_elements.end(), name) != breaking_elements.end()) {
      if (in_row_ || in_header_)
        header_ += ' ', builder_.space();
      else
        builder_.end();
    }
  }

  void list(const Tag& tag) {
    if (tag.name == "li") return tag.closing || !lists_ ? builder_.end() : builder_.begin_item();
    if (!tag.closing)
      ++lists_, builder_.begin_list();
    else if (lists_ > 0)
      --lists_, builder_.end_list();
  }

  void table(const Tag& tag) {
    if (tag.name == "table") {
      if (!tag.closing && !in_table_)
        builder_.begin_table();
      else if (tag.closing && in_table_)
        builder_.end_table();
      in_table_ = !tag.closing;
    } else if (!in_table_) {
      return;
    } else if (tag.name == "tr") {
      close_header();
      if (tag.closing) builder_.end();
      in_row_ = false;
      row_open_ = !tag.closing;
    } else if (tag.name == "th" && row_open_ && !in_row_) {
      close_header();
      in_header_ = !tag.closing;
      if (tag.closing) return;
    } else if (!tag.closing && row_open_) {
      if (!in_row_) builder_.begin(BlockKind::table_row);
      in_row_ = true;
      builder_.cell();
    }
  }

  void close_header() {
    if (in_header_) builder_.table_header(header_);
    in_header_ = false;
    header_.clear();
  }

  void skip_to_end_of(std::string_view name) {
    for (std::size_t at = html_.find("</", at_); at != std::string_view::npos; at = html_.find("</", at + 2)) {
      const Tag tag = parse_tag(html_.substr(at + 1, 20));
      if (tag.name != name) continue;
      at_ = std::min(tag_end(at) + 1, html_.size());
      return;
    }
    at_ = html_.size();
  }

  void entity() {
    const std::size_t end = html_.find(';', at_);
    if (end == std::string_view::npos || end - at_ > 12) return text_to(at_ + 1);
    const auto written = html_.substr(at_, end + 1 - at_);
    if (in_header_)
      header_ += decode_entity(written);
    else if (ready())
      builder_.append_entity(written, decode_entity(written));
    at_ = end + 1;
  }

  void words() { text_to(std::min(html_.find_first_of("<&", at_), html_.size())); }

  void text_to(std::size_t end) {
    while (at_ < end) {
      const std::size_t newline = std::min(html_.find_first_of("\r\n", at_), end);
      auto piece = html_.substr(at_, newline - at_);
      if (in_header_)
        header_ += piece;
      else if (builder_.open() || piece.find_first_not_of(" \t") != std::string_view::npos)
        if (ready()) builder_.append(piece);
      if (newline < end && builder_.open()) builder_.space();
      at_ = newline < end ? newline + 1 : end;
    }
  }

  // Text between the rows of a table belongs to nothing.
  bool ready() {
    if (in_table_ && !in_row_) return false;
    if (!builder_.open()) builder_.begin(BlockKind::paragraph);
    return true;
  }

  DocumentBuilder& builder_;
  std::string_view html_;
  std::size_t at_ = 0;
  int lists_ = 0;
  bool in_table_ = false, row_open_ = false, in_row_ = false, in_header_ = false;
  std::string header_;
};

void append_utf8(std::string& out, std::uint32_t c) {
  if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) c = 0xfffd;
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    if (c < 0x10000) {
      out += static_cast<char>(0xe0 | c >> 12);
    } else {
      out += static_cast<char>(0xf0 | c >> 18);
      out += static_cast<char>(0x80 | (c >> 12 & 0x3f));
    }
    out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  }
}

// The entities that carry meaning for a claim; others are left as written.
constexpr std::array<std::pair<std::string_view, std::string_view>, 22> entities{{
    {"amp", "&"},   {"lt", "<"},    {"gt", ">"},     {"quot", "\""},  {"apos", "'"}, {"nbsp", " "},
    {"times", "×"}, {"ndash", "–"}, {"mdash", "—"},  {"le", "≤"},     {"ge", "≥"},   {"asymp", "≈"},
    {"micro", "µ"}, {"minus", "−"}, {"plusmn", "±"}, {"hellip", "…"}, {"deg", "°"},  {"rarr", "→"},
    {"reg", ""},    {"trade", ""},  {"copy", ""},    {"middot", "·"},
}};

}  // namespace

std::string decode_entity(std::string_view entity) {
  std::string out;
  if (entity.size() > 3 && entity[1] == '#') {
    const bool hex = entity[2] == 'x' || entity[2] == 'X';
    std::uint32_t value = 0;
    const char* first = entity.data() + (hex ? 3 : 2);
    const auto result = std::from_chars(first, entity.data() + entity.size() - 1, value, hex ? 16 : 10);
    if (result.ec != std::errc{}) value = 0xfffd;
    append_utf8(out, value);
    return out;
  }
  const auto name = entity.substr(1, entity.size() - 2);
  for (const auto& [known, meaning] : entities)
    if (known == name) return std::string(meaning);
  return std::string(entity);
}

void read_html_into(DocumentBuilder& builder, std::string_view html) {
  HtmlReader(builder, html).read();
}

}  // namespace assay::claims
