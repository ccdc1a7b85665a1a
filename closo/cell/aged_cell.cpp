#include "closo/cell/aged_cell.hpp"

#include <algorithm>

namespace closo::cell {

CellParameters aged_cell(const CellParameters& parameters, const StepSummary& end) {
  CellParameters cell = parameters;
  Cathode& cathode = cell.cathode;
  cathode.contact.reset();
  cathode.contacted_fraction = std::clamp(end.contact_fraction, 1e-6, 1.0);
  cathode.active_fraction *= std::clamp(1.0 - end.isolated_fraction, 1e-6, 1.0);
  if (cathode.growth) cathode.growth->initial_thickness = end.cathode_interphase;

  MetalAnode& metal = cell.anode;
  double energy = metal.resistance.energy;
  if (!(metal.resistance.value > 0.0) && metal.growth) energy = metal.growth->conductivity.energy;
  metal.growth.reset();
  metal.contact.reset();
  // The value at the reference temperature that gives this resistance at the temperature of the run's end.
  metal.resistance = {
      end.anode_resistance / at_temperature({1.0, -energy}, end.temperature, parameters.reference_temperature), energy};
  if (metal.exchange_current_density) metal.exchange_current_density->value *= std::max(end.metal_contact, 1e-6);
  return cell;
}

}  // namespace closo::cell
