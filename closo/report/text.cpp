#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "closo/base/installation.hpp"
#include "closo/report/detail/check.hpp"
#include "closo/report/detail/text_layout.hpp"
#include "closo/report/detail/value_text.hpp"
#include "closo/report/render.hpp"

namespace closo::report {
namespace {

using detail::display_width;
using detail::pad_left;
using detail::pad_right;
using detail::printable;
using detail::wrap;

constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view dim = "\x1b[2m";
constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view green = "\x1b[32m";
constexpr std::string_view yellow = "\x1b[33m";

constexpr std::size_t gap = 2;  // blanks between columns
const std::string indent(2, ' ');

std::string_view outcome_colour(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return green;
    case Outcome::fail:
      return red;
    case Outcome::unknown:
      break;
  }
  return yellow;
}

// Lines that collect in one text; every line loses its trailing blanks.
class Page {
 public:
  Page(bool colour, int width) : colour_(colour), width_(static_cast<std::size_t>(std::max(width, 40))) {}

  std::size_t width() const { return width_; }
  std::string styled(std::string_view style, const std::string& text) const {
    return colour_ && !text.empty() ? std::string(style) + text + "\x1b[0m" : text;
  }
  void line(std::string text = {}) {
    while (!text.empty() && text.back() == ' ') text.pop_back();
    text_ += text + "\n";
  }
  void blank() {
    if (!text_.empty() && !text_.ends_with("\n\n")) text_ += "\n";
  }
  void paragraph(std::string_view text, std::string_view style = {}) {
    for (const std::string& part : wrap(printable(text), width_ - indent.size())) line(indent + styled(style, part));
  }
  std::string text() && { return std::move(text_); }

