#include "closo/tasks/detail/cell_design_report.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/base/quantity.hpp"
#include "closo/base/unit.hpp"
#include "closo/tasks/cell_figures.hpp"
#include "closo/tasks/detail/cell_settings.hpp"
#include "closo/tasks/detail/cell_sweep_figures.hpp"
#include "closo/tasks/detail/measured_value.hpp"

namespace closo::tasks::detail {
namespace {

constexpr std::array<std::string_view, 7> ragone_rates{"C/20", "C/10", "C/5", "C/2", "1C", "2C", "5C"};
constexpr std::size_t curve_points = 33, limit_rows = 7, front_points = 9, loading_points = 33;
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr double copper = 4e-6, aluminium = 6e-6;  // m, half of foils of 8 and 12 µm that carry cells on both sides

const cell::OutcomeQuantity& outcome(std::string_view name) { return cell::outcome_quantity(name); }

std::string words_of(std::string_view quantity, double value) {
  return report::to_text(quantity_value(quantity, value, 3));
}

std::string targets_text(const CellDesignRequest& request) {
  std::string text;
  for (const cell::DesignTarget& target : request.targets) text += (text.empty() ? "" : " and ") + target_text(target);
  return text;
}

std::string range_text(const cell::SweepRange& range) {
  return words_of(range.quantity, range.low) + " to " + words_of(range.quantity, range.high);
}

cell::SweepOptions options_of(const CellDesignRequest& request, const Context& context, std::string_view rate,
                              const cell::StackChoice& stack) {
  cell::SweepOptions options;
  options.protocol =
      cell::discharge_protocol(request.cell.description, rate, request.cell.lower_cutoff, request.cell.upper_cutoff);
  options.simulation = request.cell.mesh;
  options.stack = stack;
  options.threads = context.threads;
  options.progress = context.progress;
  return options;
}

/// A cell and what surrounds it.
struct Variant {
  std::string name;
  cell::CellDescription description;
  cell::StackChoice stack;
  cell::CellOutcome outcome;
};

Variant variant(std::string name, const cell::CellDescription& description, const cell::StackChoice& stack,
                const CellDesignRequest& request, const Context& context) {
  const cell::SweepOptions options = options_of(request, context, request.rate, stack);
  return {std::move(name), description, stack,
          cell::evaluate(description, options.protocol, options.simulation, stack)};
}

/// Laboratory cell, design, practical stack, practical stack with the loading that gives most energy.
std::vector<Variant> variants_of(const CellDesignRequest& request, const CellDesign& design, const Context& context) {
  std::vector<Variant> variants;
  const cell::CellDescription& described = request.cell.description;
  variants.push_back(variant("as described", described, request.stack, request, context));
  if (!request.free.empty()) variants.push_back(variant("design", design.description, request.stack, request, context));
  cell::StackChoice around = request.stack;
  around.capacity_ratio = request.practical_ratio;
  if (around.collectors.empty()) around.collectors = {cell::collector("Cu", copper), cell::collector("Al", aluminium)};
  try {
    std::vector<std::string> names;
    std::vector<double> values;
    for (const auto& [name, value] : request.practical) {
      names.push_back(name);
      const bool is_thinner = name == "separator.thickness" && design.description.value(name) < value;
      values.push_back(is_thinner ? design.description.value(name) : value);
    }
    const cell::CellDescription practical = cell::with_settings(design.description, names, values);
    variants.push_back(variant("practical stack", practical, around, request, context));
    const double loading = practical.value("cathode.loading");
    const cell::SweepAxis axis{
        "cathode.loading",
        cell::spaced_values({"cathode.loading", 0.3 * loading, 30.0 * loading, true}, loading_points)};
    const cell::SweepPlan plan = cell::grid_plan(std::span(&axis, 1));
    const std::vector<cell::CellOutcome> runs =
        cell::sweep(practical, plan, options_of(request, context, request.rate, around));
    std::size_t best = runs.size();
    double most = 0.0;
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const double energy = outcome("specific energy with collectors").value(runs[i]).value_or(0.0);
      if (runs[i].status != cell::OutcomeStatus::complete || !(energy > most)) continue;
      most = energy;
      best = i;
    }
    if (best < runs.size()) {
      variants.push_back({"practical, best loading",
                          cell::with_settings(practical, plan.quantities, plan.settings[best]), around, runs[best]});
    }
  } catch (const base::ParameterError&) {
    // An ion whose metal is not known: no practical stack.
  }
  return variants;
}

/// One column per stack.
report::Table energy_table(const CellDesignRequest& request, const std::vector<Variant>& variants) {
  report::Table table{
      "stacks", "Laboratory cell and practical stack at " + request.rate, {{"of", "of the stack"}}, {}, {}};
  std::vector<cell::CellStack> stacks;
  for (std::size_t i = 0; i < variants.size(); ++i) {
    table.columns.push_back({"stack_" + std::to_string(i + 1), variants[i].name});
    stacks.push_back(cell::stack_of_cell(variants[i].description, variants[i].stack));
  }
  const auto add = [&](const std::string& name, const auto& cell_of) {
    std::vector<report::Cell> row{name};
    for (std::size_t i = 0; i < variants.size(); ++i) row.emplace_back(cell_of(i));
    table.rows.push_back(std::move(row));
  };
  for (const auto& [name, layer] : {std::pair{"anode", 0U}, std::pair{"separator", 1U}, std::pair{"cathode", 2U}}) {
    add(name, [&, place = layer](std::size_t i) {
      report::Value value =
          value_in(stacks[i].layers[place].thickness, "um", "computed", "layers of the stack", "not given");
      value.significant = 3;
      return value;
    });
  }
  add("cathode loading", [&](std::size_t i) {
    return quantity_value("cathode.loading", variants[i].description.value("cathode.loading"), 3);
  });
  for (const std::string_view name :
       {"areal capacity", "specific capacity", "mean voltage", "specific energy", "energy density",
        "specific energy with collectors", "energy density with collectors", "specific power", "total loss"})
    add(std::string(name), [&](std::size_t i) {
      report::Value value = outcome_value(outcome(name), variants[i].outcome, 3);
      if (!value.value) value.note = name.ends_with("collectors") ? "no collectors are given" : "data are missing";
      return value;
    });
  add("largest loss", [&](std::size_t i) {
    const cell::OutcomeQuantity* largest = cell::largest_loss(variants[i].outcome);
    return largest == nullptr ? std::string() : std::string(largest->name);
  });
  std::string settings;
  const auto practical =
      std::ranges::find_if(variants, [](const Variant& each) { return each.name == "practical stack"; });
  for (const auto& [name, value] : request.practical) {
    const double taken = practical == variants.end() ? value : practical->description.value_or(name, value);
    settings += ", " + plain_name(name) + " " + words_of(name, taken);
  }
  table.caption = "Practical: N/P " + base::format_number(request.practical_ratio, 3) + settings + ", " +
                  (request.stack.collectors.empty() ? "half of Cu 8 µm and Al 12 µm, which carry cells on both sides"
                                                    : "collectors as given") +
                  "; simulated anew. No housing, no tabs.";
  return table;
}

report::Table layers_table(const CellDesignRequest& request, const CellDesign& design) {
  report::Table table{"layers",
                      "Layers of the design",
                      {{"layer", "layer"},
                       {"thickness_um", "thickness (µm)"},
                       {"areal_mass_mg_per_cm2", "mass (mg/cm²)"},
                       {"mass_percent", "share of the mass (%)"}},
                      {},
                      {}};
  const cell::CellStack stack = cell::stack_of_cell(design.description, request.stack);
  const cell::StackSize size = cell::stack_size(stack);
  const std::optional<double> all = size.areal_mass_with_collectors ? size.areal_mass_with_collectors : size.areal_mass;
  for (const cell::StackLayer& layer : stack.layers) {
    report::Value share{.unit = "%", .kind = "computed", .source = "mass / sum", .significant = 3};
    if (all && layer.areal_mass) share.value = 100.0 * layer.areal_mass->value / *all;
    table.rows.push_back({layer.name, value_in(layer.thickness, "um", "computed", "description", "not given"),
                          value_in(layer.areal_mass, "mg/cm2", "computed", "description", "not given"), share});
  }
  return table;
}

report::KeyValues facts_of(const CellDesignRequest& request, const CellDesign& design) {
  report::KeyValues facts{"design", {}};
  const cell::CellDescription& description = design.description;
  facts.items.emplace_back("targets", std::string(to_string(design.status)));
  facts.items.emplace_back("temperature", quantity_value("temperature", description.value("temperature")));
  for (std::size_t i = 0; i < request.free.size(); ++i) {
    report::Value value = quantity_value(request.free[i].quantity, design.chosen[i]);
    value.kind = "computed";
    value.source = "search within " + range_text(request.free[i]);
    facts.items.emplace_back(plain_name(request.free[i].quantity), std::move(value));
  }
  for (const std::string_view name :
       {"specific capacity", "areal capacity", "utilisation", "mean voltage", "specific energy", "energy density",
        "specific power", "ohmic loss", "total loss"})
    facts.items.emplace_back(std::string(name), outcome_value(outcome(name), design.outcome));
  if (const cell::OutcomeQuantity* largest = cell::largest_loss(design.outcome))
    facts.items.emplace_back("largest: " + std::string(largest->name), outcome_value(*largest, design.outcome, 3));
  const cell::CellStack stack = cell::stack_of_cell(description, request.stack);
  if (const std::optional<double> needed = cell::metal_for(description.ion, design.outcome.charge)) {
    facts.items.emplace_back(description.ion + " that moves",
                             value_in(base::Measured{*needed, {}}, "um", "computed", "Q M / (z F ρ)"));
    const std::optional<base::Measured>& anode = stack.layers.front().thickness;
    if (anode && (description.anode == description.ion || request.stack.capacity_ratio)) {
      const double whole = *cell::metal_for(description.ion, stack.areal_capacity);
      facts.items.emplace_back("N/P", report::Value{.value = anode->value / whole,
                                                    .kind = "computed",
                                                    .source = "anode / metal that the cathode can take",
                                                    .significant = 3});
    }
  }
  return facts;
}

void add_curves(const CellDesignRequest& request, const Context& context, report::Section& section) {
  const cell::SweepRange& range = request.free.front();
  const cell::SweepAxis axis{range.quantity, cell::spaced_values(range, curve_points)};
  const cell::SweepPlan plan = cell::grid_plan(std::span(&axis, 1));
  const std::vector<cell::CellOutcome> runs =
      cell::sweep(request.cell.description, plan, options_of(request, context, request.rate, request.stack));
  for (std::size_t t = 0; t < request.targets.size(); ++t) {
    const cell::DesignTarget& target = request.targets[t];
    SweepCurve curve{request.rate, axis.values, {}, {}};
    for (const cell::CellOutcome& run : runs) {
      const bool is_whole = run.status == cell::OutcomeStatus::complete;
      curve.y.push_back(is_whole ? shown_outcome(*target.quantity, run).value_or(nothing) : nothing);
      curve.remarks.push_back(is_whole ? "" : run.reason);
    }
    section.blocks.emplace_back(sweep_curves(
        "target_" + std::to_string(t + 1), range.quantity, range.is_logarithmic, *target.quantity, {curve},
        base::Unit::parse(target.quantity->unit).from_si(target.value), "Dashed: " + target_text(target) + "."));
  }
}

/// For some values of the first free quantity, where the second one meets the targets.
report::Table limits_table(const CellDesignRequest& request, const Context& context) {
  const cell::SweepRange &first = request.free[0], &second = request.free[1];
  const cell::SweepOptions options = options_of(request, context, request.rate, request.stack);
  report::Table table{"limits",
                      "What meets " + targets_text(request),
                      {{"first", quantity_title(first.quantity)},
                       {"second_from", plain_name(second.quantity) + " from"},
                       {"second_to", "to"}},
                      {},
                      "Ends of the range that was searched in brackets."};
  const std::vector<std::string> names{first.quantity, second.quantity};
  for (const double place : cell::spaced_values(first, limit_rows)) {
    const cell::DesignLimit limit = cell::find_limits(second, [&](std::span<const double> values) {
      cell::SweepPlan plan{names, {}};
      for (const double value : values) plan.settings.push_back({place, value});
      std::vector<double> margins;
      for (const cell::CellOutcome& run : cell::sweep(request.cell.description, plan, options))
        margins.push_back(cell::margin(request.targets, run));
      return margins;
    });
    report::Value at = quantity_value(first.quantity, place, 3);
    at.kind = "setting";
    if (limit.intervals.empty()) {
      table.rows.push_back({at, std::string("not met"), std::string()});
      continue;
    }
    const auto end = [&](double value, bool is_bound) {
      const std::string text = words_of(second.quantity, value);
      return is_bound ? "(" + text + ")" : text;
    };
    for (const cell::MetInterval& each : limit.intervals)
      table.rows.push_back({at, end(each.low, each.is_low_bound), end(each.high, each.is_high_bound)});
  }
  return table;
}

void add_maps(const CellDesignRequest& request, const CellDesign& design, report::Section& section) {
  SweepMap map;
  map.x_quantity = request.free[0].quantity;
  map.y_quantity = request.free[1].quantity;
  map.is_x_logarithmic = request.free[0].is_logarithmic;
  map.is_y_logarithmic = request.free[1].is_logarithmic;
  for (const std::vector<double>& setting : design.map.settings) {
    if (setting[1] == design.map.settings.front()[1]) map.x.push_back(setting[0]);
    if (setting[0] == design.map.settings.front()[0]) map.y.push_back(setting[1]);
  }
  for (std::size_t t = 0; t < request.targets.size(); ++t) {
    const cell::DesignTarget& target = request.targets[t];
    map.value.clear();
    for (const cell::CellOutcome& run : design.map_outcomes) {
      map.value.push_back(run.status == cell::OutcomeStatus::complete
                              ? shown_outcome(*target.quantity, run).value_or(nothing)
                              : nothing);
    }
    section.blocks.emplace_back(
        sweep_map("map_" + std::to_string(t + 1), std::string(target.quantity->name) + " at " + request.rate, map,
                  *target.quantity, base::Unit::parse(target.quantity->unit).from_si(target.value),
                  {{design.chosen[0], design.chosen[1]}}, "Line of the target: " + target_text(target) + "."));
  }
}

/// Energy against power over the two free quantities and the rates: what no other combination beats.
void add_front(const CellDesignRequest& request, const Context& context, report::Section& section) {
  std::vector<cell::SweepAxis> axes;
  for (const cell::SweepRange& range : request.free)
    axes.push_back({range.quantity, cell::spaced_values(range, front_points)});
  const cell::SweepPlan plan = cell::grid_plan(axes);
  std::vector<double> energy, power;
  std::vector<std::string> words;
  report::Figure figure;
  figure.id = "pareto";
  figure.title = "Energy against power: what no other combination beats";
  figure.x = {"energy (Wh/kg of anode, separator, cathode)", report::Scale::linear, {}, {}, false};
  figure.y = {"average power (W/kg)", report::Scale::log10, {}, {}, false};
  for (const std::string_view rate : ragone_rates) {
    report::Layer points;
    points.mark = report::Mark::points;
    points.series = std::string(rate);
    points.hollow = true;
    const std::vector<cell::CellOutcome> runs =
        cell::sweep(request.cell.description, plan, options_of(request, context, rate, request.stack));
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const std::optional<double> e = shown_outcome(outcome("specific energy"), runs[i]),
                                  p = shown_outcome(outcome("specific power"), runs[i]);
      if (!e || !p || !(*p > 0.0) || runs[i].status != cell::OutcomeStatus::complete) continue;
      energy.push_back(*e);
      power.push_back(*p);
      words.push_back(std::string(rate) + ", " + plain_name(plan.quantities[0]) + " " +
                      words_of(plan.quantities[0], plan.settings[i][0]) + ", " + plain_name(plan.quantities[1]) + " " +
                      words_of(plan.quantities[1], plan.settings[i][1]));
      points.x.push_back(*e);
      points.y.push_back(*p);
      points.hover.push_back(words.back() + "\n" + base::format_number(*e, 3) + " Wh/kg, " +
                             base::format_number(*p, 3) + " W/kg");
    }
    if (!points.x.empty()) figure.layers.push_back(std::move(points));
  }
  const std::vector<std::size_t> front = cell::pareto_front(energy, power);
  if (front.size() < 2) return;
  report::Layer line;
  line.mark = report::Mark::line;
  report::Table table{"front", "Pareto front", {{"energy", "energy"}, {"power", "power"}, {"at", "at"}}, {}, {}};
  for (const std::size_t i : front) {
    line.x.push_back(energy[i]);
    line.y.push_back(power[i]);
    table.rows.push_back({report::Value{.value = energy[i], .unit = "Wh/kg", .kind = "computed", .significant = 3},
                          report::Value{.value = power[i], .unit = "W/kg", .kind = "computed", .significant = 3},
                          words[i]});
  }
  figure.layers.insert(figure.layers.begin(), std::move(line));
  section.blocks.emplace_back(std::move(figure));
  section.blocks.emplace_back(std::move(table));
}

