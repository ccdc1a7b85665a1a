#include "closo/cell/detail/profile_interval.hpp"

#include <algorithm>
#include <cmath>

namespace closo::cell::detail {
namespace {

constexpr int most_steps = 24, most_refinements = 12;
constexpr double close_enough = 0.02;  // of the rise

}  // namespace

ProfileEnd profile_end(const HeldFitFunction& fit, const HeldFit& best, std::size_t j, int side, double bound,
                       double step, double rise) {
  const double centre = best.place[j], room = std::fabs(bound - centre);
  ProfileEnd end;
  if (room <= 1e-9) return end;
  const double target = best.chi_square + rise;
  std::vector<double> from = best.place;
  double inside = 0.0, inside_value = best.chi_square;
  step = std::min(step, room);
  for (int round = 0; round < most_steps; ++round) {
    const double distance = std::min(inside + step, room);
    HeldFit held = fit(j, distance >= room ? bound : centre + side * distance, from);
    if (held.chi_square < best.chi_square - 0.05 * rise) {
      end.better = std::move(held);
      return end;
    }
    if (held.chi_square >= target) {
      double outside = distance, outside_value = held.chi_square;
      end.at_bound = held.at_bound;
      for (int refinement = 0; refinement < most_refinements; ++refinement) {
        if (std::fabs(outside_value - target) < close_enough * rise) break;
        // χ² is close to a parabola: the secant of its root, kept off the ends.
        double share = 0.5;
        if (std::isfinite(outside_value)) {
          const double a = std::sqrt(std::max(inside_value - best.chi_square, 0.0));
          const double b = std::sqrt(outside_value - best.chi_square);
          share = std::clamp((std::sqrt(rise) - a) / (b - a), 0.05, 0.95);
        }
        const double middle = inside + share * (outside - inside);
        const HeldFit between = fit(j, centre + side * middle, from);
        const bool is_out = between.chi_square >= target;
        (is_out ? outside : inside) = middle;
        (is_out ? outside_value : inside_value) = between.chi_square;
        if (is_out && std::isfinite(between.chi_square)) end.at_bound = between.at_bound;
        if (std::fabs(between.chi_square - target) < close_enough * rise) {
          outside = middle;
          break;
        }
      }
      end.coordinate = centre + side * outside;
      return end;
    }
    if (distance >= room) return end;
    // Steps grow while the profile is flat, so that wide bounds cost little.
    if (held.chi_square - inside_value < 0.25 * rise) step *= 2.0;
    inside = distance;
    inside_value = held.chi_square;
    from = std::move(held.place);
  }
  return end;
}

}  // namespace closo::cell::detail
