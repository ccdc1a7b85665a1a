#include "closo/tasks/detail/cell_values.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "closo/base/number.hpp"
#include "closo/tasks/detail/measured_value.hpp"

namespace closo::tasks::detail {
namespace {

constexpr double smallest_share = 1e-3;  // of the sum, for a row of its own

}  // namespace

report::Value simulated(double value, std::string_view unit, int significant, std::string_view source) {
  report::Value shown = value_in(base::Measured{value, {}}, unit, "computed", source);
  shown.significant = significant;
  return shown;
}

report::Value duration_value(double seconds) {
  if (seconds < 120.0) return simulated(seconds, "s", 3);
  if (seconds < 7200.0) return simulated(seconds, "min", 3);
  if (seconds < 10.0 * 86400.0) return simulated(seconds, "h", 3);
  return simulated(seconds, "d", 3);
}

report::Table loss_table(const std::string& id, const std::string& title, const std::vector<std::string>& keys,
                         const std::vector<std::string>& names, const std::vector<double>& charges,
                         const std::vector<cell::LossBudget>& losses) {
  report::Table table{id, title, {{"loss", "loss"}}, {}, {}};
  for (std::size_t s = 0; s < names.size(); ++s) {
    const std::string name = names[s].empty() ? "" : names[s] + " ";
    table.columns.push_back({keys[s] + "_mV", name + "(mV)"});
    table.columns.push_back({keys[s] + "_percent", name + "(%)"});
  }
  const auto add = [&](const std::string& name, const auto& energy) {
    std::vector<report::Cell> row{name};
    for (std::size_t s = 0; s < names.size(); ++s) {
      const double total = losses[s].total();
      row.emplace_back(simulated(energy(s) / std::abs(charges[s]), "mV", 3, "energy of the loss / charge of the step"));
      if (total > 0.0) {
        row.emplace_back(simulated(energy(s) / total, "%", 3, "share of the energy lost in the step"));
      } else {
        row.emplace_back(std::string("–"));
      }
    }
    table.rows.push_back(std::move(row));
  };
  const auto share = [&](std::size_t loss, std::size_t step) {
    const double total = losses[step].total();
    return total > 0.0 ? std::abs(values(losses[step])[loss]) / total : 0.0;
  };
  std::string left_out;
  for (std::size_t k = 0; k < cell::loss_count; ++k) {
    const std::string name(cell::loss_names()[k]);
    double largest = 0.0;
    for (std::size_t s = 0; s < names.size(); ++s) largest = std::max(largest, share(k, s));
    if (largest >= smallest_share) {
      add(name, [&](std::size_t s) { return values(losses[s])[k]; });
    } else if (largest > 0.0) {
      left_out += (left_out.empty() ? "" : ", ") + name;
    }
  }
  add("sum", [&](std::size_t s) { return losses[s].total(); });
  table.caption =
      "Means over the step; the sum is what lies between the open-circuit voltage of the mean composition "
      "and the voltage.";
  if (!left_out.empty()) table.caption += " Below 0.1 % and only in the sum: " + left_out + ".";
  return table;
}

std::string largest_loss_share(const cell::LossBudget& losses) {
  const std::array<double, cell::loss_count> each = values(losses);
  const auto largest = std::ranges::max_element(each);
  if (!(*largest > 0.0)) return {};
  return std::string(cell::loss_names()[static_cast<std::size_t>(largest - each.begin())]) + " (" +
         base::format_number(100.0 * *largest / losses.total(), 2) + " %)";
}

std::string largest_loss_text(const cell::LossBudget& losses, double charge) {
  const std::array<double, cell::loss_count> each = values(losses);
  const auto largest = std::ranges::max_element(each);
  if (!(*largest > 0.0) || charge == 0.0) return {};
  const auto text = [&](double energy) { return base::format_number(1e3 * energy / std::abs(charge), 3) + " mV"; };
  return std::string(cell::loss_names()[static_cast<std::size_t>(largest - each.begin())]) + ", " + text(*largest) +
         " of " + text(losses.total());
}

}  // namespace closo::tasks::detail
