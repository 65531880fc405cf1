// A strict recursive-descent reader of RFC 8259. Only errors pay for line and column: the text is rescanned for
// them.
// SPDX-License-Identifier: MIT
#include <charconv>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "core/error.hpp"
#include "core/json.hpp"
#include "core/number.hpp"
#include "core/text_position.hpp"
#include "core/utf8.hpp"

namespace assay {

namespace {

constexpr int kDeepest = 256;
constexpr std::size_t kFewKeys = 16;  // up to here a linear search for duplicates is faster than a set

class Reader {
 public:
  Reader(std::string_view text, std::string_view source) : text_(text), source_(source) {}

  Json document() {
    skip_space();
    Json value = read_value(0);
    skip_space();
    if (at_ < text_.size()) fail("more text after the JSON value", "the end of the file", here());
    return value;
  }

 private:
  [[noreturn]] void fail(std::string what, std::string expected, std::string found, std::size_t length = 1) {
    auto problem = problem_at(text_, source_, at_, static_cast<int>(length));
    problem.what = std::move(what);
    problem.expected = std::move(expected);
    problem.found = std::move(found);
    throw UserError(std::move(problem));
  }

  std::string here() const {
    if (at_ >= text_.size()) return "the end of the file";
    const auto length = utf8_length(text_.substr(at_));
    const auto c = static_cast<unsigned char>(text_[at_]);
    if (length == 0 || c < 0x20 || c == 0x7F) {
      static constexpr std::string_view hex = "0123456789abcdef";
      return std::string("byte 0x") + hex[c >> 4] + hex[c & 15];
    }
    return "'" + std::string(text_.substr(at_, length)) + "'";
  }

  bool next_is(char c) const { return at_ < text_.size() && text_[at_] == c; }

  bool next_is_digit() const { return at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; }

  void skip_space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r'))
      ++at_;
  }

  Json read_value(int depth) {
    if (depth > kDeepest)
      fail("nested too deeply", "at most " + std::to_string(kDeepest) + " levels of objects and arrays", "");
    if (at_ >= text_.size()) fail("the JSON text ends too early", "a value", here());
    switch (text_[at_]) {
      case '{': return read_object(depth);
      case '[': return read_array(depth);
      case '"': return Json(read_string());
      case 't': return read_word("true", Json(true));
      case 'f': return read_word("false", Json(false));
      case 'n': return read_word("null", Json(nullptr));
      default: return read_number();
    }
  }

  Json read_word(std::string_view word, Json value) {
    if (text_.substr(at_, word.size()) != word)
      fail("not a JSON value", "\"" + std::string(word) + "\"", here());
    at_ += word.size();
    return value;
  }

  Json read_array(int depth) {
    Json array = Json::array();
    ++at_;
    skip_space();
    if (next_is(']')) {
      ++at_;
      return array;
    }
    while (true) {
      skip_space();
      array.push_back(read_value(depth + 1));
      skip_space();
      if (next_is(']')) break;
      if (!next_is(',')) fail("array not continued", "',' or ']'", here());
      ++at_;
    }
    ++at_;
    return array;
  }

  Json read_object(int depth) {
    Json object = Json::object();
    auto& members = object.get_ref<Json::object_t&>();
    std::unordered_set<std::string> seen;
    ++at_;
    skip_space();
    if (next_is('}')) {
      ++at_;
      return object;
    }
    while (true) {
      skip_space();
      if (!next_is('"')) fail("not a key", "a string in double quotes", here());
      const auto key_start = at_;
      std::string key = read_string();
      if (is_duplicate(members, seen, key)) {
        const auto length = at_ - key_start;
        at_ = key_start;
        fail("duplicate key \"" + key + "\"", "each key once in an object", "", length);
      }
      skip_space();
      if (!next_is(':')) fail("key without a value", "':'", here());
      ++at_;
      skip_space();
      Json value = read_value(depth + 1);
      members.push_back({std::move(key), std::move(value)});
      skip_space();
      if (next_is('}')) break;
      if (!next_is(',')) fail("object not continued", "',' or '}'", here());
      ++at_;
    }
    ++at_;
    return object;
  }

  static bool is_duplicate(const Json::object_t& members, std::unordered_set<std::string>& seen,
                           const std::string& key) {
    if (members.size() < kFewKeys) {
      for (const auto& member : members)
        if (member.first == key) return true;
      return false;
    }
    if (seen.empty())
      for (const auto& member : members) seen.insert(member.first);
    return !seen.insert(key).second;
  }

