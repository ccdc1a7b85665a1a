#include <algorithm>
#include <cctype>
#include <cstdint>

#include "closo/report/detail/html_text.hpp"

namespace closo::report::detail {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_unreserved(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' ||
         c == '~';
}

std::string percent_encode_except(std::string_view bytes, std::string_view kept) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  for (const char c : bytes) {
    if (is_unreserved(c) || kept.find(c) != std::string_view::npos) {
      result += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    result += '%';
    result += digits[byte >> 4U];
    result += digits[byte & 15U];
  }
  return result;
}

// Length of the identifier that starts at `at` ("10." four to nine digits, "/", characters up to a blank), or 0.
std::size_t doi_length(std::string_view text, std::size_t at) {
  if (!text.substr(at).starts_with("10.") || (at > 0 && (is_digit(text[at - 1]) || text[at - 1] == '.'))) return 0;
  std::size_t end = at + 3;
  while (end < text.size() && is_digit(text[end])) ++end;
  const std::size_t registrant = end - at - 3;
  if (registrant < 4 || registrant > 9 || end >= text.size() || text[end] != '/') return 0;
  const std::size_t suffix = ++end;
  while (end < text.size() && static_cast<unsigned char>(text[end]) > 0x20 &&
         static_cast<unsigned char>(text[end]) < 0x7F &&
         std::string_view("\"<>").find(text[end]) == std::string_view::npos) {
    ++end;
  }
  while (end > suffix && std::string_view(".,;:)]").find(text[end - 1]) != std::string_view::npos) --end;
  return end > suffix ? end - at : 0;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default: {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte >= 0x20 && byte != 0x7F) || c == '\n' || c == '\t') result += c;
      }
    }
  }
  return result;
}

std::string escape_html_with_links(std::string_view text) {
  std::string result;
  std::size_t done = 0;
  for (std::size_t at = text.find("10."); at != std::string_view::npos; at = text.find("10.", at + 1)) {
    const std::size_t length = at < done ? 0 : doi_length(text, at);
    if (length == 0) continue;
    const std::string_view doi = text.substr(at, length);
    result += escape_html(text.substr(done, at - done));
    result += "<a href=\"https://doi.org/" + percent_encode_except(doi, "/()") + "\" rel=\"noreferrer\">" +
              escape_html(doi) + "</a>";
    done = at + length;
  }
  return result + escape_html(text.substr(done));
}

std::string escape_json_for_script(std::string_view json) {
  std::string result(json);
  replace_all(result, "<", "\\u003c");
  replace_all(result, ">", "\\u003e");
  replace_all(result, "&", "\\u0026");
  return result;
}

std::string escape_for_inlining(std::string_view code) {
  std::string result;
  result.reserve(code.size());
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (code[i] == '\r') continue;
    result += code[i];
    if (code[i] != '<' || i + 1 >= code.size()) continue;
    std::string next;
    for (std::size_t k = i + 1; k < std::min(i + 8, code.size()); ++k) {
      next += static_cast<char>(std::tolower(static_cast<unsigned char>(code[k])));
    }
    // In JavaScript strings and regular expressions "<\/" and "<\!" mean the same as "</" and "<!".
    if (next.starts_with("/script") || next.starts_with("/style") || next.starts_with("!--")) result += '\\';
  }
  return result;
}

std::string percent_encode(std::string_view bytes) { return percent_encode_except(bytes, ""); }

std::string base64(std::string_view bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k) group = (group << 8U) | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) text += k <= n ? alphabet[(group >> (18U - 6U * k)) & 63U] : '=';
  }
  return text;
}

}  // namespace closo::report::detail
