#include "closo/tasks/cell_simulate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/base/installation.hpp"
#include "closo/base/number.hpp"
#include "closo/cell/capability.hpp"
#include "closo/tasks/cell_figures.hpp"
#include "closo/tasks/detail/cell_run_report.hpp"
#include "closo/tasks/detail/cell_values.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;

constexpr std::size_t piece = 500;  // time steps between two looks at the progress

std::string volts(double voltage) { return base::format_number(voltage) + " V"; }

}  // namespace

std::string default_protocol(const CellCase& cell) {
  if (!(cell.upper_cutoff > cell.lower_cutoff))
    throw ParameterError("protocol", "not given",
                         "--protocol, or [operation] voltage for a discharge to its lower end");
  Rate slowest{"C/20", 0.05};
  for (const Rate& rate : cell.rates) {
    if (rate.per_hour < slowest.per_hour || &rate == cell.rates.data()) slowest = rate;
  }
  const std::string discharge = "Discharge at " + slowest.text + " until " + volts(cell.lower_cutoff);
  if (cell::is_built_charged(build(cell.description), cell.lower_cutoff, cell.upper_cutoff)) return discharge;
  return "Charge at " + slowest.text + " until " + volts(cell.upper_cutoff) + "; " + discharge;
}

cell::Protocol protocol_of(const Arguments& arguments, const CellCase& cell) {
  if (arguments.has("protocol") && arguments.has("protocol-file"))
    throw ParameterError("protocol", "beside --protocol-file", "one of them");
  const auto parsed = [](std::string_view text, const base::Place& place) {
    try {
      return cell::parse_protocol(text);
    } catch (const base::InputError& error) {
      throw error.at(place);
    }
  };
  if (arguments.has("protocol")) return parsed(arguments.text("protocol"), {"--protocol", 0, 0});
  if (arguments.has("protocol-file")) {
    const std::string file(arguments.text("protocol-file"));
    return parsed(base::read_text_file(file), {file, 0, 0});
  }
  if (!cell.protocol.empty()) return parsed(cell.protocol, {cell.system.file + ", [cell] protocol", 0, 0});
  return cell::parse_protocol(default_protocol(cell));
}

CellRun run_cell(const CellSimulateRequest& request, const Context& context) {
  CellRun run;
  run.parameters = build(request.cell.description);
  cell::Simulation simulation(run.parameters, request.protocol, request.cell.mesh);
  run.positions = simulation.cell_positions();
  const double all = static_cast<double>(request.protocol.visits.size());
  cell::RunStatus status = cell::RunStatus::running;
  std::size_t taken = 0;
  while (status == cell::RunStatus::running) {
    status = simulation.advance(request.shows_profile ? 1 : piece);
    if (request.shows_profile) {
      while (run.profiles.size() < simulation.result().steps.size())
        run.profiles.push_back(simulation.cell_stoichiometry());
    }
    taken += request.shows_profile ? 1 : piece;
    if (context.progress && taken >= piece) {
      taken = 0;
      const std::size_t at = std::min(simulation.visit() + 1, request.protocol.visits.size());
      if (!context.progress(static_cast<double>(simulation.visit()) / all,
                            "step " + std::to_string(at) + " of " + std::to_string(request.protocol.visits.size())))
        throw base::Cancelled();
    }
  }
  run.result = std::move(simulation).take_result();
  return run;
}

