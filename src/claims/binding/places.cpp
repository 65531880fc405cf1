// Places, edits, fingerprints.
// SPDX-License-Identifier: MIT
#include "claims/binding/places.hpp"

#include <cctype>

#include "core/sha256.hpp"

namespace assay::claims {

report::Place Places::of_source(std::uint32_t begin, std::uint32_t end) const {
  const auto first = lines_.at(begin), last = lines_.at(end > begin ? end - 1 : begin);
  return {document_.name, first.line, first.column, last.line, last.column + 1};
}

report::Place Places::of(TextRange text) const {
  if (text.empty()) return of_source(document_.source_offset(text.begin), document_.source_offset(text.begin));
  return of_source(document_.source_offset(text.begin), document_.source_offset(text.end - 1) + 1);
}

std::optional<report::Edit> Places::edit(TextRange text, std::string_view replacement) const {
  const auto begin = document_.source_offset(text.begin);
  const auto words = document_.view(text);
  if (std::string_view(document_.source).substr(begin, words.size()) != words) return std::nullopt;
  if (document_.source_offset(text.end - 1) + 1 - begin != words.size()) return std::nullopt;
  report::Edit edit;
  edit.offset = begin;
  edit.length = static_cast<std::uint32_t>(words.size());
  edit.text = replacement;
  edit.place = of(text);
  return edit;
}

std::string fingerprint(std::string_view rule, std::string_view words, std::string_view file,
                        std::size_t occurrence) {
  std::string plain;
  for (const char c : words) {
    const bool gap =
        std::isspace(static_cast<unsigned char>(c)) || c == Document::cell_break || c == Document::hard_break;
    if (!gap)
      plain += c;
    else if (!plain.empty() && plain.back() != ' ')
      plain += ' ';
  }
  Sha256 digest;
  for (const auto part : {rule, std::string_view(plain), file}) {
    digest.update(part);
    digest.update("\n");
  }
  digest.update(std::to_string(occurrence));
  return digest.hex();
}

}  // namespace assay::claims
