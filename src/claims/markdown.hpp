// Markdown (CommonMark with GitHub's tables, task lists, strikethrough and autolinks) into a Document, by md4c.
// md4c's text callbacks point into the source buffer, which gives exact positions; tests/unit/claims pins that.
// Any bytes are accepted. Cost: one pass of md4c plus one copy of the prose.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "claims/document.hpp"

namespace assay::claims {

class DocumentBuilder;

Document read_markdown(std::string name, std::string source);

// The Markdown in a part of document.source, appended to what the builder has (cells of notebooks).
void read_markdown_into(Document& document, DocumentBuilder& builder, std::string_view part);

// Raw HTML as found inside Markdown: text, alt texts, headings, list items and table rows; tags, comments,
// scripts and preformatted text are left out.
void read_html_into(DocumentBuilder& builder, std::string_view html);

// Decodes the entity ("&amp;", "&#215;", "&times;") to UTF-8; the text itself when it is unknown.
std::string decode_entity(std::string_view entity);

}  // namespace assay::claims
