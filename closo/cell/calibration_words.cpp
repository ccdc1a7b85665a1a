#include <algorithm>
#include <cmath>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/base/unit.hpp"
#include "closo/cell/calibration.hpp"

namespace closo::cell {
namespace {

constexpr double takes_part = 0.1;  // of the largest component

/// Name without its section where the section is the same for all.
std::string short_name(const std::string& name) {
  const std::size_t dot = name.find('.');
  return dot == std::string::npos ? name : name.substr(dot + 1);
}

/// "R", "R²", "R^1.4": powers near small fractions are taken as these, since they come from numeric derivatives.
std::string power(const std::string& name, double exponent) {
  for (const double simple : {1.0, 2.0, 3.0, 0.5, 1.5, 4.0}) {
    if (std::fabs(exponent - simple) > 0.08 * simple) continue;
    if (simple == 1.0) return name;
    if (simple == 2.0) return name + "²";
    if (simple == 3.0) return name + "³";
    return name + "^" + base::format_number(simple, 2);
  }
  return name + "^" + base::format_number(exponent, 2);
}

}  // namespace

std::string in_words(const CalibrationDirection& direction, std::span<const CalibratedParameter> parameters) {
  if (direction.components.size() != parameters.size() || parameters.empty())
    throw base::ParameterError("direction", std::to_string(direction.components.size()) + " components",
                               std::to_string(parameters.size()) + ", one per parameter");
  double largest = 0.0;
  for (const double component : direction.components) largest = std::max(largest, std::fabs(component));
  std::vector<std::size_t> moving;
  bool all_logarithmic = true;
  for (std::size_t j = 0; j < parameters.size(); ++j) {
    if (std::fabs(direction.components[j]) < takes_part * largest) continue;
    moving.push_back(j);
    all_logarithmic = all_logarithmic && parameters[j].given.is_logarithmic;
  }
  // Along the direction, in the logarithm where that is what is varied.
  const auto change = [&](std::size_t j) {
    const CalibrationParameter& p = parameters[j].given;
    return direction.components[j] * (p.is_logarithmic ? std::log(p.high / p.low) : p.high - p.low);
  };
  const std::string& first = parameters[moving.front()].given.name;
  if (moving.size() == 1) return "what is fitted hardly depends on " + first;
  if (moving.size() == 2 && all_logarithmic) {
    const double a = change(moving[0]), b = change(moving[1]);
    const double smaller = std::min(std::fabs(a), std::fabs(b));
    const std::string& second = parameters[moving[1]].given.name;
    const std::string one = power(short_name(first), std::fabs(b) / smaller);
    const std::string other = power(short_name(second), std::fabs(a) / smaller);
    return first + " and " + second + " only matter as " + one + (a * b > 0.0 ? "/" : " × ") + other;
  }
  // A step that doubles the logarithmic parameter that moves most, or a tenth of the widths.
  double fastest = 0.0;
  for (const std::size_t j : moving) {
    if (parameters[j].given.is_logarithmic) fastest = std::max(fastest, std::fabs(change(j)));
  }
  const double step = fastest > 0.0 ? std::log(2.0) / fastest : 0.1 / largest;
  std::string text = "what is fitted hardly changes when ";
  for (std::size_t k = 0; k < moving.size(); ++k) {
    const CalibrationParameter& p = parameters[moving[k]].given;
    const double by = change(moving[k]) * step;
    if (k > 0) text += k + 1 == moving.size() ? " and " : ", ";
    text += p.name;
    if (p.is_logarithmic) {
      text += " × " + base::format_number(std::exp(by), 2);
    } else {
      const base::Unit unit = base::Unit::parse(described_quantity(p.name).unit);
      text += (by < 0.0 ? " - " : " + ") + base::format_number(unit.difference_from_si(std::fabs(by)), 2) +
              (described_quantity(p.name).unit == "1" ? "" : " " + std::string(described_quantity(p.name).unit));
    }
  }
  return text + " go together";
}

}  // namespace closo::cell
