/// Bytes of an instrument's text file as UTF-8 lines that know their number.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "closo/base/error.hpp"

namespace closo::formats::detail {

/// A line without its end; numbers count from 1.
struct Line {
  std::size_t number = 0;
  std::string_view text;
};

/// UTF-8 text without byte-order mark from UTF-8, UTF-16 (with mark) or, where neither fits, Windows-1252.
/// Throws: InputError for bytes that are no text (NUL or other control characters), with the line.
std::string decode_text(std::string_view bytes, const std::string& file);

/// Lines ended by LF, CR LF, CR CR LF, or CR alone where the text has no LF. The views point into `text`.
std::vector<Line> split_lines(std::string_view text);

std::string_view trimmed(std::string_view text) noexcept;
std::string lower_case(std::string_view text);
bool contains(std::string_view text, std::string_view part) noexcept;
/// Case ignored, ASCII only.
bool contains_word(std::string_view text, std::string_view part);
bool starts_with_word(std::string_view text, std::string_view part);

/// Characters (not bytes) before `offset`, plus one.
std::size_t character_column(std::string_view line, std::size_t offset) noexcept;

/// The text cut to a length that suits a message, in quotes.
std::string in_quotes(std::string_view text);

}  // namespace closo::formats::detail
