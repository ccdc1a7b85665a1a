/// The section [cell] of a system file.
#pragma once

#include "closo/tasks/detail/toml_section.hpp"
#include "closo/tasks/system_file.hpp"

namespace closo::tasks::detail {

/// Throws: InputError with the place: unknown keys and marks (near names), wrong units, values outside of the schema's
/// range, a protocol that cannot be read.
CellEntry read_cell(TomlSection section);

}  // namespace closo::tasks::detail
