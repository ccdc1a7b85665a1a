/// Any text is an experiments file or an InputError that names the file; what is read can be calibrated against.
#include "closo/tasks/cell_experiments.hpp"

#include "closo/base/error.hpp"
#include "closo/base/unit.hpp"
#include "fuzz/property.hpp"

using namespace closo;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // No file is read: every name leads to this curve.
  const tasks::FileReader read = [](const std::filesystem::path&) {
    return std::string("cycle,capacity (mAh/g),voltage (V)\n1,0,2.5\n1,100,2.1\n1,200,1.7\n1,0,1.8\n1,190,2.5\n");
  };
  tasks::CellExperiments found;
  try {
    found = tasks::parse_cell_experiments(fuzz::as_text(data, size), "/nowhere/experiments.toml", read);
  } catch (const base::InputError& error) {
    fuzz::require(!error.problem().empty(), "an error says what is wrong");
    fuzz::require(!error.place().file.empty(), "an error names the file", error.what());
    return 0;
  }
  fuzz::require(!found.experiments.empty(), "a file has experiments");
  for (const cell::Experiment& experiment : found.experiments) {
    fuzz::require(!experiment.protocol.visits.empty(), "an experiment does something", experiment.name);
    const std::uint32_t last = experiment.protocol.visits.back().cycle;
    for (const auto& [name, value] : experiment.overrides) {
      cell::described_quantity(name);
      fuzz::require(std::isfinite(value), "a setting is a number", name);
    }
    for (const cell::Observation& observation : experiment.observations) {
      check(observation);
      fuzz::require(observation.cycle <= last && observation.reference <= last, "a cycle is one of the protocol");
      fuzz::require(!observation.is_fitted || observation.uncertainty.has_value(), "what is fitted has a weight");
      base::Unit::parse(tasks::shown_unit(observation));
    }
  }
  return 0;
}
