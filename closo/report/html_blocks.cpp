#include <algorithm>
#include <cmath>

#include "closo/base/number.hpp"
#include "closo/report/detail/html_blocks.hpp"
#include "closo/report/detail/html_text.hpp"
#include "closo/report/detail/value_text.hpp"
#include "closo/report/png.hpp"
#include "closo/report/render.hpp"

namespace closo::report::detail {
namespace {

constexpr int half_page = 660;  // wider figures have a row of their own [px]

std::string percent(double share) { return base::format_number(100.0 * share, 5) + "%"; }

std::string colour_bar_html(const ColourBar& bar) {
  std::string html = "<div class=\"colour-bar\"><span>" + escape_html(bar.title) +
                     "</span><div style=\"background:linear-gradient(to right";
  for (const Colour& colour : bar.colours) html += "," + to_hex(colour);
  html += ")\"></div><ol>";
  for (const ColourBar::Tick& tick : bar.ticks)
    html += "<li style=\"left:" + percent(tick.place) + "\">" + escape_html(tick.text) + "</li>";
  return html + "</ol></div>\n";
}

std::string badge_html(Outcome outcome) {
  const std::string word(to_string(outcome));
  const std::string sign = outcome == Outcome::pass ? "✓" : outcome == Outcome::fail ? "✗" : "?";
  return "<span class=\"badge " + word + "\"><span aria-hidden=\"true\">" + sign + "</span> " + word + "</span>";
}

std::string hover_text(const Value& value) {
  std::string text;
  const auto add = [&text](const std::string& line) {
    if (!text.empty()) text += '\n';
    text += line;
  };
  if (!value.kind.empty()) add(value.kind);
  if (!value.source.empty()) add(value.source);
  if (is_known(value) && value.uncertainty && std::isfinite(*value.uncertainty)) {
    add("standard uncertainty " + base::format_number(*value.uncertainty, 2) +
        (value.unit.empty() ? "" : " " + value.unit));
  }
  if (!value.note.empty()) add("note: " + value.note);
  return text;
}

// Only known kinds become class names.
std::string kind_class(const std::string& kind) {
  for (const char* known : {"measured", "computed", "estimated", "summary", "target", "setting"}) {
    if (kind == known) return " " + kind;
  }
  return {};
}

// The finding with the numbers it quotes made hoverable, then the other numbers.
std::string finding_html(const Verdict& verdict, Notes& notes) {
  struct Quote {
    std::size_t at, length;
    const Value* value;
  };
  std::vector<Quote> quotes;
  for (const Value& value : verdict.values) {
    const std::string text = to_text(value);
    const std::size_t at = find_number(verdict.finding, text);
    const bool overlaps = std::ranges::any_of(
        quotes, [&](const Quote& other) { return at < other.at + other.length && other.at < at + text.size(); });
    if (at != std::string::npos && !overlaps) quotes.push_back({.at = at, .length = text.size(), .value = &value});
  }
  std::ranges::sort(quotes, {}, &Quote::at);
  std::string html;
  std::size_t done = 0;
  for (const Quote& quote : quotes) {
    html += escape_html(verdict.finding.substr(done, quote.at - done));
    html += value_html(*quote.value, to_text(*quote.value), notes);
    done = quote.at + quote.length;
  }
  html += escape_html(verdict.finding.substr(done));
  for (const Value* value : unquoted_values(verdict)) {
    if (!html.empty()) html += " · ";
    html += value_html(*value, to_text(*value), notes);
  }
  return html;
}

std::string sort_key(const Cell& cell) {
  const auto* value = std::get_if<Value>(&cell);
  if (value == nullptr) return {};
  const auto number = value->value ? value->value : value->value_hi;
  return " data-sort=\"" + (number && std::isfinite(*number) ? base::format_exact(*number) : std::string()) + "\"";
}

}  // namespace

std::string Notes::mark(const std::string& note) {
  if (note.empty()) return {};
  auto found = std::ranges::find(notes_, note);
  if (found == notes_.end()) found = notes_.insert(notes_.end(), note);
  return "<sup class=\"mark\">" + std::to_string(found - notes_.begin() + 1) + "</sup>";
}

std::string Notes::list() const {
  if (notes_.empty()) return {};
  std::string html = "<ol class=\"notes\">";
  for (const std::string& note : notes_) html += "<li>" + escape_html_with_links(note) + "</li>";
  return html + "</ol>\n";
}

std::string value_html(const Value& value, const std::string& text, Notes& notes) {
  const std::string hover = hover_text(value);
  std::string html = "<span class=\"value" + kind_class(value.kind) + (is_known(value) ? "" : " missing") + "\"";
  if (!hover.empty()) html += " tabindex=\"0\" title=\"" + escape_html(hover) + "\"";
  return html + ">" + escape_html(text) + "</span>" + notes.mark(value.note);
}

std::string verdicts_html(const std::vector<Verdict>& verdicts) {
  Notes notes;
  std::string counts;
  for (const Outcome outcome : {Outcome::pass, Outcome::fail, Outcome::unknown}) {
    const auto n = std::ranges::count(verdicts, outcome, &Verdict::outcome);
    if (n > 0) counts += (counts.empty() ? "" : " · ") + std::to_string(n) + " " + std::string(to_string(outcome));
  }
  std::string html = "<section id=\"verdicts\"><h2>Verdict <small>" + counts +
                     "</small></h2>\n<table class=\"verdicts\">\n<thead><tr>" +
                     "<th scope=\"col\">criterion</th><th scope=\"col\">finding</th><th scope=\"col\">target</th>" +
                     "<th scope=\"col\">verdict</th></tr></thead>\n<tbody>\n";
  for (const Verdict& verdict : verdicts) {
    html += "<tr class=\"" + std::string(to_string(verdict.outcome)) + "\"><th scope=\"row\">" +
            escape_html(verdict.criterion) + "</th><td>" + finding_html(verdict, notes);
    if (!verdict.reason.empty()) html += "<p class=\"reason\">" + escape_html(verdict.reason) + "</p>";
    if (!verdict.source.empty()) html += "<p class=\"source\">" + escape_html_with_links(verdict.source) + "</p>";
    html += "</td><td>" + escape_html(verdict.target) + "</td><td>" + badge_html(verdict.outcome);
    if (verdict.probability && std::isfinite(*verdict.probability)) {
      html += "<p class=\"reason\">" +
              base::format_number(std::round(std::clamp(*verdict.probability, 0.0, 1.0) * 100.0), 3) + " % likely</p>";
    }
    html += "</td></tr>\n";
  }
  return html + "</tbody></table>\n" + notes.list() + "</section>\n";
}

std::string table_html(const Table& table) {
  Notes notes;
  const std::string id = escape_html(table.id);
  const std::string name = escape_html(table.title.empty() ? table.id : table.title);
  std::string html = "<div class=\"table\" id=\"table-" + id + "\"><div class=\"table-head\"><h3>" + name +
                     "</h3><a class=\"csv\" download=\"" + id + ".csv\" href=\"data:text/csv;charset=utf-8," +
                     percent_encode(render_csv(table)) + "\" aria-label=\"" + name +
                     " as CSV\">CSV</a></div>\n<div class=\"frame\" tabindex=\"0\" role=\"region\" aria-label=\"" +
                     name + "\"><table class=\"data\"><thead><tr>";
  std::vector<bool> numbers;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    numbers.push_back(is_number_column(table, c));
    html += std::string("<th scope=\"col\"") + (numbers[c] ? " class=\"number\"" : "") +
            " aria-sort=\"none\"><button type=\"button\">" + escape_html(table.columns[c].title) + "</button></th>";
  }
  html += "</tr></thead>\n<tbody>\n";
  for (const auto& row : table.rows) {
    html += "<tr>";
    for (std::size_t c = 0; c < row.size(); ++c) {
      html += std::string("<td") + (numbers[c] ? " class=\"number\"" : "") + sort_key(row[c]) + ">";
      const std::string text = cell_text(row[c], table.columns[c]);
      const auto* value = std::get_if<Value>(&row[c]);
      html += value != nullptr ? value_html(*value, text, notes) : escape_html_with_links(text);
      html += "</td>";
    }
    html += "</tr>\n";
  }
  html += "</tbody></table></div>\n" + notes.list();
  if (!table.caption.empty()) html += "<p class=\"caption\">" + escape_html_with_links(table.caption) + "</p>\n";
  return html + "</div>\n";
}

