#include "closo/formats/detail/tiff_compression.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace closo::formats::detail {
namespace {

[[noreturn]] void refuse_short(std::size_t found, std::size_t wanted, const base::Place& place) {
  throw base::InputError(place,
                         "the compressed data hold " + std::to_string(found) + " bytes, fewer than the size says",
                         std::to_string(wanted) + " bytes");
}

/// Codes of growing width, most significant bit first.
class CodeReader {
 public:
  explicit CodeReader(std::string_view bytes) : bytes_(bytes) {}

  /// The end code where no whole code is left.
  std::uint32_t next(unsigned width) noexcept {
    while (held_ < width) {
      if (at_ == bytes_.size()) return 257;
      bits_ = bits_ << 8U | static_cast<unsigned char>(bytes_[at_++]);
      held_ += 8;
    }
    held_ -= width;
    return bits_ >> held_ & ((1U << width) - 1U);
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  std::uint32_t bits_ = 0;
  unsigned held_ = 0;
};

}  // namespace

std::string unpack_lzw(std::string_view packed, std::size_t wanted, const base::Place& place) {
  constexpr std::uint32_t clear = 256, end = 257;
  constexpr std::size_t most_codes = 4096;
  // Every string of the table already stands in the output: its place there and its length are enough.
  struct Piece {
    std::size_t begin = 0, length = 0;
  };
  std::vector<Piece> table;
  table.reserve(most_codes);
  std::string bytes;
  CodeReader codes(packed);
  unsigned width = 9;
  bool is_first = true;
  Piece previous;
  if (codes.next(9) != clear) {
    throw base::InputError(place, "the LZW data do not begin with the clear code", "LZW as in TIFF 6.0");
  }
  while (bytes.size() < wanted) {
    const std::uint32_t code = codes.next(width);
    if (code == end) break;
    if (code == clear) {
      table.clear();
      width = 9;
      is_first = true;
      continue;
    }
    const std::size_t begin = bytes.size(), entry = code - 258;
    if (code < 256) {
      bytes.push_back(static_cast<char>(code));
    } else if (!is_first && entry < table.size()) {
      const Piece piece = table[entry];
      for (std::size_t i = 0; i < piece.length; ++i) bytes.push_back(bytes[piece.begin + i]);
    } else if (!is_first && entry == table.size()) {
      for (std::size_t i = 0; i < previous.length; ++i) bytes.push_back(bytes[previous.begin + i]);
      bytes.push_back(bytes[previous.begin]);
    } else {
      throw base::InputError(place, "the LZW data are damaged after " + std::to_string(begin) + " bytes",
                             "codes of the table");
    }
    // The new string is the previous one and the first byte of this one, which follows it in the output.
    if (!is_first && table.size() + 258 < most_codes) table.push_back({previous.begin, previous.length + 1});
    previous = {begin, bytes.size() - begin};
    is_first = false;
    const std::size_t next = table.size() + 258;
    width = next >= 2047 ? 12 : next >= 1023 ? 11 : next >= 511 ? 10 : 9;
  }
  if (bytes.size() < wanted) refuse_short(bytes.size(), wanted, place);
  bytes.resize(wanted);
  return bytes;
}

std::string unpack_bits(std::string_view packed, std::size_t wanted, const base::Place& place) {
  std::string bytes;
  for (std::size_t at = 0; at < packed.size() && bytes.size() < wanted;) {
    const auto head = static_cast<unsigned char>(packed[at++]);
    if (head < 128) {
      const std::size_t count = std::min<std::size_t>(head + 1U, packed.size() - at);
      bytes.append(packed.substr(at, count));
      at += count;
    } else if (head > 128 && at < packed.size()) {
      bytes.append(257U - head, packed[at++]);
    }
  }
  if (bytes.size() < wanted) refuse_short(bytes.size(), wanted, place);
  bytes.resize(wanted);
  return bytes;
}

std::string compression_name(std::uint64_t code) {
  switch (code) {
    case 2:
    case 3:
    case 4:
      return "CCITT fax";
    case 6:
    case 7:
      return "JPEG";
    case 33003:
    case 33005:
    case 34712:
      return "JPEG 2000";
    case 34925:
      return "LZMA";
    case 50000:
      return "Zstandard";
    case 50001:
      return "WebP";
    default:
      return "a compression";
  }
}

}  // namespace closo::formats::detail