  std::string read_string() {
    std::string out;
    ++at_;
    while (true) {
      if (at_ >= text_.size()) fail("string without an end", "'\"'", here());
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c == '"') break;
      if (c == '\\') {
        read_escape(out);
      } else if (c < 0x20) {
        fail("control character in a string", "an escape such as \\n or \\u0000", here());
      } else {
        const auto length = utf8_length(text_.substr(at_));
        if (length == 0) fail("not UTF-8", "a text in UTF-8", here());
        out += text_.substr(at_, length);
        at_ += length;
      }
    }
    ++at_;
    return out;
  }

  void read_escape(std::string& out) {
    static constexpr std::string_view letters = "\"\\/bfnrtu";
    static constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    const char letter = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    const auto which = letters.find(letter);
    if (letter == '\0' || which == std::string_view::npos)
      fail("unknown escape", R"(one of \" \\ \/ \b \f \n \r \t \uXXXX)", "", 2);
    if (letter != 'u') {
      out += meanings[which];
      at_ += 2;
      return;
    }
    std::uint32_t code = read_hex();
    if (code >= 0xDC00 && code <= 0xDFFF) fail_surrogate();
    if (code >= 0xD800 && code <= 0xDBFF) {
      const auto first = at_;
      at_ += 6;
      if (text_.substr(at_, 2) != "\\u") {
        at_ = first;
        fail_surrogate();
      }
      const std::uint32_t low = read_hex();
      if (low < 0xDC00 || low > 0xDFFF) fail_surrogate();
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(out, code);
    at_ += 6;
  }

  [[noreturn]] void fail_surrogate() {
    fail("lone surrogate in a \\u escape", "a pair \\uD800..\\uDBFF \\uDC00..\\uDFFF", "", 6);
  }

  // Reads the four digits of the escape that starts at at_, which stays.
  std::uint32_t read_hex() {
    std::uint32_t code = 0;
    const auto digits = text_.substr(at_ + 2, 4);
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (digits.size() != 4 || parsed.ec != std::errc() || parsed.ptr != digits.data() + 4)
      fail("bad \\u escape", "four hexadecimal digits", "", 2);
    return code;
  }

  void read_digits(std::string_view where) {
    if (!next_is_digit()) fail("not a JSON number", "a digit " + std::string(where), here());
    while (next_is_digit()) ++at_;
  }

  Json read_number() {
    const auto start = at_;
    bool integer = true;
    if (next_is('-')) ++at_;
    if (at_ == start && !next_is_digit()) fail("not a JSON value", "a value", here());
    if (next_is('0')) {
      ++at_;
      if (next_is_digit()) fail("leading zero in a number", "no digit after a leading 0", here());
    } else {
      read_digits("after '-'");
    }
    if (next_is('.')) {
      integer = false;
      ++at_;
      read_digits("after '.'");
    }
    if (next_is('e') || next_is('E')) {
      integer = false;
      ++at_;
      if (next_is('+') || next_is('-')) ++at_;
      read_digits("in the exponent");
    }
    const auto token = text_.substr(start, at_ - start);
    if (integer && token != "-0") {
      if (const auto value = parse_int64(token)) return Json(*value);
      std::uint64_t value = 0;
      const auto parsed = std::from_chars(token.data(), token.data() + token.size(), value);
      if (parsed.ec == std::errc()) return Json(value);
    }
    const auto value = parse_double(token);
    if (!value) {
      at_ = start;
      fail("number too large", "at most " + number_text(std::numeric_limits<double>::max()) + " in magnitude",
           "", token.size());
    }
    return Json(*value);
  }

  std::string_view text_;
  std::string_view source_;
  std::size_t at_ = 0;
};

}  // namespace

Json parse_json(std::string_view text, std::string_view source) {
  return Reader(text, source).document();
}

double number_of(const Json& value, std::string_view what) {
  if (value.is_number()) return value.get<double>();
  if (value.is_string()) {
    const auto& word = value.get_ref<const std::string&>();
    if (word == "nan" || word == "inf" || word == "-inf") return *parse_double(word);
  }
  Problem problem;
  problem.what = std::string(what) + " is not a number";
  problem.expected = "a number, \"nan\", \"inf\" or \"-inf\"";
  problem.found = to_text(value, 0);
  throw UserError(std::move(problem));
}

}  // namespace assay
