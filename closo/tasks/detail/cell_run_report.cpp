#include "closo/tasks/detail/cell_run_report.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/cell/capability.hpp"
#include "closo/tasks/cell_figures.hpp"
#include "closo/tasks/composite_access.hpp"
#include "closo/tasks/detail/cell_values.hpp"
#include "closo/tasks/detail/doubtful_quantities.hpp"
#include "closo/tasks/detail/measured_curve.hpp"

namespace closo::tasks::detail {
namespace {

using cell::ProtocolStep;
using cell::StepEnd;
using cell::StepSummary;

constexpr std::size_t most_curves = 8, most_rows = 200, most_loss_steps = 4, most_columns = 12;

bool carries_current(const StepSummary& step) { return std::abs(step.charge) > 0.0; }

const ProtocolStep& step_of(const CellSimulateRequest& request, const StepSummary& summary) {
  return request.protocol.steps[summary.step];
}

/// "2: Charge at C/20 until 2.5 V"; the number is left out where there is only one step.
std::string step_name(const CellSimulateRequest& request, const StepSummary& summary) {
  const std::string& text = step_of(request, summary).text;
  if (request.protocol.visits.size() == 1) return text;
  return std::to_string(summary.visit + 1) + ": " + text;
}

std::string end_text(const StepSummary& step) {
  switch (step.end) {
    case StepEnd::voltage:
      return "voltage";
    case StepEnd::current:
      return "current";
    case StepEnd::duration:
      return "time";
    case StepEnd::instant:
      return "at once";
    case StepEnd::stopped:
      break;
  }
  return "stopped";
}

/// At most `most` of them, the first and the last among them.
template <class Item>
std::vector<Item> spread_out(const std::vector<Item>& all, std::size_t most) {
  if (all.size() <= most) return all;
  std::vector<Item> some;
  for (std::size_t i = 0; i < most; ++i) some.push_back(all[i * (all.size() - 1) / (most - 1)]);
  return some;
}

report::Table steps_table(const CellSimulateRequest& request, const CellRun& run, double active_mass) {
  const cell::CellParameters& cell = run.parameters;
  const bool has_contact = cell.cathode.contact.has_value();
  const bool has_growth = cell.cathode.growth.has_value();
  const bool has_anode = cell.anode.growth || cell.anode.contact;
  const bool has_cycles = !request.protocol.visits.empty() && request.protocol.visits.back().cycle > 1;
  report::Table table{"steps", "Steps", {{"step", "step"}}, {}, "Energy per mass of active material."};
  if (has_cycles) table.columns.push_back({"cycle", "cycle"});
  for (const report::TableColumn& column : {report::TableColumn{"what", "what"},
                                            {"end", "ended by"},
                                            {"duration", "duration"},
                                            {"capacity_mAh_per_g", "capacity (mAh/g)"},
                                            {"areal_capacity_mAh_per_cm2", "capacity (mAh/cm²)"},
                                            {"energy_Wh_per_kg", "energy (Wh/kg)"},
                                            {"mean_voltage_V", "mean voltage (V)"},
                                            {"last_voltage_V", "at the end (V)"},
                                            {"stoichiometry", "stoichiometry"},
                                            {"temperature_degC", "T (°C)"}})
    table.columns.push_back(column);
  if (has_contact) {
    table.columns.push_back({"contact_percent", "contact (%)"});
    table.columns.push_back({"isolated_percent", "isolated (%)"});
  }
  if (has_growth) table.columns.push_back({"interphase_nm", "interphase (nm)"});
  if (has_anode) table.columns.push_back({"anode_resistance_ohm_cm2", "R anode (Ω cm²)"});
  const report::Cell none = std::string("–");
  for (const StepSummary& step : spread_out(run.result.steps, most_rows)) {
    std::vector<report::Cell> row{std::to_string(step.visit + 1)};
    if (has_cycles) row.emplace_back(std::to_string(step.cycle));
    row.emplace_back(step_of(request, step).text);
    row.emplace_back(end_text(step));
    row.emplace_back(step.end == StepEnd::instant ? none : duration_value(step.duration));
    const bool moves = carries_current(step);
    row.emplace_back(moves ? simulated(std::abs(step.charge) / active_mass, "mAh/g", 4, "∫ I dt / active mass") : none);
    row.emplace_back(moves ? simulated(std::abs(step.charge), "mAh/cm2", 4, "∫ I dt / area") : none);
    row.emplace_back(moves ? simulated(std::abs(step.energy) / active_mass, "Wh/kg", 4, "∫ I V dt / active mass")
                           : none);
    const ProtocolStep& written = step_of(request, step);
    const bool is_hold = written.kind == ProtocolStep::Kind::hold;
    row.emplace_back(!moves    ? none
                     : is_hold ? simulated(written.voltage, "V", 4, "held")
                               : simulated(step.energy / step.charge, "V", 4, "energy / capacity"));
    row.emplace_back(step.end == StepEnd::instant ? none : simulated(step.last_voltage, "V"));
    row.emplace_back(simulated(step.mean_stoichiometry, "1", 4, "mean of the cathode at the end"));
    row.emplace_back(simulated(step.temperature, "degC", 4, "at the end"));
    if (has_contact) {
      row.emplace_back(simulated(step.contact_fraction, "%", 4, "mean of the cathode at the end"));
      row.emplace_back(simulated(step.isolated_fraction, "%", 3, "mean of the cathode at the end"));
    }
    if (has_growth) row.emplace_back(simulated(step.cathode_interphase, "nm", 3, "mean of the cathode at the end"));
    if (has_anode) row.emplace_back(simulated(step.anode_resistance, "Ohm cm2", 4, "at the end"));
    table.rows.push_back(std::move(row));
  }
  if (run.result.steps.size() > most_rows)
    table.caption += " " + std::to_string(most_rows) + " of " + std::to_string(run.result.steps.size()) +
                     " steps; `closo cell cycle` sums over cycles.";
  return table;
}

report::KeyValues facts(const CellSimulateRequest& request, const CellRun& run, const cell::CathodeGeometry& geometry) {
  const cell::CellDescription& description = request.cell.description;
  report::KeyValues values{"cell", {}};
  const auto add = [&](const std::string& name, report::Cell value) {
    values.items.emplace_back(name, std::move(value));
  };
  add("cell", description.anode + " | " + description.electrolyte + " | " + description.active);
  report::Value temperature = simulated(run.parameters.temperature, "degC", 4, "--at or system file");
  temperature.kind = "setting";
  add("temperature", temperature);
  add("active mass", simulated(geometry.active_mass, "mg/cm2", 4, "loading × active share"));
  add("1C", simulated(cell::rated_capacity(run.parameters) / 3600.0, "mA/cm2", 4, "rated capacity / 1 h"));
  add("cathode", simulated(geometry.thickness, "um", 3, "masses, densities and porosity"));
  add("mesh",
      std::to_string(request.cell.mesh.cathode_cells) + " × " + std::to_string(request.cell.mesh.particle_shells));
  return values;
}

std::vector<report::Block> loss_blocks(const CellSimulateRequest& request, const CellRun& run, double active_mass) {
  std::vector<StepSummary> moving;
  for (const StepSummary& step : run.result.steps) {
    if (carries_current(step)) moving.push_back(step);
  }
  std::vector<report::Block> blocks;
  if (moving.empty()) return blocks;
  std::vector<std::string> keys, names;
  std::vector<double> charges;
  std::vector<cell::LossBudget> losses;
  for (const StepSummary& step : spread_out(moving, most_loss_steps)) {
    keys.push_back("step_" + std::to_string(step.visit + 1));
    names.push_back(moving.size() == 1 ? std::string() : "step " + std::to_string(step.visit + 1));
    charges.push_back(step.charge);
    losses.push_back(step.losses);
  }
  report::Table table = loss_table("losses", "Where the voltage goes", keys, names, charges, losses);
  if (moving.size() > most_loss_steps)
    table.caption += " " + std::to_string(most_loss_steps) + " of " + std::to_string(moving.size()) + " steps.";
  blocks.emplace_back(std::move(table));
  // The first discharge tells most; without one, the first charge.
  const auto discharge = std::ranges::find_if(moving, [](const StepSummary& step) { return step.charge > 0.0; });
  const StepSummary& shown = discharge != moving.end() ? *discharge : moving.front();
  report::Figure area =
      loss_area_figure("losses_over_capacity", "Losses over the capacity", run.result.rows, shown.visit, active_mass,
                       moving.size() == 1 ? std::string() : "Step " + step_name(request, shown) + ".");
  if (!area.layers.empty()) blocks.emplace_back(std::move(area));
  if (moving.size() > 1) {
    std::vector<LossColumn> columns;
    for (const StepSummary& step : spread_out(moving, most_columns))
      columns.push_back({"step " + std::to_string(step.visit + 1), step.charge, step.losses});
    report::Figure bars = loss_bars_figure("losses_by_step", "Losses of each step", columns);
    if (!bars.layers.empty()) blocks.emplace_back(std::move(bars));
  }
  return blocks;
}

/// The measured curve laid over its step: what it is compared with, and the two curves.
struct Comparison {
  report::KeyValues values{"measured", {}};
  VoltageCurve curve;
};

Comparison compare(const CellSimulateRequest& request, const CellRun& run, double active_mass) {
  // The direction decides which step was measured, and only a step at constant current gives time a capacity.
  CurveBasis basis{active_mass, run.parameters.area, {}};
  const auto visit_of = [&](std::optional<bool> is_discharge) -> const StepSummary* {
    for (const StepSummary& step : run.result.steps) {
      if (request.measured_step ? step.visit + 1 == *request.measured_step
                                : carries_current(step) && (!is_discharge || (step.charge > 0.0) == *is_discharge))
        return &step;
    }
    return nullptr;
  };
  const StepSummary* step = visit_of(std::nullopt);
  if (step != nullptr && step_of(request, *step).current) basis.current = std::abs(step->last_current);
  const MeasuredCurve measured = read_measured_curve(request.measured, basis);
  step = visit_of(measured.is_discharge);
  if (step == nullptr)
    throw base::ParameterError("measured", "a " + std::string(measured.is_discharge ? "discharge" : "charge"),
                               request.measured_step ? "a step that the run came to" : "a run with such a step");
  Comparison comparison;
  comparison.curve = {"measured", {}, measured.voltage, true, false};
  for (const double charge : measured.charge) comparison.curve.capacity.push_back(charge / active_mass);
  std::vector<double> charge, voltage;
  const cell::Rows& rows = run.result.rows;
  for (std::size_t i = 0; i < rows.time.size(); ++i) {
    if (rows.visit[i] != step->visit) continue;
    charge.push_back(rows.charge[i]);
    voltage.push_back(rows.voltage[i]);
  }
  const CurveDeviation found = deviation(measured, charge, voltage);
  const auto add = [&](const std::string& name, report::Cell value) {
    comparison.values.items.emplace_back(name, std::move(value));
  };
  add("file", measured.file + (measured.note.empty() ? "" : " (" + measured.note + ")"));
  add("laid over", step_name(request, *step));
  report::Value capacity = simulated(measured.charge.back() / active_mass, "mAh/g", 4, measured.file);
  capacity.kind = "measured";
  add("capacity measured", capacity);
  report::Value own = simulated(std::abs(step->charge) / active_mass, "mAh/g");
  const double difference = std::abs(step->charge) / measured.charge.back() - 1.0;
  own.note = (difference >= 0.0 ? "+" : "−") + base::format_number(100.0 * std::abs(difference), 2) + " %";
  add("capacity simulated", own);
  if (found.points == 0) {
    add("deviation", std::string("no measured point lies within the simulated step"));
    return comparison;
  }
  const std::string source = std::to_string(found.points) + " of " + std::to_string(measured.charge.size()) + " points";
  report::Value rms = simulated(found.rms, "mV", 3, source);
  rms.note = source;
  add("RMS deviation of the voltage", rms);
  report::Value largest = simulated(found.largest, "mV", 3, source);
  largest.note =
      "simulated − measured, at " + base::format_number(found.largest_at / active_mass / 3600.0, 3) + " mAh/g";
  add("largest deviation", largest);
  return comparison;
}

void add_doubts(const CellSimulateRequest& request, const CellRun& run, const Context& context,
                report::Report& report) {
  const auto discharge = std::ranges::find_if(run.result.steps, [&](const StepSummary& step) {
    return step.charge > 0.0 && step_of(request, step).current && step_of(request, step).until_voltage;
  });
  if (discharge == run.result.steps.end()) return;
  const double per_hour = discharge->first_current * 3600.0 / cell::rated_capacity(run.parameters);
  const double until = *step_of(request, *discharge).until_voltage;
  DoubtfulDischarge repeated{per_hour, until, {}};
  if (request.cell.upper_cutoff > until) repeated.upper_cutoff = request.cell.upper_cutoff;
  add_doubtful_effects(doubtful_effects(request.cell.description, repeated, context),
                       "at " + rate_text(per_hour) + " and " + celsius_text(run.parameters.temperature), report);
}

}  // namespace

report::Report cell_run_report(const CellSimulateRequest& request, const CellRun& run, const Context& context) {
  const cell::CathodeGeometry geometry = cathode_geometry(request.cell.description);
  const double active_mass = geometry.active_mass;
  const cell::SimulationResult& result = run.result;
  report::Report report;
  report.task = "cell simulate";
  report.title = request.cell.description.name;
  report.subtitle = celsius_text(run.parameters.temperature);
  report::Section section{"run", "Run", {}, false};
  report::KeyValues values = facts(request, run, geometry);
  values.items.emplace_back("status", result.status == cell::RunStatus::complete ? "complete" : "stopped");
  if (result.status != cell::RunStatus::complete) {
    const std::string where = result.steps.empty() ? std::string()
                                                   : "step " + std::to_string(result.steps.back().visit + 1) + " of " +
                                                         std::to_string(request.protocol.visits.size()) + ": ";
    report.warnings.push_back("the run stopped in " + where + result.reason + "; what it came to is below");
    values.items.emplace_back("reason", result.reason);
  }
  for (const StepSummary& step : result.steps) {
    if (step.end == StepEnd::voltage && step.duration == 0.0 && step.first_current != 0.0)
      report.warnings.push_back("step " + std::to_string(step.visit + 1) + ", '" + step_of(request, step).text +
                                "', ended at its first moment: with its current the voltage is " +
                                base::format_number(step.first_voltage, 3) + " V");
  }
  section.blocks.emplace_back(std::move(values));
  section.blocks.emplace_back(steps_table(request, run, active_mass));

  std::vector<StepSummary> moving;
  for (const StepSummary& step : result.steps) {
    if (carries_current(step)) moving.push_back(step);
  }
  std::vector<VoltageCurve> curves;
  for (const StepSummary& step : spread_out(moving, most_curves))
    curves.push_back(curve_of(result.rows, step.visit, active_mass, step_name(request, step)));
  if (!request.measured.empty()) {
    Comparison comparison = compare(request, run, active_mass);
    section.blocks.emplace_back(std::move(comparison.values));
    curves.push_back(std::move(comparison.curve));
  }
  if (!curves.empty()) section.blocks.emplace_back(voltage_figure("voltage", "Voltage over the capacity", curves));
  if (request.protocol.visits.size() > 1) {
    for (report::Figure& figure : time_figures(result.rows)) section.blocks.emplace_back(std::move(figure));
  }
  report.sections.push_back(std::move(section));

  report::Section losses{"losses", "Losses", loss_blocks(request, run, active_mass), false};
  if (!losses.blocks.empty()) report.sections.push_back(std::move(losses));
  if (request.shows_profile) {
    std::vector<ProfileCurve> profiles;
    std::vector<std::size_t> ended;
    for (std::size_t i = 0; i < std::min(run.profiles.size(), result.steps.size()); ++i) {
      if (result.steps[i].end != StepEnd::instant) ended.push_back(i);
    }
    for (const std::size_t i : spread_out(ended, most_curves))
      profiles.push_back({"end of " + step_name(request, result.steps[i]), run.profiles[i]});
    report.sections.push_back({"profile",
                               "Through the cathode",
                               {profile_figure("profile", "Composition through the cathode", run.positions, profiles,
                                               "Mean of the particles at each place; 1 is full.")},
                               false});
  }
  add_doubts(request, run, context, report);
  add_parameters(request.cell, report);
  return report;
}

}  // namespace closo::tasks::detail
