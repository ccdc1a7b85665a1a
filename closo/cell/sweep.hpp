/// Many cells: grids and Latin hypercubes of named quantities, run on several threads.
///
/// Every cell is independent, so the answers and their order do not depend on the number of threads. Latin hypercube:
/// each quantity's range is cut into as many strata as there are cells, and each stratum is used once. Source: M. D.
/// McKay, R. J. Beckman, W. J. Conover, Technometrics 21 (1979) 239, DOI 10.1080/00401706.1979.10489755.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "closo/base/progress.hpp"
#include "closo/cell/outcome.hpp"

namespace closo::cell {

/// A quantity of the description and the values it takes, SI.
struct SweepAxis {
  std::string quantity;
  std::vector<double> values;
};

/// A quantity and the range it is drawn from, SI.
struct SweepRange {
  std::string quantity;
  double low = 0.0, high = 0.0;
  bool is_logarithmic = false;  ///< even in the logarithm
  bool operator==(const SweepRange&) const = default;
};

/// Settings to run: one value per quantity in each.
struct SweepPlan {
  std::vector<std::string> quantities;
  std::vector<std::vector<double>> settings;
};

inline constexpr std::size_t most_sweep_cells = 1000000;

/// Every combination, the last axis changes fastest. Throws: ParameterError without an axis or a value, for a quantity
/// that stands twice, for more than most_sweep_cells; InputError for an unknown quantity.
SweepPlan grid_plan(std::span<const SweepAxis> axes);

/// `count` cells; the same seed gives the same ones on every machine. Throws: ParameterError without a range, for an
/// empty one, a logarithmic one that is not above 0, a quantity that stands twice, a count of 0 or above
/// most_sweep_cells; InputError for an unknown quantity.
SweepPlan latin_hypercube_plan(std::span<const SweepRange> ranges, std::size_t count, std::uint64_t seed);

/// `count` values from low to high, both included; even in the logarithm where the range says so. Throws: as
/// latin_hypercube_plan.
std::vector<double> spaced_values(const SweepRange& range, std::size_t count);

/// The description with some quantities set [SI], and what follows from them: with one mass fraction of the cathode
/// given, electrolyte (or active material) takes the rest; a nominal capacity scales with the active material's; values
/// with an activation energy stay at the temperature they hold at. Throws: as CellDescription::set.
CellDescription with_settings(const CellDescription& description, std::span<const std::string> quantities,
                              std::span<const double> values);

struct SweepOptions {
  Protocol protocol = {};
  SimulationOptions simulation = {};
  StackChoice stack = {};
  std::size_t threads = 1;
  base::Progress progress = {};
  /// Outcomes that are known from before, and a word when one is ready; called from any thread. Both may be empty.
  std::function<std::optional<CellOutcome>(std::size_t)> known = {};
  std::function<void(std::size_t, const CellOutcome&)> finished = {};
};

/// Runs `count` cells that `make` describes; what `make` refuses with a ParameterError is an impossible outcome.
/// Throws: Cancelled when the progress callback stops; whatever else `make` throws.
std::vector<CellOutcome> run_cells(std::size_t count, const std::function<CellDescription(std::size_t)>& make,
                                   const SweepOptions& options);

/// run_cells over a plan.
std::vector<CellOutcome> sweep(const CellDescription& description, const SweepPlan& plan, const SweepOptions& options);

}  // namespace closo::cell
