#include "core/npy.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <limits>
#include <vector>

#include "core/error.hpp"

namespace assay {
namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t longest_header = 1024 * 1024;

[[noreturn]] void bad(const NpySource& input, std::size_t byte, std::string what, std::string expected,
                      std::string found = {}, std::string hint = {}) {
  throw UserError(Problem{.what = input.name + ": byte " + std::to_string(byte) + ": " + std::move(what),
                          .expected = std::move(expected),
                          .found = std::move(found),
                          .hint = std::move(hint)});
}

/// Reads the dictionary literal that NumPy writes: {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }
class Dictionary {
 public:
  Dictionary(const NpySource& input, std::string_view text, std::size_t offset)
      : input_(input), text_(text), offset_(offset) {}

  NpyHeader read() {
    NpyHeader h;
    bool descr = false, order = false, shape = false;
    expect('{');
    while (!accept('}')) {
      const std::string key = quoted();
      expect(':');
      if (key == "descr" && !descr) {
        descr = true;
        h.type = type();
      } else if (key == "fortran_order" && !order) {
        order = true;
        h.fortran_order = boolean();
      } else if (key == "shape" && !shape) {
        shape = true;
        h.shape = tuple();
      } else {
        fail("key '" + key.substr(0, 40) + "'", "'descr', 'fortran_order' and 'shape', each once");
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skip();
    if (at_ != text_.size()) fail("text after the dictionary", "blanks up to the data");
    if (!descr || !order || !shape) fail("dictionary is incomplete", "'descr', 'fortran_order' and 'shape'");
    return h;
  }

 private:
  [[noreturn]] void fail(std::string what, std::string expected) { bad(input_, offset_ + at_, what, expected); }
  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t')) ++at_;
  }
  bool accept(char c) {
    skip();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) fail("header is not a NumPy dictionary", std::string("'") + c + "'");
  }
  std::string quoted() {
    skip();
    const char quote = at_ < text_.size() ? text_[at_] : '\0';
    if (quote != '\'' && quote != '"') fail("header is not a NumPy dictionary", "a quoted word");
    const auto end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) fail("quote that is never closed", "a closing quote");
    std::string word(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return word;
  }
  ArrayType type() {
    skip();
    if (at_ < text_.size() && text_[at_] == '[') fail("array of records", "an array of plain numbers");
    const std::string word = quoted();
    const auto parsed = parse_numpy_type(word);
    if (!parsed)
      fail("element type '" + word.substr(0, 40) + "'", "real, complex, integer or boolean elements");
    return *parsed;
  }
  bool boolean() {
    skip();
    for (const auto& [word, value] : {std::pair<std::string_view, bool>{"True", true}, {"False", false}}) {
      if (!text_.substr(at_).starts_with(word)) continue;
      at_ += word.size();
      return value;
    }
    fail("'fortran_order' is not a truth value", "True or False");
  }
  std::vector<std::uint64_t> tuple() {
    std::vector<std::uint64_t> shape;
    expect('(');
    while (!accept(')')) {
      skip();
      std::uint64_t extent = 0;
      const auto result = std::from_chars(text_.data() + at_, text_.data() + text_.size(), extent);
      if (result.ec != std::errc()) fail("extent of the shape", "a whole number");
      at_ = static_cast<std::size_t>(result.ptr - text_.data());
      shape.push_back(extent);
      if (shape.size() > 64) fail("array of more than 64 dimensions", "NumPy's own limit");
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return shape;
  }

  const NpySource& input_;
  std::string_view text_;
  std::size_t offset_;
  std::size_t at_ = 0;
};

/// The number of type T that stands there, whatever the order of its bytes.
template <class T>
double number_at(std::string_view bytes, bool big_endian) {
  std::array<char, sizeof(T)> raw{};
  std::memcpy(raw.data(), bytes.data(), raw.size());
  if (big_endian == (std::endian::native == std::endian::little)) std::reverse(raw.begin(), raw.end());
  T value{};
  std::memcpy(&value, raw.data(), raw.size());
  return static_cast<double>(value);
}

}  // namespace

NpySource npy_source(std::string_view bytes, std::string name) {
  return {std::move(name), bytes.size(), [bytes](std::uint64_t offset, std::span<char> into) {
            const auto count = std::min<std::uint64_t>(
                into.size(), bytes.size() - std::min<std::uint64_t>(offset, bytes.size()));
            if (count > 0) std::memcpy(into.data(), bytes.data() + offset, count);
            return static_cast<std::size_t>(count);
          }};
}

double npy_element(std::string_view bytes, const NpyHeader& header, std::uint64_t position) {
  using Kind = ArrayType::Kind;
  const ArrayType& type = header.type;
  const auto at = bytes.substr(header.data_offset + position * type.size, type.size);
  const bool big = type.big_endian;
  switch (type.kind) {
    case Kind::real: return type.size == 8 ? number_at<double>(at, big) : number_at<float>(at, big);
    case Kind::boolean: return at.front() != 0 ? 1.0 : 0.0;
    case Kind::integer:
      return type.size == 8   ? number_at<std::int64_t>(at, big)
             : type.size == 4 ? number_at<std::int32_t>(at, big)
             : type.size == 2 ? number_at<std::int16_t>(at, big)
                              : number_at<std::int8_t>(at, big);
    case Kind::unsigned_integer:
      return type.size == 8   ? number_at<std::uint64_t>(at, big)
             : type.size == 4 ? number_at<std::uint32_t>(at, big)
             : type.size == 2 ? number_at<std::uint16_t>(at, big)
                              : number_at<std::uint8_t>(at, big);
    case Kind::complex: break;
  }
  throw UserError("its elements are complex numbers", "write the real or the imaginary part");
}

std::optional<std::uint64_t> npy_position(const NpyHeader& header, const std::vector<std::int64_t>& index) {
  const std::size_t n = header.shape.size();
  if (index.size() != n) return std::nullopt;
  std::uint64_t position = 0;
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t axis = header.fortran_order ? n - 1 - k : k;  // slowest axis first
    const auto extent = static_cast<std::int64_t>(header.shape[axis]);
    const std::int64_t i = index[axis] < 0 ? extent + index[axis] : index[axis];
    if (i < 0 || i >= extent) return std::nullopt;
    position = position * header.shape[axis] + static_cast<std::uint64_t>(i);
  }
  return position;
}

