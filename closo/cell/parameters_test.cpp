#include "closo/cell/parameters.hpp"

#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/cell/reference_cell_test.hpp"

namespace closo::cell {
namespace {

using base::ParameterError;

TEST(Bruggeman, IsAPowerOfTheFraction) {
  EXPECT_NEAR(bruggeman({0.1, 3e4}, 0.4).value, 0.025298, 1e-6);
  EXPECT_EQ(bruggeman({0.1, 3e4}, 0.4).energy, 3e4);
  EXPECT_NEAR(bruggeman({2.0, 0.0}, 0.5, 2.0).value, 0.5, 1e-15);
  EXPECT_THROW(bruggeman({0.0, 0.0}, 0.4), ParameterError);
  EXPECT_THROW(bruggeman({1.0, 0.0}, 0.0), ParameterError);
  EXPECT_THROW(bruggeman({1.0, 0.0}, 1.1), ParameterError);
  EXPECT_THROW(bruggeman({1.0, 0.0}, 0.5, std::nan("")), ParameterError);
}

TEST(Capacity, OfTheReferenceCellIsItsOneHourCurrent) {
  const CellParameters cell = reference_cell();
  EXPECT_NEAR(theoretical_capacity(cell.cathode) / 3600.0, 21.492, 1e-3);
  EXPECT_EQ(rated_capacity(cell), 21.504 * 3600.0);
  CellParameters unrated = cell;
  unrated.nominal_capacity.reset();
  EXPECT_EQ(rated_capacity(unrated), theoretical_capacity(cell.cathode));
}

template <class Change>
void refuses(const Change& change, const std::string& name) {
  CellParameters cell = reference_cell_with_foil();
  EXPECT_NO_THROW(check(cell));
  change(cell);
  try {
    check(cell);
    ADD_FAILURE() << name << " was accepted";
  } catch (const ParameterError& error) {
    EXPECT_NE(error.name().find(name), std::string::npos) << error.what();
  }
}

TEST(CellParameters, NamesWhatIsNotPossible) {
  using C = CellParameters;
  refuses([](C& c) { c.temperature = 0.0; }, "temperature");
  refuses([](C& c) { c.reference_temperature = -1.0; }, "reference_temperature");
  refuses([](C& c) { c.separator.thickness = -1e-6; }, "separator.thickness");
  refuses([](C& c) { c.separator.conductivity.value = 0.0; }, "separator.conductivity");
  refuses([](C& c) { c.cathode.thickness = 0.0; }, "cathode.thickness");
  refuses([](C& c) { c.cathode.active_fraction = 0.0; }, "active_fraction");
  refuses([](C& c) { c.cathode.active_fraction = 0.7; }, "electrolyte_fraction");
  refuses([](C& c) { c.cathode.electrolyte_fraction = 0.0; }, "electrolyte_fraction");
  refuses([](C& c) { c.cathode.ionic_conductivity.value = std::nan(""); }, "ionic_conductivity");
  refuses([](C& c) { c.cathode.electronic_conductivity.value = 0.0; }, "electronic_conductivity");
  refuses([](C& c) { c.cathode.contacted_fraction = 0.0; }, "contacted_fraction");
  refuses([](C& c) { c.cathode.material.maximum_concentration = 0.0; }, "maximum_concentration");
  refuses([](C& c) { c.cathode.material.diffusivity.value = 0.0; }, "diffusivity");
  refuses([](C& c) { c.cathode.material.diffusivity.energy = std::nan(""); }, "diffusivity");
  refuses([](C& c) { c.cathode.material.kinetics.exchange_current_density.value = 0.0; }, "exchange_current_density");
  refuses([](C& c) { c.cathode.material.sizes.clear(); }, "sizes");
  refuses([](C& c) { c.cathode.material.sizes[0].radius = 0.0; }, "radius");
  refuses([](C& c) { c.cathode.material.sizes[0].volume_share = -1.0; }, "volume_share");
  refuses([](C& c) { c.cathode.material.sizes.push_back({1e-6, 0.1}); }, "sizes");
  refuses([](C& c) { c.cathode.initial_stoichiometry = 0.0; }, "initial_stoichiometry");
  refuses([](C& c) { c.cathode.initial_stoichiometry = 1.0; }, "initial_stoichiometry");
  refuses(
      [](C& c) {
        const std::vector<double> z{0.2, 0.8};
        const std::vector<double> u{3.0, 2.0};
        c.cathode.material.open_circuit = OpenCircuit::from_table(z, u);
      },
      "initial_stoichiometry");
  refuses([](C& c) { c.cathode.film.thickness = -1e-9; }, "film.thickness");
  refuses([](C& c) { c.cathode.film.thickness = 1e-9; }, "film.conductivity");
  refuses([](C& c) { c.cathode.film.resistance = -1.0; }, "film.resistance");
  refuses([](C& c) { c.cathode.contact = ContactModel{.contact_pressure = 0.0}; }, "cathode.contact.contact_pressure");
  refuses([](C& c) { c.cathode.growth = GrowthModel{}; }, "cathode.growth.conductivity");
  refuses([](C& c) { c.anode.equilibrium_potential = std::nan(""); }, "equilibrium_potential");
  refuses([](C& c) { c.anode.exchange_current_density = Activated{0.0, 0.0}; }, "anode.exchange_current_density");
  refuses([](C& c) { c.anode.resistance.value = -1.0; }, "anode.resistance");
  refuses([](C& c) { c.anode.contact = MetalContactModel{.void_charge = 0.0}; }, "anode.contact.void_charge");
  refuses([](C& c) { c.anode.growth = GrowthModel{}; }, "anode.growth.conductivity");
  refuses(
      [](C& c) {
        c.anode.growth = GrowthModel{.conductivity = {1e-6, 0.0}, .oxidation = OxidationModel{}};
      },
      "anode.growth.oxidation");
  refuses([](C& c) { c.heat = HeatModel{}; }, "heat.areal_heat_capacity");
  refuses([](C& c) { c.nominal_capacity = 0.0; }, "nominal_capacity");
  refuses([](C& c) { c.areal_active_mass = 0.0; }, "areal_active_mass");
  refuses([](C& c) { c.area = -1.0; }, "area");
}

}  // namespace
}  // namespace closo::cell
