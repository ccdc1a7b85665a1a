/// Bounds-checked reading of binary files in either byte order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "closo/base/error.hpp"

namespace closo::formats::detail {

enum class ByteOrder { little, big };

/// A position in bytes. Every read beyond the end throws InputError with the offset and what was wanted.
class ByteReader {
 public:
  ByteReader(std::string_view bytes, std::string file, ByteOrder order, std::size_t position = 0)
      : bytes_(bytes), file_(std::move(file)), order_(order), position_(position) {}

  std::size_t position() const noexcept { return position_; }
  std::size_t remaining() const noexcept { return position_ < bytes_.size() ? bytes_.size() - position_ : 0; }
  void move_to(std::size_t position) noexcept { position_ = position; }

  std::string_view text(std::size_t length, std::string_view what);
  /// An unsigned whole number of 1 to 8 bytes.
  std::uint64_t whole(std::size_t width, std::string_view what);
  double float64(std::string_view what);
  double float32(std::string_view what);

 private:
  std::string_view bytes_;
  std::string file_;
  ByteOrder order_;
  std::size_t position_;
};

/// Text up to the first NUL, outer blanks removed; bytes that are not printable ASCII become '?'.
std::string printable(std::string_view bytes);

}  // namespace closo::formats::detail
