/// The promises a report makes to its renderers: equal array lengths, full rows, whole pictures, ids that are safe file
/// names and unique.
#pragma once

#include "closo/report/report.hpp"

namespace closo::report::detail {

/// Throws: base::InternalError when arrays of a layer differ in length or needed ones are missing.
void check(const Figure& figure);

/// Throws: base::InternalError when a row has not one cell per column, or column keys repeat.
void check(const Table& table);

/// Throws: base::InternalError when the bytes are not three a pixel, the scale bar is not inside, or a colour bar has
/// no two colours or a tick beyond its ends.
void check(const Picture& picture);

/// All tables, figures and pictures, and that no two tables, or figures and pictures, share an id.
/// Throws: base::InternalError.
void check(const Report& report);

}  // namespace closo::report::detail
