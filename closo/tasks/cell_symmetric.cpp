#include "closo/tasks/cell_symmetric.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/base/number.hpp"
#include "closo/cell/impedance.hpp"
#include "closo/library/electrode_data.hpp"
#include "closo/tasks/detail/sweep_text.hpp"
#include "closo/tasks/detail/symmetric_report.hpp"
#include "closo/tasks/impedance_input.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;

constexpr long most_cycles = 1000;
constexpr std::size_t most_critical = 400;

constexpr auto option_table = std::to_array<Option>({
    {"system", OptionType::file, "", "", "", "The system file (TOML); it needs no cathode", true, true},
    {"at", OptionType::quantity, "K", "", "above 0 K", "temperature; else the highest of the system file"},
    {"set", OptionType::text, "", "", "", "a quantity of the cell, as 'metal.void_charge=0.5 mAh/cm2'", false, false,
     true},
    {"currents", OptionType::text, "", "0.05, 0.1, 0.2, 0.5, 1, 2 mA/cm2", "above 0",
     "current densities one after the other: a list or a range '0.1 to 1 by 0.1 mA/cm2'"},
    {"charge", OptionType::quantity, "mAh/cm2", "0.5 mAh/cm2", "above 0", "stripped and plated in each half cycle"},
    {"cycles", OptionType::integer, "", "1", "1 to 1000", "at each current"},
    {"rest", OptionType::quantity, "s", "0 s", "0 s or more", "after each half cycle"},
    {"voltage-limit", OptionType::quantity, "V", "1 V", "above 0 V", "the cell has failed above"},
    {"contact-limit", OptionType::quantity, "%", "10 %", "above 0, below 100 %",
     "the stripped metal has failed below this share of contact"},
    {"pressures", OptionType::text, "", "", "above 0",
     "stack pressures of the critical current: '0.5, 1, 2 MPa' or a range"},
    {"temperatures", OptionType::text, "", "", "above 0 K",
     "temperatures of the critical current: '25, 60 degC' or a range"},
    {"blocking", OptionType::flag, "", "", "", "add the impedance of the electrolyte between blocking electrodes"},
    {"double-layer", OptionType::quantity, "uF/cm2", "10 uF/cm2", "above 0", "of one blocking electrode"},
    {"frequencies", OptionType::text, "", "1 MHz to 1 kHz, 10 per decade", "above 0 Hz", "of the blocking cell"},
    {"to", OptionType::path, "", "", "", "CSV file of the voltage over time"},
});

/// The description wants a cathode; none of it is used here.
void add_unused_cathode(System& system, const Context& context) {
  const library::ElectrodeData electrodes = library::ElectrodeData::load(context.data);
  for (const library::ElectrodeMaterial& material : electrodes.materials()) {
    if (material.role == library::ElectrodeMaterial::Role::metal || material.ion != system.mobile_ion) continue;
    CathodeEntry cathode;
    cathode.active = material.id;
    cathode.composition[material.id] = base::parse_quantity("50 wt%");
    cathode.composition["electrolyte"] = base::parse_quantity("50 wt%");
    system.cathode = std::move(cathode);
    DescribedValueEntry loading;
    loading.value = base::parse_quantity("5 mg/cm2");
    loading.mark = "guess";
    system.cell.values.emplace("cathode.loading", loading);
    return;
  }
  throw ParameterError("mobile_ion", system.mobile_ion, "an ion whose metal and electrodes closo knows");
}

CellCase case_of(const Arguments& arguments, const Context& context) {
  System system = read_system(std::string(arguments.text("system")));
  if (system.cathode) return cell_case(arguments, context);
  add_unused_cathode(system, context);
  std::optional<double> temperature;
  if (const auto at = arguments.quantity("at", "K")) temperature = at->value;
  CellCase made = cell_case(system, temperature, context);
  for (const std::string& setting : arguments.texts("set")) apply_setting(made.description, setting);
  return made;
}

