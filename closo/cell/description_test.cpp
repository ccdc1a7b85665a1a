#include "closo/cell/description.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/unit.hpp"
#include "closo/cell/growth.hpp"
#include "closo/cell/reference_cell_test.hpp"
#include "closo/cell/stack_of_cell.hpp"

namespace closo::cell {
namespace {

using base::InputError;
using base::ParameterError;

void give(CellDescription& description, std::string_view quantity, double value_in_its_unit) {
  const base::Unit unit = base::Unit::parse(described_quantity(quantity).unit);
  description.set(quantity, {unit.to_si(value_in_its_unit), {}, {}, {}, Mark::setting, "test"});
}

/// 2.0 mg of TiS2 and electrolyte, 4:6 by mass, on a disc of 6 mm, behind 0.6 mm of electrolyte: the cell of J. D. Hehn
/// et al., ACS Appl. Mater. Interfaces 17 (2025) 33824, DOI 10.1021/acsami.5c01939, sec. 2.2.2.
CellDescription plain_cell() {
  CellDescription cell;
  cell.open_circuit = tis2_open_circuit(29000.0);
  give(cell, "temperature", 333.15);
  give(cell, "area", 0.282743);
  give(cell, "separator.thickness", 600);
  give(cell, "separator.conductivity", 1.2e-3);
  give(cell, "separator.activation_energy", 0.42);
  give(cell, "cathode.loading", 2.0 / 0.282743);
  give(cell, "cathode.active_mass_fraction", 40);
  give(cell, "cathode.active_density", 3.25);
  give(cell, "cathode.electrolyte_density", 2.356);
  give(cell, "cathode.porosity", 15);
  give(cell, "cathode.specific_capacity", 239);
  give(cell, "cathode.initial_stoichiometry", 0.01);
  give(cell, "cathode.particle_radius", 2);
  give(cell, "cathode.diffusion_coefficient", 4e-14);
  give(cell, "cathode.exchange_current_density", 2);
  give(cell, "cathode.active_electronic_conductivity", 100);
  return cell;
}

/// Every quantity of the schema, but for those that another one replaces.
CellDescription full_cell() {
  CellDescription cell = plain_cell();
  const std::vector<std::pair<std::string_view, double>> more = {{"reference_temperature", 328.15},
                                                                 {"stack_pressure", 10},
                                                                 {"separator.density", 2.3},
                                                                 {"separator.capacitance", 0.5},
                                                                 {"cathode.additive_mass_fraction", 5},
                                                                 {"cathode.additive_density", 2.0},
                                                                 {"cathode.rated_capacity", 220},
                                                                 {"cathode.size_spread", 0.4},
                                                                 {"cathode.diffusion_activation_energy", 35},
                                                                 {"cathode.exchange_current_activation_energy", 40},
                                                                 {"cathode.ionic_tortuosity", 2},
                                                                 {"cathode.electronic_activation_energy", 5},
                                                                 {"cathode.contacted_fraction", 70},
                                                                 {"cathode.film_thickness", 25},
                                                                 {"cathode.film_conductivity", 1e-7},
                                                                 {"cathode.film_activation_energy", 53},
                                                                 {"cathode.film_resistance", 3},
                                                                 {"cathode.double_layer", 10},
                                                                 {"contact.volume_change", 12},
                                                                 {"contact.reference_stoichiometry", 0.3},
                                                                 {"contact.residual_pressure", 20},
                                                                 {"contact.transmission", 0.6},
                                                                 {"contact.stiffness", 1},
                                                                 {"contact.pressure_scale", 5},
                                                                 {"contact.exponent", 0.8},
                                                                 {"contact.creep_rate", 0.1},
                                                                 {"contact.creep_activation_energy", 60},
                                                                 {"contact.damage_per_strain", 0.05},
                                                                 {"contact.damage_pressure", 2},
                                                                 {"contact.damage_exponent", 0.5},
                                                                 {"contact.minimum_pressure", 0.1},
                                                                 {"contact.isolated_share", 40},
                                                                 {"growth.initial_thickness", 2},
                                                                 {"growth.parabolic_rate", 0.2},
                                                                 {"growth.activation_energy", 70},
                                                                 {"growth.conductivity", 1e-8},
                                                                 {"growth.conductivity_activation_energy", 50},
                                                                 {"oxidation.exchange_current_density", 1e-4},
                                                                 {"oxidation.activation_energy", 60},
                                                                 {"oxidation.onset_potential", 3.8},
                                                                 {"oxidation.transfer_coefficient", 0.4},
                                                                 {"oxidation.decay_length", 4},
                                                                 {"oxidation.molar_volume", 100},
                                                                 {"oxidation.electrons", 2},
                                                                 {"anode.potential", 0.1},
                                                                 {"anode.exchange_current_density", 5},
                                                                 {"anode.exchange_current_activation_energy", 40},
                                                                 {"anode.resistance", 30},
                                                                 {"anode.resistance_activation_energy", 50},
                                                                 {"anode.resistance_first_hour", 15},
                                                                 {"anode.growth_activation_energy", 55},
                                                                 {"anode.loading", 20},
                                                                 {"anode.thickness", 380},
                                                                 {"anode.double_layer", 15},
                                                                 {"anode.film_capacitance", 1},
                                                                 {"metal.reference_pressure", 5},
                                                                 {"metal.pressure_exponent", 5},
                                                                 {"metal.critical_current_density", 0.6},
                                                                 {"metal.critical_current_activation_energy", 30},
                                                                 {"metal.void_charge", 1},
                                                                 {"metal.creep_rate", 2},
                                                                 {"metal.creep_activation_energy", 45},
                                                                 {"metal.contacts_per_area", 1e4},
                                                                 {"metal.initial_fraction", 90},
                                                                 {"heat.areal_heat_capacity", 500},
                                                                 {"heat.transfer_coefficient", 10}};
  for (const auto& [quantity, value] : more) give(cell, quantity, value);
  return cell;
}

/// Whatever a description may change.
struct Consequences {
  CellParameters parameters;
  ImpedanceOptions impedance;
  CellStack stack;
};

Consequences consequences(const CellDescription& description) {
  return {build(description), impedance_options(description), stack_of_cell(description)};
}

bool differ(const std::optional<Measured>& a, const std::optional<Measured>& b) {
  return a.has_value() != b.has_value() || (a && a->value != b->value);
}

bool differ(const Consequences& a, const Consequences& b) {
  if (!(a.parameters == b.parameters)) return true;
  if (a.impedance.cathode_double_layer != b.impedance.cathode_double_layer) return true;
  if (a.impedance.anode_double_layer != b.impedance.anode_double_layer) return true;
  if (a.impedance.anode_film_capacitance != b.impedance.anode_film_capacitance) return true;
  if (a.impedance.separator_capacitance != b.impedance.separator_capacitance) return true;
  for (std::size_t i = 0; i < a.stack.layers.size(); ++i) {
    if (differ(a.stack.layers[i].areal_mass, b.stack.layers[i].areal_mass)) return true;
    if (differ(a.stack.layers[i].thickness, b.stack.layers[i].thickness)) return true;
  }
  return false;
}

std::string refused(const std::function<void()>& call) {
  try {
    call();
  } catch (const ParameterError& error) {
    return error.name() + " | " + error.value() + " | " + error.allowed();
  }
  return "accepted";
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(Description, EveryQuantityOfTheSchemaHasAnEffect) {
  for (const DescribedQuantity& row : described_quantities()) {
    CellDescription cell = full_cell();
    if (row.name == "nominal_capacity") give(cell, row.name, 0.6);
    if (row.name == "cathode.ionic_conductivity") give(cell, row.name, 1e-4);
    if (row.name == "cathode.electronic_conductivity") give(cell, row.name, 1);
    if (row.name == "cathode.bruggeman_exponent") {
      cell.remove("cathode.ionic_tortuosity");
      give(cell, row.name, 1.7);
    }
    if (row.name == "cathode.electrolyte_mass_fraction") {
      cell.remove("cathode.additive_mass_fraction");
      give(cell, row.name, 55);
    }
    ASSERT_TRUE(cell.has(row.name)) << row.name << " is not in the full cell";
    const Consequences before = consequences(cell);
    cell.set_value(row.name, 0.97 * cell.value(row.name));
    EXPECT_TRUE(differ(before, consequences(cell))) << row.name;
  }
}

TEST(Description, WhatIsLeftOutIsOff) {
  const CellParameters cell = build(plain_cell());
  EXPECT_FALSE(cell.cathode.contact);
  EXPECT_FALSE(cell.cathode.growth);
  EXPECT_FALSE(cell.anode.contact);
  EXPECT_FALSE(cell.anode.growth);
  EXPECT_FALSE(cell.anode.exchange_current_density);
  EXPECT_FALSE(cell.heat);
  EXPECT_FALSE(cell.nominal_capacity);
  EXPECT_EQ(cell.reference_temperature, cell.temperature);
  const CellParameters full = build(full_cell());
  EXPECT_TRUE(full.cathode.contact && full.cathode.growth && full.cathode.growth->oxidation);
  EXPECT_TRUE(full.anode.contact && full.anode.growth && full.anode.exchange_current_density && full.heat);
}

TEST(Description, HehnsCathodeByHand) {
  // 2.0 mg on 6 mm: 7.07 mg/cm²; 40 % at 239 mAh/g: 0.676 mAh/cm². Per gram 0.4/3.25 + 0.6/2.356 = 0.377746 cm³.
  const CathodeGeometry geometry = cathode_geometry(plain_cell());
  EXPECT_NEAR(geometry.composite_mass, 0.0707356, 1e-6);
  EXPECT_NEAR(geometry.active_mass, 0.0282942, 1e-6);
  EXPECT_NEAR(geometry.thickness, 31.435e-6, 2e-9);
  EXPECT_NEAR(geometry.active_fraction, 0.276947, 2e-6);
  EXPECT_NEAR(geometry.electrolyte_fraction, 0.573053, 2e-6);
  EXPECT_EQ(geometry.additive_fraction, 0.0);
  const CellParameters cell = build(plain_cell());
  EXPECT_NEAR(theoretical_capacity(cell.cathode) / 36000.0, 0.67623, 1e-5);
  EXPECT_NEAR(*cell.areal_active_mass, 0.0282942, 1e-6);
  EXPECT_NEAR(*cell.area, 2.82743e-5, 1e-12);
}

TEST(Description, MassAndVolumeAreConserved) {
  // Law over fractions, densities, voids: masses of the phases add up to the loading, volumes to 1, and the capacity is
  // active mass × specific capacity.
  for (const double active : {5.0, 40.0, 70.0, 93.9}) {
    for (const double additive : {0.0, 1.0, 6.0}) {
      for (const double porosity : {0.0, 15.0, 60.0}) {
        CellDescription cell = plain_cell();
        give(cell, "cathode.active_mass_fraction", active);
        give(cell, "cathode.additive_mass_fraction", additive);
        give(cell, "cathode.additive_density", 1.9);
        give(cell, "cathode.porosity", porosity);
        const CathodeGeometry geometry = cathode_geometry(cell);
        EXPECT_NEAR(geometry.active_fraction + geometry.electrolyte_fraction + geometry.additive_fraction +
                        geometry.void_fraction,
                    1.0, 1e-14);
        const double mass =
            geometry.thickness * (geometry.active_fraction * 3250.0 + geometry.electrolyte_fraction * 2356.0 +
                                  geometry.additive_fraction * 1900.0);
        EXPECT_NEAR(mass, geometry.composite_mass, 1e-14);
        EXPECT_NEAR(geometry.active_mass, cell.value("cathode.loading") * active / 100.0, 1e-16);
        const double capacity = theoretical_capacity(build(cell).cathode);
        EXPECT_NEAR(capacity / (geometry.active_mass * 239.0 * 3600.0), 1.0, 1e-13);
      }
    }
  }
}

TEST(Description, CapacityDoesNotDependOnDensities) {
  CellDescription cell = plain_cell();
  const double before = theoretical_capacity(build(cell).cathode);
  give(cell, "cathode.active_density", 2.3);
  give(cell, "cathode.electrolyte_density", 1.2);
  give(cell, "cathode.porosity", 30);
  EXPECT_NEAR(theoretical_capacity(build(cell).cathode), before, 1e-10 * before);
}

TEST(Description, WhatOneCMeans) {
  CellDescription cell = plain_cell();
  EXPECT_DOUBLE_EQ(rated_capacity(build(cell)), theoretical_capacity(build(cell).cathode));
  give(cell, "cathode.rated_capacity", 200);
  EXPECT_NEAR(rated_capacity(build(cell)), 0.0282942 * 200 * 3600, 0.05);
  give(cell, "nominal_capacity", 0.5);
  EXPECT_NEAR(rated_capacity(build(cell)), 18000.0, 1e-9);
}

TEST(Description, MassFractionsThatAreNotGivenAreTheRest) {
  CellDescription cell = plain_cell();
  const CathodeGeometry geometry = cathode_geometry(cell);
  give(cell, "cathode.electrolyte_mass_fraction", 60);
  EXPECT_NEAR(cathode_geometry(cell).electrolyte_fraction, geometry.electrolyte_fraction, 1e-15);
  give(cell, "cathode.electrolyte_mass_fraction", 50);
  give(cell, "cathode.additive_density", 2);
  EXPECT_GT(cathode_geometry(cell).additive_fraction, 0.0);  // the other 10 %
  cell.remove("cathode.additive_density");
  EXPECT_TRUE(contains(refused([&] { cathode_geometry(cell); }), "cathode.additive_density | not given"));
}

TEST(Description, EffectiveConductivitiesGivenByTortuosityOrBruggeman) {
  CellDescription cell = plain_cell();
  const double fraction = cathode_geometry(cell).electrolyte_fraction;
  EXPECT_NEAR(build(cell).cathode.ionic_conductivity.value, 0.12 * std::pow(fraction, 1.5), 1e-14);
  EXPECT_NEAR(build(cell).cathode.ionic_conductivity.energy, 0.42 * 96485.33212331, 1e-6);
  give(cell, "cathode.bruggeman_exponent", 1.8);
  EXPECT_NEAR(build(cell).cathode.ionic_conductivity.value, 0.12 * std::pow(fraction, 1.8), 1e-14);
  give(cell, "cathode.ionic_tortuosity", 3);
  EXPECT_NEAR(build(cell).cathode.ionic_conductivity.value, 0.12 * fraction / 3.0, 1e-14);
  give(cell, "cathode.ionic_conductivity", 2e-4);
  EXPECT_NEAR(build(cell).cathode.ionic_conductivity.value, 0.02, 1e-16);
  EXPECT_NEAR(build(cell).cathode.electronic_conductivity.value,
              1e4 * std::pow(cathode_geometry(cell).active_fraction, 1.5), 1e-9);
  give(cell, "cathode.electronic_conductivity", 0.3);
  EXPECT_NEAR(build(cell).cathode.electronic_conductivity.value, 30.0, 1e-12);
}

TEST(Description, SizeClassesKeepTheMomentsOfTheLogNormal) {
  for (const double spread : {0.05, 0.3, 0.6}) {
    CellDescription cell = plain_cell();
    give(cell, "cathode.size_spread", spread);
    const std::vector<SizeClass> classes = build(cell).cathode.material.sizes;
    ASSERT_EQ(classes.size(), 5U);
    double sum = 0.0, mean = 0.0, square = 0.0, radius = 0.0, inverse = 0.0;
    for (const SizeClass& each : classes) {
      const double x = std::log(each.radius / 2e-6);
      sum += each.volume_share;
      mean += each.volume_share * x;
      square += each.volume_share * x * x;
      radius += each.volume_share * each.radius;
      inverse += each.volume_share / each.radius;
    }
    EXPECT_NEAR(sum, 1.0, 1e-14);
    EXPECT_NEAR(mean, 0.0, 1e-14);
    EXPECT_NEAR(square, spread * spread, 1e-13);
    EXPECT_NEAR(radius, 2e-6 * std::exp(0.5 * spread * spread), 1e-4 * 2e-6);
    EXPECT_NEAR(inverse, std::exp(0.5 * spread * spread) / 2e-6, 1e-4 / 2e-6);
  }
  EXPECT_EQ(build(plain_cell()).cathode.material.sizes.size(), 1U);
}

TEST(Description, ResistanceOfTheFirstHour) {
  CellDescription cell = plain_cell();
  give(cell, "anode.resistance_first_hour", 14.6);
  const MetalAnode anode = build(cell).anode;
  for (const double hours : {1.0, 4.0, 100.0}) {
    const double thickness =
        grown_thickness(*anode.growth, 0.0, 3600.0 * hours, anode.growth->parabolic_rate.value, 0.0);
    EXPECT_NEAR(thickness / anode.growth->conductivity.value, 14.6e-4 * std::sqrt(hours), 1e-12);
  }
  give(cell, "anode.resistance_first_hour", 0);
  EXPECT_FALSE(build(cell).anode.growth);
}

TEST(Description, StackPressureReachesBothContacts) {
  const CellParameters cell = build(full_cell());
  EXPECT_EQ(cell.cathode.contact->stack_pressure, 10e6);
  EXPECT_EQ(cell.anode.contact->stack_pressure, 10e6);
  EXPECT_NEAR(cell.cathode.contact->partial_molar_volume, 0.12 / cell.cathode.material.maximum_concentration, 1e-18);
}

TEST(Description, ADescribedCellRuns) {
  const CellParameters cell = build(full_cell());
  const SimulationResult result = simulate_constant_current(cell, rated_capacity(cell) / 3600.0 / 20.0, 1.5);
  EXPECT_EQ(result.status, RunStatus::complete) << result.reason;
  EXPECT_GT(result.steps.front().charge, 0.3 * theoretical_capacity(cell.cathode));
}

TEST(Description, RangesRefuseWithTheUnitOfTheLaboratory) {
  for (const DescribedQuantity& row : described_quantities()) {
    CellDescription cell;
    const base::Unit unit = base::Unit::parse(row.unit);
    const auto set = [&](double number) { cell.set(row.name, {unit.to_si(number), {}, {}, {}, Mark::setting, {}}); };
    const double span = row.high - row.low;
    EXPECT_TRUE(contains(refused([&] { set(row.high + 0.01 * span); }), std::string(row.name) + " | ")) << row.name;
    EXPECT_TRUE(contains(refused([&] { set(row.low - 0.01 * span); }), row.is_low_possible ? "from " : "above "))
        << row.name;
    EXPECT_EQ(refused([&] { set(row.low); }) == "accepted", row.is_low_possible) << row.name;
    EXPECT_EQ(refused([&] { set(row.high); }), "accepted") << row.name;
    EXPECT_NE(refused([&] { set(std::nan("")); }), "accepted") << row.name;
    EXPECT_NE(refused([&] { set(INFINITY); }), "accepted") << row.name;
  }
  CellDescription cell;
  EXPECT_EQ(refused([&] { cell.set_value("cathode.porosity", 1.2); }),
            "cathode.porosity | 120 % | from 0 to 95 % (voids in the pressed composite)");
  EXPECT_EQ(refused([&] { cell.set_value("separator.thickness", -1e-4); }),
            "separator.thickness | -100 um | above 0 to 100000 um (of the electrolyte between the electrodes)");
  EXPECT_TRUE(contains(refused([&] { cell.set_value("cathode.active_mass_fraction", 0.0); }), "above 0 to 100 wt%"));
}

TEST(Description, EndsOfTheFitAreChecked) {
  CellDescription cell;
  EXPECT_TRUE(contains(refused([&] {
                         cell.set("cathode.porosity", {0.1, {}, -0.1, {}, Mark::guess, {}});
                       }),
                       "cathode.porosity (low)"));
  EXPECT_TRUE(contains(refused([&] {
                         cell.set("cathode.porosity", {0.1, {}, {}, 0.99, Mark::guess, {}});
                       }),
                       "cathode.porosity (high)"));
  EXPECT_TRUE(contains(refused([&] {
                         cell.set("cathode.porosity", {0.1, {}, 0.2, 0.1, Mark::guess, {}});
                       }),
                       "20 % to 10 %"));
}

TEST(Description, WhatIsMissingIsNamed) {
  for (const std::string_view name :
       {"temperature", "separator.thickness", "separator.conductivity", "cathode.loading",
        "cathode.active_mass_fraction", "cathode.active_density", "cathode.electrolyte_density", "cathode.porosity",
        "cathode.specific_capacity", "cathode.initial_stoichiometry", "cathode.particle_radius",
        "cathode.diffusion_coefficient", "cathode.exchange_current_density",
        "cathode.active_electronic_conductivity"}) {
    CellDescription cell = plain_cell();
    cell.remove(name);
    EXPECT_TRUE(contains(refused([&] { build(cell); }), std::string(name) + " | not given")) << name;
  }
  for (const std::string_view name :
       {"cathode.film_conductivity", "contact.volume_change", "growth.conductivity",
        "oxidation.exchange_current_density", "oxidation.onset_potential", "metal.critical_current_density",
        "metal.creep_rate", "stack_pressure", "heat.areal_heat_capacity"}) {
    CellDescription cell = full_cell();
    cell.remove(name);
    EXPECT_TRUE(contains(refused([&] { build(cell); }), std::string(name) + " | not given")) << name;
  }
  CellDescription cell = full_cell();
  cell.remove("contact.residual_pressure");
  give(cell, "contact.transmission", 0);
  EXPECT_TRUE(contains(refused([&] { build(cell); }), "contact.residual_pressure"));
}

TEST(Description, ImpossibleCathodesAreRefused) {
  const auto changed = [](std::string_view quantity, double value) {
    CellDescription cell = plain_cell();
    give(cell, quantity, value);
    return refused([&] { build(cell); });
  };
  EXPECT_TRUE(contains(changed("cathode.active_mass_fraction", 100), "cathode.electrolyte_mass_fraction | 0 wt%"));
  EXPECT_TRUE(contains(changed("cathode.additive_mass_fraction", 70), "cathode.electrolyte_mass_fraction | -10 wt%"));
  EXPECT_TRUE(
      contains(changed("cathode.electrolyte_mass_fraction", 70), "mass fractions of the cathode | 110 wt% in all"));
  CellDescription cell = plain_cell();
  give(cell, "cathode.electrolyte_mass_fraction", 50);
  give(cell, "cathode.additive_mass_fraction", 20);
  EXPECT_TRUE(contains(refused([&] { build(cell); }), "110 wt% in all"));
  cell = plain_cell();
  cell.open_circuit = {};
  EXPECT_TRUE(contains(refused([&] { build(cell); }), "open-circuit curve | not given"));
  cell = plain_cell();
  cell.open_circuit = OpenCircuit::from_table(std::vector{0.2, 0.8}, std::vector{2.4, 1.9});
  EXPECT_TRUE(contains(refused([&] { build(cell); }), "within the range of the open-circuit curve, 0.2 to 0.8"));
}

TEST(Description, MarksAndNames) {
  for (const Mark mark :
       {Mark::measured, Mark::computed, Mark::literature, Mark::fitted, Mark::setting, Mark::estimated, Mark::guess})
    EXPECT_EQ(parse_mark(to_string(mark)), mark);
  try {
    parse_mark("mesured");
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_TRUE(contains(error.problem(), "did you mean 'measured'")) << error.what();
    EXPECT_TRUE(contains(error.expected(), "literature"));
  }
  CellDescription cell;
  cell.set("cathode.porosity", {0.1, {}, {}, {}, Mark::guess, "x"});
  cell.set("area", {1e-4, {}, {}, {}, Mark::measured, "y"});
  cell.set("anode.resistance", {1e-3, {}, {}, {}, Mark::estimated, "z"});
  EXPECT_EQ(cell.names(), (std::vector<std::string_view>{"area", "cathode.porosity", "anode.resistance"}));
  EXPECT_EQ(cell.doubtful(), (std::vector<std::string_view>{"cathode.porosity", "anode.resistance"}));
}

TEST(Description, ANumberAloneKeepsMarkAndSource) {
  CellDescription cell;
  cell.set("cathode.porosity", {0.1, 0.01, 0.05, 0.2, Mark::guess, "x"});
  cell.set_value("cathode.porosity", 0.12);
  EXPECT_EQ(*cell.find("cathode.porosity"), (DescribedValue{0.12, 0.01, 0.05, 0.2, Mark::guess, "x"}));
  cell.set_value("area", 1e-4);
  EXPECT_EQ(cell.find("area")->mark, Mark::setting);
  cell.remove("area");
  cell.remove("area");
  EXPECT_FALSE(cell.has("area"));
  EXPECT_EQ(cell.value_or("area", 3.0), 3.0);
  EXPECT_TRUE(contains(refused([&] { cell.value("area"); }), "area | not given | a number in cm2"));
  EXPECT_THROW(cell.value("aria"), InputError);
  EXPECT_THROW(cell.set_value("aria", 1.0), InputError);
}

TEST(Description, ImpedanceDefaultsStayWhereItIsSilent) {
  const ImpedanceOptions none = impedance_options(CellDescription());
  EXPECT_EQ(none.cathode_double_layer, ImpedanceOptions().cathode_double_layer);
  EXPECT_EQ(none.separator_capacitance, 0.0);
  const ImpedanceOptions full = impedance_options(full_cell());
  EXPECT_NEAR(full.cathode_double_layer, 0.1, 1e-15);
  EXPECT_NEAR(full.anode_double_layer, 0.15, 1e-15);
  EXPECT_NEAR(full.anode_film_capacitance, 0.01, 1e-15);
  EXPECT_NEAR(full.separator_capacitance, 5e-6, 1e-18);
}

}  // namespace
}  // namespace closo::cell
