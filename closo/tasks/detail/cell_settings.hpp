/// Option texts of the cell's sweeps and designs: varied quantities, targets, the stack around the cell.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "closo/cell/design.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/cell_access.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks::detail {

/// "separator.thickness=30 um to 600 um, 10 log": what is varied, as given.
struct Variation {
  std::string quantity;
  std::vector<double> values;             ///< SI, of a list or "a to b by c"; empty for a range
  std::optional<cell::SweepRange> range;  ///< "a to b"
  std::size_t count = 0;                  ///< of a range; 0: not given
};

/// "NAME=LIST", "NAME=a to b by c", "NAME=a to b[, N][ log|linear]" or, where the description has low and high, "NAME".
/// A unit may stand once, at the end. Throws: InputError for an unknown quantity (near names); ParameterError naming
/// `option` for texts that cannot be read, other dimensions, values that the schema refuses, empty ranges, counts
/// outside 2 to 10000.
Variation parse_variation(std::string_view option, std::string_view text, const cell::CellDescription& description);

/// "specific energy >= 250 Wh/kg", with >=, ≥, >, <=, ≤ or <. Throws: InputError for an unknown outcome (near names);
/// ParameterError for texts without a comparison, or another dimension.
cell::DesignTarget parse_target(std::string_view text);
/// "specific energy ≥ 250 Wh/kg".
std::string target_text(const cell::DesignTarget& target);

/// Options that say what surrounds the cell: np, collector.
inline constexpr std::array stack_options = std::to_array<Option>({
    {"np", OptionType::quantity, "1", "", "above 0",
     "N/P: the anode is metal with that multiple of the cathode's capacity; else as described"},
    {"collector", OptionType::text, "", "", "",
     "a current collector as 'Cu, 8 um' (Cu, Al, Ni, Fe), or with its density 'Ti, 10 um, 4.5 g/cm3'", false, false,
     true},
});
/// Throws: ParameterError for an N/P not above 0 and for collectors that cannot be read.
cell::StackChoice parse_stack(const Arguments& arguments);

/// "separator.thickness" → "separator thickness"; "cathode.loading" → "cathode loading".
std::string plain_name(std::string_view quantity);
/// The unit that numbers of a quantity are shown in: that of the schema, with °C for temperatures.
std::string shown_unit(std::string_view quantity);
double shown_value(std::string_view quantity, double value);
report::Value quantity_value(std::string_view quantity, double value, int significant = 4);
/// "separator thickness (µm)".
std::string quantity_title(std::string_view quantity);

/// In the unit of the table of outcomes; unknown where the outcome has none.
report::Value outcome_value(const cell::OutcomeQuantity& quantity, const cell::CellOutcome& outcome,
                            int significant = 4);
std::optional<double> shown_outcome(const cell::OutcomeQuantity& quantity, const cell::CellOutcome& outcome);
/// "specific energy (Wh/kg)".
std::string outcome_title(const cell::OutcomeQuantity& quantity);

/// Rates of --rate, else the first of the system file, else C/10. Throws: ParameterError for what a protocol cannot
/// read.
std::vector<std::string> rates_of(const Arguments& arguments, const CellCase& cell);

/// Everything that decides the outcome of a cell, as text: two cells with the same text have the same outcome.
std::string fingerprint(const cell::CellDescription& description, const cell::Protocol& protocol,
                        const cell::SimulationOptions& options, const cell::StackChoice& stack);

/// What a user should know of a quantity that is varied: given values that do not follow it, models that are off.
std::vector<std::string> variation_notes(const cell::CellDescription& description,
                                         std::span<const std::string> quantities);

}  // namespace closo::tasks::detail
