#include "closo/cell/detail/electrode.hpp"

#include <algorithm>
#include <cmath>

#include "closo/base/constants.hpp"

namespace closo::cell::detail {
namespace {

constexpr std::size_t most_iterations = 16;
constexpr double potential_tolerance = 1e-6;  // V before the last update, which squares it
constexpr double largest_sinh_step = 3.0;     // of asinh(j / 2 i0), a Newton step beyond is shortened
constexpr double nearest_end = 1e-13;         // of the surface stoichiometry to 0 and 1

/// asinh(x), with sqrt(1 + x²).
double signed_asinh(double x, double root) noexcept {
  const double a = std::abs(x);
  const double value = a < 1e-3 ? a * (1.0 - a * a / 6.0) : std::log(a + root);
  return std::copysign(value, x);
}

double signed_asinh(double x) noexcept { return signed_asinh(x, std::sqrt(1.0 + x * x)); }

}  // namespace

std::vector<double> graded_widths(double thickness, std::size_t cells, double grading) {
  std::vector<double> width(cells);
  double before = 0.0;
  for (std::size_t i = 0; i < cells; ++i) {
    const double edge =
        i + 1 == cells ? 1.0 : std::pow(static_cast<double>(i + 1) / static_cast<double>(cells), grading);
    width[i] = (edge - before) * thickness;
    before = edge;
  }
  return width;
}

Electrode::Electrode(const CellParameters& parameters, std::size_t cells, double grading)
    : material_(parameters.cathode.material),
      oxidation_(parameters.cathode.growth ? parameters.cathode.growth->oxidation : std::nullopt),
      equilibrium_(parameters.anode.equilibrium_potential),
      per_flux_(1.0 / (base::faraday_constant * material_.maximum_concentration)),
      width_(graded_widths(parameters.cathode.thickness, cells, grading)) {
  double edge = 0.0;
  for (const double width : width_) {
    middle_.push_back(edge + 0.5 * width);
    edge += width;
  }
  for (std::size_t i = 1; i < cells; ++i) {
    distance_.push_back(middle_[i] - middle_[i - 1]);
    per_distance_.push_back(1.0 / distance_.back());
  }
  for (const SizeClass& size : material_.sizes) {
    area_.push_back(surface_factor(material_.shape) * parameters.cathode.active_fraction * size.volume_share /
                    size.radius);
  }
  const std::size_t particles = cells * material_.sizes.size();
  error_.resize(particles);
  error_slope_.resize(particles);
  scale_.resize(particles);
  for (std::vector<double>* const each :
       {&residual_, &cell_current_, &cell_slope_, &side_, &inverse_, &upper_, &right_, &change_, &by_current_}) {
    each->assign(cells, 0.0);
  }
}

double Electrode::ionic_current(const ElectrodeCoefficients& at, const ElectrodeState& state,
                                std::size_t face) const noexcept {
  const double resistivity = 1.0 / at.ionic + 1.0 / at.electronic;
  const double gradient = (state.u[face + 1] - state.u[face]) / distance_[face];
  return (gradient + state.current / at.electronic) / resistivity;
}

double Electrode::linear_voltage(const ElectrodeCoefficients& at, std::span<const double> u,
                                 double current) const noexcept {
  const std::size_t n = width_.size();
  const double resistivity = 1.0 / at.ionic + 1.0 / at.electronic;
  const double uniform = current / at.electronic;
  double ionic = 0.0;  // ∫ i_e dx between the first and the last middle
  double first = 0.0;
  double last = 0.0;
  for (std::size_t f = 0; f + 1 < n; ++f) {
    last = ((u[f + 1] - u[f]) / distance_[f] + uniform) / resistivity;
    if (f == 0) first = last;
    ionic += last * distance_[f];
  }
  // Half a cell at each end, with i_e linear between its known values.
  const double left = 0.5 * width_.front() / at.ionic * (3.0 * current + first) / 4.0;
  const double right = 0.5 * width_.back() / at.electronic * (current - last / 4.0);
  return -current * (at.anode_resistance + at.separator_resistance) - left - ionic / at.ionic + u[n - 1] - right;
}

double Electrode::anode_overpotential(const ElectrodeCoefficients& at, double current) const noexcept {
  if (at.anode_exchange_current <= 0.0) return 0.0;
  const double thermal_voltage = base::gas_constant * at.temperature / base::faraday_constant;
  return 2.0 * thermal_voltage * signed_asinh(current / (2.0 * at.anode_exchange_current));
}

Electrode::Surface Electrode::surface(const ElectrodeCoefficients& at, const SurfaceAnswer& answer, std::size_t cell,
                                      double j) const noexcept {
  const double slope = answer.response[cell] * at.touching[cell] * per_flux_;
  const double value = answer.base[cell] + slope * j;
  if (answer.curve == nullptr) return {value, slope};
  const double stoichiometry = answer.curve->stoichiometry(value);
  return {stoichiometry, slope / answer.curve->at(stoichiometry).diffusivity};
}

/// The j that brings the surface to a stoichiometry.
double Electrode::current_to(const ElectrodeCoefficients& at, const SurfaceAnswer& answer, std::size_t cell,
                             double stoichiometry) const noexcept {
  const double value = answer.curve == nullptr ? stoichiometry : answer.curve->at(stoichiometry).integral;
  return (value - answer.base[cell]) / (answer.response[cell] * at.touching[cell] * per_flux_);
}

bool Electrode::linearise(const ElectrodeCoefficients& at, std::span<const SurfaceAnswer> answers,
                          ElectrodeState& state) {
  const std::size_t n = width_.size();
  const double thermal_voltage = base::gas_constant * at.temperature / base::faraday_constant;
  bool is_clean = true;
  std::fill(cell_current_.begin(), cell_current_.end(), 0.0);
  std::fill(cell_slope_.begin(), cell_slope_.end(), 0.0);
  for (std::size_t k = 0; k < answers.size(); ++k) {
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t p = k * n + i;
      double& j = state.j[p];
      auto [surface, answer] = this->surface(at, answers[k], i, j);
      if (!(surface > nearest_end && surface < 1.0 - nearest_end)) {
        const double old = std::clamp(state.surface[p], 1e-9, 1.0 - 1e-9);
        surface = surface < 0.5 ? 0.1 * old : 1.0 - 0.1 * (1.0 - old);
        j = current_to(at, answers[k], i, surface);
        is_clean = false;
      }
      const OpenCircuitPoint open = material_.open_circuit.at(surface, at.temperature);
      const double product = surface * (1.0 - surface);
      const double scale = at.exchange_current_at_half * 4.0 * std::sqrt(product);  // 2 i0
      const double inverse = 1.0 / scale;
      const double ratio = j * inverse;
      const double root = std::sqrt(1.0 + ratio * ratio);
      const double overpotential = 2.0 * thermal_voltage * signed_asinh(ratio, root);
      const double by_current = 2.0 * thermal_voltage / root;
      const double firm = -open.stoichiometry_derivative * answer + at.film_resistance[i] + by_current * inverse;
      const double by_exchange = by_current * ratio * (0.5 - surface) / product * answer;
      const double slope = std::max(firm - by_exchange, 0.1 * firm);
      const double error = state.u[i] - open.potential + j * at.film_resistance[i] + overpotential;
      const double per_slope = 1.0 / slope;
      state.surface[p] = surface;
      state.overpotential[p] = overpotential;
      error_[p] = error;
      error_slope_[p] = slope;
      scale_[p] = scale;
      const double area = area_[k] * at.connected[i] * at.touching[i];
      cell_current_[i] += area * (j - error * per_slope);
      cell_slope_[i] -= area * per_slope;
    }
  }
  add_side_current(at, state.u);
  return is_clean;
}

