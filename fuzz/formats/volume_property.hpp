/// What holds for every reader of voxel images and any bytes: labels that fill the size, which the writers of the
/// formats keep, or an InputError that names the file.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <string_view>

#include "closo/base/error.hpp"
#include "closo/formats/label_volume.hpp"
#include "fuzz/property.hpp"

namespace closo::fuzz {

using VolumeReader = std::function<formats::LabelVolume(std::string_view)>;
using VolumeWriter = std::function<std::string(const formats::LabelVolume&)>;

inline int check_volume_reader(std::string_view bytes, const VolumeReader& read, const VolumeReader& read_written,
                               const VolumeWriter& write) {
  formats::LabelVolume volume;
  try {
    volume = read(bytes);
  } catch (const base::InputError& error) {
    require(!error.problem().empty() && error.place().file == "input", "an error says what and in which file",
            error.what());
    std::size_t lines = 1;
    for (const char c : bytes) lines += c == '\n' ? 1 : 0;
    require(error.place().line <= lines, "an error lies inside the file", error.what());
    return 0;
  }
  const auto& size = volume.size;
  require(size[0] > 0 && size[1] > 0 && size[2] > 0, "an image has voxels");
  require(volume.labels.size() == size[0] * size[1] * size[2], "the labels fill the size");
  for (const double one : volume.spacing) require(one > 0.0 && std::isfinite(one), "spacings are positive");
  require(volume.names.size() <= 256, "a name for each label at most");
  if (volume.labels.size() > 100000) return 0;

  const formats::LabelVolume again = read_written(write(volume));
  require(again.size == volume.size && again.labels == volume.labels, "a written image reads back");
  require(again.names == volume.names, "its names too");
  require(again.is_periodic == volume.is_periodic && again.spacing_is_known == volume.spacing_is_known,
          "periodicity and knowledge of the spacing too");
  return 0;
}

}  // namespace closo::fuzz
