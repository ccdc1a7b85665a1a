/// Reports and figures as JSON documents; members keep their order.
#pragma once

#include <nlohmann/json.hpp>

#include "closo/report/report.hpp"

namespace closo::report::detail {

using Json = nlohmann::ordered_json;

/// NaN and infinity become null.
Json number_json(double number);

/// Text of a document, bad UTF-8 replaced by U+FFFD.
std::string dump(const Json& document, int indent);

/// Schema "closo-report/1". Throws: base::InternalError as check().
Json report_json(const Report& report);

/// Vega-Lite 5. Throws: base::InternalError as check().
Json figure_json(const Figure& figure);

}  // namespace closo::report::detail
