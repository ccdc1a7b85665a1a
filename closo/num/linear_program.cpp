#include "closo/num/linear_program.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/num/detail/linear_program_parts.hpp"

namespace closo::num {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::size_t block = 128;    // columns priced at once: the work space stays in the first cache
constexpr double least_pivot = 1e-9;  // of the largest element of the entering column

using detail::give_up;
using detail::iteration_limit;
using detail::largest;
using detail::patience;
using detail::shaky_pivot;

/// The power of two that brings a magnitude into [1, 2); 1 for zero.
double scale_to_unit(double magnitude) noexcept {
  const auto exponent = static_cast<std::int64_t>(std::bit_cast<std::uint64_t>(magnitude) >> 52U);
  if (exponent == 0) return 1.0;
  return std::bit_cast<double>(static_cast<std::uint64_t>(std::max<std::int64_t>(2046 - exponent, 1)) << 52U);
}

void check_size(const char* name, std::size_t size, std::size_t wanted) {
  if (size == wanted) return;
  throw base::ParameterError(name, std::to_string(size) + " numbers", std::to_string(wanted) + " numbers");
}

}  // namespace

namespace detail {

void give_up() {
  throw base::NumericsError("linear program: rounding prevents an answer (badly scaled or nearly dependent data)");
}

void check_finite(const char* name, std::span<const double> numbers) {
  for (const double number : numbers) {
    if (!std::isfinite(number)) throw base::ParameterError(name, std::to_string(number), "finite numbers");
  }
}

void check_direction(std::span<const double> direction, std::size_t size, double end) {
  check_size("direction", direction.size(), size);
  check_finite("direction", direction);
  if (!(end > 0.0)) throw base::ParameterError("end", std::to_string(end), "a number above 0");
}

}  // namespace detail

Simplex::Simplex(std::size_t rows, std::vector<double> columns, std::vector<double> cost, std::vector<double> rhs)
    : rows_(rows), columns_(cost.size()), width_((cost.size() + 3) / 4 * 4) {
  if (rows == 0 || rows > max_rows) {
    throw base::ParameterError("rows", std::to_string(rows), "1 to " + std::to_string(max_rows));
  }
  check_size("columns", columns.size(), rows * columns_);
  detail::check_finite("columns", columns);

  auto matrix = std::make_shared<Matrix>();
  Row most{};
  for (std::size_t j = 0; j < columns_; ++j) {
    for (std::size_t k = 0; k < rows_; ++k) most[k] = std::max(most[k], std::abs(columns[j * rows_ + k]));
  }
  for (std::size_t k = 0; k < rows_; ++k) matrix->row_scale[k] = scale_to_unit(most[k]);
  matrix->by_column = std::move(columns);
  matrix->by_row.assign(rows_ * width_, 0.0);
  matrix->zeros.assign(width_, 0.0);
  matrix->column_scale.resize(columns_);
  for (std::size_t j = 0; j < columns_; ++j) {
    double* column = matrix->by_column.data() + j * rows_;
    double top = 0.0;
    std::size_t entries = 0;
    std::size_t last = 0;
    for (std::size_t k = 0; k < rows_; ++k) {
      column[k] *= matrix->row_scale[k];
      top = std::max(top, std::abs(column[k]));
      if (column[k] == 0.0) continue;
      ++entries;
      last = k;
    }
    const double scale = scale_to_unit(top);
    matrix->column_scale[j] = scale;
    for (std::size_t k = 0; k < rows_; ++k) {
      column[k] *= scale;
      matrix->by_row[k * width_ + j] = column[k];
    }
    if (entries == 1) matrix->singletons.emplace_back(last, j);
  }
  matrix_ = std::move(matrix);

  enabled_.assign(columns_, 1);
  cost_.assign(width_, 0.0);
  price_.assign(width_, infinity);
  barrier_.assign(width_, infinity);
  std::fill(barrier_.begin(), barrier_.begin() + static_cast<std::ptrdiff_t>(columns_), 0.0);
  reduced_.assign(width_, 0.0);
  row_.assign(width_, 0.0);
  for (std::size_t k = 0; k < rows_; ++k) basis_[k] = columns_ + k;
  set_cost(cost);
  set_rhs(rhs);
}

