/// The cathode's balance of charge with the rest of the cell in series: Newton's method on one potential per cell.
///
/// Unknowns u = φ_s - φ_e per cell and, where voltage or power is held, the current I. The current densities j of each
/// cell and size class are eliminated locally through z_s = base + response · θ j / (F c_max). See parameters.hpp for
/// the equations; the decomposition of the losses is exact for the discrete equations.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "closo/cell/loss_budget.hpp"
#include "closo/cell/parameters.hpp"

namespace closo::cell::detail {

/// Widths [m] of `cells` cells over a thickness [m], thinner to the left with grading above 1; they add up exactly.
std::vector<double> graded_widths(double thickness, std::size_t cells, double grading);

/// What a time step holds fixed.
struct Control {
  enum class Kind : unsigned char { current, voltage, power };
  Kind kind = Kind::current;
  double target = 0.0;  // A/m², V, W/m²
};

/// Coefficients at the present temperature and slow states.
struct ElectrodeCoefficients {
  double temperature = 298.15;
  double ionic = 0.0, electronic = 0.0;     // S/m
  double separator_resistance = 0.0;        // Ω m²
  double anode_resistance = 0.0;            // Ω m²
  double anode_exchange_current = 0.0;      // A/m² times the contacted fraction; 0: reversible metal
  double exchange_current_at_half = 0.0;    // A/m²
  double oxidation_at_onset = 0.0;          // A/m²
  std::vector<double> touching, connected;  // θ and 1 - isolated, per cell
  std::vector<double> film_resistance;      // Ω m², per cell
  std::vector<double> oxidation_thickness;  // m, per cell
};

struct ElectrodeState {
  std::vector<double> u;              // V, per cell
  std::vector<double> j;              // A/m² of contacted area, class by class, cells running fastest
  std::vector<double> overpotential;  // V, charge transfer, as j
  std::vector<double> surface;        // stoichiometry, as j
  double current = 0.0;               // A/m²
  double voltage = 0.0;               // V
  double side_current = 0.0;          // A/m², oxidation of the electrolyte, above 0
};

/// Surface answer of one size class: a value per cell, of z_s or (with a curve) of the integral of D up to z_s.
struct SurfaceAnswer {
  std::span<const double> base, response;
  const DiffusivityCurve* curve = nullptr;
};

class Electrode {
 public:
  Electrode(const CellParameters& parameters, std::size_t cells, double grading);

  std::size_t cells() const noexcept { return width_.size(); }
  std::span<const double> widths() const noexcept { return width_; }
  std::span<const double> middles() const noexcept { return middle_; }
  /// Geometric particle area per volume [1/m] of a size class.
  std::span<const double> areas() const noexcept { return area_; }

  struct Outcome {
    bool is_converged = false;
    std::size_t iterations = 0;
  };
  /// Newton iteration from `state`, which holds the solution afterwards. Where it does not converge (cliffs of the
  /// open-circuit curve, nearly full or empty surfaces) a safeguarded search gives it a better start, if asked for.
  Outcome solve(const ElectrodeCoefficients& at, std::span<const SurfaceAnswer> answers, const Control& control,
                ElectrodeState& state, bool searches = true);

  /// θ j / (F c_max) [m/s] of a solved state, as j.
  void surface_flux(const ElectrodeCoefficients& at, const ElectrodeState& state, std::vector<double>& flux) const;

  /// Powers per area with the mean stoichiometry of every particle (as j) and of the whole cathode.
  LossBudget losses(const ElectrodeCoefficients& at, const ElectrodeState& state, std::span<const double> means,
                    double mean) const;

 private:
  struct Surface {
    double stoichiometry = 0.0;
    double slope = 0.0;  // by j
  };
  Surface surface(const ElectrodeCoefficients& at, const SurfaceAnswer& answer, std::size_t cell,
                  double j) const noexcept;
  double current_to(const ElectrodeCoefficients& at, const SurfaceAnswer& answer, std::size_t cell,
                    double stoichiometry) const noexcept;
  double ionic_current(const ElectrodeCoefficients& at, const ElectrodeState& state, std::size_t face) const noexcept;
  double linear_voltage(const ElectrodeCoefficients& at, std::span<const double> u, double current) const noexcept;
  double anode_overpotential(const ElectrodeCoefficients& at, double current) const noexcept;
  Outcome newton(const ElectrodeCoefficients& at, std::span<const SurfaceAnswer> answers, const Control& control,
                 ElectrodeState& state);
  void close_balance(const ElectrodeCoefficients& at, std::span<const SurfaceAnswer> answers,
                     ElectrodeState& state) const;
  bool find(const ElectrodeCoefficients& at, std::span<const SurfaceAnswer> answers, const Control& control,
            ElectrodeState& state);
  bool find_at_current(const ElectrodeCoefficients& at, std::span<const SurfaceAnswer> answers, double current,
                       ElectrodeState& state);
  void follow(const ElectrodeCoefficients& at, std::span<const SurfaceAnswer> answers, ElectrodeState& state);
  void follow_particle(const ElectrodeCoefficients& at, const SurfaceAnswer& answer, std::size_t cell,
                       std::size_t particle, ElectrodeState& state);
  void add_side_current(const ElectrodeCoefficients& at, std::span<const double> u);
  bool linearise(const ElectrodeCoefficients& at, std::span<const SurfaceAnswer> answers, ElectrodeState& state);
  void eliminate(const ElectrodeCoefficients& at, double current, std::span<const double> u, bool is_current_known);

  const ActiveMaterial material_;
  const std::optional<OxidationModel> oxidation_;
  double equilibrium_ = 0.0;
  double per_flux_ = 0.0;  // 1/(F c_max), m³/C
  std::vector<double> width_, middle_, distance_, per_distance_, area_;
  // Scratch of one iteration.
  ElectrodeState start_;
  std::vector<double> residual_, error_, error_slope_, scale_, cell_current_, cell_slope_, side_;
  std::vector<double> inverse_, upper_, right_, change_, by_current_;
};

}  // namespace closo::cell::detail
