/// Symmetric cells metal | electrolyte | metal: stripping and plating at stepped currents, critical current density.
///
/// Model: one side strips while the other plates; each side has its own contact fraction (metal.hpp, exact for constant
/// current), interphase and constriction; V = I (L/κ + R_1 + R_2) + η_1 + η_2. No charge is lost. A run fails where the
/// stripped contact falls to a limit or the voltage passes one. Contact obeys lumped creep: no dendrites, no cracks in
/// the electrolyte. Source: protocol and voids on stripping, J. Kasemchainan et al., Nat. Mater. 18 (2019) 1105, DOI
/// 10.1038/s41563-019-0438-9.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "closo/cell/parameters.hpp"

namespace closo::cell {

struct SymmetricCell {
  Separator separator = {};
  MetalAnode electrode = {};              ///< both alike; its equilibrium potential does not matter
  double temperature = 298.15;            ///< K
  double reference_temperature = 298.15;  ///< K, of every `Activated` value
};

struct SymmetricProgram {
  std::vector<double> current_densities = {};  ///< A/m², above 0, one after the other on the same cell
  double half_cycle_charge = 3600.0;           ///< C/m²
  std::size_t cycles_per_current = 1;
  double rest = 0.0;           ///< s after each half cycle
  double voltage_limit = 1.0;  ///< V
  double contact_limit = 0.1;  ///< of the stripped side
  std::size_t points = 40;     ///< of a half cycle that are recorded and tested against the limits
};

enum class SymmetricEnd : unsigned char {
  complete,
  contact,  ///< the stripped side has lost its contact
  voltage,  ///< the voltage limit is passed
};
/// "complete", "contact", "voltage".
std::string_view to_string(SymmetricEnd end) noexcept;

/// Columns of equal length. I > 0 strips the first side.
struct SymmetricRows {
  std::vector<double> time;                           ///< s
  std::vector<double> current;                        ///< A/m²
  std::vector<double> voltage;                        ///< V
  std::vector<double> first_contact, second_contact;  ///< contact fractions
};

/// What happened at one current.
struct SymmetricStep {
  double current_density = 0.0;  ///< A/m²
  double first_voltage = 0.0;    ///< V, at its first moment
  double highest_voltage = 0.0;  ///< V, magnitude
  double lowest_contact = 1.0;   ///< of either side
  std::size_t half_cycles = 0;   ///< that were finished
  SymmetricEnd end = SymmetricEnd::complete;
};

struct SymmetricResult {
  SymmetricRows rows;
  std::vector<SymmetricStep> steps;  ///< the last one failed unless `end` is complete
  SymmetricEnd end = SymmetricEnd::complete;
};

/// Resistance of one metal's interface [Ω m²]: interphase, growth of a thickness [m], constriction, at a contact
/// fraction.
double metal_interface_resistance(const SymmetricCell& cell, double contact_fraction, double grown_thickness) noexcept;

/// Throws: ParameterError for impossible parameters, currents, charge or limits, no current at all, more than 5 million
/// points.
SymmetricResult simulate_symmetric(const SymmetricCell& cell, const SymmetricProgram& program);

struct CriticalCurrent {
  std::optional<double> current_density = {};  ///< A/m²; empty: none up to the highest that was tried
  SymmetricEnd cause = SymmetricEnd::complete;
};

/// The smallest current density [A/m²] between two at which a fresh cell fails, to 1e-6 of itself; the currents of the
/// program do not matter. Where even the lowest one fails it is the answer. Looks upwards at 20 currents a decade.
/// Throws: as simulate_symmetric, and unless 0 < lowest < highest.
CriticalCurrent critical_current(const SymmetricCell& cell, const SymmetricProgram& program, double lowest,
                                 double highest);

}  // namespace closo::cell