 private:
  bool colour_;
  std::size_t width_;
  std::string text_;
};

void write_title(Page& page, const Report& report) {
  const std::string title = printable(report.title);
  std::string right = "closo " + std::string(base::version());
  if (!report.subtitle.empty()) right += " · " + printable(report.subtitle);
  const std::size_t needed = display_width(title) + gap + display_width(right);
  if (needed <= page.width()) {
    const std::size_t space = page.width() - display_width(title) - display_width(right);
    page.line(page.styled(bold, title) + std::string(space, ' ') + page.styled(dim, right));
    return;
  }
  for (const std::string& part : wrap(title, page.width())) page.line(page.styled(bold, part));
  for (const std::string& part : wrap(right, page.width())) {
    page.line(std::string(page.width() - display_width(part), ' ') + page.styled(dim, part));
  }
}

std::string outcome_text(const Verdict& verdict) {
  std::string text(to_string(verdict.outcome));
  if (verdict.probability) {
    const double percent = std::clamp(*verdict.probability, 0.0, 1.0) * 100.0;
    text += " (" + std::to_string(static_cast<int>(percent + 0.5)) + " %)";
  }
  return text;
}

std::size_t label_width(const Report& report) {
  std::size_t width = display_width(report.doubts.empty() ? "" : "doubts");
  if (!report.warnings.empty()) width = std::max(width, display_width("warnings"));
  for (const Verdict& verdict : report.verdicts) width = std::max(width, display_width(printable(verdict.criterion)));
  return width;
}

// Too narrow for columns: outcome beside the criterion, finding and target below.
void stack_verdicts(Page& page, const std::vector<Verdict>& verdicts, bool with_reason) {
  for (const Verdict& verdict : verdicts) {
    const std::string outcome = outcome_text(verdict);
    for (const std::string& part : wrap(printable(verdict.criterion) + ":", page.width() - indent.size())) {
      page.line(indent + part);
    }
    page.line(indent + indent + page.styled(outcome_colour(verdict.outcome), outcome));
    std::vector<std::string> texts = {detail::finding_text(verdict)};
    if (!verdict.target.empty()) texts.push_back("target " + verdict.target);
    if (with_reason) texts.push_back(verdict.reason);
    for (const std::string& text : texts) {
      if (text.empty()) continue;
      for (const std::string& part : wrap(printable(text), page.width() - 2 * indent.size())) {
        page.line(indent + indent + part);
      }
    }
  }
}

void write_verdicts(Page& page, const Report& report, std::size_t label, bool with_reason) {
  constexpr std::size_t least_finding = 20;
  std::size_t finding = 0;
  std::size_t target = 0;
  std::size_t outcome = 0;
  for (const Verdict& verdict : report.verdicts) {
    finding = std::max(finding, display_width(printable(detail::finding_text(verdict))));
    target = std::max(target, display_width(printable(verdict.target)));
    outcome = std::max(outcome, display_width(outcome_text(verdict)));
  }
  const std::size_t taken = indent.size() + label + outcome + 3 * gap;
  const std::size_t room = page.width() - std::min(page.width(), taken);
  target = std::min(target, std::max<std::size_t>(room * 2 / 5, 8));
  if (room < target + least_finding) return stack_verdicts(page, report.verdicts, with_reason);
  finding = std::min(finding, room - target);
  const std::string before(indent.size() + label + gap, ' ');
  for (const Verdict& verdict : report.verdicts) {
    const auto labels = wrap(printable(verdict.criterion), label);
    const auto findings = wrap(printable(detail::finding_text(verdict)), finding);
    const auto targets = wrap(printable(verdict.target), target);
    for (std::size_t i = 0; i < std::max({labels.size(), findings.size(), targets.size()}); ++i) {
      const auto part = [i](const std::vector<std::string>& parts) {
        return i < parts.size() ? parts[i] : std::string();
      };
      std::string text = indent + pad_right(part(labels), label + gap) + pad_right(part(findings), finding + gap) +
                         pad_right(part(targets), target + gap);
      if (i == 0) text += page.styled(outcome_colour(verdict.outcome), outcome_text(verdict));
      page.line(text);
    }
    if (!with_reason || verdict.reason.empty()) continue;
    for (const std::string& part : wrap(printable(verdict.reason), page.width() - before.size())) {
      page.line(before + page.styled(dim, part));
    }
  }
}

// "doubts   text": the word once, every text on its own lines beside it.
void write_remarks(Page& page, std::string_view word, const std::vector<std::string>& texts, std::size_t label) {
  const std::size_t left = indent.size() + label + gap;
  bool first = true;
  for (const std::string& remark : texts) {
    bool head = true;
    for (const std::string& part : wrap(printable(remark), page.width() - std::min(page.width() - 12, left + 2))) {
      const std::string name =
          first ? page.styled(yellow, std::string(word)) + std::string(label + gap - word.size(), ' ')
                : std::string(label + gap, ' ');
      page.line(indent + name + (head ? "" : "  ") + part);
      first = false;
      head = false;
    }
  }
}

void write_key_values(Page& page, const KeyValues& block) {
  std::size_t label = 0;
  for (const auto& item : block.items) label = std::max(label, display_width(printable(item.first)));
  label = std::min(label, page.width() / 2);
  const std::size_t rest = page.width() - indent.size() - label - gap;
  for (const auto& item : block.items) {
    const auto names = wrap(printable(item.first), label);
    std::string text = to_text(item.second);
    if (const auto* value = std::get_if<Value>(&item.second)) {
      std::string aside = value->kind;
      if (!value->note.empty()) aside += (aside.empty() ? "" : "; ") + value->note;
      if (!aside.empty()) text += " (" + aside + ")";
    }
    const auto values = wrap(printable(text), rest);
    for (std::size_t i = 0; i < std::max(names.size(), values.size()); ++i) {
      page.line(indent + pad_right(i < names.size() ? names[i] : "", label + gap) +
                (i < values.size() ? values[i] : ""));
    }
  }
}

// Columns of a table shrunk to the page: the widest text column gives way first.
std::vector<std::size_t> fit_columns(std::vector<std::size_t> widths, const std::vector<bool>& fixed,
                                     std::size_t room) {
  constexpr std::size_t smallest = 12;
  const auto total = [&] { return std::accumulate(widths.begin(), widths.end(), gap * (widths.size() - 1)); };
  while (total() > room) {
    std::size_t widest = widths.size();
    for (std::size_t c = 0; c < widths.size(); ++c) {
      if (!fixed[c] && widths[c] > smallest && (widest == widths.size() || widths[c] > widths[widest])) widest = c;
    }
    if (widest == widths.size()) break;
    --widths[widest];
  }
  return widths;
}

struct TextTable {
  std::vector<std::vector<std::string>> rows;  // the first row is the header
  std::vector<std::size_t> widths;
  std::vector<bool> numbers;
};

TextTable lay_out(const Table& table, std::size_t room) {
  TextTable result;
  const std::size_t n = table.columns.size();
  result.rows.emplace_back();
  result.widths.assign(n, 1);
  for (std::size_t c = 0; c < n; ++c) {
    result.rows[0].push_back(printable(table.columns[c].title));
    result.numbers.push_back(detail::is_number_column(table, c));
  }
  for (const auto& row : table.rows) {
    auto& texts = result.rows.emplace_back();
    for (std::size_t c = 0; c < n; ++c) texts.push_back(printable(detail::cell_text(row[c], table.columns[c])));
  }
  for (const auto& row : result.rows) {
    for (std::size_t c = 0; c < n; ++c) result.widths[c] = std::max(result.widths[c], display_width(row[c]));
  }
  result.widths = fit_columns(std::move(result.widths), result.numbers, room);
  for (std::size_t& width : result.widths) width = std::min(width, room);
  return result;
}

void write_table_part(Page& page, const TextTable& table, const std::vector<std::size_t>& columns) {
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    std::vector<std::vector<std::string>> cells;
    std::size_t height = 1;
    for (const std::size_t c : columns) {
      cells.push_back(wrap(table.rows[r][c], table.widths[c]));
      height = std::max(height, cells.back().size());
    }
    for (std::size_t i = 0; i < height; ++i) {
      std::string text = indent;
      for (std::size_t k = 0; k < columns.size(); ++k) {
        const std::string part = i < cells[k].size() ? cells[k][i] : "";
        const std::size_t width = table.widths[columns[k]];
        if (k > 0) text += std::string(gap, ' ');
        text += table.numbers[columns[k]] ? pad_left(part, width) : pad_right(part, width);
      }
      while (text.ends_with(' ')) text.pop_back();
      page.line(r == 0 ? page.styled(bold, text) : text);
    }
  }
}

