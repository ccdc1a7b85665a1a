#include "closo/tasks/detail/doubtful_quantities.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/base/parallel.hpp"
#include "closo/base/unit.hpp"
#include "closo/cell/capability.hpp"

namespace closo::tasks::detail {
namespace {

constexpr double factor = 2.0;             // of quantities that vary over decades
constexpr double part = 0.1;               // of the others
constexpr double capacity_matters = 0.01;  // relative
constexpr double voltage_matters = 0.010;  // V
constexpr std::size_t most_named = 3;

cell::RatePoint discharge_of(const cell::CellDescription& description, const DoubtfulDischarge& discharge,
                             std::optional<double> rated) {
  cell::CellParameters parameters = cell::build(description);
  // The same current for every variant, whatever its own capacity is.
  if (rated) parameters.nominal_capacity = rated;
  cell::RateCapabilityOptions options;
  options.per_hour = {discharge.per_hour};
  options.lower_cutoff = discharge.lower_cutoff;
  options.upper_cutoff = discharge.upper_cutoff;
  return cell::rate_capability(std::vector<cell::CellParameters>{std::move(parameters)}, options).front();
}

std::pair<double, double> range_of(const cell::DescribedValue& given, const cell::DescribedQuantity& row) {
  const base::Unit unit = base::Unit::parse(row.unit);
  const double spread = std::abs(given.value) * part;
  double low = given.low.value_or(row.is_logarithmic ? given.value / factor : given.value - spread);
  double high = given.high.value_or(row.is_logarithmic ? given.value * factor : given.value + spread);
  const double least = unit.to_si(row.low), most = unit.to_si(row.high);
  // An end that is itself not possible (a fraction of 0, a cell that starts full) is kept off by a thousandth.
  const double margin = 1e-3 * std::abs(given.value);
  low = std::max(low, row.is_low_possible ? least : least + std::min(margin, 0.5 * (given.value - least)));
  high = std::min(high, most);
  return {low, high};
}

std::string signed_percent(double share) {
  const double percent = 100.0 * share;
  if (std::abs(percent) < 0.05) return "0";
  return (percent > 0.0 ? "+" : "−") + base::format_number(std::abs(percent), 2);
}

report::Cell change(const std::optional<double>& value, double scale, std::string_view unit) {
  if (!value) return std::string("–");
  report::Value shown;
  shown.value = *value * scale;
  // Below what the model's own tolerance resolves.
  if (std::abs(*shown.value) < 0.01) shown.value = 0.0;
  shown.unit = unit;
  shown.kind = "computed";
  shown.source = "discharge with this value, all others as described";
  shown.significant = 2;
  return shown;
}

report::Cell setting(double value, const base::Unit& unit, std::string_view kind) {
  report::Value shown;
  shown.value = unit.from_si(value);
  shown.unit = base::display(unit);
  shown.kind = kind;
  shown.significant = 3;
  return shown;
}

}  // namespace

double DoubtfulEffect::largest_capacity() const noexcept {
  return std::max(std::abs(low.capacity.value_or(0.0)), std::abs(high.capacity.value_or(0.0)));
}

double DoubtfulEffect::largest_voltage() const noexcept {
  return std::max(std::abs(low.voltage.value_or(0.0)), std::abs(high.voltage.value_or(0.0)));
}

std::vector<DoubtfulEffect> doubtful_effects(const cell::CellDescription& description,
                                             const DoubtfulDischarge& discharge, const Context& context) {
  std::vector<DoubtfulEffect> effects;
  for (const std::string_view name : description.doubtful()) {
    const cell::DescribedValue& given = *description.find(name);
    const std::pair<double, double> range = range_of(given, cell::described_quantity(name));
    DoubtfulEffect effect;
    effect.quantity = name;
    effect.mark = given.mark;
    effect.value = given.value;
    effect.low.value = range.first;
    effect.high.value = range.second;
    effects.push_back(std::move(effect));
  }
  if (effects.empty()) return effects;
  const double rated = cell::rated_capacity(cell::build(description));
  const cell::RatePoint own = discharge_of(description, discharge, rated);
  base::parallel_for(2 * effects.size(), context.threads, [&](std::size_t i) {
    DoubtfulEffect& effect = effects[i / 2];
    DoubtfulChange& end = i % 2 == 0 ? effect.low : effect.high;
    if (!(own.capacity > 0.0) || end.value == effect.value) return;
    try {
      cell::CellDescription other = description;
      other.set_value(effect.quantity, end.value);
      const cell::RatePoint point = discharge_of(other, discharge, rated);
      if (point.status != cell::RunStatus::complete) return;
      end.capacity = point.capacity / own.capacity - 1.0;
      if (point.mean_voltage && own.mean_voltage) end.voltage = *point.mean_voltage - *own.mean_voltage;
    } catch (const base::ParameterError&) {
      // No such cell: fractions that no longer add up, say.
    }
  });
  std::ranges::stable_sort(effects, [](const DoubtfulEffect& a, const DoubtfulEffect& b) {
    return a.largest_capacity() > b.largest_capacity();
  });
  return effects;
}

void add_doubtful_effects(const std::vector<DoubtfulEffect>& effects, const std::string& which,
                          report::Report& report) {
  if (effects.empty()) return;
  std::string list;
  std::size_t named = 0;
  for (const DoubtfulEffect& effect : effects) {
    if (effect.largest_capacity() < capacity_matters && effect.largest_voltage() < voltage_matters) continue;
    if (++named > most_named) continue;
    list += (list.empty() ? "" : ", ") + effect.quantity;
    if (effect.largest_capacity() >= capacity_matters) {
      const double low = effect.low.capacity.value_or(0.0), high = effect.high.capacity.value_or(0.0);
      list += " (capacity " + signed_percent(std::abs(low) > std::abs(high) ? low : high) + " %)";
    } else {
      list += " (mean voltage " + base::format_number(1e3 * effect.largest_voltage(), 2) + " mV)";
    }
  }
  const std::string count = std::to_string(effects.size());
  std::string sentence;
  if (named == 0) {
    sentence = "None of the " + count + " quantities that are only estimated or guessed changes the capacity " + which +
               " by 1 % or the mean voltage by 10 mV within its range.";
  } else {
    sentence = std::to_string(named) + " of the " + count + " quantities that are only estimated or guessed matter " +
               which + ", by the largest change within their range: " + list +
               (named > most_named ? " and " + std::to_string(named - most_named) + " more" : std::string()) + ".";
    report.doubts.push_back(sentence);
  }
  report::Section section{"doubtful", "What the estimated quantities do", {report::Paragraph{sentence}}, true};
  report::Table table{"doubtful",
                      "One at a time over its range",
                      {{"quantity", "quantity"},
                       {"value", "value"},
                       {"mark", "mark"},
                       {"low", "low"},
                       {"capacity_at_low_percent", "capacity (%)"},
                       {"voltage_at_low_mV", "voltage (mV)"},
                       {"high", "high"},
                       {"capacity_at_high_percent", "capacity (%)"},
                       {"voltage_at_high_mV", "voltage (mV)"}},
                      {},
                      "Change of the discharge " + which +
                          ". Range: as described, else a factor of two (quantities that vary over decades) or a tenth. "
                          "–: no such cell."};
  for (const DoubtfulEffect& effect : effects) {
    const base::Unit unit = base::Unit::parse(cell::described_quantity(effect.quantity).unit);
    const std::string mark(cell::to_string(effect.mark));
    table.rows.push_back({effect.quantity, setting(effect.value, unit, mark), mark, setting(effect.low.value, unit, ""),
                          change(effect.low.capacity, 100.0, "%"), change(effect.low.voltage, 1e3, "mV"),
                          setting(effect.high.value, unit, ""), change(effect.high.capacity, 100.0, "%"),
                          change(effect.high.voltage, 1e3, "mV")});
  }
  section.blocks.emplace_back(std::move(table));
  report.sections.push_back(std::move(section));
}

}  // namespace closo::tasks::detail
