// Where an observable of a command comes from: a pattern in its output, a value in a JSON or CSV document or a
// NumPy array, the kernel's account of the process. A value that is missing or cannot be read is an error that
// shows the text that was there.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/config.hpp"
#include "core/json.hpp"
#include "plan/task.hpp"
#include "workload/command/attempt.hpp"
#include "workload/command/fields.hpp"

namespace re2 {
class RE2;
}

namespace assay::workload::command {

enum class ProbeKind {
  regex,      ///< RE2; its first group, or the whole match
  json,       ///< JSON pointer
  csv,        ///< a column by name, a row by number
  npy,        ///< an element of a NumPy array file, or all of them
  last_line,  ///< the last line that is not blank: a number if it is one, else text
  output,     ///< all of it, without the line end at its end
  exit_code,
  wall,         ///< seconds
  cpu,          ///< seconds, user and system
  peak_memory,  ///< bytes
};
enum class Take { first, last, all };
enum class ValueType { real, integer, text };
enum class Stream { out, err, file };

struct Probe {
  std::string name;
  std::string unit = "1";
  std::string tolerance = "bitwise";
  std::string doc;
  ProbeKind kind = ProbeKind::last_line;
  std::string what;  ///< pattern, pointer, column or file
  Take take = Take::last;
  long row = -1;                    ///< of a CSV document, from 0; negative: from the end
  std::vector<std::int64_t> index;  ///< of an element of an array file, a number for each dimension
  ValueType type = ValueType::real;
  Stream stream = Stream::out;
  FieldText file;
  std::shared_ptr<const re2::RE2> pattern;

  [[nodiscard]] bool is_array() const { return take == Take::all; }
  /// Of the kernel's account: another run gives another value.
  [[nodiscard]] bool is_measured() const {
    return kind == ProbeKind::wall || kind == ProbeKind::cpu || kind == ProbeKind::peak_memory;
  }
  [[nodiscard]] bool reads_text() const { return kind <= ProbeKind::output; }
};

/// The tables [observables.NAME]; without any, one that takes the last line of the output.
std::vector<Probe> read_probes(Config& config, const FieldNames& names, const FieldValues& samples);
/// The same as they stand in a resolved config.
Json probes_json(const std::vector<Probe>& probes);

/// What a probe looks at: a text of which the middle may be missing.
struct Source {
  std::string_view head, tail;  ///< equal when whole
  bool whole = true;
  std::string_view name;  ///< "stdout", for messages
};

/// The value of a probe that reads a text. Throws WorkloadError that shows the text.
plan::ObservableValue read_value(const Probe& probe, const Source& source);
/// The value of a probe that reads the account of the process.
plan::ObservableValue measured_value(const Probe& probe, const AttemptResult& result);

/// The last lines of a text in quotes, cut to a few hundred bytes, for messages.
std::string excerpt(std::string_view text);

}  // namespace assay::workload::command
