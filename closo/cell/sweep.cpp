#include "closo/cell/sweep.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <numeric>
#include <random>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/base/parallel.hpp"

namespace closo::cell {
namespace {

using base::ParameterError;

constexpr std::string_view active = "cathode.active_mass_fraction";
constexpr std::string_view electrolyte = "cathode.electrolyte_mass_fraction";
constexpr std::string_view additive = "cathode.additive_mass_fraction";

void check_names(std::span<const std::string> names) {
  if (names.empty()) throw ParameterError("quantities", "none", "at least one quantity of the cell");
  for (std::size_t i = 0; i < names.size(); ++i) {
    described_quantity(names[i]);
    for (std::size_t k = 0; k < i; ++k) {
      if (names[k] == names[i]) throw ParameterError(names[i], "twice", "each quantity once");
    }
  }
}

void check_count(std::size_t count) {
  if (count == 0 || count > most_sweep_cells)
    throw ParameterError("cells", std::to_string(count), "1 to " + std::to_string(most_sweep_cells));
}

void check(const SweepRange& range) {
  const std::string text = base::format_number(range.low) + " to " + base::format_number(range.high) + " (SI)";
  if (!(std::isfinite(range.low) && std::isfinite(range.high) && range.low < range.high))
    throw ParameterError(range.quantity, text, "a range whose end lies above its start");
  if (range.is_logarithmic && !(range.low > 0.0))
    throw ParameterError(range.quantity, text, "a start above 0 for a logarithmic range");
}

/// At a share of the range, 0 to 1.
double at_share(const SweepRange& range, double share) {
  if (!range.is_logarithmic) return range.low + share * (range.high - range.low);
  return range.low * std::exp(share * std::log(range.high / range.low));
}

/// Even in [0, 1), the same on every machine.
double draw(std::mt19937_64& engine) { return static_cast<double>(engine() >> 11U) * 0x1p-53; }

bool names_any(std::span<const std::string> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

/// One mass fraction that was set pushes another one.
void complete_mass_fractions(CellDescription& cell, std::span<const std::string> set) {
  const bool sets_electrolyte = names_any(set, electrolyte);
  if (!names_any(set, active) && !sets_electrolyte && !names_any(set, additive)) return;
  if (!sets_electrolyte) {
    if (cell.has(electrolyte)) cell.set_value(electrolyte, 1.0 - cell.value(active) - cell.value_or(additive, 0.0));
  } else if (!names_any(set, active)) {
    cell.set_value(active, 1.0 - cell.value(electrolyte) - cell.value_or(additive, 0.0));
  }
}

double active_capacity(const CellDescription& cell) {
  return cell.value_or("cathode.loading", 0.0) * cell.value_or(active, 0.0) *
         cell.value_or("cathode.specific_capacity", 0.0);
}

}  // namespace

SweepPlan grid_plan(std::span<const SweepAxis> axes) {
  SweepPlan plan;
  std::size_t count = 1;
  for (const SweepAxis& axis : axes) {
    plan.quantities.push_back(axis.quantity);
    if (axis.values.empty()) throw ParameterError(axis.quantity, "no value", "at least one value");
    count = axis.values.size() > most_sweep_cells ? most_sweep_cells + 1 : count * axis.values.size();
    if (count > most_sweep_cells)
      throw ParameterError("cells", "more than " + std::to_string(most_sweep_cells), "fewer values on the axes");
  }
  check_names(plan.quantities);
  plan.settings.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<double> setting(axes.size());
    std::size_t rest = i;
    for (std::size_t a = axes.size(); a-- > 0;) {
      setting[a] = axes[a].values[rest % axes[a].values.size()];
      rest /= axes[a].values.size();
    }
    plan.settings.push_back(std::move(setting));
  }
  return plan;
}

SweepPlan latin_hypercube_plan(std::span<const SweepRange> ranges, std::size_t count, std::uint64_t seed) {
  check_count(count);
  SweepPlan plan;
  for (const SweepRange& range : ranges) plan.quantities.push_back(range.quantity);
  check_names(plan.quantities);
  for (const SweepRange& range : ranges) check(range);
  plan.settings.assign(count, std::vector<double>(ranges.size()));
  std::mt19937_64 engine(seed);
  std::vector<std::size_t> stratum(count);
  for (std::size_t a = 0; a < ranges.size(); ++a) {
    std::iota(stratum.begin(), stratum.end(), std::size_t{0});
    for (std::size_t i = count; i > 1; --i)
      std::swap(stratum[i - 1], stratum[static_cast<std::size_t>(draw(engine) * static_cast<double>(i))]);
    for (std::size_t i = 0; i < count; ++i) {
      const double share = (static_cast<double>(stratum[i]) + draw(engine)) / static_cast<double>(count);
      plan.settings[i][a] = at_share(ranges[a], share);
    }
  }
  return plan;
}

std::vector<double> spaced_values(const SweepRange& range, std::size_t count) {
  check_count(count);
  check(range);
  if (count == 1) return {at_share(range, 0.5)};
  std::vector<double> values;
  for (std::size_t i = 0; i + 1 < count; ++i)
    values.push_back(at_share(range, static_cast<double>(i) / static_cast<double>(count - 1)));
  values.push_back(range.high);  // exactly
  return values;
}

CellDescription with_settings(const CellDescription& description, std::span<const std::string> quantities,
                              std::span<const double> values) {
  CellDescription cell = description;
  for (std::size_t i = 0; i < quantities.size(); ++i) cell.set_value(quantities[i], values[i]);
  complete_mass_fractions(cell, quantities);
  if (cell.has("nominal_capacity") && !names_any(quantities, "nominal_capacity")) {
    const double before = active_capacity(description), after = active_capacity(cell);
    if (before > 0.0 && after != before)
      cell.set_value("nominal_capacity", cell.value("nominal_capacity") * after / before);
  }
  if (names_any(quantities, "temperature") && !cell.has("reference_temperature") && description.has("temperature"))
    cell.set_value("reference_temperature", description.value("temperature"));
  return cell;
}

std::vector<CellOutcome> run_cells(std::size_t count, const std::function<CellDescription(std::size_t)>& make,
                                   const SweepOptions& options) {
  std::vector<CellOutcome> outcomes(count);
  std::mutex guard;
  std::size_t done = 0;
  const auto report = [&] {
    const std::lock_guard<std::mutex> lock(guard);
    ++done;
    if (options.progress && !options.progress(static_cast<double>(done) / static_cast<double>(count),
                                              std::to_string(done) + " of " + std::to_string(count) + " cells"))
      throw base::Cancelled();
  };
  base::parallel_for(count, options.threads, [&](std::size_t i) {
    if (std::optional<CellOutcome> before = options.known ? options.known(i) : std::nullopt) {
      outcomes[i] = std::move(*before);
    } else {
      try {
        outcomes[i] = evaluate(make(i), options.protocol, options.simulation, options.stack);
      } catch (const ParameterError& error) {
        outcomes[i].reason = error.what();
      }
      if (options.finished) options.finished(i, outcomes[i]);
    }
    report();
  });
  return outcomes;
}

std::vector<CellOutcome> sweep(const CellDescription& description, const SweepPlan& plan, const SweepOptions& options) {
  check_names(plan.quantities);
  for (const std::vector<double>& setting : plan.settings) {
    if (setting.size() != plan.quantities.size())
      throw ParameterError("setting", std::to_string(setting.size()) + " values", "one value per quantity");
  }
  return run_cells(
      plan.settings.size(),
      [&](std::size_t i) { return with_settings(description, plan.quantities, plan.settings[i]); }, options);
}

}  // namespace closo::cell
