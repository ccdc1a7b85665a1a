/// Cells of a line and the numbers in them: separators and decimal marks as instruments write them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace closo::formats::detail {

enum class Separator {
  tab,
  semicolon,
  comma,
  wide_blank,  ///< two or more blanks, or a tab
  blank        ///< one or more blanks or tabs
};

/// One cell: outer blanks and quotes removed; `column` is the character column in the line, from 1.
struct Cell {
  std::string_view text;
  std::size_t column = 0;
};

/// Splits at every separator (blanks: at every run of them). Empty cells stay, except with blanks; a quote counts only
/// where it begins a cell.
std::vector<Cell> split_cells(std::string_view line, Separator separator);

/// Removes empty cells at the end of a row, which a separator at the line's end makes.
void drop_empty_tail(std::vector<Cell>& cells) noexcept;

enum class DecimalMark { unknown, point, comma };

/// A finite number that fills the whole text; E, e and D exponents. Below the smallest double: 0.
std::optional<double> try_number(std::string_view text, DecimalMark mark) noexcept;

/// Reads the numbers of one file, which has one decimal mark: the first number with a mark fixes it.
class NumberReader {
 public:
  explicit NumberReader(DecimalMark mark = DecimalMark::unknown) : mark_(mark) {}

  /// Empty when the text is no finite number in the file's notation.
  std::optional<double> read(std::string_view text) noexcept;

  DecimalMark mark() const noexcept { return mark_; }

 private:
  DecimalMark mark_;
};

/// "nan", "inf", "#DIV/0!", "-1.#IND" and their like: numbers that some program could not print.
bool is_not_a_number_text(std::string_view text);

/// How a row of numbers is written.
struct RowStyle {
  Separator separator = Separator::blank;
  std::size_t cells = 0;
};

/// The first of tab, semicolon, comma, blank for which the line is at least `least` cells, all of them numbers; a
/// decimal comma is accepted where the separator is no comma.
std::optional<RowStyle> row_of_numbers(std::string_view line, std::size_t least);

}  // namespace closo::formats::detail
