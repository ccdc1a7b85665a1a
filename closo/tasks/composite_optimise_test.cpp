#include "closo/tasks/composite_optimise.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/error.hpp"

namespace closo::tasks {
namespace {

/// σ = exp(−((f − 0.37)/0.2)²) with realisations that scatter by a known share.
std::vector<OptimumPoint> parabola(double width, double scatter) {
  std::vector<OptimumPoint> points;
  for (double fraction = 0.1; fraction < 0.75; fraction += 0.1) {
    const double value = 1e-2 * std::exp(-std::pow((fraction - 0.37) / width, 2));
    points.push_back({fraction, {value * (1.0 - scatter), value, value * (1.0 + scatter)}});
  }
  return points;
}

TEST(FindOptimum, AKnownParabola) {
  const Optimum optimum = find_optimum(parabola(0.2, 0.0), 1);
  EXPECT_EQ(optimum.status, OptimumStatus::found);
  EXPECT_NEAR(optimum.fraction, 0.37, 1e-9);
  EXPECT_NEAR(optimum.conductivity, 1e-2, 1e-9);
  EXPECT_NEAR(optimum.high - optimum.low, 0.05, 1e-9) << "no narrower than half a step";
}

TEST(FindOptimum, TheIntervalGrowsWithTheScatterAndHoldsTheTruth) {
  const Optimum calm = find_optimum(parabola(0.2, 0.02), 1), wild = find_optimum(parabola(0.2, 0.4), 1);
  EXPECT_GT(wild.high - wild.low, calm.high - calm.low);
  for (const Optimum& each : {calm, wild}) {
    EXPECT_LE(each.low, 0.37);
    EXPECT_GE(each.high, 0.37);
    EXPECT_LT(each.conductivity_low, each.conductivity_high);
  }
}

TEST(FindOptimum, AFlatTopIsSaid) {
  const Optimum flat = find_optimum(parabola(1.5, 0.02), 1);
  EXPECT_EQ(flat.status, OptimumStatus::flat);
  EXPECT_LT(flat.as_good_from, 0.15);
  EXPECT_GT(flat.as_good_to, 0.6);
}

TEST(FindOptimum, AtTheEdgeItMayLieBeyond) {
  std::vector<OptimumPoint> rising;
  for (const double fraction : {0.1, 0.2, 0.3}) rising.push_back({fraction, {fraction}});
  EXPECT_EQ(find_optimum(rising, 1).status, OptimumStatus::at_edge);
  EXPECT_EQ(find_optimum(rising, 1).fraction, 0.3);
}

TEST(FindOptimum, WithoutAPathThereIsNone) {
  const std::vector<OptimumPoint> none{{0.1, {0.0, 0.0}}, {0.2, {0.0, 0.0}}, {0.3, {0.0, 0.0}}};
  EXPECT_EQ(find_optimum(none, 1).status, OptimumStatus::no_path);
}

TEST(FindOptimum, ASeedGivesTheSameInterval) {
  const Optimum a = find_optimum(parabola(0.2, 0.3), 7), b = find_optimum(parabola(0.2, 0.3), 7);
  EXPECT_EQ(a.low, b.low);
  EXPECT_EQ(a.high, b.high);
}

TEST(FindOptimum, WrongPointsAreRefused) {
  EXPECT_THROW(find_optimum({{0.1, {1.0}}, {0.2, {1.0}}}, 1), base::ParameterError);
  EXPECT_THROW(find_optimum({{0.1, {1.0}}, {0.3, {1.0}}, {0.2, {1.0}}}, 1), base::ParameterError);
  EXPECT_THROW(find_optimum({{0.1, {1.0}}, {0.2, {}}, {0.3, {1.0}}}, 1), base::ParameterError);
}

CompositeOptimiseRequest small() {
  CompositeOptimiseRequest request;
  request.scan.structure.surface_area = 95e3;
  request.scan.structure.density = 5890.0;
  request.scan.structure.thickness = 1.5e-9;
  request.scan.structure.size = {24, 24, 24};
  request.scan.structure.voxel = 0.75e-9;
  request.scan.fractions = {0.1, 0.3, 0.5, 0.7};
  request.scan.temperatures = {333.15};
  request.scan.realisations = 2;
  PhaseLaw bulk, layer;
  bulk.phase = composite::Phase::bulk;
  bulk.constant = 1e-4;
  layer.phase = composite::Phase::interphase;
  layer.constant = 1e-1;
  request.scan.phases = {bulk, layer};
  return request;
}

TEST(CompositeOptimise, ASecondPassRefinesAroundTheTop) {
  const report::Report report = composite_optimise(small(), {});
  ASSERT_EQ(report.sections.size(), 1U);
  const report::Figure* figure = nullptr;
  for (const report::Block& block : report.sections.front().blocks) {
    if (const auto* found = std::get_if<report::Figure>(&block)) figure = found;
  }
  ASSERT_NE(figure, nullptr);
  std::size_t points = 0;
  for (const report::Layer& layer : figure->layers) {
    if (layer.mark == report::Mark::points) points = std::max(points, layer.x.size());
  }
  EXPECT_GE(points, 5U);
  CompositeOptimiseRequest coarse = small();
  coarse.refine = false;
  EXPECT_NO_THROW(composite_optimise(coarse, {}));
}

TEST(CompositeOptimise, WrongRequestsAreRefused) {
  CompositeOptimiseRequest few = small();
  few.scan.fractions = {0.1, 0.2};
  EXPECT_THROW(composite_optimise(few, {}), base::ParameterError);
  CompositeOptimiseRequest contrasts = small();
  contrasts.scan.contrasts = {10.0};
  EXPECT_THROW(composite_optimise(contrasts, {}), base::ParameterError);
}

}  // namespace
}  // namespace closo::tasks
