#include "closo/tasks/detail/cycle_report.hpp"

#include <algorithm>
#include <cmath>

#include "closo/base/number.hpp"
#include "closo/tasks/cell_figures.hpp"
#include "closo/tasks/detail/cell_values.hpp"

namespace closo::tasks::detail {
namespace {

using cell::CycleRow;
using report::Value;

constexpr double mAh_per_g = 3600.0;  // C/kg
constexpr double ohm_cm2 = 1e-4;      // Ω m²
constexpr std::size_t shown_rows = 12;
constexpr double end_of_life = 0.8;

Value number(double value, const char* unit, int significant = 4) {
  Value shown;
  shown.value = value;
  shown.unit = unit;
  shown.kind = "computed";
  shown.source = "simulation";
  shown.significant = significant;
  return shown;
}

Value number(const std::optional<double>& value, double factor, const char* unit, int significant = 4) {
  if (value) return number(*value * factor, unit, significant);
  Value missing;
  missing.unit = unit;
  return missing;
}

/// Mean overpotential of a discharge [V].
std::optional<double> polarisation(const CycleRow& row) {
  if (!(row.discharge_capacity > 0.0)) return std::nullopt;
  return row.discharge_losses.total() / row.discharge_capacity;
}

const CycleRow* row_of(const CycleStudy& study, std::uint32_t cycle) {
  const auto found = std::ranges::find(study.cycles, cycle, &CycleRow::cycle);
  return found == study.cycles.end() ? nullptr : &*found;
}

std::optional<double> kept(const CycleStudy& study, const CycleRow& row) {
  return row.is_complete || row.discharge_capacity > 0.0 ? cell::retention(study.cycles, row.cycle, study.reference)
                                                         : std::nullopt;
}

Value cycle_number(const CycleRow& row) {
  Value shown;
  shown.value = row.cycle;
  shown.significant = 9;
  return shown;
}

report::Table cycle_table(const CycleStudy& study, const std::vector<std::size_t>& rows, const char* id,
                          const char* title) {
  report::Table table{id,
                      title,
                      {{"cycle", "cycle"},
                       {"discharge_mAh_per_g", "discharge (mAh/g)"},
                       {"charge_mAh_per_g", "charge (mAh/g)"},
                       {"coulombic_efficiency_percent", "CE (%)"},
                       {"energy_efficiency_percent", "energy eff. (%)"},
                       {"discharge_V", "discharge (V)"},
                       {"charge_V", "charge (V)"},
                       {"retention_percent", "retention (%)"}},
                      {},
                      {}};
  const auto any = [&](auto&& is_true) { return std::ranges::any_of(study.cycles, is_true); };
  const CycleRow first = study.cycles.empty() ? CycleRow{} : study.cycles.front();
  const bool with_contact = any([&](const CycleRow& row) { return row.contact_fraction != first.contact_fraction; });
  const bool with_isolated = any([](const CycleRow& row) { return row.isolated_fraction > 0.0; });
  const bool with_interphase = any([](const CycleRow& row) { return row.cathode_interphase > 0.0; });
  const bool with_metal = any([](const CycleRow& row) { return row.metal_contact < 1.0; });
  const bool with_side = any([](const CycleRow& row) { return row.side_charge > 0.0; });
  const bool with_temperature = any([&](const CycleRow& row) { return row.temperature != first.temperature; });
  const bool with_state = any([](const CycleRow& row) { return !row.is_complete; });
  table.columns.push_back({"overpotential_mV", "η discharge (mV)"});
  table.columns.push_back({"anode_resistance_Ohm_cm2", "R anode (Ω cm²)"});
  if (with_contact) table.columns.push_back({"contact_percent", "contact (%)"});
  if (with_isolated) table.columns.push_back({"isolated_percent", "isolated (%)"});
  if (with_interphase) table.columns.push_back({"interphase_nm", "interphase (nm)"});
  if (with_metal) table.columns.push_back({"metal_contact_percent", "metal contact (%)"});
  if (with_side) table.columns.push_back({"oxidised_mAh_per_g", "oxidation (mAh/g)"});
  if (with_temperature) table.columns.push_back({"temperature_degC", "T (°C)"});
  if (with_state) table.columns.push_back({"state", "state"});
  const double mass = study.active_mass * mAh_per_g;
  for (const std::size_t k : rows) {
    const CycleRow& row = study.cycles[k];
    std::vector<report::Cell> cells{cycle_number(row),
                                    number(row.discharge_capacity / mass, "mAh/g"),
                                    number(row.charge_capacity / mass, "mAh/g"),
                                    number(row.coulombic_efficiency, 100.0, "%", 5),
                                    number(row.energy_efficiency, 100.0, "%"),
                                    number(row.discharge_voltage, 1.0, "V"),
                                    number(row.charge_voltage, 1.0, "V"),
                                    number(kept(study, row), 100.0, "%"),
                                    number(polarisation(row), 1e3, "mV"),
                                    number(row.anode_resistance / ohm_cm2, "Ω cm²")};
    if (with_contact) cells.emplace_back(number(100.0 * row.contact_fraction, "%"));
    if (with_isolated) cells.emplace_back(number(100.0 * row.isolated_fraction, "%"));
    if (with_interphase) cells.emplace_back(number(1e9 * row.cathode_interphase, "nm"));
    if (with_metal) cells.emplace_back(number(100.0 * row.metal_contact, "%"));
    if (with_side) cells.emplace_back(number(row.side_charge / mass, "mAh/g", 3));
    if (with_temperature) cells.emplace_back(number(row.temperature - 273.15, "°C"));
    if (with_state) cells.emplace_back(row.is_complete ? "done" : "unfinished");
    table.rows.push_back(std::move(cells));
  }
  return table;
}

report::Layer layer_of(report::Mark mark, const std::string& series) {
  report::Layer layer;
  layer.mark = mark;
  layer.series = series;
  return layer;
}

/// Points as far as the run goes.
void add_points(report::Figure& figure, const CycleStudy& study, const std::string& name,
                const std::vector<CyclePoint>& points, double factor) {
  report::Layer layer = layer_of(report::Mark::points, name);
  layer.hollow = true;
  for (const CyclePoint& point : points) {
    if (study.cycles.empty() || point.cycle > study.cycles.back().cycle) continue;
    layer.x.push_back(point.cycle);
    layer.y.push_back(point.value * factor);
    layer.hover.push_back(point.hover);
  }
  if (!layer.x.empty()) figure.layers.push_back(std::move(layer));
}

/// A value of every complete cycle over its number; cycles without it are left out.
template <class Get>
report::Layer over_cycles(const CycleStudy& study, const std::string& series, const char* unit, const Get& get) {
  // Points while they can be told apart.
  report::Layer layer = layer_of(study.cycles.size() <= 60 ? report::Mark::points : report::Mark::line, series);
  for (const CycleRow& row : study.cycles) {
    const std::optional<double> value = row.is_complete ? get(row) : std::nullopt;
    if (!value) continue;
    layer.x.push_back(row.cycle);
    layer.y.push_back(*value);
    layer.hover.push_back(series + ", cycle " + std::to_string(row.cycle) + ": " + base::format_number(*value) + " " +
                          unit);
  }
  return layer;
}

report::Figure frame(const char* id, const char* title, const char* y) {
  report::Figure figure;
  figure.id = id;
  figure.title = title;
  figure.x.title = "cycle";
  figure.y.title = y;
  return figure;
}

/// 0 to a little above the largest value.
void from_zero(report::Figure& figure) {
  double highest = 0.0;
  for (const report::Layer& layer : figure.layers) {
    for (const double y : layer.y) highest = std::max(highest, y);
  }
  figure.y.low = 0.0;
  if (highest > 0.0) figure.y.high = 1.05 * highest;
}

report::Figure capacity_figure(const CycleStudy& study, const CyclePoints& measured, const CyclePoints& published) {
  report::Figure figure = frame("capacity", "Capacity over cycles", "capacity (mAh/g)");
  const double mass = study.active_mass * mAh_per_g;
  figure.layers.push_back(over_cycles(study, "charge", "mAh/g", [&](const CycleRow& row) {
    return row.charge_capacity > 0.0 ? std::optional(row.charge_capacity / mass) : std::nullopt;
  }));
  figure.layers.push_back(over_cycles(study, "discharge", "mAh/g", [&](const CycleRow& row) {
    return row.discharge_capacity > 0.0 ? std::optional(row.discharge_capacity / mass) : std::nullopt;
  }));
  add_points(figure, study, measured.name, measured.capacity, 1.0 / mAh_per_g);
  add_points(figure, study, published.name, published.capacity, 1.0 / mAh_per_g);
  std::erase_if(figure.layers, [](const report::Layer& layer) { return layer.x.empty(); });
  from_zero(figure);
  return figure;
}

report::Figure efficiency_figure(const CycleStudy& study) {
  report::Figure figure = frame("efficiency", "Efficiencies over cycles", "efficiency (%)");
  figure.layers.push_back(over_cycles(study, "Coulombic", "%", [](const CycleRow& row) {
    return row.coulombic_efficiency ? std::optional(100.0 * *row.coulombic_efficiency) : std::nullopt;
  }));
  figure.layers.push_back(over_cycles(study, "energy", "%", [](const CycleRow& row) {
    return row.energy_efficiency ? std::optional(100.0 * *row.energy_efficiency) : std::nullopt;
  }));
  return figure;
}

report::Figure retention_figure(const CycleStudy& study, const CyclePoints& measured, const CyclePoints& published) {
  report::Figure figure = frame("retention", "Capacity retention", "retention (%)");
  report::Layer simulated = over_cycles(study, "simulated", "%", [&](const CycleRow& row) {
    const std::optional<double> share = kept(study, row);
    return share ? std::optional(100.0 * *share) : std::nullopt;
  });
  simulated.mark = report::Mark::line;
  figure.layers.push_back(std::move(simulated));
  add_points(figure, study, measured.name, measured.retention, 100.0);
  add_points(figure, study, published.name, published.retention, 100.0);
  from_zero(figure);
  if (study.reference > 0)
    figure.caption = "Discharge capacity over that of cycle " + std::to_string(study.reference) + ".";
  return figure;
}

report::Figure curves_figure(const CycleStudy& study, const cell::Protocol& protocol) {
  std::vector<VoltageCurve> curves;
  for (std::size_t k = 0; k < study.rows.time.size(); ++k) {
    const std::uint32_t visit = study.rows.visit[k];
    if (k > 0 && visit == study.rows.visit[k - 1]) continue;
    const cell::ProtocolStep::Kind kind = protocol.steps[protocol.visits[visit].step].kind;
    if (kind != cell::ProtocolStep::Kind::discharge && kind != cell::ProtocolStep::Kind::charge) continue;
    VoltageCurve curve =
        curve_of(study.rows, visit, study.active_mass, "cycle " + std::to_string(protocol.visits[visit].cycle));
    curves.push_back(std::move(curve));
  }
  return voltage_figure("curves", "Voltage curves of chosen cycles", curves, "Falling: discharge; rising: charge.");
}

report::Figure losses_figure(const CycleStudy& study) {
  std::vector<LossColumn> columns;
  for (const std::uint32_t cycle : study.curves) {
    const CycleRow* row = row_of(study, cycle);
    if (row != nullptr && row->is_complete && row->discharge_capacity > 0.0)
      columns.push_back({std::to_string(cycle), row->discharge_capacity, row->discharge_losses});
  }
  return loss_bars_figure("losses", "Mean losses of the discharge in chosen cycles", columns);
}

void add_fade(const CycleStudy& study, report::Section& section) {
  const cell::FadeSplit& fade = *study.fade;
  const CycleRow& from = *row_of(study, study.fade_from);
  const double mass = study.active_mass * mAh_per_g;
  if (std::abs(fade.lost) < 1e-4 * from.discharge_capacity) {
    section.blocks.emplace_back(report::Paragraph{"Nothing is lost: the capacity of cycle " +
                                                  std::to_string(study.fade_to) + " is that of cycle " +
                                                  std::to_string(study.fade_from) + " within 0.01 %."});
    return;
  }
  report::Table table{
      "fade",
      "Where the capacity went, cycle " + std::to_string(study.fade_from) + " to " + std::to_string(study.fade_to),
      {{"cause", "cause"},
       {"lost_mAh_per_g", "lost (mAh/g)"},
       {"share_percent", "share (%)"},
       {"percent_per_cycle", "per cycle (%)"},
       {"overpotential_mV", "Δη (mV)"}},
      {},
      "Isolated particles take their share of the capacity along; the rest is divided by the growth of "
      "the mean overpotentials of discharge and charge (Δη)."};
  if (!fade.is_divided) table.caption += " They did not grow together here, so the rest is not divided.";
  const double cycles = static_cast<double>(study.fade_to - study.fade_from);
  for (std::size_t k = 0; k < cell::fade_cause_count; ++k) {
    const auto cause = static_cast<cell::FadeCause>(k);
    if (std::abs(fade.capacity[k]) < 1e-3 * std::abs(fade.lost) && std::abs(fade.overpotential[k]) < 1e-4) continue;
    table.rows.push_back({std::string(cell::to_string(cause)), number(fade.capacity[k] / mass, "mAh/g", 3),
                          number(100.0 * fade.capacity[k] / fade.lost, "%", 3),
                          number(100.0 * fade.capacity[k] / from.discharge_capacity / cycles, "%", 2),
                          cause == cell::FadeCause::isolation
                              ? report::Cell("–")
                              : report::Cell(number(1e3 * fade.overpotential[k], "mV", 3))});
  }
  table.rows.push_back({"together", number(fade.lost / mass, "mAh/g", 3), number(100.0, "%", 3),
                        number(100.0 * fade.lost / from.discharge_capacity / cycles, "%", 2), "–"});
  section.blocks.emplace_back(std::move(table));
}

/// Points beside the cycles that the run has; capacities in mAh/g, retentions in %.
void add_comparison(const CycleStudy& study, const CyclePoints& points, report::Section& section) {
  struct Compared {
    const char* what;
    const char* unit;
    const CyclePoint* point;
    double simulated, measured;
  };
  std::vector<Compared> found;
  for (const CyclePoint& point : points.capacity) {
    const CycleRow* row = row_of(study, static_cast<std::uint32_t>(std::lround(std::max(1.0, point.cycle))));
    if (row == nullptr || !row->is_complete || !(row->discharge_capacity > 0.0)) continue;
    found.push_back({"capacity", "mAh/g", &point, row->discharge_capacity / study.active_mass / mAh_per_g,
                     point.value / mAh_per_g});
  }
  for (const CyclePoint& point : points.retention) {
    const CycleRow* row = row_of(study, static_cast<std::uint32_t>(std::lround(std::max(1.0, point.cycle))));
    const std::optional<double> share = row == nullptr || !row->is_complete ? std::nullopt : kept(study, *row);
    if (share) found.push_back({"retention", "%", &point, 100.0 * *share, 100.0 * point.value});
  }
  if (found.empty()) return;
  report::Table table{"comparison_" + points.name,
                      "Against " + points.name + " cycles",
                      {{"quantity", "quantity"},
                       {"cycle", "cycle"},
                       {"measured", "measured"},
                       {"simulated", "simulated"},
                       {"deviation", "deviation"}},
                      {},
                      {}};
  for (const char* what : {"capacity", "retention"}) {
    double squares = 0.0;
    std::vector<const Compared*> own;
    for (const Compared& each : found) {
      if (std::string_view(each.what) != what) continue;
      squares += (each.simulated - each.measured) * (each.simulated - each.measured);
      own.push_back(&each);
    }
    if (own.empty()) continue;
    for (const std::size_t k : thinned(own.size(), shown_rows)) {
      const Compared& each = *own[k];
      Value measured = number(each.measured, each.unit);
      measured.kind = "measured";
      measured.source = each.point->hover;
      table.rows.push_back({each.what, base::format_number(each.point->cycle), measured,
                            number(each.simulated, each.unit), number(each.simulated - each.measured, each.unit, 3)});
    }
    if (own.size() < 2) continue;
    table.caption += std::string(table.caption.empty() ? "" : " ") + "Root mean square of " +
                     std::to_string(own.size()) + " deviations in " + what + ": " +
                     base::format_number(std::sqrt(squares / static_cast<double>(own.size())), 3) + " " +
                     own.front()->unit + ".";
  }
  section.blocks.emplace_back(std::move(table));
}

report::KeyValues facts(const CellCycleRequest& request, const CycleStudy& study) {
  report::KeyValues items{"cycling", {}};
  const auto add = [&](std::string name, report::Cell cell) {
    items.items.emplace_back(std::move(name), std::move(cell));
  };
  std::size_t complete = 0;
  double time = 0.0;
  for (const CycleRow& row : study.cycles) {
    complete += row.is_complete ? 1 : 0;
    time += row.duration;
  }
  add("cycles", std::to_string(complete) + " of " + std::to_string(request.protocol.visits.back().cycle));
  add("time in the cell", duration_value(time));
  if (study.resumed_at > 0) add("taken up", "in cycle " + std::to_string(study.resumed_at) + ", " + request.checkpoint);
  if (const CycleRow* first = row_of(study, study.reference); first != nullptr) {
    Value value = number(first->discharge_capacity / study.active_mass / mAh_per_g, "mAh/g");
    value.note = "cycle " + std::to_string(study.reference);
    add("discharge capacity", value);
  }
  const auto last = std::find_if(study.cycles.rbegin(), study.cycles.rend(),
                                 [](const CycleRow& row) { return row.is_complete && row.discharge_capacity > 0.0; });
  if (study.reference > 0 && last->cycle > study.reference) {
    Value value = number(kept(study, *last), 100.0, "%");
    value.note = "cycle " + std::to_string(last->cycle) + " of cycle " + std::to_string(study.reference);
    add("retention", value);
  }
  if (study.fade_per_cycle) {
    Value value = number(-100.0 * *study.fade_per_cycle, "%", 3);
    value.note = "slope by least squares over cycles " + std::to_string(study.fade_from) + " to " +
                 std::to_string(study.fade_to) + " at one current";
    add("fade per cycle", value);
    const CycleRow& from = *row_of(study, study.fade_from);
    const auto dead = std::ranges::find_if(study.cycles, [&](const CycleRow& row) {
      return row.cycle > from.cycle && row.is_complete && row.discharge_capacity > 0.0 &&
             row.discharge_capacity < end_of_life * from.discharge_capacity &&
             std::abs(row.largest_current / from.largest_current - 1.0) < 0.01;
    });
    if (dead != study.cycles.end())
      add("below 80 % of cycle " + std::to_string(study.fade_from),
          "from cycle " + std::to_string(dead->cycle) + " on");
  }
  if (study.reference > 0 && last->coulombic_efficiency) {
    Value value = number(100.0 * *last->coulombic_efficiency, "%", 5);
    value.note = "cycle " + std::to_string(last->cycle);
    add("Coulombic efficiency", value);
  }
  return items;
}

}  // namespace

std::vector<std::size_t> thinned(std::size_t rows, std::size_t most) {
  std::vector<std::size_t> kept;
  if (rows <= most || most < 2) {
    for (std::size_t k = 0; k < rows; ++k) kept.push_back(k);
    return kept;
  }
  for (std::size_t k = 0; k < most; ++k) {
    const double place = static_cast<double>(k) * static_cast<double>(rows - 1) / static_cast<double>(most - 1);
    kept.push_back(static_cast<std::size_t>(std::lround(place)));
  }
  return kept;
}

report::Report cycle_report(const CellCycleRequest& request, const CycleStudy& study, const CyclePoints& measured,
                            const CyclePoints& published) {
  report::Report report;
  report.task = "cell cycle";
  report.title = request.cell.description.name;
  report.subtitle = base::format_number(request.cell.description.value("temperature") - 273.15) + " °C, " +
                    std::to_string(request.protocol.visits.back().cycle) + " cycles";
  if (study.result.status == cell::RunStatus::stopped) {
    report.doubts.push_back("the run stopped in cycle " +
                            std::to_string(study.cycles.empty() ? 1 : study.cycles.back().cycle) + ": " +
                            study.result.reason + "; everything up to there is shown");
  }
  report::Section section{"cycles", "Cycles", {facts(request, study)}, false};
  if (study.fade) add_fade(study, section);
  add_comparison(study, measured, section);
  add_comparison(study, published, section);
  const std::size_t count = study.cycles.size();
  report::Table few = cycle_table(study, thinned(count, shown_rows), "cycles_shown", "Cycles");
  if (count > shown_rows)
    few.caption = std::to_string(shown_rows) + " of " + std::to_string(count) + " cycles; all of them in cycles.csv.";
  section.blocks.emplace_back(std::move(few));
  section.blocks.emplace_back(capacity_figure(study, measured, published));
  section.blocks.emplace_back(retention_figure(study, measured, published));
  section.blocks.emplace_back(efficiency_figure(study));
  if (!study.rows.time.empty()) section.blocks.emplace_back(curves_figure(study, request.protocol));
  section.blocks.emplace_back(losses_figure(study));
  std::erase_if(section.blocks, [](const report::Block& block) {
    const auto* figure = std::get_if<report::Figure>(&block);
    return figure != nullptr && std::ranges::all_of(figure->layers, [](const report::Layer& l) {
             return l.x.empty() && l.category.empty() && l.x_low.empty();
           });
  });
  report.sections.push_back(std::move(section));
  report.sections.push_back(
      {"all_cycles",
       "Every cycle",
       {cycle_table(study, thinned(count, count), "cycles", "Every cycle"),
        report::Paragraph{
            "Coulombic efficiency: discharge capacity / capacity of the charge before it, holds included. η: losses / "
            "charge of the discharge. Contact, isolated, interphase, resistances: at the end of the cycle."}},
       true});
  add_parameters(request.cell, report);
  if (!request.measured.empty()) report.provenance.emplace_back("measured", request.measured);
  if (!request.checkpoint.empty()) report.provenance.emplace_back("checkpoint", request.checkpoint);
  return report;
}

}  // namespace closo::tasks::detail
