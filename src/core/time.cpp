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

std::string now_rfc3339() {
  if (const char* fixed = std::getenv("SOURCE_DATE_EPOCH"))
    if (const auto seconds = parse_int64(fixed)) return rfc3339(*seconds);
  return rfc3339(std::time(nullptr));
}

}  // namespace assay
