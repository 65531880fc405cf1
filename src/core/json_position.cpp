#include "core/json_position.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "core/json.hpp"
#include "core/number.hpp"

namespace assay {

namespace {

// Walks a text that is known to be JSON, so nothing is checked but the end.
class Walker {
 public:
  explicit Walker(std::string_view text) : text_(text) {}

  std::size_t at() {
    skip_space();
    return at_;
  }

  // Stands at a container; moves to the member or element that the step names, or stays inside and says no.
  bool enter(const std::string& step) {
    const bool object = next() == '{';
    if (!object && next() != '[') return false;
    ++at_;
    const auto wanted = parse_int64(step);
    for (std::int64_t i = 0; next() != '}' && next() != ']' && next() != '\0'; ++i) {
      bool found = !object && wanted == i;
      if (object) {
        found = key() == step;
        next();
        ++at_;  // ':'
      }
      if (found) return true;
      skip_value();
      if (next() == ',') ++at_;
    }
    return false;
  }

 private:
  char next() {
    skip_space();
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  void skip_space() { at_ = std::min(text_.find_first_not_of(" \n\r\t", at_), text_.size()); }

  void skip_string() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_)
      if (text_[at_] == '\\') ++at_;
    at_ = std::min(at_ + 1, text_.size());
  }

  std::string key() {
    next();
    const auto start = at_;
    skip_string();
    const auto token = text_.substr(start, at_ - start);
    if (token.find('\\') == std::string_view::npos) return std::string(token.substr(1, token.size() - 2));
    return parse_json(token, "key").get<std::string>();
  }

  void skip_value() {
    int depth = 0;
    do {
      const char c = next();
      if (c == '\0') return;
      if (c == '"') {
        skip_string();
      } else if (c == '{' || c == '[') {
        ++depth;
        ++at_;
      } else if (c == '}' || c == ']') {
        --depth;
        ++at_;
      } else if (c == ',' || c == ':') {
        ++at_;
      } else {
        at_ = std::min(text_.find_first_of(",:]} \n\r\t", at_), text_.size());
      }
    } while (depth > 0);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

std::string unescaped(std::string_view step) {
  std::string out;
  for (std::size_t i = 0; i < step.size(); ++i) {
    const bool escape = step[i] == '~' && i + 1 < step.size();
    out += escape ? (step[++i] == '1' ? '/' : '~') : step[i];
  }
  return out;
}

}  // namespace

std::size_t offset_of_pointer(std::string_view text, std::string_view pointer) {
  Walker walker(text);
  auto offset = walker.at();
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const auto end = std::min(pointer.find('/'), pointer.size());
    if (!walker.enter(unescaped(pointer.substr(0, end)))) return offset;
    offset = walker.at();
    pointer.remove_prefix(end);
  }
  return offset;
}

}  // namespace assay
