/// The directories of a TIFF file: one page each, with the tags that matter for grey and palette images.
///
/// Source: Adobe, TIFF Revision 6.0 (1992), section 2; BigTIFF: Aware Systems, the BigTIFF file format (2004).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "closo/formats/detail/byte_reader.hpp"

namespace closo::formats::detail {

/// Tags of one page, with the defaults of the standard.
struct TiffPage {
  std::uint64_t subfile = 0;
  std::uint64_t width = 0, height = 0;
  std::uint64_t bits = 1, samples = 1, sample_format = 1;
  std::uint64_t compression = 1, photometric = 1, fill_order = 1, predictor = 1;
  std::uint64_t rows_per_strip = 0xFFFFFFFF;
  std::uint64_t tile_width = 0, tile_height = 0;  ///< 0: strips
  std::vector<std::uint64_t> offsets, byte_counts;
  double x_resolution = 0.0, y_resolution = 0.0;  ///< pixels per unit; 0: not said
  std::uint64_t resolution_unit = 2;              ///< 1 none, 2 inch, 3 cm
  std::string description;
};

struct TiffFile {
  ByteOrder order = ByteOrder::little;
  std::vector<TiffPage> pages;  ///< reduced copies and masks left out
};

/// Whether the bytes begin as TIFF files do.
bool is_tiff(std::string_view bytes) noexcept;

/// Throws: InputError for other bytes, directories outside of the file or in a circle, and tags of wrong type.
TiffFile read_tiff_directories(std::string_view bytes, const std::string& file);

}  // namespace closo::formats::detail
