#include "closo/tasks/cell_access.hpp"

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/tasks/detail/described_cell.hpp"
#include "closo/tasks/library_access.hpp"

namespace closo::tasks {
namespace {

CellCase made_case(const System& system, std::optional<double> temperature, std::span<const std::string> settings,
                   const Context& context) {
  const library::Library library = load_library(context);
  const library::ElectrodeData electrodes = library::ElectrodeData::load(context.data);
  // Only conductivities are asked of the evaluation; the electrodes stand in their own data.
  System electrolyte = system;
  electrolyte.anode.reset();
  electrolyte.cathode.reset();
  report::Report aside;
  detail::Evaluation evaluation = detail::prepare(electrolyte, {}, library, aside);
  detail::add_measurement(evaluation, context);
  detail::find_law(evaluation);
  return detail::described_cell(system, evaluation, electrodes, temperature, settings, context);
}

report::Value shown(const cell::DescribedValue& given, const cell::DescribedQuantity& row) {
  const base::Unit unit = base::Unit::parse(row.unit);
  report::Value value;
  value.value = unit.from_si(given.value);
  if (given.uncertainty) value.uncertainty = unit.difference_from_si(*given.uncertainty);
  value.unit = base::display(unit);
  value.kind = cell::to_string(given.mark);
  value.source = given.source;
  return value;
}

std::string range_text(const cell::DescribedValue& given, const cell::DescribedQuantity& row) {
  if (!given.low && !given.high) return {};
  const base::Unit unit = base::Unit::parse(row.unit);
  const auto end = [&](const std::optional<double>& value) {
    return value ? base::format_number(unit.from_si(*value), 3) : std::string("…");
  };
  return end(given.low) + " to " + end(given.high);
}

}  // namespace

CellCase cell_case(const System& system, std::optional<double> temperature, const Context& context) {
  return made_case(system, temperature, {}, context);
}

CellCase cell_case(const Arguments& arguments, const Context& context) {
  std::optional<double> temperature;
  if (const std::optional<base::Quantity> at = arguments.quantity("at", "K")) {
    if (!(at->value > 0.0))
      throw base::ParameterError("at", base::format_number(at->value) + " K", "a temperature above 0 K");
    temperature = at->value;
  }
  CellCase made =
      made_case(read_system(std::string(arguments.text("system"))), temperature, arguments.texts("set"), context);
  if (arguments.has("mesh")) made.mesh = detail::parse_mesh(arguments.text("mesh"));
  return made;
}

void apply_setting(cell::CellDescription& description, std::string_view setting) {
  const std::size_t sign = setting.find('=');
  const auto trimmed = [](std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return std::string();
    return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
  };
  if (sign == std::string_view::npos || trimmed(setting.substr(0, sign)).empty())
    throw base::InputError({}, "'" + std::string(setting) + "' sets no quantity",
                           "a quantity and its value, such as cathode.particle_radius=2 um");
  const std::string name = trimmed(setting.substr(0, sign));
  const cell::DescribedQuantity& row = cell::described_quantity(name);
  const base::Quantity quantity = base::parse_quantity(trimmed(setting.substr(sign + 1)), base::Unit::parse(row.unit),
                                                       name + ", " + std::string(row.meaning));
  description.set(name, {quantity.value, quantity.uncertainty, {}, {}, cell::Mark::setting, "option"});
}

void add_parameters(const CellCase& cell, report::Report& report) {
  const cell::CellDescription& description = cell.description;
  report::Section section{"parameters", "Parameters of the cell", {}, true};
  const std::vector<std::string_view> doubtful = description.doubtful();
  std::string list;
  for (const std::string_view name : doubtful) list += (list.empty() ? "" : ", ") + std::string(name);
  section.blocks.emplace_back(report::Paragraph{doubtful.empty()
                                                    ? "No parameter is only estimated or guessed."
                                                    : "Only estimated or guessed: " + list +
                                                          ". What follows from them is a prediction no better "
                                                          "than they are."});
  report::Table table{"parameters",
                      "Parameters",
                      {{"quantity", "quantity"},
                       {"value", "value"},
                       {"range", "possible"},
                       {"mark", "mark"},
                       {"meaning", "meaning"},
                       {"source", "source"}},
                      {},
                      {}};
  for (const std::string_view name : description.names()) {
    const cell::DescribedQuantity& row = cell::described_quantity(name);
    const cell::DescribedValue& given = *description.find(name);
    table.rows.push_back({std::string(name), shown(given, row), range_text(given, row),
                          std::string(cell::to_string(given.mark)), std::string(row.meaning), given.source});
  }
  table.rows.push_back({"open-circuit curve", description.curve, std::string(),
                        std::string(cell::to_string(description.open_circuit_mark)),
                        "potential of " + description.active + " against " + description.ion,
                        description.open_circuit_source});
  section.blocks.emplace_back(table);
  for (const std::string& note : cell.notes) section.blocks.emplace_back(report::Paragraph{note + "."});
  report.sections.push_back(std::move(section));
}

}  // namespace closo::tasks