std::string key_values_html(const KeyValues& block) {
  Notes notes;
  std::string html = "<dl class=\"pairs\">\n";
  for (const auto& item : block.items) {
    html += "<div><dt>" + escape_html(item.first) + "</dt><dd>";
    if (const auto* value = std::get_if<Value>(&item.second)) {
      html += value_html(*value, to_text(*value), notes);
      if (!value->kind.empty()) html += " <span class=\"kind\">" + escape_html(value->kind) + "</span>";
    } else {
      html += escape_html_with_links(to_text(item.second));
    }
    html += "</dd></div>\n";
  }
  return html + "</dl>\n" + notes.list();
}

std::string figure_html(const Figure& figure) {
  const std::string id = escape_html(figure.id);
  std::string html = "<figure class=\"figure" + std::string(figure.width > half_page ? " wide" : "") +
                     "\" id=\"figure-" + id + "\" style=\"--wide:" + std::to_string(std::max(figure.width, 1)) +
                     "px\"><h3>" + escape_html(figure.title) + "</h3>\n";
  if (figure.layers.empty()) {
    html += "<p class=\"caption\">No data to draw.</p>\n";
  } else {
    html += "<div class=\"plot\" data-figure=\"" + id +
            "\"><noscript>This figure needs JavaScript; its numbers stand in the tables.</noscript></div>\n";
  }
  if (!figure.caption.empty()) html += "<figcaption>" + escape_html_with_links(figure.caption) + "</figcaption>\n";
  return html + "</figure>\n";
}