std::size_t Simplex::rows() const noexcept { return rows_; }
std::size_t Simplex::columns() const noexcept { return columns_; }

void Simplex::set_cost(std::span<const double> cost) {
  check_size("cost", cost.size(), columns_);
  detail::check_finite("cost", cost);
  const double* scale = matrix_->column_scale.data();
  for (std::size_t j = 0; j < columns_; ++j) {
    cost_[j] = cost[j] * scale[j];
    price_[j] = cost_[j] + barrier_[j];
  }
  solved_ = false;
}

void Simplex::set_rhs(std::span<const double> rhs) {
  check_size("rhs", rhs.size(), rows_);
  detail::check_finite("rhs", rhs);
  for (std::size_t k = 0; k < rows_; ++k) rhs_[k] = rhs[k] * matrix_->row_scale[k];
  solved_ = false;
}

void Simplex::enable(std::size_t column, bool enabled) {
  if (column >= columns_) {
    throw base::ParameterError("column", std::to_string(column), "below " + std::to_string(columns_));
  }
  if ((enabled_[column] != 0) == enabled) return;
  enabled_[column] = enabled ? 1 : 0;
  solved_ = false;
  if (enabled) artificials_settled_ = false;
  const bool basic = std::find(basis_.begin(), basis_.begin() + rows_, column) != basis_.begin() + rows_;
  barrier_[column] = enabled && !basic ? 0.0 : infinity;
  price_[column] = cost_[column] + barrier_[column];
}

// ---- Pricing

/// out = base − weights · A for `count` columns from `first` on; out[0] and base[0] belong to `first`.
void Simplex::subtract_products(const Row& weights, std::size_t first, std::size_t count, const double* base,
                                double* out) const {
  const double* a = matrix_->by_row.data() + first;
  const auto row = [&](std::size_t k) { return a + k * width_; };
  double* __restrict result = out;
  std::size_t done = (rows_ - 1) % 4 + 1;
  const double w0 = weights[0], w1 = weights[1], w2 = weights[2], w3 = weights[3];
  if (done == 1) {
    for (std::size_t j = 0; j < count; ++j) result[j] = base[j] - w0 * a[j];
  } else if (done == 2) {
    const double* a1 = row(1);
    for (std::size_t j = 0; j < count; ++j) result[j] = base[j] - (w0 * a[j] + w1 * a1[j]);
  } else if (done == 3) {
    const double *a1 = row(1), *a2 = row(2);
    for (std::size_t j = 0; j < count; ++j) result[j] = base[j] - ((w0 * a[j] + w1 * a1[j]) + w2 * a2[j]);
  } else {
    const double *a1 = row(1), *a2 = row(2), *a3 = row(3);
    for (std::size_t j = 0; j < count; ++j) {
      result[j] = base[j] - ((w0 * a[j] + w1 * a1[j]) + (w2 * a2[j] + w3 * a3[j]));
    }
  }
  for (; done < rows_; done += 4) {
    const double v0 = weights[done], v1 = weights[done + 1], v2 = weights[done + 2], v3 = weights[done + 3];
    const double *b0 = row(done), *b1 = row(done + 1), *b2 = row(done + 2), *b3 = row(done + 3);
    for (std::size_t j = 0; j < count; ++j) {
      result[j] -= (v0 * b0[j] + v1 * b1[j]) + (v2 * b2[j] + v3 * b3[j]);
    }
  }
}

/// basic · B⁻¹: the duals that go with costs of the basic columns.
Simplex::Row Simplex::weigh_rows(const Row& basic) const {
  Row y{};
  for (std::size_t i = 0; i < rows_; ++i) {
    const double* inverse = inverse_.data() + i * rows_;
    for (std::size_t k = 0; k < rows_; ++k) y[k] += basic[i] * inverse[k];
  }
  return y;
}

/// In the feasibility phase the slope of the sum of infeasibilities, else the cost.
Simplex::Row Simplex::basic_costs(Phase phase) const {
  Row basic{};
  for (std::size_t i = 0; i < rows_; ++i) {
    if (phase == Phase::optimality) {
      if (!is_artificial(i)) basic[i] = cost_[basis_[i]];
    } else if (infeasibility(i) > 0.0) {
      basic[i] = x_[i] < 0.0 ? -1.0 : 1.0;
    }
  }
  return basic;
}

