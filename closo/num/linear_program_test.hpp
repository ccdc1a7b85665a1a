/// Programs for the tests of the simplex method, the same on every machine.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "closo/num/linear_program.hpp"

namespace closo::num {

/// splitmix64 (S. Vigna, public domain).
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
  }
  double uniform() { return static_cast<double>(next() >> 11U) * 0x1p-53; }
  std::size_t below(std::size_t count) { return next() % count; }
  double integer(int low, int high) { return low + static_cast<int>(below(static_cast<std::size_t>(high - low + 1))); }

 private:
  std::uint64_t state_;
};

struct LinearProgram {
  std::size_t rows = 0;
  std::vector<double> columns;  ///< column-major
  std::vector<double> cost;
  std::vector<double> rhs;

  Simplex simplex() const { return Simplex(rows, columns, cost, rhs); }
  double at(std::size_t row, std::size_t column) const { return columns[column * rows + row]; }
};

/// Elements at zero energy and compounds of two to four of them, as fractions; right-hand side: one of each element.
inline LinearProgram phases(std::size_t elements, std::size_t count, std::uint64_t seed) {
  Draws draws(seed);
  LinearProgram out;
  out.rows = elements;
  out.rhs.assign(elements, 1.0);
  for (std::size_t j = 0; j < count; ++j) {
    std::vector<double> amounts(elements, 0.0);
    double energy = 0.0;
    if (j < elements) {
      amounts[j] = 1.0;
    } else {
      const std::size_t parts = 2 + draws.below(std::min<std::size_t>(elements, 4) - 1);
      for (std::size_t part = 0; part < parts; ++part) amounts[draws.below(elements)] += draws.integer(1, 6);
      const double total = std::accumulate(amounts.begin(), amounts.end(), 0.0);
      double order = 0.0;
      for (double& amount : amounts) {
        amount /= total;
        order += amount * amount;
      }
      energy = -1.2 * (1.0 - order) + 0.25 * draws.uniform();
    }
    out.columns.insert(out.columns.end(), amounts.begin(), amounts.end());
    out.cost.push_back(energy);
  }
  return out;
}

/// Any small program: dense or sparse, whole numbers or not, often degenerate, sometimes with a redundant row,
/// infeasible or unbounded.
inline LinearProgram any_program(std::uint64_t seed) {
  Draws draws(seed);
  LinearProgram out;
  out.rows = 1 + draws.below(9);
  const std::size_t count = 2 + draws.below(40);
  const std::size_t kind = draws.below(5);
  for (std::size_t i = 0; i < out.rows * count; ++i) {
    double element = 0.0;
    if (kind == 0) {
      element = draws.uniform() - 0.3;
    } else if (kind == 1) {
      element = draws.below(3) == 0 ? draws.integer(-1, 3) : 0.0;
    } else if (kind == 2) {
      element = draws.below(2) == 0 ? draws.uniform() : 0.0;
    } else if (kind == 3) {
      element = draws.below(3) == 0 ? draws.integer(0, 3) : 0.0;
    } else {
      element = draws.integer(-1, 1);
    }
    out.columns.push_back(element);
  }
  for (std::size_t j = 0; j < count; ++j) {
    out.cost.push_back(kind % 2 == 1 ? draws.integer(-1, 4) : draws.uniform() - 0.1);
  }
  out.rhs.assign(out.rows, 0.0);
  if (draws.below(5) == 0) {
    for (double& right : out.rhs) right = draws.integer(-1, 3);
  } else {
    for (std::size_t j = 0; j < count; ++j) {
      const double x = draws.below(3) != 0 ? 0.0 : kind == 3 ? draws.integer(0, 2) : draws.uniform();
      for (std::size_t k = 0; k < out.rows; ++k) out.rhs[k] += x * out.at(k, j);
    }
  }
  if (out.rows > 1 && draws.below(5) == 0) {
    for (std::size_t j = 0; j < count; ++j) out.columns[j * out.rows + out.rows - 1] = 2.0 * out.at(0, j);
    out.rhs[out.rows - 1] = 2.0 * out.rhs[0];
  }
  return out;
}

/// What is wrong with an optimum, from the data alone: A x = b, x ≥ 0, reduced costs ≥ 0 and zero for what is in use,
/// equal objectives, nothing disabled in use. Empty when all is well.
inline std::string fault_of(const LinearProgram& program, const Simplex& simplex,
                            const std::vector<char>& enabled = {}) {
  const auto largest = [](const std::vector<double>& numbers) {
    double most = 1e-300;
    for (const double number : numbers) most = std::max(most, std::abs(number));
    return most;
  };
  const double cost = largest(program.cost);
  const double right = largest(program.rhs);
  const double element = largest(program.columns);
  const auto usable = [&](std::size_t j) { return enabled.empty() || enabled[j] != 0; };
  std::string fault;
  const auto require = [&fault](bool holds, const char* what, std::size_t where) {
    if (!holds) fault += std::string(what) + " " + std::to_string(where) + "; ";
  };

  std::vector<double> x(program.cost.size(), 0.0);
  double primal = 0.0;
  for (std::size_t i = 0; i < program.rows; ++i) {
    const std::size_t j = simplex.basis()[i];
    require(simplex.values()[i] >= 0.0, "negative value", i);
    if (j >= x.size()) {
      require(simplex.values()[i] <= 1e-9 * right, "artificial column in use", i);
      continue;
    }
    x[j] = simplex.values()[i];
    primal += program.cost[j] * x[j];
    require(std::abs(simplex.reduced_cost(j)) <= 1e-8 * cost, "reduced cost of the basic column", j);
    require(usable(j), "disabled column", j);
  }
  double dual = 0.0;
  for (std::size_t k = 0; k < program.rows; ++k) {
    double sum = 0.0;
    double size = right;
    for (std::size_t j = 0; j < x.size(); ++j) {
      sum += program.at(k, j) * x[j];
      size = std::max(size, std::abs(program.at(k, j) * x[j]));
    }
    require(std::abs(sum - program.rhs[k]) <= 1e-9 * size, "residual of row", k);
    dual += program.rhs[k] * simplex.duals()[k];
  }
  for (std::size_t j = 0; j < x.size(); ++j) {
    double reduced = program.cost[j];
    double size = cost;
    for (std::size_t k = 0; k < program.rows; ++k) {
      reduced -= simplex.duals()[k] * program.at(k, j);
      size = std::max(size, std::abs(simplex.duals()[k]) * element);
    }
    require(std::abs(reduced - simplex.reduced_cost(j)) <= 1e-12 * size, "reduced_cost() of column", j);
    require(!usable(j) || reduced >= -1e-9 * size, "negative reduced cost of column", j);
  }
  const double size = std::abs(primal) + cost * right / element;
  require(std::abs(primal - simplex.objective()) <= 1e-9 * size, "objective", 0);
  require(std::abs(dual - simplex.objective()) <= 1e-8 * size, "dual objective", 0);
  return fault;
}

}  // namespace closo::num
