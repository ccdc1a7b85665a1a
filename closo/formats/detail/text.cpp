#include "closo/formats/detail/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "closo/base/file.hpp"

namespace closo::formats::detail {
namespace {

void append_utf8(std::string& text, std::uint32_t code) {
  const auto put = [&text](std::uint32_t byte) { text.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | code >> 6U);
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | code >> 12U);
    put(0x80U | (code >> 6U & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | code >> 18U);
    put(0x80U | (code >> 12U & 0x3FU));
    put(0x80U | (code >> 6U & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
}

std::string from_utf16(std::string_view bytes, bool big_endian, const std::string& file) {
  if (bytes.size() % 2 != 0) {
    throw base::InputError({file}, "a UTF-16 text with an odd number of bytes", "a complete file");
  }
  const auto unit = [&](std::size_t i) {
    const auto first = static_cast<unsigned char>(bytes[i]), second = static_cast<unsigned char>(bytes[i + 1]);
    return static_cast<std::uint32_t>(big_endian ? first << 8U | second : second << 8U | first);
  };
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    std::uint32_t code = unit(i);
    if (code >= 0xD800 && code < 0xDC00 && i + 2 < bytes.size()) {
      const std::uint32_t low = unit(i + 2);
      if (low >= 0xDC00 && low < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00);
        i += 2;
      }
    }
    append_utf8(text, code >= 0xD800 && code < 0xE000 ? 0xFFFD : code);
  }
  return text;
}

/// Windows-1252: Latin-1 with characters in 0x80–0x9F.
std::string from_windows_1252(std::string_view bytes) {
  static constexpr std::array<std::uint16_t, 32> high = {
      0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
      0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
      0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    append_utf8(text, byte >= 0x80 && byte < 0xA0 ? high[byte - 0x80U] : byte);
  }
  return text;
}

bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }
char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string decode_text(std::string_view bytes, const std::string& file) {
  std::string text;
  if (bytes.starts_with("\xFF\xFE")) {
    text = from_utf16(bytes.substr(2), false, file);
  } else if (bytes.starts_with("\xFE\xFF")) {
    text = from_utf16(bytes.substr(2), true, file);
  } else if (bytes.starts_with("\xEF\xBB\xBF")) {
    bytes.remove_prefix(3);
    text = base::find_invalid_utf8(bytes) == std::string_view::npos ? std::string(bytes) : from_windows_1252(bytes);
  } else {
    text = base::find_invalid_utf8(bytes) == std::string_view::npos ? std::string(bytes) : from_windows_1252(bytes);
  }
  const auto is_control = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0x7F || (byte < 0x20 && !is_blank(c) && c != '\n' && c != '\x1A');
  };
  if (const auto bad = std::ranges::find_if(text, is_control); bad != text.end()) {
    const auto line = static_cast<std::size_t>(std::count(text.begin(), bad, '\n')) + 1;
    throw base::InputError({file, line}, "binary data (a control character) where text was expected",
                           "a text file of impedance data, or one of the binary formats that closo reads");
  }
  // The end-of-file mark of old DOS programs.
  while (!text.empty() && text.back() == '\x1A') text.pop_back();
  return text;
}

std::vector<Line> split_lines(std::string_view text) {
  const char end = text.find('\n') == std::string_view::npos ? '\r' : '\n';
  std::vector<Line> lines;
  for (std::size_t begin = 0, number = 1; begin < text.size(); ++number) {
    const std::size_t found = std::min(text.find(end, begin), text.size());
    std::string_view line = text.substr(begin, found - begin);
    while (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back({number, line});
    begin = found + 1;
  }
  return lines;
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower_case(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

bool contains(std::string_view text, std::string_view part) noexcept {
  return text.find(part) != std::string_view::npos;
}

bool contains_word(std::string_view text, std::string_view part) {
  return contains(lower_case(text), lower_case(part));
}

bool starts_with_word(std::string_view text, std::string_view part) {
  return text.size() >= part.size() && lower_case(text.substr(0, part.size())) == lower_case(part);
}

std::size_t character_column(std::string_view line, std::size_t offset) noexcept {
  std::size_t column = 1;
  for (const char c : line.substr(0, std::min(offset, line.size()))) {
    column += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
  }
  return column;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t most = 60;
  if (text.size() <= most) return "'" + std::string(text) + "'";
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return "'" + std::string(text.substr(0, end)) + "…'";
}

}  // namespace closo::formats::detail
