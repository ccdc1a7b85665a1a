#include "closo/tasks/detail/measured_curve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/base/unit.hpp"
#include "closo/formats/battery_data.hpp"

namespace closo::tasks::detail {
namespace {

using base::InputError;

constexpr double left_out = 0.01;       // of the range, at the start
constexpr double fall_back = 0.01;      // of the capacity reached: the next half cycle has begun
constexpr double least_current = 1e-4;  // of the largest: below it the cell rests

/// The row in which a column leaves its first number; its size where it never does.
std::size_t first_change(const std::vector<double>& values) {
  double first = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(first)) first = values[i];
    if (std::isfinite(values[i]) && values[i] != first) return i;
  }
  return values.size();
}

/// Of several capacities (of charge and of discharge) the one that moves first; null without any.
const table::Column* find_capacity(const table::Table& table) {
  const table::Column* found = nullptr;
  for (const char* name : {"capacity", "discharge_capacity", "charge_capacity"}) {
    const table::Column* column = table.find(name);
    if (column == nullptr) continue;
    if (found == nullptr || first_change(column->values) < first_change(found->values)) found = column;
  }
  return found;
}

/// The row in which the capacity of the other direction begins to grow.
std::size_t turn_of(const table::Table& table, const table::Column& capacity) {
  if (capacity.name == "capacity") return table.rows();
  const table::Column* other =
      table.find(capacity.name == "charge_capacity" ? "discharge_capacity" : "charge_capacity");
  if (other == nullptr) return table.rows();
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const double value : other->values) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (other->values[i] - low > fall_back * (high - low)) return i;
  }
  return table.rows();
}

struct Row {
  std::size_t index = 0;
  bool is_after_rest = false;  ///< within the step
};

/// Rows before `end` up to where the current turns, without rests; all of them without a current.
std::vector<Row> first_step(const table::Column* current, std::size_t end) {
  std::vector<Row> rows;
  double largest = 0.0;
  for (std::size_t i = 0; current != nullptr && i < current->values.size(); ++i)
    if (std::isfinite(current->values[i])) largest = std::max(largest, std::abs(current->values[i]));
  double sign = 0.0;
  bool is_after_rest = false;
  for (std::size_t i = 0; i < end; ++i) {
    if (current == nullptr) {
      rows.push_back({i, false});
      continue;
    }
    const double value = current->values[i];
    if (!std::isfinite(value)) continue;
    if (!(std::abs(value) > least_current * largest)) {
      is_after_rest = !rows.empty();
      continue;
    }
    if (sign == 0.0) sign = value;
    if (value * sign < 0.0) break;
    rows.push_back({i, is_after_rest});
    is_after_rest = false;
  }
  return rows;
}

/// Factor that turns the column's SI values into charge or current per area.
double per_area(const table::Column& column, const CurveBasis& basis, std::string_view per_mass,
                std::string_view per_area_unit, const std::string& file) {
  const base::Dimension& dimension = column.unit.dimension();
  if (dimension == base::Unit::parse(per_mass).dimension()) return basis.active_mass;
  if (dimension == base::Unit::parse(per_area_unit).dimension()) return 1.0;
  if (!basis.area)
    throw InputError({file, 0, 0}, "the column '" + column.name + "' counts the whole cell, whose area is not known",
                     "the separator's diameter or area in the system file, or a column per mass or area");
  return 1.0 / *basis.area;
}

struct Points {
  std::vector<double> charge, voltage;
};

Points from_capacity(const table::Column& capacity, const table::Column& voltage, double factor,
                     const std::vector<Row>& rows) {
  Points points;
  for (const Row& row : rows) {
    const std::size_t i = row.index;
    if (!std::isfinite(capacity.values[i]) || !std::isfinite(voltage.values[i])) continue;
    points.charge.push_back(std::abs(capacity.values[i]) * factor);
    points.voltage.push_back(voltage.values[i]);
  }
  return points;
}

/// ∫ |I| dt; `current` is null for a constant one.
Points from_time(const table::Column& time, const table::Column* current, double factor, const table::Column& voltage,
                 const std::vector<Row>& rows) {
  Points points;
  double before_time = 0.0, before_current = 0.0, sum = 0.0;
  for (const Row& row : rows) {
    const std::size_t i = row.index;
    if (!std::isfinite(time.values[i]) || !std::isfinite(voltage.values[i])) continue;
    const double magnitude = current != nullptr ? std::abs(current->values[i]) * factor : factor;
    if (!points.charge.empty()) {
      if (time.values[i] < before_time) break;
      if (!row.is_after_rest) sum += 0.5 * (magnitude + before_current) * (time.values[i] - before_time);
    }
    before_time = time.values[i];
    before_current = magnitude;
    points.charge.push_back(sum);
    points.voltage.push_back(voltage.values[i]);
  }
  return points;
}

