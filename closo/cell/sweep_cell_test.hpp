/// A described cell for tests: Li | electrolyte | TiS2 composite with a film, an interface resistance and densities.
#pragma once

#include "closo/cell/description.hpp"
#include "closo/cell/outcome.hpp"
#include "closo/cell/reference_cell_test.hpp"
#include "closo/cell/sweep.hpp"

namespace closo::cell {

inline CellDescription described_cell() {
  CellDescription cell;
  cell.name = "TiS2 cell";
  cell.anode = cell.ion = "Li";
  cell.active = "TiS2";
  cell.open_circuit = tis2_open_circuit(29200.0);
  const auto set = [&cell](std::string_view name, double value, Mark mark = Mark::setting) {
    cell.set(name, {value, {}, {}, {}, mark, {}});
  };
  set("temperature", 333.15);
  set("separator.thickness", 600e-6);
  set("separator.conductivity", 0.12, Mark::measured);
  set("separator.density", 1500.0);
  set("cathode.loading", 0.07);
  set("cathode.active_mass_fraction", 0.4);
  set("cathode.electrolyte_mass_fraction", 0.6);
  set("cathode.active_density", 3270.0);
  set("cathode.electrolyte_density", 1500.0);
  set("cathode.porosity", 0.05);
  set("cathode.specific_capacity", 239.0 * 3600.0);
  set("cathode.initial_stoichiometry", 0.01);
  set("cathode.particle_radius", 3e-6, Mark::estimated);
  set("cathode.diffusion_coefficient", 1e-14, Mark::estimated);
  set("cathode.exchange_current_density", 5.0, Mark::guess);
  set("cathode.active_electronic_conductivity", 1e3);
  set("anode.exchange_current_density", 100.0, Mark::guess);
  set("anode.resistance", 30e-4);
  set("anode.thickness", 100e-6);
  return cell;
}

inline SweepOptions sweep_options(const CellDescription& cell, std::string_view rate = "C/5") {
  SweepOptions options;
  options.protocol = discharge_protocol(cell, rate, 1.7, 2.5);
  options.simulation.cathode_cells = 10;
  options.simulation.particle_shells = 12;
  return options;
}

}  // namespace closo::cell
