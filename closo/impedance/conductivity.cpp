#include "closo/impedance/conductivity.hpp"

#include <cmath>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::impedance {
namespace {

void check(const char* name, const base::Measured& quantity, const char* unit) {
  if (!(quantity.value > 0.0) || !std::isfinite(quantity.value)) {
    throw base::ParameterError(name, base::format_number(quantity.value, 6) + " " + unit, "a positive number");
  }
  if (quantity.uncertainty && !(*quantity.uncertainty >= 0.0 && std::isfinite(*quantity.uncertainty))) {
    throw base::ParameterError(name, "uncertainty " + base::format_number(*quantity.uncertainty, 6) + " " + unit,
                               "zero or more");
  }
}

}  // namespace

std::optional<double> PelletConductivity::total_uncertainty() const {
  if (!fit_uncertainty && !geometry_relative) return std::nullopt;
  return std::hypot(fit_uncertainty.value_or(0.0), value * geometry_relative.value_or(0.0));
}

PelletConductivity pellet_conductivity(const base::Measured& resistance, const Pellet& pellet) {
  check("resistance", resistance, "Ohm");
  check("thickness", pellet.thickness, "m");
  check("area", pellet.area, "m2");
  PelletConductivity out;
  out.value = pellet.thickness.value / (resistance.value * pellet.area.value);
  if (resistance.uncertainty) out.fit_uncertainty = out.value * *resistance.uncertainty / resistance.value;
  if (pellet.thickness.uncertainty || pellet.area.uncertainty) {
    out.geometry_relative = std::hypot(pellet.thickness.uncertainty.value_or(0.0) / pellet.thickness.value,
                                       pellet.area.uncertainty.value_or(0.0) / pellet.area.value);
  }
  return out;
}

}  // namespace closo::impedance
