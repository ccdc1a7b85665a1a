#include "closo/tasks/detail/measured_curve.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <span>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/base/number.hpp"
#include "closo/base/unit.hpp"
#include "closo/table/csv.hpp"

namespace closo::tasks::detail {
namespace {

using base::InputError;

constexpr double left_out = 0.01;   // of the range, at the start
constexpr double fall_back = 0.01;  // of the capacity reached: the next half cycle has begun

std::string lower(std::string_view text) {
  std::string result;
  for (const char c : text) result.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  return result;
}

bool is_named(const table::Column& column, std::span<const std::string_view> words,
              std::span<const std::string_view> names) {
  const std::string name = lower(column.name);
  return std::ranges::any_of(words, [&](std::string_view word) { return name.find(word) != std::string::npos; }) ||
         std::ranges::find(names, name) != names.end();
}

/// The first row in which a column is not what it was at its start.
std::size_t first_change(const table::Column& column) {
  const auto& values = column.values;
  return static_cast<std::size_t>(std::ranges::find_if(values, [&](double value) { return value != values.front(); }) -
                                  values.begin());
}

/// The column of that name whose unit is one of `units`; of several (charge and discharge capacity) the one that moves
/// first. Throws: InputError when the name is there with another unit only.
const table::Column* find(const table::Table& table, std::span<const std::string_view> words,
                          std::span<const std::string_view> names, std::span<const std::string_view> units) {
  const table::Column* other = nullptr;
  const table::Column* found = nullptr;
  for (const table::Column& column : table.columns) {
    if (!is_named(column, words, names)) continue;
    const bool fits = std::ranges::any_of(
        units, [&](std::string_view unit) { return column.unit.dimension() == base::Unit::parse(unit).dimension(); });
    if (!fits) {
      other = &column;
    } else if (found == nullptr || first_change(column) < first_change(*found)) {
      found = &column;
    }
  }
  if (found != nullptr || other == nullptr) return found;
  std::string accepted;
  for (const std::string_view unit : units)
    accepted += (accepted.empty() ? "'" : ", '") + other->name + " (" + std::string(unit) + ")'";
  throw InputError({table.source, 0, 0},
                   "the column '" + other->name + "' has " +
                       (other->unit.text() == "1" ? "no unit" : "the unit '" + other->unit.text() + "'"),
                   accepted);
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

Points from_capacity(const table::Column& capacity, const table::Column& voltage, double factor) {
  Points points;
  for (std::size_t i = 0; i < voltage.values.size(); ++i) {
    if (!std::isfinite(capacity.values[i]) || !std::isfinite(voltage.values[i])) continue;
    points.charge.push_back(std::abs(capacity.values[i]) * factor);
    points.voltage.push_back(voltage.values[i]);
  }
  return points;
}

/// ∫ |I| dt up to where the current turns; `current` is empty for a constant one.
Points from_time(const table::Column& time, const table::Column* current, double factor, const table::Column& voltage) {
  Points points;
  double before_time = 0.0, before_current = 0.0, sum = 0.0, sign = 0.0;
  for (std::size_t i = 0; i < voltage.values.size(); ++i) {
    const double signed_current = current != nullptr ? current->values[i] * factor : factor;
    if (!std::isfinite(time.values[i]) || !std::isfinite(voltage.values[i]) || !std::isfinite(signed_current)) continue;
    if (sign == 0.0 && signed_current == 0.0) continue;  // rest before the step
    if (sign == 0.0) sign = signed_current > 0.0 ? 1.0 : -1.0;
    if (signed_current * sign <= 0.0) break;
    if (!points.charge.empty()) {
      if (time.values[i] < before_time) break;
      sum += 0.5 * (std::abs(signed_current) + before_current) * (time.values[i] - before_time);
    }
    before_time = time.values[i];
    before_current = std::abs(signed_current);
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

MeasuredCurve parse_measured_curve(std::string_view text, const std::string& file, const CurveBasis& basis) {
  using Words = std::vector<std::string_view>;
  const table::Table table = table::parse_numeric_csv(text, file);
  const table::Column* voltage =
      find(table, Words{"voltage", "potential"}, Words{"v", "e", "u", "ewe", "ecell"}, Words{"V"});
  const table::Column* capacity =
      find(table, Words{"capacity", "charge"}, Words{"q"}, Words{"mAh/g", "mAh/cm2", "mAh"});
  constexpr const char* accepted =
      "'voltage (V)' with 'capacity (mAh/g)' (or mAh/cm2, mAh), or with 'time (h)' and 'current (mA/cm2)' (or mA/g, "
      "mA)";
  if (voltage == nullptr) throw InputError({file, 1, 0}, "no column is a voltage", accepted);
  MeasuredCurve curve;
  curve.file = file;
  Points points;
  if (capacity != nullptr) {
    points = from_capacity(*capacity, *voltage, per_area(*capacity, basis, "mAh/g", "mAh/cm2", file));
  } else {
    const table::Column* time = find(table, Words{"time"}, Words{"t"}, Words{"h"});
    const table::Column* current = find(table, Words{"current"}, Words{"i"}, Words{"mA/cm2", "mA/g", "mA"});
    if (time == nullptr || (current == nullptr && !basis.current))
      throw InputError({file, 1, 0}, "no column is a capacity, and there are not both time and current", accepted);
    const double factor = current != nullptr ? per_area(*current, basis, "mA/g", "mA/cm2", file) : *basis.current;
    points = from_time(*time, current, factor, *voltage);
    if (current == nullptr) curve.note = "capacity from the time and the simulated current";
  }
  const std::size_t all = table.rows();
  const std::size_t used = first_stretch(points.charge);
  points.charge.resize(used);
  points.voltage.resize(used);
  if (used < 2) throw InputError({file, 0, 0}, "fewer than two points of a discharge or charge", accepted);
  if (used < all)
    curve.note += (curve.note.empty() ? "" : "; ") + std::string("the first ") + std::to_string(used) + " of " +
                  std::to_string(all) + " rows";
  const double first = points.charge.front();
  for (double& charge : points.charge) charge -= first;
  curve.charge = std::move(points.charge);
  curve.voltage = std::move(points.voltage);
  curve.is_discharge = curve.voltage.back() < curve.voltage.front();
  return curve;
}

MeasuredCurve read_measured_curve(const std::string& file, const CurveBasis& basis) {
  return parse_measured_curve(base::read_text_file(file), file, basis);
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
