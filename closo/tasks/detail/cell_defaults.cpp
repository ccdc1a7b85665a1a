#include "closo/tasks/detail/cell_defaults.hpp"

#include <algorithm>
#include <array>

#include "closo/base/number.hpp"
#include "closo/base/unit.hpp"

namespace closo::tasks::detail {
namespace {

using cell::CellDescription;

/// In the schema's unit.
struct LastResort {
  std::string_view quantity;
  double value, low, high;
  std::string_view why;
};
constexpr std::array last_resorts = std::to_array<LastResort>({
    {"cathode.porosity", 15, 5, 30, "pressed composites keep 10 to 20 % voids"},
    {"cathode.contacted_fraction", 100, 10, 100, "every particle wetted all over"},
    {"cathode.initial_stoichiometry", 0.01, 0.001, 0.999, "empty as made"},
    {"cathode.exchange_current_density", 1, 0.01, 10, "free in fits"},
    {"cathode.exchange_current_activation_energy", 40, 20, 60, "as found for insertion electrodes"},
    {"cathode.diffusion_coefficient", 1e-14, 1e-18, 1e-12, "free in fits"},
    {"cathode.diffusion_activation_energy", 35, 20, 60, "as found for insertion electrodes"},
    {"cathode.electrolyte_density", 1.2, 1.0, 2.5, "hydroborates have 1.0 to 1.2 g/cm3"},
    {"cathode.additive_density", 2.0, 1.6, 2.3, "of carbon"},
    {"separator.activation_energy", 0.5, 0.2, 0.8, "no conductivity at a second temperature"},
    {"anode.exchange_current_density", 5, 1, 10, "clean Li on oxides reaches 13 mA/cm2"},
    {"anode.exchange_current_activation_energy", 40, 20, 60, "as found for metals"},
    {"anode.resistance", 0, 0, 100, "no interphase on the metal"},
});

/// Particle radii [um] go with the diffusion coefficients of data/electrodes, which were fitted with them.
struct UsualRadius {
  std::string_view material;
  double value, low, high;
};
constexpr UsualRadius other_radius = {"", 1.0, 0.1, 10.0};
constexpr std::array usual_radii = std::to_array<UsualRadius>({{"TiS2", 2.0, 0.1, 10.0},
                                                               {"LiFePO4", 0.05, 0.02, 0.5},
                                                               {"Li4Ti5O12", 0.1, 0.05, 1.0},
                                                               {"LiCoO2", 3.0, 1.0, 10.0},
                                                               {"NMC811", 2.5, 1.0, 6.0},
                                                               {"NaCrO2", 0.15, 0.1, 0.5},
                                                               {"S", 0.1, 0.02, 5.0},
                                                               {"MgH2", 0.05, 0.02, 5.0},
                                                               {"graphite", 5.0, 1.0, 10.0},
                                                               {"Na3(VOPO4)2F", 0.2, 0.05, 2.0}});

constexpr std::string_view own_default = "closo default";
constexpr double least_additive = 0.02;               // mass fraction of carbon that makes its own paths
constexpr double carbon_paths = 10.0;                 // S/m of a composite with them
constexpr double interphase_energy[] = {50, 30, 80};  // kJ/mol

/// Guesses as they are made.
class Guesses {
 public:
  explicit Guesses(CellDescription& description) : description_(description) {}

  void add(std::string_view quantity, double value, double low, double high, std::string_view why) {
    if (description_.has(quantity)) return;
    const base::Unit unit = base::Unit::parse(cell::described_quantity(quantity).unit);
    description_.set(quantity, {unit.to_si(value),
                                {},
                                unit.to_si(low),
                                unit.to_si(high),
                                cell::Mark::guess,
                                std::string(own_default) + ": " + std::string(why)});
    list_ += (list_.empty() ? "" : ", ") + std::string(quantity) + " " + with_unit(unit.to_si(value), quantity);
  }
  const std::string& list() const noexcept { return list_; }

 private:
  CellDescription& description_;
  std::string list_;
};

void add_electronic(const CellDescription& description, Guesses& guesses) {
  const double additive = description.value_or("cathode.additive_mass_fraction", 0.0);
  const double active = description.value_or("cathode.active_electronic_conductivity", 0.0);
  if (additive < least_additive || active >= carbon_paths) return;
  const double S_per_cm = 0.01 * carbon_paths;
  guesses.add("cathode.electronic_conductivity", S_per_cm, 0.01 * S_per_cm, 100.0 * S_per_cm,
              "paths of the additive, taken for carbon");
}

void add_interphase_energies(const CellDescription& description, Guesses& guesses) {
  const auto add = [&](std::string_view quantity, std::string_view energy) {
    if (!(description.value_or(quantity, 0.0) > 0.0)) return;
    guesses.add(energy, interphase_energy[0], interphase_energy[1], interphase_energy[2], "as found for interphases");
  };
  add("anode.resistance", "anode.resistance_activation_energy");
  add("anode.resistance_first_hour", "anode.resistance_activation_energy");
  add("cathode.film_thickness", "cathode.film_activation_energy");
}

}  // namespace

std::string with_unit(double value, std::string_view quantity) {
  const std::string_view unit = cell::described_quantity(quantity).unit;
  return base::format_number(base::Unit::parse(unit).from_si(value)) + (unit == "1" ? "" : " " + std::string(unit));
}

std::vector<std::string> add_last_resorts(CellDescription& description, std::string_view material) {
  Guesses guesses(description);
  const auto radius = std::find_if(usual_radii.begin(), usual_radii.end(),
                                   [&](const UsualRadius& each) { return each.material == material; });
  const UsualRadius& chosen = radius == usual_radii.end() ? other_radius : *radius;
  guesses.add("cathode.particle_radius", chosen.value, chosen.low, chosen.high, "usual powders");
  add_electronic(description, guesses);
  const bool may_hold_additive = description.has("cathode.electrolyte_mass_fraction") ||
                                 description.value_or("cathode.additive_mass_fraction", 0.0) > 0.0;
  for (const LastResort& each : last_resorts) {
    if (each.quantity == "cathode.additive_density" && !may_hold_additive) continue;
    guesses.add(each.quantity, each.value, each.low, each.high, each.why);
  }
  add_interphase_energies(description, guesses);

  std::vector<std::string> notes;
  if (!description.has("cathode.electronic_conductivity"))
    notes.emplace_back("electrons in the cathode: Bruggeman's law, active material's conductivity × fraction^1.5");
  if (!guesses.list().empty()) notes.push_back("defaults where nothing is known: " + guesses.list());
  return notes;
}

}  // namespace closo::tasks::detail
