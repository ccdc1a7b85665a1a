/// Pixels as a PNG file: 8 bits a sample, as a palette where 256 colours suffice, else red, green and blue.
///
/// Source: Portable Network Graphics (PNG) Specification, Second Edition, ISO/IEC 15948:2004 (chunks: section 5;
/// filters: section 9 and the choice by the smallest sum of absolute differences, section 12.8); the compressed data
/// are a zlib stream (RFC 1950 and 1951).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "closo/report/picture.hpp"

namespace closo::report {

/// Keyword ("Title", "Description"; 1 to 79 letters, digits and single blanks) and UTF-8 text.
using PngText = std::pair<std::string, std::string>;

/// The bytes of the file. `rgb`: 3 × width × height bytes, rows from the top. Equal input gives equal bytes.
/// Throws: ParameterError for a width or height of 0 or above 65535, another number of bytes, or a bad keyword.
std::string png(std::size_t width, std::size_t height, std::span<const std::uint8_t> rgb,
                const std::vector<PngText>& texts = {});

/// With title, caption, legend and scale as texts inside the file, so that a copied file can still be read.
/// Throws: as above.
std::string png(const Picture& picture);

}  // namespace closo::report
