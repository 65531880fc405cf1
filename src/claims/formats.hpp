// Readers of formats other than Markdown. Each is a line scanner: it knows enough of the format to leave out
// what is no prose (code, directives, mathematics, comments) and to see headings, lists and tables; positions
// are exact.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>

#include "claims/document.hpp"

namespace assay::claims {

// How the line scanners begin and end: a Reader fills the document that it is made with.
template <class Reader>
Document read_with(std::string name, std::string source) {
  Document document;
  document.name = std::move(name);
  document.source = std::move(source);
  Reader(document).read();
  return document;
}

Document read_plain_text(std::string name, std::string source);
Document read_restructured_text(std::string name, std::string source);
Document read_latex(std::string name, std::string source);

// The Markdown cells. Text with escapes (\n, \", \u00e9) stands in the source as JSON writes it; a position
// points to the byte of the escape.
Document read_notebook(std::string name, std::string source);

}  // namespace assay::claims
