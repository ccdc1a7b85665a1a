/// TIFF images as stacks of pages: grey values and palette indices of 1 to 64 bits, as written by ImageJ and others.
///
/// Read: classic and BigTIFF, both byte orders, strips and tiles, without compression, PackBits, LZW, Deflate,
/// horizontal differencing; numbers stay as stored (no inversion of white-is-zero, no colours of a palette, no
/// orientation); reduced pages are skipped. The spacing comes from ImageJ's description (unit, spacing of slices, 1
/// unit where it has none) with the resolution tags; print resolutions without it are not taken. An ImageJ stack above
/// 4 GB with one directory is read too. Colours, JPEG, fax and other compressions are refused. Source: Adobe, TIFF
/// Revision 6.0 (1992), sections 2 to 15; Adobe, TIFF Technical Notes (2002) for Deflate.
#pragma once

#include <string>
#include <string_view>

#include "closo/formats/label_volume.hpp"

namespace closo::formats {

/// Every page one slice along z. Throws: InputError with the page for what is not supported, cut or damaged, pages of
/// different size, values above 255.
LabelVolume read_tiff_stack(std::string_view bytes, const std::string& file);

/// Puts the one page of a file behind the slices of `stack`; the first sets size and spacing (known only where the
/// file says the distance of slices). Throws: InputError as above, and for a file with several pages.
void append_tiff_slice(LabelVolume& stack, std::string_view bytes, const std::string& file);

/// An uncompressed 8-bit stack in little endian with ImageJ's description, BigTIFF where it exceeds 4 GB; names of
/// labels, periodicity and origin are further lines of that description. Throws: ParameterError for a volume that
/// contradicts itself.
std::string write_tiff_stack(const LabelVolume& volume);

}  // namespace closo::formats
