#include "closo/impedance/detail/fit_problem.hpp"

#include <algorithm>
#include <cmath>

#include "closo/base/error.hpp"

namespace closo::impedance::detail {
namespace {

/// Logarithmic parameters may leave the range that the data can see by this factor, no further: beyond it nothing
/// changes.
constexpr double reach = 1e8;

struct DataScale {
  double lowest_modulus, highest_modulus;
  double lowest_omega, highest_omega;
};

DataScale scale_of(const PreparedSpectrum& data) {
  DataScale scale{std::abs(data.impedance.front()), std::abs(data.impedance.front()),
                  6.283185307179586 * data.frequency.front(), 6.283185307179586 * data.frequency.back()};
  for (const Complex& z : data.impedance) {
    scale.lowest_modulus = std::min(scale.lowest_modulus, std::abs(z));
    scale.highest_modulus = std::max(scale.highest_modulus, std::abs(z));
  }
  return scale;
}

/// Smallest and largest value the data can tell from nothing, widened by `reach`.
std::pair<double, double> natural_range(const Parameter& parameter, const DataScale& s) {
  // Pseudo-capacitances span the range over all exponents from 0 to 1.
  const double slow = std::min(s.lowest_omega, 1.0);
  const double fast = std::max(s.highest_omega, 1.0);
  switch (parameter.role) {
    case ParameterRole::resistance:
      return {s.lowest_modulus / reach, s.highest_modulus * reach};
    case ParameterRole::capacitance:
      return {1.0 / (s.highest_modulus * fast) / reach, 1.0 / (s.lowest_modulus * slow) * reach};
    case ParameterRole::inductance:
      return {s.lowest_modulus / fast / reach, s.highest_modulus / slow * reach};
    case ParameterRole::warburg_coefficient:
      return {s.lowest_modulus * std::sqrt(s.lowest_omega) / reach,
              s.highest_modulus * std::sqrt(s.highest_omega) * reach};
    case ParameterRole::time:
      return {1.0 / s.highest_omega / reach, 1.0 / s.lowest_omega * reach};
    case ParameterRole::ratio:
      return {1.0 / reach, reach};
    case ParameterRole::exponent:
      break;
  }
  return {parameter.lower, parameter.upper};
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

double to_coordinate(const Parameter& parameter, double value) {
  return parameter.scale == ParameterScale::logarithmic ? std::log(value) : value;
}

double from_coordinate(const Parameter& parameter, double coordinate) {
  return parameter.scale == ParameterScale::logarithmic ? std::exp(coordinate) : coordinate;
}

FitProblem::FitProblem(const Circuit& circuit, const PreparedSpectrum& data, const FitOptions& options)
    : circuit_(&circuit),
      data_(&data),
      program_(circuit),
      grid_(data.frequency),
      evaluation_(program_, grid_),
      loss_(options.loss),
      points_(data.size()),
      stride_(grid_.stride()) {
  const DataScale scale = scale_of(data);
  column_.assign(circuit.parameters.size(), -1);
  values_.assign(circuit.parameters.size(), 1.0);
  logs_.assign(circuit.parameters.size(), 0.0);
  for (std::size_t i = 0; i < circuit.parameters.size(); ++i) {
    const Parameter& parameter = circuit.parameters[i];
    logarithmic_.push_back(parameter.scale == ParameterScale::logarithmic ? 1 : 0);
    if (parameter.fixed) {
      values_[i] = *parameter.fixed;
      logs_[i] = logarithmic_[i] ? std::log(values_[i]) : 0.0;
      continue;
    }
    column_[i] = static_cast<int>(free_.size());
    free_.push_back(i);
    const auto [natural_lower, natural_upper] = natural_range(parameter, scale);
    const bool logarithmic = logarithmic_[i] != 0;
    const double low = logarithmic && parameter.lower <= 0.0 ? natural_lower : parameter.lower;
    const double high = logarithmic && !std::isfinite(parameter.upper) ? natural_upper : parameter.upper;
    lower_.push_back(to_coordinate(parameter, low));
    upper_.push_back(to_coordinate(parameter, std::max(high, low)));
  }
  observed_.assign(2 * stride_, 0.0);
  for (std::size_t i = 0; i < points_; ++i) {
    observed_[i] = data.impedance[i].real();
    observed_[stride_ + i] = data.impedance[i].imag();
  }
  residual_.assign(2 * stride_, 0.0);
  jacobian_.assign(2 * stride_ * free_.size(), 0.0);
  set_weights(options);
}

void FitProblem::set_weights(const FitOptions& options) {
  weight_.assign(2 * stride_, 0.0);
  double scale = 0.0;
  for (const Complex& z : data_->impedance) scale += std::norm(z);
  scale = std::sqrt(scale / static_cast<double>(points_));
  for (std::size_t i = 0; i < points_; ++i) {
    const Complex z = data_->impedance[i];
    const double modulus = std::abs(z);
    double re = modulus;
    double im = modulus;
    switch (options.weighting) {
      case Weighting::modulus:
      case Weighting::calculated_modulus:
        break;
      case Weighting::proportional:
        re = std::max(std::fabs(z.real()), 0.01 * modulus);
        im = std::max(std::fabs(z.imag()), 0.01 * modulus);
        break;
      case Weighting::unit:
        re = im = scale;
        break;
      case Weighting::given:
        if (data_->uncertainty.empty()) {
          throw base::ParameterError("weighting", "given", "a spectrum with uncertainties, or another weighting");
        }
        re = data_->uncertainty[i].real();
        im = data_->uncertainty[i].imag();
        break;
    }
    weight_[i] = 1.0 / re;
    weight_[stride_ + i] = 1.0 / im;
  }
  // Unit weights are carried relative to the data's size, so that nothing inside depends on the unit.
  chi_square_unit_ = options.weighting == Weighting::unit ? scale * scale : 1.0;
  effective_weight_ = weight_;
}

void FitProblem::coordinates(std::span<const double> values, double* x) const {
  for (std::size_t k = 0; k < free_.size(); ++k) x[k] = to_coordinate(circuit_->parameters[free_[k]], values[free_[k]]);
}

void FitProblem::set_fixed(std::span<const double> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (column_[i] >= 0) continue;
    values_[i] = values[i];
    logs_[i] = logarithmic_[i] ? std::log(values[i]) : 0.0;
  }
}

double FitProblem::cost(const double* x) {
  for (std::size_t k = 0; k < free_.size(); ++k) {
    const std::size_t i = free_[k];
    if (logarithmic_[i]) {
      logs_[i] = x[k];
      values_[i] = std::exp(x[k]);
    } else {
      values_[i] = x[k];
    }
  }
  evaluation_.forward(values_.data(), logs_.data());
  const double* __restrict model = evaluation_.real();  // Z'' follows Z' in memory
  const double* __restrict observed = observed_.data();
  const double* __restrict weight = weight_.data();
  double* __restrict residual = residual_.data();
  const std::size_t n = 2 * stride_;
  for (std::size_t i = 0; i < n; ++i) residual[i] = weight[i] * (model[i] - observed[i]);
  if (loss_ != RobustLoss::none && loss_scale_ > 0.0) return robust_cost();
  return dot(residual, residual, n);
}

/// Iteratively reweighted form: residual and derivatives of a point are multiplied by sqrt(rho').
double FitProblem::robust_cost() {
  const double scale2 = loss_scale_ * loss_scale_;
  double sum = 0.0;
  for (std::size_t i = 0; i < points_; ++i) {
    const std::size_t j = stride_ + i;
    const double u = (residual_[i] * residual_[i] + residual_[j] * residual_[j]) / scale2;
    double factor = 1.0;
    if (loss_ == RobustLoss::huber) {
      sum += u <= 1.0 ? u : 2.0 * std::sqrt(u) - 1.0;
      if (u > 1.0) factor = std::pow(u, -0.25);
    } else {
      sum += std::log1p(u);
      factor = 1.0 / std::sqrt(1.0 + u);
    }
    effective_weight_[i] = factor * weight_[i];
    effective_weight_[j] = factor * weight_[j];
    residual_[i] *= factor;
    residual_[j] *= factor;
  }
  return sum * scale2;
}

void FitProblem::normal_equations(double* matrix, double* gradient) {
  const std::vector<double>& weight = loss_scale_ > 0.0 ? effective_weight_ : weight_;
  evaluation_.backward(values_.data(), weight.data(), weight.data() + stride_, column_.data(), jacobian_.data());
  detail::normal_equations(jacobian_.data(), residual_.data(), 2 * stride_, free_.size(), matrix, gradient);
}

double FitProblem::observed_square() const {
  double sum = 0.0;
  for (std::size_t i = 0; i < observed_.size(); ++i) sum += weight_[i] * weight_[i] * observed_[i] * observed_[i];
  return sum;
}

bool FitProblem::reweight(double tolerance) {
  bool moved = false;
  for (std::size_t i = 0; i < points_; ++i) {
    const double now = 1.0 / std::abs(model(i));
    moved = moved || std::fabs(now / weight_[i] - 1.0) > tolerance;
    weight_[i] = weight_[stride_ + i] = now;
  }
  effective_weight_ = weight_;
  return moved;
}

bool FitProblem::rescale_loss(double tolerance) {
  std::vector<double> moduli;
  for (std::size_t i = 0; i < points_; ++i) {
    const double re = weight_[i] * (evaluation_.real()[i] - observed_[i]);
    const double im = weight_[stride_ + i] * (evaluation_.imaginary()[i] - observed_[stride_ + i]);
    moduli.push_back(std::hypot(re, im));
  }
  // |r| of two normal errors has the median 1.1774 sigma; the tuning constants give 95 % efficiency for normal noise.
  const double sigma = std::max(median(std::move(moduli)) / 1.1774100225, 1e-14);
  const double now = sigma * (loss_ == RobustLoss::huber ? 1.345 * 1.4142135624 : 2.385 * 1.4142135624);
  const bool moved = std::fabs(now / std::max(loss_scale_, 1e-300) - 1.0) > tolerance;
  loss_scale_ = now;
  return moved;
}

}  // namespace closo::impedance::detail
