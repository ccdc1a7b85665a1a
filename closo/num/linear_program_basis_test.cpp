#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/num/linear_program.hpp"
#include "closo/num/linear_program_test.hpp"

namespace closo::num {
namespace {

TEST(LinearProgramBasis, StartsFromAnyIndependentColumns) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const LinearProgram program = phases(4, 40, seed);
    Simplex cold = program.simplex();
    ASSERT_EQ(cold.solve(), LpStatus::optimal);
    Draws draws(seed);
    Simplex simplex = program.simplex();
    for (int attempt = 0; attempt < 10; ++attempt) {
      std::array<std::size_t, 4> start{};
      for (std::size_t& column : start) column = draws.below(44);
      const std::optional<LpStatus> status = simplex.solve_from(start);
      if (!status) continue;
      EXPECT_EQ(*status, LpStatus::optimal);
      EXPECT_NEAR(simplex.objective(), cold.objective(), 1e-11);
      EXPECT_EQ(fault_of(program, simplex), "");
    }
  }
}

TEST(LinearProgramBasis, TheOptimalBasisNeedsNoPivot) {
  const LinearProgram program = phases(5, 200, 3);
  Simplex first = program.simplex();
  ASSERT_EQ(first.solve(), LpStatus::optimal);
  Simplex second = program.simplex();
  ASSERT_EQ(second.solve_from(first.basis()), LpStatus::optimal);
  EXPECT_EQ(second.pivots(), 0U);
  EXPECT_NEAR(second.objective(), first.objective(), 1e-13);
  ASSERT_EQ(second.solve_from(second.basis()), LpStatus::optimal);
}

TEST(LinearProgramBasis, DependentColumnsChangeNothing) {
  const LinearProgram program = phases(3, 30, 2);
  Simplex simplex = program.simplex();
  ASSERT_EQ(simplex.solve(), LpStatus::optimal);
  const std::vector<std::size_t> basis(simplex.basis().begin(), simplex.basis().end());
  const double objective = simplex.objective();
  EXPECT_FALSE(simplex.solve_from(std::vector<std::size_t>{0, 1, 0}));
  EXPECT_TRUE(std::equal(basis.begin(), basis.end(), simplex.basis().begin()));
  EXPECT_EQ(simplex.objective(), objective);
  EXPECT_EQ(simplex.solve(), LpStatus::optimal);

  Simplex parallel(2, {1, 2, 2, 4, 0, 1}, {1, 1, 1}, {1, 2});
  EXPECT_FALSE(parallel.solve_from(std::vector<std::size_t>{0, 1}));
  EXPECT_TRUE(parallel.solve_from(std::vector<std::size_t>{0, 2}));
}

TEST(LinearProgramBasis, RefusesColumnsThereAreNot) {
  Simplex simplex(2, {1, 0, 0, 1}, {1, 1}, {1, 1});
  EXPECT_THROW(simplex.solve_from(std::vector<std::size_t>{0}), base::ParameterError);
  EXPECT_THROW(simplex.solve_from(std::vector<std::size_t>{0, 4}), base::ParameterError);
  EXPECT_TRUE(simplex.solve_from(std::vector<std::size_t>{0, 3}));
}

