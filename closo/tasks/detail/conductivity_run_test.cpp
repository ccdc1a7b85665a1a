#include "closo/tasks/detail/conductivity_run.hpp"

#include <gtest/gtest.h>

namespace closo::tasks::detail {
namespace {

ConductivitySolve solve_of(double conductivity, std::optional<composite::Bounds> bounds = {}) {
  ConductivitySolve solve;
  solve.temperature = 300.0;
  solve.result.conductivity = conductivity;
  solve.result.bounds = bounds;
  return solve;
}

TEST(ConductivityRun, TheBestEstimateIsTakenWithItsDoubt) {
  ConductivitySolve solve = solve_of(1.0);
  EXPECT_EQ(solve.estimate().value, 1.0);
  EXPECT_FALSE(solve.estimate().uncertainty.has_value());
  solve.result.bounds = composite::Bounds{1.1, 1.5};
  EXPECT_DOUBLE_EQ(solve.estimate().value, 1.3);
  EXPECT_NEAR(*solve.estimate().uncertainty, 0.2, 1e-15);
  solve.refined = composite::Refined{1.25, 0.05, {1.0, 1.1}};
  EXPECT_EQ(solve.estimate().value, 1.25);
  EXPECT_EQ(*solve.estimate().uncertainty, 0.05);
  ConductivitySolve stopped = solve_of(1.0, composite::Bounds{1.1, 1.5});
  stopped.result.status = composite::SolveStatus::not_converged;
  EXPECT_EQ(stopped.estimate().value, 1.0);
}

TEST(ConductivityRun, DoubtsOfTheAxesDoNotAverageOut) {
  const CompositeConductivityRequest request;
  const Structure structure;
  ConductivityRun run{request, structure, {}, {}};
  run.solves = {solve_of(0.0, composite::Bounds{1.0, 2.0}), solve_of(0.0, composite::Bounds{2.0, 3.0})};
  EXPECT_DOUBLE_EQ(run.mean(300.0).value, 2.0);
  EXPECT_DOUBLE_EQ(*run.mean(300.0).uncertainty, 0.5);
  run.solves.push_back(solve_of(5.0));
  EXPECT_DOUBLE_EQ(run.mean(300.0).value, 3.0);
  EXPECT_FALSE(run.mean(300.0).uncertainty.has_value());
}

TEST(ConductivityRun, TablesSayWhatTheNumbersAre) {
  const CompositeConductivityRequest request;
  const Structure structure;
  ConductivityRun run{request, structure, {solve_of(100.0)}, {}};
  EXPECT_NE(result_table(run).caption.find("not stated"), std::string::npos);
  EXPECT_EQ(*sigma_value({100.0, 1.0}, "").value, 1.0);
  EXPECT_FALSE(sigma_value({100.0, 0.0}, "").uncertainty.has_value());
  run.solves.push_back(solve_of(100.0, composite::Bounds{100.0, 120.0}));
  const report::Table both = result_table(run);
  EXPECT_EQ(std::get<std::string>(both.rows[0][3]), "–");
  EXPECT_EQ(*std::get<report::Value>(both.rows[1][4]).value, 1.2);
  EXPECT_EQ(numerics_section(run).blocks.size(), 2U);
}

}  // namespace
}  // namespace closo::tasks::detail
