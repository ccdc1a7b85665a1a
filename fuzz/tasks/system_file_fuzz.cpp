/// Any text is a system file or an InputError that names the file; what is read is physical.
#include "closo/tasks/system_file.hpp"

#include "closo/base/error.hpp"
#include "closo/cell/description.hpp"
#include "closo/cell/protocol.hpp"
#include "fuzz/property.hpp"

using namespace closo;

namespace {

void require_positive(const std::optional<base::Quantity>& quantity, std::string_view name) {
  if (!quantity) return;
  fuzz::require(std::isfinite(quantity->value) && quantity->value >= 0.0, "finite and not negative", std::string(name));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tasks::System system;
  try {
    // Nothing lies beside this file, so that "extends" finds nothing.
    system = tasks::parse_system(fuzz::as_text(data, size), "/nowhere/system.toml");
  } catch (const base::InputError& error) {
    fuzz::require(!error.problem().empty(), "an error says what is wrong");
    fuzz::require(!error.place().file.empty(), "an error names the file", error.what());
    return 0;
  }
  for (const tasks::StatedConductivity& point : system.electrolyte.conductivity) {
    fuzz::require(point.temperature > 0.0, "a temperature is above absolute zero");
    fuzz::require(std::isfinite(point.sigma.value) && point.sigma.value > 0.0, "a conductivity is positive");
    fuzz::require(point.place.line != 0, "a stated conductivity knows its line");
  }
  for (const double temperature : system.operation.temperatures) {
    fuzz::require(temperature > 0.0, "a temperature is above absolute zero");
  }
  for (const tasks::Rate& rate : system.operation.rates) {
    fuzz::require(std::isfinite(rate.per_hour) && rate.per_hour > 0.0, "a rate is positive", rate.text);
  }
  if (system.composite) {
    const double fraction = system.composite->fraction.value;
    fuzz::require(fraction >= 0.0 && fraction <= 1.0, "a fraction lies between 0 and 1");
    require_positive(system.composite->surface_area, "surface area");
    require_positive(system.composite->pore_volume, "pore volume");
  }
  if (system.cathode) {
    require_positive(system.cathode->mass, "cathode mass");
    for (const auto& [name, fraction] : system.cathode->composition) {
      fuzz::require(fraction.value >= 0.0 && fraction.value <= 1.0, "a fraction lies between 0 and 1", name);
    }
  }
  cell::CellDescription description;
  for (const auto& [name, given] : system.cell.values) {
    // What was read lies within the schema's range, so that a description takes it.
    description.set(name, {given.value.value, {}, given.low, given.high, cell::parse_mark(given.mark), given.source});
    fuzz::require(given.place.line != 0, "a quantity of the cell knows its line", name);
  }
  if (!system.cell.protocol.empty()) cell::parse_protocol(system.cell.protocol);
  require_positive(system.electrolyte.density, "density");
  require_positive(system.separator.thickness, "thickness");
  require_positive(system.separator.diameter, "diameter");
  return 0;
}
