/// The system file: what a user knows of one electrolyte system and the cell built of it, as TOML.
///
/// Every section is optional except [system] and [electrolyte]; unknown keys are errors with the nearest name. A file
/// may extend another one (`extends = "base.toml"` in [system]): its own keys then replace those of the base, section
/// by section. All values are SI after reading. The vocabulary is described in docs/system_file.md.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/base/quantity.hpp"

namespace closo::tasks {

/// A conductivity the user states for the electrolyte.
struct StatedConductivity {
  double temperature = 0.0;  ///< K
  base::Quantity sigma;      ///< S/m
  base::Place place;
};

/// An electrochemical limit with how it was measured.
struct StatedLimit {
  base::Quantity potential;  ///< V against the metal of the mobile ion
  std::string method;
};

struct ElectrolyteEntry {
  std::string material;  ///< library name; empty: own data only
  std::string phase;     ///< restricts library facts to one phase
  std::vector<StatedConductivity> conductivity;
  std::optional<base::Quantity> activation_energy;  ///< J per particle
  std::string activation_energy_form = "sigma_t";   ///< "sigma_t" or "sigma"
  std::optional<base::Quantity> ionic_transference;
  std::optional<base::Quantity> cation_transference;
  std::optional<StatedLimit> oxidation_limit, reduction_limit;
  std::optional<base::Quantity> density;  ///< kg/m³
  std::string source;                     ///< where the stated numbers come from
};

struct CompositeEntry {
  std::string filler;                                  ///< library name
  base::Quantity fraction;                             ///< of the filler; basis volume or mass
  std::optional<base::Quantity> surface_area;          ///< m²/kg of filler
  std::optional<base::Quantity> pore_volume;           ///< m³/kg of filler
  std::optional<base::Quantity> interphase_thickness;  ///< m
  std::map<std::string, base::Quantity> densities;     ///< kg/m³ by name
  std::optional<base::Quantity> wetted_fraction;       ///< of the filler's surface, with an interphase
  /// Of the pure host prepared the same way, and of the interphase where it is known.
  std::vector<StatedConductivity> host_conductivity, interphase_conductivity;
  std::optional<base::Quantity> host_activation_energy, interphase_activation_energy;  ///< J per particle, of ln σT
  std::string source;
};

struct PreparationEntry {
  std::string method;
  std::optional<base::Quantity> milling_time;  ///< s
  std::optional<base::Quantity> pressure;      ///< Pa
  std::optional<base::Quantity> temperature;   ///< K
  std::string note, source;
};

struct SeparatorEntry {
  std::optional<base::Quantity> thickness;  ///< m
  std::optional<base::Quantity> diameter;   ///< m
  std::optional<base::Quantity> area;       ///< m²; from the diameter when not given
  std::optional<base::Quantity> mass;       ///< kg
};

struct AnodeEntry {
  std::string material;
  std::optional<base::Quantity> thickness;  ///< m
  std::optional<base::Quantity> mass;       ///< kg
  std::optional<base::Quantity> density;    ///< kg/m³
};

struct CathodeEntry {
  std::string active;
  std::optional<base::Quantity> mass;                 ///< kg of the composite
  std::map<std::string, base::Quantity> composition;  ///< name → mass fraction
  std::optional<base::Quantity> specific_capacity;    ///< C/kg of active material; empty: theory
  std::optional<base::Quantity> average_voltage;      ///< V
  std::string coating;                                ///< on the active material: library name or formula; may be empty
  std::string source;
};

/// A rate as written, with its value.
struct Rate {
  std::string text;       ///< "C/10"
  double per_hour = 0.0;  ///< 1/h
};

struct OperationEntry {
  std::vector<double> temperatures;  ///< K, as given
  std::vector<Rate> rates;
  std::optional<base::Quantity> voltage_low, voltage_high;  ///< V
};

/// Impedance spectra of the electrolyte's pellet, measured by the user: [measurement.impedance].
struct ImpedanceMeasurementEntry {
  std::vector<std::string> files;      ///< files or folders, absolute or relative to the system file
  base::Quantity thickness;            ///< m, of the pellet
  std::optional<base::Quantity> area;  ///< m²; from the diameter when that was given
  std::string circuit;                 ///< empty: chosen from the data
  std::string source;
};

/// One quantity of the cell model as the user gives it; its name and unit stand in cell::described_quantities().
struct DescribedValueEntry {
  base::Quantity value;             ///< SI
  std::optional<double> low, high;  ///< SI, within which it may be fitted
  std::string mark;                 ///< of cell::Mark
  std::string source;
  base::Place place;
};

/// What a cell simulation needs beyond the other sections: [cell] and its subsections.
struct CellEntry {
  std::map<std::string, DescribedValueEntry, std::less<>> values;  ///< by name: "cathode.particle_radius"
  std::string open_circuit;                      ///< curve of the active material; empty: the preferred one
  std::string particle_shape;                    ///< "sphere", "cylinder" or "slab"; empty: sphere
  std::optional<bool> has_thermodynamic_factor;  ///< diffusion follows the open-circuit curve's slope
  std::string mesh;                              ///< "40x40"; empty: default
  std::string protocol;                          ///< in the words of cell/protocol.hpp; may be empty
  base::Place open_circuit_place, mesh_place, protocol_place;
};

/// Targets; what is empty comes from the library's defaults.
struct CriteriaEntry {
  std::optional<double> conductivity_temperature;       ///< K
  std::optional<base::Quantity> conductivity_at_least;  ///< S/m
  std::optional<base::Quantity> ionic_transference_at_least;
  std::optional<base::Quantity> cation_transference_at_least;
  std::optional<base::Quantity> separator_resistance_at_most;  ///< Ω m²
  std::optional<base::Quantity> retention_at_least;
  std::optional<base::Quantity> retention_cycles;
};

struct System {
  std::string file;
  std::vector<std::string> extended;  ///< base files, outermost last
  std::string name, mobile_ion, description;
  ElectrolyteEntry electrolyte;
  std::optional<CompositeEntry> composite;
  std::optional<PreparationEntry> preparation;
  SeparatorEntry separator;
  std::optional<AnodeEntry> anode;
  std::optional<CathodeEntry> cathode;
  OperationEntry operation;
  CriteriaEntry criteria;
  std::optional<ImpedanceMeasurementEntry> impedance;
  CellEntry cell;
};

/// Parses TOML text; `file` names it in messages and is the place `extends` is relative to.
/// Throws: InputError with file, line and column: TOML syntax, unknown keys (with near names), wrong units or
/// dimensions, negative or out-of-range values, fractions above 1, circular `extends`.
System parse_system(std::string_view text, const std::filesystem::path& file);

/// Reads and parses a system file. Throws: InputError.
System read_system(const std::filesystem::path& file);

}  // namespace closo::tasks
