// Jupyter notebooks: the Markdown cells, joined and read as Markdown, with positions led back through JSON's
// escapes. A small scanner rather than a JSON library: it must know the byte at which each string stands.
// SPDX-License-Identifier: MIT
#include <cstdint>

#include "claims/builder.hpp"
#include "claims/formats.hpp"
#include "claims/markdown.hpp"

namespace assay::claims {
namespace {

struct Unescaped {
  std::string text;
  std::vector<std::uint32_t> origin;  // byte of the notebook for each byte of text

  void add(std::string_view bytes, std::size_t from) {
    text += bytes;
    origin.insert(origin.end(), bytes.size(), static_cast<std::uint32_t>(from));
  }
};

class Scanner {
 public:
  explicit Scanner(std::string_view json) : json_(json) {}

  // Depth 1 is the notebook, 2 the list of cells, 3 a cell, 4 its list of source lines.
  Unescaped markdown_cells() {
    while (at_ < json_.size()) {
      const char c = json_[at_];
      if (c == '"') {
        string();
      } else {
        if (c == '{' || c == '[') ++depth_;
        if (c == '}' && depth_ == 3) end_of_cell();
        if ((c == '}' || c == ']') && depth_ > 0) --depth_;
        ++at_;
      }
    }
    return std::move(out_);
  }

 private:
  void string() {
    const auto begin = at_ + 1;
    auto end = begin;
    while (end < json_.size() && json_[end] != '"') end += json_[end] == '\\' ? 2 : 1;
    end = std::min(end, json_.size());
    const auto value = json_.substr(begin, end - begin);
    at_ = std::min(end + 1, json_.size());
    auto next = json_.find_first_not_of(" \t\r\n", at_);
    const bool is_key = next != std::string_view::npos && json_[next] == ':';
    if (depth_ == 3 && is_key)
      key_ = value;
    else if (depth_ == 3 && key_ == "cell_type")
      is_markdown_ = value == "markdown";
    else if ((depth_ == 3 || depth_ == 4) && key_ == "source" && !is_key)
      pieces_.push_back({begin, end});
  }

  void end_of_cell() {
    if (is_markdown_) {
      for (const auto& [begin, end] : pieces_) unescape(begin, end);
      out_.add("\n\n", at_);
    }
    pieces_.clear();
    is_markdown_ = false;
    key_ = {};
  }

  void unescape(std::size_t begin, std::size_t end) {
    for (auto i = begin; i < end; ++i) {
      if (json_[i] != '\\' || i + 1 >= end) {
        out_.add(json_.substr(i, 1), i);
        continue;
      }
      const char c = json_[i + 1];
      if (c == 'u') {
        out_.add(decode_entity("&#x" + std::string(json_.substr(i + 2, 4)) + ";"), i);
        i += 5;
        continue;
      }
      const char plain = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
      out_.add(std::string_view(&plain, 1), i);
      ++i;
    }
  }

  std::string_view json_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::string_view key_;
  bool is_markdown_ = false;
  std::vector<std::pair<std::size_t, std::size_t>> pieces_;
  Unescaped out_;
};

// Runs of the joined Markdown become runs of the notebook, cut where an escape breaks the order of bytes.
std::vector<Document::Run> lead_back(const Document& d, const std::vector<std::uint32_t>& origin) {
  std::vector<Document::Run> runs;
  for (std::size_t r = 0; r < d.runs.size(); ++r) {
    const auto [text, source] = d.runs[r];
    if (source == Document::synthetic) {
      runs.push_back(d.runs[r]);
      continue;
    }
    const auto end = r + 1 < d.runs.size() ? d.runs[r + 1].text : static_cast<std::uint32_t>(d.text.size());
    for (std::uint32_t i = 0; i < end - text && source + i < origin.size(); ++i)
      if (i == 0 || origin[source + i] != origin[source + i - 1] + 1)
        runs.push_back({text + i, origin[source + i]});
  }
  return runs;
}

}  // namespace

Document read_notebook(std::string name, std::string source) {
  auto cells = Scanner(source).markdown_cells();
  Document document = read_markdown(std::move(name), std::move(cells.text));
  document.runs = lead_back(document, cells.origin);
  for (Remark& remark : document.remarks) {
    const auto last = remark.source + remark.size - 1;
    remark.source = cells.origin[remark.source];
    remark.size = cells.origin[last] + 1 - remark.source;
  }
  document.source = std::move(source);
  return document;
}

}  // namespace assay::claims
