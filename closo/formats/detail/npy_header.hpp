/// The header of NumPy's .npy files.
///
/// Layout: NumPy Enhancement Proposal 1 (R. Kern, 2007), versions 1 to 3: magic, version, length of the header, a
/// Python dictionary with descr, fortran_order and shape, then the numbers.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace closo::formats::detail {

struct NpyHeader {
  std::string kind;  ///< with its quotes, "'<f8'"
  bool is_fortran_order = false;
  std::vector<std::size_t> shape;
  std::size_t data = 0;  ///< where the numbers begin
};

/// Whether the bytes begin as NumPy arrays do.
bool is_npy(std::string_view bytes) noexcept;

/// Throws: InputError for other bytes, other versions, a cut header, missing keys, and sizes that are not positive.
NpyHeader read_npy_header(std::string_view bytes, const std::string& file);

}  // namespace closo::formats::detail
