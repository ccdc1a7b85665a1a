/// Any text is a CSV document or an InputError; what was read and is written again reads back equal, and collecting
/// errors finds one exactly when raising them does.
#include "closo/table/csv.hpp"

#include <optional>

#include "closo/base/error.hpp"
#include "fuzz/property.hpp"

using namespace closo;

namespace {

std::string written(const table::CsvDocument& document) {
  std::string text = "\xEF\xBB\xBF";  // so that a byte-order mark in the first name stays part of it
  const auto add = [&](std::string_view cell, std::size_t column) {
    if (column != 0) text += ',';
    text += cell.empty() ? "\"\"" : table::csv_cell(cell);  // an empty line would be no row
  };
  for (std::size_t i = 0; i < document.header.size(); ++i) add(document.header[i], i);
  text += '\n';
  for (const table::CsvRow& row : document.rows) {
    for (std::size_t i = 0; i < row.cells.size(); ++i) add(row.cells[i].text, i);
    text += '\n';
  }
  return text;
}

std::optional<table::CsvDocument> collected(std::string_view text) {
  try {
    return table::parse_csv(text, "input.csv", table::CsvErrors::collect);
  } catch (const base::InputError&) {
    return std::nullopt;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::as_text(data, size);
  const std::optional<table::CsvDocument> all = collected(text);
  table::CsvDocument document;
  try {
    document = table::parse_csv(text, "input.csv");
  } catch (const base::InputError& error) {
    fuzz::require(!error.problem().empty() && error.place().file == "input.csv", "an error says what and where");
    fuzz::require(!all || !all->problems.empty(), "collecting finds what raising finds");
    return 0;
  }
  fuzz::require(all && all->problems.empty() && all->rows.size() == document.rows.size(), "collecting loses no row");
  for (const table::CsvRow& row : document.rows) {
    fuzz::require(row.cells.size() == document.header.size(), "every row has the cells of the header");
  }

  const std::string again = written(document);
  const table::CsvDocument back = table::parse_csv(again, "written.csv");
  fuzz::require(back.header == document.header && back.rows.size() == document.rows.size(), "the document reads back",
                again);
  for (std::size_t i = 0; i < document.rows.size(); ++i) {
    for (std::size_t j = 0; j < document.header.size(); ++j) {
      fuzz::require(back.rows[i].cells[j].text == document.rows[i].cells[j].text, "every cell reads back", again);
    }
  }

  try {
    const table::Table numbers = table::parse_numeric_csv(text, "input.csv");
    fuzz::require(numbers.columns.size() == document.header.size(), "every column is read");
    for (const table::Column& column : numbers.columns) {
      fuzz::require(column.values.size() == document.rows.size(), "columns have equal length");
      for (const double value : column.values) fuzz::require(!std::isinf(value), "cells are finite or empty");
    }
  } catch (const base::InputError& error) {
    fuzz::require(error.place().line != 0 || document.rows.empty(), "an error in a cell has a line");
  }
  return 0;
}
