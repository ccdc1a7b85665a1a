#include "closo/stability/gibbs.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::stability {
namespace {

constexpr double room_temperature = 298.15;  // K, of ΔfH and ΔfG in the tables
constexpr double standard_pressure = 1e5;    // Pa
constexpr double lowest_temperature = 200.0,
                 highest_temperature = 2000.0;  // K, where the extrapolation still means something
constexpr std::size_t most_named = 5;

/// Phases that a note speaks of: their number and the first names.
class Names {
 public:
  void add(const library::EnergyRow& row) {
    if (names_.size() < most_named) names_.push_back(row.name);
    ++count_;
  }
  bool empty() const { return count_ == 0; }
  /// "3 phases: A, B, C"
  std::string text() const {
    std::string text = std::to_string(count_) + (count_ == 1 ? " phase (" : " phases (");
    for (std::size_t i = 0; i < names_.size(); ++i) text += (i == 0 ? "" : ", ") + names_[i];
    return text + (count_ > names_.size() ? ", …)" : ")");
  }

 private:
  std::vector<std::string> names_;
  std::size_t count_ = 0;
};

bool is_element(const library::EnergyRow& row) { return row.formula.terms().size() == 1; }

Entry entry_of(const library::EnergyRow& row, double energy_eV) {
  Entry entry;
  entry.name = row.name;
  entry.formula = row.formula;
  entry.energy_eV = energy_eV;
  entry.uncertainty_eV = row.uncertainty_eV;
  entry.phase = row.phase;
  entry.source = row.source;
  entry.grade = row.grade;
  entry.is_estimate = row.is_estimate;
  entry.is_reference = is_element(row) && row.energy_eV == 0.0;
  entry.is_gas = row.state == library::PhaseState::gas;
  return entry;
}

/// What a temperature did to the rows.
struct TemperatureNotes {
  Names without_table, beyond_table, without_enthalpy;
};

/// ΔfG(T) of one row [eV per formula unit].
double gibbs_energy(const library::EnergyRow& row, double temperature, TemperatureNotes& notes) {
  if (temperature == room_temperature || (is_element(row) && row.energy_eV == 0.0)) return row.energy_eV;
  if (row.gibbs_eV.empty() || temperature < room_temperature) {
    if (!row.enthalpy_eV) {
      notes.without_enthalpy.add(row);
      return row.energy_eV;
    }
    if (row.gibbs_eV.empty()) notes.without_table.add(row);
    return *row.enthalpy_eV + (row.energy_eV - *row.enthalpy_eV) * temperature / room_temperature;
  }
  std::vector<std::pair<double, double>> points{{room_temperature, row.energy_eV}};
  for (const auto& point : row.gibbs_eV) {
    if (point.first > points.back().first + 2.0) points.push_back(point);  // 300 K says nothing beside 298.15 K
  }
  if (points.size() == 1) return row.energy_eV;
  if (temperature > points.back().first) notes.beyond_table.add(row);
  std::size_t upper = 1;
  while (upper + 1 < points.size() && points[upper].first < temperature) ++upper;
  const auto& [low, low_energy] = points[upper - 1];
  const auto& [high, high_energy] = points[upper];
  return low_energy + (high_energy - low_energy) * (temperature - low) / (high - low);
}

std::string kelvin_text(double temperature) { return base::format_number(temperature, 6) + " K"; }
std::string bar_text(double pressure_Pa) { return base::format_number(pressure_Pa / standard_pressure, 6) + " bar"; }

void check_pressure(double pressure_Pa) {
  if (!(std::isfinite(pressure_Pa) && pressure_Pa > 0.0)) {
    throw base::ParameterError("pressure", base::format_number(pressure_Pa) + " Pa", "above 0 Pa");
  }
}

void check_static(const library::EnergySet& set, const Conditions& conditions) {
  if (conditions.temperature != room_temperature) {
    throw base::ParameterError("temperature", kelvin_text(conditions.temperature),
                               "298.15 K with the static set '" + set.id + "', whose energies have no temperature");
  }
  if (!conditions.pressures.empty()) {
    throw base::ParameterError("pressure", conditions.pressures.front().formula,
                               "none with the static set '" + set.id + "', whose energies have no pressure");
  }
}

/// A pressure that was asked for, and whether an entry took it.
struct Gas {
  base::Formula formula;
  const GasPressure* stated = nullptr;
  bool is_used = false;
};

base::Formula gas_formula(const std::string& text) {
  try {
    return base::Formula::parse(text);
  } catch (const base::InputError& error) {
    throw base::InputError({}, "the gas '" + text + "' is no formula: " + error.problem(), error.expected());
  }
}

std::vector<Gas> read_gases(const std::vector<GasPressure>& pressures) {
  std::vector<Gas> gases;
  for (const GasPressure& stated : pressures) {
    check_pressure(stated.pressure_Pa);
    Gas gas{gas_formula(stated.formula), &stated, false};
    for (const Gas& other : gases) {
      if (other.formula == gas.formula) {
        throw base::ParameterError("pressure", stated.formula, "one pressure a gas");
      }
    }
    gases.push_back(std::move(gas));
  }
  return gases;
}

double molecule_energy_eV(double pressure_Pa, double temperature) {
  return gas_potential_eV(pressure_Pa, temperature, 1);
}

/// The reference of an element that the set uses but does not list, when it is a gas.
bool is_reference_gas(const base::Formula& formula, const library::EnergySet& set) {
  constexpr std::array<std::string_view, 5> diatomic{"H", "N", "O", "F", "Cl"};
  if (formula.terms().size() != 1 || formula.charge() != 0 || formula.atoms() != 2.0) return false;
  const std::string_view symbol = formula.terms().front().element->symbol;
  return std::ranges::find(diatomic, symbol) != diatomic.end() &&
         std::ranges::any_of(set.rows, [&](const library::EnergyRow& row) { return row.formula.amount(symbol) > 0.0; });
}

[[noreturn]] void refuse_gas(const std::string& name, const library::EnergySet& set) {
  std::string gases;
  for (const library::EnergyRow& row : set.rows) {
    if (row.state == library::PhaseState::gas) gases += (gases.empty() ? "" : ", ") + row.name;
  }
  throw base::InputError({}, "'" + name + "' is no gas of the set '" + set.id + "'",
                         gases.empty() ? "a gas of the elements of the set: H2, N2, O2, F2, Cl2" : "one of " + gases);
}

std::string label_of(const library::EnergySet& set, const Conditions& conditions) {
  if (set.kind == library::EnergyKind::static_dft) return set.id;
  std::string label = set.id + ", " + kelvin_text(conditions.temperature) + ", 1 bar";
  for (const GasPressure& gas : conditions.pressures) label += ", " + gas.formula + " " + bar_text(gas.pressure_Pa);
  return label;
}

void add_note(std::vector<std::string>& notes, const Names& names, const std::string& what) {
  if (!names.empty()) notes.push_back(names.text() + " " + what);
}

}  // namespace