void Electrode::add_side_current(const ElectrodeCoefficients& at, std::span<const double> u) {
  if (!oxidation_) return;
  const double thermal_voltage = base::gas_constant * at.temperature / base::faraday_constant;
  for (std::size_t i = 0; i < width_.size(); ++i) {
    double area = 0.0;
    for (const double each : area_) area += each * at.connected[i] * at.touching[i];
    side_[i] = area * oxidation_current_density(*oxidation_, at.oxidation_at_onset, u[i], at.oxidation_thickness[i],
                                                at.temperature);
    cell_current_[i] -= side_[i];
    cell_slope_[i] -= side_[i] * oxidation_->transfer_coefficient / thermal_voltage;
  }
}

/// Solves for the change of u at fixed current (change_) and, where the current is unknown, by unit current
/// (by_current_).
void Electrode::eliminate(const ElectrodeCoefficients& at, double current, std::span<const double> u,
                          bool is_current_known) {
  const std::size_t n = width_.size();
  const double conductivity = 1.0 / (1.0 / at.ionic + 1.0 / at.electronic);
  const double share = conductivity / at.electronic;
  double left = current;
  double left_slope = 0.0;
  double factor = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    const bool is_last = i + 1 == n;
    const double slope = is_last ? 0.0 : conductivity * per_distance_[i];
    const double right = is_last ? 0.0 : (u[i + 1] - u[i]) * slope + current * share;
    const double residual = right - left + width_[i] * cell_current_[i];
    residual_[i] = residual;
    const double before = i > 0 ? right_[i - 1] : 0.0;
    const double inverse = 1.0 / (width_[i] * cell_slope_[i] - left_slope - slope - factor * left_slope);
    right_[i] = -residual - factor * before;
    if (!is_current_known) {
      const double own = (i == 0 ? 1.0 : share) - (is_last ? 0.0 : share);
      by_current_[i] = own - factor * (i > 0 ? by_current_[i - 1] : 0.0);
    }
    inverse_[i] = inverse;
    upper_[i] = slope;
    factor = slope * inverse;
    left = right;
    left_slope = slope;
  }
  double next = 0.0;
  for (std::size_t i = n; i-- > 0;) change_[i] = next = (right_[i] - upper_[i] * next) * inverse_[i];
  if (is_current_known) return;
  next = 0.0;
  for (std::size_t i = n; i-- > 0;) by_current_[i] = next = (by_current_[i] - upper_[i] * next) * inverse_[i];
}

