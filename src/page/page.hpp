// Documents of the machine form as one HTML page that needs nothing else: no script, no font, no picture is
// fetched. The page is a function of the documents alone, so that it can be compared byte for byte.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/json.hpp"

namespace assay::page {

struct Entry {
  std::string path;  ///< as a reader would look for it
  const Json* document = nullptr;
  std::string picture;                ///< SVG; empty: none
  std::vector<std::string> problems;  ///< why the document is not to be believed; shown before it
};

struct Page {
  std::string title;
  std::vector<Entry> entries;
};

/// How often each verdict, status or state occurs in a document, worst first.
std::vector<std::pair<std::string, std::size_t>> words_of(const Json& document);

std::string to_html(const Page& page);

/// Where a document stands in the page: the target of a link.
std::string anchor_of(std::size_t index);
/// Measurements with the gates, proofs and claims that they are tied to; empty where there are none.
std::string chains(const Page& page);

/// The parts of one document below its heading.
std::string body_of(const Entry& entry);

std::string_view style_sheet();

}  // namespace assay::page
