#include "closo/tasks/detail/rate_report.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "closo/base/number.hpp"
#include "closo/cell/stack_of_cell.hpp"
#include "closo/tasks/cell_figures.hpp"
#include "closo/tasks/composite_access.hpp"
#include "closo/tasks/detail/cell_values.hpp"
#include "closo/tasks/detail/doubtful_quantities.hpp"

namespace closo::tasks::detail {
namespace {

using cell::RateLimit;
using cell::RatePoint;

constexpr std::size_t most_temperatures = 4, most_curves = 8;

/// Mass to which energy and power are related.
struct Basis {
  std::string name;                // "stack", "active material"
  std::vector<double> areal_mass;  // kg/m², one per cell
  std::string missing;             // why it is not the stack
};

Basis basis_of(const CellRateRequest& request) {
  Basis basis{"stack", {}, {}};
  for (const CellCase& each : request.cells) {
    const cell::CellStack stack = cell::stack_of_cell(each.description);
    basis.areal_mass.push_back(stack_size(stack).areal_mass.value_or(0.0));
    for (const cell::StackLayer& layer : stack.layers) {
      if (!layer.areal_mass && basis.missing.find(layer.name) == std::string::npos)
        basis.missing += (basis.missing.empty() ? "" : ", ") + layer.name;
    }
  }
  if (basis.missing.empty()) return basis;
  basis.name = "active material";
  for (std::size_t c = 0; c < request.cells.size(); ++c)
    basis.areal_mass[c] = cathode_geometry(request.cells[c].description).active_mass;
  return basis;
}

std::vector<double> active_masses(const CellRateRequest& request) {
  std::vector<double> masses;
  for (const CellCase& each : request.cells) masses.push_back(cathode_geometry(each.description).active_mass);
  return masses;
}

report::Table rate_table(const CellRateRequest& request, const CellRate& rate, const Basis& basis) {
  report::Table table{"rates",
                      "Rates and temperatures",
                      {{"discharge", "discharge"},
                       {"current_mA_per_cm2", "current (mA/cm²)"},
                       {"capacity_mAh_per_g", "capacity (mAh/g)"},
                       {"areal_capacity_mAh_per_cm2", "capacity (mAh/cm²)"},
                       {"utilisation_percent", "utilisation (%)"},
                       {"mean_voltage_V", "mean voltage (V)"},
                       {"energy_Wh_per_kg", "energy (Wh/kg)"},
                       {"power_W_per_kg", "power (W/kg)"},
                       {"loss_mV", "mean loss (mV)"},
                       {"largest_loss", "largest loss"},
                       {"limit", "what ends it"},
                       {"temperature_degC", "T (°C)"},
                       {"rate_per_h", "rate (1/h)"}},
                      {},
                      "Energy and average power per mass of " + basis.name +
                          (basis.name == "stack" ? " (anode, separator and cathode as built, no collectors or housing)"
                                                 : std::string()) +
                          ". Utilisation: of the capacity between stoichiometry 0 and 1. What ends it: the largest "
                          "overpotential at the last moment, unless 97 % of what the open-circuit curve holds down to "
                          "the cut-off was delivered."};
  const std::vector<double> masses = active_masses(request);
  const report::Cell none = std::string("–");
  for (std::size_t c = 0; c < request.cells.size(); ++c) {
    for (std::size_t r = 0; r < request.rates.size(); ++r) {
      const RatePoint& point = rate.points[c][r];
      const bool has = point.capacity > 0.0;
      report::Value temperature = simulated(request.cells[c].description.value("temperature"), "degC", 4, "setting");
      report::Value per_hour = simulated(point.per_hour / 3600.0, "1/h", 4, "setting");
      temperature.kind = per_hour.kind = "setting";
      table.rows.push_back(
          {request.rates[r].text + ", " + celsius_text(request.cells[c].description.value("temperature")),
           simulated(point.current, "mA/cm2", 3, "rate × rated capacity"),
           has ? simulated(point.capacity / masses[c], "mAh/g", 4, "∫ I dt / active mass") : none,
           has ? simulated(point.capacity, "mAh/cm2", 3, "∫ I dt / area") : none,
           has ? simulated(point.utilisation, "%", 3, "capacity / theoretical capacity") : none,
           point.mean_voltage ? simulated(*point.mean_voltage, "V", 4, "energy / capacity") : none,
           has ? simulated(point.energy / basis.areal_mass[c], "Wh/kg", 3, "∫ I V dt / mass of " + basis.name) : none,
           point.mean_power ? simulated(*point.mean_power / basis.areal_mass[c], "W/kg", 3, "energy / duration") : none,
           has ? simulated(point.losses.total() / point.capacity, "mV", 3, "energy lost / capacity") : none,
           has ? largest_loss_share(point.losses) : std::string("–"), std::string(to_string(point.limit)), temperature,
           per_hour});
    }
  }
  return table;
}

/// Capacities alone, rates down and temperatures across.
report::Table capacity_table(const CellRateRequest& request, const CellRate& rate) {
  report::Table table{"capacity", "Capacity (mAh/g)", {{"rate", "rate"}}, {}, {}};
  const std::vector<double> masses = active_masses(request);
  for (std::size_t c = 0; c < request.cells.size(); ++c) {
    const std::string where = celsius_text(request.cells[c].description.value("temperature"));
    table.columns.push_back({"mAh_per_g_" + std::to_string(c + 1), where + " (mAh/g)"});
  }
  for (std::size_t r = 0; r < request.rates.size(); ++r) {
    std::vector<report::Cell> row{request.rates[r].text};
    for (std::size_t c = 0; c < request.cells.size(); ++c)
      row.emplace_back(simulated(rate.points[c][r].capacity / masses[c], "mAh/g", 4, "∫ I dt / active mass"));
    table.rows.push_back(std::move(row));
  }
  return table;
}

/// "At 60 °C from 231 mAh/g at C/20 to 180 mAh/g at C/2; the discharge at C/2 ends by diffusion in the particles."
std::string summary(const CellRateRequest& request, const CellRate& rate, std::size_t c) {
  const std::vector<RatePoint>& points = rate.points[c];
  const auto order = std::ranges::minmax_element(points, {}, &RatePoint::per_hour);
  const RatePoint &slow = *order.min, &fast = *order.max;
  const double mass = cathode_geometry(request.cells[c].description).active_mass;
  const auto delivered = [&](const RatePoint& point) {
    return base::format_number(point.capacity / mass / 3600.0, 3) + " mAh/g at " + rate_text(point.per_hour);
  };
  std::string text = "At " + celsius_text(request.cells[c].description.value("temperature")) + " " +
                     (points.size() > 1 ? "from " + delivered(slow) + " to " + delivered(fast) : delivered(slow));
  if (fast.limit == RateLimit::capacity) {
    text += "; the active material is used up at " + rate_text(fast.per_hour);
  } else {
    text += "; " + rate_text(fast.per_hour) + " ends by " + std::string(to_string(fast.limit));
  }
  const std::string loss = largest_loss_text(fast.losses, fast.capacity);
  if (!loss.empty()) text += ", largest mean loss " + loss;
  return text + ".";
}

std::size_t warmest_of(const CellRateRequest& request) {
  const auto found = std::ranges::max_element(
      request.cells, {}, [](const CellCase& each) { return each.description.value("temperature"); });
  return static_cast<std::size_t>(found - request.cells.begin());
}

/// The fastest discharge that still delivers at least half of the best one: there quantities show without the capacity
/// being next to nothing. Null when nothing was delivered.
const RatePoint* telling(const std::vector<RatePoint>& points) {
  const double best = std::ranges::max(points, {}, &RatePoint::capacity).capacity;
  const RatePoint* found = nullptr;
  for (const RatePoint& point : points) {
    if (!(point.capacity > 0.0) || point.capacity < 0.5 * best) continue;
    if (found == nullptr || point.per_hour > found->per_hour) found = &point;
  }
  return found;
}

std::string figure_suffix(const CellRateRequest& request, std::size_t c) {
  return request.cells.size() == 1 ? std::string() : "_" + std::to_string(c + 1);
}

/// Temperatures that are drawn one by one: all, or some with the lowest and highest among them.
std::vector<std::size_t> drawn(const CellRateRequest& request) {
  const std::size_t n = request.cells.size();
  std::vector<std::size_t> all;
  if (n <= most_temperatures) {
    for (std::size_t c = 0; c < n; ++c) all.push_back(c);
    return all;
  }
  for (std::size_t i = 0; i < most_temperatures; ++i) all.push_back(i * (n - 1) / (most_temperatures - 1));
  return all;
}

void add_curves(const CellRateRequest& request, const CellRate& rate, report::Section& section) {
  const std::vector<double> masses = active_masses(request);
  for (const std::size_t c : drawn(request)) {
    std::vector<VoltageCurve> curves;
    const std::size_t n = request.rates.size();
    for (std::size_t k = 0; k < std::min(n, most_curves); ++k) {
      const std::size_t r = n <= most_curves ? k : k * (n - 1) / (most_curves - 1);
      VoltageCurve curve{request.rates[r].text, {}, rate.points[c][r].voltage, false, false};
      for (const double charge : rate.points[c][r].charge) curve.capacity.push_back(charge / masses[c]);
      curves.push_back(std::move(curve));
    }
    report::Figure figure =
        voltage_figure("discharges" + figure_suffix(request, c),
                       "Discharges at " + celsius_text(request.cells[c].description.value("temperature")), curves);
    if (!figure.layers.empty()) section.blocks.emplace_back(std::move(figure));
  }
}

void add_overview(const CellRateRequest& request, const CellRate& rate, const Basis& basis, report::Section& section) {
  const std::vector<double> masses = active_masses(request);
  std::vector<RateSeries> capacity;
  std::vector<RagoneSeries> ragone;
  for (std::size_t c = 0; c < request.cells.size(); ++c) {
    const std::string name = celsius_text(request.cells[c].description.value("temperature"));
    RateSeries series{name, {}, {}, false};
    RagoneSeries energy{name, {}, {}, {}};
    std::vector<RatePoint> points = rate.points[c];
    std::ranges::stable_sort(points, {}, &RatePoint::per_hour);
    for (const RatePoint& point : points) {
      series.per_hour.push_back(point.per_hour);
      series.value.push_back(point.capacity / masses[c] / 3600.0);
      if (!point.mean_power) continue;
      energy.energy.push_back(point.energy / basis.areal_mass[c]);
      energy.power.push_back(*point.mean_power / basis.areal_mass[c]);
      energy.label.push_back(rate_text(point.per_hour));
    }
    capacity.push_back(std::move(series));
    ragone.push_back(std::move(energy));
  }
  if (request.rates.size() < 2) return;
  section.blocks.emplace_back(
      rate_figure("capacity_over_rate", "Capacity over the rate", "capacity (mAh/g)", capacity));
  report::Figure figure = ragone_figure(
      "ragone", "Energy and power", basis.name, ragone,
      basis.missing.empty() ? "Anode, separator and cathode as built, without collectors and housing."
                            : "Per mass of active material: not known is the mass of " + basis.missing + ".");
  if (!figure.layers.empty()) section.blocks.emplace_back(std::move(figure));
}

report::Section loss_section(const CellRateRequest& request, const CellRate& rate, bool is_warmest) {
  const std::size_t warmest = warmest_of(request);
  report::Section section = is_warmest ? report::Section{"losses", "Losses", {}, false}
                                       : report::Section{"other_losses", "Losses at other temperatures", {}, true};
  for (const std::size_t c : is_warmest ? std::vector<std::size_t>{warmest} : drawn(request)) {
    if (!is_warmest && c == warmest) continue;
    const std::string where = celsius_text(request.cells[c].description.value("temperature"));
    std::vector<LossColumn> columns;
    std::vector<std::string> keys, names;
    std::vector<double> charges;
    std::vector<cell::LossBudget> losses;
    for (std::size_t r = 0; r < request.rates.size(); ++r) {
      const RatePoint& point = rate.points[c][r];
      if (!(point.capacity > 0.0)) continue;
      columns.push_back({request.rates[r].text, point.capacity, point.losses});
      keys.push_back("rate_" + std::to_string(r + 1));
      names.push_back(request.rates[r].text);
      charges.push_back(point.capacity);
      losses.push_back(point.losses);
    }
    if (columns.empty()) continue;
    section.blocks.emplace_back(loss_table("losses" + figure_suffix(request, c), "Where the voltage goes at " + where,
                                           keys, names, charges, losses));
    section.blocks.emplace_back(
        loss_bars_figure("losses_by_rate" + figure_suffix(request, c), "Losses at " + where, columns));
  }
  return section;
}

void add_method(const CellRateRequest& request, report::Report& report) {
  std::string text = "Each discharge ends at " + base::format_number(request.cells.front().lower_cutoff) + " V. ";
  if (request.start == cell::RateStart::recharged) {
    text += "One cell ran through all rates in their order, charged at " +
            (request.recharge ? request.recharge->text : std::string("the slowest of them")) + " to " +
            base::format_number(request.cells.front().upper_cutoff) + " V after each.";
  } else {
    text += "Every discharge began with the same charged cell.";
  }
  if (!cell::is_built_charged(build(request.cells.front().description), request.cells.front().lower_cutoff,
                              request.cells.front().upper_cutoff))
    text += " As built the cell is discharged, so it was charged first.";
  report.sections.push_back({"method", "How the rates were run", {report::Paragraph{text}}, true});
}

}  // namespace

report::Report rate_report(const CellRateRequest& request, const CellRate& rate, const Context& context) {
  report::Report report;
  report.task = "cell rate";
  report.title = request.cells.front().description.name;
  const std::size_t temperatures = request.cells.size(), rates = request.rates.size();
  report.subtitle = std::to_string(rates) + (rates == 1 ? " rate, " : " rates, ") + std::to_string(temperatures) +
                    (temperatures == 1 ? " temperature" : " temperatures");
  const Basis basis = basis_of(request);
  report::Section section{"rates", "Rate capability", {}, false};
  std::string sentences;
  for (std::size_t c = 0; c < temperatures; ++c) {
    sentences += (sentences.empty() ? "" : " ") + summary(request, rate, c);
    for (std::size_t r = 0; r < rates; ++r) {
      const RatePoint& point = rate.points[c][r];
      if (point.status != cell::RunStatus::complete)
        report.warnings.push_back(request.rates[r].text + " at " +
                                  celsius_text(request.cells[c].description.value("temperature")) +
                                  " stopped: " + point.reason);
    }
  }
  if (temperatures <= most_temperatures) section.blocks.emplace_back(report::Paragraph{sentences});
  if (temperatures > 1) section.blocks.emplace_back(capacity_table(request, rate));
  section.blocks.emplace_back(rate_table(request, rate, basis));
  add_curves(request, rate, section);
  add_overview(request, rate, basis, section);
  report.sections.push_back(std::move(section));
  if (!basis.missing.empty())
    report.warnings.push_back("energy and power count the active material only: not known is the mass of " +
                              basis.missing);
  for (const bool is_warmest : {true, false}) {
    report::Section losses = loss_section(request, rate, is_warmest);
    if (!losses.blocks.empty()) report.sections.push_back(std::move(losses));
  }
  add_method(request, report);

  const CellCase& warmest = request.cells[warmest_of(request)];
  if (const RatePoint* point = telling(rate.points[warmest_of(request)]))
    add_doubtful_effects(
        doubtful_effects(warmest.description, {point->per_hour, warmest.lower_cutoff, warmest.upper_cutoff}, context),
        "at " + rate_text(point->per_hour) + " and " + celsius_text(warmest.description.value("temperature")), report);
  add_parameters(warmest, report);
  return report;
}

}  // namespace closo::tasks::detail
