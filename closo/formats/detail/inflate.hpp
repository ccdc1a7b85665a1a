/// Deflate-compressed parts of files (zlib and gzip wrappers), through zlib.
///
/// Source: P. Deutsch, RFC 1950 to 1952 (1996), doi:10.17487/RFC1950, RFC1951, RFC1952.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "closo/base/error.hpp"

namespace closo::formats::detail {

/// The `wanted` bytes inside; memory grows with what really comes out, never with what a header claims. What follows
/// the compressed stream is ignored. Throws: InputError for data that are no such stream, damaged, cut off, or longer
/// than `wanted` (shorter too unless `may_be_shorter`).
std::string inflate(std::string_view compressed, std::size_t wanted, const base::Place& place,
                    bool may_be_shorter = false);

/// A gzip stream, packed fast, without name and time, so that equal bytes give equal streams.
std::string gzip(std::string_view bytes);

}  // namespace closo::formats::detail
