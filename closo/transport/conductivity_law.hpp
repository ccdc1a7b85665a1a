/// A conductivity law over several phases: one Arrhenius law per phase, separated by transition temperatures.
#pragma once

#include <limits>
#include <vector>

#include "closo/transport/arrhenius.hpp"

namespace closo::transport {

/// At and above a transition the upper phase holds. Evaluation allocates nothing.
struct ConductivityLaw {
  std::vector<ArrheniusLaw> segments;  ///< ascending in temperature, at least one
  std::vector<double> transitions;     ///< K, ascending, one less than the segments
  /// K: beyond these another phase is known to hold, whose law is not known.
  double lowest = 0.0, highest = std::numeric_limits<double>::infinity();

  bool covers(double temperature) const noexcept { return temperature >= lowest && temperature <= highest; }

  /// The law that holds at a temperature [K]. Throws: ParameterError when there is no segment.
  const ArrheniusLaw& at(double temperature) const;
  double conductivity(double temperature) const { return at(temperature).conductivity(temperature); }  ///< S/m
};

/// Throws: ParameterError as the function for one law, and when there is no segment.
ConductivityPrediction predict(const ConductivityLaw& law, double temperature, double confidence = 0.95);

}  // namespace closo::transport
