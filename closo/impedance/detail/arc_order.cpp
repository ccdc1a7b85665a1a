#include "closo/impedance/detail/arc_order.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace closo::impedance::detail {
namespace {

std::optional<Arc> arc_of(const Circuit& circuit, std::size_t node) {
  const CircuitNode& item = circuit.nodes[node];
  Arc arc;
  arc.node = node;
  if (item.type == CircuitNode::Type::element) {
    const CircuitElement& element = circuit.elements[item.element];
    const bool relaxation = element.kind == ElementKind::zarc || element.kind == ElementKind::havriliak_negami ||
                            element.kind == ElementKind::voigt;
    if (!relaxation) return std::nullopt;
    arc.kind = element.kind;
    arc.parameters = element.parameters;
    arc.elements = {item.element};
    return arc;
  }
  if (item.type != CircuitNode::Type::parallel || item.children.size() != 2) return std::nullopt;
  const CircuitElement* resistor = nullptr;
  const CircuitElement* store = nullptr;
  for (const std::size_t child : item.children) {
    if (circuit.nodes[child].type != CircuitNode::Type::element) return std::nullopt;
    const CircuitElement& element = circuit.elements[circuit.nodes[child].element];
    if (element.kind == ElementKind::resistor) resistor = &element;
    if (element.kind == ElementKind::capacitor || element.kind == ElementKind::constant_phase) store = &element;
    arc.elements.push_back(circuit.nodes[child].element);
  }
  if (!resistor || !store) return std::nullopt;
  arc.kind = store->kind;
  arc.parameters = resistor->parameters;
  arc.parameters.insert(arc.parameters.end(), store->parameters.begin(), store->parameters.end());
  return arc;
}

bool exchangeable(const Circuit& circuit, const Arc& arc) {
  return std::none_of(arc.parameters.begin(), arc.parameters.end(), [&circuit](std::size_t place) {
    const Parameter& parameter = circuit.parameters[place];
    std::size_t uses = 0;
    for (const CircuitElement& element : circuit.elements) {
      uses += static_cast<std::size_t>(std::count(element.parameters.begin(), element.parameters.end(), place));
    }
    return parameter.fixed || parameter.bounded_by_user || uses > 1;
  });
}

}  // namespace

std::vector<Arc> find_arcs(const Circuit& circuit) {
  std::vector<Arc> arcs;
  for (const std::size_t node : circuit.top_level()) {
    if (std::optional<Arc> arc = arc_of(circuit, node)) arcs.push_back(std::move(*arc));
  }
  return arcs;
}

double log_characteristic_frequency(const Arc& arc, std::span<const double> values) {
  const auto at = [&](std::size_t i) { return values[arc.parameters[i]]; };
  switch (arc.kind) {
    case ElementKind::capacitor:
      return -std::log(at(0)) - std::log(at(1));
    case ElementKind::constant_phase:
      return -(std::log(at(0)) + std::log(at(1))) / at(2);
    default:
      return -std::log(at(1));
  }
}

bool order_arcs(const Circuit& circuit, std::span<double> values) {
  std::vector<Arc> arcs = find_arcs(circuit);
  std::erase_if(arcs, [&circuit](const Arc& arc) { return !exchangeable(circuit, arc); });
  bool moved = false;
  for (std::size_t i = 0; i < arcs.size(); ++i) {
    for (std::size_t j = i + 1; j < arcs.size(); ++j) {
      if (arcs[i].kind != arcs[j].kind) continue;
      if (log_characteristic_frequency(arcs[j], values) <= log_characteristic_frequency(arcs[i], values)) continue;
      for (std::size_t k = 0; k < arcs[i].parameters.size(); ++k) {
        std::swap(values[arcs[i].parameters[k]], values[arcs[j].parameters[k]]);
      }
      moved = true;
    }
  }
  return moved;
}

}  // namespace closo::impedance::detail
