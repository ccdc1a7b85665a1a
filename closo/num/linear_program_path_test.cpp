#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/num/linear_program.hpp"
#include "closo/num/linear_program_test.hpp"

namespace closo::num {
namespace {

std::vector<double> moved(const std::vector<double>& from, const std::vector<double>& direction, double t) {
  std::vector<double> out = from;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] += t * direction[i];
  return out;
}

/// Without gaps from 0 to the end, continuous, with slopes that only fall (cost) or only rise (rhs).
void expect_well_formed(const LpPath& path, double end, bool cost) {
  double t = 0.0;
  for (std::size_t i = 0; i < path.pieces.size(); ++i) {
    const LpPiece& piece = path.pieces[i];
    EXPECT_EQ(piece.from, t);
    EXPECT_GT(piece.to, piece.from);
    t = piece.to;
    if (i == 0) continue;
    const LpPiece& before = path.pieces[i - 1];
    const double size = 1.0 + std::abs(piece.objective);
    EXPECT_NEAR(before.objective + (before.to - before.from) * before.objective_slope, piece.objective, 1e-9 * size);
    const double bend = piece.objective_slope - before.objective_slope;
    const double noise = 1e-9 * (1.0 + std::abs(piece.objective_slope));
    if (cost) {
      EXPECT_LE(bend, noise);
    } else {
      EXPECT_GE(bend, -noise);
    }
    EXPECT_NE(piece.basis, before.basis);
  }
  if (path.end == LpStatus::optimal) {
    EXPECT_EQ(t, end);
  } else {
    EXPECT_LT(t, end);
  }
}

void expect_piece(const LpPiece& piece, double t, const LinearProgram& there) {
  Simplex cold = there.simplex();
  ASSERT_EQ(cold.solve(), LpStatus::optimal) << "t = " << t;
  const double size = 1.0 + std::abs(cold.objective());
  EXPECT_NEAR(piece.objective + (t - piece.from) * piece.objective_slope, cold.objective(), 1e-8 * size) << "t = " << t;
  double primal = 0.0;
  double dual = 0.0;
  for (std::size_t i = 0; i < there.rows; ++i) {
    const double value = piece.values[i] + (t - piece.from) * piece.value_slopes[i];
    EXPECT_GE(value, -1e-9 * (1.0 + std::abs(piece.values[i])));
    if (piece.basis[i] < there.cost.size()) primal += value * there.cost[piece.basis[i]];
    dual += there.rhs[i] * (piece.duals[i] + (t - piece.from) * piece.dual_slopes[i]);
  }
  EXPECT_NEAR(primal, cold.objective(), 1e-8 * size);
  EXPECT_NEAR(dual, cold.objective(), 1e-8 * size);
}

struct PathCase {
  LinearProgram program;
  std::vector<double> cost_direction;
  std::vector<double> rhs_direction;
};

PathCase path_case(std::uint64_t seed) {
  PathCase out;
  Draws draws(seed + 77);
  if (seed % 2 == 0) {
    // The voltage of a mobile element: a row fewer, its amount as the slope of the cost.
    const LinearProgram all = phases(3 + seed % 5, 60 + seed, seed);
    out.program.rows = all.rows - 1;
    for (std::size_t j = 1; j < all.cost.size(); ++j) {
      for (std::size_t k = 1; k < all.rows; ++k) out.program.columns.push_back(all.at(k, j));
      out.program.cost.push_back(all.cost[j]);
      out.cost_direction.push_back(all.at(0, j));
    }
    out.program.rhs.assign(out.program.rows, 1.0);
    if (seed % 4 == 0) out.program.rhs[0] = 0.0;
    for (std::size_t k = 0; k < out.program.rows; ++k)
      out.rhs_direction.push_back(draws.integer(0, 3) - out.program.rhs[k]);
  } else {
    out.program = any_program(seed);
    for (std::size_t j = 0; j < out.program.cost.size(); ++j) out.cost_direction.push_back(draws.integer(-2, 3));
    for (std::size_t k = 0; k < out.program.rows; ++k) out.rhs_direction.push_back(draws.integer(-2, 2));
  }
  return out;
}

TEST(LinearProgramPath, EveryPieceIsTheOptimumInsideIt) {
  int pieces = 0;
  int unbounded = 0;
  int infeasible = 0;
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const PathCase one = path_case(seed);
    Simplex simplex = one.program.simplex();
    if (simplex.solve() != LpStatus::optimal) continue;
    const double objective = simplex.objective();
    Draws draws(seed);
    const double end = seed % 2 == 0 ? 3.0 : 1.0;

    const LpPath by_cost = simplex.follow_cost(one.cost_direction, end);
    expect_well_formed(by_cost, end, true);
    for (const LpPiece& piece : by_cost.pieces) {
      LinearProgram there = one.program;
      const double t = piece.from + draws.uniform() * (piece.to - piece.from);
      there.cost = moved(one.program.cost, one.cost_direction, t);
      expect_piece(piece, t, there);
    }
    // The costs are as they were.
    ASSERT_EQ(simplex.solve(), LpStatus::optimal);
    EXPECT_NEAR(simplex.objective(), objective, 1e-9 * (1 + std::abs(objective)));
    if (by_cost.end == LpStatus::unbounded) {
      ++unbounded;
      Simplex beyond = one.program.simplex();
      const double last = by_cost.pieces.empty() ? 0.0 : by_cost.pieces.back().to;
      beyond.set_cost(moved(one.program.cost, one.cost_direction, last + 1e-6));
      EXPECT_EQ(beyond.solve(), LpStatus::unbounded);
    } else {
      EXPECT_EQ(by_cost.end, LpStatus::optimal);
    }

    const LpPath by_rhs = simplex.follow_rhs(one.rhs_direction, end);
    expect_well_formed(by_rhs, end, false);
    for (const LpPiece& piece : by_rhs.pieces) {
      LinearProgram there = one.program;
      const double t = piece.from + draws.uniform() * (piece.to - piece.from);
      there.rhs = moved(one.program.rhs, one.rhs_direction, t);
      expect_piece(piece, t, there);
    }
    ASSERT_EQ(simplex.solve(), LpStatus::optimal);
    EXPECT_NEAR(simplex.objective(), objective, 1e-9 * (1 + std::abs(objective)));
    if (by_rhs.end == LpStatus::infeasible) {
      ++infeasible;
      Simplex beyond = one.program.simplex();
      const double last = by_rhs.pieces.empty() ? 0.0 : by_rhs.pieces.back().to;
      beyond.set_rhs(moved(one.program.rhs, one.rhs_direction, last + 1e-6));
      EXPECT_EQ(beyond.solve(), LpStatus::infeasible);
    } else {
      EXPECT_EQ(by_rhs.end, LpStatus::optimal);
    }
    pieces += static_cast<int>(by_cost.pieces.size() + by_rhs.pieces.size());
  }
  EXPECT_GT(pieces, 3000);
  EXPECT_GT(unbounded, 20);
  EXPECT_GT(infeasible, 50);
}

