/// A number with its standard uncertainty, and the propagation of uncertainties through a calculation.
///
/// First order, independent inputs: u(y)² = Σ (∂y/∂x_i)² u(x_i)². The derivatives are central differences of the
/// calculation itself, so that inputs that enter twice (a fraction and its complement) are treated correctly. Valid
/// while the calculation is close to linear over one standard uncertainty. Source: JCGM 100:2008 (GUM), sec. 5.1.2,
/// eq. 10.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace closo::base {

/// Value and standard uncertainty in the same unit; without an uncertainty none was stated.
struct Measured {
  double value = 0.0;
  std::optional<double> uncertainty = {};
};

/// The result of `calculate(std::span<const double>) -> double` at the inputs' values. Its uncertainty is empty when no
/// input states one; inputs without one count as exact. `calculate` is also called slightly beside the inputs (1e-6
/// relative) and must not throw there.
template <class Calculate>
Measured propagate(std::span<const Measured> inputs, const Calculate& calculate) {
  std::vector<double> at;
  for (const Measured& input : inputs) at.push_back(input.value);
  Measured result{calculate(std::span<const double>(at)), std::nullopt};
  double variance = 0.0;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!inputs[i].uncertainty) continue;
    const double uncertainty = *inputs[i].uncertainty;
    const double scale = std::max(std::abs(inputs[i].value), std::abs(uncertainty));
    const double step = scale > 0.0 ? 1e-6 * scale : 1e-6;
    at[i] = inputs[i].value + step;
    const double above = calculate(std::span<const double>(at));
    at[i] = inputs[i].value - step;
    const double below = calculate(std::span<const double>(at));
    at[i] = inputs[i].value;
    const double contribution = (above - below) / (2.0 * step) * uncertainty;
    variance += contribution * contribution;
    result.uncertainty = 0.0;
  }
  if (result.uncertainty) result.uncertainty = std::sqrt(variance);
  return result;
}

/// As above with the inputs as arguments: propagate_over(f, a, b) is f(a, b) with its uncertainty.
template <class Calculate, class... Inputs>
Measured propagate_over(const Calculate& calculate, const Inputs&... inputs) {
  const std::array<Measured, sizeof...(Inputs)> all{inputs...};
  return propagate(std::span<const Measured>(all), [&](std::span<const double> values) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) { return calculate(values[I]...); }
    (std::make_index_sequence<sizeof...(Inputs)>{});
  });
}

}  // namespace closo::base
