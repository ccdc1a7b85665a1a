/// UTF-8 text as code points, each with its character column, for parsers that point at characters.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace closo::base::detail {

/// Decodes one code point at `offset` and advances it; malformed bytes decode as U+FFFD, one byte at a time.
char32_t decode_utf8(std::string_view text, std::size_t& offset) noexcept;

/// Appends one code point.
void append_utf8(std::string& text, char32_t code);

/// All code points of a text.
std::u32string decode_utf8(std::string_view text);
std::string encode_utf8(std::u32string_view text);

/// 0–9 for superscript digits ⁰…⁹, -1 otherwise.
int superscript_digit(char32_t code) noexcept;

/// The plain character for typographic ones: minus and dash → '-', ⁻ → '-', ⁺ → '+', × · ⋅ → '*', thin and hard spaces
/// → ' ', both micro signs → 'u', Ohm sign → Ω, Ångström sign → Å. Other code points unchanged.
char32_t plain_character(char32_t code) noexcept;

}  // namespace closo::base::detail
