/// Random start values that fit the size of the data: resistances near |Z|, time constants inside the frequency range.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "closo/impedance/circuit.hpp"
#include "closo/impedance/detail/random.hpp"
#include "closo/impedance/spectrum.hpp"

namespace closo::impedance::detail {

class StartGenerator {
 public:
  StartGenerator(const Circuit& circuit, const PreparedSpectrum& data, std::uint64_t seed);

  /// Fills values for every parameter that is not fixed; bounds are respected.
  void draw(std::span<double> values);

 private:
  struct Place {
    double omega;      ///< rad/s
    double impedance;  ///< Ohm
  };
  Place draw_place();
  void draw_node(std::size_t node, const std::optional<Place>& place, std::span<double> values);
  void draw_element(const CircuitElement& element, const Place& place, std::span<double> values);

  const Circuit* circuit_;
  const PreparedSpectrum* data_;
  std::vector<double> log_modulus_;
  double log_slowest_ = 0.0;
  double log_fastest_ = 0.0;
  Random random_;
};

}  // namespace closo::impedance::detail
