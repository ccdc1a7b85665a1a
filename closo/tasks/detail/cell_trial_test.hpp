/// A cell for the tests of sweeps and designs: the TiS2 cell of closo/cell with ranges and a small mesh.
#pragma once

#include <algorithm>
#include <string_view>
#include <variant>

#include "closo/cell/sweep_cell_test.hpp"
#include "closo/tasks/cell_access.hpp"

namespace closo::tasks::detail {

inline CellCase trial_case() {
  CellCase made;
  made.description = cell::described_cell();
  const auto range = [&](std::string_view name, double low, double high, cell::Mark mark) {
    const double value = made.description.value(name);
    made.description.set(name, {value, {}, low, high, mark, "a test"});
  };
  range("cathode.particle_radius", 1e-6, 1e-5, cell::Mark::estimated);
  range("cathode.diffusion_coefficient", 1e-15, 1e-13, cell::Mark::estimated);
  range("cathode.exchange_current_density", 1.0, 50.0, cell::Mark::guess);
  made.temperatures = {333.15};
  made.rates = {{"C/5", 0.2}};
  made.lower_cutoff = 1.7;
  made.upper_cutoff = 2.5;
  made.mesh.cathode_cells = 8;
  made.mesh.particle_shells = 10;
  return made;
}

/// Every block of a kind in a report.
template <class Block>
std::vector<const Block*> blocks_of(const report::Report& report) {
  std::vector<const Block*> found;
  for (const report::Section& section : report.sections) {
    for (const report::Block& block : section.blocks) {
      if (const Block* each = std::get_if<Block>(&block)) found.push_back(each);
    }
  }
  return found;
}

template <class Block>
const Block* block_named(const report::Report& report, std::string_view id) {
  for (const Block* each : blocks_of<Block>(report)) {
    if (each->id == id) return each;
  }
  return nullptr;
}

}  // namespace closo::tasks::detail