std::string rows_csv(const CellRun& run, const cell::Protocol& protocol, double active_mass) {
  constexpr double mAh_per_g = 3600.0, mAh_per_cm2 = 36000.0, mA_per_cm2 = 10.0, mV = 1e-3;
  std::string text =
      "# Simulated cell: one row per time step and one at the first moment of each step; losses are\n"
      "# overpotentials, empty without current. Current above 0 discharges.\n"
      "# Made by closo cell simulate " +
      std::string(base::version()) + "\n";
  text +=
      "step,cycle,time (s),current (mA/cm2),voltage (V),capacity (mAh/g),areal capacity (mAh/cm2),stoichiometry,"
      "open circuit (V),temperature (degC)";
  for (const std::string_view name : cell::loss_names()) text += ",loss by " + std::string(name) + " (mV)";
  text += "\n";
  const cell::Rows& rows = run.result.rows;
  const auto add = [&](double value) { text += "," + base::format_number(value, 9); };
  for (std::size_t i = 0; i < rows.time.size(); ++i) {
    text += std::to_string(rows.visit[i] + 1) + "," + std::to_string(protocol.visits[rows.visit[i]].cycle);
    add(rows.time[i]);
    add(rows.current[i] / mA_per_cm2);
    add(rows.voltage[i]);
    add(rows.charge[i] / active_mass / mAh_per_g);
    add(rows.charge[i] / mAh_per_cm2);
    add(rows.mean_stoichiometry[i]);
    add(rows.open_circuit[i]);
    add(rows.temperature[i] - 273.15);
    for (const double loss : values(rows.losses[i])) {
      text += ",";
      if (rows.current[i] != 0.0) text += base::format_number(loss / std::abs(rows.current[i]) / mV, 9);
    }
    text += "\n";
  }
  return text;
}

report::Report cell_simulate(const CellSimulateRequest& request, const Context& context) {
  const CellRun run = run_cell(request, context);
  report::Report report = detail::cell_run_report(request, run, context);
  if (!request.table.empty()) {
    const double active_mass = cathode_geometry(request.cell.description).active_mass;
    base::write_file_atomically(request.table, rows_csv(run, request.protocol, active_mass));
    report.provenance.emplace_back("written", request.table);
  }
  return report;
}

namespace {

constexpr auto options = [] {
  constexpr auto own = std::to_array<Option>({
      {"protocol", OptionType::text, "", "", "",
       "steps such as 'Discharge at C/20 until 1.7 V; Rest for 1 h'; else [cell] protocol, else one discharge at the "
       "slowest rate"},
      {"protocol-file", OptionType::file, "", "", "", "a file with the steps, one a line"},
      {"measured", OptionType::file, "", "", "",
       "CSV with voltage (V) and capacity, or time and current: laid over a step"},
      {"measured-step", OptionType::integer, "", "", "1 and more",
       "step of the protocol that was measured; else the first in its direction"},
      {"profile", OptionType::flag, "", "", "", "composition through the cathode at the end of each step"},
      {"to", OptionType::path, "", "", "", "CSV of all rows: time, current, voltage, capacity, losses"},
  });
  std::array<Option, cell_options.size() + own.size()> all{};
  std::ranges::copy(cell_options, all.begin());
  std::ranges::copy(own, all.begin() + cell_options.size());
  return all;
}();

report::Report run(const Arguments& arguments, const Context& context) {
  CellSimulateRequest request;
  request.cell = cell_case(arguments, context);
  request.protocol = protocol_of(arguments, request.cell);
  request.measured = std::string(arguments.text("measured"));
  if (const std::optional<long> step = arguments.integer("measured-step")) {
    if (request.measured.empty()) throw ParameterError("measured-step", std::to_string(*step), "--measured beside it");
    if (*step < 1 || static_cast<std::size_t>(*step) > request.protocol.visits.size())
      throw ParameterError("measured-step", std::to_string(*step),
                           "1 to " + std::to_string(request.protocol.visits.size()) + ", the steps of the protocol");
    request.measured_step = static_cast<std::size_t>(*step);
  }
  request.shows_profile = arguments.flag("profile");
  request.table = std::string(arguments.text("to"));
  return cell_simulate(request, context);
}

}  // namespace

constinit const Task cell_simulate_task{
    "cell simulate", "Simulate a cell through a protocol: voltage curves, capacity, energy and where the voltage goes",
    options, run, "cell_simulate"};

}  // namespace closo::tasks
