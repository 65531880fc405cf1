// The tidy table of a folder's tasks: one row a task, in task order, whatever order they ended in.
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/json.hpp"
#include "run/folder_view.hpp"

namespace assay::run {

/// Index, coordinates, status, observables, attempts, wall and cpu seconds, peak memory, engine, host and
/// worker where they are known, seed, message.
Json task_row(const FolderView& view, std::size_t index);

enum class TableForm { csv, jsonl };
/// All rows, a piece at a time: memory does not grow with tasks. In CSV arrays are left out, as in the
/// artifact's.
void write_table(const FolderView& view, TableForm form, const std::function<void(std::string_view)>& sink);

}  // namespace assay::run
