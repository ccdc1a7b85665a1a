#include "closo/cell/diffusivity_curve.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include "closo/base/number.hpp"
#include "closo/cell/detail/parameter_check.hpp"

namespace closo::cell {
namespace {

constexpr std::size_t intervals = 4096;

}  // namespace

DiffusivityCurve::DiffusivityCurve() : diffusivity_{1.0, 1.0}, integral_{0.0, 1.0} {}

DiffusivityCurve::DiffusivityCurve(const std::function<double(double)>& diffusivity) {
  constexpr double width = 1.0 / static_cast<double>(intervals);
  diffusivity_.reserve(intervals + 1);
  integral_.reserve(intervals + 1);
  for (std::size_t k = 0; k <= intervals; ++k) {
    const double z = static_cast<double>(k) * width;
    const double value = diffusivity(z);
    detail::require_positive(value, "diffusivity at stoichiometry " + base::format_number(z, 4));
    integral_.push_back(k == 0 ? 0.0 : integral_.back() + 0.5 * width * (diffusivity_.back() + value));
    diffusivity_.push_back(value);
  }
}

DiffusivityCurve::Point DiffusivityCurve::at(double stoichiometry) const noexcept {
  const std::size_t count = diffusivity_.size() - 1;
  const double width = 1.0 / static_cast<double>(count);
  const double place = std::clamp(stoichiometry, 0.0, 1.0) * static_cast<double>(count);
  const std::size_t k = std::min(static_cast<std::size_t>(place), count - 1);
  const double share = place - static_cast<double>(k);
  const double here = diffusivity_[k];
  const double value = here + share * (diffusivity_[k + 1] - here);
  double integral = integral_[k] + 0.5 * share * width * (here + value);
  if (stoichiometry < 0.0) integral += stoichiometry * value;
  if (stoichiometry > 1.0) integral += (stoichiometry - 1.0) * value;
  return {value, integral};
}

double DiffusivityCurve::stoichiometry(double integral) const noexcept {
  if (integral <= 0.0) return integral / diffusivity_.front();
  if (integral >= integral_.back()) return 1.0 + (integral - integral_.back()) / diffusivity_.back();
  const auto above = std::upper_bound(integral_.begin() + 1, integral_.end() - 1, integral);
  const auto k = static_cast<std::size_t>(above - integral_.begin()) - 1;
  const double width = 1.0 / static_cast<double>(diffusivity_.size() - 1);
  // The root of a parabola in the form that has no difference of near numbers.
  const double left = (integral - integral_[k]) / width;
  const double here = diffusivity_[k];
  const double bend = diffusivity_[k + 1] - here;
  const double share = 2.0 * left / (here + std::sqrt(here * here + 2.0 * bend * left));
  return (static_cast<double>(k) + share) * width;
}

}  // namespace closo::cell
