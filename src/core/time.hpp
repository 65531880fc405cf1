// Time of day for records: RFC 3339 in UTC.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assay {

/// "2026-11-21T13:58:00Z".
std::string rfc3339(std::int64_t seconds_since_epoch);

/// Now; or the time that SOURCE_DATE_EPOCH gives, so that a rebuilt document is the same document.
std::string now_rfc3339();

/// Seconds: "30", "1.5", "30s", "5m", "2h", "1d"; nothing for another text or a negative one.
std::optional<double> parse_duration(std::string_view text);

}  // namespace assay