void write_table(Page& page, const Table& source) {
  const std::size_t room = page.width() - indent.size();
  if (!source.title.empty()) page.paragraph(source.title, bold);
  if (source.columns.empty()) return;
  const TextTable table = lay_out(source, room);
  // Columns that do not fit side by side follow in further parts, each led by the first column.
  for (std::size_t next = 0; next < source.columns.size();) {
    std::vector<std::size_t> part;
    std::size_t used = 0;
    if (next > 0) {
      part.push_back(0);
      used = table.widths[0];
      page.line();
    }
    do {
      used += (part.empty() ? 0 : gap) + table.widths[next];
      part.push_back(next++);
    } while (next < source.columns.size() && used + gap + table.widths[next] <= room);
    write_table_part(page, table, part);
  }
  if (!source.caption.empty()) page.paragraph(source.caption, dim);
}

void write_section(Page& page, const Section& section) {
  page.blank();
  if (!section.title.empty()) page.line(page.styled(bold, printable(section.title)));
  bool first = true;
  for (const Block& block : section.blocks) {
    if (!first) page.blank();
    first = false;
    if (const auto* paragraph = std::get_if<Paragraph>(&block)) {
      page.paragraph(paragraph->text);
    } else if (const auto* items = std::get_if<KeyValues>(&block)) {
      write_key_values(page, *items);
    } else if (const auto* table = std::get_if<Table>(&block)) {
      write_table(page, *table);
    } else if (const auto* figure = std::get_if<Figure>(&block)) {
      page.paragraph("figure " + figure->id + ": " + figure->title, dim);
    } else if (const auto* picture = std::get_if<Picture>(&block)) {
      page.paragraph("picture " + picture->id + ": " + (picture->title.empty() ? "" : picture->title + ", ") +
                         std::to_string(picture->width) + " × " + std::to_string(picture->height) + " pixels",
                     dim);
    }
  }
}

}  // namespace

std::string render_text(const Report& report, const TextOptions& options) {
  detail::check(report);
  Page page(options.colour, options.width);
  write_title(page, report);
  const std::size_t label = std::min(label_width(report), page.width() / 4);
  const bool summary = options.summary && !report.verdicts.empty();
  write_verdicts(page, report, label, !summary);
  write_remarks(page, "doubts", report.doubts, label);
  write_remarks(page, "warnings", report.warnings, label);
  if (!summary) {
    for (const Section& section : report.sections) {
      if (!section.folded) write_section(page, section);
    }
  }
  return std::move(page).text();
}

}  // namespace closo::report
