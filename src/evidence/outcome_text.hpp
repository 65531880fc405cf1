// An outcome as one line of text and back, without loss: the journal's record. Unlike the artifact's form it
// keeps apart a complex number from an array of two, and the text "nan" from a NaN.
// SPDX-License-Identifier: MIT
//
//   ok BkSYw0a8OZcSpD3_ process 0.000912 0.000512 3456 1 {"gamma":0.0323}
//   failed - tbb 0.002 0.0 0 1 [{"m":"no convergence"},{"gamma":{"c":[0.5,"nan"]}}]
//
// Status, identity, engine, wall and CPU seconds, peak KiB, tries; "-" for a name that is not there. Then the
// observables, or a list of what few have (message, tier, host, worker, whose duplicate) and the observables.
#pragma once

#include <string>
#include <string_view>

#include "core/json.hpp"
#include "plan/task.hpp"

namespace assay::evidence {

/// Appends one line without a newline; about 60 bytes besides names, values and the message.
void append_outcome(std::string& out, const plan::Outcome& outcome);

/// One value as it stands there.
void append_value(std::string& out, const plan::ObservableValue& value);

/// The inverse, bit for bit but for the payload of NaNs. UserError when the text is none.
plan::Outcome parse_outcome(std::string_view text, std::string_view source);

/// The status in a text that append_outcome wrote, without parsing the rest; skipped when there is none.
plan::Status status_in_outcome(std::string_view text);

/// The identity in such a text; empty when there is none.
std::string_view identity_in_outcome(std::string_view text);

/// An observable's value in the machine form: a number, [re, im], an array of either, or text.
Json value_json(const plan::ObservableValue& value);

/// A coordinate's value in the machine form.
Json value_json(const Value& value);

}  // namespace assay::evidence
