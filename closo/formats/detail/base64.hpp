/// Base64 text read piece by piece.
///
/// Source: S. Josefsson, RFC 4648 (2006), doi:10.17487/RFC4648, section 4.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "closo/base/error.hpp"

namespace closo::formats::detail {

/// Decodes as much as is asked for. Blanks are skipped; behind the padding of one encoded part the next may follow, as
/// in VTK files, whose header and data are encoded one after the other.
class Base64Reader {
 public:
  Base64Reader(std::string_view text, base::Place place) : text_(text), place_(std::move(place)) {}

  /// The next bytes. Throws: InputError for characters outside the alphabet and when the text ends before.
  std::string take(std::size_t count);
  /// At most so many bytes are left (blanks count as characters).
  std::size_t remaining_at_most() const noexcept { return buffer_.size() - used_ + (text_.size() - at_) / 4 * 3; }

 private:
  void decode_group();

  std::string_view text_;
  base::Place place_;
  std::size_t at_ = 0;
  std::string buffer_;
  std::size_t used_ = 0;
};

}  // namespace closo::formats::detail
