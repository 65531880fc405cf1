// Walking a document along a pointer.
// SPDX-License-Identifier: MIT
#include "claims/binding/pointer.hpp"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "claims/binding/table_data.hpp"

namespace assay::claims {
namespace {

std::string unescaped(std::string_view segment) {
  std::string out;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    if (segment[i] == '~' && i + 1 < segment.size() && (segment[i + 1] == '0' || segment[i + 1] == '1'))
      out += segment[++i] == '0' ? '~' : '/';
    else
      out += segment[i];
  }
  return out;
}

TableData::Where conditions(std::string_view inside) {
  TableData::Where out;
  while (!inside.empty()) {
    const auto comma = std::min(inside.find(','), inside.size());
    const auto one = inside.substr(0, comma);
    const auto equals = std::min(one.find('='), one.size());
    out.emplace_back(std::string(one.substr(0, equals)),
                     std::string(one.substr(std::min(equals + 1, one.size()))));
    inside.remove_prefix(std::min(comma + 1, inside.size()));
  }
  return out;
}

std::optional<std::size_t> element(const Json& array, std::string_view segment, std::string& why) {
  if (segment.starts_with('[') && segment.ends_with(']')) {
    const auto found = json_table(array)->find(conditions(segment.substr(1, segment.size() - 2)));
    if (found.size() == 1) return found[0];
    why = fmt::format("{} elements fit \"{}\", one must", found.size(), segment);
    return std::nullopt;
  }
  std::size_t index = 0;
  const auto result = std::from_chars(segment.data(), segment.data() + segment.size(), index);
  const bool whole = result.ec == std::errc{} && result.ptr == segment.data() + segment.size();
  if (whole && index < array.size()) return index;
  why = fmt::format("an array of {} elements has no element \"{}\"", array.size(), segment);
  return std::nullopt;
}

const Json* walk(const Json& document, std::string_view pointer, std::string& why, std::string& plain) {
  const Json* at = &document;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    auto end = pointer.find('/');
    if (pointer.starts_with('['))  // a value inside a selector may hold a '/'
      if (const auto close = pointer.find(']'); close != std::string_view::npos) end = pointer.find('/', close);
    end = std::min(end, pointer.size());
    const auto segment = unescaped(pointer.substr(0, end));
    if (at->is_array()) {
      const auto index = element(*at, segment, why);
      if (!index) return nullptr;
      at = &(*at)[*index];
      plain += "/" + std::to_string(*index);
    } else if (at->is_object() && at->contains(segment)) {
      at = &(*at)[segment];
      plain += "/" + std::string(pointer.substr(0, end));
    } else {
      why = fmt::format("there is no member \"{}\"", segment);
      return nullptr;
    }
    pointer.remove_prefix(end);
  }
  return at;
}

}  // namespace

const Json* resolve(const Json& document, std::string_view pointer, std::string& why) {
  std::string unused;
  return walk(document, pointer, why, unused);
}

std::string plain_pointer(const Json& document, std::string_view pointer) {
  std::string unused, plain;
  walk(document, pointer, unused, plain);
  return plain;
}

}  // namespace assay::claims
