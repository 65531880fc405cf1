// One layout for every document: see json.hpp. A container is first tried on one line and taken back when it
// does not fit; each trial stops at the line's end, so that the cost stays linear in the size of the text.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/json.hpp"
#include "core/json_layout.hpp"
#include "core/number.hpp"
#include "core/utf8.hpp"

namespace assay {

namespace json_layout {

namespace {

constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();

struct Style {
  std::string_view comma = ", ";
  std::string_view colon = ": ";
  bool sort_keys = false;
};

void append_scalar(std::string& out, const Json& value) {
  switch (value.type()) {
    case Json::value_t::null: out += "null"; break;
    case Json::value_t::boolean: out += value.get<bool>() ? "true" : "false"; break;
    case Json::value_t::number_integer: append_number(out, value.get<std::int64_t>()); break;
    case Json::value_t::number_unsigned: append_number(out, value.get<std::uint64_t>()); break;
    case Json::value_t::number_float: {
      const double number = value.get<double>();
      if (std::isfinite(number)) {
        append_number(out, number);
      } else {
        out += '"' + number_text(number) + '"';
      }
      break;
    }
    case Json::value_t::string: append_string(out, value.get_ref<const std::string&>()); break;
    default: out += "null"; break;  // binary and discarded values: parse_json never makes them
  }
}

std::vector<const Json::object_t::value_type*> members_of(const Json& object, bool sorted) {
  std::vector<const Json::object_t::value_type*> members;
  members.reserve(object.size());
  for (const auto& member : object.get_ref<const Json::object_t&>()) members.push_back(&member);
  if (sorted) std::sort(members.begin(), members.end(), [](auto* a, auto* b) { return a->first < b->first; });
  return members;
}

bool holds_object(const Json& array) {
  return std::any_of(array.begin(), array.end(), [](const Json& item) { return item.is_object(); });
}

bool all_scalars(const Json& array) {
  return std::all_of(array.begin(), array.end(), [](const Json& item) { return !item.is_structured(); });
}

// Appends on one line; false, with `out` in any state, as soon as out is longer than `limit` or a value must be
// broken.
bool append_inline(std::string& out, const Json& value, const Style& style, std::size_t limit) {
  if (value.is_object()) {
    out += '{';
    bool first = true;
    for (const auto* member : members_of(value, style.sort_keys)) {
      if (!first) out += style.comma;
      first = false;
      append_string(out, member->first);
      out += style.colon;
      if (!append_inline(out, member->second, style, limit)) return false;
    }
    out += '}';
  } else if (value.is_array()) {
    if (limit != kUnlimited && holds_object(value)) return false;
    out += '[';
    bool first = true;
    for (const auto& item : value) {
      if (!first) out += style.comma;
      first = false;
      if (!append_inline(out, item, style, limit)) return false;
    }
    out += ']';
  } else {
    append_scalar(out, value);
  }
  return out.size() <= limit;
}

void append_broken(std::string& out, const Json& value, int indent, std::size_t margin) {
  const auto inner = margin + static_cast<std::size_t>(indent);
  const bool object = value.is_object();
  out += object ? '{' : '[';
  bool first = true;
  const auto start_line = [&] {
    out += first ? "\n" : ",\n";
    first = false;
    out.append(inner, ' ');
  };
  if (object) {
    for (const auto& member : value.get_ref<const Json::object_t&>()) {
      start_line();
      const auto before = out.size();
      append_string(out, member.first);
      out += ": ";
      append_value(out, member.second, indent, inner, inner + out.size() - before, kMemberColumns);
    }
  } else {
    for (const auto& item : value) {
      start_line();
      append_value(out, item, indent, inner, inner, kElementColumns);
    }
  }
  out += '\n';
  out.append(margin, ' ');
  out += object ? '}' : ']';
}

}  // namespace

void append_string(std::string& out, std::string_view text) {
  static constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  std::size_t i = 0;
  while (i < text.size()) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c < 0x80) {
      if (c == '"' || c == '\\') out += '\\';
      out += text[i++];
    } else if (c >= 0x80) {
      const auto length = utf8_length(text.substr(i));
      if (length == 0) {
        out += "\xEF\xBF\xBD";
        ++i;
      } else {
        out += text.substr(i, length);
        i += length;
      }
    } else {
      switch (c) {
        case '\n': out += "\\n"; break;
        case '\t': out += "\\t"; break;
        case '\r': out += "\\r"; break;
        default:
          out += "\\u00";
          out += hex[c >> 4];
          out += hex[c & 15];
      }
      ++i;
    }
  }
  out += '"';
}

void append_value(std::string& out, const Json& value, int indent, std::size_t margin, std::size_t column,
                  std::size_t columns) {
  const auto start = out.size();
  if (!value.is_structured() || value.empty() || (value.is_array() && all_scalars(value))) {
    append_inline(out, value, {}, kUnlimited);
  } else {
    const auto room = columns > column ? columns - column : 0;
    if (append_inline(out, value, {}, start + room)) return;
    out.resize(start);
    append_broken(out, value, indent, margin);
  }
}

}  // namespace json_layout

std::string to_text(const Json& value, int indent) {
  std::string out;
  if (indent <= 0) {
    json_layout::append_inline(out, value, {}, json_layout::kUnlimited);
  } else {
    json_layout::append_value(out, value, indent, 0, 0, 0);  // no room: the outermost value is broken
  }
  return out;
}

std::string canonical_text(const Json& value) {
  std::string out;
  json_layout::append_inline(out, value, {",", ":", true}, json_layout::kUnlimited);
  return out;
}

Json complex_json(std::complex<double> value) {
  return Json::array({value.real(), value.imag()});
}

}  // namespace assay
