// JSON as this project writes and reads it: objects keep the order of their keys, numbers read back to the same
// bits, and a text has one layout, so that equal documents are equal bytes.
// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

using Json = nlohmann::ordered_json;

/// Deterministic text without a final newline. Layout for indent > 0: the outermost object or array is broken
/// over lines; an array of scalars stays on one line however long; an array with an object in it has one
/// element a line; anything else is on one line if that fits into 100 columns, or 200 for an element of an
/// array (a row). indent == 0: all on one line, with spaces after ',' and ':'. Doubles as in core/number.hpp;
/// NaN and infinities become the strings "nan", "inf", "-inf". Bytes in strings that are not UTF-8 are written
/// as U+FFFD: the text is valid JSON whatever the host was called.
std::string to_text(const Json& value, int indent = 2);

/// The text that digests are taken of: keys sorted by their bytes, no spaces, the same numbers.
std::string canonical_text(const Json& value);

/// Complex numbers are [re, im].
Json complex_json(std::complex<double> value);

/// A double, or what stands for one: "nan", "inf", "-inf". Throws UserError naming `what` for anything else.
double number_of(const Json& value, std::string_view what);

/// Strict RFC 8259: duplicate keys, invalid UTF-8, lone surrogates, numbers that overflow a double, nesting
/// deeper than 256, a byte order mark and anything after the value are errors: UserError with
/// source:line:column. An integer that does not fit 64 bits is read as a double, and "-0" as -0.0. `source` is
/// the file's name as the user knows it.
Json parse_json(std::string_view text, std::string_view source);

/// Writes a document piece by piece in the layout of to_text, so that the parts need never be in memory
/// together: what it wrote equals to_text of the whole. Text goes to the sink in pieces of about 64 KiB.
class JsonStream {
 public:
  using Sink = std::function<void(std::string_view)>;
  explicit JsonStream(Sink sink, int indent = 2);

  /// Containers opened here are always broken over lines, as arrays of objects and the outermost value are. So
  /// open only the outermost object and arrays that hold objects, or the layout will not be that of to_text.
  void begin_object();
  void begin_array();
  void end();
  void key(std::string_view name);  // in an object, before its value or container
  void value(const Json& value);
  void member(std::string_view name, const Json& value);
  void flush();   ///< what is complete so far to the sink; a comma is written with what follows it
  void finish();  // final newline, and everything to the sink; the value must be complete

 private:
  struct Level {
    char close;
    bool empty;
  };
  void separate();
  void newline();
  void flush_if_full();

  Sink sink_;
  int indent_;
  std::string buffer_;
  std::vector<Level> levels_;
  std::size_t column_ = 0;
  bool after_key_ = false;
};

}  // namespace assay
