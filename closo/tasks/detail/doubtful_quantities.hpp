/// Which estimated or guessed quantities of a cell matter: one discharge repeated with each of them at both ends of
/// what is plausible.
///
/// Range: low and high of the description where given; else a factor of two for quantities that vary over decades and a
/// tenth for the others, kept within what is possible. One at a time, so effects that need two of them do not show.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "closo/cell/description.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks::detail {

/// The discharge that is repeated.
struct DoubtfulDischarge {
  double per_hour = 0.05;                   ///< 1/h of the cell as described; the current stays the same
  double lower_cutoff = 0.0;                ///< V
  std::optional<double> upper_cutoff = {};  ///< V
};

/// Change against the cell as described; empty where that cell cannot be built or run.
struct DoubtfulChange {
  double value = 0.0;                   ///< SI, of the quantity
  std::optional<double> capacity = {};  ///< relative
  std::optional<double> voltage = {};   ///< V, mean of the discharge
};

struct DoubtfulEffect {
  std::string quantity;
  cell::Mark mark = cell::Mark::estimated;
  double value = 0.0;  ///< SI
  DoubtfulChange low, high;
  double largest_capacity() const noexcept;  ///< magnitude, relative
  double largest_voltage() const noexcept;   ///< magnitude, V
};

/// One for each doubtful quantity, the largest change of the capacity first. Throws: as rate_capability for the cell as
/// described; Cancelled.
std::vector<DoubtfulEffect> doubtful_effects(const cell::CellDescription& description,
                                             const DoubtfulDischarge& discharge, const Context& context);

/// A section with sentence and table, and a line in the report's doubts when one of them matters (1 % of capacity or 10
/// mV). `which` names the discharge ("at C/20 and 60 °C"). Nothing without doubtful quantities.
void add_doubtful_effects(const std::vector<DoubtfulEffect>& effects, const std::string& which, report::Report& report);

}  // namespace closo::tasks::detail
