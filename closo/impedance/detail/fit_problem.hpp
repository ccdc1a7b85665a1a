/// The weighted residuals of one circuit and one spectrum as a problem for the minimiser.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "closo/impedance/detail/levenberg_marquardt.hpp"
#include "closo/impedance/detail/program.hpp"
#include "closo/impedance/fit.hpp"

namespace closo::impedance::detail {

/// The coordinate of a parameter in a fit, and back.
double to_coordinate(const Parameter& parameter, double value);
double from_coordinate(const Parameter& parameter, double coordinate);

class FitProblem {
 public:
  FitProblem(const Circuit& circuit, const PreparedSpectrum& data, const FitOptions& options);
  FitProblem(const FitProblem&) = delete;
  FitProblem& operator=(const FitProblem&) = delete;

  std::size_t size() const noexcept { return free_.size(); }
  const double* lower() const noexcept { return lower_.data(); }
  const double* upper() const noexcept { return upper_.data(); }
  double cost(const double* x);
  void normal_equations(double* matrix, double* gradient);

  /// Parameters of the circuit that the coordinates stand for.
  const std::vector<std::size_t>& free() const noexcept { return free_; }
  /// All parameters at the latest cost().
  const std::vector<double>& values() const noexcept { return values_; }
  Complex model(std::size_t point) const { return {evaluation_.real()[point], evaluation_.imaginary()[point]}; }
  /// Coordinates of a full set of parameters.
  void coordinates(std::span<const double> values, double* x) const;
  void set_fixed(std::span<const double> values);
  std::size_t points() const noexcept { return points_; }
  /// Cost of an impedance of zero: what a cost is to be compared with.
  double observed_square() const;
  double chi_square_unit() const noexcept {
    return chi_square_unit_;
  }  ///< chi² of the caller's weights is cost times this

  /// Weights from the model of the latest cost() (calculated modulus). True when a weight moved by more than
  /// `tolerance`.
  bool reweight(double tolerance);
  /// Noise scale of the robust loss from the residuals of the latest cost(); true when it moved by more than
  /// `tolerance`.
  bool rescale_loss(double tolerance);
  bool robust() const noexcept { return loss_ != RobustLoss::none; }

 private:
  void set_weights(const FitOptions& options);
  double robust_cost();

  const Circuit* circuit_;
  const PreparedSpectrum* data_;
  Program program_;
  Grid grid_;
  Evaluation evaluation_;
  RobustLoss loss_;
  std::size_t points_ = 0;
  std::size_t stride_ = 0;
  double chi_square_unit_ = 1.0;
  double loss_scale_ = 0.0;  ///< 0: no loss yet
  std::vector<std::size_t> free_;
  std::vector<char> logarithmic_;
  std::vector<int> column_;
  std::vector<double> lower_, upper_;
  std::vector<double> values_, logs_;
  std::vector<double> observed_, weight_, effective_weight_, residual_, jacobian_;
};

}  // namespace closo::impedance::detail
