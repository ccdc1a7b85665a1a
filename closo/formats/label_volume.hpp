/// Voxel images in files: raw bytes with a JSON header, TIFF stacks, NRRD, VTK image data, HDF5.
///
/// A label volume is one byte a voxel, x fastest, with the spacing of the voxels and, where the file can hold them, the
/// names of the labels. Images with more than 256 grey levels are refused (segment them first), 16- and 32-bit images
/// whose values all lie below 256 are accepted. One file pair per format; this header detects by content and
/// dispatches.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace closo::formats {

struct LabelVolume {
  std::array<std::size_t, 3> size{};
  std::array<double, 3> spacing{1.0, 1.0, 1.0};  ///< m where `spacing_is_known`, else relative
  bool spacing_is_known = false;
  std::vector<std::uint8_t> labels;  ///< x fastest
  std::vector<std::string> names;    ///< of label 0, 1, …; empty where the file has none
  bool is_periodic = false;
  std::string origin;  ///< the file's own words
};

struct VolumeFormat {
  std::string_view id, name;    ///< "nrrd", "NRRD"
  std::string_view extensions;  ///< ".nrrd .nhdr"
  bool can_write = true;
};
/// Every format, in the order of detection.
std::span<const VolumeFormat> volume_formats() noexcept;

/// What a file without header needs: its size.
struct RawShape {
  std::array<std::size_t, 3> size{};
  std::array<double, 3> spacing{1.0, 1.0, 1.0};
  bool z_fastest = false;  ///< C order of an array indexed [x][y][z]
};

/// Reads any of the formats, decided by content, a folder of single TIFF slices in the order of their numbers too.
/// Throws: InputError with file, place, what was found and what is accepted: wrong magic, compression that is not
/// supported, data shorter or longer than the header says, more than 256 levels.
LabelVolume read_label_volume(const std::filesystem::path& file);
/// Headerless bytes. Throws: InputError when the file's size is not the product (naming shapes that would fit).
LabelVolume read_raw_volume(const std::filesystem::path& file, const RawShape& shape);

/// Writes all or nothing; the format by extension (.raw + .json, .tif, .nrrd, .vti, .h5). Throws: ParameterError for an
/// extension that no format has; InputError when the file cannot be written.
void write_label_volume(const LabelVolume& volume, const std::filesystem::path& file);

}  // namespace closo::formats
