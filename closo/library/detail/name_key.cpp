#include "closo/library/detail/name_key.hpp"

#include <algorithm>

#include "closo/base/error.hpp"
#include "closo/base/suggestion.hpp"

namespace closo::library::detail {

namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

constexpr std::size_t few_names = 40;

}  // namespace

std::string name_key(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  std::string key;
  key.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    // U+2080 … U+2089 are E2 82 80 … E2 82 89.
    if (text[i] == '\xE2' && i + 2 < text.size() && text[i + 1] == '\x82') {
      const unsigned digit = static_cast<unsigned char>(text[i + 2]) - 0x80U;
      if (digit <= 9) {
        key.push_back(static_cast<char>('0' + digit));
        i += 2;
        continue;
      }
    }
    key.push_back(lower(text[i]));
  }
  return key;
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  return part.empty() || std::search(text.begin(), text.end(), part.begin(), part.end(),
                                     [](char a, char b) { return lower(a) == lower(b); }) != text.end();
}

void refuse_unknown(std::string_view what, std::string_view name, std::vector<std::string> candidates) {
  std::ranges::sort(candidates);
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  const std::string near = base::did_you_mean(name, candidates);
  std::string expected;
  if (near.empty() && !candidates.empty() && candidates.size() <= few_names) {
    for (const std::string& candidate : candidates) expected += (expected.empty() ? "one of: " : ", ") + candidate;
  }
  throw base::InputError(
      {}, "unknown " + std::string(what) + " '" + std::string(name) + "'" + (near.empty() ? "" : "; " + near),
      expected);
}

}  // namespace closo::library::detail
