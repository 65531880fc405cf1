// The little HTML that a page needs, and values of documents as HTML. Whatever comes from a document is
// escaped.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/json.hpp"

namespace assay::page {

/// Text safe inside an element and inside a quoted attribute.
std::string escaped(std::string_view text);

/// A verdict, status or state as a coloured word: green for what holds, red for what does not, amber for the
/// rest.
std::string chip(std::string_view word);
enum class Tone { good, bad, open };
Tone tone_of(std::string_view word);

/// Closed until it is clicked; the summary is text.
std::string folded(std::string_view summary, const std::string& content);

/// Cells are HTML, the head is text.
struct Table {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
};
std::string to_html(const Table& table);

/// The array at `key`; an empty one where there is none, or no object.
const Json& list_at(const Json& object, const char* key);

/// A value as HTML: objects and arrays of objects become tables, long arrays are cut and say so.
std::string value_html(const Json& value);
/// A value in one line, for a cell; not HTML. Exact.
std::string value_text(const Json& value);
/// The same as HTML with six digits; the exact value shows when it is pointed at.
std::string rounded_html(const Json& value);

}  // namespace assay::page
