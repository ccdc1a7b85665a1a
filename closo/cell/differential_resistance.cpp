#include "closo/cell/differential_resistance.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <utility>

#include "closo/base/constants.hpp"
#include "closo/cell/impedance.hpp"

namespace closo::cell {
namespace {

constexpr double step = 1e-3;      // of the logarithm of a resistivity
constexpr double slowness = 1e-4;  // of the slowest relaxation
constexpr ImpedanceOptions without_capacitances{0.0, 0.0, 0.0, 0.0};

/// The pieces with one resistivity multiplied.
using Change = void (*)(CellParameters&, double);

constexpr std::array<Change, resistance_count> changes{
    [](CellParameters& cell, double factor) { cell.separator.thickness *= factor; },
    [](CellParameters& cell, double factor) {
      cell.anode.resistance.value *= factor;
      if (cell.anode.growth) cell.anode.growth->conductivity.value /= factor;
      if (cell.anode.contact) cell.anode.contact->contacts_per_area /= factor * factor;
    },
    [](CellParameters& cell, double factor) {
      if (cell.anode.exchange_current_density) cell.anode.exchange_current_density->value /= factor;
    },
    [](CellParameters& cell, double factor) { cell.cathode.ionic_conductivity.value /= factor; },
    [](CellParameters& cell, double factor) { cell.cathode.electronic_conductivity.value /= factor; },
    [](CellParameters& cell, double factor) {
      cell.cathode.film.thickness *= factor;
      cell.cathode.film.resistance *= factor;
      if (cell.cathode.growth) cell.cathode.growth->conductivity.value /= factor;
    },
    [](CellParameters& cell, double factor) {
      cell.cathode.material.kinetics.exchange_current_density.value /= factor;
    },
    [](CellParameters& cell, double factor) { cell.cathode.material.diffusivity.value /= factor; },
};

/// A frequency [Hz] below every relaxation: diffusion in the particles and along the composite.
double slow_frequency(const CellParameters& cell, double stoichiometry, double temperature) {
  const Cathode& cathode = cell.cathode;
  const double reference = cell.reference_temperature;
  double radius = 0.0;
  for (const SizeClass& size : cathode.material.sizes) radius = std::max(radius, size.radius);
  const double per_volt = base::faraday_constant / (base::gas_constant * temperature);
  const double slope = std::abs(cathode.material.open_circuit.at(stoichiometry, temperature).stoichiometry_derivative);
  double diffusivity = at_temperature(cathode.material.diffusivity, temperature, reference);
  if (cathode.material.has_thermodynamic_factor)
    diffusivity *= std::max(per_volt * stoichiometry * (1.0 - stoichiometry) * slope, 0.01);
  const double ionic = ionic_at_temperature(cathode.ionic_conductivity, temperature, reference);
  const double electronic = at_temperature(cathode.electronic_conductivity, temperature, reference);
  const double capacitance = base::faraday_constant * cathode.material.maximum_concentration * cathode.active_fraction /
                             std::max(slope, 1e-6 / per_volt);  // F/m³
  const double along = cathode.thickness * cathode.thickness * capacitance * (1.0 / ionic + 1.0 / electronic);
  return slowness / (radius * radius / diffusivity + along);
}

}  // namespace

std::array<double, resistance_count> values(const DifferentialResistance& r) noexcept {
  return {r.separator, r.anode_interface, r.anode_kinetics, r.cathode_ionic, r.cathode_electronic,
          r.film,      r.charge_transfer, r.diffusion};
}

std::array<std::string_view, resistance_count> resistance_names() noexcept {
  return {"separator", "anode interface", "anode kinetics", "cathode ions", "cathode electrons",
          "film",      "charge transfer", "diffusion"};
}

DifferentialResistance differential_resistance(const CellParameters& parameters, double stoichiometry,
                                               double temperature, const SimulationOptions& mesh) {
  check(parameters);
  const double frequency[] = {slow_frequency(parameters, stoichiometry, temperature)};
  const auto real_part = [&](const CellParameters& cell) {
    return cell_impedance(cell, stoichiometry, temperature, frequency, mesh, without_capacitances).front().real();
  };
  std::array<double, resistance_count> found{};
  for (std::size_t k = 0; k < resistance_count; ++k) {
    CellParameters more = parameters;
    CellParameters less = parameters;
    changes[k](more, std::exp(step));
    changes[k](less, std::exp(-step));
    found[k] = std::max(0.0, (real_part(more) - real_part(less)) / (2.0 * step));
  }
  return {found[0], found[1], found[2], found[3], found[4], found[5], found[6], found[7], real_part(parameters)};
}

}  // namespace closo::cell