TEST(LinearProgramBasis, ARedundantRowKeepsItsArtificialColumn) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    LinearProgram plain = phases(4, 50, seed);
    LinearProgram redundant;
    redundant.rows = 5;
    redundant.cost = plain.cost;
    redundant.rhs = plain.rhs;
    redundant.rhs.push_back(plain.rhs[0] + 3.0 * plain.rhs[2]);
    for (std::size_t j = 0; j < plain.cost.size(); ++j) {
      for (std::size_t k = 0; k < 4; ++k) redundant.columns.push_back(plain.at(k, j));
      redundant.columns.push_back(plain.at(0, j) + 3.0 * plain.at(2, j));
    }
    Simplex a = plain.simplex();
    Simplex b = redundant.simplex();
    ASSERT_EQ(a.solve(), LpStatus::optimal);
    ASSERT_EQ(b.solve(), LpStatus::optimal);
    EXPECT_NEAR(a.objective(), b.objective(), 1e-11);
    EXPECT_EQ(fault_of(redundant, b), "");
    EXPECT_EQ(std::count_if(b.basis().begin(), b.basis().end(), [](std::size_t j) { return j >= 50; }), 1);
    EXPECT_EQ(a.is_degenerate(), b.is_degenerate());

    const LpPath path = b.follow_cost(redundant.cost, 2.0);
    EXPECT_EQ(path.end, LpStatus::optimal);

    std::vector<double> torn = redundant.rhs;
    torn[4] += 0.01;
    b.set_rhs(torn);
    EXPECT_EQ(b.solve(), LpStatus::infeasible);
    b.set_rhs(redundant.rhs);
    ASSERT_EQ(b.solve(), LpStatus::optimal);
    EXPECT_NEAR(a.objective(), b.objective(), 1e-11);
  }
}

TEST(LinearProgramBasis, OnlyRedundantRowsKeepArtificialColumns) {
  // An element that is absent from the composition: its row is not redundant and needs a column at zero.
  LinearProgram program = phases(5, 80, 4);
  program.columns.erase(program.columns.begin(), program.columns.begin() + 25);
  program.cost.erase(program.cost.begin(), program.cost.begin() + 5);
  program.rhs = {0, 0, 0, 0, 0};
  for (const std::size_t j : {1U, 2U}) {
    for (std::size_t k = 0; k < 5; ++k) program.rhs[k] += program.at(k, j);
  }
  Simplex simplex = program.simplex();
  ASSERT_EQ(simplex.solve(), LpStatus::optimal);
  for (const std::size_t j : simplex.basis()) EXPECT_LT(j, simplex.columns());
  EXPECT_EQ(fault_of(program, simplex), "");
}

TEST(LinearProgramBasis, DisabledColumnsLeaveAndComeBack) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const LinearProgram program = phases(4, 60, seed);
    Simplex simplex = program.simplex();
    ASSERT_EQ(simplex.solve(), LpStatus::optimal);
    const double objective = simplex.objective();
    std::vector<char> enabled(60, 1);
    double before = objective;
    // One stable compound after the other is taken away.
    for (int step = 0; step < 4; ++step) {
      const std::size_t column = *std::max_element(simplex.basis().begin(), simplex.basis().end());
      enabled[column] = 0;
      simplex.enable(column, false);
      ASSERT_EQ(simplex.solve(), LpStatus::optimal);
      EXPECT_EQ(fault_of(program, simplex, enabled), "");
      EXPECT_GE(simplex.objective(), before - 1e-12);
      before = simplex.objective();
      EXPECT_EQ(std::count(simplex.basis().begin(), simplex.basis().end(), column), 0);
    }
    for (std::size_t j = 0; j < 60; ++j) simplex.enable(j, true);
    ASSERT_EQ(simplex.solve(), LpStatus::optimal);
    EXPECT_NEAR(simplex.objective(), objective, 1e-12);
  }
}

TEST(LinearProgramBasis, DisabledColumnsStayOutEvenAtZero) {
  // The third column is in the basis at zero; the row it holds must not keep it.
  Simplex simplex(2, {1, 0, 1, 1, 0, 1}, {0, 1, 0.5}, {1, 0});
  ASSERT_TRUE(simplex.solve_from(std::vector<std::size_t>{0, 2}));
  simplex.enable(2, false);
  ASSERT_EQ(simplex.solve(), LpStatus::optimal);
  EXPECT_EQ((std::set<std::size_t>(simplex.basis().begin(), simplex.basis().end())), (std::set<std::size_t>{0, 1}));
  simplex.enable(1, false);
  ASSERT_EQ(simplex.solve(), LpStatus::optimal);
  EXPECT_EQ(std::count(simplex.basis().begin(), simplex.basis().end(), 1U), 0);
  simplex.enable(0, false);
  EXPECT_EQ(simplex.solve(), LpStatus::infeasible);
  // Brought back before a solve and after one.
  simplex.enable(0, true);
  simplex.enable(0, false);
  simplex.enable(0, true);
  EXPECT_EQ(simplex.solve(), LpStatus::optimal);
}