void add_ragone(const CellDesignRequest& request, const std::vector<Variant>& variants, const Context& context,
                report::Section& section) {
  std::vector<RagoneSeries> series;
  for (const Variant& each : variants) {
    RagoneSeries points;
    points.name = each.name;
    for (const std::string_view rate : ragone_rates) {
      const cell::SweepOptions options = options_of(request, context, rate, each.stack);
      const cell::CellOutcome run = cell::evaluate(each.description, options.protocol, options.simulation, each.stack);
      const std::optional<double> energy = outcome("specific energy").value(run),
                                  power = outcome("specific power").value(run);
      if (!energy || !power || run.status != cell::OutcomeStatus::complete || !(*energy > 0.0)) continue;
      points.energy.push_back(*energy);
      points.power.push_back(*power);
      points.label.emplace_back(rate);
    }
    if (!points.energy.empty()) series.push_back(std::move(points));
  }
  if (!series.empty())
    section.blocks.emplace_back(
        ragone_figure("ragone", "Energy against power, without collectors", "anode, separator, cathode", series));
}

}  // namespace

std::string design_sentence(const CellDesignRequest& request, const CellDesign& design) {
  const std::string targets = targets_text(request);
  std::string text = "At " + request.rate + " and " + words_of("temperature", design.description.value("temperature")) +
                     ", " + targets + " ";
  const bool is_met = design.margin > -1e-4;
  const std::string be = request.targets.size() > 1 ? "are" : "is";
  if (request.free.empty()) return text + be + (is_met ? " met" : " not met");
  std::string free;
  for (const cell::SweepRange& range : request.free)
    free += (free.empty() ? "" : " and ") + plain_name(range.quantity) + " from " + range_text(range);
  std::string at;
  for (std::size_t i = 0; i < request.free.size(); ++i) {
    at += (i == 0 ? "" : ", ") + plain_name(request.free[i].quantity) + " " +
          words_of(request.free[i].quantity, design.chosen[i]);
  }
  if (design.status == DesignStatus::not_met) {
    const cell::OutcomeQuantity& first = *request.targets.front().quantity;
    const cell::OutcomeQuantity* largest = cell::largest_loss(design.outcome);
    text += "cannot be met with " + free + "; closest: " + report::to_text(outcome_value(first, design.outcome)) +
            " at " + at;
    if (largest != nullptr) text += "; largest loss there: " + std::string(largest->name);
    return text;
  }
  if (design.status == DesignStatus::met) return text + be + " met throughout " + free;
  if (request.free.size() == 2) return text + be + " met in a part of " + free + ", best at " + at;
  const std::string& quantity = request.free.front().quantity;
  std::string parts;
  for (const cell::MetInterval& each : design.limit->intervals) {
    parts += parts.empty() ? "" : " or ";
    if (each.is_low_bound) {
      parts += "of at most " + words_of(quantity, each.high);
    } else if (each.is_high_bound) {
      parts += "of at least " + words_of(quantity, each.low);
    } else {
      parts += "between " + words_of(quantity, each.low) + " and " + words_of(quantity, each.high);
    }
  }
  return text + (request.targets.size() > 1 ? "need a " : "needs a ") + plain_name(quantity) + " " + parts;
}

