// Which reader a file gets, and which files of a folder are documents.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "claims/document.hpp"

namespace assay::claims {

// By the ending of the name; what is none of them is read as plain text.
Document read_document(std::string name, std::string source);

// Files are taken as they are. Folders are searched for documents; hidden folders and those of other people's
// code (node_modules, vendor, third_party, build outputs) are left out, symbolic links are not followed.
// Sorted, each once. Throws UserError for a path that does not exist.
std::vector<std::filesystem::path> collect_documents(const std::vector<std::string>& paths);

}  // namespace assay::claims
