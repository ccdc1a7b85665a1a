#include "closo/composite/voxel_image.hpp"

#include <algorithm>
#include <cmath>

#include "closo/base/error.hpp"
#include "closo/base/suggestion.hpp"

namespace closo::composite {
namespace {

constexpr std::array<std::string_view, 8> phase_names{"bulk",           "interphase",      "insulator", "void",
                                                      "grain boundary", "active material", "carbon",    "interlayer"};

std::string place(const VoxelImage& image, std::size_t index) {
  const std::size_t x = index % image.size[0];
  const std::size_t y = index / image.size[0] % image.size[1];
  const std::size_t z = index / image.size[0] / image.size[1];
  return "(" + std::to_string(x) + ", " + std::to_string(y) + ", " + std::to_string(z) + ")";
}

}  // namespace

std::string_view to_string(Phase phase) { return phase_names[static_cast<std::size_t>(phase)]; }

Phase parse_phase(std::string_view text) {
  std::string wanted(text);
  std::ranges::replace(wanted, '_', ' ');
  std::ranges::replace(wanted, '-', ' ');
  const auto found = std::ranges::find(phase_names, wanted);
  if (found != phase_names.end()) return static_cast<Phase>(found - phase_names.begin());
  std::vector<std::string> names(phase_names.begin(), phase_names.end());
  std::string accepted;
  for (const std::string& name : names) accepted += (accepted.empty() ? "" : ", ") + name;
  const std::string near = base::did_you_mean(wanted, names);
  throw base::ParameterError("phase", "'" + std::string(text) + "'", accepted + (near.empty() ? "" : "; " + near));
}

void check(const VoxelImage& image) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (image.size[axis] == 0) throw base::ParameterError("size", "0", "at least one voxel along every axis");
    if (!(image.spacing[axis] > 0.0) || !std::isfinite(image.spacing[axis]))
      throw base::ParameterError("spacing", std::to_string(image.spacing[axis]), "a length above 0 m");
  }
  if (image.labels.size() != image.voxels()) {
    throw base::ParameterError("labels", std::to_string(image.labels.size()) + " voxels",
                               std::to_string(image.voxels()) + " (" + std::to_string(image.size[0]) + " × " +
                                   std::to_string(image.size[1]) + " × " + std::to_string(image.size[2]) + ")");
  }
  const auto wrong =
      std::ranges::find_if(image.labels, [&](std::uint8_t label) { return label >= image.phases.size(); });
  if (wrong == image.labels.end()) return;
  throw base::ParameterError("labels",
                             "label " + std::to_string(*wrong) + " at voxel " +
                                 place(image, static_cast<std::size_t>(wrong - image.labels.begin())),
                             "labels below " + std::to_string(image.phases.size()) + ", each with a phase");
}

std::vector<double> fractions(const VoxelImage& image) {
  std::array<std::size_t, 256> counts{};
  for (const std::uint8_t label : image.labels) ++counts[label];
  std::vector<double> shares;
  for (std::size_t label = 0; label < image.phases.size(); ++label)
    shares.push_back(static_cast<double>(counts[label]) / static_cast<double>(image.voxels()));
  return shares;
}

std::array<double, 8> phase_fractions(const VoxelImage& image) {
  std::array<double, 8> shares{};
  const std::vector<double> of_labels = fractions(image);
  for (std::size_t label = 0; label < of_labels.size(); ++label)
    shares[static_cast<std::size_t>(image.phases[label])] += of_labels[label];
  return shares;
}

