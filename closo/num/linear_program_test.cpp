#include "closo/num/linear_program.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/num/linear_program_test.hpp"

namespace closo::num {
namespace {

TEST(LinearProgram, SolvesATextbookCase) {
  // V. Chvátal, Linear Programming (1983), p. 13: maximise 5 x1 + 4 x2 + 3 x3 with three slack columns; optimum 13.
  const LinearProgram program{
      3, {2, 4, 3, 3, 1, 4, 1, 2, 2, 1, 0, 0, 0, 1, 0, 0, 0, 1}, {-5, -4, -3, 0, 0, 0}, {5, 11, 8}};
  Simplex simplex = program.simplex();
  ASSERT_EQ(simplex.solve(), LpStatus::optimal);
  EXPECT_NEAR(simplex.objective(), -13.0, 1e-12);
  EXPECT_EQ(fault_of(program, simplex), "");
  EXPECT_EQ(simplex.rows(), 3U);
  EXPECT_EQ(simplex.columns(), 6U);
  EXPECT_GT(simplex.pivots(), 0U);
  const std::vector<double> duals(simplex.duals().begin(), simplex.duals().end());
  EXPECT_NEAR(duals[0], -1.0, 1e-12);
  EXPECT_NEAR(duals[1], 0.0, 1e-12);
  EXPECT_NEAR(duals[2], -1.0, 1e-12);
}

TEST(LinearProgram, MeetsTheConditionsOfOptimality) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const LinearProgram program = phases(2 + seed % 8, 20 + 30 * seed, seed);
    Simplex simplex = program.simplex();
    ASSERT_EQ(simplex.solve(), LpStatus::optimal);
    EXPECT_EQ(fault_of(program, simplex), "");
    EXPECT_LT(simplex.certificate().primal_residual, 1e-11);
    EXPECT_LT(simplex.certificate().dual_infeasibility, 1e-10);
    EXPECT_LT(simplex.certificate().gap, 1e-10);
  }
}

TEST(LinearProgram, WarmSolvesMeetTheConditionsOfOptimality) {
  std::array<int, 3> outcomes{};
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    LinearProgram program = any_program(seed);
    Draws draws(seed + 100000);
    std::vector<char> enabled(program.cost.size(), 1);
    Simplex simplex = program.simplex();
    for (int change = 0; change < 6; ++change) {
      const LpStatus status = simplex.solve();
      ++outcomes[static_cast<std::size_t>(status)];
      if (status == LpStatus::optimal) {
        EXPECT_EQ(fault_of(program, simplex, enabled), "");
      }
      Simplex cold = program.simplex();
      for (std::size_t j = 0; j < enabled.size(); ++j) cold.enable(j, enabled[j] != 0);
      ASSERT_EQ(cold.solve(), status) << "change " << change;
      if (status == LpStatus::optimal) {
        ASSERT_NEAR(cold.objective(), simplex.objective(), 1e-8 * (1 + std::abs(cold.objective())));
      }
      const std::size_t what = draws.below(4);
      if (what == 0 || what == 2) {
        for (double& cost : program.cost) cost += draws.integer(-1, 1) * (seed % 2 == 0 ? 1.0 : 0.37);
        simplex.set_cost(program.cost);
      }
      if (what == 1 || what == 2) {
        for (std::size_t j = 0; j < enabled.size(); ++j) {
          const double x = draws.below(4) == 0 ? draws.integer(0, 2) : 0.0;
          for (std::size_t k = 0; k < program.rows; ++k) program.rhs[k] += x * program.at(k, j);
        }
        simplex.set_rhs(program.rhs);
      }
      if (what == 3) {
        const std::size_t j = draws.below(enabled.size());
        enabled[j] = enabled[j] ? 0 : 1;
        simplex.enable(j, enabled[j] != 0);
      }
    }
  }
  for (const int count : outcomes) EXPECT_GT(count, 300);
}

TEST(LinearProgram, DualsAreTheSlopesOfTheObjective) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    LinearProgram program = phases(5, 120, seed);
    Draws draws(seed);
    for (double& right : program.rhs) right += 0.3 * draws.uniform();
    Simplex simplex = program.simplex();
    ASSERT_EQ(simplex.solve(), LpStatus::optimal);
    if (simplex.is_degenerate()) continue;
    const double objective = simplex.objective();
    const std::vector<double> duals(simplex.duals().begin(), simplex.duals().end());
    for (std::size_t k = 0; k < program.rows; ++k) {
      std::vector<double> moved = program.rhs;
      moved[k] += 1e-6;
      simplex.set_rhs(moved);
      ASSERT_EQ(simplex.solve(), LpStatus::optimal);
      EXPECT_NEAR((simplex.objective() - objective) / 1e-6, duals[k], 1e-7);
    }
  }
}

