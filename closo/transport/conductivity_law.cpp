#include "closo/transport/conductivity_law.hpp"

#include <algorithm>

#include "closo/base/error.hpp"

namespace closo::transport {

const ArrheniusLaw& ConductivityLaw::at(double temperature) const {
  const auto above = std::ranges::upper_bound(transitions, temperature) - transitions.begin();
  const auto index = static_cast<std::size_t>(above);
  if (index >= segments.size()) throw base::ParameterError("law", "no segment for this temperature", "a fitted law");
  return segments[index];
}

ConductivityPrediction predict(const ConductivityLaw& law, double temperature, double confidence) {
  return predict(law.at(temperature), temperature, confidence);
}

}  // namespace closo::transport
