/// A cell and its experiments as residuals over coordinates: what the searches of a calibration see.
///
/// Each parameter is mapped to 1 … 2 between its bounds (evenly, or evenly in the logarithm): numeric derivatives take
/// steps in proportion to a coordinate, so that it must not come near 0.
#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "closo/cell/calibration.hpp"
#include "closo/num/bounded_least_squares.hpp"

namespace closo::cell::detail {

/// The arguments must outlive it. Functions that are const may be called from several threads.
class CalibrationModel {
 public:
  CalibrationModel(const CellDescription& description, std::span<const Experiment> experiments,
                   std::span<const CalibrationParameter> parameters, const CalibrationOptions& options);

  std::size_t residuals() const noexcept { return residuals_; }
  std::size_t size() const noexcept { return parameters_.size(); }
  std::size_t evaluations() const noexcept { return evaluations_; }

  double natural(std::size_t j, double coordinate) const;
  double coordinate(std::size_t j, double value) const;
  std::vector<double> natural(std::span<const double> place) const;
  std::vector<double> start() const;

  /// The cell with fitted values and overrides. What 1C means stays as it was before the fit: the laboratory set its
  /// currents then.
  CellDescription described(std::span<const double> place, std::optional<std::size_t> experiment) const;

  /// Fixes what 1C means at a place, and checks that every experiment can be begun there. Throws: ParameterError.
  void begin_at(std::span<const double> place);

  /// An experiment with everything observed of it; rows where a curve was observed or `keeps_rows` says so. Throws what
  /// the simulator throws.
  ExperimentRun run(std::size_t index, std::span<const double> place, bool keeps_rows) const;

  /// Residuals of everything fitted; false where a cycle is not reached or the cell cannot be built or started.
  bool fill(std::span<const double> place, std::span<double> residuals) const;

  /// Infinite where fill() is false.
  double chi_square(std::span<const double> place) const;

  /// "C/10: discharge voltage of cycle 1": the first of what is fitted that a run at a place does not reach; empty when
  /// all are.
  std::string first_unreached(std::span<const double> place) const;

  /// From a place to a minimum, with central derivatives there. Throws: Cancelled.
  num::BoundedFit search(std::span<const double> from, const base::Progress& progress) const;

  /// As search, but the coordinate j stays where it is, derivatives are forward differences only, and a step that
  /// would lower χ² by less than that share ends it: for profiles, which need χ² and no uncertainties.
  num::BoundedFit search_held(std::span<const double> from, std::size_t j, double tolerance,
                              const base::Progress& progress) const;

 private:
  /// The part of an experiment that is fitted: the steps up to the last cycle that is.
  struct FittedPart {
    Protocol protocol;
    std::vector<std::size_t> observations;
    bool keeps_rows = false;
  };
  ExperimentRun run(std::size_t index, std::span<const double> place, const Protocol& protocol,
                    std::span<const std::size_t> observations, bool keeps_rows) const;
  double relative_noise() const noexcept;
  bool fill_or_throw(std::span<const double> place, std::span<double> residuals) const;

  const CellDescription& description_;
  std::span<const Experiment> experiments_;
  std::span<const CalibrationParameter> parameters_;
  const CalibrationOptions& options_;
  std::vector<std::string> names_;
  std::vector<FittedPart> fitted_;
  std::vector<double> nominal_;  ///< C/m², of each experiment; empty where it is fitted itself
  std::size_t residuals_ = 0;
  mutable std::atomic<std::size_t> evaluations_{0};
};

}  // namespace closo::cell::detail