bool is_npy(const NpySource& input) {
  std::array<char, 6> head{};
  return input.read_at(0, head) == head.size() && std::memcmp(head.data(), magic.data(), magic.size()) == 0;
}

NpyHeader read_npy_header(const NpySource& input) {
  std::array<unsigned char, 12> head{};
  const std::size_t got = input.read_at(0, std::span(reinterpret_cast<char*>(head.data()), head.size()));
  if (got < 10 || !is_npy(input)) bad(input, 0, "not a NumPy array", "\\x93NUMPY and a version");
  const int version = head[6];
  if (version < 1 || version > 3) bad(input, 6, "NumPy format " + std::to_string(version), "format 1, 2 or 3");
  if (version > 1 && got < 12) bad(input, got, "header is cut off", "12 bytes at least");
  const std::size_t start = version == 1 ? 10 : 12;
  const std::size_t length = version == 1 ? std::size_t{head[8]} | std::size_t{head[9]} << 8
                                          : std::size_t{head[8]} | std::size_t{head[9]} << 8 |
                                                std::size_t{head[10]} << 16 | std::size_t{head[11]} << 24;
  if (length > longest_header) bad(input, 8, "header of " + std::to_string(length) + " bytes", "1 MiB at most");
  std::string text(length, '\0');
  if (input.read_at(start, text) != length) {
    bad(input, input.size, "header is cut off", std::to_string(start + length) + " bytes");
  }
  NpyHeader h = Dictionary(input, text, start).read();
  h.data_offset = start + length;
  bool has_zero = false;
  for (const std::uint64_t extent : h.shape) has_zero = has_zero || extent == 0;
  for (const std::uint64_t extent : h.shape) {
    if (has_zero) break;
    if (extent > std::numeric_limits<std::int64_t>::max() / 16 / h.elements) {
      bad(input, start, "shape " + shape_text(h.shape), "an array that can exist");
    }
    h.elements *= extent;
  }
  if (has_zero) h.elements = 0;
  const std::uint64_t expected = h.data_offset + h.elements * h.type.size;
  if (input.size != expected) {
    bad(input, input.size < expected ? input.size : expected,
        input.size < expected ? "data are cut off" : "bytes after the data",
        std::to_string(expected) + " bytes for shape " + shape_text(h.shape) + " of " + to_text(h.type),
        std::to_string(input.size) + " bytes", "was the file still being written?");
  }
  return h;
}

std::string shape_text(const std::vector<std::uint64_t>& shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
  return text + (shape.size() == 1 ? ",)" : ")");
}

std::string index_text(const NpyHeader& header, std::uint64_t position) {
  const std::size_t n = header.shape.size();
  std::vector<std::uint64_t> index(n);
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t axis = header.fortran_order ? k : n - 1 - k;  // fastest axis first
    index[axis] = position % header.shape[axis];
    position /= header.shape[axis];
  }
  std::string text = "[";
  for (std::size_t k = 0; k < n; ++k) text += (k > 0 ? "," : "") + std::to_string(index[k]);
  return text + "]";
}

}  // namespace assay
