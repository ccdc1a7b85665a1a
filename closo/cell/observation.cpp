#include "closo/cell/observation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/base/suggestion.hpp"

namespace closo::cell {
namespace {

using base::ParameterError;

struct Word {
  ObservedQuantity quantity;
  std::string_view text;
};
constexpr auto words = std::to_array<Word>({
    {ObservedQuantity::discharge_capacity, "discharge capacity"},
    {ObservedQuantity::charge_capacity, "charge capacity"},
    {ObservedQuantity::retention, "retention"},
    {ObservedQuantity::fade_per_cycle, "fade per cycle"},
    {ObservedQuantity::coulombic_efficiency, "Coulombic efficiency"},
    {ObservedQuantity::energy_efficiency, "energy efficiency"},
    {ObservedQuantity::discharge_voltage, "discharge voltage"},
    {ObservedQuantity::charge_voltage, "charge voltage"},
    {ObservedQuantity::anode_resistance, "anode resistance"},
    {ObservedQuantity::discharge_curve, "discharge curve"},
    {ObservedQuantity::charge_curve, "charge curve"},
});

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

/// One branch of a run: capacity and voltage, the capacity growing.
struct Branch {
  std::vector<double> capacity, voltage;
};

Branch branch_of(const Observation& observation, double factor, const Protocol& protocol, const Rows& rows) {
  const auto kind = observation.quantity == ObservedQuantity::discharge_curve ? ProtocolStep::Kind::discharge
                                                                              : ProtocolStep::Kind::charge;
  std::size_t visit = 0;
  while (visit < protocol.visits.size() && (protocol.visits[visit].cycle != observation.cycle ||
                                            protocol.steps[protocol.visits[visit].step].kind != kind))
    ++visit;
  Branch branch;
  const auto first = std::lower_bound(rows.visit.begin(), rows.visit.end(), static_cast<std::uint32_t>(visit));
  for (auto i = static_cast<std::size_t>(first - rows.visit.begin()); i < rows.visit.size(); ++i) {
    if (rows.visit[i] != visit) break;
    const double capacity = rows.charge[i] * factor;
    if (!branch.capacity.empty() && capacity <= branch.capacity.back()) {
      // An instant without charge: the voltage under current, not the one before it.
      branch.voltage.back() = rows.voltage[i];
      continue;
    }
    branch.capacity.push_back(capacity);
    branch.voltage.push_back(rows.voltage[i]);
  }
  return branch;
}

/// Monotone piecewise cubic through the points, evaluated at growing places inside them.
class MonotoneCubic {
 public:
  explicit MonotoneCubic(const Branch& branch) : x_(branch.capacity), y_(branch.voltage), slope_(x_.size(), 0.0) {
    const std::size_t n = x_.size();
    if (n < 2) return;
    for (std::size_t i = 1; i + 1 < n; ++i) {
      const double before = secant(i - 1), after = secant(i);
      if (before * after <= 0.0) continue;
      const double left = x_[i] - x_[i - 1], right = x_[i + 1] - x_[i];
      const double weight = (left + 2.0 * right) / (3.0 * (left + right));
      slope_[i] = before * after / (weight * after + (1.0 - weight) * before);
    }
    slope_.front() = end_slope(secant(0), n > 2 ? slope_[1] : secant(0));
    slope_.back() = end_slope(secant(n - 2), n > 2 ? slope_[n - 2] : secant(n - 2));
  }

  double operator()(double x) const {
    if (x <= x_.front()) return y_.front();
    if (x >= x_.back()) return y_.back();
    const auto i = static_cast<std::size_t>(std::upper_bound(x_.begin(), x_.end(), x) - x_.begin()) - 1;
    const double width = x_[i + 1] - x_[i], t = (x - x_[i]) / width, s = 1.0 - t;
    return s * s * (1.0 + 2.0 * t) * y_[i] + t * t * (1.0 + 2.0 * s) * y_[i + 1] +
           s * t * width * (s * slope_[i] - t * slope_[i + 1]);
  }

 private:
  double secant(std::size_t i) const { return (y_[i + 1] - y_[i]) / (x_[i + 1] - x_[i]); }
  /// Of the parabola that meets the inner slope, kept monotone.
  static double end_slope(double secant, double inner) {
    const double slope = 2.0 * secant - inner;
    if (slope * secant <= 0.0) return 0.0;
    return std::fabs(slope) > 3.0 * std::fabs(secant) ? 3.0 * secant : slope;
  }

