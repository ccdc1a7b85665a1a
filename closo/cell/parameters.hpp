/// Everything the cell simulator needs to know about a cell, as plain SI structs; every optional piece is off by
/// default.
///
/// Model: single-ion P2D, metal | solid electrolyte (t+ = 1) | composite cathode of solid electrolyte and active
/// particles; one temperature for the whole cell. Effective conductivities of the composite are given, not bulk ones
/// (bruggeman() is the fallback without a microstructure). Source: M. Doyle, T. F. Fuller, J. Newman, J. Electrochem.
/// Soc. 140 (1993) 1526, DOI 10.1149/1.2221597, with t+ = 1; the optional pieces name theirs in their own headers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "closo/cell/contact.hpp"
#include "closo/cell/growth.hpp"
#include "closo/cell/heat.hpp"
#include "closo/cell/kinetics.hpp"
#include "closo/cell/metal.hpp"
#include "closo/cell/open_circuit.hpp"
#include "closo/cell/particle.hpp"
#include "closo/cell/temperature.hpp"

namespace closo::cell {

struct Separator {
  double thickness = 0.0;       ///< m
  Activated conductivity = {};  ///< S/m, ionic; σT follows Arrhenius
  bool operator==(const Separator&) const = default;
};

/// A part of the active material with one particle size.
struct SizeClass {
  double radius = 0.0;        ///< m; half thickness of a slab
  double volume_share = 1.0;  ///< of the active material; the shares of all classes add up to 1
  bool operator==(const SizeClass&) const = default;
};

/// The active material: one insertion compound.
struct ActiveMaterial {
  OpenCircuit open_circuit = {};       ///< against the metal of `MetalAnode::equilibrium_potential` 0
  double maximum_concentration = 0.0;  ///< mol/m³ of exchangeable ions at stoichiometry 1
  ParticleShape shape = ParticleShape::sphere;
  std::vector<SizeClass> sizes = {};
  Activated diffusivity = {};  ///< m²/s
  /// D(z) = D · (-(F/RT) z (1-z) dU/dz), consistent with the open-circuit curve and at least D/100; else D is constant.
  bool has_thermodynamic_factor = false;
  InsertionKinetics kinetics = {};
  bool operator==(const ActiveMaterial&) const = default;
};

/// A layer between particle and electrolyte that is there from the start (coating, interlayer).
struct InterfaceFilm {
  double thickness = 0.0;       ///< m
  Activated conductivity = {};  ///< S/m; used only where the thickness is above 0
  double resistance = 0.0;      ///< Ω m² of contacted area, in series with the layer
  bool operator==(const InterfaceFilm&) const = default;
};

struct Cathode {
  double thickness = 0.0;                  ///< m
  double active_fraction = 0.0;            ///< volume of active material / volume of the composite
  double electrolyte_fraction = 0.0;       ///< volume of electrolyte / volume of the composite
  Activated ionic_conductivity = {};       ///< S/m, effective; σT follows Arrhenius
  Activated electronic_conductivity = {};  ///< S/m, effective
  double contacted_fraction = 1.0;         ///< of the particles' surface that touches the electrolyte, before `contact`
  ActiveMaterial material = {};
  double initial_stoichiometry = 0.0;  ///< 0 to 1 exclusive
  InterfaceFilm film = {};
  std::optional<ContactModel> contact = {};  ///< pressure, strain and damage change the contacted fraction
  std::optional<GrowthModel> growth = {};    ///< an interphase grows between particles and electrolyte
  bool operator==(const Cathode&) const = default;
};

struct MetalAnode {
  double equilibrium_potential = 0.0;  ///< V against the metal of the open-circuit curve; 0.62 for In-Li against Li
  std::optional<Activated> exchange_current_density = {};  ///< A/m²; empty: no kinetic overpotential
  Activated resistance = {};                      ///< Ω m² of interphase at full contact; energy: of its conductance
  std::optional<MetalContactModel> contact = {};  ///< voids on stripping, closed by creep
  std::optional<GrowthModel> growth = {};         ///< parabolic growth only
  bool operator==(const MetalAnode&) const = default;
};

struct CellParameters {
  MetalAnode anode = {};
  Separator separator = {};
  Cathode cathode = {};
  std::optional<HeatModel> heat = {};           ///< lumped heat balance; else the temperature is what the protocol says
  double temperature = 298.15;                  ///< K, at the start and (with heat) of the surroundings
  double reference_temperature = 298.15;        ///< K, of every `Activated` value
  std::optional<double> nominal_capacity = {};  ///< C/m² that 1C discharges in an hour; empty: theoretical_capacity()
  std::optional<double> areal_active_mass = {};  ///< kg/m², for currents in mA/g
  std::optional<double> area = {};               ///< m², for currents in mA and powers in mW
  bool operator==(const CellParameters&) const = default;
};

/// Bulk conductivity [S/m] × fraction^exponent. Throws: ParameterError for a conductivity not above 0 or a fraction
/// outside 0 (exclusive) to 1.
Activated bruggeman(const Activated& bulk, double fraction, double exponent = 1.5);

/// F c_max ε L [C/m²] of the cathode between stoichiometry 0 and 1.
double theoretical_capacity(const Cathode& cathode) noexcept;

/// What 1C means [C/m²]: the nominal capacity if given, else the theoretical one.
double rated_capacity(const CellParameters& parameters) noexcept;

/// Throws: ParameterError for the first member that is not possible: thickness, conductivity, radius, diffusivity,
/// exchange current or concentration not above 0, fractions outside 0 to 1 or adding up to more than 1, size shares
/// that do not add up to 1, a start outside the open-circuit curve's range, temperatures not above 0.
void check(const CellParameters& parameters);

}  // namespace closo::cell
