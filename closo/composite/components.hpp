/// Connected regions of a voxel image: does a phase reach through, and what hangs in dead ends.
///
/// Neighbours share a face (6-connectivity), across the faces of periodic images too where asked for. Union–find in one
/// pass: J. Hoshen, R. Kopelman, Phys. Rev. B 14 (1976) 3438, DOI 10.1103/PhysRevB.14.3438.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "closo/composite/voxel_image.hpp"

namespace closo::composite {

struct Components {
  std::vector<std::uint32_t> component;  ///< per voxel; 0: not of the set, else 1, 2, …
  std::vector<std::size_t> sizes;        ///< voxels of component 1, 2, …
};
/// Regions of voxels whose label is marked in `member` (one per label). `periodic` joins across the three pairs of
/// faces. Throws: ParameterError when `member` has not one mark per label.
Components label_components(const VoxelImage& image, std::span<const bool> member, bool periodic = false);

struct Percolation {
  bool spans = false;              ///< some component touches both faces across `axis`
  double fraction = 0.0;           ///< of the image: the set
  double spanning_fraction = 0.0;  ///< of the set: in spanning components
  double isolated_fraction = 0.0;  ///< of the set: touches neither face
  std::size_t components = 0;
  std::size_t largest = 0;  ///< voxels
};
/// axis 0, 1 or 2. Throws: ParameterError for another axis; as label_components.
Percolation percolation(const VoxelImage& image, std::span<const bool> member, std::size_t axis);

}  // namespace closo::composite