void add_design_sections(const CellDesignRequest& request, const CellDesign& design, const Context& context,
                         report::Report& report) {
  std::vector<std::string> names;
  for (const cell::SweepRange& range : request.free) names.push_back(range.quantity);
  for (std::string& note : variation_notes(request.cell.description, names)) report.warnings.push_back(std::move(note));
  report::Section answer{"answer", "Answer", {}, false};
  answer.blocks.emplace_back(report::Paragraph{design_sentence(request, design) + "."});
  answer.blocks.emplace_back(facts_of(request, design));
  if (request.free.size() == 1) add_curves(request, context, answer);
  if (request.free.size() == 2) {
    answer.blocks.emplace_back(limits_table(request, context));
    add_maps(request, design, answer);
  }
  report.sections.push_back(std::move(answer));

  report::Section energy{"energy", "Energy of the stack", {}, false};
  const std::vector<Variant> variants = variants_of(request, design, context);
  energy.blocks.emplace_back(energy_table(request, variants));
  energy.blocks.emplace_back(layers_table(request, design));
  add_ragone(request, variants, context, energy);
  if (request.free.size() == 2) add_front(request, context, energy);
  report.sections.push_back(std::move(energy));
  add_design_doubts(request, design, report);

  report::Section method{"method", "Method", {}, true};
  method.blocks.emplace_back(report::Paragraph{
      "Every trial is one discharge of the single-ion porous-electrode model. One free quantity: even points over the "
      "range, then each change between met and not met by bracketing to 1e-5 of the range; without one, the closest "
      "point "
      "by golden sections. Two: a grid of 17 × 17, then shrinking steps towards the largest margin. The margin is the "
      "relative distance from the target, the smallest counts. Change in % for 1 %: from the margin's slopes by both "
      "quantities (implicit function), or from differences of the outcome."});
  report.sections.push_back(std::move(method));
}

}  // namespace closo::tasks::detail
