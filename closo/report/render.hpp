/// A report as text, JSON, CSV, Vega-Lite and a self-contained HTML page.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "closo/report/report.hpp"

namespace closo::report {

struct TextOptions {
  bool colour = false;
  int width = 100;       ///< columns
  bool summary = false;  ///< one screen: verdicts and doubts only (when the report has verdicts)
};

/// Terminal text. Figures and pictures are named, not drawn; folded sections are left out.
/// All functions below throw InternalError for a report that breaks its promises: rows with too few cells, arrays of
/// unequal length, ids that are no safe file names or stand twice.
std::string render_text(const Report& report, const TextOptions& options = {});

/// Machine-readable report: schema "closo-report/1"; every Value is an object with value, unit, uncertainty, qualifier,
/// kind, source, note. NaN and infinity become null. Pictures name the file that write_report gives them.
std::string render_json(const Report& report);

/// RFC 4180; a Value takes one column in its unit, and further ones where any row needs them: "<key>_high",
/// "<key>_uncertainty", "<key>_qualifier", "<key>_unit" (rows in another unit than the first).
std::string render_csv(const Table& table);

/// Vega-Lite 5 specification of one figure (JSON text), complete with its data.
std::string vega_lite(const Figure& figure);

/// One page that works without a network: Vega, Vega-Lite and Vega-Embed are inlined from `assets`
/// (<data>/report/vega-bundle.js, made at build time from the npm lock file).
/// Throws: InputError when the assets are missing.
std::string render_html(const Report& report, const std::filesystem::path& assets);

/// Writes report.html, report.json, tables/<id>.csv, figures/<id>.vl.json and, for pictures, figures/<id>.png into
/// `directory`, each by temporary and rename; returns the paths, report.html first. Throws: InputError when the folder
/// cannot be written.
std::vector<std::filesystem::path> write_report(const Report& report, const std::filesystem::path& directory,
                                                const std::filesystem::path& assets);

}  // namespace closo::report