double interface_area_per_volume(const VoxelImage& image, Phase a, Phase b) {
  const auto meets = [&](std::size_t i, std::size_t j) {
    const Phase first = image.phases[image.labels[i]], second = image.phases[image.labels[j]];
    return (first == a && second == b) || (first == b && second == a);
  };
  const std::array<std::size_t, 3> step{1, image.size[0], image.size[0] * image.size[1]};
  double area = 0.0;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double face = image.spacing[(axis + 1) % 3] * image.spacing[(axis + 2) % 3];
    std::size_t faces = 0;
    for (std::size_t z = 0; z < image.size[2]; ++z) {
      for (std::size_t y = 0; y < image.size[1]; ++y) {
        for (std::size_t x = 0; x < image.size[0]; ++x) {
          const std::array<std::size_t, 3> at{x, y, z};
          const std::size_t here = image.index(x, y, z);
          if (at[axis] + 1 < image.size[axis]) {
            faces += meets(here, here + step[axis]);
          } else if (image.is_periodic && image.size[axis] > 1) {
            faces += meets(here, here - step[axis] * (image.size[axis] - 1));
          }
        }
      }
    }
    area += face * static_cast<double>(faces);
  }
  const double volume = image.spacing[0] * image.spacing[1] * image.spacing[2] * static_cast<double>(image.voxels());
  return 2.0 / 3.0 * area / volume;
}

VoxelImage subdivide(const VoxelImage& image) {
  VoxelImage fine = image;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    fine.size[axis] *= 2;
    fine.spacing[axis] /= 2.0;
  }
  fine.labels.resize(fine.voxels());
  for (std::size_t z = 0; z < fine.size[2]; ++z) {
    for (std::size_t y = 0; y < fine.size[1]; ++y) {
      const std::uint8_t* from = &image.labels[image.index(0, y / 2, z / 2)];
      std::uint8_t* to = &fine.labels[fine.index(0, y, z)];
      for (std::size_t x = 0; x < fine.size[0]; ++x) to[x] = from[x / 2];
    }
  }
  return fine;
}

VoxelImage crop(const VoxelImage& image, std::array<std::size_t, 3> from, std::array<std::size_t, 3> size) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (size[axis] == 0 || from[axis] >= image.size[axis] || size[axis] > image.size[axis] - from[axis])
      throw base::ParameterError("crop", std::to_string(from[axis]) + " + " + std::to_string(size[axis]),
                                 "a box within " + std::to_string(image.size[axis]) + " voxels");
  }
  VoxelImage part = image;
  part.size = size;
  part.is_periodic = image.is_periodic && size == image.size;
  part.labels.resize(part.voxels());
  for (std::size_t z = 0; z < size[2]; ++z) {
    for (std::size_t y = 0; y < size[1]; ++y) {
      const auto row =
          image.labels.begin() + static_cast<std::ptrdiff_t>(image.index(from[0], from[1] + y, from[2] + z));
      std::copy_n(row, size[0], part.labels.begin() + static_cast<std::ptrdiff_t>(part.index(0, y, z)));
    }
  }
  return part;
}

VoxelImage transpose(const VoxelImage& image, std::array<std::size_t, 3> axes) {
  std::array<std::size_t, 3> sorted = axes;
  std::ranges::sort(sorted);
  if (sorted != std::array<std::size_t, 3>{0, 1, 2}) {
    throw base::ParameterError("axes", std::to_string(axes[0]) + std::to_string(axes[1]) + std::to_string(axes[2]),
                               "0, 1 and 2, each once");
  }
  VoxelImage turned = image;
  const std::array<std::size_t, 3> step{1, image.size[0], image.size[0] * image.size[1]};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    turned.size[axis] = image.size[axes[axis]];
    turned.spacing[axis] = image.spacing[axes[axis]];
  }
  std::size_t to = 0;
  for (std::size_t z = 0; z < turned.size[2]; ++z) {
    for (std::size_t y = 0; y < turned.size[1]; ++y) {
      const std::size_t row = y * step[axes[1]] + z * step[axes[2]];
      for (std::size_t x = 0; x < turned.size[0]; ++x) turned.labels[to++] = image.labels[row + x * step[axes[0]]];
    }
  }
  return turned;
}

}  // namespace closo::composite
