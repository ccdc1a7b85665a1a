#include "closo/tasks/detail/symmetric_report.hpp"

#include <algorithm>
#include <cmath>

#include "closo/base/number.hpp"
#include "closo/cell/impedance.hpp"
#include "closo/cell/metal.hpp"
#include "closo/impedance/simulate.hpp"
#include "closo/tasks/detail/eis_report.hpp"
#include "closo/tasks/impedance_figures.hpp"

namespace closo::tasks::detail {
namespace {

using cell::SymmetricEnd;
using report::Value;

constexpr double mA_per_cm2 = 10.0;      // A/m²
constexpr double mAh_per_cm2 = 36000.0;  // C/m²
constexpr double ohm_cm2 = 1e-4;         // Ω m²
constexpr double MPa = 1e6;

Value number(double value, const char* unit, int significant = 4, const char* kind = "computed",
             const char* source = "model of symmetric cells") {
  Value shown;
  shown.value = value;
  shown.unit = unit;
  shown.kind = kind;
  shown.source = source;
  shown.significant = significant;
  return shown;
}

std::string text(double value, int digits = 4) { return base::format_number(value, digits); }

const char* end_text(SymmetricEnd end) {
  switch (end) {
    case SymmetricEnd::contact:
      return "contact lost";
    case SymmetricEnd::voltage:
      return "voltage limit";
    case SymmetricEnd::complete:
      break;
  }
  return "done";
}

Value critical_value(const CriticalPoint& point) {
  if (point.critical.current_density) return number(*point.critical.current_density / mA_per_cm2, "mA/cm²", 3);
  Value none = number(highest_tried_current / mA_per_cm2, "mA/cm²", 3);
  none.qualifier = ">";
  return none;
}

report::Table step_table(const SymmetricStudy& study) {
  report::Table table{"steps",
                      "Currents",
                      {{"current_mA_per_cm2", "I (mA/cm²)"},
                       {"first_voltage_V", "first V (V)"},
                       {"highest_voltage_V", "highest V (V)"},
                       {"lowest_contact_percent", "lowest contact (%)"},
                       {"half_cycles", "half cycles"},
                       {"end", "end"}},
                      {},
                      {}};
  for (const cell::SymmetricStep& step : study.run.steps) {
    table.rows.push_back({number(step.current_density / mA_per_cm2, "mA/cm²", 4, "setting", "option currents"),
                          number(step.first_voltage, "V"), number(step.highest_voltage, "V"),
                          number(100.0 * step.lowest_contact, "%"), std::to_string(step.half_cycles),
                          std::string(end_text(step.end))});
  }
  return table;
}

report::Table critical_table(const CellSymmetricRequest& request, const SymmetricStudy& study) {
  const bool has_contact = study.cell.electrode.contact.has_value();
  report::Table table{"critical_current_density",
                      "Critical current density",
                      {{"temperature_degC", "T (°C)"}},
                      {},
                      "Smallest current density at which a fresh cell fails within " +
                          std::to_string(request.program.cycles_per_current) +
                          (request.program.cycles_per_current == 1 ? " cycle of " : " cycles of ") +
                          text(request.program.half_cycle_charge / mAh_per_cm2) + " mAh/cm² each way."};
  if (has_contact) {
    table.columns.push_back({"pressure_MPa", "P (MPa)"});
    table.columns.push_back({"void_onset_mA_per_cm2", "voids open above (mA/cm²)"});
  }
  table.columns.push_back({"critical_mA_per_cm2", "CCD (mA/cm²)"});
  table.columns.push_back({"cause", "by"});
  for (const CriticalPoint& point : study.critical) {
    std::vector<report::Cell> cells{number(point.temperature - 273.15, "°C", 4, "setting")};
    if (has_contact) {
      cells.emplace_back(number(point.pressure / MPa, "MPa", 4, "setting"));
      cells.emplace_back(number(point.model_critical / mA_per_cm2, "mA/cm²", 3));
    }
    cells.emplace_back(critical_value(point));
    cells.emplace_back(point.critical.current_density ? std::string(end_text(point.critical.cause)) : std::string("–"));
    table.rows.push_back(std::move(cells));
  }
  return table;
}

/// s, min, h or d.
std::pair<double, const char*> time_unit(double duration) {
  if (duration < 300.0) return {1.0, "s"};
  if (duration < 3.0 * 3600.0) return {60.0, "min"};
  if (duration < 10.0 * 86400.0) return {3600.0, "h"};
  return {86400.0, "d"};
}

report::Layer line(std::string series) {
  report::Layer layer;
  layer.mark = report::Mark::line;
  layer.series = std::move(series);
  return layer;
}

/// Rows that are drawn: no more than a screen shows, the ends of the half cycles among them.
std::vector<std::size_t> drawn_rows(const cell::SymmetricRows& rows) {
  constexpr std::size_t most = 6000;
  const std::size_t stride = rows.time.size() / most + 1;
  std::vector<std::size_t> kept;
  for (std::size_t k = 0; k < rows.time.size(); ++k) {
    const bool is_end = k == 0 || k + 1 == rows.time.size() || rows.current[k] != rows.current[k - 1] ||
                        rows.current[k] != rows.current[k + 1];
    if (is_end || k % stride == 0) kept.push_back(k);
  }
  return kept;
}

report::Figure voltage_figure(const CellSymmetricRequest& request, const SymmetricStudy& study) {
  const cell::SymmetricRows& rows = study.run.rows;
  const auto [seconds, unit] = time_unit(rows.time.back());
  report::Figure figure;
  figure.id = "staircase";
  figure.title = "Voltage at stepped currents";
  figure.x.title = std::string("time (") + unit + ")";
  figure.y.title = "voltage (V)";
  report::Layer layer = line("");
  for (const std::size_t k : drawn_rows(rows)) {
    layer.x.push_back(rows.time[k] / seconds);
    layer.y.push_back(rows.voltage[k]);
    layer.hover.push_back(text(rows.voltage[k]) + " V at " + text(rows.current[k] / mA_per_cm2) + " mA/cm²");
  }
  // The limit where the cell comes near it.
  double highest = 0.0;
  for (const double v : layer.y) highest = std::max(highest, std::abs(v));
  figure.layers.push_back(std::move(layer));
  if (highest > 0.5 * request.program.voltage_limit) {
    report::Layer limit;
    limit.mark = report::Mark::rule_horizontal;
    limit.y = {request.program.voltage_limit};
    limit.background = true;
    figure.layers.push_back(std::move(limit));
    if (highest > request.program.voltage_limit) {
      // A contact that breaks off ends in a spike that would hide everything else.
      figure.y.high = 1.15 * request.program.voltage_limit;
      figure.y.low = -*figure.y.high;
    }
  }
  return figure;
}

report::Figure contact_figure(const CellSymmetricRequest& request, const SymmetricStudy& study) {
  const cell::SymmetricRows& rows = study.run.rows;
  const auto [seconds, unit] = time_unit(rows.time.back());
  report::Figure figure;
  figure.id = "contact";
  figure.title = "Contact of the two metal faces";
  figure.x.title = std::string("time (") + unit + ")";
  figure.y.title = "contact (%)";
  figure.y.low = 0.0;
  figure.y.high = 105.0;
  const std::vector<std::size_t> kept = drawn_rows(rows);
  for (const auto& [name, values] :
       {std::pair{"first stripped", &rows.first_contact}, {"the other", &rows.second_contact}}) {
    report::Layer layer = line(name);
    for (const std::size_t k : kept) {
      layer.x.push_back(rows.time[k] / seconds);
      layer.y.push_back(100.0 * (*values)[k]);
    }
    figure.layers.push_back(std::move(layer));
  }
  report::Layer limit;
  limit.mark = report::Mark::rule_horizontal;
  limit.y = {100.0 * request.program.contact_limit};
  limit.background = true;
  figure.layers.push_back(std::move(limit));
  return figure;
}

/// Over pressure where several are asked for, else over temperature.
report::Figure critical_figure(const SymmetricStudy& study, bool over_pressure) {
  report::Figure figure;
  figure.id = over_pressure ? "critical_over_pressure" : "critical_over_temperature";
  figure.title = over_pressure ? "Critical current density over pressure" : "Critical current density over temperature";
  figure.x.title = over_pressure ? "stack pressure (MPa)" : "temperature (°C)";
  figure.x.scale = over_pressure ? report::Scale::log10 : report::Scale::linear;
  figure.y.title = "critical current density (mA/cm²)";
  figure.y.scale = report::Scale::log10;
  for (const CriticalPoint& point : study.critical) {
    if (!point.critical.current_density) continue;
    const std::string series =
        over_pressure ? text(point.temperature - 273.15) + " °C" : text(point.pressure / MPa) + " MPa";
    auto layer = std::ranges::find(figure.layers, series, &report::Layer::series);
    if (layer == figure.layers.end()) {
      figure.layers.push_back(line(series));
      layer = figure.layers.end() - 1;
    }
    layer->x.push_back(over_pressure ? point.pressure / MPa : point.temperature - 273.15);
    layer->y.push_back(*point.critical.current_density / mA_per_cm2);
    layer->hover.push_back(series + ", " + text(layer->x.back()) + (over_pressure ? " MPa: " : " °C: ") +
                           text(layer->y.back(), 3) + " mA/cm²\n" + end_text(point.critical.cause));
  }
  return figure;
}

/// The plots, and folded behind them the numbers.
std::pair<report::Section, report::Section> blocking_sections(const CellSymmetricRequest& request,
                                                              const SymmetricStudy& study) {
  const double conductivity = cell::ionic_at_temperature(study.cell.separator.conductivity, study.cell.temperature,
                                                         study.cell.reference_temperature);
  const std::vector<double> frequency = impedance::logarithmic_frequencies(
      request.frequencies.lowest, request.frequencies.highest, request.frequencies.points_per_decade);
  const std::vector<impedance::Complex> specific =
      cell::blocking_cell_impedance(study.cell.separator.thickness, conductivity, request.double_layer, frequency);
  const double area = area_of(request.cell).value_or(unit_area);
  std::vector<impedance::Complex> z;
  report::Table table{"blocking_spectrum",
                      "Spectrum of the blocking cell",
                      {{"frequency_Hz", "f (Hz)"}, {"Z_real_Ohm", "Z' (Ω)"}, {"Z_imag_Ohm", "Z'' (Ω)"}},
                      {},
                      {}};
  for (std::size_t k = 0; k < frequency.size(); ++k) {
    z.push_back(specific[k] / area);
    table.rows.push_back(
        {number(frequency[k], "Hz", 6, "setting"), number(z[k].real(), "Ω", 6), number(z[k].imag(), "Ω", 6)});
  }
  report::KeyValues items{"blocking", {}};
  items.items.emplace_back("resistance L/κ", number(study.cell.separator.thickness / conductivity / ohm_cm2, "Ω cm²"));
  items.items.emplace_back("capacitance of both faces in series", number(0.5 * request.double_layer * 1e2, "µF/cm²"));
  items.items.emplace_back("area", area_of(request.cell) ? report::Cell(number(1e4 * area, "cm²", 4, ""))
                                                         : report::Cell("not known: 1 cm²"));
  const ImpedanceCurve curve{"blocking cell", frequency, z, z};
  return {{"blocking",
           "Between blocking electrodes",
           {items, nyquist_figure("blocking_nyquist", "Nyquist plot", {curve}),
            bode_modulus_figure("blocking_modulus", {curve})},
           false},
          {"blocking_spectrum", "Spectrum of the blocking cell", {table}, true}};
}

/// Only what a symmetric cell has.
void add_own_parameters(const CellSymmetricRequest& request, report::Report& report) {
  CellCase own = request.cell;
  own.notes.clear();
  for (const std::string_view name : request.cell.description.names()) {
    const std::string_view section = name.substr(0, name.find('.'));
    if (section != "separator" && section != "anode" && section != "metal" && section != "temperature" &&
        section != "reference_temperature" && section != "area" && section != "stack_pressure") {
      own.description.remove(name);
    }
  }
  own.description.remove("anode.potential");
  add_parameters(own, report);
  for (report::Block& block : report.sections.back().blocks) {
    if (auto* table = std::get_if<report::Table>(&block))
      std::erase_if(table->rows, [](const auto& row) { return report::to_text(row.front()) == "open-circuit curve"; });
  }
}

}  // namespace

report::Report symmetric_report(const CellSymmetricRequest& request, const SymmetricStudy& study) {
  const cell::SymmetricCell& cell = study.cell;
  const bool has_contact = cell.electrode.contact.has_value();
  const cell::CellDescription& description = request.cell.description;
  const std::string metal = description.anode.empty() ? description.ion : description.anode;
  report::Report report;
  report.task = "cell symmetric";
  report.title = metal + " | " + description.electrolyte + " | " + metal;
  report.subtitle = text(cell.temperature - 273.15) + " °C";
  if (has_contact) report.subtitle += ", " + text(cell.electrode.contact->stack_pressure / MPa) + " MPa";
  if (!has_contact) {
    report.warnings.push_back(
        "nothing is known of the metal's contact: no voids open here; give [cell.metal] critical_current_density, "
        "void_charge and creep_rate");
  }

  report::KeyValues items{"symmetric", {}};
  const auto add = [&](const char* name, report::Cell value) { items.items.emplace_back(name, std::move(value)); };
  const double conductivity =
      cell::ionic_at_temperature(cell.separator.conductivity, cell.temperature, cell.reference_temperature);
  const double start = has_contact ? cell.electrode.contact->initial_fraction : 1.0;
  const double grown = cell.electrode.growth ? cell.electrode.growth->initial_thickness : 0.0;
  add("electrolyte L/κ", number(cell.separator.thickness / conductivity / ohm_cm2, "Ω cm²"));
  add("each metal's interface", number(cell::metal_interface_resistance(cell, start, grown) / ohm_cm2, "Ω cm²"));
  add("half cycle", number(request.program.half_cycle_charge / mAh_per_cm2, "mAh/cm²", 4, "setting", "option charge"));
  if (has_contact) {
    add("voids open above",
        number(cell::critical_current_density(*cell.electrode.contact, cell.temperature, cell.reference_temperature) /
                   mA_per_cm2,
               "mA/cm²", 3));
  }
  if (study.critical.size() == 1) {
    Value critical = critical_value(study.critical.front());
    critical.note = study.critical.front().critical.current_density ? end_text(study.critical.front().critical.cause)
                                                                    : "none of those tried";
    add("critical current density", critical);
  }
  add("staircase", study.run.end == SymmetricEnd::complete
                       ? std::string("done")
                       : std::string(end_text(study.run.end)) + " at " +
                             text(study.run.steps.back().current_density / mA_per_cm2) + " mA/cm²");
  if (!request.to.empty()) {
    add("written to", request.to);
    report.provenance.emplace_back("written", request.to);
  }

  report::Section section{"symmetric", "Symmetric cell", {items, step_table(study)}, false};
  section.blocks.emplace_back(voltage_figure(request, study));
  if (has_contact) section.blocks.emplace_back(contact_figure(request, study));
  if (study.critical.size() > 1) {
    section.blocks.emplace_back(critical_table(request, study));
    for (const bool over_pressure : {true, false}) {
      if ((over_pressure ? request.pressures : request.temperatures).size() < 2) continue;
      report::Figure figure = critical_figure(study, over_pressure);
      if (!figure.layers.empty()) section.blocks.emplace_back(std::move(figure));
    }
  }
  report.sections.push_back(std::move(section));
  if (request.is_blocking) {
    auto [plots, numbers] = blocking_sections(request, study);
    report.sections.push_back(std::move(plots));
    report.sections.push_back(std::move(numbers));
  }
  add_own_parameters(request, report);
  return report;
}

}  // namespace closo::tasks::detail
