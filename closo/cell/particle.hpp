/// Diffusion in active particles: many equal particles stepped together by variable-step BDF, linear in the surface
/// flux.
///
/// Model: dz/dt = r^-m d/dr(r^m D dz/dr), m = 0, 1, 2 for slab, cylinder, sphere; no flux in the middle, at the surface
/// D dz/dr = g (g > 0 inserts; g = θ j / (F c_max) [m/s]). Finite volumes in shells that get thinner to the surface,
/// with distances chosen such that the parabola of a steady flux is exact on every mesh. One step is z_s = a + b g, so
/// the cell's Newton iteration needs only a and b of each particle. With D(z), the fluxes (diffusivity_curve.hpp) are
/// linearised at extrapolated z, which is second order and conservative, and again at the result where that is not near
/// enough. Source: J. Crank, The Mathematics of Diffusion, 2nd ed. (1975), ch. 4 to 7.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "closo/cell/diffusivity_curve.hpp"

namespace closo::cell {

enum class ParticleShape : unsigned char { slab, cylinder, sphere };

/// Surface to volume of a particle × its radius: 1, 2, 3.
double surface_factor(ParticleShape shape) noexcept;

/// dz/dt ≈ (new·z_new + now·z_now + before·z_before) / step.
struct BdfWeights {
  double step = 0.0;  ///< s
  double now = -1.0, before = 0.0, next = 1.0;
};

/// Weights of order 1 (no previous step) or 2 for this step after the previous one, both [s].
BdfWeights bdf_weights(int order, double step, double previous_step) noexcept;

class ParticleBank {
 public:
  /// `count` particles of a radius [m] in `shells` shells. Grading 1 is uniform; with g the boundary k of M lies at
  /// R (1 - (1 - k/M)^g). Throws: ParameterError for a radius not above 0, fewer than 2 shells, grading outside 1 to 3,
  /// a start outside 0 to 1.
  ParticleBank(ParticleShape shape, double radius, std::size_t shells, double grading, std::size_t count,
               double stoichiometry);

  std::size_t count() const noexcept { return count_; }
  std::size_t shells() const noexcept { return shells_; }

  /// Prepares one step: fills surface_base() and surface_response(). Constant diffusivity [m²/s].
  void prepare(const BdfWeights& weights, double diffusivity);
  /// As above with D(z), linearised at the profiles extrapolated over the previous step (none: 0). Then base and
  /// response are those of Φ(z_s), the integral of D: Φ(z_s) = base + response · g, in m²/s and m.
  void prepare(const BdfWeights& weights, const DiffusivityCurve& diffusivity, double previous_step);
  /// The same step linearised this share of the way to the new profiles that finish() found.
  void prepare_again(const BdfWeights& weights, const DiffusivityCurve& diffusivity, double share);
  /// Largest |new - where it was linearised|; 0 with a constant diffusivity.
  double distance_to_linearisation() const noexcept;
  /// The limit of no step at all: only the surface layer answers.
  void prepare_instant(double diffusivity);
  void prepare_instant(const DiffusivityCurve& diffusivity);

  /// z_s = base + response · g, per particle; response in s/m. With D(z): see prepare().
  std::span<const double> surface_base() const noexcept { return base_; }
  std::span<const double> surface_response() const noexcept { return response_; }

  /// Computes the step's new profiles from the surface fluxes [m/s]; they wait until accept().
  void finish(std::span<const double> flux);

  /// Largest |new - extrapolation| over particles and shells; the extrapolation is linear (two past profiles) or
  /// quadratic (three). Steps in s.
  double distance_to_linear(double step, double previous) const noexcept;
  double distance_to_quadratic(double step, double previous, double before_previous) const noexcept;

  /// Whether the new profiles lie in 0 to 1 (order 1 always keeps them there, order 2 can overshoot).
  bool is_within_range() const noexcept;

  void accept();

  /// Mean stoichiometry of each particle now.
  double mean(std::size_t particle) const noexcept;
  /// The same for all, into `values` of size count().
  void means(std::span<double> values) const noexcept;
  /// Stoichiometry of shell k (0: middle) of a particle now.
  double at(std::size_t shell, std::size_t particle) const noexcept { return now_[shell * count_ + particle]; }

  /// Whole state, for checkpoints: profiles now and the two before, each shells × count with the particle running
  /// fastest. Throws on restore: ParameterError for another size.
  struct State {
    std::vector<double> now, before, before_that;
    bool operator==(const State&) const = default;
  };
  State state() const { return {now_, before_, before_that_}; }
  void restore(const State& state);

  /// Relative shell volumes (sum 1) and conductances area/distance [1/m] between shells relative to the particle's
  /// volume; the surface area over volume [1/m] and the distance of the outer shell's mean to the surface [m].
  std::span<const double> volumes() const noexcept { return volume_; }
  std::span<const double> conductances() const noexcept { return conductance_; }
  double surface_per_volume() const noexcept { return surface_; }
  double outer_distance() const noexcept { return outer_; }

 private:
  void forward(const BdfWeights& weights);
  void linearise(const BdfWeights& weights, const DiffusivityCurve& diffusivity);
  void respond(double inflow, std::size_t stride, std::size_t particle);

  std::size_t shells_ = 0, count_ = 0;
  double surface_ = 0.0, outer_ = 0.0;
  std::vector<double> volume_, conductance_;
  std::vector<double> now_, before_, before_that_, next_;
  // Factors of the tridiagonal matrix: one set for all particles, or one each with D(z).
  bool is_shared_ = true;
  std::vector<double> pivot_, lower_, upper_, unit_;
  std::vector<double> linear_at_, rest_;  // where it is linearised, and its constant part
  std::vector<double> base_, response_;
  std::vector<double> open_;
};

}  // namespace closo::cell
