// The value of a claim from a history of assay bench (an SQLite file): what the latest run of an arm said, or
// how the runs of a period went. So a page quotes the newest measurement without anybody naming its report.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "claims/binding/evidence.hpp"

namespace assay::claims {

// By default the latest run: its median in seconds, with the interval of that median and the number of samples.
// With `against`, how many times as fast as that arm of the same report, pair by pair. quote = "median", "mean"
// or "count" is taken over all runs that the query selects. Runs of several classes of host are never mixed:
// then the query has to name one. Nothing, with a sentence in `why`, where no single answer follows.
std::optional<Measured> measure_history(const std::filesystem::path& file, const HistorySpec& query,
                                        const std::string& quote, std::string& why);

}  // namespace assay::claims
