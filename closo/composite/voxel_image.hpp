/// A microstructure as voxels: one label byte each, with the phase every label stands for.
///
/// Index order: x fastest (label(x, y, z) = labels[x + nx (y + ny z)]), as in VTK and NRRD files. Voxels may be boxes
/// (spacing per axis). A phase is a role, so that laws and reports know what a label means.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace closo::composite {

enum class Phase : std::uint8_t {
  bulk,        ///< the ion conductor
  interphase,  ///< reacted layer on the wetted insulator surface
  insulator,   ///< oxide filler or scaffold
  void_space,  ///< pores
  grain_boundary,
  active_material,
  carbon,
  interlayer,  ///< a further solid layer or coating
};
std::string_view to_string(Phase phase);
/// Throws: ParameterError with the nearest name.
Phase parse_phase(std::string_view text);

struct VoxelImage {
  std::array<std::size_t, 3> size{};                ///< voxels along x, y, z
  std::array<double, 3> spacing{1e-9, 1e-9, 1e-9};  ///< m
  std::vector<std::uint8_t> labels;                 ///< size[0]·size[1]·size[2]
  std::vector<Phase> phases;                        ///< of label 0, 1, …
  bool is_periodic = false;                         ///< made to continue at its faces
  std::string origin;                               ///< generator with its inputs and seed, or the file

  std::size_t voxels() const noexcept { return size[0] * size[1] * size[2]; }
  std::size_t index(std::size_t x, std::size_t y, std::size_t z) const noexcept {
    return x + size[0] * (y + size[1] * z);
  }
};

/// Throws: ParameterError when the number of labels is not the product of the size, a size is 0, a spacing is not
/// above 0, or a label has no phase (named, with its first place).
void check(const VoxelImage& image);

/// Volume fraction of every label, in the order of `phases`.
std::vector<double> fractions(const VoxelImage& image);
/// Of every role, in the order of the enumeration.
std::array<double, 8> phase_fractions(const VoxelImage& image);

/// Area of faces between voxels of the two roles per volume [1/m], corrected for the staircase of flat surfaces in
/// random orientation (factor 2/3). Periodic images count across their faces.
double interface_area_per_volume(const VoxelImage& image, Phase a, Phase b);

/// Every voxel cut into 2 × 2 × 2.
VoxelImage subdivide(const VoxelImage& image);
/// A box of the image. Throws: ParameterError outside of it.
VoxelImage crop(const VoxelImage& image, std::array<std::size_t, 3> from, std::array<std::size_t, 3> size);
/// Axes in another order: axes[0] becomes x. Throws: ParameterError when `axes` is no permutation.
VoxelImage transpose(const VoxelImage& image, std::array<std::size_t, 3> axes);

}  // namespace closo::composite
