#include "core/array_type.hpp"

#include <charconv>

namespace assay {
namespace {

std::optional<ArrayType> make(char letter, std::size_t bytes, bool big_endian) {
  using Kind = ArrayType::Kind;
  const bool is_power = bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
  const ArrayType base{.size = bytes, .big_endian = big_endian && bytes > 1};
  ArrayType type = base;
  if (letter == 'f' && (bytes == 4 || bytes == 8)) {
    type.kind = Kind::real;
  } else if (letter == 'c' && (bytes == 8 || bytes == 16)) {
    type.kind = Kind::complex;
  } else if (letter == 'i' && is_power) {
    type.kind = Kind::integer;
  } else if (letter == 'u' && is_power) {
    type.kind = Kind::unsigned_integer;
  } else if (letter == 'b' && bytes == 1) {
    type.kind = Kind::boolean;
  } else {
    return std::nullopt;
  }
  return type;
}

std::optional<std::size_t> number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<ArrayType> parse_type_word(std::string_view word) {
  if (word == "bool") return make('b', 1, false);
  const bool big_endian = word.ends_with("be");
  if (big_endian || word.ends_with("le")) word.remove_suffix(2);
  if (word.size() < 2) return std::nullopt;
  const auto bits = number(word.substr(1));
  if (!bits || *bits % 8 != 0) return std::nullopt;
  return make(word.front(), *bits / 8, big_endian);
}

std::optional<ArrayType> parse_numpy_type(std::string_view descr) {
  bool big_endian = false;
  if (!descr.empty() && (descr[0] == '<' || descr[0] == '>' || descr[0] == '|' || descr[0] == '=')) {
    big_endian = descr[0] == '>';
    descr.remove_prefix(1);
  }
  if (descr.size() < 2) return std::nullopt;
  const auto bytes = number(descr.substr(1));
  if (!bytes) return std::nullopt;
  return make(descr.front(), *bytes, big_endian);
}

std::string to_text(const ArrayType& type) {
  if (type.kind == ArrayType::Kind::boolean) return "bool";
  constexpr char letters[] = {'f', 'c', 'i', 'u'};
  std::string text(1, letters[static_cast<std::size_t>(type.kind)]);
  text += std::to_string(8 * type.size);
  return type.big_endian ? text + "be" : text;
}

}  // namespace assay
