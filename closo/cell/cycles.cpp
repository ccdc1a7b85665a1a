#include "closo/cell/cycles.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace closo::cell {
namespace {

constexpr double same_current = 0.01;  // relative

const CycleRow* find(std::span<const CycleRow> rows, std::uint32_t cycle) {
  const auto found = std::ranges::find(rows, cycle, &CycleRow::cycle);
  return found == rows.end() ? nullptr : &*found;
}

void add(CycleRow& row, const StepSummary& step) {
  if (step.charge > 0.0 && !(row.charge_capacity > 0.0) && !(row.discharge_capacity > 0.0))
    row.is_discharged_first = true;
  row.duration += step.duration;
  row.side_charge += step.side_charge;
  if (step.charge > 0.0) {
    row.discharge_capacity += step.charge;
    row.discharge_energy += step.energy;
    row.discharge_losses += step.losses;
    row.largest_current = std::max({row.largest_current, step.first_current, step.last_current});
  } else if (step.charge < 0.0) {
    row.charge_capacity -= step.charge;
    row.charge_energy -= step.energy;
    row.charge_losses += step.losses;
  }
  row.temperature = step.temperature;
  row.contact_fraction = step.contact_fraction;
  row.isolated_fraction = step.isolated_fraction;
  row.cathode_interphase = step.cathode_interphase;
  row.anode_resistance = step.anode_resistance;
  row.metal_contact = step.metal_contact;
}

/// Voltages, and efficiencies against the charge that came before the discharge: of the cycle itself or the last one.
void finish(CycleRow& row, const CycleRow* last) {
  const bool discharged = row.discharge_capacity > 0.0;
  const bool charged = row.charge_capacity > 0.0;
  if (discharged) row.discharge_voltage = row.discharge_energy / row.discharge_capacity;
  if (charged) row.charge_voltage = row.charge_energy / row.charge_capacity;
  const CycleRow* filled = row.is_discharged_first ? last : &row;
  if (!discharged || filled == nullptr || !(filled->charge_capacity > 0.0)) return;
  row.coulombic_efficiency = row.discharge_capacity / filled->charge_capacity;
  if (filled->charge_energy > 0.0) row.energy_efficiency = row.discharge_energy / filled->charge_energy;
}

}  // namespace

std::vector<CycleRow> cycle_rows(const Protocol& protocol, std::span<const StepSummary> steps) {
  std::map<std::uint32_t, std::size_t> last_visit;
  for (std::size_t k = 0; k < protocol.visits.size(); ++k) last_visit[protocol.visits[k].cycle] = k;
  std::vector<CycleRow> rows;
  const auto finish_last = [&] {
    if (!rows.empty()) finish(rows.back(), rows.size() > 1 ? &rows[rows.size() - 2] : nullptr);
  };
  for (const StepSummary& step : steps) {
    if (rows.empty() || rows.back().cycle != step.cycle) {
      finish_last();
      CycleRow row;
      row.cycle = step.cycle;
      row.start_time = step.start_time;
      rows.push_back(row);
    }
    add(rows.back(), step);
    const auto last = last_visit.find(step.cycle);
    rows.back().is_complete = step.end != StepEnd::stopped && last != last_visit.end() && step.visit == last->second;
  }
  finish_last();
  return rows;
}

std::optional<double> retention(std::span<const CycleRow> rows, std::uint32_t cycle, std::uint32_t reference) {
  const CycleRow* row = find(rows, cycle);
  const CycleRow* base = find(rows, reference);
  if (row == nullptr || base == nullptr || !(row->discharge_capacity > 0.0) || !(base->discharge_capacity > 0.0))
    return std::nullopt;
  return row->discharge_capacity / base->discharge_capacity;
}

std::optional<double> fade_per_cycle(std::span<const CycleRow> rows, std::uint32_t first, std::uint32_t last) {
  const CycleRow* base = find(rows, first);
  if (base == nullptr || !(base->discharge_capacity > 0.0)) return std::nullopt;
  double count = 0.0;
  double mean_cycle = 0.0;
  double mean_retention = 0.0;
  const auto each = [&](auto&& use) {
    for (const CycleRow& row : rows) {
      if (row.cycle < first || row.cycle > last || !row.is_complete || !(row.discharge_capacity > 0.0)) continue;
      if (std::abs(row.largest_current - base->largest_current) > same_current * base->largest_current) continue;
      use(static_cast<double>(row.cycle), row.discharge_capacity / base->discharge_capacity);
    }
  };
  each([&](double cycle, double kept) {
    count += 1.0;
    mean_cycle += cycle;
    mean_retention += kept;
  });
  if (count < 2.0) return std::nullopt;
  mean_cycle /= count;
  mean_retention /= count;
  double squares = 0.0;
  double products = 0.0;
  each([&](double cycle, double kept) {
    squares += (cycle - mean_cycle) * (cycle - mean_cycle);
    products += (cycle - mean_cycle) * (kept - mean_retention);
  });
  return products / squares;
}

}  // namespace closo::cell