TEST(LinearProgramPath, AWindowComesOutExactly) {
  // One X as M2X (-3), MX (-2) or X (0), t to be paid for each M: M2X gives way to MX at 1, MX to X at 2.
  Simplex simplex(1, {1, 1, 1}, {-3, -2, 0}, {1});
  const LpPath path = simplex.follow_cost(std::vector<double>{2, 1, 0}, 5.0);
  ASSERT_EQ(path.pieces.size(), 3U);
  EXPECT_EQ(path.end, LpStatus::optimal);
  EXPECT_EQ(path.pieces[0].basis[0], 0U);
  EXPECT_EQ(path.pieces[1].basis[0], 1U);
  EXPECT_EQ(path.pieces[2].basis[0], 2U);
  EXPECT_NEAR(path.pieces[0].to, 1.0, 1e-14);
  EXPECT_NEAR(path.pieces[1].to, 2.0, 1e-14);
  EXPECT_NEAR(path.pieces[0].objective_slope, 2.0, 1e-14);
  EXPECT_NEAR(path.pieces[1].duals[0], -1.0, 1e-14);
  EXPECT_NEAR(path.pieces[1].dual_slopes[0], 1.0, 1e-14);
  EXPECT_EQ(path.pieces[1].value_slopes[0], 0.0);
  EXPECT_EQ(simplex.basis()[0], 2U);
}

