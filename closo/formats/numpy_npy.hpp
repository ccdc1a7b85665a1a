/// NumPy .npy arrays: complex (…, 2, n) with frequency and Z as AutoEIS stores them, or real n × 3 with frequency, Z',
/// Z''.
///
/// Layout: NumPy Enhancement Proposal 1 (R. Kern, 2007), versions 1 to 3: magic, version, length of the header, a
/// Python dictionary with descr, fortran_order and shape, then the numbers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "closo/formats/read_options.hpp"
#include "closo/table/column.hpp"

namespace closo::formats {

/// One table per spectrum of the array (little endian float64 or complex128, rows first).
/// Throws: InputError for a cut file, another kind of number, or a shape that is no set of spectra.
std::vector<table::Table> read_numpy_npy(std::string_view bytes, const std::string& file,
                                         const ReadOptions& options = {});

}  // namespace closo::formats
