/// A voxel image seen from a corner: one ray a pixel through the box, with the nearest octant cut out.
///
/// Orthographic. Every ray steps from voxel to voxel to the first one that is not transparent; its face is shaded by
/// the direction of a distant lamp on the upper left, with hard shadows. Pixels where neighbours differ are cast four
/// times. Source: J. Amanatides, A. Woo, A Fast Voxel Traversal Algorithm for Ray Tracing, Eurographics '87, 3–10,
/// DOI 10.2312/egtp.19871000.
#pragma once

#include <cstddef>
#include <span>

#include "closo/composite/voxel_image.hpp"
#include "closo/report/picture.hpp"
#include "closo/tasks/detail/canvas.hpp"

namespace closo::tasks::detail {

struct ViewOptions {
  double azimuth = 38.0;     ///< degrees from x towards y, above 0 and below 90
  double elevation = 30.0;   ///< degrees above the plane of x and y, above 0 and below 90
  std::size_t pixels = 900;  ///< longest side of the picture, at least 100
  bool cut_octant = true;    ///< no effect on images of one voxel along an axis
  bool frame = true;         ///< edges and axes
};

/// How a label looks.
struct Surface {
  report::Colour colour{};
  bool transparent = false;
};

struct VoxelView {
  Canvas canvas;
  double pixel = 0.0;  ///< m
};

/// `surfaces`: one per label. Throws: ParameterError for options out of range, too few surfaces, or a broken image.
VoxelView voxel_view(const composite::VoxelImage& image, std::span<const Surface> surfaces,
                     const ViewOptions& options = {});

}  // namespace closo::tasks::detail
