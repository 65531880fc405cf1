#include "core/time.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <ctime>

#include "core/number.hpp"

namespace assay {

std::string rfc3339(std::int64_t seconds_since_epoch) {
  const std::time_t seconds = seconds_since_epoch;
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec);
}

std::optional<double> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  double unit = 1.0;
  switch (text.back()) {
    case 's': break;
    case 'm': unit = 60.0; break;
    case 'h': unit = 3600.0; break;
    case 'd': unit = 86400.0; break;
    default: unit = 0.0;
  }
  const auto number = parse_double(unit > 0.0 ? text.substr(0, text.size() - 1) : text);
  if (!number || !(*number >= 0.0) || *number > 1e9) return std::nullopt;
  return *number * (unit > 0.0 ? unit : 1.0);
}

std::string now_rfc3339() {
  if (const char* fixed = std::getenv("SOURCE_DATE_EPOCH"))
    if (const auto seconds = parse_int64(fixed)) return rfc3339(*seconds);
  return rfc3339(std::time(nullptr));
}

}  // namespace assay
