#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/json.hpp"
#include "core/json_layout.hpp"

namespace assay {

namespace {

constexpr std::size_t kFlushAt = std::size_t{1} << 16;

}  // namespace

JsonStream::JsonStream(Sink sink, int indent) : sink_(std::move(sink)), indent_(indent) {}

void JsonStream::flush_if_full() {
  if (buffer_.size() >= kFlushAt) flush();
}

void JsonStream::flush() {
  sink_(buffer_);
  buffer_.clear();
}

void JsonStream::newline() {
  buffer_ += '\n';
  column_ = levels_.size() * static_cast<std::size_t>(indent_);
  buffer_.append(column_, ' ');
}

// What stands before a value: nothing after its key, else a comma and a new line in an array.
void JsonStream::separate() {
  if (after_key_ || levels_.empty()) {
    after_key_ = false;
    return;
  }
  if (levels_.back().close == '}')
    throw std::logic_error("JsonStream: a value in an object needs its key first");
  if (!levels_.back().empty) buffer_ += ',';
  levels_.back().empty = false;
  newline();
}

void JsonStream::begin_object() {
  separate();
  buffer_ += '{';
  levels_.push_back({'}', true});
}

void JsonStream::begin_array() {
  separate();
  buffer_ += '[';
  levels_.push_back({']', true});
}

void JsonStream::end() {
  if (levels_.empty() || after_key_) throw std::logic_error("JsonStream: nothing to end here");
  const auto level = levels_.back();
  levels_.pop_back();
  if (!level.empty) newline();
  buffer_ += level.close;
  flush_if_full();
}

void JsonStream::key(std::string_view name) {
  if (levels_.empty() || levels_.back().close != '}' || after_key_)
    throw std::logic_error("JsonStream: a key belongs into an object, before a value");
  if (!levels_.back().empty) buffer_ += ',';
  levels_.back().empty = false;
  newline();
  const auto before = buffer_.size();
  json_layout::append_string(buffer_, name);
  buffer_ += ": ";
  column_ += buffer_.size() - before;
  after_key_ = true;
}

void JsonStream::value(const Json& value) {
  const bool element = !levels_.empty() && levels_.back().close == ']';
  separate();
  json_layout::append_value(buffer_, value, indent_, levels_.size() * static_cast<std::size_t>(indent_),
                            column_, element ? json_layout::kElementColumns : json_layout::kMemberColumns);
  flush_if_full();
}

void JsonStream::member(std::string_view name, const Json& value_of_member) {
  key(name);
  value(value_of_member);
}

void JsonStream::finish() {
  if (!levels_.empty() || after_key_) throw std::logic_error("JsonStream: finished inside an open container");
  buffer_ += '\n';
  flush();
}

}  // namespace assay
