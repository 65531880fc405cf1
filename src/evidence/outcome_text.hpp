// An outcome as one line of text and back, without loss: the journal's record. Unlike the artifact's form it
// keeps apart a complex number from an array of two, and the text "nan" from a NaN.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "core/json.hpp"
#include "plan/task.hpp"

namespace assay::evidence {

/// Appends one line of JSON without a newline; about 60 bytes besides names, numbers and the message.
void append_outcome(std::string& out, const plan::Outcome& outcome);

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