double Simplex::price_tolerance(const Row& duals, const Row& basic) const {
  return 1e-11 * (largest(duals, rows_) + largest(basic, rows_));
}

/// The column of least reduced cost (Bland: the first) below −tolerance; columns() when there is none.
std::size_t Simplex::cheapest(const Row& duals, Phase phase, double tolerance, bool bland) const {
  const double* base = phase == Phase::optimality ? price_.data() : barrier_.data();
  std::array<double, block> reduced;
  double best = -tolerance;
  std::size_t column = columns_;
  for (std::size_t from = 0; from < width_; from += block) {
    const std::size_t size = std::min(block, width_ - from);
    subtract_products(duals, from, size, base + from, reduced.data());
    double low0 = infinity, low1 = infinity, low2 = infinity, low3 = infinity;
    for (std::size_t j = 0; j < size; j += 4) {
      low0 = reduced[j] < low0 ? reduced[j] : low0;
      low1 = reduced[j + 1] < low1 ? reduced[j + 1] : low1;
      low2 = reduced[j + 2] < low2 ? reduced[j + 2] : low2;
      low3 = reduced[j + 3] < low3 ? reduced[j + 3] : low3;
    }
    const double low = std::min(std::min(low0, low1), std::min(low2, low3));
    if (!(low < best)) continue;
    const double wanted = bland ? -tolerance : std::nextafter(low, infinity);
    std::size_t j = 0;
    while (!(reduced[j] < wanted)) ++j;
    column = from + j;
    if (bland) return column;
    best = low;
  }
  return column;
}

// ---- Steps

/// B⁻¹ times a column.
Simplex::Row Simplex::entering_column(std::size_t column) const {
  const double* a = matrix_->by_column.data() + column * rows_;
  Row direction{};
  for (std::size_t i = 0; i < rows_; ++i) {
    const double* inverse = inverse_.data() + i * rows_;
    double sum = 0.0;
    for (std::size_t k = 0; k < rows_; ++k) sum += inverse[k] * a[k];
    direction[i] = sum;
  }
  return direction;
}

double Simplex::infeasibility(std::size_t place) const {
  const double x = x_[place];
  if (x < -value_tolerance_) return -x;
  return is_artificial(place) && x > value_tolerance_ ? x : 0.0;
}

/// How far the entering column may grow. Feasible basic columns block at zero; artificial ones may never move away from
/// it; infeasible ones block where the last of them turns feasible. Among (nearly) equal bounds the largest pivot wins.
Simplex::Exit Simplex::primal_exit(const Row& column, bool bland) const {
  const double least = least_pivot * largest(column, rows_);
  const double slack = 0.01 * value_tolerance_;
  Row ratio;
  double bound = infinity;
  Exit last_infeasible;
  for (std::size_t i = 0; i < rows_; ++i) {
    ratio[i] = infinity;
    const double d = column[i];
    if (!(std::abs(d) > least)) continue;
    const double x = x_[i];
    const bool infeasible = infeasibility(i) > 0.0;
    if (is_artificial(i)) {
      ratio[i] = !infeasible ? 0.0 : x / d > 0.0 ? x / d : infinity;
    } else if (infeasible) {
      if (d < 0.0 && x / d >= last_infeasible.step) last_infeasible = {i, x / d};
    } else if (d > 0.0) {
      ratio[i] = std::max(x, 0.0) / d;
    }
    if (ratio[i] < infinity) bound = std::min(bound, ratio[i] + slack / std::abs(d));
  }
  Exit exit;
  for (std::size_t i = 0; i < rows_; ++i) {
    if (!(ratio[i] <= bound) || ratio[i] == infinity) continue;
    const bool better = exit.place == max_rows ||
                        (bland ? basis_[i] < basis_[exit.place] : std::abs(column[i]) > std::abs(column[exit.place]));
    if (better) exit = {i, ratio[i]};
  }
  if (last_infeasible.place != max_rows && (exit.place == max_rows || last_infeasible.step < exit.step)) {
    return last_infeasible;
  }
  return exit;
}