double gas_potential_eV(double pressure_Pa, double temperature, int atoms_per_molecule) {
  check_pressure(pressure_Pa);
  if (!(std::isfinite(temperature) && temperature > 0.0)) {
    throw base::ParameterError("temperature", kelvin_text(temperature), "above 0 K");
  }
  if (atoms_per_molecule < 1) {
    throw base::ParameterError("atoms per molecule", std::to_string(atoms_per_molecule), "1 or more");
  }
  return base::boltzmann_constant_eV * temperature * std::log(pressure_Pa / standard_pressure) / atoms_per_molecule;
}

ConditionedSet at_conditions(const library::EnergySet& set, const Conditions& conditions) {
  const bool is_static = set.kind == library::EnergyKind::static_dft;
  if (is_static) check_static(set, conditions);
  if (!(conditions.temperature >= lowest_temperature && conditions.temperature <= highest_temperature)) {
    throw base::ParameterError("temperature", kelvin_text(conditions.temperature), "from 200 K to 2000 K");
  }
  std::vector<Gas> gases = read_gases(conditions.pressures);
  TemperatureNotes at_temperature;
  Names estimates, conflicting, used_estimates;
  std::vector<Entry> entries;
  entries.reserve(set.rows.size());
  for (const library::EnergyRow& row : set.rows) {
    if (row.is_estimate && !conditions.use_estimates) {
      estimates.add(row);
      continue;
    }
    if (row.grade == "X" && !conditions.use_conflicting) {
      conflicting.add(row);
      continue;
    }
    if (row.is_estimate) used_estimates.add(row);
    Entry entry = entry_of(row, is_static ? row.energy_eV : gibbs_energy(row, conditions.temperature, at_temperature));
    for (Gas& gas : gases) {
      if (!entry.is_gas || !(gas.formula == row.formula)) continue;
      entry.energy_eV += molecule_energy_eV(gas.stated->pressure_Pa, conditions.temperature);
      gas.is_used = true;
    }
    entries.push_back(std::move(entry));
  }
  for (const Gas& gas : gases) {
    if (gas.is_used) continue;
    if (!is_reference_gas(gas.formula, set)) refuse_gas(gas.stated->formula, set);
    Entry entry;
    entry.name = gas.stated->formula;
    entry.formula = gas.formula;
    entry.energy_eV = molecule_energy_eV(gas.stated->pressure_Pa, conditions.temperature);
    entry.source = "element reference";
    entry.is_reference = true;
    entry.is_gas = true;
    entries.push_back(std::move(entry));
  }
  ConditionedSet result{EntrySet(label_of(set, conditions), std::move(entries)), {}};
  add_note(result.notes, estimates, "left out as estimates");
  add_note(result.notes, conflicting, "left out because tables disagree (grade X)");
  add_note(result.notes, used_estimates, "are estimates");
  add_note(result.notes, at_temperature.without_table,
           "without a table over temperature: from the enthalpy and entropy of 298.15 K, heat capacities neglected");
  add_note(result.notes, at_temperature.beyond_table, "extrapolated beyond the last tabulated temperature");
  add_note(result.notes, at_temperature.without_enthalpy,
           "with a Gibbs energy at 298.15 K only, which is used unchanged");
  return result;
}

