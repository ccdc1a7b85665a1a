#include <algorithm>
#include <string>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/base/installation.hpp"
#include "closo/report/detail/check.hpp"
#include "closo/report/detail/html_blocks.hpp"
#include "closo/report/detail/html_text.hpp"
#include "closo/report/detail/json.hpp"
#include "closo/report/detail/sha256.hpp"
#include "closo/report/render.hpp"

namespace closo::report {
namespace {

using detail::escape_html;
using detail::escape_html_with_links;

std::string read_asset(const std::filesystem::path& assets, const char* name) {
  const std::filesystem::path path = assets / name;
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    throw base::InputError({.file = path.string()}, std::string("the report page needs ") + name + ", which is missing",
                           "the folder share/closo/report of an installation or a build with npm");
  }
  return detail::escape_for_inlining(base::read_text_file(path));
}

bool is_table(const Block& block) { return std::holds_alternative<Table>(block); }

// Figures and words in their order, neighbouring figures side by side; tables below.
std::string blocks_html(const Section& section) {
  std::string html;
  bool in_figures = false;
  const auto close_figures = [&] {
    if (in_figures) html += "</div>\n";
    in_figures = false;
  };
  for (const Block& block : section.blocks) {
    const auto* figure = std::get_if<Figure>(&block);
    const auto* picture = std::get_if<Picture>(&block);
    if (figure != nullptr || picture != nullptr) {
      if (!in_figures) html += "<div class=\"figures\">\n";
      in_figures = true;
      html += figure != nullptr ? detail::figure_html(*figure) : detail::picture_html(*picture);
      continue;
    }
    if (is_table(block)) continue;
    close_figures();
    if (const auto* items = std::get_if<KeyValues>(&block)) {
      html += detail::key_values_html(*items);
    } else {
      html += "<p>" + escape_html_with_links(std::get<Paragraph>(block).text) + "</p>\n";
    }
  }
  close_figures();
  for (const Block& block : section.blocks) {
    if (is_table(block)) html += detail::table_html(std::get<Table>(block));
  }
  return html;
}

std::string section_html(const Section& section) {
  const std::string id = "section-" + escape_html(section.id);
  const std::string title = escape_html(section.title);
  if (section.folded) {
    return "<details id=\"" + id + "\"><summary><h2>" + title + "</h2></summary>\n" + blocks_html(section) +
           "</details>\n";
  }
  return "<section id=\"" + id + "\"><h2>" + title + "</h2>\n" + blocks_html(section) + "</section>\n";
}

std::string remarks_html(const char* name, const char* title, const std::vector<std::string>& texts) {
  if (texts.empty()) return {};
  std::string html =
      std::string("<aside class=\"") + name + "\" aria-label=\"" + title + "\"><h2>" + title + "</h2><ul>\n";
  for (const std::string& text : texts) html += "<li>" + escape_html_with_links(text) + "</li>\n";
  return html + "</ul></aside>\n";
}

std::string contents_html(const Report& report) {
  if (report.sections.size() < 3) return {};
  std::string html = "<nav aria-label=\"Contents\"><ul>\n";
  for (const Section& section : report.sections) {
    html += "<li><a href=\"#section-" + detail::percent_encode(section.id) + "\">" + escape_html(section.title) +
            "</a></li>\n";
  }
  return html + "</ul></nav>\n";
}

std::string sources_html(const Report& report) {
  const auto sources = detail::sources_of(report);
  if (sources.empty()) return {};
  std::string html = "<details id=\"sources\"><summary><h2>Sources of the numbers</h2></summary><ul>\n";
  for (const auto& entry : sources) {
    html += "<li>" + escape_html_with_links(entry.first) + " <small>" + std::to_string(entry.second) +
            (entry.second == 1 ? " number" : " numbers") + "</small></li>\n";
  }
  return html + "</ul></details>\n";
}

std::string provenance_html(const Report& report) {
  if (report.provenance.empty()) return {};
  std::string html =
      "<details id=\"provenance\"><summary><h2>How this report was made</h2></summary><dl class=\"pairs\">\n";
  for (const auto& item : report.provenance) {
    html += "<div><dt>" + escape_html(item.first) + "</dt><dd>" + escape_html_with_links(item.second) + "</dd></div>\n";
  }
  return html + "</dl></details>\n";
}

constexpr const char* reading_html =
    "<footer><p>Numbers: point at one or step to it with the tab key for its kind, source and uncertainty; "
    "<span class=\"value measured\">measured</span>, <span class=\"value computed\">computed</span>, "
    "<span class=\"value estimated\">estimated</span>. 0.42(1) means 0.42 with a standard uncertainty of 0.01.</p>"
    "<p class=\"screen\">Figures: drag to move, Ctrl and wheel to zoom, double click to reset, click a legend entry to "
    "single out a series; "
    "the menu at the corner saves SVG or PNG. Tables: click a column title to sort.</p></footer>\n";

}  // namespace

std::string render_html(const Report& report, const std::filesystem::path& assets) {
  const std::string json = detail::escape_json_for_script(detail::dump(detail::report_json(report), -1));
  const std::string style = read_asset(assets, "report.css");
  const std::string bundle = read_asset(assets, "vega-bundle.js");
  const std::string script = read_asset(assets, "report.js");
  const std::string version(base::version());

  std::string html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  // Only the two scripts of this page may run, and nothing may be fetched from anywhere.
  html += "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'sha256-" +
          detail::sha256_base64(bundle) + "' 'sha256-" + detail::sha256_base64(script) +
          "'; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'\">\n";
  html +=
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"generator\" "
      "content=\"closo " +
      version + "\">\n<title>" + escape_html(report.title) + "</title>\n<style>" + style +
      "</style>\n</head>\n<body>\n";
  html += "<header><p class=\"brand\">closo " + version +
          (report.task.empty() ? "" : " · " + escape_html(report.task)) + "</p><h1>" + escape_html(report.title) +
          "</h1>";
  if (!report.subtitle.empty()) html += "<p class=\"subtitle\">" + escape_html(report.subtitle) + "</p>";
  html += "</header>\n<main>\n";
  if (!report.verdicts.empty()) html += detail::verdicts_html(report.verdicts);
  html += remarks_html("doubts", "Doubts", report.doubts);
  html += remarks_html("warnings", "Warnings", report.warnings);
  html += contents_html(report);
  for (const bool folded : {false, true}) {
    for (const Section& section : report.sections) {
      if (section.folded == folded) html += section_html(section);
    }
  }
  html += sources_html(report) + provenance_html(report) + "</main>\n" + reading_html;
  html += "<script type=\"application/json\" id=\"closo-report\">" + json + "</script>\n<script>" + bundle +
          "</script>\n<script>" + script + "</script>\n</body>\n</html>\n";
  return html;
}

}  // namespace closo::report
