#include "closo/impedance/detail/starts.hpp"

#include <algorithm>
#include <cmath>

namespace closo::impedance::detail {
namespace {

constexpr double two_pi = 6.283185307179586476925;
constexpr double log_10 = 2.302585092994045684;

}  // namespace

StartGenerator::StartGenerator(const Circuit& circuit, const PreparedSpectrum& data, std::uint64_t seed)
    : circuit_(&circuit), data_(&data), random_(seed) {
  for (const Complex& z : data.impedance) log_modulus_.push_back(std::log(std::abs(z)));
  log_slowest_ = std::log(two_pi * data.frequency.front());
  log_fastest_ = std::log(two_pi * data.frequency.back());
}

StartGenerator::Place StartGenerator::draw_place() {
  // Half a decade beyond the measured range: arcs seen only by one flank.
  const double log_omega = random_.uniform(log_slowest_ - 0.5 * log_10, log_fastest_ + 0.5 * log_10);
  const double omega = std::exp(log_omega);
  const auto above = std::lower_bound(data_->frequency.begin(), data_->frequency.end(), omega / two_pi);
  const auto index = std::min(static_cast<std::size_t>(above - data_->frequency.begin()), log_modulus_.size() - 1);
  return {omega, std::exp(log_modulus_[index] + log_10 * random_.uniform(-1.0, 0.3))};
}

void StartGenerator::draw(std::span<double> values) { draw_node(circuit_->root, std::nullopt, values); }

void StartGenerator::draw_node(std::size_t node, const std::optional<Place>& place, std::span<double> values) {
  const CircuitNode& item = circuit_->nodes[node];
  switch (item.type) {
    case CircuitNode::Type::element:
      draw_element(circuit_->elements[item.element], place ? *place : draw_place(), values);
      return;
    case CircuitNode::Type::parallel: {
      // The branches cross at one frequency: the group then is an arc of the data's size there.
      const Place crossing = place ? *place : draw_place();
      for (const std::size_t child : item.children) draw_node(child, crossing, values);
      return;
    }
    case CircuitNode::Type::series:
      for (const std::size_t child : item.children) {
        std::optional<Place> inner = place;
        if (inner) {
          inner->omega *= std::exp(log_10 * random_.uniform(-2.0, 0.5));
          inner->impedance *= std::exp(log_10 * random_.uniform(-1.0, 0.3));
        }
        draw_node(child, inner, values);
      }
      return;
  }
}

void StartGenerator::draw_element(const CircuitElement& element, const Place& place, std::span<double> values) {
  // Exponents first: pseudo-capacitances depend on them.
  double n = element.kind == ElementKind::inductor ? 1.0 : 0.0;
  for (const std::size_t i : element.parameters) {
    const Parameter& parameter = circuit_->parameters[i];
    if (parameter.role != ParameterRole::exponent) continue;
    const double low = parameter.bounded_by_user ? parameter.lower : std::max(0.5, parameter.lower);
    const double drawn = random_.uniform(low, parameter.upper);
    if (!parameter.fixed) values[i] = drawn;
    n = parameter.fixed ? *parameter.fixed : drawn;
  }
  if (element.kind == ElementKind::capacitor) n = 1.0;
  for (const std::size_t i : element.parameters) {
    const Parameter& parameter = circuit_->parameters[i];
    double value = 1.0;
    switch (parameter.role) {
      case ParameterRole::exponent:
        continue;
      case ParameterRole::resistance:
        value = place.impedance;
        break;
      case ParameterRole::capacitance:
        value = 1.0 / (place.impedance * std::pow(place.omega, n));
        break;
      case ParameterRole::inductance: {
        // An inductance shows at the fast end, below the modulus there.
        const double share = std::exp(log_modulus_.back() + log_10 * random_.uniform(-2.0, 0.0));
        value = share / std::exp(n * log_fastest_);
        break;
      }
      case ParameterRole::warburg_coefficient:
        value = place.impedance * std::sqrt(0.5 * place.omega);
        break;
      case ParameterRole::time:
        value = 1.0 / place.omega;
        break;
      case ParameterRole::ratio:
        value = std::exp(log_10 * random_.uniform(-1.0, 1.0));
        break;
    }
    if (parameter.bounded_by_user) {
      if (parameter.lower > 0.0 && std::isfinite(parameter.upper)) {
        value = parameter.lower * std::pow(parameter.upper / parameter.lower, random_.uniform());
      }
      value = std::clamp(value, parameter.lower, parameter.upper);
    }
    if (!parameter.fixed) values[i] = value;
  }
}

}  // namespace closo::impedance::detail
