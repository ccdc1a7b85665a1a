#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "closo/num/detail/linear_program_parts.hpp"
#include "closo/num/linear_program.hpp"

namespace closo::num {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double dependent = 1e-11;  // pivot of columns whose largest element is near one
constexpr double nothing = 1e-9;     // element of a tableau row, relative to the row of the inverse

using detail::largest;

/// The larger, or NaN when either is.
double worse(double a, double b) noexcept { return b <= a || std::isnan(a) ? a : b; }

}  // namespace

// ---- The basis and its inverse

/// Gauss-Jordan elimination with row exchanges; false when the columns are dependent.
bool Simplex::invert(const std::array<std::size_t, max_rows>& basis,
                     std::array<double, max_rows * max_rows>& inverse) const {
  const std::size_t m = rows_;
  std::array<double, max_rows * max_rows> work;
  std::fill(inverse.begin(), inverse.begin() + m * m, 0.0);
  for (std::size_t i = 0; i < m; ++i) {
    inverse[i * m + i] = 1.0;
    for (std::size_t k = 0; k < m; ++k) {
      work[k * m + i] = basis[i] < columns_        ? matrix_->by_column[basis[i] * m + k]
                        : basis[i] == columns_ + k ? 1.0
                                                   : 0.0;
    }
  }
  for (std::size_t i = 0; i < m; ++i) {
    std::size_t top = i;
    for (std::size_t k = i + 1; k < m; ++k) {
      if (std::abs(work[k * m + i]) > std::abs(work[top * m + i])) top = k;
    }
    if (!(std::abs(work[top * m + i]) > dependent)) return false;
    if (top != i) {
      std::swap_ranges(work.begin() + i * m, work.begin() + (i + 1) * m, work.begin() + top * m);
      std::swap_ranges(inverse.begin() + i * m, inverse.begin() + (i + 1) * m, inverse.begin() + top * m);
    }
    const double reciprocal = 1.0 / work[i * m + i];
    for (std::size_t k = 0; k < m; ++k) {
      work[i * m + k] *= reciprocal;
      inverse[i * m + k] *= reciprocal;
    }
    for (std::size_t other = 0; other < m; ++other) {
      const double factor = work[other * m + i];
      if (other == i || factor == 0.0) continue;
      for (std::size_t k = i; k < m; ++k) work[other * m + k] -= factor * work[i * m + k];
      for (std::size_t k = 0; k < m; ++k) inverse[other * m + k] -= factor * inverse[i * m + k];
    }
  }
  return true;
}

/// Takes the basis; the inverse is the caller's task.
void Simplex::install(const std::array<std::size_t, max_rows>& basis) {
  for (std::size_t i = 0; i < rows_; ++i) {
    const std::size_t leaving = basis_[i];
    if (leaving >= columns_ || !enabled_[leaving]) continue;
    barrier_[leaving] = 0.0;
    price_[leaving] = cost_[leaving];
  }
  basis_ = basis;
  for (std::size_t i = 0; i < rows_; ++i) {
    if (!is_artificial(i)) barrier_[basis_[i]] = price_[basis_[i]] = infinity;
  }
  pivots_since_inversion_ = 0;
  has_basis_ = true;
  solved_ = false;
  artificials_settled_ = false;
}

/// In each row the cheapest column with that row alone and the right sign, else an artificial one.
void Simplex::start_cold() {
  std::array<std::size_t, max_rows> basis{};
  Row best;
  best.fill(infinity);
  for (std::size_t k = 0; k < rows_; ++k) basis[k] = columns_ + k;
  std::fill(inverse_.begin(), inverse_.begin() + rows_ * rows_, 0.0);
  for (std::size_t k = 0; k < rows_; ++k) inverse_[k * rows_ + k] = 1.0;
  for (const auto& [row, column] : matrix_->singletons) {
    const double element = matrix_->by_column[column * rows_ + row];
    if (!enabled_[column] || element * rhs_[row] < 0.0) continue;
    const double price = cost_[column] / std::abs(element);
    if (price >= best[row]) continue;
    best[row] = price;
    basis[row] = column;
    inverse_[row * rows_ + row] = 1.0 / element;
  }
  install(basis);
}

/// Puts artificial columns in the places of disabled ones; the methods drive them out.
void Simplex::evict_disabled() {
  for (std::size_t i = 0; i < rows_; ++i) {
    if (is_artificial(i) || enabled_[basis_[i]]) continue;
    const double* own = inverse_.data() + i * rows_;
    const auto top = static_cast<std::size_t>(
        std::max_element(own, own + rows_, [](double a, double b) { return std::abs(a) < std::abs(b); }) - own);
    Row direction{};
    for (std::size_t k = 0; k < rows_; ++k) direction[k] = inverse_[k * rows_ + top];
    pivot(i, columns_ + top, direction, x_[i] / direction[i]);
    artificials_settled_ = false;
  }
}

/// Exchanges artificial columns at zero for any column with an element in their row; redundant rows have none.
void Simplex::drive_out_artificials() {
  if (artificials_settled_) return;
  for (std::size_t i = 0; i < rows_; ++i) {
    if (!is_artificial(i) || infeasibility(i) > 0.0) continue;
    Row weights{};
    for (std::size_t k = 0; k < rows_; ++k) weights[k] = inverse_[i * rows_ + k];
    subtract_products(weights, 0, width_, matrix_->zeros.data(), row_.data());
    double most = nothing * largest(weights, rows_);
    std::size_t column = columns_;
    for (std::size_t j = 0; j < columns_; ++j) {
      if (barrier_[j] != 0.0 || !(std::abs(row_[j]) > most)) continue;
      most = std::abs(row_[j]);
      column = j;
    }
    if (column == columns_) continue;
    const Row direction = entering_column(column);
    pivot(i, column, direction, x_[i] / direction[i]);
  }
  artificials_settled_ = true;
}

