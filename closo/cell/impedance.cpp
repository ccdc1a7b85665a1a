#include "closo/cell/impedance.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "closo/base/constants.hpp"
#include "closo/cell/detail/electrode.hpp"
#include "closo/cell/detail/parameter_check.hpp"
#include "closo/cell/detail/slow_states.hpp"

namespace closo::cell {
namespace {

using Complex = std::complex<double>;

void require_frequencies(std::span<const double> frequency) {
  for (std::size_t k = 0; k < frequency.size(); ++k)
    detail::require_positive(frequency[k], "frequency " + std::to_string(k + 1));
}

/// A resistance with a capacitance in parallel.
Complex parallel(double resistance, double capacitance, double omega) {
  return resistance / (1.0 + Complex(0.0, omega * capacitance * resistance));
}

/// Surface stoichiometry by unit surface flux [s/m] of the discrete particle.
Complex surface_by_flux(const ParticleBank& bank, double diffusivity, double omega) {
  const std::span<const double> volume = bank.volumes();
  const std::span<const double> conductance = bank.conductances();
  Complex inner = 0.0;  // what the shells inside add to the diagonal
  Complex diagonal = 0.0;
  for (std::size_t k = 0; k < volume.size(); ++k) {
    diagonal = Complex(0.0, omega * volume[k]) + inner;
    if (k + 1 < volume.size()) {
      const double g = diffusivity * conductance[k];
      inner = g * diagonal / (diagonal + g);
    }
  }
  return bank.surface_per_volume() / diagonal + bank.outer_distance() / diffusivity;
}

/// The composite's voltage by unit current: the linear equations of detail/electrode.cpp with an admittance per volume
/// [S/m³] in each cell.
Complex composite_impedance(const detail::ElectrodeCoefficients& at, std::span<const double> width,
                            std::span<const Complex> admittance) {
  const std::size_t n = width.size();
  const double resistivity = 1.0 / at.ionic + 1.0 / at.electronic;
  const double share = 1.0 / (at.electronic * resistivity);
  const auto distance = [&](std::size_t face) { return 0.5 * (width[face] + width[face + 1]); };
  const auto conductance = [&](std::size_t face) { return 1.0 / (resistivity * distance(face)); };
  // Eliminated as a ladder: what a cell and all before it take up is never a difference, so that the tiny admittances
  // of low frequencies keep their digits beside the conductances.
  std::vector<Complex> taken(n);
  std::vector<Complex> source(n);
  for (std::size_t i = 0; i < n; ++i) {
    taken[i] = width[i] * admittance[i];
    source[i] = (i + 1 < n ? share : 0.0) - (i == 0 ? 1.0 : share);
    if (i == 0) continue;
    const double g = conductance(i - 1);
    const Complex factor = g / (taken[i - 1] + g);
    taken[i] += factor * taken[i - 1];
    source[i] += factor * source[i - 1];
  }
  const Complex end = source[n - 1] / taken[n - 1];
  Complex u = end;
  Complex ionic = 0.0;
  Complex first = 0.0;
  Complex last = 0.0;
  for (std::size_t f = n - 1; f-- > 0;) {
    const double g = conductance(f);
    const Complex rise = (taken[f] * u - source[f]) / (taken[f] + g);
    const Complex flux = rise * g + share;
    if (f + 2 == n) last = flux;
    first = flux;
    ionic += flux * distance(f);
    u -= rise;
  }
  return 0.5 * width.front() / at.ionic * (3.0 + first) / 4.0 + ionic / at.ionic - end +
         0.5 * width.back() / at.electronic * (1.0 - last / 4.0);
}

}  // namespace

std::vector<std::complex<double>> cell_impedance(const CellParameters& parameters, double stoichiometry,
                                                 double temperature, std::span<const double> frequency,
                                                 const SimulationOptions& mesh, const ImpedanceOptions& options) {
  check(parameters);
  check(mesh);
  require_frequencies(frequency);
  detail::require_positive(temperature, "temperature");
  detail::require_between(stoichiometry, 1e-9, 1.0 - 1e-9, "stoichiometry");
  detail::require_not_negative(options.cathode_double_layer, "cathode double layer");
  detail::require_not_negative(options.anode_double_layer, "anode double layer");
  detail::require_not_negative(options.anode_film_capacitance, "anode film capacitance");
  detail::require_not_negative(options.separator_capacitance, "separator capacitance");
  const ActiveMaterial& material = parameters.cathode.material;
  const std::size_t n = mesh.cathode_cells;
  const detail::Electrode electrode(parameters, n, mesh.cathode_grading);
  const detail::ElectrodeCoefficients at =
      detail::coefficients(parameters, detail::start_states(parameters, n), temperature, n);
  const double diffusivity =
      detail::diffusivity(material, at_temperature(material.diffusivity, temperature, parameters.reference_temperature),
                          stoichiometry, temperature);
  std::vector<ParticleBank> banks;
  for (const SizeClass& size : material.sizes) {
    banks.emplace_back(material.shape, size.radius, mesh.particle_shells, mesh.particle_grading, 1, stoichiometry);
  }
  const double thermal_voltage = base::gas_constant * temperature / base::faraday_constant;
  const double slope = material.open_circuit.at(stoichiometry, temperature).stoichiometry_derivative;
  const double transfer = thermal_voltage / exchange_current_density(at.exchange_current_at_half, stoichiometry);
  std::vector<Complex> result;
  std::vector<Complex> admittance(n);
  for (const double hertz : frequency) {
    const double omega = 2.0 * std::numbers::pi * hertz;
    std::fill(admittance.begin(), admittance.end(), 0.0);
    for (std::size_t k = 0; k < banks.size(); ++k) {
      const Complex storage = -slope * surface_by_flux(banks[k], diffusivity, omega) /
                              (base::faraday_constant * material.maximum_concentration);
      for (std::size_t i = 0; i < n; ++i) {
        // Per contacted area; the particle spreads over its whole surface what comes in through the contacts.
        const Complex faradaic = transfer + at.touching[i] * storage;
        const Complex interface =
            at.film_resistance[i] + 1.0 / (1.0 / faradaic + Complex(0.0, omega * options.cathode_double_layer));
        admittance[i] += electrode.areas()[k] * at.connected[i] * at.touching[i] / interface;
      }
    }
    Complex total = composite_impedance(at, electrode.widths(), admittance);
    total += parallel(at.separator_resistance, options.separator_capacitance, omega);
    total += parallel(at.anode_resistance, options.anode_film_capacitance, omega);
    if (at.anode_exchange_current > 0.0)
      total += parallel(thermal_voltage / at.anode_exchange_current, options.anode_double_layer, omega);
    result.push_back(total);
  }
  return result;
}

std::vector<std::complex<double>> blocking_cell_impedance(double thickness, double conductivity, double double_layer,
                                                          std::span<const double> frequency) {
  detail::require_positive(thickness, "thickness");
  detail::require_positive(conductivity, "conductivity");
  detail::require_positive(double_layer, "double layer");
  require_frequencies(frequency);
  std::vector<std::complex<double>> result;
  for (const double hertz : frequency) {
    const double omega = 2.0 * std::numbers::pi * hertz;
    result.emplace_back(thickness / conductivity, -1.0 / (omega * 0.5 * double_layer));
  }
  return result;
}

}  // namespace closo::cell
