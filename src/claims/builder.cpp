// Filling a Document: heading path, lead-ins, position runs.
// SPDX-License-Identifier: MIT
#include "claims/builder.hpp"

#include <algorithm>

namespace assay::claims {

void DocumentBuilder::begin(BlockKind kind, unsigned level) {
  if (open_) end();
  block_ = Block{};
  block_.kind = kind;
  block_.level = static_cast<std::uint8_t>(std::min(level, 255u));
  block_.quote_depth = quote_depth_;
  block_.text.begin = block_.text.end = static_cast<std::uint32_t>(document_.text.size());
  if (kind == BlockKind::paragraph && !lists_.empty()) {
    block_.kind = BlockKind::list_item;
    block_.level = static_cast<std::uint8_t>(std::min<std::size_t>(lists_.size(), 255));
    block_.first_of_item = !lists_.back().item_started;
    block_.lead_in = lists_.back().lead_in;
  }
  if (kind == BlockKind::table_row) {
    block_.table = table_;
    block_.lead_in = table_lead_in_;
    row_has_cell_ = false;
  }
  if (kind == BlockKind::heading)
    while (!headings_.empty() && document_.blocks[static_cast<std::size_t>(headings_.back())].level >= level)
      headings_.pop_back();
  block_.heading = headings_.empty() ? none : headings_.back();
  open_ = true;
}

void DocumentBuilder::end() {
  if (!open_) return;
  open_ = false;
  block_.text.end = static_cast<std::uint32_t>(document_.text.size());
  const auto words = document_.view(block_.text);
  const bool blank = words.find_first_not_of(" \t\r\n\x1e\x1f") == std::string_view::npos;
  if (!blank) {
    const auto index = static_cast<std::int32_t>(document_.blocks.size());
    document_.blocks.push_back(block_);
    if (block_.kind == BlockKind::heading) {
      headings_.push_back(index);
      last_text_ = none;
    } else if (block_.kind != BlockKind::table_row) {
      last_text_ = index;
    }
    if (!lists_.empty() && block_.kind == BlockKind::list_item) lists_.back().item_started = true;
  }
  note_run(Document::synthetic);
  document_.text.push_back('\n');  // blocks never touch
  flush_alt_texts();
}

void DocumentBuilder::note_run(std::uint32_t source) {
  const auto at = static_cast<std::uint32_t>(document_.text.size());
  if (source == Document::synthetic && !document_.runs.empty() && document_.runs.back().source == source)
    return;
  document_.runs.push_back({at, source});
}

void DocumentBuilder::append(std::string_view piece) {
  if (piece.empty()) return;
  const std::less<const char*> before;
  const char* first = document_.source.data();
  if (before(piece.data(), first) || before(first + document_.source.size(), piece.data() + piece.size()))
    return append_synthetic(piece);  // md4c's own newlines; anything else would be a wrong position
  const auto source = static_cast<std::uint32_t>(piece.data() - first);
  const auto& runs = document_.runs;
  const bool continues = !runs.empty() && runs.back().source != Document::synthetic &&
                         runs.back().source + (document_.text.size() - runs.back().text) == source;
  if (!continues) note_run(source);
  document_.text.append(piece);
}

void DocumentBuilder::append_synthetic(std::string_view piece) {
  note_run(Document::synthetic);
  document_.text.append(piece);
}

void DocumentBuilder::append_entity(std::string_view written, std::string_view meant) {
  if (meant.empty()) return;
  document_.runs.push_back({static_cast<std::uint32_t>(document_.text.size()),
                            static_cast<std::uint32_t>(written.data() - document_.source.data())});
  document_.text.append(meant);
  document_.runs.push_back({static_cast<std::uint32_t>(document_.text.size()), Document::synthetic});
}

void DocumentBuilder::space() {
  if (document_.text.size() > block_.text.begin && document_.text.back() != ' ') append_synthetic(" ");
}

void DocumentBuilder::style(Style bit, bool on) {
  const auto next = static_cast<std::uint8_t>(on ? style_ | bit : style_ & ~bit);
  if (next == style_) return;
  style_ = next;
  document_.styles.push_back({static_cast<std::uint32_t>(document_.text.size()), style_});
}

void DocumentBuilder::begin_list() {
  end();
  lists_.push_back({last_text_, false});
}

void DocumentBuilder::end_list() {
  end();
  if (!lists_.empty()) lists_.pop_back();
  last_text_ = none;
}

void DocumentBuilder::begin_item() {
  if (!lists_.empty()) lists_.back().item_started = false;
  begin(BlockKind::paragraph);
}

void DocumentBuilder::end_item() {
  end();
}

void DocumentBuilder::task(bool done) {
  block_.task_open = !done;
}

void DocumentBuilder::begin_table() {
  end();
  table_ = static_cast<std::int32_t>(document_.tables.size());
  table_lead_in_ = last_text_;
  document_.tables.push_back({{}, static_cast<std::uint32_t>(document_.blocks.size())});
}

void DocumentBuilder::end_table() {
  end();
  table_ = none;
  last_text_ = none;
}

void DocumentBuilder::table_header(std::string_view rendered) {
  if (table_ != none) document_.tables[static_cast<std::size_t>(table_)].headers.emplace_back(rendered);
}

void DocumentBuilder::cell() {
  if (row_has_cell_) append_synthetic(std::string_view(&Document::cell_break, 1));
  row_has_cell_ = true;
}

void DocumentBuilder::comment(std::string_view whole, std::string_view body) {
  const auto first = body.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return;
  body = body.substr(first, body.find_last_not_of(" \t\r\n") - first + 1);
  if (body.starts_with("claim") || body.starts_with("/claim")) remark(whole, std::string(body));
}

void DocumentBuilder::remark(std::string_view at, std::string body) {
  Remark remark;
  remark.source = static_cast<std::uint32_t>(at.data() - document_.source.data());
  remark.size = static_cast<std::uint32_t>(at.size());
  remark.text = static_cast<std::uint32_t>(document_.text.size());
  remark.block = static_cast<std::int32_t>(document_.blocks.size());
  if (open_) {
    const auto words = document_.view({block_.text.begin, remark.text});
    remark.inside =
        block_.kind == BlockKind::table_row || words.find_first_not_of(" \t\r\n") != std::string_view::npos;
  }
  remark.body = std::move(body);
  document_.remarks.push_back(std::move(remark));
}

void DocumentBuilder::alt_text(std::string_view piece) {
  if (piece.find_first_not_of(" \t\r\n") == std::string_view::npos) return;
  alts_.push_back(piece);
  if (!open_) flush_alt_texts();
}

void DocumentBuilder::flush_alt_texts() {
  std::vector<std::string_view> waiting;
  waiting.swap(alts_);
  const auto kept = last_text_;
  for (const auto piece : waiting) {
    begin(BlockKind::alt_text);
    append(piece);
    end();
  }
  last_text_ = kept;
}

}  // namespace assay::claims
