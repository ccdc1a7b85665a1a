#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/num/detail/linear_program_parts.hpp"
#include "closo/num/linear_program.hpp"

namespace closo::num {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

using detail::give_up;
using detail::iteration_limit;
using detail::largest;
using detail::patience;
using detail::shaky_pivot;

void require_start(LpStatus status) {
  if (status == LpStatus::optimal) return;
  throw base::InternalError("parametric linear program: there is no optimum at the start");
}

}  // namespace

/// The basis at hand in the caller's units; the objective is left to the caller.
LpPiece Simplex::piece(double from, const Row& values, const Row& value_slopes, const Row& duals,
                       const Row& dual_slopes) const {
  LpPiece out;
  out.from = from;
  out.basis.assign(basis_.begin(), basis_.begin() + rows_);
  out.values.resize(rows_);
  out.value_slopes.resize(rows_);
  out.duals.resize(rows_);
  out.dual_slopes.resize(rows_);
  for (std::size_t i = 0; i < rows_; ++i) {
    out.values[i] = std::max(values[i], 0.0) * scale_at(i);
    out.value_slopes[i] = value_slopes[i] * scale_at(i);
    out.duals[i] = duals[i] * matrix_->row_scale[i];
    out.dual_slopes[i] = dual_slopes[i] * matrix_->row_scale[i];
  }
  return out;
}

LpPath Simplex::follow_cost(std::span<const double> direction, double end) {
  detail::check_direction(direction, columns_, end);
  require_start(solve());
  solved_ = false;
  std::vector<double> slope(width_, 0.0);
  std::vector<double> fall(width_, 0.0);
  std::vector<double> price(width_);
  for (std::size_t j = 0; j < columns_; ++j) {
    slope[j] = direction[j] * matrix_->column_scale[j];
    fall[j] = -slope[j];
  }

  LpPath path;
  double t = 0.0;
  std::size_t still = 0;
  for (std::size_t left = iteration_limit(rows_, columns_); left > 0; --left) {
    if (pivots_since_inversion_ >= detail::inversion_interval && !refactorise()) give_up();
    Row basic_slope{};
    for (std::size_t i = 0; i < rows_; ++i) {
      if (!is_artificial(i)) basic_slope[i] = slope[basis_[i]];
    }
    Row basic = basic_costs(Phase::optimality);
    Row duals = weigh_rows(basic);
    const Row dual_slopes = weigh_rows(basic_slope);
    Row dual_falls{};
    for (std::size_t k = 0; k < rows_; ++k) {
      dual_falls[k] = -dual_slopes[k];
      duals[k] += t * dual_slopes[k];
      basic[k] += t * basic_slope[k];
    }
    const double tolerance = price_tolerance(duals, basic);
    subtract_products(dual_falls, 0, width_, fall.data(), row_.data());
    for (std::size_t j = 0; j < width_; ++j) price[j] = price_[j] + t * slope[j];
    subtract_products(duals, 0, width_, price.data(), reduced_.data());

    const std::size_t column =
        first_to_vanish(price_tolerance(dual_slopes, basic_slope), 0.01 * tolerance, still > patience);
    double above = infinity;
    double step = infinity;
    if (column != columns_) {
      above = std::max(reduced_[column], 0.0);
      step = above / row_[column];
    }
    const bool moves = above > tolerance;
    const bool last = t + step >= end;
    if (moves || last) {
      still = 0;
      LpPiece now = piece(t, x_, Row{}, duals, dual_slopes);
      for (std::size_t k = 0; k < rows_; ++k) {
        now.objective += rhs_[k] * duals[k];
        now.objective_slope += rhs_[k] * dual_slopes[k];
      }
      now.to = t = last ? end : t + step;
      path.pieces.push_back(std::move(now));
      if (last) return path;
    }

    const Row column_now = entering_column(column);
    const Exit exit = primal_exit(column_now, still > patience);
    if (exit.place == max_rows) {
      path.end = LpStatus::unbounded;
      return path;
    }
    still = exit.step > value_tolerance_ ? 0 : still + 1;
    pivot(exit.place, column, column_now, exit.step);
    if (std::abs(column_now[exit.place]) < shaky_pivot && !refactorise()) give_up();
  }
  give_up();
}

