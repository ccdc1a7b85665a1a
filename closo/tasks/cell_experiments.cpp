#include "closo/tasks/cell_experiments.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "closo/base/file.hpp"
#include "closo/base/number.hpp"
#include "closo/base/quantity.hpp"
#include "closo/formats/battery_data.hpp"
#include "closo/tasks/detail/toml_section.hpp"
#include "closo/tasks/detail/toml_text.hpp"

namespace closo::tasks {
namespace {

using base::InputError;
using base::Quantity;
using base::Unit;
using cell::CapacityBasis;
using cell::ObservedQuantity;
using detail::PlacedText;
using detail::Range;
using detail::TomlSection;

constexpr std::size_t most_bytes = 4U << 20U;
constexpr std::size_t usual_points = 30;             // of a thinned curve
constexpr double usual_capacity_uncertainty = 0.02;  // of the end of a curve: mass and area of one electrode
constexpr std::uint32_t most_cycles = 1000000;

/// The same error at a place of the file; places inside the value are not shown twice.
[[noreturn]] void refuse_at(const base::Place& place, const InputError& error) {
  throw InputError(place, error.problem(), error.expected());
}

std::optional<std::uint32_t> counted(TomlSection& section, std::string_view key, std::uint32_t most) {
  const std::vector<PlacedText> given = section.texts(key);
  if (given.empty()) return std::nullopt;
  const std::string& text = given.front().text;
  std::uint32_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (given.size() != 1 || problem != std::errc() || end != text.data() + text.size() || value == 0 || value > most)
    throw InputError(given.front().place, "'" + std::string(key) + "' is '" + text + "'",
                     "a whole number from 1 to " + std::to_string(most));
  return value;
}

std::optional<PlacedText> single(TomlSection& section, std::string_view key) {
  const std::vector<PlacedText> given = section.texts(key);
  if (given.empty()) return std::nullopt;
  if (given.size() > 1)
    throw InputError(given[1].place, "'" + std::string(key) + "' is a list", "one text such as \"205(5) mAh/g\"");
  return given.front();
}

struct BasisUnit {
  CapacityBasis basis;
  std::string_view unit;
};
constexpr BasisUnit basis_units[] = {
    {CapacityBasis::specific, "mAh/g"}, {CapacityBasis::areal, "mAh/cm2"}, {CapacityBasis::total, "mAh"}};

CapacityBasis basis_of(const Unit& unit, const base::Place& place) {
  for (const BasisUnit& each : basis_units) {
    if (Unit::parse(each.unit).dimension() == unit.dimension()) return each.basis;
  }
  throw InputError(place, "'" + unit.text() + "' is no unit of a capacity",
                   "mAh/g (of active material), mAh/cm2 or mAh");
}

std::string_view unit_of(ObservedQuantity quantity, CapacityBasis basis) {
  switch (quantity) {
    case ObservedQuantity::discharge_capacity:
    case ObservedQuantity::charge_capacity:
    case ObservedQuantity::discharge_curve:
    case ObservedQuantity::charge_curve:
      for (const BasisUnit& each : basis_units) {
        if (each.basis == basis) return each.unit;
      }
      break;
    case ObservedQuantity::discharge_voltage:
    case ObservedQuantity::charge_voltage:
      return "V";
    case ObservedQuantity::anode_resistance:
      return "Ohm cm2";
    case ObservedQuantity::retention:
    case ObservedQuantity::fade_per_cycle:
    case ObservedQuantity::coulombic_efficiency:
    case ObservedQuantity::energy_efficiency:
      return "%";
  }
  throw base::InternalError("an observed quantity without a unit");
}

/// "205 mAh/g", "~205 mAh/g", ">= 180 mAh/g", "70 to 80 %" into low, high, uncertainty and basis.
void read_value(const PlacedText& given, cell::Observation& observation) {
  const std::string name(to_string(observation.quantity));
  const auto parsed = [&](const std::string& text) {
    try {
      if (!is_capacity(observation.quantity))
        return base::parse_quantity(text, Unit::parse(unit_of(observation.quantity, observation.basis)), name);
      const Quantity quantity = base::parse_quantity(text);
      observation.basis = basis_of(quantity.unit, given.place);
      return quantity;
    } catch (const InputError& error) {
      refuse_at(given.place, error);
    }
  };
  const auto refuse = [&](const char* problem, const char* expected) {
    throw InputError(given.place, "'" + given.text + "' is " + problem, expected);
  };
  const std::size_t to = given.text.find(" to ");
  if (to != std::string::npos) {
    const Quantity high = parsed(given.text.substr(to + 4));
    std::string low_text = given.text.substr(0, to);
    if (base::try_parse_number(low_text)) low_text += " " + high.unit.text();
    const Quantity low = parsed(low_text);
    if (low.unit.dimension() != high.unit.dimension() || !(low.value < high.value))
      refuse("no range", "its low end first, both of one kind: \"70 to 80 %\"");
    observation.low = low.value;
    observation.high = high.value;
    return;
  }
  const Quantity quantity = parsed(given.text);
  constexpr double infinity = std::numeric_limits<double>::infinity();
  observation.low = observation.high = quantity.value;
  observation.uncertainty = quantity.uncertainty;
  switch (quantity.qualifier) {
    case base::Qualifier::equal:
      break;
    case base::Qualifier::about:
      observation.is_approximate = true;
      break;
    case base::Qualifier::less:
    case base::Qualifier::less_equal:
      observation.low = -infinity;
      break;
    case base::Qualifier::greater:
    case base::Qualifier::greater_equal:
      observation.high = infinity;
      break;
    case base::Qualifier::qualitative:
      refuse("no number", "a value, a limit or a range");
  }
}

double size_of(const cell::Observation& observation) {
  const double ends[] = {observation.low, observation.high};
  double size = 0.0;
  for (const double end : ends) size = std::max(size, std::isfinite(end) ? std::abs(end) : 0.0);
  return size;
}

/// An uncertainty in the unit of its quantity, or as a share of `size` where that is no share itself.
double read_uncertainty(const PlacedText& given, std::string_view unit, double size) {
  try {
    const Unit wanted = Unit::parse(unit);
    Quantity quantity = base::parse_quantity(given.text);
    const bool is_share = quantity.unit.dimension().is_dimensionless() && !wanted.dimension().is_dimensionless();
    const double value =
        is_share ? quantity.value * size : base::parse_quantity(given.text, wanted, "the uncertainty").value;
    if (value > 0.0 && std::isfinite(value)) return value;
  } catch (const InputError& error) {
    refuse_at(given.place, error);
  }
  throw InputError(given.place, "the uncertainty '" + given.text + "' is not above 0",
                   "a standard uncertainty in " + std::string(unit) + " or in %");
}

/// What holds for all observations of a file or an experiment.
struct Defaults {
  std::optional<double> share;  ///< uncertainty of numbers that are no voltages
  bool is_held_out = false;
};

Defaults read_defaults(TomlSection& section, Defaults defaults) {
  if (const auto share = section.quantity("uncertainty", "%", "the relative uncertainty", Range::positive))
    defaults.share = share->value;
  if (const auto held_out = section.boolean("held_out")) defaults.is_held_out = *held_out;
  return defaults;
}

/// "20 mAh/g, 2.35 V" into the curve; all of one basis.
void add_point(const PlacedText& given, cell::Observation& observation) {
  const std::string expected = "a capacity and a voltage, such as \"20 mAh/g, 2.35 V\", the capacities growing";
  const std::size_t comma = given.text.find(',');
  if (comma == std::string::npos)
    throw InputError(given.place, "'" + given.text + "' is no point of a curve", expected);
  try {
    const Quantity capacity = base::parse_quantity(given.text.substr(0, comma));
    const CapacityBasis basis = basis_of(capacity.unit, given.place);
    if (!observation.curve.capacity.empty() && basis != observation.basis)
      throw InputError(given.place, "the points of a curve have capacities of two kinds", expected);
    observation.basis = basis;
    observation.curve.capacity.push_back(capacity.value);
    observation.curve.voltage.push_back(
        base::parse_quantity(given.text.substr(comma + 1), Unit::parse("V"), "the voltage").value);
  } catch (const InputError& error) {
    if (error.place().line != 0) throw;
    refuse_at(given.place, error);
  }
}

/// The branch of a data file that is meant: the first of its direction, or that of a cycle of the file.
void read_branch(const std::string& name, const base::Place& place, std::optional<std::uint32_t> cycle,
                 const std::filesystem::path& folder, const FileReader& read, cell::Observation& observation) {
  const std::filesystem::path path = folder / name;
  std::string bytes;
  try {
    bytes = read(path);
  } catch (const InputError& error) {
    throw InputError(place, "the data file '" + name + "' cannot be used: " + error.problem(), error.expected());
  }
  const formats::HalfCycles found = formats::half_cycles(formats::read_battery_data(bytes, path.string()));
  const bool wants_discharge = observation.quantity == ObservedQuantity::discharge_curve;
  for (const formats::HalfCycle& half : found.halves) {
    if (half.is_discharge != wants_discharge || (cycle && half.cycle != *cycle)) continue;
    observation.basis = basis_of(found.capacity_unit, place);
    observation.curve = {half.capacity, half.voltage};
    return;
  }
  throw InputError(
      place,
      "'" + name + "' has no " + (wants_discharge ? "discharge" : "charge") +
          (cycle ? " in its cycle " + std::to_string(*cycle) : std::string()),
      "a file with " + std::to_string(found.halves.size()) + " branches has others: file_cycle says which");
}

void read_curve(TomlSection& section, const std::filesystem::path& folder, const FileReader& read,
                cell::Observation& observation, std::vector<std::string>& files) {
  const std::optional<std::string> file = section.text("file");
  const std::optional<std::uint32_t> file_cycle = counted(section, "file_cycle", most_cycles);
  const std::size_t most = counted(section, "thin_to", 10000).value_or(usual_points);
  const std::vector<PlacedText> points = section.texts("points");
  if (file.has_value() == !points.empty())
    throw InputError(section.place(), file ? "a curve with both 'file' and 'points'" : "a curve without points",
                     "file = \"own.csv\", or points = [\"20 mAh/g, 2.35 V\"]");
  if (file) {
    read_branch(*file, section.place("file"), file_cycle, folder, read, observation);
    files.push_back(*file);
  }
  for (const PlacedText& each : points) add_point(each, observation);
  if (most > 1) observation.curve = thinned(observation.curve, most);
  const std::string_view unit = unit_of(observation.quantity, observation.basis);
  const double end = observation.curve.capacity.back();
  observation.capacity_uncertainty = usual_capacity_uncertainty * end;
  if (const auto given = single(section, "capacity_uncertainty"))
    observation.capacity_uncertainty = read_uncertainty(*given, unit, end);
  if (const auto given = single(section, "uncertainty"))
    observation.uncertainty = read_uncertainty(*given, "V", observation.curve.voltage.front());
}

void read_number(TomlSection& section, const Defaults& defaults, cell::Observation& observation) {
  const std::optional<PlacedText> value = single(section, "value");
  if (!value)
    throw InputError(section.place(), "the " + std::string(to_string(observation.quantity)) + " has no 'value'",
                     "value = \"a number with its unit\"");
  read_value(*value, observation);
  const double size = size_of(observation);
  if (const auto given = single(section, "uncertainty")) {
    observation.uncertainty = read_uncertainty(*given, unit_of(observation.quantity, observation.basis), size);
  } else if (!observation.uncertainty && defaults.share && unit_of(observation.quantity, observation.basis) != "V") {
    observation.uncertainty = *defaults.share * size;
  }
}

cell::Observation read_observation(TomlSection section, const Defaults& above, const std::string& source,
                                   std::uint32_t last_cycle, const std::filesystem::path& folder,
                                   const FileReader& read, std::vector<std::string>& files) {
  cell::Observation observation;
  const std::string what = section.required_text("what", "what was observed, such as \"discharge capacity\"");
  try {
    observation.quantity = cell::parse_observed_quantity(what);
  } catch (const InputError& error) {
    refuse_at(section.place("what"), error);
  }
  const bool compares =
      observation.quantity == ObservedQuantity::retention || observation.quantity == ObservedQuantity::fade_per_cycle;
  observation.cycle = counted(section, "cycle", most_cycles).value_or(1);
  if (compares) observation.reference = counted(section, "against", most_cycles).value_or(1);
  if (const std::uint32_t largest = std::max(observation.cycle, observation.reference); largest > last_cycle)
    throw InputError(section.place(section.has("cycle") ? "cycle" : "against"),
                     "the protocol has no cycle " + std::to_string(largest),
                     "1 to " + std::to_string(last_cycle) +
                         ": each pass of an outermost Repeat is a cycle, and each "
                         "stretch of steps outside of one");
  observation.is_fitted = !section.boolean("held_out").value_or(above.is_held_out);
  observation.source = section.text("source").value_or(source);
  if (is_curve(observation.quantity)) {
    read_curve(section, folder, read, observation, files);
  } else {
    read_number(section, above, observation);
  }
  section.finish();
  if (observation.is_fitted && !observation.uncertainty)
    throw InputError(section.place(), "the " + what + " has no uncertainty, so that it has no weight in the fit",
                     is_curve(observation.quantity)
                         ? "uncertainty = \"10 mV\""
                         : "value = \"205(5) mAh/g\", uncertainty = \"3 %\" here or for the file, or held_out = true");
  try {
    check(observation);
  } catch (const base::ParameterError& error) {
    throw InputError(section.place(), error.name() + ": " + error.value(), error.allowed());
  }
  return observation;
}

void add_setting(const PlacedText& given, cell::Experiment& experiment) {
  const std::size_t sign = given.text.find('=');
  if (sign == std::string::npos)
    throw InputError(given.place, "'" + given.text + "' sets no quantity",
                     "a quantity and its value, such as \"cathode.loading = 7 mg/cm2\"");
  std::string name = given.text.substr(0, sign);
  name.erase(0, name.find_first_not_of(" \t"));
  name.erase(name.find_last_not_of(" \t") + 1);
  try {
    const cell::DescribedQuantity& row = cell::described_quantity(name);
    const Quantity value = base::parse_quantity(given.text.substr(sign + 1), Unit::parse(row.unit), name);
    cell::CellDescription().set_value(name, value.value);
    experiment.overrides.emplace_back(name, value.value);
  } catch (const InputError& error) {
    refuse_at(given.place, error);
  } catch (const base::ParameterError& error) {
    throw InputError(given.place, error.name() + " is " + error.value(), error.allowed());
  }
}

cell::Experiment read_experiment(TomlSection section, std::size_t number, const Defaults& above,
                                 const std::string& source, const std::filesystem::path& folder, const FileReader& read,
                                 std::vector<std::string>& files) {
  cell::Experiment experiment;
  experiment.name = section.text("name").value_or("experiment " + std::to_string(number));
  const std::string protocol =
      section.required_text("protocol", "protocol = \"Discharge at C/20 until 1.7 V\", one step a line");
  try {
    experiment.protocol = cell::parse_protocol(protocol);
  } catch (const InputError& error) {
    throw InputError(section.place("protocol"),
                     "in line " + std::to_string(error.place().line) + ", column " +
                         std::to_string(error.place().column) + " of the protocol: " + error.problem(),
                     error.expected());
  }
  if (const auto temperature = section.quantity("temperature", "K", "the temperature", Range::positive))
    experiment.overrides.emplace_back("temperature", temperature->value);
  for (const PlacedText& each : section.texts("set")) add_setting(each, experiment);
  const Defaults defaults = read_defaults(section, above);
  const std::string own_source = section.text("source").value_or(source);
  const std::uint32_t last = experiment.protocol.visits.back().cycle;
  for (TomlSection& each : section.sections("observed"))
    experiment.observations.push_back(read_observation(each, defaults, own_source, last, folder, read, files));
  section.finish();
  return experiment;
}

}  // namespace

CellExperiments parse_cell_experiments(std::string_view text, const std::filesystem::path& file,
                                       const FileReader& read) {
  CellExperiments result;
  result.file = file.string();
  const toml::table table = detail::parse_toml(text, result.file);
  TomlSection top(table, "", result.file);
  result.name = top.text("name").value_or("");
  result.source = top.text("source").value_or("");
  for (const PlacedText& each : top.texts("fit")) result.fit.push_back({each.text, each.place});
  const Defaults defaults = read_defaults(top, {});
  for (TomlSection& each : top.sections("experiment"))
    result.experiments.push_back(read_experiment(each, result.experiments.size() + 1, defaults, result.source,
                                                 file.parent_path(), read, result.curve_files));
  top.finish();
  if (result.experiments.empty())
    throw InputError({result.file}, "the file has no experiment",
                     "[[experiment]] with a protocol and what was observed");
  return result;
}

CellExperiments read_cell_experiments(const std::filesystem::path& file) {
  return parse_cell_experiments(base::read_text_file(file, most_bytes), file,
                                [](const std::filesystem::path& path) { return base::read_file_bytes(path); });
}

std::string_view shown_unit(const cell::Observation& observation) {
  return unit_of(observation.quantity, observation.basis);
}

}  // namespace closo::tasks
