/// A symmetric 7-point system in hypre's structured interface, solved by PFMG-preconditioned conjugate gradients.
///
/// Galerkin coarse operators and weighted Jacobi smoothing: hypre's 7-point coarse operators (with which alone its
/// red–black smoothing works) divide by zero where rows stand alone, and take five times the iterations at high
/// contrast. The weight 1/2 keeps the cycle positive definite where the largest eigenvalue of a scaled coarse operator
/// stays below 4; hypre's own weight, up to 1, broke down on uncorrelated voxels of contrast 1e9.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>

#include "closo/composite/distributed/brick.hpp"
#include "closo/composite/distributed/world.hpp"

namespace closo::composite::distributed::detail {

/// One plane z of a brick: diagonal, the three entries towards lower x, y, z, and the right-hand side; x fastest.
struct PlaneRows {
  std::span<const double> diagonal, low_x, low_y, low_z, right;
};

class HypreSystem {
 public:
  /// Collective, as are assemble() and solve(). `world` must outlive the object.
  HypreSystem(const World& world, const Brick& brick);
  ~HypreSystem();
  HypreSystem(const HypreSystem&) = delete;
  HypreSystem& operator=(const HypreSystem&) = delete;

  /// `z` and the planes count inside the brick.
  void set_rows(std::size_t z, const PlaneRows& rows);
  void set_start(std::size_t z, std::span<const double> values);
  /// Builds the multigrid levels. Throws: NumericsError when hypre fails.
  void assemble();
  /// Goes on from the current solution until ‖r‖ ≤ tolerance ‖b‖; the number of iterations it took. Throws:
  /// NumericsError when hypre breaks down.
  std::size_t solve(double tolerance, std::size_t max_iterations);
  /// Builds the levels again with half the smoothing weight, for a solve that stopped early because the cycle was not
  /// positive definite. False when that has been tried enough.
  bool weaken();
  void get_solution(std::size_t z, std::span<double> values) const;

  /// The largest number of unknowns that hypre's integers count.
  static double most_unknowns();

 private:
  void build_levels();

  struct Handles;
  const World& world_;
  std::unique_ptr<Handles> handles_;
};

}  // namespace closo::composite::distributed::detail