LpPath Simplex::follow_rhs(std::span<const double> direction, double end) {
  detail::check_direction(direction, rows_, end);
  require_start(solve());
  solved_ = false;
  Row slope{};
  for (std::size_t k = 0; k < rows_; ++k) slope[k] = direction[k] * matrix_->row_scale[k];

  LpPath path;
  double t = 0.0;
  std::size_t still = 0;
  for (std::size_t left = iteration_limit(rows_, columns_); left > 0; --left) {
    if (pivots_since_inversion_ >= detail::inversion_interval && !refactorise()) give_up();
    Row values{};
    Row value_slopes{};
    Row rhs{};
    for (std::size_t k = 0; k < rows_; ++k) rhs[k] = rhs_[k] + t * slope[k];
    for (std::size_t i = 0; i < rows_; ++i) {
      const double* inverse = inverse_.data() + i * rows_;
      for (std::size_t k = 0; k < rows_; ++k) {
        values[i] += inverse[k] * rhs[k];
        value_slopes[i] += inverse[k] * slope[k];
      }
    }
    const Row basic = basic_costs(Phase::optimality);
    const Row duals = weigh_rows(basic);
    const double price_slack = price_tolerance(duals, basic);
    const double tolerance = 1e-12 * std::max(largest(rhs, rows_), largest(values, rows_));
    const double least_slope = 1e-11 * std::max(largest(slope, rows_), largest(value_slopes, rows_));

    // The basic columns whose value reaches zero first; artificial ones are at zero and may not leave it.
    const bool bland = still > patience;
    const auto fall = [&](std::size_t i) { return is_artificial(i) ? std::abs(value_slopes[i]) : -value_slopes[i]; };
    const auto height = [&](std::size_t i) { return is_artificial(i) ? 0.0 : std::max(values[i], 0.0); };
    double bound = infinity;
    for (std::size_t i = 0; i < rows_; ++i) {
      if (fall(i) > least_slope) bound = std::min(bound, (height(i) + tolerance) / fall(i));
    }
    std::size_t place = max_rows;
    for (std::size_t i = 0; i < rows_; ++i) {
      if (!(fall(i) > least_slope) || height(i) / fall(i) > bound) continue;
      if (place == max_rows || (bland ? basis_[i] < basis_[place] : fall(i) > fall(place))) place = i;
    }
    const double step = place == max_rows ? infinity : height(place) / fall(place);
    const bool moves = place == max_rows || height(place) > tolerance;
    const bool last = t + step >= end;
    if (moves || last) {
      still = 0;
      LpPiece now = piece(t, values, value_slopes, duals, Row{});
      for (std::size_t k = 0; k < rows_; ++k) {
        now.objective += rhs[k] * duals[k];
        now.objective_slope += slope[k] * duals[k];
      }
      now.to = t = last ? end : t + step;
      path.pieces.push_back(std::move(now));
      if (last) return path;
    }

    subtract_products(duals, 0, width_, price_.data(), reduced_.data());
    const std::size_t column = dual_entrance(place, value_slopes[place] < 0.0 ? -1.0 : 1.0, price_slack, bland);
    if (column == columns_) {
      path.end = LpStatus::infeasible;
      return path;
    }
    still = std::max(reduced_[column], 0.0) > price_slack ? 0 : still + 1;
    const Row column_now = entering_column(column);
    pivot(place, column, column_now, 0.0);
    if (std::abs(column_now[place]) < shaky_pivot && !refactorise()) give_up();
  }
  give_up();
}

}  // namespace closo::num
