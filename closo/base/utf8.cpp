#include "closo/base/detail/utf8.hpp"

namespace closo::base::detail {

char32_t decode_utf8(std::string_view text, std::size_t& offset) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(offset);
  std::size_t length = 1;
  char32_t code = lead;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
    code = lead & 0x1FU;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    code = lead & 0x0FU;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    code = lead & 0x07U;
  } else if (lead >= 0x80) {
    ++offset;
    return 0xFFFD;
  }
  if (offset + length > text.size()) {
    ++offset;
    return 0xFFFD;
  }
  for (std::size_t i = 1; i < length; ++i) {
    const unsigned char next = byte(offset + i);
    if ((next & 0xC0U) != 0x80U) {
      ++offset;
      return 0xFFFD;
    }
    code = (code << 6U) | (next & 0x3FU);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (overlong || surrogate || code > 0x10FFFF) {
    ++offset;
    return 0xFFFD;
  }
  offset += length;
  return code;
}

void append_utf8(std::string& text, char32_t code) {
  const auto put = [&](char32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | (code >> 6U));
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | (code >> 12U));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | (code >> 18U));
    put(0x80U | ((code >> 12U) & 0x3FU));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
}

std::u32string decode_utf8(std::string_view text) {
  std::u32string codes;
  codes.reserve(text.size());
  for (std::size_t offset = 0; offset < text.size();) codes += decode_utf8(text, offset);
  return codes;
}

std::string encode_utf8(std::u32string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (const char32_t code : text) append_utf8(bytes, code);
  return bytes;
}

int superscript_digit(char32_t code) noexcept {
  switch (code) {
    case U'⁰':
      return 0;
    case U'¹':
      return 1;
    case U'²':
      return 2;
    case U'³':
      return 3;
    default:
      return code >= U'⁴' && code <= U'⁹' ? static_cast<int>(code - U'⁴') + 4 : -1;
  }
}

char32_t plain_character(char32_t code) noexcept {
  switch (code) {
    case U'−':
    case U'–':
    case U'‐':
    case U'‑':
    case U'⁻':
      return U'-';
    case U'⁺':
      return U'+';
    case U'×':
    case U'·':
    case U'⋅':
    case U'∙':
    case U'•':
      return U'*';
    case U'\u00A0':
    case U'\u2009':
    case U'\u202F':
    case U'\u2007':
    case U'\t':
      return U' ';
    case U'\u00B5':
    case U'\u03BC':
      return U'u';
    case U'\u2126':
      return U'Ω';
    case U'\u212B':
      return U'Å';
    default:
      return code;
  }
}

}  // namespace closo::base::detail
