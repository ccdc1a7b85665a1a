#include "closo/composite/space_charge.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::composite {
namespace {

/// CODATA 2018, F/m; DOI 10.1103/RevModPhys.93.025010.
constexpr double vacuum_permittivity = 8.8541878128e-12;

void check_positive(const char* name, double value, const char* unit) {
  if (!(value > 0.0) || !std::isfinite(value))
    throw base::ParameterError(name, base::format_number(value, 6) + unit, "a value above 0");
}

void check_charge(int charge) {
  if (charge == 0) throw base::ParameterError("charge", "0", "a charge number that is not 0");
}

void check_not_negative(const char* name, double value, const char* unit) {
  if (!(value >= 0.0) || !std::isfinite(value))
    throw base::ParameterError(name, base::format_number(value, 6) + unit, "a value of at least 0");
}

void check_share(const char* name, double value) {
  if (!(value >= 0.0 && value <= 1.0))
    throw base::ParameterError(name, base::format_number(value, 6), "a number from 0 to 1");
}

}  // namespace

double debye_length(double relative_permittivity, double temperature, double defect_concentration, int charge) {
  check_positive("relative_permittivity", relative_permittivity, "");
  check_positive("temperature", temperature, " K");
  check_positive("defect_concentration", defect_concentration, " 1/m^3");
  check_charge(charge);
  const double ze = charge * base::elementary_charge;
  return std::sqrt(relative_permittivity * vacuum_permittivity * base::boltzmann_constant * temperature /
                   (2.0 * ze * ze * defect_concentration));
}

double parallel_excess_conductivity(double bulk_concentration, double surface_concentration, double mobility,
                                    int charge) {
  check_positive("bulk_concentration", bulk_concentration, " 1/m^3");
  check_positive("surface_concentration", surface_concentration, " 1/m^3");
  check_positive("mobility", mobility, " m^2/(V s)");
  check_charge(charge);
  const double accumulated = std::sqrt(surface_concentration) * std::sqrt(bulk_concentration) - bulk_concentration;
  return std::abs(charge) * base::elementary_charge * mobility * accumulated;
}

double space_charge_conductivity(const SpaceCharge& input) {
  check_not_negative("bulk_conductivity", input.bulk_conductivity, " S/m");
  check_not_negative("debye_length", input.debye_length, " m");
  check_not_negative("area_per_volume", input.area_per_volume, " 1/m");
  check_share("filler_fraction", input.filler_fraction);
  check_share("percolation_share", input.percolation_share);
  if (!(input.excess_conductivity >= -input.bulk_conductivity) || !std::isfinite(input.excess_conductivity)) {
    throw base::ParameterError("excess_conductivity", base::format_number(input.excess_conductivity, 6) + " S/m",
                               "at least minus the bulk conductivity");
  }
  const double conductor = 1.0 - input.filler_fraction;
  const double layer = std::min(2.0 * input.debye_length * input.area_per_volume * input.filler_fraction, conductor);
  return conductor * input.bulk_conductivity + input.percolation_share * layer * input.excess_conductivity;
}

}  // namespace closo::composite
