// The formats that are assertions here: RFC 3339 times, URIs, JSON pointers, regular expressions.
// SPDX-License-Identifier: MIT
#include <re2/re2.h>

#include <string>

#include "core/schema.hpp"
#include "core/schema_node.hpp"
#include "core/uri.hpp"

namespace assay {

namespace {

int days_in(int year, int month) {
  if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

bool is_date(const std::string& text) {
  static const re2::RE2 form(R"((\d{4})-(\d\d)-(\d\d))");
  int year = 0;
  int month = 0;
  int day = 0;
  if (!re2::RE2::FullMatch(text, form, &year, &month, &day)) return false;
  return month >= 1 && month <= 12 && day >= 1 && day <= days_in(year, month);
}

// A leap second is the last one of a day in UTC, wherever the clock on the wall stands.
bool is_time(const std::string& text) {
  static const re2::RE2 form(R"((\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d)))");
  int hour = 0;
  int minute = 0;
  int second = 0;
  std::string sign;
  std::string zone_hour;
  std::string zone_minute;
  if (!re2::RE2::FullMatch(text, form, &hour, &minute, &second, &sign, &zone_hour, &zone_minute)) return false;
  const int zone = sign.empty() ? 0 : std::stoi(zone_hour) * 60 + std::stoi(zone_minute);
  if (!sign.empty() && (std::stoi(zone_hour) > 23 || std::stoi(zone_minute) > 59)) return false;
  if (hour > 23 || minute > 59 || second > 60) return false;
  const int utc = (hour * 60 + minute + (sign == "-" ? zone : -zone) + 2 * 1440) % 1440;
  return second < 60 || utc == 1439;
}

bool is_date_time(const std::string& text) {
  if (text.size() < 11 || (text[10] != 'T' && text[10] != 't')) return false;
  return is_date(text.substr(0, 10)) && is_time(text.substr(11));
}

bool is_json_pointer(const std::string& text) {
  static const re2::RE2 form(R"((?s)(?:/(?:[^~/]|~[01])*)*)");
  return re2::RE2::FullMatch(text, form);
}

}  // namespace

bool has_format(std::string_view text, std::string_view format) {
  const std::string copy(text);
  if (format == "date-time") return is_date_time(copy);
  if (format == "date") return is_date(copy);
  if (format == "time") return is_time(copy);
  if (format == "uri") return is_uri(text);
  if (format == "uri-reference") return is_uri_reference(text);
  if (format == "json-pointer") return is_json_pointer(copy);
  if (format == "regex") return schema_detail::compiled_pattern(copy) != nullptr;
  return true;
}

}  // namespace assay