/// The column whose reduced_ (≥ 0) reaches zero first when it falls at the rate row_: among nearly equal ones the
/// steepest (Bland: the first); columns() when none falls faster than `least`.
std::size_t Simplex::first_to_vanish(double least, double slack, bool bland) const {
  std::array<double, 4> low;
  low.fill(infinity);
  for (std::size_t j = 0; j < width_; j += 4) {
    for (std::size_t lane = 0; lane < 4; ++lane) {
      const double height = reduced_[j + lane];
      const double fall = row_[j + lane];
      const double ratio = ((height > 0.0 ? height : 0.0) + slack) / (fall > least ? fall : 1.0);
      double here = infinity;
      if (fall > least) here = ratio;
      low[lane] = here < low[lane] ? here : low[lane];
    }
  }
  const double bound = std::min(std::min(low[0], low[1]), std::min(low[2], low[3])) * (1.0 + 1e-14);
  std::size_t column = columns_;
  if (bound == infinity) return column;
  for (std::size_t j = 0; j < columns_; ++j) {
    if (!(reduced_[j] <= bound * row_[j]) || !(row_[j] > least)) continue;
    if (bland) return j;
    if (column == columns_ || row_[j] > row_[column]) column = j;
  }
  return column;
}

/// The column that replaces the basic one at `place`, whose value moves to zero from the side given by `sign`.
std::size_t Simplex::dual_entrance(std::size_t place, double sign, double tolerance, bool bland) {
  const double* inverse = inverse_.data() + place * rows_;
  Row weights{};
  for (std::size_t k = 0; k < rows_; ++k) weights[k] = -sign * inverse[k];
  subtract_products(weights, 0, width_, matrix_->zeros.data(), row_.data());
  return first_to_vanish(least_pivot * largest(weights, rows_), 0.01 * tolerance, bland);
}

void Simplex::pivot(std::size_t place, std::size_t column, const Row& direction, double step) {
  for (std::size_t i = 0; i < rows_; ++i) x_[i] -= step * direction[i];
  x_[place] = step;
  double* own = inverse_.data() + place * rows_;
  const double reciprocal = 1.0 / direction[place];
  for (std::size_t k = 0; k < rows_; ++k) own[k] *= reciprocal;
  for (std::size_t i = 0; i < rows_; ++i) {
    if (i == place || direction[i] == 0.0) continue;
    double* other = inverse_.data() + i * rows_;
    const double factor = direction[i];
    for (std::size_t k = 0; k < rows_; ++k) other[k] -= factor * own[k];
  }
  const std::size_t leaving = basis_[place];
  if (leaving < columns_ && enabled_[leaving]) {
    price_[leaving] = cost_[leaving];
    barrier_[leaving] = 0.0;
  }
  basis_[place] = column;
  if (column < columns_) price_[column] = barrier_[column] = infinity;
  ++pivots_;
  ++pivots_since_inversion_;
}

/// Unbounded never comes from the feasibility phase; there infeasible means that the sum of infeasibilities is least.
LpStatus Simplex::primal(Phase phase) {
  std::size_t still = 0;
  for (std::size_t left = iteration_limit(rows_, columns_); left > 0; --left) {
    if (pivots_since_inversion_ >= detail::inversion_interval) refactorise();
    const Row basic = basic_costs(phase);
    if (phase == Phase::feasibility && largest(basic, rows_) == 0.0) return LpStatus::optimal;
    const Row duals = weigh_rows(basic);
    const bool bland = still > patience;
    const std::size_t column = cheapest(duals, phase, price_tolerance(duals, basic), bland);
    const bool fresh = pivots_since_inversion_ == 0;
    if (column == columns_) {
      if (phase == Phase::optimality) return LpStatus::optimal;
      if (fresh) return LpStatus::infeasible;
      refactorise();
      continue;
    }
    const Row direction = entering_column(column);
    const Exit exit = primal_exit(direction, bland);
    const bool blocked = exit.place != max_rows;
    if (!fresh && (!blocked || std::abs(direction[exit.place]) < shaky_pivot)) {
      refactorise();
      continue;
    }
    if (!blocked) {
      if (!std::isfinite(largest(direction, rows_)) || phase == Phase::feasibility) give_up();
      return LpStatus::unbounded;
    }
    still = exit.step > value_tolerance_ ? 0 : still + 1;
    pivot(exit.place, column, direction, exit.step);
  }
  give_up();
}

