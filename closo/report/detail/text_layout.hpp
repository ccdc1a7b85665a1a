/// Laying out UTF-8 text in terminal columns: combining marks take none, East Asian wide characters two.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace closo::report::detail {

/// Control characters (terminal escapes in data included) become blanks, bad bytes U+FFFD; tabs and line feeds blanks.
std::string printable(std::string_view text);

/// Columns the text takes; expects `printable` text.
std::size_t display_width(std::string_view text);

/// Lines of at most `width` columns, broken at blanks; longer words are cut. At least one line. No trailing blanks.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

std::string pad_right(std::string text, std::size_t width);
std::string pad_left(std::string text, std::size_t width);

}  // namespace closo::report::detail