std::string picture_html(const Picture& picture) {
  const std::string width = std::to_string(picture.width);
  std::string html = "<figure class=\"figure picture" + std::string(picture.width > half_page ? " wide" : "") +
                     "\" id=\"picture-" + escape_html(picture.id) + "\" style=\"--wide:" + width + "px\"><h3>" +
                     escape_html(picture.title) + "</h3>\n<div class=\"sheet\"><img width=\"" + width + "\" height=\"" +
                     std::to_string(picture.height) + "\" alt=\"" + escape_html(alternative_text(picture)) +
                     "\" src=\"data:image/png;base64," + base64(png(picture)) + "\">\n";
  if (picture.scale_bar) {
    html += "<div class=\"scale-bar\"><span style=\"width:" +
            percent(picture.scale_bar->pixels / static_cast<double>(picture.width)) + "\"></span>" +
            escape_html(picture.scale_bar->text) + "</div>\n";
  }
  if (picture.colour_bar) html += colour_bar_html(*picture.colour_bar);
  if (!picture.legend.empty()) {
    html += "<ul class=\"swatches\">";
    for (const LegendEntry& entry : picture.legend) {
      html += "<li><span style=\"background:" + to_hex(entry.colour) + "\"></span>" + escape_html(entry.name) + "</li>";
    }
    html += "</ul>\n";
  }
  html += "</div>\n";
  if (!picture.caption.empty()) html += "<figcaption>" + escape_html_with_links(picture.caption) + "</figcaption>\n";
  return html + "</figure>\n";
}

std::map<std::string, int> sources_of(const Report& report) {
  std::map<std::string, int> sources;
  const auto add = [&sources](const Cell& cell) {
    const auto* value = std::get_if<Value>(&cell);
    if (value != nullptr && !value->source.empty()) ++sources[value->source];
  };
  for (const Verdict& verdict : report.verdicts) {
    for (const Value& value : verdict.values) add(value);
  }
  for (const Section& section : report.sections) {
    for (const Block& block : section.blocks) {
      if (const auto* items = std::get_if<KeyValues>(&block)) {
        for (const auto& item : items->items) add(item.second);
      } else if (const auto* table = std::get_if<Table>(&block)) {
        for (const auto& row : table->rows) {
          for (const Cell& cell : row) add(cell);
        }
      }
    }
  }
  return sources;
}

}  // namespace closo::report::detail
