/// Voxel images in HDF5 files, through the HDF5 library; a build without that library says so.
///
/// Read: any data set of two or three axes of whole numbers (or h5py's booleans), last axis x. The spacing comes from
/// the attribute element_size_um (z, y, x, as ilastik and ImageJ write it), else from voxel_size (z, y, x) with
/// voxel_size_unit; names of labels from label_names, periodicity from periodic, origin from origin.
/// Source: The HDF Group, HDF5 Reference Manual, version 1.10.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "closo/formats/label_volume.hpp"

namespace closo::formats {

/// Whether this build reads and writes HDF5.
bool hdf5_is_available() noexcept;

/// The data set at the path `dataset` ("/exported/labels"); empty: the first by name with three axes of whole numbers.
/// Throws: InputError when there is none (naming what there is), for values that are no labels, filters that the
/// library does not have, and in a build without HDF5.
LabelVolume read_hdf5_volume(const std::filesystem::path& file, const std::string& dataset = {});

/// Data set "labels", deflated, with the attributes above; written beside `file` and renamed. Throws: ParameterError
/// for a volume that contradicts itself, InputError when the file cannot be written and in a build without HDF5.
void write_hdf5_volume(const LabelVolume& volume, const std::filesystem::path& file);

}  // namespace closo::formats
