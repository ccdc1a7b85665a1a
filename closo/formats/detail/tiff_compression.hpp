/// The compressions of TIFF strips and tiles that closo reads.
///
/// Source: Adobe, TIFF Revision 6.0 (1992): PackBits section 9, LZW section 13.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "closo/base/error.hpp"

namespace closo::formats::detail {

/// The first `wanted` bytes that LZW codes (most significant bit first, 9 to 12 bits, early change) stand for.
/// Throws: InputError for codes outside the table and when there are fewer.
std::string unpack_lzw(std::string_view packed, std::size_t wanted, const base::Place& place);

/// The same for PackBits runs.
std::string unpack_bits(std::string_view packed, std::size_t wanted, const base::Place& place);

/// "JPEG", "CCITT fax", … for messages.
std::string compression_name(std::uint64_t code);

}  // namespace closo::formats::detail