TEST(LinearProgram, OrderOfRowsAndColumnsChangesNothing) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const LinearProgram program = any_program(seed);
    const std::size_t count = program.cost.size();
    Draws draws(seed);
    std::vector<std::size_t> rows(program.rows);
    std::vector<std::size_t> columns(count);
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    std::iota(columns.begin(), columns.end(), std::size_t{0});
    for (std::size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[draws.below(i)]);
    for (std::size_t i = count; i > 1; --i) std::swap(columns[i - 1], columns[draws.below(i)]);
    LinearProgram other;
    other.rows = program.rows;
    for (const std::size_t j : columns) {
      for (const std::size_t k : rows) other.columns.push_back(program.at(k, j));
      other.cost.push_back(program.cost[j]);
    }
    for (const std::size_t k : rows) other.rhs.push_back(program.rhs[k]);
    Simplex a = program.simplex();
    Simplex b = other.simplex();
    ASSERT_EQ(a.solve(), b.solve()) << "seed " << seed;
    if (a.solve() == LpStatus::optimal) {
      EXPECT_NEAR(a.objective(), b.objective(), 1e-9 * (1 + std::abs(a.objective())));
    }
  }
}

TEST(LinearProgram, UnitsOfRowsCostsAndAmountsChangeNothing) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const LinearProgram program = any_program(seed);
    Simplex simplex = program.simplex();
    const LpStatus status = simplex.solve();
    LinearProgram scaled = program;
    const double cost_unit = seed % 3 == 0 ? 1e4 : 1e-4;
    const double right_unit = seed % 2 == 0 ? 1e3 : 1e-5;
    for (double& cost : scaled.cost) cost *= cost_unit;
    for (std::size_t k = 0; k < program.rows; ++k) {
      const double row_unit = k % 2 == 0 ? 1e3 : 0.07;
      for (std::size_t j = 0; j < program.cost.size(); ++j) scaled.columns[j * program.rows + k] *= row_unit;
      scaled.rhs[k] *= row_unit * right_unit;
    }
    Simplex other = scaled.simplex();
    ASSERT_EQ(other.solve(), status);
    if (status != LpStatus::optimal) continue;
    const double unit = cost_unit * right_unit;
    EXPECT_NEAR(other.objective(), simplex.objective() * unit, 1e-8 * unit * (1 + std::abs(simplex.objective())));
    EXPECT_LE(other.certificate().dual_infeasibility, 1e-9 * cost_unit);
  }
}

TEST(LinearProgram, PhasesPerFormulaUnitAndPerAtomGiveTheSameHull) {
  LinearProgram fractions = phases(6, 300, 5);
  LinearProgram amounts = fractions;
  Draws draws(9);
  for (std::size_t j = 0; j < amounts.cost.size(); ++j) {
    const double size = std::floor(1.0 + 999.0 * draws.uniform());
    for (std::size_t k = 0; k < amounts.rows; ++k) amounts.columns[j * amounts.rows + k] *= size;
    amounts.cost[j] *= size;
  }
  Simplex a = fractions.simplex();
  Simplex b = amounts.simplex();
  ASSERT_EQ(a.solve(), LpStatus::optimal);
  ASSERT_EQ(b.solve(), LpStatus::optimal);
  EXPECT_NEAR(a.objective(), b.objective(), 1e-10);
  for (std::size_t k = 0; k < a.rows(); ++k) EXPECT_NEAR(a.duals()[k], b.duals()[k], 1e-9);
}

// Programs on which the simplex method with the largest coefficient and the first of equal rows runs in circles.

TEST(LinearProgram, BealesExampleEnds) {
  // E. M. L. Beale, Nav. Res. Logist. Q. 2 (1955) 269, DOI 10.1002/nav.3800020406.
  const LinearProgram program{3,
                              {1, 0, 0, 0, 1, 0, 0, 0, 1, 0.25, 0.5, 0, -60, -90, 0, -1.0 / 25, -1.0 / 50, 1, 9, 3, 0},
                              {0, 0, 0, -0.75, 150, -0.02, 6},
                              {0, 0, 1}};
  Simplex simplex = program.simplex();
  ASSERT_EQ(simplex.solve(), LpStatus::optimal);
  EXPECT_NEAR(simplex.objective(), -0.05, 1e-14);
  EXPECT_LT(simplex.pivots(), 60U);
  EXPECT_EQ(fault_of(program, simplex), "");
}

