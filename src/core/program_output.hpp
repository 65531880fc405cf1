// A program that answers a question: run to its end, its output kept. For programs of a study see core/child.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay {

struct ProgramOutput {
  static constexpr int not_started = 127;  ///< as a shell says it

  int status = 0;        ///< exit status, or 128 + signal
  std::string out, err;  ///< err holds the reason where it could not be started
};

/// Looks the first word up on the PATH, gives it `input` on standard input and waits. All three streams are
/// files in memory: both sides may take their time, no pipe can fill up. EnvironmentError when there is no
/// memory for them. `limit_seconds`: a program that has not ended by then is killed, and err says so; 0: none.
ProgramOutput output_of(std::vector<std::string> words, std::string_view input = {},
                        double limit_seconds = 0.0);

}  // namespace assay
