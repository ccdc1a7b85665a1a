/// A brick of the labels of a raw voxel file, and nothing else of it: one byte a voxel, x fastest, no header.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "closo/composite/distributed/brick.hpp"

namespace closo::composite::distributed {

/// Labels of `brick`, x fastest, of an image of `size` voxels. Throws: InputError when the file is missing, not a file,
/// unreadable, or not exactly as long as the size says.
std::vector<std::uint8_t> read_raw_brick(const std::filesystem::path& path, std::array<std::size_t, 3> size,
                                         const Brick& brick);

}  // namespace closo::composite::distributed
