/// Voxel images as raw bytes beside a JSON header.
///
/// The header is an object with "schema": "closo-volume/1"; required: size [x, y, z] and data (name of the file with
/// the bytes, in the folder of the header); optional: type "uint8" (default) or "uint16", byte_order "little" (default)
/// or "big", order "x_fastest" (default) or "z_fastest" (C order of an array indexed [x][y][z]), spacing [x, y, z] with
/// spacing_unit (a length), labels (names from label 0 on), periodic, origin. Other keys are errors.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "closo/formats/label_volume.hpp"

namespace closo::formats {

/// What the header says.
struct RawHeader {
  RawShape shape;
  bool spacing_is_known = false;
  bool is_16_bit = false;
  bool is_big_endian = false;
  std::string data;  ///< name of the file with the bytes
  std::vector<std::string> names;
  bool is_periodic = false;
  std::string origin;
};

/// Throws: InputError (line and column where the JSON itself is broken) for unknown keys with the nearest name, missing
/// keys, wrong kinds of values and sizes that are no size.
RawHeader read_raw_header(std::string_view json, const std::string& file);

/// The bytes behind a header. Throws: InputError when they are not as many as the size says (naming sizes that would
/// fit) and for 16-bit values above 255.
LabelVolume read_raw_bytes(std::string_view bytes, const std::string& file, const RawHeader& header);

/// The header of a volume whose labels lie in `data`, one byte each. Throws: ParameterError for a volume that
/// contradicts itself.
std::string write_raw_header(const LabelVolume& volume, const std::string& data);

}  // namespace closo::formats
