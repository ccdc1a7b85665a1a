#include "closo/composite/distributed/raw_brick.hpp"

#include <fstream>
#include <string>
#include <system_error>

#include "closo/base/error.hpp"

namespace closo::composite::distributed {

std::vector<std::uint8_t> read_raw_brick(const std::filesystem::path& path, std::array<std::size_t, 3> size,
                                         const Brick& brick) {
  const base::Place place{path.string()};
  const std::string dimensions =
      std::to_string(size[0]) + " x " + std::to_string(size[1]) + " x " + std::to_string(size[2]);
  const std::size_t expected = size[0] * size[1] * size[2];
  std::error_code error;
  if (!std::filesystem::exists(path, error)) throw base::InputError(place, "there is no such file", "raw labels");
  if (!std::filesystem::is_regular_file(path, error))
    throw base::InputError(place, "this is not a file", "raw labels, one byte a voxel");
  const std::uintmax_t bytes = std::filesystem::file_size(path, error);
  if (error) throw base::InputError(place, "its size cannot be read: " + error.message());
  if (bytes != expected)
    throw base::InputError(place, "the file has " + std::to_string(bytes) + " bytes",
                           std::to_string(expected) + " bytes, one for each of " + dimensions + " voxels");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw base::InputError(place, "the file cannot be opened");

  std::vector<std::uint8_t> labels(brick.voxels());
  // Whole rows, and whole planes, lie in one piece.
  std::size_t length = brick.size[0];
  if (brick.size[0] == size[0]) length *= brick.size[1];
  if (brick.size[0] == size[0] && brick.size[1] == size[1]) length *= brick.size[2];
  for (std::size_t done = 0; done < labels.size(); done += length) {
    const std::size_t row = done / brick.size[0];
    const std::size_t y = brick.from[1] + row % brick.size[1], z = brick.from[2] + row / brick.size[1];
    file.seekg(static_cast<std::streamoff>(brick.from[0] + size[0] * (y + size[1] * z)));
    file.read(reinterpret_cast<char*>(labels.data() + done), static_cast<std::streamsize>(length));
    if (!file) throw base::InputError(place, "reading stopped inside the file");
  }
  return labels;
}

}  // namespace closo::composite::distributed
