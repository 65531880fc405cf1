// What of an artifact must be equal in two runs, and the digests that say so.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/json.hpp"

namespace assay::evidence {

/// JSON pointers of what may differ between two runs of the same config: when, how fast, by which command
/// line and with how many threads. The only such list; whoever compares artifacts asks here. `schema` is
/// "assay/<kind>/v1": for kinds whose content is a measurement, measurements are not volatile.
std::vector<std::string> volatile_pointers(std::string_view schema);

/// The document without them.
Json strip_volatile(Json document);

/// Digest of what strip_volatile leaves, in canonical text, one member of the document a line, in the
/// document's order; the member content_sha256 itself is left out.
std::string content_sha256(const Json& document);

/// The last member, "sha256", is the digest of every byte of the file before the comma in front of it. This
/// computes it from a file's text; empty when there is no such member. Any changed byte before it shows,
/// volatile or not.
std::string text_sha256(std::string_view text);

/// Everything wrong with an artifact's two digests, as sentences; none when both hold.
std::vector<std::string> digest_errors(std::string_view text, const Json& document);

}  // namespace assay::evidence
