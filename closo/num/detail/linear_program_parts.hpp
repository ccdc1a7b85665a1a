/// What the sources of the simplex method share: the scaled matrix, limits and checks of arguments.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "closo/num/linear_program.hpp"

namespace closo::num {

/// S A C with powers of two on the diagonals S and C, so that rows and columns have their largest element near one and
/// scaling does not round.
struct Simplex::Matrix {
  std::vector<double> by_column;  ///< rows × columns, column-major
  std::vector<double> by_row;     ///< row-major, rows padded with zeros
  Row row_scale{};
  std::vector<double> column_scale;
  std::vector<std::pair<std::size_t, std::size_t>> singletons;  ///< (row, column) of columns with one element
  std::vector<double> zeros;                                    ///< one per padded column
};

namespace detail {

inline constexpr std::size_t inversion_interval = 64;  ///< pivots until the inverse is computed afresh
inline constexpr std::size_t patience = 24;            ///< pivots without progress before Bland's rule
inline constexpr double shaky_pivot = 1e-6;            ///< smaller ones are worth a fresh inverse first

inline std::size_t iteration_limit(std::size_t rows, std::size_t columns) noexcept {
  return 5000 + 20 * (rows + columns);
}

/// Throws: NumericsError.
[[noreturn]] void give_up();

/// Largest magnitude of the first `size` elements.
inline double largest(const std::array<double, Simplex::max_rows>& values, std::size_t size) noexcept {
  double most = 0.0;
  for (std::size_t i = 0; i < size; ++i) most = std::max(most, std::abs(values[i]));
  return most;
}

/// Throws: ParameterError on a number that is not finite.
void check_finite(const char* name, std::span<const double> numbers);

/// Throws: ParameterError on a wrong size, a number that is not finite or an end that is not positive.
void check_direction(std::span<const double> direction, std::size_t size, double end);

}  // namespace detail
}  // namespace closo::num