/// False when the basis had become dependent and the cold start took its place.
bool Simplex::refactorise() {
  const bool independent = invert(basis_, inverse_);
  if (!independent) start_cold();
  pivots_since_inversion_ = 0;
  settle_values();
  return independent;
}

void Simplex::settle_values() {
  for (std::size_t i = 0; i < rows_; ++i) {
    const double* own = inverse_.data() + i * rows_;
    double sum = 0.0;
    for (std::size_t k = 0; k < rows_; ++k) sum += own[k] * rhs_[k];
    x_[i] = sum;
  }
  value_tolerance_ = 1e-10 * std::max(largest(rhs_, rows_), largest(x_, rows_));
}

/// Of B x = b and y B = c, relative to the numbers in them; NaN when one of them is not finite.
double Simplex::worst_residual() const {
  const Row basic = basic_costs(Phase::optimality);
  const Row y = weigh_rows(basic);
  Row primal = rhs_;
  double dual = 0.0;
  for (std::size_t i = 0; i < rows_; ++i) {
    double difference = basic[i];
    if (is_artificial(i)) {
      primal[basis_[i] - columns_] -= x_[i];
      difference -= y[basis_[i] - columns_];
    } else {
      const double* column = matrix_->by_column.data() + basis_[i] * rows_;
      for (std::size_t k = 0; k < rows_; ++k) {
        primal[k] -= x_[i] * column[k];
        difference -= y[k] * column[k];
      }
    }
    dual = worse(dual, std::abs(difference));
  }
  double worst = 0.0;
  const double size = largest(rhs_, rows_) + largest(x_, rows_);
  for (std::size_t k = 0; k < rows_; ++k) worst = worse(worst, std::abs(primal[k]));
  if (size > 0.0) worst /= size;
  const double cost = largest(y, rows_) + largest(basic, rows_);
  return worse(worst, cost > 0.0 ? dual / cost : dual);
}

// ---- Results

/// What one scaled unit of the basic column at `place` is in the caller's units.
double Simplex::scale_at(std::size_t place) const {
  return is_artificial(place) ? 1.0 / matrix_->row_scale[basis_[place] - columns_]
                              : matrix_->column_scale[basis_[place]];
}

void Simplex::publish() {
  const Row y = weigh_rows(basic_costs(Phase::optimality));
  for (std::size_t i = 0; i < rows_; ++i) {
    values_[i] = std::max(x_[i], 0.0) * scale_at(i);
    duals_[i] = y[i] * matrix_->row_scale[i];
  }
}

double Simplex::objective() const noexcept {
  double sum = 0.0;
  for (std::size_t i = 0; i < rows_; ++i) {
    if (!is_artificial(i)) sum += cost_[basis_[i]] * std::max(x_[i], 0.0);
  }
  return sum;
}

std::span<const std::size_t> Simplex::basis() const noexcept { return {basis_.data(), rows_}; }
std::span<const double> Simplex::values() const noexcept { return {values_.data(), rows_}; }
std::span<const double> Simplex::duals() const noexcept { return {duals_.data(), rows_}; }
std::size_t Simplex::pivots() const noexcept { return pivots_; }

double Simplex::reduced_cost(std::size_t column) const noexcept {
  const double* a = matrix_->by_column.data() + column * rows_;
  double sum = cost_[column];
  for (std::size_t k = 0; k < rows_; ++k) sum -= duals_[k] / matrix_->row_scale[k] * a[k];
  return sum / matrix_->column_scale[column];
}

std::vector<std::size_t> Simplex::alternatives(double tolerance) const {
  std::vector<std::size_t> out;
  for (std::size_t j = 0; j < columns_; ++j) {
    if (barrier_[j] == 0.0 && reduced_cost(j) < tolerance) out.push_back(j);
  }
  return out;
}

bool Simplex::is_degenerate() const noexcept {
  double least = infinity;
  double most = 0.0;
  for (std::size_t i = 0; i < rows_; ++i) {
    most = std::max(most, values_[i]);
    if (!is_artificial(i)) least = std::min(least, values_[i]);
  }
  return least <= 1e-9 * most;
}

LpCertificate Simplex::certificate() const {
  LpCertificate out;
  Row residual = rhs_;
  double dual_objective = 0.0;
  for (std::size_t i = 0; i < rows_; ++i) {
    out.primal_residual = std::max(out.primal_residual, -x_[i] * scale_at(i));
    if (is_artificial(i)) continue;  // not part of the program: what it holds is an error of the row
    const double* column = matrix_->by_column.data() + basis_[i] * rows_;
    for (std::size_t k = 0; k < rows_; ++k) residual[k] -= x_[i] * column[k];
  }
  for (std::size_t k = 0; k < rows_; ++k) {
    out.primal_residual = std::max(out.primal_residual, std::abs(residual[k]) / matrix_->row_scale[k]);
    dual_objective += rhs_[k] / matrix_->row_scale[k] * duals_[k];
  }
  for (std::size_t j = 0; j < columns_; ++j) {
    if (enabled_[j]) out.dual_infeasibility = std::max(out.dual_infeasibility, -reduced_cost(j));
  }
  out.gap = std::abs(objective() - dual_objective);
  return out;
}

}  // namespace closo::num
