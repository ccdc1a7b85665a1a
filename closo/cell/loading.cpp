#include "closo/cell/loading.hpp"

#include <cmath>
#include <numbers>
#include <optional>
#include <string>
#include <utility>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::cell {
namespace {

using base::propagate_over;

constexpr double seconds_per_hour = 3600.0;

void require_positive(double value, const char* name) {
  if (!(value > 0.0) || !std::isfinite(value))
    throw base::ParameterError(name, base::format_number(value), "a number above 0");
}
void require_positive(const Measured& value, const char* name) { require_positive(value.value, name); }

[[noreturn]] void fail_rate(std::size_t column, std::string problem) {
  throw base::InputError(base::Place{.file = {}, .line = 0, .column = column + 1}, std::move(problem),
                         "a C-rate such as C/10, 0.5C or 2 C");
}

}  // namespace

double theoretical_capacity(const base::Formula& formula, double electrons) {
  require_positive(electrons, "electrons");
  const double molar_mass = formula.molar_mass();
  require_positive(molar_mass, "molar mass");
  return electrons * base::faraday_constant / molar_mass;
}

Measured disc_area(const Measured& diameter) {
  require_positive(diameter, "diameter");
  return propagate_over([](double d) { return std::numbers::pi / 4.0 * d * d; }, diameter);
}

ElectrodeCapacity electrode_capacity(const ElectrodeLoading& loading) {
  require_positive(loading.composite_mass, "composite mass");
  require_positive(loading.active_mass_fraction, "active mass fraction");
  if (loading.active_mass_fraction.value > 1.0) {
    throw base::ParameterError("active mass fraction", base::format_number(loading.active_mass_fraction.value),
                               "at most 1");
  }
  require_positive(loading.specific_capacity, "specific capacity");
  require_positive(loading.area, "area");
  ElectrodeCapacity result;
  result.active_mass =
      propagate_over([](double m, double w) { return m * w; }, loading.composite_mass, loading.active_mass_fraction);
  result.areal_active_mass = propagate_over([](double m, double w, double a) { return m * w / a; },
                                            loading.composite_mass, loading.active_mass_fraction, loading.area);
  result.capacity = propagate_over([](double m, double w, double q) { return m * w * q; }, loading.composite_mass,
                                   loading.active_mass_fraction, loading.specific_capacity);
  result.areal_capacity =
      propagate_over([](double m, double w, double q, double a) { return m * w * q / a; }, loading.composite_mass,
                     loading.active_mass_fraction, loading.specific_capacity, loading.area);
  return result;
}

double parse_c_rate_per_hour(std::string_view text) {
  const std::size_t c = text.find_first_of("Cc");
  if (c == std::string_view::npos) fail_rate(0, "'" + std::string(text) + "' has no C");
  const auto trimmed = [](std::string_view part, std::size_t& offset) {
    while (!part.empty() && part.front() == ' ') {
      part.remove_prefix(1);
      ++offset;
    }
    while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    return part;
  };
  const auto positive = [&](std::string_view part, std::size_t offset) {
    const std::optional<double> value = base::try_parse_number(part);
    if (!value) fail_rate(offset, "'" + std::string(part) + "' is not a number");
    if (!(*value > 0.0) || !std::isfinite(*value)) fail_rate(offset, "'" + std::string(part) + "' is not above 0");
    return *value;
  };
  std::size_t before_offset = 0;
  const std::string_view before = trimmed(text.substr(0, c), before_offset);
  std::size_t after_offset = c + 1;
  std::string_view after = trimmed(text.substr(c + 1), after_offset);
  double rate = before.empty() ? 1.0 : positive(before, before_offset);
  if (!after.empty()) {
    if (after.front() != '/') fail_rate(after_offset, "found '" + std::string(after) + "' behind the C");
    ++after_offset;
    after = trimmed(after.substr(1), after_offset);
    if (after.empty()) fail_rate(after_offset, "no number behind '/'");
    rate /= positive(after, after_offset);
  }
  if (!(rate > 0.0) || !std::isfinite(rate))
    fail_rate(0, "'" + std::string(text) + "' is outside of what a number can hold");
  return rate;
}

Measured current_density(const Measured& areal_capacity, double rate_per_hour) {
  require_positive(areal_capacity, "areal capacity");
  require_positive(rate_per_hour, "rate");
  return propagate_over([&](double q) { return q * rate_per_hour / seconds_per_hour; }, areal_capacity);
}

Measured c_rate_per_hour(const Measured& current_density, const Measured& areal_capacity) {
  require_positive(current_density, "current density");
  require_positive(areal_capacity, "areal capacity");
  return propagate_over([](double i, double q) { return i / q * seconds_per_hour; }, current_density, areal_capacity);
}

Measured area_specific_resistance(const Measured& thickness, const Measured& conductivity) {
  require_positive(thickness, "thickness");
  require_positive(conductivity, "conductivity");
  return propagate_over([](double l, double sigma) { return l / sigma; }, thickness, conductivity);
}

Measured ohmic_drop(const Measured& current_density, const Measured& area_specific_resistance) {
  return propagate_over([](double i, double r) { return i * r; }, current_density, area_specific_resistance);
}

}  // namespace closo::cell
