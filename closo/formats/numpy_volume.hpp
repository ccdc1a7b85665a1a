/// Voxel images as NumPy .npy arrays: whole numbers indexed [z][y][x], as tifffile and h5py give them.
///
/// An array in Fortran's order keeps the meaning of its indices. The file has neither spacing nor names.
#pragma once

#include <string>
#include <string_view>

#include "closo/formats/label_volume.hpp"

namespace closo::formats {

/// Two or three axes; booleans, whole and real numbers of 8 to 64 bits. Throws: InputError for other arrays, data of
/// another length than the shape says, values that are no labels.
LabelVolume read_numpy_volume(std::string_view bytes, const std::string& file);

/// Unsigned bytes, version 1. Throws: ParameterError for a volume that contradicts itself.
std::string write_numpy_volume(const LabelVolume& volume);

}  // namespace closo::formats
