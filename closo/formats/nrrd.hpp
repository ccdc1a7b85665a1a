/// NRRD images (nearly raw raster data): header and data in one file (.nrrd) or in two (.nhdr).
///
/// Read: two or three axes (further axes of length 1), every type but block, encodings raw, gzip, text and hex, either
/// byte order, line skip and byte skip, spacings with units, or orthogonal space directions with space units; names of
/// labels from "label <n>:=<name>" lines and from segment names of 3D Slicer. Not read: bzip2, lists of data files.
/// Source: G. Kindlmann, Definition of NRRD File Format (2005), teem.sourceforge.net/nrrd/format.html.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "closo/formats/label_volume.hpp"

namespace closo::formats {

/// Gives the bytes of the data file that a detached header names.
using DataFileReader = std::function<std::string(const std::string& name)>;

/// `read_data` is asked for the data file of a detached header; without it such headers are refused. Throws:
/// InputError with the line of the header for missing fields and values that make no sense, encodings that are not
/// supported, data of another length than the sizes say, values above 255; what `read_data` throws.
LabelVolume read_nrrd(std::string_view bytes, const std::string& file, const DataFileReader& read_data = {});

/// Header and gzip data in one file. Throws: ParameterError for a volume that contradicts itself.
std::string write_nrrd(const LabelVolume& volume);

}  // namespace closo::formats