Electrode::Outcome Electrode::solve(const ElectrodeCoefficients& at, std::span<const SurfaceAnswer> answers,
                                    const Control& control, ElectrodeState& state, bool searches) {
  start_ = state;
  const Outcome first = newton(at, answers, control, state);
  if (first.is_converged || !searches) return first;
  state = start_;
  if (!find(at, answers, control, state)) return first;
  Outcome second = newton(at, answers, control, state);
  second.iterations += first.iterations;
  return second;
}

Electrode::Outcome Electrode::newton(const ElectrodeCoefficients& at, std::span<const SurfaceAnswer> answers,
                                     const Control& control, ElectrodeState& state) {
  const std::size_t n = width_.size();
  const double thermal_voltage = base::gas_constant * at.temperature / base::faraday_constant;
  if (control.kind == Control::Kind::current) state.current = control.target;
  Outcome outcome;
  while (outcome.iterations < most_iterations && !outcome.is_converged) {
    ++outcome.iterations;
    bool is_clean = linearise(at, answers, state);
    eliminate(at, state.current, state.u, control.kind == Control::Kind::current);
    double current_change = 0.0;
    if (control.kind != Control::Kind::current) {
      double slope = linear_voltage(at, by_current_, 1.0);
      if (at.anode_exchange_current > 0.0) {
        slope -= thermal_voltage / std::hypot(at.anode_exchange_current, 0.5 * state.current);
      }
      const double at_fixed = linear_voltage(at, change_, 0.0);
      const double voltage =
          linear_voltage(at, state.u, state.current) - anode_overpotential(at, state.current) - equilibrium_;
      current_change = control.kind == Control::Kind::voltage
                           ? (control.target - voltage - at_fixed) / slope
                           : (control.target - voltage * state.current - state.current * at_fixed) /
                                 (voltage + state.current * slope);
      for (std::size_t i = 0; i < n; ++i) change_[i] += by_current_[i] * current_change;
      state.current += current_change;
    }
    double largest = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      state.u[i] += change_[i];
      largest = std::max(largest, std::abs(change_[i]));
    }
    for (std::size_t k = 0; k < answers.size(); ++k) {
      for (std::size_t i = 0; i < n; ++i) {
        const std::size_t p = k * n + i;
        const double step = -(error_[p] + change_[i]) / error_slope_[p];
        largest = std::max(largest, std::abs(error_[p]));
        // |step| / sqrt((2 i0)² + j²) is the step of asinh(j / 2 i0).
        const double scale = scale_[p];
        if (step * step > largest_sinh_step * largest_sinh_step * (scale * scale + state.j[p] * state.j[p])) {
          state.j[p] = scale * std::sinh(signed_asinh(state.j[p] / scale) + std::copysign(largest_sinh_step, step));
          is_clean = false;
        } else {
          state.j[p] += step;
        }
      }
    }
    if (!std::isfinite(largest) || !std::isfinite(state.current)) break;
    outcome.is_converged = is_clean && largest < potential_tolerance;
  }
  if (!outcome.is_converged) return outcome;
  state.side_current = 0.0;
  if (oxidation_) {
    for (std::size_t i = 0; i < n; ++i) {
      // The side current that the linear balance used, so that charge is conserved.
      side_[i] *= 1.0 + oxidation_->transfer_coefficient / thermal_voltage * change_[i];
      state.side_current += width_[i] * side_[i];
    }
  }
  close_balance(at, answers, state);
  state.voltage = linear_voltage(at, state.u, state.current) - anode_overpotential(at, state.current) - equilibrium_;
  return outcome;
}

