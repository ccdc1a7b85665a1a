// The cell as simulated: first discharge, rates at each temperature, where the voltage goes, energy density, fade
// against the library's record, and how far the parameters behind it can be trusted.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/cell/cycles.hpp"
#include "closo/cell/stack_of_cell.hpp"
#include "closo/tasks/cell_figures.hpp"
#include "closo/tasks/cell_rate.hpp"
#include "closo/tasks/detail/described_cell.hpp"
#include "closo/tasks/detail/evidence.hpp"

namespace closo::tasks::detail {
namespace {

using cell::CellDescription;
using cell::Mark;
using cell::RatePoint;

constexpr double mAh_per_g = 3600.0;        // C/kg
constexpr double default_rate = 0.05;       // 1/h
constexpr std::uint32_t most_cycles = 300;  // simulated for the dossier
constexpr std::size_t coarse = 6;           // cells and shells of a long run; retention to 1e-4 of a fine mesh
constexpr double coarse_tolerance = 1e-3;
constexpr double same_rate = 0.02;  // relative

report::Value number(double value, std::string unit, std::string source, int significant = 3) {
  report::Value shown;
  shown.value = value;
  shown.unit = std::move(unit);
  shown.kind = "computed";
  shown.source = std::move(source);
  shown.significant = significant;
  return shown;
}

/// What the system file must give before a cell can be described; empty: enough.
std::string missing_parts(const System& system) {
  std::string list;
  const auto lacks = [&](bool present, const char* name) {
    if (!present) list += (list.empty() ? "" : ", ") + std::string(name);
  };
  const auto& values = system.cell.values;
  lacks(system.anode.has_value() || values.contains("anode.potential"), "[anode]");
  lacks(system.separator.thickness || values.contains("separator.thickness"), "the separator's thickness");
  lacks(system.separator.area || values.contains("area"), "the electrodes' diameter");
  lacks(system.cathode->mass || values.contains("cathode.loading"), "the cathode's mass");
  lacks(!system.cathode->composition.empty() || values.contains("cathode.active_mass_fraction"),
        "the cathode's composition");
  return list;
}

std::optional<double> condition_number(const library::Fact& fact, std::string_view key) {
  return base::try_parse_number(fact.condition(key));
}

/// Capacity of the library for this electrolyte, cathode, temperature and rate.
const library::Fact* recorded_capacity(const Evaluation& evaluation, double temperature, double per_hour) {
  for (const library::Fact* fact : facts_of(evaluation, evaluation.electrolyte, "cell")) {
    if (fact->quantity != "discharge capacity" && fact->quantity != "initial discharge capacity") continue;
    if (fact->condition("cathode") != evaluation.system.cathode->active || !fact->value_si || fact->is_doubtful())
      continue;
    const std::optional<double> rate = condition_number(*fact, "rate_C");
    if (!fact->temperature || std::abs(*fact->temperature - temperature) > 1.0) continue;
    if (rate && std::abs(*rate / per_hour - 1.0) < same_rate) return fact;
  }
  return nullptr;
}

/// The section while it grows; cells by temperature, the working one last.
struct Study {
  Evaluation& evaluation;
  std::vector<CellCase> cells;
  CellRate rate;
  std::vector<Rate> rates;
  std::string trust;  ///< "predicted with …"
  report::Section section{"cell_model", "Cell: simulated discharge, rates and fade", {}, false};

