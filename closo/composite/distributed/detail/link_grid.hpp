/// The conductances between the voxels of a brick, its neighbours and the electrodes.
///
/// Scaled so that the largest conductivity and the largest geometric factor (area over distance) are 1.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "closo/composite/distributed/brick.hpp"
#include "closo/composite/distributed/detail/exchange.hpp"

namespace closo::composite::distributed::detail {

/// What holds for the whole image.
struct LinkScale {
  std::size_t axis = 0;                         ///< of the current
  std::array<double, 3> factor{1.0, 1.0, 1.0};  ///< area over distance, the largest 1
  std::vector<double> relative;                 ///< per label: conductivity over the largest one
  double to_conductivity = 1.0;                 ///< S/m per unit of Σ c (Δφ)² for a unit drop
};
/// `largest` [S/m]: of the labels that occur.
LinkScale make_scale(const std::array<std::size_t, 3>& size, const std::array<double, 3>& spacing, std::size_t axis,
                     std::span<const double> conductivities, double largest);

/// What ends at the low side and the high side of a voxel along every axis: a conductance to the neighbour or, at the
/// ends of the image across the current, to an electrode; 0 elsewhere.
struct Links {
  std::array<double, 6> conductance{};  ///< in the order of Faces
  bool low_electrode = false, high_electrode = false;
};

class LinkGrid {
 public:
  /// Collective. `labels` must outlive the object.
  LinkGrid(const World& world, const Brick& brick, const std::array<std::optional<std::size_t>, 6>& neighbours,
           LinkScale scale, std::span<const std::uint8_t> labels);

  Links at(const std::array<std::size_t, 3>& voxel) const;
  const Brick& brick() const noexcept { return brick_; }
  const LinkScale& scale() const noexcept { return scale_; }

 private:
  Brick brick_;
  LinkScale scale_;
  std::span<const std::uint8_t> labels_;
  Faces<std::uint8_t> faces_;
  std::vector<double> series_;  ///< of two labels
};

}  // namespace closo::composite::distributed::detail
