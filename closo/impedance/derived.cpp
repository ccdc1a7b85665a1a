#include "closo/impedance/derived.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "closo/impedance/detail/arc_order.hpp"
#include "closo/impedance/drt.hpp"

namespace closo::impedance {
namespace {

using detail::Arc;

std::optional<double> node_resistance(const Circuit& circuit, std::size_t node, std::span<const double> values) {
  const CircuitNode& item = circuit.nodes[node];
  if (item.type == CircuitNode::Type::element) {
    const CircuitElement& element = circuit.elements[item.element];
    std::vector<double> own;
    for (const std::size_t i : element.parameters) own.push_back(values[i]);
    return direct_current_resistance(element.kind, own);
  }
  double sum = 0.0;
  bool conducts = false;
  for (const std::size_t child : item.children) {
    const std::optional<double> resistance = node_resistance(circuit, child, values);
    if (item.type == CircuitNode::Type::series) {
      if (!resistance) return std::nullopt;
      sum += *resistance;
      conducts = true;
    } else if (resistance) {
      if (*resistance == 0.0) return 0.0;
      sum += 1.0 / *resistance;
      conducts = true;
    }
  }
  if (!conducts) return std::nullopt;
  return item.type == CircuitNode::Type::series ? sum : 1.0 / sum;
}

std::optional<double> total_resistance(const Circuit& circuit, std::span<const double> values) {
  std::optional<double> sum;
  for (const std::size_t node : circuit.top_level()) {
    const std::optional<double> resistance = node_resistance(circuit, node, values);
    if (resistance) sum = sum.value_or(0.0) + *resistance;
  }
  if (sum && !(*sum > 0.0)) return std::nullopt;
  return sum;
}

/// Resistors in series at the top level.
std::optional<double> series_resistance(const Circuit& circuit, std::span<const double> values) {
  std::optional<double> sum;
  for (const std::size_t node : circuit.top_level()) {
    const CircuitNode& item = circuit.nodes[node];
    if (item.type != CircuitNode::Type::element) continue;
    const CircuitElement& element = circuit.elements[item.element];
    if (element.kind == ElementKind::resistor) sum = sum.value_or(0.0) + values[element.parameters[0]];
  }
  return sum;
}

/// Value and gradient by central differences in the fit's coordinates, which are smooth and of order one.
template <class Function>
DerivedQuantity derive_one(const FitResult& fit, std::string name, std::string unit, const Function& function) {
  const std::size_t n = fit.parameters.size();
  std::vector<double> values = fit.values();
  DerivedQuantity out{std::move(name), std::move(unit), function(std::span<const double>(values)), 0.0,
                      std::vector<double>(n, 0.0)};
  const double step = 1e-5;
  double variance = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    if (fit.scaled_covariance[i * n + i] == 0.0) continue;
    const double at = values[i];
    const bool logarithmic = fit.parameters[i].scale == ParameterScale::logarithmic;
    values[i] = logarithmic ? at * std::exp(step) : at + step;
    const double above = function(std::span<const double>(values));
    values[i] = logarithmic ? at * std::exp(-step) : at - step;
    const double below = function(std::span<const double>(values));
    values[i] = at;
    out.gradient[i] = (above - below) / (2.0 * step);
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      // A parameter without an uncertainty that does not enter must not turn the sum into infinity times zero.
      if (out.gradient[i] != 0.0 && out.gradient[j] != 0.0) {
        variance += out.gradient[i] * fit.scaled_covariance[i * n + j] * out.gradient[j];
      }
    }
  }
  out.uncertainty = std::sqrt(std::max(0.0, variance));
  return out;
}

std::string arc_text(const Circuit& circuit, const Arc& arc) {
  if (arc.elements.size() == 1) return circuit.elements[arc.elements[0]].label;
  return "p(" + circuit.elements[arc.elements[0]].label + "," + circuit.elements[arc.elements[1]].label + ")";
}

ArcQuantities arc_quantities(const Circuit& circuit, const FitResult& fit, const Arc& arc) {
  const std::vector<std::size_t>& p = arc.parameters;
  const std::string name = arc_text(circuit, arc);
  ArcQuantities out;
  out.elements = name;
  out.resistance = derive_one(fit, "R of " + name, "Ohm", [&](std::span<const double> v) { return v[p[0]]; });
  out.frequency = derive_one(fit, "characteristic frequency of " + name, "Hz", [&](std::span<const double> v) {
    return std::exp(detail::log_characteristic_frequency(arc, v)) / 6.283185307179586;
  });
  const std::string capacitance = "capacitance of " + name;
  switch (arc.kind) {
    case ElementKind::capacitor:
      out.capacitance = derive_one(fit, capacitance, "F", [&](std::span<const double> v) { return v[p[1]]; });
      break;
    case ElementKind::constant_phase:
      out.capacitance = derive_one(fit, capacitance + " (Hsu-Mansfeld)", "F", [&](std::span<const double> v) {
        return std::pow(v[p[1]], 1.0 / v[p[2]]) * std::pow(v[p[0]], (1.0 - v[p[2]]) / v[p[2]]);
      });
      if (series_resistance(circuit, fit.values())) {
        out.capacitance_brug = derive_one(fit, capacitance + " (Brug)", "F", [&](std::span<const double> v) {
          const double conductance = 1.0 / *series_resistance(circuit, v) + 1.0 / v[p[0]];
          return std::pow(v[p[1]], 1.0 / v[p[2]]) * std::pow(conductance, (v[p[2]] - 1.0) / v[p[2]]);
        });
      }
      break;
    case ElementKind::zarc:
    case ElementKind::voigt:
      out.capacitance = derive_one(fit, capacitance, "F", [&](std::span<const double> v) { return v[p[1]] / v[p[0]]; });
      break;
    default:
      break;
  }
  if (out.capacitance) out.hint = capacitance_hint(out.capacitance->value);
  return out;
}

}  // namespace

DerivedQuantities derive(const Circuit& circuit, const FitResult& fit) {
  DerivedQuantities out;
  if (total_resistance(circuit, fit.values())) {
    out.total_resistance = derive_one(fit, "total resistance", "Ohm", [&circuit](std::span<const double> values) {
      return total_resistance(circuit, values).value_or(0.0);
    });
  }
  for (const Arc& arc : detail::find_arcs(circuit)) out.arcs.push_back(arc_quantities(circuit, fit, arc));
  std::stable_sort(out.arcs.begin(), out.arcs.end(), [](const ArcQuantities& a, const ArcQuantities& b) {
    return a.frequency.value > b.frequency.value;
  });
  return out;
}

double covariance(const FitResult& fit, const DerivedQuantity& a, const DerivedQuantity& b) {
  const std::size_t n = fit.parameters.size();
  double sum = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      if (a.gradient[i] != 0.0 && b.gradient[j] != 0.0)
        sum += a.gradient[i] * fit.scaled_covariance[i * n + j] * b.gradient[j];
    }
  }
  return sum;
}

}  // namespace closo::impedance
