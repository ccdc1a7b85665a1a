/// Calibration: the values of chosen quantities of a cell that meet what experiments have told, how well the
/// experiments pin them down, and what the fitted cell predicts where it was not fitted.
///
/// Every experiment runs the same description with its own overrides (temperature, loading) and its own protocol.
/// Bounded least squares over the observations marked as fitted, from several starts (the description's values and a
/// Latin hypercube over the bounds); quantities of the schema that vary over decades are varied in their logarithm.
/// Uncertainties from the Jacobian at the minimum and, by profile likelihood, as 95 % intervals; where the
/// observations scatter more than they say (χ² per degree of freedom above 1) both grow with it. Directions:
/// eigenvalues of JᵀJ in widths of the bounds; a direction with a standard uncertainty above a fifth of the width is
/// loose. Held-out observations never enter the fit. Uncertainties are taken as independent and normal. Source: M. D.
/// McKay, R. J. Beckman, W. J. Conover, Technometrics 21 (1979) 239, DOI 10.2307/1268522 (Latin hypercube); S. S.
/// Wilks, Ann. Math. Stat. 9 (1938) 60, DOI 10.1214/aoms/1177732360; A. Raue et al., Bioinformatics 25 (2009) 1923, DOI
/// 10.1093/bioinformatics/btp358 (profiles); R. T. Birge, Phys. Rev. 40 (1932) 207, DOI 10.1103/PhysRev.40.207
/// (scatter).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "closo/base/progress.hpp"
#include "closo/cell/cycles.hpp"
#include "closo/cell/description.hpp"
#include "closo/cell/observation.hpp"
#include "closo/cell/protocol.hpp"
#include "closo/cell/simulation.hpp"

namespace closo::cell {

/// One run of the cell and what was observed of it.
struct Experiment {
  std::string name;
  Protocol protocol;
  std::vector<std::pair<std::string, double>> overrides;  ///< quantity and value, SI; they win over fitted values
  std::vector<Observation> observations;
};

/// A quantity of the description that is fitted. SI.
struct CalibrationParameter {
  std::string name;  ///< of described_quantities
  double start = 0.0, low = 0.0, high = 0.0;
  bool is_logarithmic = false;
  bool operator==(const CalibrationParameter&) const = default;
};

/// Bounds from the arguments, else from the description; start from the description, moved into the bounds, else their
/// middle. Throws: InputError for an unknown name (near names); ParameterError without bounds, or bounds out of order,
/// outside of the schema's range, or not above 0 where the quantity is varied in its logarithm.
CalibrationParameter calibration_parameter(const CellDescription& description, std::string_view name,
                                           std::optional<double> low = {}, std::optional<double> high = {});

struct CalibrationOptions {
  SimulationOptions simulation = SimulationOptions{.tolerance = 1e-6};
  std::size_t starts = 4;       ///< searches: from the description and from the best of the samples
  std::size_t samples = 0;      ///< of the Latin hypercube; 0: eight a parameter
  unsigned long long seed = 1;  ///< of the samples
  std::size_t threads = 1;
  bool has_profiles = true;  ///< false: intervals from the Jacobian only
  double rise = 3.84;        ///< of χ² that ends a profile: 3.84 for 95 %
  /// Of the residuals, see num/bounded_least_squares.hpp; 0: ten times the tolerance of the simulation, since the
  /// steps of the integrator change with the parameters.
  double relative_noise = 0.0;
  std::size_t most_iterations = 40;  ///< of each search
  base::Progress progress{};
};

struct CalibratedParameter {
  CalibrationParameter given;
  double value = 0.0;                 ///< SI
  std::optional<double> uncertainty;  ///< standard, SI; where logarithmic: value × that of ln(value); empty: unknown
  std::optional<double> low, high;    ///< 95 % interval; empty: open on that side within the bounds
  bool is_at_low = false, is_at_high = false;  ///< on a bound that the observations would have it leave
  std::vector<std::string> leans_on;           ///< parameters at a bound of their own at an end of the interval
  bool is_identified = false;                  ///< closed on both sides, leaning on nothing
};

/// A direction in the space of the parameters, as varied, in widths of the bounds.
struct CalibrationDirection {
  std::vector<double> components;  ///< of a unit vector
  double uncertainty = 0.0;        ///< standard, along it, in widths; infinite where nothing depends on it
  bool is_loose = false;
};

struct CalibrationSearch {
  std::vector<double> start, values;  ///< SI
  double chi_square = 0.0;
  bool converged = false;
};

/// An experiment run with the fitted values.
struct ExperimentRun {
  SimulationResult result;  ///< with rows where a curve was observed, or all were asked for
  std::vector<CycleRow> cycles;
  std::vector<Prediction> predictions;  ///< one per observation
  /// Of scalar predictions, from the parameters' covariance (the bounds count as a weak prior of their own width).
  std::vector<std::optional<double>> uncertainties;
};

enum class CalibrationStatus : unsigned char {
  converged,
  not_converged,   ///< the values are the best found
  nothing_fitted,  ///< no parameters: a comparison only
};
std::string_view to_string(CalibrationStatus status) noexcept;

struct Calibration {
  CalibrationStatus status = CalibrationStatus::nothing_fitted;
  double start_chi_square = 0.0;  ///< at the description's values; infinite where the model is not defined there
  double chi_square = 0.0;
  std::size_t observed = 0;            ///< residuals of the fit
  std::size_t degrees_of_freedom = 0;  ///< observed less parameters off their bounds, at least 0
  double scatter = 1.0;                ///< by which uncertainties were multiplied, at least 1
  std::vector<CalibratedParameter> parameters;
  std::size_t rank = 0;                          ///< of the Jacobian: parameters less loose directions
  std::vector<double> correlation;               ///< row-major, as varied; the bounds count as a weak prior
  std::vector<CalibrationDirection> directions;  ///< the loosest first
  std::vector<CalibrationSearch> searches;       ///< the best first
  std::vector<ExperimentRun> runs;               ///< one per experiment
  CellDescription description;                   ///< with the fitted values, marked as fitted
  std::size_t evaluations = 0;                   ///< of all experiments together
};

/// Throws: ParameterError for no experiments, parameters named twice, nothing to fit against, options out of range, and
/// whatever makes the start impossible (a protocol in mA/g without mass, a cycle that is not in the protocol);
/// InputError for unknown quantities; NumericsError when the model is defined at none of the starts; Cancelled.
Calibration calibrate(const CellDescription& description, std::span<const Experiment> experiments,
                      std::span<const CalibrationParameter> parameters, const CalibrationOptions& options = {});

/// What a loose direction means, in words: "cathode.particle_radius and cathode.diffusion_coefficient only matter as
/// particle_radius²/diffusion_coefficient". Throws: ParameterError for sizes that do not match.
std::string in_words(const CalibrationDirection& direction, std::span<const CalibratedParameter> parameters);

}  // namespace closo::cell