ConditionedSet bond_corrected(const library::EnergySet& set, std::span<const HydrogenCorrection> corrections) {
  if (set.kind != library::EnergyKind::static_dft) {
    throw base::ParameterError("set", set.id, "a static set: Gibbs energies hold the hydrogen bonds already");
  }
  std::vector<Entry> entries;
  entries.reserve(set.rows.size());
  Names unplaced;
  for (const library::EnergyRow& row : set.rows) {
    Entry entry = entry_of(row, row.energy_eV);
    if (!is_element(row) && row.formula.amount("H") > 0.0) {
      const auto environments = hydrogen_environments(row.formula);
      bool is_covered = !environments.empty();
      double shift = 0.0;
      double variance = 0.0;
      for (const auto& environment : environments) {
        const auto found = std::ranges::find(corrections, environment.first, &HydrogenCorrection::environment);
        is_covered = is_covered && found != corrections.end();
        if (!is_covered) break;
        shift += environment.second * found->per_hydrogen_eV;
        variance += std::pow(environment.second * found->spread_eV, 2);
      }
      if (is_covered) {
        entry.energy_eV += shift;
        // A row without an uncertainty keeps none: the spread of the corrections alone would understate it.
        if (entry.uncertainty_eV) entry.uncertainty_eV = std::hypot(*entry.uncertainty_eV, std::sqrt(variance));
      } else {
        unplaced.add(row);
      }
    }
    entries.push_back(std::move(entry));
  }
  ConditionedSet result{EntrySet(set.id + " + hydrogen bond corrections (estimate)", std::move(entries)), {}};
  add_note(result.notes, unplaced, "with hydrogen in bonds that no correction covers keep their static energy");
  return result;
}

}  // namespace closo::stability
