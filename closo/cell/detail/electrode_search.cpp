#include <algorithm>
#include <cmath>
#include <limits>

#include "closo/base/constants.hpp"
#include "closo/cell/detail/electrode.hpp"

namespace closo::cell::detail {
namespace {

constexpr double nearest_end = 1e-13;  // of the surface stoichiometry to 0 and 1
constexpr int most_bisections = 120;   // of one particle
constexpr int most_directions = 200;   // of the whole electrode
constexpr int most_currents = 100;
constexpr double largest_potential = 30.0;  // V: beyond, the particles cannot carry the current
constexpr double found_potential = 1e-7;    // V, near enough for Newton's method

}  // namespace

/// The current density of one particle at its cell's u: the only root of a function that rises with j (apart from
/// autocatalysis by i0(z), where the bracket still holds one), by bracketed Newton steps.
void Electrode::follow_particle(const ElectrodeCoefficients& at, const SurfaceAnswer& answer, std::size_t cell,
                                std::size_t particle, ElectrodeState& state) {
  const double thermal_voltage = base::gas_constant * at.temperature / base::faraday_constant;
  double low = current_to(at, answer, cell, nearest_end);
  double high = current_to(at, answer, cell, 1.0 - nearest_end);
  double j = std::clamp(state.j[particle], low, high);
  if (!(j > low && j < high)) j = 0.5 * (low + high);
  double slope = 1.0;
  for (int k = 0; k < most_bisections; ++k) {
    const auto [free, scale] = this->surface(at, answer, cell, j);
    const double surface = std::clamp(free, nearest_end, 1.0 - nearest_end);
    const OpenCircuitPoint open = material_.open_circuit.at(surface, at.temperature);
    const double product = surface * (1.0 - surface);
    const double exchange = at.exchange_current_at_half * 2.0 * std::sqrt(product);
    const double ratio = j / (2.0 * exchange);
    const double root = std::hypot(1.0, ratio);
    const double firm =
        -open.stoichiometry_derivative * scale + at.film_resistance[cell] + thermal_voltage / (exchange * root);
    const double by_exchange = thermal_voltage * ratio / root * (1.0 - 2.0 * surface) / product * scale;
    slope = std::max(firm - by_exchange, 0.1 * firm);
    const double overpotential = 2.0 * thermal_voltage * std::asinh(ratio);
    const double error = state.u[cell] - open.potential + j * at.film_resistance[cell] + overpotential;
    state.surface[particle] = surface;
    state.overpotential[particle] = overpotential;
    (error > 0.0 ? high : low) = j;
    if (std::abs(error) < 1e-10 || !(high - low > 1e-15 * (std::abs(high) + std::abs(low)))) break;
    const double next = j - error / slope;
    // Newton's step, but every fourth halves the bracket: on cliffs Newton's steps jump to and fro.
    j = next > low && next < high && k % 4 != 3 ? next : 0.5 * (low + high);
  }
  state.j[particle] = j;
  error_[particle] = 0.0;
  error_slope_[particle] = slope;
}

void Electrode::follow(const ElectrodeCoefficients& at, std::span<const SurfaceAnswer> answers, ElectrodeState& state) {
  const std::size_t n = width_.size();
  std::fill(cell_current_.begin(), cell_current_.end(), 0.0);
  std::fill(cell_slope_.begin(), cell_slope_.end(), 0.0);
  for (std::size_t k = 0; k < answers.size(); ++k) {
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t p = k * n + i;
      follow_particle(at, answers[k], i, p, state);
      const double area = area_[k] * at.connected[i] * at.touching[i];
      cell_current_[i] += area * state.j[p];
      cell_slope_[i] -= area / error_slope_[p];
    }
  }
  add_side_current(at, state.u);
}

/// The balance of charge is the gradient of a concave function of u; Newton's direction with a line search on the
/// directional derivative always gets nearer.
bool Electrode::find_at_current(const ElectrodeCoefficients& at, std::span<const SurfaceAnswer> answers, double current,
                                ElectrodeState& state) {
  const std::size_t n = width_.size();
  state.current = current;
  follow(at, answers, state);
  for (int direction = 0; direction < most_directions; ++direction) {
    eliminate(at, current, state.u, true);
    const std::vector<double> change = change_;
    double largest = 0.0;
    double start = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      largest = std::max(largest, std::abs(change[i]));
      start += residual_[i] * change[i];
    }
    if (!std::isfinite(largest)) return false;
    const std::vector<double> u = state.u;
    double low = 0.0;
    double high = std::numeric_limits<double>::infinity();
    double length = std::min(1.0, 1.0 / std::max(largest, 1e-300));  // at most a volt
    const bool is_found = largest < found_potential;
    for (int k = 0; k < 40; ++k) {
      for (std::size_t i = 0; i < n; ++i) state.u[i] = u[i] + length * change[i];
      follow(at, answers, state);
      if (is_found) return true;
      eliminate(at, current, state.u, true);
      double slope = 0.0;
      for (std::size_t i = 0; i < n; ++i) slope += residual_[i] * change[i];
      if (slope >= -0.5 * start) break;
      high = length;
      length = 0.5 * (low + high);
    }
    for (const double each : state.u) {
      if (!(std::abs(each) < largest_potential)) return false;
    }
  }
  return false;
}

/// A state near the solution. Where voltage or power is held: by halving a bracket of the current, with the voltage
/// falling as the current rises and without bound where the particles cannot carry it.
bool Electrode::find(const ElectrodeCoefficients& at, std::span<const SurfaceAnswer> answers, const Control& control,
                     ElectrodeState& state) {
  if (control.kind == Control::Kind::current) return find_at_current(at, answers, control.target, state);
  const ElectrodeState start = state;
  ElectrodeState best;
  bool has_best = false;
  // Above zero where more current is wanted.
  const auto wanted = [&](double current) {
    ElectrodeState trial = has_best ? best : start;
    if (!find_at_current(at, answers, current, trial)) return -current;
    trial.voltage = linear_voltage(at, trial.u, current) - anode_overpotential(at, current) - equilibrium_;
    best = trial;
    has_best = true;
    return control.kind == Control::Kind::voltage ? trial.voltage - control.target
                                                  : control.target - trial.voltage * current;
  };
  const double at_rest = wanted(0.0);
  if (!has_best) return false;
  const double sign = at_rest > 0.0 ? 1.0 : -1.0;
  double near = 0.0;
  double far = sign * std::max(1e-6, std::abs(start.current));
  int tries = 0;
  while (sign * wanted(far) > 0.0) {
    near = far;
    far *= 2.0;
    if (++tries > most_currents) return false;
  }
  for (int k = 0; k < most_currents && std::abs(far - near) > 1e-9 * std::abs(far); ++k) {
    const double middle = 0.5 * (near + far);
    (sign * wanted(middle) > 0.0 ? near : far) = middle;
  }
  if (!find_at_current(at, answers, near, best)) return false;
  state = best;
  return true;
}

}  // namespace closo::cell::detail
