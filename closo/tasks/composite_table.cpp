#include "closo/tasks/composite_table.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/base/number.hpp"
#include "closo/table/csv.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;

constexpr double no_path = 1e-9;  // of the bulk
constexpr std::array<const char*, ConductivityTable::axes> names{
    "fraction", "filling", "thickness_per_radius", "wetted", "cluster_per_radius", "contrast"};
constexpr std::size_t contrast_axis = 5;

/// Coordinate in which an axis is interpolated; a thickness, share or aggregate of 0 has one of its own.
double coordinate(std::size_t axis, double value) {
  if (axis < 2) return value;
  return axis == 4 ? std::log1p(value) : std::log(std::max(value, 1e-6));
}

/// Cell and place inside it of a value on an ascending axis; clamped to its ends.
struct Place {
  std::size_t cell = 0;
  double share = 0.0;
  bool is_outside = false;
};

Place place_on(std::size_t axis, const std::vector<double>& values, double value) {
  Place place;
  const double slack = 1e-9 * std::max(1.0, std::abs(value));
  place.is_outside = value < values.front() - slack || value > values.back() + slack;
  if (values.size() == 1) return place;
  const double inside = std::clamp(value, values.front(), values.back());
  const auto above = std::upper_bound(values.begin(), values.end(), inside);
  place.cell = std::min(static_cast<std::size_t>(above - values.begin()), values.size() - 1) - 1;
  const double low = coordinate(axis, values[place.cell]), high = coordinate(axis, values[place.cell + 1]);
  place.share = (coordinate(axis, inside) - low) / (high - low);
  return place;
}

/// Monotone cubic through (x, y) at the share of cell i.
double monotone_cubic(std::span<const double> x, std::span<const double> y, std::size_t i, double t) {
  const auto slope = [&](std::size_t k) { return (y[k + 1] - y[k]) / (x[k + 1] - x[k]); };
  const auto derivative = [&](std::size_t k) {
    if (x.size() == 2) return slope(0);
    if (k == 0) return slope(0);
    if (k + 1 == x.size()) return slope(k - 1);
    const double left = slope(k - 1), right = slope(k);
    if (left * right <= 0.0) return 0.0;
    const double h0 = x[k] - x[k - 1], h1 = x[k + 1] - x[k];
    return 3.0 * (h0 + h1) / ((2.0 * h1 + h0) / left + (h1 + 2.0 * h0) / right);
  };
  const double h = x[i + 1] - x[i];
  const double t2 = t * t, t3 = t2 * t;
  return (2.0 * t3 - 3.0 * t2 + 1.0) * y[i] + (t3 - 2.0 * t2 + t) * h * derivative(i) +
         (3.0 * t2 - 2.0 * t3) * y[i + 1] + (t3 - t2) * h * derivative(i + 1);
}

}  // namespace

ConductivityTable::ConductivityTable(std::array<std::vector<double>, axes> values, std::vector<double> relative,
                                     std::vector<double> standard_error, std::string origin)
    : values_(std::move(values)),
      relative_(std::move(relative)),
      standard_error_(std::move(standard_error)),
      origin_(std::move(origin)) {
  std::size_t count = 1;
  for (std::size_t axis = 0; axis < axes; ++axis) {
    const std::vector<double>& list = values_[axis];
    if (list.empty() || !std::ranges::is_sorted(list, std::less_equal<>()))
      throw ParameterError(names[axis], std::to_string(list.size()) + " values", "ascending values, each once");
    count *= list.size();
  }
  if (!(values_[contrast_axis].front() > 0.0)) throw ParameterError("contrast", "0 or less", "above 0");
  if (relative_.size() != count || standard_error_.size() != count)
    throw ParameterError("relative", std::to_string(relative_.size()) + " values", std::to_string(count) + " values");
  for (const double value : relative_) logarithm_.push_back(std::log(std::max(value, no_path)));
}