TEST(LinearProgramBasis, NamesTheAlternatives) {
  // Three columns for one row, two of them equally cheap.
  Simplex simplex(1, {1, 2, 4}, {1, 2, 5}, {1});
  ASSERT_EQ(simplex.solve(), LpStatus::optimal);
  const std::vector<std::size_t> equal = simplex.alternatives();
  ASSERT_EQ(equal.size(), 1U);
  EXPECT_NE(equal[0], simplex.basis()[0]);
  EXPECT_LT(equal[0], 2U);
  EXPECT_EQ(simplex.alternatives(1.5).size(), 2U);
  EXPECT_NEAR(simplex.reduced_cost(2), 1.0, 1e-15);
  simplex.enable(equal[0], false);
  ASSERT_EQ(simplex.solve(), LpStatus::optimal);
  EXPECT_TRUE(simplex.alternatives().empty());
}

TEST(LinearProgramBasis, TellsDegenerateVertices) {
  Simplex simplex(2, {1, 0, 0, 1}, {1, 1}, {1, 1});
  ASSERT_EQ(simplex.solve(), LpStatus::optimal);
  EXPECT_FALSE(simplex.is_degenerate());
  simplex.set_rhs(std::vector<double>{1, 1e-10});
  ASSERT_EQ(simplex.solve(), LpStatus::optimal);
  EXPECT_TRUE(simplex.is_degenerate());
}

TEST(LinearProgramBasis, TheCertificateSeesTheDataInTheUnitsOfTheCaller) {
  Simplex simplex(2, {1000, 1, 0, 0.001, 10, 10}, {2000, 3, 5}, {400, 7});
  ASSERT_EQ(simplex.solve(), LpStatus::optimal);
  const LpCertificate certificate = simplex.certificate();
  EXPECT_LE(certificate.primal_residual, 1e-10);
  EXPECT_LE(certificate.dual_infeasibility, 1e-9);
  EXPECT_LE(certificate.gap, 1e-9);
}

TEST(LinearProgramBasis, TensOfThousandsOfWarmSolvesDoNotDrift) {
  LinearProgram program = phases(6, 150, 8);
  // Dilute phases make bases nearly dependent.
  for (std::size_t j = 140; j < 150; ++j) {
    for (std::size_t k = 0; k < 6; ++k)
      program.columns[j * 6 + k] = k == j % 6 ? 149.0 / 150 : k == (j + 1) % 6 ? 1.0 / 150 : 0.0;
    program.cost[j] = -0.004;
  }
  Simplex simplex = program.simplex();
  const std::vector<double> cost = program.cost;
  Draws draws(5);
  for (int round = 0; round < 30000; ++round) {
    for (std::size_t j = 6; j < cost.size(); ++j) program.cost[j] = cost[j] + 0.1 * (draws.uniform() - 0.5);
    simplex.set_cost(program.cost);
    if (round % 3 == 0) {
      for (double& right : program.rhs) right = 0.5 + draws.uniform();
      simplex.set_rhs(program.rhs);
    }
    ASSERT_EQ(simplex.solve(), LpStatus::optimal);
    if (round % 100 != 0) continue;
    const LpCertificate certificate = simplex.certificate();
    ASSERT_LT(certificate.primal_residual, 1e-10);
    ASSERT_LT(certificate.dual_infeasibility, 1e-9);
    ASSERT_LT(certificate.gap, 1e-10);
    Simplex cold = program.simplex();
    ASSERT_EQ(cold.solve(), LpStatus::optimal);
    ASSERT_NEAR(cold.objective(), simplex.objective(), 1e-10);
  }
  EXPECT_GT(simplex.pivots(), 30000U);
}

}  // namespace
}  // namespace closo::num
