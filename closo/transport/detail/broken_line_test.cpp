#include "closo/transport/detail/broken_line.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>
#include <vector>

#include "closo/num/least_squares.hpp"

namespace closo::transport::detail {
namespace {

std::vector<ConductivityPoint> scattered(unsigned seed, double stated) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  std::vector<ConductivityPoint> points;
  for (int i = 0; i < 15; ++i) {
    const double value = std::exp(0.3 * i + normal(random));
    points.push_back(
        {.temperature = 280.0 + 9.0 * i, .conductivity = value, .uncertainty = stated * (1 + i % 3) * value});
  }
  return points;
}

// The prefix sums against a direct least-squares fit of the same model.
TEST(BrokenLine, LinesAndHingesAgreeWithDirectFits) {
  for (const double stated : {0.0, 0.1}) {
    const auto points = scattered(4, stated);
    const PreparedPoints prepared(points, ArrheniusForm::sigma_t, 0.4);
    for (const auto& knots : {std::vector<std::size_t>{}, {6}, {4, 9}}) {
      const std::size_t first = 1, last = 14, columns = 2 + knots.size();
      std::vector<double> design, y, sigma;
      for (std::size_t i = first; i < last; ++i) {
        design.insert(design.end(), {1.0, prepared.x(i)});
        for (const std::size_t knot : knots) design.push_back(std::max(0.0, prepared.x(i) - prepared.x(knot)));
        y.push_back(prepared.y(i));
        if (stated > 0.0) sigma.push_back(prepared.sigma(i));
      }
      const num::LinearFit direct = num::fit_linear(design, columns, y, sigma);
      if (knots.empty()) {
        const auto line = prepared.line(first, last);
        ASSERT_TRUE(line.has_value());
        EXPECT_NEAR(static_cast<double>(line->chi_square) / direct.chi_square, 1.0, 1e-10);
        EXPECT_NEAR(static_cast<double>(line->slope) / direct.parameters[1], 1.0, 1e-10);
      } else {
        const auto hinge = prepared.hinge(first, last, knots);
        ASSERT_TRUE(hinge.has_value());
        EXPECT_NEAR(static_cast<double>(hinge->chi_square) / direct.chi_square, 1.0, 1e-10);
        EXPECT_NEAR(static_cast<double>(hinge->lowest.slope), direct.parameters[1], 1e-9);
        double slope = direct.parameters[1];
        for (std::size_t j = 2; j < columns; ++j) slope += direct.parameters[j];
        EXPECT_NEAR(static_cast<double>(hinge->highest.slope), slope, 1e-9);
      }
    }
  }
}

TEST(BrokenLine, NothingWhereTheTemperaturesAreEqual) {
  const std::vector<ConductivityPoint> points{{300, 1}, {300, 2}, {310, 3}, {310, 4}};
  const PreparedPoints prepared(points, ArrheniusForm::sigma, 0.0);
  EXPECT_FALSE(prepared.line(0, 2).has_value());
  EXPECT_FALSE(prepared.line(0, 1).has_value());
  EXPECT_TRUE(prepared.line(0, 4).has_value());
  const std::array<std::size_t, 1> knot{1};
  EXPECT_FALSE(prepared.hinge(0, 4, knot).has_value());
}

TEST(BrokenLine, TheBestLineIsTheBestByTheGivenScore) {
  const auto points = scattered(8, 0.0);
  const PreparedPoints prepared(points, ArrheniusForm::sigma, 0.4);
  const auto by_chi = [](double chi_square, std::size_t) { return chi_square; };
  double last = 1e300;
  for (const std::size_t segments : {1U, 2U, 3U}) {
    const auto best = best_broken_line(prepared, segments, JointKind::automatic, 3, by_chi);
    ASSERT_TRUE(best.has_value());
    EXPECT_EQ(best->joints.size(), segments - 1);
    EXPECT_LE(best->chi_square, last);
    last = best->chi_square;
  }
  EXPECT_FALSE(best_broken_line(prepared, 3, JointKind::jump, 6, by_chi).has_value());
  // A score that punishes parameters heavily prefers a kink to a jump.
  const auto kink = best_broken_line(
      prepared, 2, JointKind::automatic, 3,
      [](double chi_square, std::size_t parameters) { return chi_square + 1e6 * static_cast<double>(parameters); });
  ASSERT_TRUE(kink.has_value());
  EXPECT_EQ(kink->jumps, 0U);
}

}  // namespace
}  // namespace closo::transport::detail