/// The first stretch in which the charge does not fall back; small steps back are levelled.
std::size_t first_stretch(std::vector<double>& charge) {
  double reached = charge.empty() ? 0.0 : charge.front();
  const double whole = charge.empty() ? 0.0 : *std::ranges::max_element(charge);
  for (std::size_t i = 0; i < charge.size(); ++i) {
    if (charge[i] < reached - fall_back * whole) return i;
    reached = std::max(reached, charge[i]);
    charge[i] = reached;
  }
  return charge.size();
}

}  // namespace

MeasuredCurve parse_measured_curve(std::string_view bytes, const std::string& file, const CurveBasis& basis) {
  const table::Table table = formats::read_battery_data(bytes, file);
  const table::Column& voltage = *table.find("voltage");
  const table::Column* capacity = find_capacity(table);
  const table::Column* current = table.find("current");
  constexpr const char* accepted =
      "'voltage (V)' with 'capacity (mAh/g)' (or mAh/cm2, mAh), or with 'time (h)' and 'current (mA/cm2)' (or mA/g, "
      "mA)";
  MeasuredCurve curve;
  curve.file = file;
  const auto add_note = [&](const std::string& text) { curve.note += (curve.note.empty() ? "" : "; ") + text; };
  Points points;
  const std::vector<Row> rows = first_step(current, capacity != nullptr ? turn_of(table, *capacity) : table.rows());
  if (capacity != nullptr) {
    points = from_capacity(*capacity, voltage, per_area(*capacity, basis, "mAh/g", "mAh/cm2", file), rows);
  } else {
    if (current == nullptr && !basis.current)
      throw InputError({file, 1, 0}, "no column is a capacity, and there are not both time and current", accepted);
    const double factor = current != nullptr ? per_area(*current, basis, "mA/g", "mA/cm2", file) : *basis.current;
    points = from_time(*table.find("time"), current, factor, voltage, rows);
    if (current == nullptr) add_note("capacity from the time and the simulated current");
    if (const auto warning = table.metadata.find("warning.time"); warning != table.metadata.end())
      add_note(warning->second);
  }
  const std::size_t all = table.rows();
  const std::size_t used = first_stretch(points.charge);
  points.charge.resize(used);
  points.voltage.resize(used);
  if (used < 2) throw InputError({file, 0, 0}, "fewer than two points of a discharge or charge", accepted);
  if (used < all) {
    const bool is_from_start = rows[used - 1].index == used - 1;
    add_note((is_from_start ? "the first " : "") + std::to_string(used) + " of " + std::to_string(all) + " rows");
  }
  const double first = points.charge.front();
  for (double& charge : points.charge) charge -= first;
  curve.charge = std::move(points.charge);
  curve.voltage = std::move(points.voltage);
  curve.is_discharge = curve.voltage.back() < curve.voltage.front();
  return curve;
}

MeasuredCurve read_measured_curve(const std::string& file, const CurveBasis& basis) {
  return parse_measured_curve(base::read_file_bytes(file), file, basis);
}

CurveDeviation deviation(const MeasuredCurve& measured, const std::vector<double>& charge,
                         const std::vector<double>& voltage) {
  CurveDeviation result;
  if (charge.size() < 2) return result;
  double squares = 0.0;
  const double begin = charge.front() + left_out * (charge.back() - charge.front());
  for (std::size_t i = 0; i < measured.charge.size(); ++i) {
    const double at = measured.charge[i];
    if (at < begin || at > charge.back()) continue;
    const auto above = std::ranges::lower_bound(charge, at);
    const std::size_t high = std::max<std::size_t>(1, static_cast<std::size_t>(above - charge.begin()));
    const double width = charge[high] - charge[high - 1];
    const double share = width > 0.0 ? (at - charge[high - 1]) / width : 1.0;
    const double difference = voltage[high - 1] + share * (voltage[high] - voltage[high - 1]) - measured.voltage[i];
    squares += difference * difference;
    ++result.points;
    if (std::abs(difference) > std::abs(result.largest)) {
      result.largest = difference;
      result.largest_at = at;
    }
  }
  if (result.points > 0) result.rms = std::sqrt(squares / static_cast<double>(result.points));
  return result;
}

}  // namespace closo::tasks::detail
