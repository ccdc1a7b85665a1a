#include "closo/formats/detail/scribner.hpp"

#include <algorithm>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::formats::detail {
namespace {

std::string_view without_quotes(std::string_view line) {
  line = trimmed(line);
  if (line.starts_with('"')) line.remove_prefix(1);
  if (line.ends_with('"')) line.remove_suffix(1);
  return trimmed(line);
}

bool has_names(std::string_view line) { return contains_word(line, "freq") && contains(line, "Z'"); }

}  // namespace

std::vector<table::Table> read_scribner_rows(const std::vector<Line>& lines, std::size_t at, std::size_t first_row,
                                             const std::string& file, const std::string& format, Metadata metadata,
                                             std::optional<double> announced, const ReadOptions& options) {
  std::vector<ColumnMeaning> columns;
  const std::string_view names = without_quotes(lines[at].text);
  constexpr std::size_t names_of_scribner = 9;
  std::vector<Cell> cells = split_cells(names, contains(names, "\t") ? Separator::tab : Separator::wide_blank);
  if (cells.size() < names_of_scribner) cells = split_cells(names, Separator::blank);
  for (const Cell& cell : cells) {
    columns.push_back(column_meaning(cell.text));
    if (columns.back().has_unit || (cell.text != "Ampl" && cell.text != "Bias")) continue;
    columns.back().unit = base::Unit::parse("V");
    columns.back().has_unit = true;
  }
  const base::Place place{file, lines[at].number};
  SpectrumDraft draft = SpectrumDraft::with_columns(file, format, std::move(columns), place);
  draft.metadata.merge(metadata);
  while (first_row < lines.size() && trimmed(lines[first_row].text).empty()) ++first_row;
  if (first_row == lines.size())
    throw base::InputError(place, "there are no points below the header", "rows of nine cells");
  const std::string_view row = lines[first_row].text;
  RowReader rows(draft, contains(row, "\t")  ? Separator::tab
                        : contains(row, ";") ? Separator::semicolon
                        : contains(row, ",") ? Separator::comma
                                             : Separator::blank);
  for (std::size_t i = first_row; i < lines.size(); ++i) {
    if (!trimmed(lines[i].text).empty()) rows.add(lines[i]);
  }
  if (announced && *announced != static_cast<double>(draft.rows())) {
    draft.metadata["warning.points"] =
        base::format_number(*announced, 9) + " points announced, " + std::to_string(draft.rows()) + " found";
  }
  return finish_spectra(std::move(draft), options);
}

std::vector<table::Table> read_quoted_scribner(std::string_view text, const std::string& file,
                                               const std::string& format, const ReadOptions& options) {
  const std::vector<Line> lines = split_lines(text);
  const auto names = std::ranges::find_if(lines, [](const Line& line) { return has_names(line.text); });
  if (names == lines.end()) {
    throw base::InputError({file}, "there is no line that names the columns", "a line with Freq(Hz) and Z'(a)");
  }
  const auto at = static_cast<std::size_t>(names - lines.begin());
  Metadata metadata;
  std::optional<double> count;
  for (std::size_t i = 0; i < at; ++i) {
    const std::string_view line = without_quotes(lines[i].text);
    if (line.empty()) continue;
    count = try_number(line, DecimalMark::point);  // the last line in front of the names
    if (count || row_of_numbers(line, 3)) continue;
    note_temperature(metadata, line, "line " + std::to_string(lines[i].number));
    if (starts_with_word(line, "Date:")) {
      const std::size_t time = line.find("Time:");
      std::string date(trimmed(line.substr(5, time == std::string_view::npos ? time : time - 5)));
      if (time != std::string_view::npos) date += " " + std::string(trimmed(line.substr(time + 5)));
      metadata["date"] = date;
    } else if (contains(line, "Data File")) {
      metadata["instrument"] = std::string(line);
    } else {
      add_comment(metadata, line);
    }
  }
  return read_scribner_rows(lines, at, at + 1, file, format, std::move(metadata), count, options);
}

}  // namespace closo::formats::detail
