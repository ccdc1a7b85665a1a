/// The promises a report makes to its renderers: equal array lengths, full rows, ids that are safe file names and
/// unique.
#pragma once

#include "closo/report/report.hpp"

namespace closo::report::detail {

/// Throws: base::InternalError when arrays of a layer differ in length or needed ones are missing.
void check(const Figure& figure);

/// Throws: base::InternalError when a row has not one cell per column, or column keys repeat.
void check(const Table& table);

/// All tables and figures, and that no two tables (or figures) share an id.
/// Throws: base::InternalError.
void check(const Report& report);

}  // namespace closo::report::detail