TableAnswer ConductivityTable::at(const TableQuery& query) const {
  const std::array<double, axes> asked{query.fraction, std::min(query.filling, 1.0), query.thickness_per_radius,
                                       query.wetted,   query.cluster_per_radius,     query.contrast};
  std::array<Place, axes> places;
  TableAnswer answer;
  if (query.fraction == 0.0) return answer;
  const double least = values_[0].front();
  // Below the first fraction the line goes to the bulk, whatever the other axes say.
  const bool is_dilute = query.fraction < least && least > 0.0;
  for (std::size_t axis = 0; axis < axes; ++axis) {
    places[axis] = place_on(axis, values_[axis], asked[axis]);
    if (axis == 0 && is_dilute) places[axis].is_outside = query.fraction < 0.0;
    answer.is_outside = answer.is_outside || places[axis].is_outside;
  }
  const std::size_t contrasts = values_[contrast_axis].size();
  std::vector<double> x, y(contrasts, 0.0);
  for (const double contrast : values_[contrast_axis]) x.push_back(std::log(contrast));
  for (std::size_t corner = 0; corner < 32; ++corner) {
    double weight = 1.0;
    std::size_t offset = 0;
    for (std::size_t axis = 0; axis < contrast_axis; ++axis) {
      const bool upper = ((corner >> axis) & 1U) != 0;
      weight *= upper ? places[axis].share : 1.0 - places[axis].share;
      offset =
          offset * values_[axis].size() + std::min(places[axis].cell + (upper ? 1U : 0U), values_[axis].size() - 1);
    }
    if (weight == 0.0) continue;
    for (std::size_t k = 0; k < contrasts; ++k) y[k] += weight * logarithm_[offset * contrasts + k];
  }
  double logarithm = y.front();
  if (contrasts > 1) {
    logarithm = monotone_cubic(x, y, places[contrast_axis].cell, places[contrast_axis].share);
    // Beyond the last contrast σ goes on with its last power of the contrast, at most in proportion.
    const double beyond = std::log(query.contrast) - x.back();
    const double slope = (y[contrasts - 1] - y[contrasts - 2]) / (x[contrasts - 1] - x[contrasts - 2]);
    if (beyond > 0.0) logarithm += beyond * std::clamp(slope, 0.0, 1.0);
  }
  if (is_dilute) logarithm *= std::max(query.fraction, 0.0) / least;
  answer.relative = std::exp(logarithm);
  return answer;
}

ConductivityTable parse_conductivity_table(const std::string& text, const std::string& file) {
  const table::CsvDocument document = table::parse_csv(text, file);
  std::array<std::size_t, ConductivityTable::axes> columns{};
  const auto column = [&](const std::string& name) {
    const std::size_t index = document.index_of(name);
    if (index == std::string::npos)
      throw base::InputError({file, document.header_line}, "there is no column '" + name + "'",
                             "a table that composite scan --to wrote");
    return index;
  };
  for (std::size_t axis = 0; axis < columns.size(); ++axis) columns[axis] = column(names[axis]);
  const std::size_t value = column("relative_conductivity"), error = column("standard_error");
  std::map<std::array<double, ConductivityTable::axes>, std::pair<double, double>> cells;
  std::array<std::vector<double>, ConductivityTable::axes> values;
  for (const table::CsvRow& row : document.rows) {
    const auto number = [&](std::size_t index) {
      try {
        return base::parse_number(row.cells[index].text);
      } catch (const base::InputError& problem) {
        throw problem.at(document.place(row, index));
      }
    };
    std::array<double, ConductivityTable::axes> place{};
    for (std::size_t axis = 0; axis < place.size(); ++axis) {
      place[axis] = number(columns[axis]);
      values[axis].push_back(place[axis]);
    }
    const double relative = number(value);
    if (!(relative >= 0.0)) throw base::InputError(document.place(row, value), "a conductivity below 0", "0 or more");
    if (!cells.emplace(place, std::pair(relative, number(error))).second)
      throw base::InputError({file, row.line}, "this setting stands twice", "each setting once");
  }
  std::size_t count = 1;
  for (std::vector<double>& list : values) {
    std::ranges::sort(list);
    list.erase(std::unique(list.begin(), list.end()), list.end());
    count *= list.size();
  }
  if (count == 0 || cells.size() != count)
    throw base::InputError({file},
                           std::to_string(cells.size()) + " settings do not fill the grid of " + std::to_string(count),
                           "every combination of the values of the columns");
  std::vector<double> relative, errors;
  for (const auto& [place, cell] : cells) {  // in the order of the axes, the last fastest
    relative.push_back(cell.first);
    errors.push_back(cell.second);
  }
  try {
    return {std::move(values), std::move(relative), std::move(errors), file};
  } catch (const ParameterError& problem) {
    throw base::InputError({file}, problem.name() + ": " + problem.value(), problem.allowed());
  }
}