  const std::vector<double>& x_;
  const std::vector<double>& y_;
  std::vector<double> slope_;
};

/// dV/dQ of the measured curve at a point, over its neighbours.
double measured_slope(const MeasuredCurve& curve, std::size_t i) {
  if (curve.capacity.size() < 2) return 0.0;
  const std::size_t before = i > 0 ? i - 1 : 0, after = std::min(i + 1, curve.capacity.size() - 1);
  return (curve.voltage[after] - curve.voltage[before]) / (curve.capacity[after] - curve.capacity[before]);
}

const CycleRow* find_cycle(std::span<const CycleRow> cycles, std::uint32_t cycle) {
  const auto found = std::ranges::find(cycles, cycle, &CycleRow::cycle);
  return found == cycles.end() ? nullptr : &*found;
}

}  // namespace

std::string_view to_string(ObservedQuantity quantity) noexcept {
  for (const Word& word : words) {
    if (word.quantity == quantity) return word.text;
  }
  return "unknown";
}

ObservedQuantity parse_observed_quantity(std::string_view text) {
  std::vector<std::string> names;
  std::string list;
  for (const Word& word : words) {
    if (lower(word.text) == lower(text)) return word.quantity;
    names.emplace_back(word.text);
    list += (list.empty() ? "" : ", ") + std::string(word.text);
  }
  const std::string near = base::did_you_mean(text, names);
  throw base::InputError(
      {}, "nothing called '" + std::string(text) + "' can be observed" + (near.empty() ? "" : "; " + near),
      "one of " + list);
}

bool is_curve(ObservedQuantity quantity) noexcept {
  return quantity == ObservedQuantity::discharge_curve || quantity == ObservedQuantity::charge_curve;
}

bool is_capacity(ObservedQuantity quantity) noexcept {
  return quantity == ObservedQuantity::discharge_capacity || quantity == ObservedQuantity::charge_capacity;
}

double capacity_factor(CapacityBasis basis, const CellParameters& parameters) {
  switch (basis) {
    case CapacityBasis::areal:
      return 1.0;
    case CapacityBasis::specific:
      if (!parameters.areal_active_mass || !(*parameters.areal_active_mass > 0.0))
        throw ParameterError("areal_active_mass", "not known", "the mass of active material, for capacities in mAh/g");
      return 1.0 / *parameters.areal_active_mass;
    case CapacityBasis::total:
      if (!parameters.area || !(*parameters.area > 0.0))
        throw ParameterError("area", "not known", "the area of the electrodes, for capacities in mAh");
      return *parameters.area;
  }
  throw base::InternalError("unknown basis of a capacity");
}

MeasuredCurve thinned(const MeasuredCurve& curve, std::size_t points) {
  if (points < 2) throw ParameterError("points", std::to_string(points), "at least 2 points of a curve");
  if (curve.capacity.size() <= points) return curve;
  MeasuredCurve result;
  const double first = curve.capacity.front(), last = curve.capacity.back();
  std::size_t i = 0;
  for (std::size_t k = 1; k <= points; ++k) {
    const double at =
        k == points ? last : first + (last - first) * static_cast<double>(k) / static_cast<double>(points);
    while (i + 2 < curve.capacity.size() && curve.capacity[i + 1] < at) ++i;
    const double share = std::clamp((at - curve.capacity[i]) / (curve.capacity[i + 1] - curve.capacity[i]), 0.0, 1.0);
    result.capacity.push_back(at);
    result.voltage.push_back(curve.voltage[i] + share * (curve.voltage[i + 1] - curve.voltage[i]));
  }
  return result;
}

void check(const Observation& observation) {
  const std::string name(to_string(observation.quantity));
  const auto refuse = [&](double value, const char* allowed) {
    throw ParameterError(name, base::format_number(value, 6), allowed);
  };
  if (observation.cycle == 0 || observation.reference == 0)
    throw ParameterError(name, "cycle 0", "cycles counted from 1");
  if (observation.uncertainty && (!(*observation.uncertainty > 0.0) || !std::isfinite(*observation.uncertainty)))
    refuse(*observation.uncertainty, "an uncertainty above 0");
  if (!observation.uncertainty && observation.is_fitted)
    throw ParameterError(name, "no uncertainty", "a standard uncertainty, so that it has a weight in the fit");
  if ((observation.quantity == ObservedQuantity::retention ||
       observation.quantity == ObservedQuantity::fade_per_cycle) &&
      observation.cycle == observation.reference)
    throw ParameterError(name, "cycle " + std::to_string(observation.cycle) + " against itself",
                         "two different cycles");
  if (!is_curve(observation.quantity)) {
    if (!(observation.low <= observation.high) || (std::isinf(observation.low) && std::isinf(observation.high)))
      refuse(observation.low, "a value, a limit, or a range with its low end first");
    return;
  }
  const MeasuredCurve& curve = observation.curve;
  if (curve.capacity.empty() || curve.capacity.size() != curve.voltage.size())
    throw ParameterError(
        name,
        std::to_string(curve.capacity.size()) + " capacities, " + std::to_string(curve.voltage.size()) + " voltages",
        "as many capacities as voltages, at least one");
  if (!(observation.capacity_uncertainty > 0.0) || !std::isfinite(observation.capacity_uncertainty))
    refuse(observation.capacity_uncertainty, "an uncertainty of the capacity above 0");
  for (std::size_t i = 0; i < curve.capacity.size(); ++i) {
    if (!(curve.capacity[i] >= 0.0) || !std::isfinite(curve.capacity[i]))
      refuse(curve.capacity[i], "capacities of 0 or more");
    if (!std::isfinite(curve.voltage[i])) refuse(curve.voltage[i], "finite voltages");
    if (i > 0 && !(curve.capacity[i] > curve.capacity[i - 1])) refuse(curve.capacity[i], "capacities that grow");
  }
}

bool needs_rows(const Observation& observation) noexcept { return is_curve(observation.quantity); }

Prediction predict(const Observation& observation, const CellParameters& parameters, const Protocol& protocol,
                   const SimulationResult& result, std::span<const CycleRow> cycles) {
  Prediction prediction;
  const double factor = is_curve(observation.quantity) || is_capacity(observation.quantity)
                            ? capacity_factor(observation.basis, parameters)
                            : 1.0;
  if (is_curve(observation.quantity)) {
    const Branch branch = branch_of(observation, factor, protocol, result.rows);
    if (branch.capacity.empty()) return prediction;
    const MonotoneCubic voltage(branch);
    for (const double capacity : observation.curve.capacity) prediction.voltages.push_back(voltage(capacity));
    prediction.end = branch.capacity.back();
    prediction.is_known = true;
    return prediction;
  }
  const CycleRow* row = find_cycle(cycles, observation.cycle);
  if (row == nullptr) return prediction;
  switch (observation.quantity) {
    case ObservedQuantity::discharge_capacity:
      prediction.value = row->discharge_capacity * factor;
      break;
    case ObservedQuantity::charge_capacity:
      prediction.value = row->charge_capacity * factor;
      break;
    case ObservedQuantity::retention:
      prediction.value = retention(cycles, observation.cycle, observation.reference);
      break;
    case ObservedQuantity::fade_per_cycle:
      prediction.value = fade_per_cycle(cycles, std::min(observation.cycle, observation.reference),
                                        std::max(observation.cycle, observation.reference));
      if (prediction.value) *prediction.value = -*prediction.value;
      break;
    case ObservedQuantity::coulombic_efficiency:
      prediction.value = row->coulombic_efficiency;
      break;
    case ObservedQuantity::energy_efficiency:
      prediction.value = row->energy_efficiency;
      break;
    case ObservedQuantity::discharge_voltage:
      prediction.value = row->discharge_voltage;
      break;
    case ObservedQuantity::charge_voltage:
      prediction.value = row->charge_voltage;
      break;
    case ObservedQuantity::anode_resistance:
      prediction.value = row->anode_resistance;
      break;
    case ObservedQuantity::discharge_curve:
    case ObservedQuantity::charge_curve:
      break;
  }
  prediction.is_known = prediction.value.has_value();
  return prediction;
}

std::size_t residual_count(const Observation& observation) noexcept {
  return is_curve(observation.quantity) ? observation.curve.capacity.size() : 1;
}

void fill_residuals(const Observation& observation, const Prediction& prediction, std::span<double> residuals) {
  if (residuals.size() != residual_count(observation))
    throw base::InternalError("residuals of an observation need " + std::to_string(residual_count(observation)) +
                              " places, not " + std::to_string(residuals.size()));
  if (!prediction.is_known)
    throw ParameterError(std::string(to_string(observation.quantity)), "cycle " + std::to_string(observation.cycle),
                         "a cycle that the run reaches");
  std::ranges::fill(residuals, 0.0);
  if (!observation.uncertainty) return;
  const double uncertainty = *observation.uncertainty;
  if (!is_curve(observation.quantity)) {
    const double model = *prediction.value;
    if (model > observation.high) residuals[0] = (model - observation.high) / uncertainty;
    if (model < observation.low) residuals[0] = (model - observation.low) / uncertainty;
    return;
  }
  // A discharge that ends early is as wrong as one that lies too low, a charge as one that lies too high.
  const double early = observation.quantity == ObservedQuantity::discharge_curve ? -1.0 : 1.0;
  for (std::size_t i = 0; i < residuals.size(); ++i) {
    const double along = observation.capacity_uncertainty * measured_slope(observation.curve, i);
    const double missing = std::max(observation.curve.capacity[i] - prediction.end, 0.0);
    residuals[i] = (prediction.voltages[i] - observation.curve.voltage[i]) / std::hypot(uncertainty, along) +
                   early * missing / observation.capacity_uncertainty;
  }
}

}  // namespace closo::cell
