/// Arcs of a circuit: which groups in series are relaxations, their characteristic frequencies, and a fixed order of
/// equals.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "closo/impedance/circuit.hpp"

namespace closo::impedance::detail {

/// A relaxation in series with the rest: p(R,C), p(R,CPE), Zarc, HN or K.
struct Arc {
  std::size_t node = 0;
  ElementKind kind =
      ElementKind::resistor;            ///< of the element that carries the time: capacitor, constant_phase, zarc, …
  std::vector<std::size_t> parameters;  ///< R first, then C | Q n | tau [alpha [beta]]
  std::vector<std::size_t> elements;
};

/// Arcs at the top level, in the order of the circuit.
std::vector<Arc> find_arcs(const Circuit& circuit);

/// ln of the characteristic angular frequency: -ln(RC), -ln(RQ)/n, -ln tau.
double log_characteristic_frequency(const Arc& arc, std::span<const double> values);

/// Orders the values of exchangeable arcs (same kind, no fixed, shared or bounded parameter) by falling characteristic
/// frequency; true when anything moved.
bool order_arcs(const Circuit& circuit, std::span<double> values);

}  // namespace closo::impedance::detail
