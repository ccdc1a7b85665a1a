/// A described TiS2 cell, and experiments on it that are simulated from known values: what a calibration must find
/// again.
#pragma once

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "closo/cell/calibration.hpp"
#include "closo/cell/reference_cell_test.hpp"
#include "closo/cell/sweep.hpp"

namespace closo::cell {

inline CellDescription trial_description() {
  CellDescription cell;
  cell.name = "trial";
  cell.active = "TiS2";
  const double capacity = 3.6e3 * 239.0, density = 3270.0;
  cell.open_circuit = tis2_open_circuit(capacity * density / base::faraday_constant);
  const std::pair<const char*, double> values[] = {
      {"temperature", 333.15},
      {"reference_temperature", 333.15},
      {"area", 2.827e-5},
      {"separator.thickness", 500e-6},
      {"separator.conductivity", 0.1},
      {"separator.activation_energy", 0.42 * base::elementary_charge},
      {"cathode.loading", 0.07},
      {"cathode.active_mass_fraction", 0.4},
      {"cathode.electrolyte_mass_fraction", 0.6},
      {"cathode.active_density", density},
      {"cathode.electrolyte_density", 1180.0},
      {"cathode.porosity", 0.05},
      {"cathode.specific_capacity", capacity},
      {"cathode.initial_stoichiometry", 0.01},
      {"cathode.particle_radius", 2e-6},
      {"cathode.diffusion_coefficient", 2e-15},
      {"cathode.diffusion_activation_energy", 3e4},
      {"cathode.exchange_current_density", 2.0},
      {"cathode.exchange_current_activation_energy", 4e4},
      {"cathode.electronic_conductivity", 1.0},
  };
  for (const auto& [name, value] : values) cell.set_value(name, value);
  return cell;
}

inline CalibrationOptions trial_options() {
  CalibrationOptions options;
  options.simulation.cathode_cells = 8;
  options.simulation.particle_shells = 12;
  options.threads = 2;
  return options;
}

inline Experiment experiment_of(const std::string& name, const std::string& protocol,
                                std::vector<Observation> observations,
                                std::vector<std::pair<std::string, double>> overrides = {}) {
  return {name, parse_protocol(protocol), std::move(overrides), std::move(observations)};
}

/// A number that is still to be measured: its uncertainty is relative where `relative` is above 0.
inline Observation observed(ObservedQuantity quantity, double uncertainty, std::uint32_t cycle = 1) {
  Observation observation;
  observation.quantity = quantity;
  observation.basis = CapacityBasis::specific;
  observation.cycle = cycle;
  observation.uncertainty = uncertainty;
  return observation;
}

inline Observation held_out(Observation observation) {
  observation.is_fitted = false;
  return observation;
}

/// Discharges to 1.7 V at some rates, each with capacity (1 %) and mean voltage (5 mV).
inline std::vector<Experiment> rate_series(const std::vector<std::string>& rates) {
  std::vector<Experiment> experiments;
  for (const std::string& rate : rates)
    experiments.push_back(experiment_of(rate, "Discharge at " + rate + " until 1.7 V",
                                        {observed(ObservedQuantity::discharge_capacity, 0.01 * 3.6e3 * 200.0),
                                         observed(ObservedQuantity::discharge_voltage, 5e-3)}));
  return experiments;
}

/// Fills in what the true cell would have shown, with noise of `noise` standard uncertainties.
inline void measure(const CellDescription& truth, std::vector<Experiment>& experiments, double noise = 0.0,
                    unsigned seed = 1) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  CalibrationOptions options = trial_options();
  options.simulation.tolerance = 1e-6;
  const Calibration shown = calibrate(truth, experiments, {}, options);
  for (std::size_t i = 0; i < experiments.size(); ++i) {
    for (std::size_t k = 0; k < experiments[i].observations.size(); ++k) {
      Observation& observation = experiments[i].observations[k];
      const Prediction& prediction = shown.runs[i].predictions[k];
      if (is_curve(observation.quantity)) {
        for (std::size_t p = 0; p < observation.curve.voltage.size(); ++p)
          observation.curve.voltage[p] = prediction.voltages[p] + noise * *observation.uncertainty * normal(random);
      } else {
        observation.low = observation.high =
            prediction.value.value() + noise * *observation.uncertainty * normal(random);
      }
    }
  }
}

inline CellDescription changed(CellDescription description, const std::vector<std::pair<std::string, double>>& values) {
  for (const auto& [name, value] : values) description.set_value(name, value);
  return description;
}

}  // namespace closo::cell