/// From a basis with reduced costs reduced_ ≥ 0. Nothing when it does not get on: the primal method then takes over.
std::optional<LpStatus> Simplex::dual() {
  std::size_t still = 0;
  for (std::size_t left = iteration_limit(rows_, columns_); left > 0; --left) {
    const Row basic = basic_costs(Phase::optimality);
    const double tolerance = price_tolerance(weigh_rows(basic), basic);
    const bool bland = still > patience;
    std::size_t place = max_rows;
    for (std::size_t i = 0; i < rows_; ++i) {
      if (infeasibility(i) == 0.0) continue;
      if (place == max_rows || (bland ? basis_[i] < basis_[place] : infeasibility(i) > infeasibility(place))) place = i;
    }
    if (place == max_rows) return LpStatus::optimal;
    const double sign = x_[place] < 0.0 ? -1.0 : 1.0;
    const std::size_t column = dual_entrance(place, sign, tolerance, bland);
    const bool fresh = pivots_since_inversion_ == 0;
    if (column == columns_) return fresh ? std::optional(LpStatus::infeasible) : std::nullopt;
    const Row direction = entering_column(column);
    if (std::abs(direction[place]) < shaky_pivot && !fresh) return std::nullopt;
    const double gain = std::max(reduced_[column], 0.0) / row_[column];
    for (std::size_t j = 0; j < width_; ++j) reduced_[j] -= gain * row_[j];
    still = gain > tolerance ? 0 : still + 1;
    const std::size_t leaving = basis_[place];
    pivot(place, column, direction, x_[place] / direction[place]);
    if (leaving < columns_ && enabled_[leaving]) reduced_[leaving] = gain;
    reduced_[column] = infinity;
    if (pivots_since_inversion_ >= detail::inversion_interval && !refactorise()) return std::nullopt;
  }
  return std::nullopt;
}

// ---- The whole

LpStatus Simplex::solve() {
  if (solved_) return status_;
  if (!has_basis_) {
    start_cold();
  } else {
    evict_disabled();
  }
  status_ = run();
  solved_ = true;
  return status_;
}

std::optional<LpStatus> Simplex::solve_from(std::span<const std::size_t> basis) {
  check_size("basis", basis.size(), rows_);
  std::array<std::size_t, max_rows> wanted{};
  for (std::size_t i = 0; i < rows_; ++i) {
    if (basis[i] >= columns_ + rows_) {
      throw base::ParameterError("basis", std::to_string(basis[i]), "below " + std::to_string(columns_ + rows_));
    }
    wanted[i] = basis[i];
  }
  std::array<double, max_rows * max_rows> inverse;
  if (!invert(wanted, inverse)) return std::nullopt;
  install(wanted);
  inverse_ = inverse;
  pivots_since_inversion_ = 0;
  return solve();
}

LpStatus Simplex::run() {
  settle_values();
  for (int attempt = 0; attempt < 6; ++attempt) {
    bool feasible = true;
    for (std::size_t i = 0; i < rows_; ++i) feasible = feasible && infeasibility(i) == 0.0;
    if (!feasible) {
      const Row basic = basic_costs(Phase::optimality);
      const Row duals = weigh_rows(basic);
      const double tolerance = price_tolerance(duals, basic);
      subtract_products(duals, 0, width_, price_.data(), reduced_.data());
      std::optional<LpStatus> outcome;
      if (std::none_of(reduced_.begin(), reduced_.end(), [&](double z) { return z < -tolerance; })) outcome = dual();
      if (!outcome) outcome = primal(Phase::feasibility);
      if (*outcome == LpStatus::infeasible) return LpStatus::infeasible;
    }
    drive_out_artificials();
    if (primal(Phase::optimality) == LpStatus::unbounded) return LpStatus::unbounded;
    settle_values();
    const double residual = worst_residual();
    bool still_feasible = true;
    for (std::size_t i = 0; i < rows_; ++i) still_feasible = still_feasible && infeasibility(i) == 0.0;
    const bool fresh = pivots_since_inversion_ == 0;
    if (still_feasible && residual <= (fresh ? 1e-8 : 1e-12)) {
      publish();
      return LpStatus::optimal;
    }
    refactorise();
  }
  give_up();
}

}  // namespace closo::num
