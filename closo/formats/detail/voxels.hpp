/// Numbers of a voxel image as labels, whatever type and byte order they are stored in; the checks all images share.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/formats/detail/byte_reader.hpp"
#include "closo/formats/label_volume.hpp"

namespace closo::formats::detail {

enum class NumberKind { whole, signed_whole, real };

/// How a voxel is stored: kind and width.
struct VoxelType {
  NumberKind kind = NumberKind::whole;
  std::size_t bytes = 1;  ///< 1, 2, 4 or 8
};

using VoxelSize = std::array<std::size_t, 3>;

/// Images above this are refused before anything is reserved.
inline constexpr std::size_t max_voxels = std::size_t{1} << 34U;
/// No compression of these formats packs more voxels into a byte (a constant 1-bit image in deflate or LZW).
inline constexpr std::size_t max_voxels_per_byte = 16384;

/// "5 x 4 x 3".
std::string to_text(const VoxelSize& size);
/// Product of the sizes. Throws: InputError for a size of 0 and for more than `max_voxels`.
std::size_t voxel_count(const VoxelSize& size, const base::Place& place);
/// A size in a header. Throws: InputError for anything but a whole number from 1 to `max_voxels`.
std::size_t parse_size(std::string_view text, std::string_view what, const base::Place& place);

/// Appends the labels stored in `bytes` (a multiple of the width). Throws: InputError naming the voxel whose value is
/// not a whole number from 0 to 255.
void append_labels(std::vector<std::uint8_t>& labels, std::string_view bytes, VoxelType type, ByteOrder order,
                   const VoxelSize& size, const base::Place& place);
/// All labels of an image. Throws: InputError as above, and when the bytes are fewer or more than the size asks for.
std::vector<std::uint8_t> to_labels(std::string_view bytes, VoxelType type, ByteOrder order, const VoxelSize& size,
                                    const base::Place& place);
/// The same from numbers in text, separated by blanks.
std::vector<std::uint8_t> text_to_labels(std::string_view text, const VoxelSize& size, const base::Place& place);

/// Labels stored with z fastest in the order with x fastest.
std::vector<std::uint8_t> from_z_fastest(const std::vector<std::uint8_t>& labels, const VoxelSize& size);

/// Metres in a length unit as image programs write it ("um", "micron", "\u00B5m", "mm", "inch"); empty for anything
/// that is no length ("pixel").
std::optional<double> metres(std::string_view unit);
/// Sets the spacing when every number lies between 1e-30 and 1e30, else leaves it as it is; `unit` empty: relative
/// numbers. Returns whether it was set.
bool set_spacing(LabelVolume& volume, const std::array<double, 3>& spacing, std::optional<double> unit);
/// The spacing in the length unit that gives handy numbers: "nm", "um", "mm" or "m".
struct SpacingText {
  std::array<double, 3> values{};
  std::string_view unit;
};
SpacingText handy_spacing(const LabelVolume& volume);

/// Puts a name, on one line, at the place of its label. Names of labels above 255 are left out.
void set_name(std::vector<std::string>& names, std::size_t label, std::string_view name);

/// Throws: ParameterError when the number of labels is not the product of the size, a known spacing is not positive,
/// there are more than 256 names, or a name or the origin has control characters other than blanks.
void check_writable(const LabelVolume& volume);
/// The text on one line.
std::string on_one_line(std::string_view text);

}  // namespace closo::formats::detail
