/// Pictures of voxel images for reports: slices, a view into the box, and where a current heats.
///
/// The colours tell the phases apart for readers with every kind of colour vision and keep to their phase in all
/// pictures; further labels of one phase get lighter and darker tones of its colour. Legends say the volume fractions.
/// Sources: phases from M. Okabe, K. Ito, Color Universal Design (2008, https://jfly.uni-koeln.de/color/); heat:
/// "inferno" of S. van der Walt, N. Smith (2015, matplotlib, CC0), equal steps of lightness for equal ratios.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "closo/composite/voxel_image.hpp"
#include "closo/report/picture.hpp"

namespace closo::tasks {

/// One per label. Voids are white.
std::vector<report::Colour> label_colours(const std::vector<composite::Phase>& phases);

/// The planes x–y, x–z and y–z side by side on one scale, through voxel `at` (empty: the middle). Of images one voxel
/// thick only the planes that show something.
/// Throws: ParameterError for a broken image or a voxel outside of it.
report::Picture slices_picture(const composite::VoxelImage& image, std::string id, std::string title,
                               std::optional<std::array<std::size_t, 3>> at = {});

/// The box from a corner, its nearest octant cut out, voids transparent.
/// `pixels`: longest side. Throws: ParameterError for a broken image or a side beyond 100 to 20000.
report::Picture view_picture(const composite::VoxelImage& image, std::string id, std::string title,
                             std::size_t pixels = 900);

struct HotSpotPlane {
  std::size_t current_axis = 0;              ///< drawn from left to right
  std::optional<std::size_t> across = {};    ///< axis the plane stands across, another one; empty: the next axis
  std::optional<std::size_t> position = {};  ///< voxels along `across`; empty: the plane of the hottest voxel
};

/// Dissipation σ|∇φ|² in a plane along the current, in units of its mean and on a logarithmic scale, with the
/// boundaries of the labels. `dissipation`: one per voxel in units of its mean, as ConductivityResult has it.
/// Throws: ParameterError for a broken image, another number of values, a negative or non-finite one, or a plane that
/// does not exist.
report::Picture hot_spot_picture(const composite::VoxelImage& image, std::span<const float> dissipation, std::string id,
                                 std::string title, const HotSpotPlane& plane = {});

/// Share of the whole dissipation in the hottest `fraction` of all voxels (to the 0.4 % that the bins of the count
/// resolve); 0 where nothing dissipates. Throws: ParameterError for a fraction outside [0, 1].
double hottest_share(std::span<const float> dissipation, double fraction);

}  // namespace closo::tasks
