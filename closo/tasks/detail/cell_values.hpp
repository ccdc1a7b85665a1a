/// Numbers of cell runs in the field's units, and tables of where the voltage goes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "closo/cell/loss_budget.hpp"
#include "closo/report/report.hpp"

namespace closo::tasks::detail {

/// A computed number of the model [SI] in `unit`. `source` defaults to the simulation.
report::Value simulated(double value, std::string_view unit, int significant = 4,
                        std::string_view source = "simulation");

/// Duration [s] in s, min, h or d.
report::Value duration_value(double seconds);

/// Loss budgets [J/m²] of several steps side by side: mV and share of the loss, in rows of the losses that occur (those
/// below 0.1 % everywhere are named in the caption), and their sum. `charges` [C/m²] are not 0. Keys are "a_mV",
/// "a_percent" for names {"a"}.
report::Table loss_table(const std::string& id, const std::string& title, const std::vector<std::string>& keys,
                         const std::vector<std::string>& names, const std::vector<double>& charges,
                         const std::vector<cell::LossBudget>& losses);

/// "separator (24 %)" of all losses; empty without any.
std::string largest_loss_share(const cell::LossBudget& losses);

/// "separator, 12 mV of 30 mV" of a budget [J/m²] over a charge [C/m²]; empty without any loss.
std::string largest_loss_text(const cell::LossBudget& losses, double charge);

}  // namespace closo::tasks::detail