TEST(LinearProgram, KuhnsExampleEnds) {
  // H. W. Kuhn's example as given by M. L. Balinski, A. W. Tucker, SIAM Rev. 11 (1969) 347, DOI 10.1137/1011060.
  const LinearProgram program{3,
                              {1, 0, 0, 0, 1, 0, 0, 0, 1, -2, 1.0 / 3, 2, -9, 1, 3, 1, -1.0 / 3, -1, 9, -2, -12},
                              {0, 0, 0, -2, -3, 1, 12},
                              {0, 0, 2}};
  Simplex simplex = program.simplex();
  ASSERT_EQ(simplex.solve(), LpStatus::optimal);
  EXPECT_NEAR(simplex.objective(), -2.0, 1e-12);
  EXPECT_LT(simplex.pivots(), 60U);
  EXPECT_EQ(fault_of(program, simplex), "");
}

TEST(LinearProgram, MarshallAndSuurballesExampleEnds) {
  // K. T. Marshall, J. W. Suurballe, Nav. Res. Logist. Q. 16 (1969) 121, with the bound x1 <= 1 of V. Chvátal (1983),
  // p. 31.
  const LinearProgram program{3,
                              {0.5, 0.5, 1, -5.5, -1.5, 0, -2.5, -0.5, 0, 9, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1},
                              {-10, 57, 9, 24, 0, 0, 0},
                              {0, 0, 1}};
  Simplex simplex = program.simplex();
  ASSERT_EQ(simplex.solve(), LpStatus::optimal);
  EXPECT_NEAR(simplex.objective(), -1.0, 1e-12);
  EXPECT_LT(simplex.pivots(), 60U);
  EXPECT_EQ(fault_of(program, simplex), "");
}

TEST(LinearProgram, AssignmentsEndDespiteTheirDegeneracy) {
  // Every vertex of an n × n assignment has n - 1 basic values at zero, and one row is redundant.
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const std::size_t n = 4;
    Draws draws(seed);
    LinearProgram program;
    program.rows = 2 * n;
    program.rhs.assign(2 * n, 1.0);
    std::array<std::array<double, 4>, 4> cost{};
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        std::vector<double> column(2 * n, 0.0);
        column[i] = column[n + j] = 1.0;
        program.columns.insert(program.columns.end(), column.begin(), column.end());
        program.cost.push_back(cost[i][j] = draws.integer(0, 9));
      }
    }
    std::array<std::size_t, 4> order{0, 1, 2, 3};
    double best = 1e300;
    do {
      double sum = 0.0;
      for (std::size_t i = 0; i < n; ++i) sum += cost[i][order[i]];
      best = std::min(best, sum);
    } while (std::next_permutation(order.begin(), order.end()));
    Simplex simplex = program.simplex();
    ASSERT_EQ(simplex.solve(), LpStatus::optimal);
    EXPECT_NEAR(simplex.objective(), best, 1e-12);
    EXPECT_TRUE(simplex.is_degenerate());
    EXPECT_EQ(fault_of(program, simplex), "");
  }
}

TEST(LinearProgram, ConesEndAlthoughEveryPivotIsDegenerate) {
  std::size_t pivots = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Draws draws(seed);
    LinearProgram program;
    program.rows = 8 + seed % 20;
    program.rhs.assign(program.rows, 0.0);
    std::vector<double> duals;
    for (std::size_t k = 0; k < program.rows; ++k) duals.push_back(draws.integer(-2, 2));
    for (std::size_t j = 0; j < 150; ++j) {
      double cost = draws.integer(0, 2);
      for (std::size_t k = 0; k < program.rows; ++k) {
        program.columns.push_back(draws.integer(-2, 2));
        cost += duals[k] * program.columns.back();
      }
      program.cost.push_back(cost);
    }
    Simplex simplex = program.simplex();
    ASSERT_EQ(simplex.solve(), LpStatus::optimal);
    EXPECT_EQ(simplex.objective(), 0.0);
    EXPECT_EQ(fault_of(program, simplex), "");
    pivots = std::max(pivots, simplex.pivots() - program.rows);
  }
  EXPECT_GT(pivots, 60U);  // far beyond the patience with the largest coefficient
}

