/// A cell as the laboratory describes it: masses, fractions, sizes, conductivities, each with source and mark, and how
/// the simulator's parameters follow from them.
///
/// Model: the composite cathode is made of active material, electrolyte and additive by mass, with their densities and
/// a share of voids; thickness L = m_A Σ(w/ρ)/(1-ε_void), volume fractions ε_i = (m_A w_i/ρ_i)/L. The exchangeable
/// concentration is c_max = q ρ_a/F with q the capacity between stoichiometry 0 and 1, so that the mass alone decides
/// the capacity. Effective ionic conductivity: given; else κ ε_e/τ with a tortuosity factor; else κ ε_e^α, α = 1.5 or
/// as given. Effective electronic conductivity: given; else σ_a ε_a^1.5. Size classes: log-normal in volume,
/// Gauss-Hermite nodes. Source: mass and volume balance; D. A. G. Bruggeman, Ann. Phys. 416 (1935) 636,
/// DOI 10.1002/andp.19354160705.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "closo/cell/impedance.hpp"
#include "closo/cell/parameters.hpp"

namespace closo::cell {

/// Where a number comes from, best first.
enum class Mark : unsigned char { measured, computed, literature, fitted, setting, estimated, guess };
std::string_view to_string(Mark mark) noexcept;
/// Throws: InputError with the marks there are.
Mark parse_mark(std::string_view text);

/// One number of the description, SI.
struct DescribedValue {
  double value = 0.0;
  std::optional<double> uncertainty = {};
  std::optional<double> low = {}, high = {};  ///< within which it may be fitted
  Mark mark = Mark::setting;
  std::string source = {};
  bool operator==(const DescribedValue&) const = default;
};

/// One row of the schema: the only place where names, units and ranges of the description stand.
struct DescribedQuantity {
  std::string_view name;         ///< "cathode.particle_radius": [cell.cathode] particle_radius of a system file
  std::string_view unit;         ///< of the laboratory: "um"
  double low = 0.0, high = 0.0;  ///< possible, in that unit
  bool is_low_possible = false;  ///< else the value must be above `low`
  bool is_logarithmic = false;   ///< varies over decades: fits and sweeps step in its logarithm
  std::string_view meaning;      ///< a clause for people
};
std::span<const DescribedQuantity> described_quantities() noexcept;
/// Throws: InputError with near names.
const DescribedQuantity& described_quantity(std::string_view name);

class CellDescription {
 public:
  std::string name;                ///< title
  std::string ion = "Li";          ///< mobile ion and metal of the potentials
  std::string active, curve;       ///< active material and open-circuit curve, for reports
  std::string anode, electrolyte;  ///< for reports
  OpenCircuit open_circuit = {};   ///< against the metal of the ion
  Mark open_circuit_mark = Mark::literature;
  std::string open_circuit_source = {};
  ParticleShape shape = ParticleShape::sphere;
  bool has_thermodynamic_factor = false;

  bool has(std::string_view quantity) const noexcept { return find(quantity) != nullptr; }
  const DescribedValue* find(std::string_view quantity) const noexcept;
  /// Throws: ParameterError when the quantity is not given, with its meaning and unit.
  double value(std::string_view quantity) const;
  double value_or(std::string_view quantity, double otherwise) const noexcept;

  /// Throws: InputError for an unknown quantity (near names); ParameterError for a value out of the schema's range.
  void set(std::string_view quantity, DescribedValue value);
  /// Only the number, mark and source kept (a new quantity: mark setting). Throws: as above.
  void set_value(std::string_view quantity, double value);
  void remove(std::string_view quantity);

  /// By name, in the order of the schema.
  std::vector<std::string_view> names() const;
  /// Estimated and guessed ones, in the order of the schema.
  std::vector<std::string_view> doubtful() const;

  bool operator==(const CellDescription&) const = default;

 private:
  std::map<std::string, DescribedValue, std::less<>> values_;
};

/// Geometry that follows from masses and densities.
struct CathodeGeometry {
  double composite_mass = 0.0;  ///< kg/m²
  double active_mass = 0.0;     ///< kg/m²
  double thickness = 0.0;       ///< m
  double active_fraction = 0.0, electrolyte_fraction = 0.0, additive_fraction = 0.0, void_fraction = 0.0;
};
/// Throws: ParameterError for what is missing or impossible (mass fractions that do not add up to 1).
CathodeGeometry cathode_geometry(const CellDescription& description);

/// What the simulator takes. Optional pieces are on when their section has a value: contact.*, growth.*, oxidation.*,
/// metal.*, heat.*. Throws: ParameterError naming the first quantity that is missing or impossible.
CellParameters build(const CellDescription& description);

/// Double layers and capacitances of an impedance; defaults where the description is silent.
ImpedanceOptions impedance_options(const CellDescription& description);

}  // namespace closo::cell