/// A common shift of u that makes the particles take exactly what flows: in well conducting electrodes at small
/// currents the rounding of u leaves more than 1e-10 of the current open.
void Electrode::close_balance(const ElectrodeCoefficients& at, std::span<const SurfaceAnswer> answers,
                              ElectrodeState& state) const {
  const std::size_t n = width_.size();
  double open = state.current + state.side_current;
  double conductance = 0.0;
  for (std::size_t p = 0; p < state.j.size(); ++p) {
    const std::size_t i = p % n;
    const double weight = width_[i] * area_[p / n] * at.connected[i] * at.touching[i];
    open -= weight * state.j[p];
    conductance += weight / error_slope_[p];
  }
  const double shift = open / conductance;
  for (double& u : state.u) u -= shift;
  for (std::size_t p = 0; p < state.j.size(); ++p) {
    const std::size_t i = p % n;
    state.j[p] += shift / error_slope_[p];
    state.surface[p] = surface(at, answers[p / n], i, state.j[p]).stoichiometry;
  }
}

void Electrode::surface_flux(const ElectrodeCoefficients& at, const ElectrodeState& state,
                             std::vector<double>& flux) const {
  const std::size_t n = width_.size();
  flux.resize(state.j.size());
  for (std::size_t p = 0; p < flux.size(); ++p) flux[p] = at.touching[p % n] * state.j[p] * per_flux_;
}

LossBudget Electrode::losses(const ElectrodeCoefficients& at, const ElectrodeState& state,
                             std::span<const double> means, double mean) const {
  const std::size_t n = width_.size();
  const double thermal_voltage = base::gas_constant * at.temperature / base::faraday_constant;
  const double current = state.current;
  LossBudget budget;
  budget.separator = current * current * at.separator_resistance;
  budget.anode_interface = current * current * at.anode_resistance;
  budget.anode_kinetics = current * anode_overpotential(at, current);
  double first = 0.0;
  double last = 0.0;
  for (std::size_t f = 0; f + 1 < n; ++f) {
    last = ionic_current(at, state, f);
    if (f == 0) first = last;
    budget.cathode_ionic += last * last * distance_[f] / at.ionic;
    budget.cathode_electronic += (current - last) * (current - last) * distance_[f] / at.electronic;
  }
  budget.cathode_ionic += current * 0.5 * width_.front() / at.ionic * (3.0 * current + first) / 4.0;
  budget.cathode_electronic += current * 0.5 * width_.back() / at.electronic * (current - last / 4.0);
  const double open = material_.open_circuit.potential(mean, at.temperature);
  for (std::size_t k = 0; k < area_.size(); ++k) {
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t p = k * n + i;
      const double j = state.j[p];
      const double local = width_[i] * area_[k] * at.connected[i] * at.touching[i] * j;
      const double surface = state.surface[p];
      const double exchange = at.exchange_current_at_half * 2.0 * std::sqrt(surface * (1.0 - surface));
      const double overpotential = 2.0 * thermal_voltage * signed_asinh(j / (2.0 * exchange));
      const double film = j * at.film_resistance[i];
      const double own = material_.open_circuit.potential(means[p], at.temperature);
      budget.charge_transfer += local * overpotential;
      budget.film += local * film;
      budget.diffusion += local * (own - state.u[i] - film - overpotential);
      budget.utilisation += local * (open - own);
    }
  }
  if (oxidation_) {
    for (std::size_t i = 0; i < n; ++i) budget.side_reaction += width_[i] * side_[i] * (state.u[i] - open);
  }
  return budget;
}

}  // namespace closo::cell::detail