ConductivityTable read_conductivity_table(const std::string& file) {
  return parse_conductivity_table(base::read_text_file(file), file);
}

std::string to_csv(const ConductivityTable& table) {
  std::string text =
      "# Conductivity of composites relative to their bulk, by voxel runs: insulating spheres with a conducting "
      "layer;\n"
      "# insulator and void do not conduct. Fraction: insulator in the solids; filling: conductor / pores; thickness "
      "of\n"
      "# the layer and radius of aggregates in units of the particles' radius; wetted: share of the surface with the\n"
      "# layer; contrast: layer / bulk. Means over realisations with their standard errors.\n"
      "# Made by closo composite scan: " +
      table.origin() + "\n";
  for (const char* name : names) text += std::string(name) + ",";
  text += "relative_conductivity,standard_error\n";
  std::array<std::size_t, ConductivityTable::axes> at{};
  for (std::size_t cell = 0; cell < table.relative().size(); ++cell) {
    std::size_t rest = cell;
    for (std::size_t axis = at.size(); axis-- > 0;) {
      at[axis] = rest % table.axis(axis).size();
      rest /= table.axis(axis).size();
    }
    for (std::size_t axis = 0; axis < at.size(); ++axis)
      text += base::format_number(table.axis(axis)[at[axis]], 8) + ",";
    text += base::format_number(table.relative()[cell], 5) + "," +
            base::format_number(table.standard_error()[cell], 2) + "\n";
  }
  return text;
}

ConductivityTable table_of(const CompositeScan& scan) {
  std::array<std::vector<double>, ConductivityTable::axes> values;
  std::map<std::array<double, ConductivityTable::axes>, std::pair<double, double>> cells;
  const auto rounded = [](double value) { return base::parse_number(base::format_number(value, 8)); };
  for (const ScanPoint& point : scan.points) {
    if (point.setting.fraction == 0.0) continue;  // known without a table
    const double radius = point.asked.particle_radius;
    const double filling = point.asked.pore_filling > 0.0 ? std::min(1.0, point.asked.pore_filling) : 1.0;
    const std::array<double, ConductivityTable::axes> place{
        rounded(point.setting.fraction),
        rounded(filling),
        rounded(point.setting.thickness / radius),
        rounded(point.setting.wetted_fraction),
        rounded(0.5 * point.setting.cluster_size.value_or(0.0) / radius),
        rounded(point.interphase / point.bulk)};
    for (std::size_t axis = 0; axis < place.size(); ++axis) values[axis].push_back(place[axis]);
    cells[place] = {point.mean / point.bulk, point.standard_error / point.bulk};
  }
  std::size_t count = 1;
  for (std::vector<double>& list : values) {
    std::ranges::sort(list);
    list.erase(std::unique(list.begin(), list.end()), list.end());
    count *= list.size();
  }
  if (count == 0 || count != cells.size())
    throw ParameterError("to", std::to_string(cells.size()) + " settings do not fill a grid",
                         "--filling (not --pore-volume) where several fractions are scanned, and --contrast");
  std::vector<double> relative, errors;
  for (const auto& [place, cell] : cells) {
    relative.push_back(cell.first);
    errors.push_back(cell.second);
  }
  return {std::move(values), std::move(relative), std::move(errors),
          std::to_string(scan.runs) + " images, voxel " + base::format_number(1e9 * scan.voxel, 3) + " nm"};
}

}  // namespace closo::tasks