TEST(LinearProgram, TellsInfeasibleFromUnbounded) {
  Simplex infeasible(1, {1, 2}, {1, 1}, {-1});
  EXPECT_EQ(infeasible.solve(), LpStatus::infeasible);
  infeasible.set_rhs(std::vector<double>{1});
  EXPECT_EQ(infeasible.solve(), LpStatus::optimal);
  EXPECT_NEAR(infeasible.objective(), 0.5, 1e-15);

  Simplex unbounded(1, {1, -1}, {-1, 0.5}, {1});
  EXPECT_EQ(unbounded.solve(), LpStatus::unbounded);
  unbounded.set_cost(std::vector<double>{-1, 1.5});
  EXPECT_EQ(unbounded.solve(), LpStatus::optimal);
  EXPECT_NEAR(unbounded.objective(), -1.0, 1e-15);

  // Two parallel lines: no common point, whatever the costs.
  Simplex parallel(2, {1, 1, 1, 1}, {-1, -1}, {1, 2});
  EXPECT_EQ(parallel.solve(), LpStatus::infeasible);

  Simplex no_columns(1, {}, {}, {1});
  EXPECT_EQ(no_columns.solve(), LpStatus::infeasible);
  no_columns.set_rhs(std::vector<double>{0});
  EXPECT_EQ(no_columns.solve(), LpStatus::optimal);
  EXPECT_EQ(no_columns.objective(), 0.0);
}

TEST(LinearProgram, TakesAsManyRowsAsItSays) {
  Draws draws(3);
  LinearProgram program;
  program.rows = Simplex::max_rows;
  program.rhs.assign(program.rows, 0.0);
  for (std::size_t j = 0; j < 150; ++j) {
    const double x = draws.uniform();
    for (std::size_t k = 0; k < program.rows; ++k) {
      program.columns.push_back(draws.uniform() - 0.2);
      program.rhs[k] += x * program.columns.back();
    }
    program.cost.push_back(draws.uniform());
  }
  Simplex simplex = program.simplex();
  ASSERT_EQ(simplex.solve(), LpStatus::optimal);
  EXPECT_EQ(fault_of(program, simplex), "");
}

TEST(LinearProgram, CopiesAreIndependent) {
  const LinearProgram program = phases(4, 60, 1);
  Simplex original = program.simplex();
  ASSERT_EQ(original.solve(), LpStatus::optimal);
  const double objective = original.objective();
  Simplex copy = original;
  copy.set_cost(std::vector<double>(60, 1.0));
  copy.enable(7, false);
  copy.set_rhs(std::vector<double>{1, 2, 3, 4});
  ASSERT_EQ(copy.solve(), LpStatus::optimal);
  EXPECT_NEAR(copy.objective(), 10.0, 1e-12);
  EXPECT_EQ(original.solve(), LpStatus::optimal);
  EXPECT_EQ(original.objective(), objective);
  EXPECT_EQ(fault_of(program, original), "");
}

TEST(LinearProgram, RefusesWrongData) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinite = std::numeric_limits<double>::infinity();
  EXPECT_THROW(Simplex(0, {}, {}, {}), base::ParameterError);
  EXPECT_THROW(Simplex(33, std::vector<double>(33), {1}, std::vector<double>(33)), base::ParameterError);
  EXPECT_THROW(Simplex(2, {1, 2, 3}, {1}, {1, 1}), base::ParameterError);
  EXPECT_THROW(Simplex(2, {1, 2}, {1}, {1}), base::ParameterError);
  EXPECT_THROW(Simplex(1, {nan}, {1}, {1}), base::ParameterError);
  EXPECT_THROW(Simplex(1, {1}, {infinite}, {1}), base::ParameterError);
  EXPECT_THROW(Simplex(1, {1}, {1}, {nan}), base::ParameterError);
  Simplex simplex(1, {1, 2}, {1, 1}, {1});
  EXPECT_THROW(simplex.set_cost(std::vector<double>{1}), base::ParameterError);
  EXPECT_THROW(simplex.set_cost(std::vector<double>{1, nan}), base::ParameterError);
  EXPECT_THROW(simplex.set_rhs(std::vector<double>{1, 1}), base::ParameterError);
  EXPECT_THROW(simplex.set_rhs(std::vector<double>{infinite}), base::ParameterError);
  EXPECT_THROW(simplex.enable(2, false), base::ParameterError);
  EXPECT_EQ(simplex.solve(), LpStatus::optimal);
  EXPECT_NEAR(simplex.objective(), 0.5, 1e-15);
}

TEST(LinearProgram, SaysWhenNumbersOverflow) {
  Simplex simplex(1, {1e-200}, {1}, {1e200});
  EXPECT_THROW(simplex.solve(), base::NumericsError);
}

}  // namespace
}  // namespace closo::num