  const CellCase& working() const { return cells.back(); }
  const cell::CellParameters& parameters() const { return rate.parameters.back(); }
  double active_mass() const { return *parameters().areal_active_mass; }
};

std::size_t slowest(const std::vector<Rate>& rates) {
  const auto found = std::min_element(rates.begin(), rates.end(),
                                      [](const Rate& a, const Rate& b) { return a.per_hour < b.per_hour; });
  return static_cast<std::size_t>(found - rates.begin());
}

std::string trust_of(const CellDescription& description) {
  std::size_t guessed = 0, estimated = 0;
  for (const std::string_view name : description.doubtful())
    (description.find(name)->mark == Mark::guess ? guessed : estimated) += 1;
  if (guessed + estimated == 0) return "predicted; no parameter is guessed or estimated";
  return "predicted with " + std::to_string(guessed) + " guessed and " + std::to_string(estimated) +
         " estimated parameters";
}

/// How many parameters have each mark, and which of them are doubtful or fitted.
report::Table marks_of(const CellDescription& description) {
  report::Table table;
  table.id = "cell_parameter_marks";
  table.title = "Where the parameters come from";
  table.columns = {{"mark", "mark"}, {"count", "how many"}, {"which", "which"}};
  for (const Mark mark :
       {Mark::measured, Mark::computed, Mark::literature, Mark::fitted, Mark::setting, Mark::estimated, Mark::guess}) {
    std::string list;
    double count = 0.0;
    for (const std::string_view name : description.names()) {
      const cell::DescribedValue& value = *description.find(name);
      if (value.mark != mark) continue;
      count += 1.0;
      list += (list.empty() ? "" : ", ") + std::string(name);
      if (mark == Mark::fitted) list += " (" + value.source + ")";
    }
    if (count > 0.0) table.rows.push_back({std::string(to_string(mark)), number(count, "", ""), list});
  }
  return table;
}

std::string limit_text(const RatePoint& point) {
  std::string text(to_string(point.limit));
  if (point.status != cell::RunStatus::complete && !point.reason.empty()) text += ": " + point.reason;
  return text;
}

/// "separator" and its share of all losses.
std::string largest_loss(const RatePoint& point) {
  if (!point.largest_loss || !(point.losses.total() > 0.0)) return "none";
  const double part = cell::values(point.losses)[*point.largest_loss];
  return std::string(cell::loss_names()[*point.largest_loss]) + " (" +
         base::format_number(100.0 * part / point.losses.total(), 2) + " %)";
}

void add_first_discharge(Study& study) {
  const std::size_t which = slowest(study.rates);
  const RatePoint& point = study.rate.points.back()[which];
  const std::string how = "simulated, " + study.trust;
  const std::string at = study.rates[which].text + ", " + celsius(point.temperature);
  report::KeyValues values{"first_discharge", {}};
  values.items.emplace_back("first discharge at " + at,
                            number(point.capacity / study.active_mass() / mAh_per_g, "mAh/g", how));
  if (const library::Fact* fact = recorded_capacity(study.evaluation, point.temperature, point.per_hour)) {
    study.evaluation.used.push_back(fact);
    report::Value recorded = number(*fact->value_si / mAh_per_g, "mAh/g", study.evaluation.library.citation(*fact));
    recorded.kind = library::to_string(fact->kind);
    values.items.emplace_back("the library's record", recorded);
  }
  if (point.mean_voltage) values.items.emplace_back("mean voltage", number(*point.mean_voltage, "V", how, 4));
  values.items.emplace_back("ends by", limit_text(point));
  values.items.emplace_back("largest loss", largest_loss(point));
  if (point.capacity > 0.0 && point.mean_voltage) {
    const cell::CellStack stack = cell::stack_of_cell(study.working().description);
    const cell::StackEnergy energy = cell::stack_energy(stack.layers, {point.capacity, {}}, {*point.mean_voltage, {}});
    if (energy.without_collectors.energy_per_mass)
      values.items.emplace_back("energy of that discharge by mass of the stack",
                                number(energy.without_collectors.energy_per_mass->value / 3600.0, "Wh/kg", how));
    if (energy.without_collectors.energy_per_volume)
      values.items.emplace_back("energy of that discharge by volume of the stack",
                                number(energy.without_collectors.energy_per_volume->value / 3.6e6, "Wh/L", how));
  }
  study.section.blocks.emplace_back(std::move(values));
}

void add_rates(Study& study) {
  report::Table table{"cell_rates",
                      "Discharge capacities, simulated",
                      {{"temperature_degC", "T (°C)"},
                       {"rate", "rate"},
                       {"capacity_mAh_per_g", "capacity (mAh/g)"},
                       {"utilisation_percent", "used (%)"},
                       {"mean_voltage_V", "mean voltage (V)"},
                       {"losses_mV", "losses (mV)"},
                       {"largest_loss", "largest loss"},
                       {"limit", "ends by"},
                       {"library_mAh_per_g", "library (mAh/g)"}},
                      {},
                      {}};
  bool has_record = false;
  for (const std::vector<RatePoint>& points : study.rate.points) {
    for (std::size_t i = 0; i < points.size(); ++i) {
      const RatePoint& point = points[i];
      report::Cell recorded = std::string(), voltage = std::string(), losses = std::string();
      if (const library::Fact* fact = recorded_capacity(study.evaluation, point.temperature, point.per_hour)) {
        recorded = number(*fact->value_si / mAh_per_g, "mAh/g", study.evaluation.library.citation(*fact));
        has_record = true;
      }
      if (point.mean_voltage) voltage = number(*point.mean_voltage, "V", "energy / capacity", 4);
      if (point.capacity > 0.0) losses = number(1e3 * point.losses.total() / point.capacity, "mV", "loss budget", 2);
      table.rows.push_back({number(point.temperature - 273.15, "°C", "system file", 4), study.rates[i].text,
                            number(point.capacity / study.active_mass() / mAh_per_g, "mAh/g", study.trust),
                            number(100.0 * point.utilisation, "%", study.trust), voltage, losses, largest_loss(point),
                            limit_text(point), recorded});
    }
  }
  if (!has_record) {
    table.columns.pop_back();
    for (std::vector<report::Cell>& row : table.rows) row.pop_back();
  }
  study.section.blocks.emplace_back(std::move(table));
}

void add_figures(Study& study) {
  std::vector<VoltageCurve> curves;
  const std::size_t slow = slowest(study.rates);
  const auto add = [&](const RatePoint& point, std::string name, bool dashed) {
    VoltageCurve curve{std::move(name), point.charge, point.voltage, false, dashed};
    for (double& each : curve.capacity) each /= study.active_mass();
    curves.push_back(std::move(curve));
  };
  for (std::size_t i = 0; i < study.rates.size(); ++i)
    add(study.rate.points.back()[i],
        study.rates[i].text + ", " + celsius(study.working().description.value("temperature")), false);
  for (std::size_t c = 0; c + 1 < study.cells.size(); ++c)
    add(study.rate.points[c][slow],
        study.rates[slow].text + ", " + celsius(study.cells[c].description.value("temperature")), true);
  study.section.blocks.emplace_back(
      voltage_figure("cell_discharge", "Simulated discharges", curves,
                     "Capacity per mass of " + study.working().description.active + "; " + study.trust + "."));
  std::vector<LossColumn> columns;
  for (std::size_t i = 0; i < study.rates.size(); ++i) {
    const RatePoint& point = study.rate.points.back()[i];
    columns.push_back({study.rates[i].text, point.capacity, point.losses});
  }
  study.section.blocks.emplace_back(
      loss_bars_figure("cell_losses", "Where the voltage goes at " + celsius(study.evaluation.working_temperature),
                       columns, "Mean over each discharge against the open-circuit curve."));
}

bool has_fade(const cell::CellParameters& parameters) {
  return parameters.cathode.contact || parameters.cathode.growth || parameters.anode.contact || parameters.anode.growth;
}

std::string cycles_of(const CellCase& cell, const cell::CellParameters& parameters, std::uint32_t cycles,
                      double per_hour) {
  const std::string rate = base::format_exact(per_hour) + "C";
  const std::string discharge = "Discharge at " + rate + " until " + base::format_exact(cell.lower_cutoff) + " V\n";
  const std::string charge = "Charge at " + rate + " until " + base::format_exact(cell.upper_cutoff) + " V\n";
  const bool is_charged = is_built_charged(parameters, cell.lower_cutoff, cell.upper_cutoff);
  return "Repeat " + std::to_string(cycles) + " times:\n" + (is_charged ? discharge + charge : charge + discharge) +
         "End";
}

/// Retention after as many cycles as the library's longest record, at the slowest rate.
void add_fade(Study& study) {
  report::KeyValues values{"fade", {}};
  if (!has_fade(study.parameters())) {
    study.section.blocks.emplace_back(
        report::Paragraph{"Fade is not simulated: nothing is said of what changes with cycling ([cell.contact], "
                          "[cell.growth], [cell.metal], resistance_first_hour in [cell.anode])."});
    return;
  }
  const library::Fact* record = longest_retention(study.evaluation);
  const double recorded_cycles = record != nullptr ? *condition_number(*record, "cycle") : 100.0;
  const auto cycles = static_cast<std::uint32_t>(std::clamp(recorded_cycles, 2.0, double{most_cycles}));
  const std::size_t which = slowest(study.rates);
  double per_hour = study.rates[which].per_hour;
  if (record != nullptr) per_hour = condition_number(*record, "rate_C").value_or(per_hour);
  cell::SimulationOptions mesh = study.working().mesh;
  mesh.cathode_cells = std::min(mesh.cathode_cells, coarse);
  mesh.particle_shells = std::min(mesh.particle_shells, coarse);
  mesh.tolerance = std::max(mesh.tolerance, coarse_tolerance);
  mesh.keeps_rows = false;
  const cell::Protocol protocol =
      cell::parse_protocol(cycles_of(study.working(), study.parameters(), cycles, per_hour));
  const cell::SimulationResult result = cell::simulate(study.parameters(), protocol, mesh);
  const std::vector<cell::CycleRow> rows = cell::cycle_rows(protocol, result.steps);
  const std::uint32_t last = rows.empty() ? 0 : rows.back().cycle - (rows.back().is_complete ? 0U : 1U);
  const std::optional<double> kept = cell::retention(rows, last, 1);
  if (!kept || last < 2) {
    study.section.blocks.emplace_back(
        report::Paragraph{"Fade: the cell does not cycle" + (result.reason.empty() ? "" : ": " + result.reason) + "."});
    return;
  }
  values.items.emplace_back("retention after " + std::to_string(last) + " cycles at " + rate_text(per_hour),
                            number(100.0 * *kept, "%", "simulated, " + study.trust));
  if (result.status == cell::RunStatus::stopped) values.items.emplace_back("the run stopped", result.reason);
  if (record != nullptr) {
    study.evaluation.used.push_back(record);
    report::Value recorded = number(100.0 * *record->value_si, "%", study.evaluation.library.citation(*record));
    recorded.kind = library::to_string(record->kind);
    values.items.emplace_back("the library's record after " + base::format_number(recorded_cycles) + " cycles",
                              recorded);
  }
  study.section.blocks.emplace_back(std::move(values));
}

void add_verdict(Study& study) {
  const std::size_t which = slowest(study.rates);
  const RatePoint& slow = study.rate.points.back()[which];
  const auto fastest = std::max_element(study.rates.begin(), study.rates.end(),
                                        [](const Rate& a, const Rate& b) { return a.per_hour < b.per_hour; });
  const RatePoint& fast = study.rate.points.back()[static_cast<std::size_t>(fastest - study.rates.begin())];
  const auto text = [&](const RatePoint& point) {
    return base::format_number(point.capacity / study.active_mass() / mAh_per_g, 3);
  };
  report::Verdict verdict;
  verdict.criterion = "cell model";
  verdict.target = "none: a prediction";
  verdict.finding = text(slow) + " mAh/g at " + study.rates[which].text;
  if (const library::Fact* fact = recorded_capacity(study.evaluation, slow.temperature, slow.per_hour))
    verdict.finding += " (record: " + base::format_number(*fact->value_si / mAh_per_g, 3) + ")";
  if (&fast != &slow) verdict.finding += " · " + text(fast) + " at " + fastest->text;
  verdict.finding += ", " + celsius(slow.temperature);
  verdict.reason = study.trust + "; no target is set, nothing is decided; the discharge ends by " + limit_text(slow);
  verdict.source = "simulation";
  study.evaluation.report.verdicts.push_back(std::move(verdict));
}

std::vector<CellCase> described_cells(const Evaluation& evaluation, const Context& context) {
  std::vector<CellCase> cells;
  for (const double temperature : evaluation.temperatures)
    cells.push_back(described_cell(evaluation.system, evaluation, *evaluation.electrodes, temperature, {}, context));
  return cells;
}

void add_sentence(Evaluation& evaluation, const std::string& why) {
  report::Section section{"cell_model", "Cell: simulated discharge, rates and fade", {}, false};
  section.blocks.emplace_back(report::Paragraph{"The cell is not simulated: " + why + "."});
  evaluation.report.sections.push_back(std::move(section));
}

}  // namespace

void add_cell_model(Evaluation& evaluation, const Context& context) {
  if (!evaluation.system.cathode) return;
  if (const std::string missing = missing_parts(evaluation.system); !missing.empty()) {
    add_sentence(evaluation, "it lacks " + missing);
    return;
  }
  Study study{evaluation, {}, {}, evaluation.system.operation.rates, {}};
  if (study.rates.empty()) study.rates = {{rate_text(default_rate), default_rate}};
  try {
    study.cells = described_cells(evaluation, context);
    study.rate = rate_cells({study.cells, study.rates, cell::RateStart::same, {}}, context);
  } catch (const base::InputError& error) {
    if (error.place().line != 0) throw;  // a wrong word in the file, not a lack of knowledge
    add_sentence(evaluation, error.problem());
    return;
  } catch (const base::ParameterError& error) {
    evaluation.report.warnings.push_back("the cell is not simulated: " + std::string(error.what()));
    add_sentence(evaluation, error.what());
    return;
  }
  study.trust = trust_of(study.working().description);
  add_first_discharge(study);
  add_rates(study);
  add_figures(study);
  add_fade(study);
  study.section.blocks.emplace_back(marks_of(study.working().description));
  add_verdict(study);
  evaluation.report.sections.push_back(std::move(study.section));
  add_parameters(study.working(), evaluation.report);
}

}  // namespace closo::tasks::detail
