#include "closo/formats/detail/base64.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace closo::formats::detail {
namespace {

int value_of(char c) noexcept {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  if (c == '/') return 63;
  return -1;
}

}  // namespace

void Base64Reader::decode_group() {
  std::uint32_t bits = 0;
  std::size_t characters = 0, padding = 0;
  while (characters < 4) {
    while (at_ < text_.size() && (text_[at_] == ' ' || (text_[at_] >= '\t' && text_[at_] <= '\r'))) ++at_;
    if (at_ == text_.size()) throw base::InputError(place_, "the base64 text is cut off", "more data");
    const char c = text_[at_++];
    const int value = value_of(c);
    const bool is_padding = c == '=' && characters >= 2;
    if ((value < 0 && !is_padding) || (padding > 0 && !is_padding)) {
      throw base::InputError(place_, "the base64 text has a character that does not belong there",
                             "A-Z, a-z, 0-9, + and /, with = at the end of a part");
    }
    padding += is_padding ? 1 : 0;
    bits = bits << 6U | static_cast<std::uint32_t>(std::max(value, 0));
    ++characters;
  }
  for (std::size_t i = 0; i < 3 - padding; ++i) buffer_.push_back(static_cast<char>(bits >> (16 - 8 * i) & 0xFFU));
}

std::string Base64Reader::take(std::size_t count) {
  if (count > remaining_at_most()) {
    throw base::InputError(place_, "the base64 text is cut off", std::to_string(count) + " more bytes");
  }
  std::string bytes;
  while (bytes.size() < count) {
    if (used_ == buffer_.size()) {
      buffer_.clear();
      used_ = 0;
      decode_group();
    }
    const std::size_t taken = std::min(count - bytes.size(), buffer_.size() - used_);
    bytes.append(buffer_, used_, taken);
    used_ += taken;
  }
  return bytes;
}

}  // namespace closo::formats::detail
