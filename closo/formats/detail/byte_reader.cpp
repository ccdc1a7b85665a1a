#include "closo/formats/detail/byte_reader.hpp"

#include <bit>

#include "closo/formats/detail/text.hpp"

namespace closo::formats::detail {

std::string_view ByteReader::text(std::size_t length, std::string_view what) {
  if (length > remaining()) {
    throw base::InputError(
        {file_}, "the file ends at byte " + std::to_string(bytes_.size()) + " inside " + std::string(what),
        std::to_string(length) + " bytes from byte " + std::to_string(position_) + " on (is the file cut off?)");
  }
  const std::string_view found = bytes_.substr(position_, length);
  position_ += length;
  return found;
}

std::uint64_t ByteReader::whole(std::size_t width, std::string_view what) {
  const std::string_view found = text(width, what);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    const char c = order_ == ByteOrder::big ? found[i] : found[width - 1 - i];
    value = value << 8U | static_cast<unsigned char>(c);
  }
  return value;
}

double ByteReader::float64(std::string_view what) { return std::bit_cast<double>(whole(8, what)); }

double ByteReader::float32(std::string_view what) {
  return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(whole(4, what))));
}

std::string printable(std::string_view bytes) {
  std::string text;
  for (const char c : bytes.substr(0, bytes.find('\0'))) text.push_back(c >= 0x20 && c < 0x7F ? c : '?');
  return std::string(trimmed(text));
}

}  // namespace closo::formats::detail