report::Report run(const Arguments& arguments, const Context& context) {
  CellSymmetricRequest request;
  request.cell = case_of(arguments, context);
  constexpr double most = 1e300;
  cell::SymmetricProgram& program = request.program;
  program.current_densities =
      detail::parse_sweep("currents", arguments.text("currents"), "mA/cm2", 1e-12, most, "above 0 mA/cm2");
  program.half_cycle_charge = arguments.quantity("charge", "mAh/cm2")->value;
  const long cycles = *arguments.integer("cycles");
  if (cycles < 1 || cycles > most_cycles)
    throw ParameterError("cycles", std::to_string(cycles), "1 to " + std::to_string(most_cycles));
  program.cycles_per_current = static_cast<std::size_t>(cycles);
  program.rest = arguments.quantity("rest", "s")->value;
  program.voltage_limit = arguments.quantity("voltage-limit", "V")->value;
  program.contact_limit = arguments.quantity("contact-limit", "%")->value;
  if (arguments.has("pressures")) {
    request.pressures = detail::parse_sweep("pressures", arguments.text("pressures"), "MPa", 1e-3, most, "above 0 MPa");
  }
  if (arguments.has("temperatures")) {
    request.temperatures =
        detail::parse_sweep("temperatures", arguments.text("temperatures"), "K", 1.0, 3000.0, "above 0 K");
  }
  request.is_blocking = arguments.flag("blocking");
  request.double_layer = arguments.quantity("double-layer", "uF/cm2")->value;
  request.frequencies = parse_frequencies(arguments.text("frequencies"));
  request.to = arguments.text("to");
  return cell_symmetric(request, context);
}

std::string csv_text(const cell::SymmetricRows& rows, bool has_contact) {
  std::string text =
      "# calculated by closo for a symmetric cell, not a measurement\ntime (s),current (mA/cm2),voltage (V)";
  if (has_contact) text += ",contact 1 (%),contact 2 (%)";
  text += "\n";
  for (std::size_t k = 0; k < rows.time.size(); ++k) {
    text += base::format_exact(rows.time[k]) + "," + base::format_exact(0.1 * rows.current[k]) + "," +
            base::format_exact(rows.voltage[k]);
    if (has_contact) {
      text += "," + base::format_exact(100.0 * rows.first_contact[k]) + "," +
              base::format_exact(100.0 * rows.second_contact[k]);
    }
    text += "\n";
  }
  return text;
}

}  // namespace

cell::SymmetricCell symmetric_cell(const CellCase& cell) {
  const cell::CellParameters parameters = cell::build(cell.description);
  return {parameters.separator, parameters.anode, parameters.temperature, parameters.reference_temperature};
}

SymmetricStudy study_symmetric(const CellSymmetricRequest& request, const Context& context) {
  SymmetricStudy study;
  study.cell = symmetric_cell(request.cell);
  const bool has_contact = study.cell.electrode.contact.has_value();
  if (!has_contact && !request.pressures.empty()) {
    throw ParameterError("pressures", "for a metal of which no contact is described",
                         "[cell.metal] critical_current_density, void_charge and creep_rate, or --set "
                         "'metal.critical_current_density=…'");
  }
  study.run = cell::simulate_symmetric(study.cell, request.program);
  std::vector<double> pressures = request.pressures;
  if (pressures.empty()) pressures.push_back(has_contact ? study.cell.electrode.contact->stack_pressure : 0.0);
  std::vector<double> temperatures = request.temperatures;
  if (temperatures.empty()) temperatures.push_back(study.cell.temperature);
  const std::size_t points = pressures.size() * temperatures.size();
  if (points > most_critical) {
    throw ParameterError("pressures", std::to_string(points) + " pressures and temperatures together",
                         "at most " + std::to_string(most_critical));
  }
  for (const double temperature : temperatures) {
    for (const double pressure : pressures) {
      cell::SymmetricCell cell = study.cell;
      cell.temperature = temperature;
      CriticalPoint point{pressure, temperature, 0.0, {}};
      if (has_contact) {
        cell.electrode.contact->stack_pressure = pressure;
        point.model_critical =
            cell::critical_current_density(*cell.electrode.contact, temperature, cell.reference_temperature);
      }
      point.critical = cell::critical_current(cell, request.program, lowest_tried_current, highest_tried_current);
      study.critical.push_back(point);
      const double share = static_cast<double>(study.critical.size()) / static_cast<double>(points);
      if (context.progress && !context.progress(share, "critical current density")) throw base::Cancelled();
    }
  }
  return study;
}

report::Report cell_symmetric(const CellSymmetricRequest& request, const Context& context) {
  const SymmetricStudy study = study_symmetric(request, context);
  if (!request.to.empty())
    base::write_file_atomically(request.to, csv_text(study.run.rows, study.cell.electrode.contact.has_value()));
  return detail::symmetric_report(request, study);
}

constinit const Task cell_symmetric_task{
    "cell symmetric", "Strip and plate a symmetric cell: voltage, lost contact, critical current density", option_table,
    run, "cell_symmetric"};

}  // namespace closo::tasks