TEST(LinearProgramPath, AMixtureKinksAtItsReactions) {
  // From A to B through the compound AB (-1 per atom).
  Simplex simplex(2, {1, 0, 0, 1, 0.5, 0.5}, {0, 0, -1}, {1, 0});
  const LpPath path = simplex.follow_rhs(std::vector<double>{-1, 1}, 1.0);
  ASSERT_EQ(path.pieces.size(), 2U);
  EXPECT_NEAR(path.pieces[0].to, 0.5, 1e-14);
  EXPECT_NEAR(path.pieces[0].objective_slope, -2.0, 1e-14);
  EXPECT_NEAR(path.pieces[1].objective, -1.0, 1e-14);
  EXPECT_NEAR(path.pieces[1].objective_slope, 2.0, 1e-14);
  EXPECT_EQ(path.pieces[1].dual_slopes, (std::vector<double>{0, 0}));
}

TEST(LinearProgramPath, MayGoOnForEver) {
  const double endless = std::numeric_limits<double>::infinity();
  Simplex simplex(1, {1, 1, 1}, {-3, -2, 0}, {1});
  const LpPath path = simplex.follow_cost(std::vector<double>{2, 1, 0}, endless);
  ASSERT_EQ(path.pieces.size(), 3U);
  EXPECT_EQ(path.pieces.back().to, endless);
  EXPECT_EQ(simplex.follow_rhs(std::vector<double>{1}, endless).pieces.size(), 1U);
}

TEST(LinearProgramPath, EndsWhereTheOptimumEnds) {
  Simplex simplex(1, {1, -1}, {0, 1}, {1});
  const LpPath unbounded = simplex.follow_cost(std::vector<double>{-1, 0}, 10.0);
  EXPECT_EQ(unbounded.end, LpStatus::unbounded);
  ASSERT_EQ(unbounded.pieces.size(), 1U);
  EXPECT_NEAR(unbounded.pieces[0].to, 1.0, 1e-14);

  Simplex positive(1, {1, 2}, {1, 1}, {1});
  const LpPath infeasible = positive.follow_rhs(std::vector<double>{-4}, 10.0);
  EXPECT_EQ(infeasible.end, LpStatus::infeasible);
  ASSERT_EQ(infeasible.pieces.size(), 1U);
  EXPECT_NEAR(infeasible.pieces[0].to, 0.25, 1e-14);

  // At once: two rows that say the same may not move apart.
  Simplex twice(2, {1, 1}, {1}, {1, 1});
  const LpPath torn = twice.follow_rhs(std::vector<double>{1, 0}, 1.0);
  EXPECT_EQ(torn.end, LpStatus::infeasible);
  EXPECT_TRUE(torn.pieces.empty());
  EXPECT_EQ(twice.follow_rhs(std::vector<double>{1, 1}, 1.0).end, LpStatus::optimal);
}

TEST(LinearProgramPath, DisabledColumnsStayOut) {
  Simplex simplex(1, {1, 1, 1}, {-3, -2, 0}, {1});
  simplex.enable(1, false);
  const LpPath path = simplex.follow_cost(std::vector<double>{2, 1, 0}, 5.0);
  ASSERT_EQ(path.pieces.size(), 2U);
  EXPECT_NEAR(path.pieces[0].to, 1.5, 1e-14);
}

TEST(LinearProgramPath, RefusesWrongRequests) {
  Simplex simplex(1, {1, 2}, {1, 1}, {1});
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(simplex.follow_cost(std::vector<double>{1}, 1.0), base::ParameterError);
  EXPECT_THROW(simplex.follow_cost(std::vector<double>{1, nan}, 1.0), base::ParameterError);
  EXPECT_THROW(simplex.follow_cost(std::vector<double>{1, 1}, 0.0), base::ParameterError);
  EXPECT_THROW(simplex.follow_cost(std::vector<double>{1, 1}, nan), base::ParameterError);
  EXPECT_THROW(simplex.follow_rhs(std::vector<double>{1, 1}, 1.0), base::ParameterError);
  EXPECT_THROW(simplex.follow_rhs(std::vector<double>{nan}, 1.0), base::ParameterError);
  EXPECT_THROW(simplex.follow_rhs(std::vector<double>{1}, -1.0), base::ParameterError);
  simplex.set_rhs(std::vector<double>{-1});
  EXPECT_THROW(simplex.follow_cost(std::vector<double>{1, 1}, 1.0), base::InternalError);
  EXPECT_THROW(simplex.follow_rhs(std::vector<double>{1}, 1.0), base::InternalError);
}

}  // namespace
}  // namespace closo::num
