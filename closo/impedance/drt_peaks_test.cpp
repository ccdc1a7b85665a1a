#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "closo/impedance/detail/drt_matrices.hpp"

namespace closo::impedance {
namespace {

/// Gaussians in ln τ on a grid from 1e-6 s to 1e2 s: centre [s], area [Ohm], width.
struct Bump {
  double tau, area, width;
};

DrtResult curve(const std::vector<Bump>& bumps) {
  DrtResult out;
  for (int k = 0; k <= 160; ++k) {
    out.tau.push_back(1e-6 * std::pow(10.0, 0.05 * k));
    double sum = 0.0;
    for (const Bump& bump : bumps) {
      const double u = std::log(out.tau.back() / bump.tau) / bump.width;
      sum += bump.area / (bump.width * std::sqrt(2.0 * std::numbers::pi)) * std::exp(-0.5 * u * u);
    }
    out.gamma.push_back(sum);
  }
  return out;
}

TEST(DrtPeaks, PositionsAndAreas) {
  const std::vector<Bump> bumps = {{1.3e-5, 10.0, 0.5}, {4.7e-3, 30.0, 0.6}, {0.31, 2.0, 0.4}};
  DrtResult result = curve(bumps);
  result.series_resistance = 5.0;
  detail::find_drt_peaks({}, 1e-2, 1e5, result);
  ASSERT_EQ(result.peaks.size(), 3U);
  for (std::size_t p = 0; p < 3; ++p) {
    EXPECT_NEAR(result.peaks[p].tau / bumps[p].tau, 1.0, 2e-3);
    EXPECT_NEAR(result.peaks[p].resistance, bumps[p].area, 0.01 * bumps[p].area);
    EXPECT_NEAR(result.peaks[p].share, bumps[p].area / 42.0, 1e-3);
    EXPECT_TRUE(result.peaks[p].inside_window);
    EXPECT_TRUE(result.peaks[p].counted);
    EXPECT_EQ(result.peaks[p].hint, capacitance_hint(result.peaks[p].capacitance));
  }
  EXPECT_NEAR(result.total_resistance, 47.0, 1e-3);
  EXPECT_EQ(result.slow_resistance, 0.0);
}

TEST(DrtPeaks, SlowProcessesDoNotCount) {
  const std::vector<Bump> bumps = {{1e-5, 10.0, 0.5}, {0.3, 2.0, 0.4}, {20.0, 50.0, 0.4}};
  DrtResult result = curve(bumps);
  detail::find_drt_peaks({}, 0.1, 1e5, result);  // 0.3 s is 0.53 Hz, 20 s is 0.008 Hz
  ASSERT_EQ(result.peaks.size(), 3U);
  EXPECT_FALSE(result.peaks[2].inside_window);
  EXPECT_FALSE(result.peaks[2].counted);
  EXPECT_NEAR(result.slow_resistance, 50.0, 0.1);
  EXPECT_NEAR(result.total_resistance, 12.0, 0.1);

  DrtResult beside = curve(bumps);
  beside.tail.push_back({0.5, 1.0});
  detail::find_drt_peaks({}, 0.1, 1e5, beside);
  EXPECT_TRUE(beside.peaks[1].inside_window);
  EXPECT_FALSE(beside.peaks[1].counted);
  EXPECT_NEAR(beside.total_resistance, 10.0, 0.1);
}

TEST(DrtPeaks, FastProcessesBeyondTheWindowCount) {
  DrtResult result = curve({{3e-6, 10.0, 0.3}, {1e-2, 10.0, 0.3}});
  detail::find_drt_peaks({}, 0.1, 1e4, result);
  ASSERT_EQ(result.peaks.size(), 2U);
  EXPECT_FALSE(result.peaks[0].inside_window);
  EXPECT_TRUE(result.peaks[0].counted);
  EXPECT_NEAR(result.fast_resistance, 10.0, 0.1);
  EXPECT_NEAR(result.total_resistance, 20.0, 0.1);
}

TEST(DrtPeaks, SmallOnesAreLeftOutButCount) {
  DrtResult result = curve({{1e-4, 100.0, 0.5}, {0.1, 0.5, 0.3}});
  detail::find_drt_peaks({}, 1e-2, 1e5, result);
  ASSERT_EQ(result.peaks.size(), 1U);
  EXPECT_NEAR(result.total_resistance, 100.5, 0.01);
}

TEST(DrtPeaks, RipplesBelowTheProminenceAreOnePeak) {
  const std::vector<double> gamma = {0.0, 1.0, 2.0, 1.99, 2.05, 1.0, 0.0, 0.0, 1.0, 0.5};
  const auto one = detail::drt_segments(gamma, 0.05, 0);
  ASSERT_EQ(one.size(), 2U);
  EXPECT_EQ(one[0].top, 4U);
  EXPECT_EQ(one[0].first, 0U);
  EXPECT_EQ(one[0].last, one[1].first);
  EXPECT_EQ(one[1].top, 8U);
  EXPECT_EQ(one[1].last, gamma.size());
  EXPECT_EQ(detail::drt_segments(gamma, 0.001, 0).size(), 3U);
}

TEST(DrtPeaks, SidelobesBelongToTheirPeak) {
  const std::vector<double> gamma = {0.0, 0.3, 0.1, 10.0, 0.1, 0.2, 0.0, 0.0, 0.0, 0.4, 0.0};
  const auto segments = detail::drt_segments(gamma, 0.05, 3);
  ASSERT_EQ(segments.size(), 2U);
  EXPECT_EQ(segments[0].top, 3U);
  EXPECT_EQ(segments[0].first, 0U);
  EXPECT_EQ(segments[1].top, 9U);
  EXPECT_EQ(detail::drt_segments(gamma, 0.05, 0).size(), 4U);
}

TEST(DrtPeaks, APlateauIsOnePeak) {
  const auto segments = detail::drt_segments({0.0, 1.0, 1.0, 1.0, 0.0}, 0.01, 0);
  ASSERT_EQ(segments.size(), 1U);
  EXPECT_EQ(segments[0].top, 2U);
  EXPECT_EQ(detail::drt_segments({0.0, 0.0, 0.0}, 0.0, 0).size(), 0U);
  EXPECT_EQ(detail::drt_segments({1.0, 0.5, 0.2}, 0.0, 0).size(), 1U);
  EXPECT_EQ(detail::drt_segments({0.1, 0.5, 2.0}, 0.0, 0).size(), 1U);
}

TEST(DrtPeaks, ASpikeOnTheGridKeepsItsPlace) {
  DrtResult result = curve({});
  result.gamma[80] = 3.0;
  result.gamma[81] = 3.0;
  detail::find_drt_peaks({}, 1e-3, 1e6, result);
  ASSERT_EQ(result.peaks.size(), 1U);
  EXPECT_NEAR(std::log(result.peaks[0].tau / std::sqrt(result.tau[80] * result.tau[81])), 0.0, 1e-9);
}

TEST(DrtPeaks, NothingGivesTheSeriesResistance) {
  DrtResult result = curve({});
  result.series_resistance = 7.0;
  detail::find_drt_peaks({}, 1e-2, 1e5, result);
  EXPECT_TRUE(result.peaks.empty());
  EXPECT_EQ(result.total_resistance, 7.0);
}

// J. T. S. Irvine, D. C. Sinclair, A. R. West, Adv. Mater. 2 (1990) 132, table 1.
TEST(DrtPeaks, HintsFollowTheTableOfCapacitances) {
  EXPECT_NE(capacitance_hint(1e-12).find("bulk"), std::string::npos);
  EXPECT_NE(capacitance_hint(5e-11).find("second phase"), std::string::npos);
  EXPECT_NE(capacitance_hint(1e-9).find("grain boundary"), std::string::npos);
  EXPECT_NE(capacitance_hint(1e-7).find("surface layer"), std::string::npos);
  EXPECT_NE(capacitance_hint(1e-6).find("interface"), std::string::npos);
  EXPECT_NE(capacitance_hint(1e-3).find("reaction"), std::string::npos);
  EXPECT_NE(capacitance_hint(1e-14).find("instrument"), std::string::npos);
  EXPECT_EQ(capacitance_hint(0.0), "no capacitance");
}

}  // namespace
}  // namespace closo::impedance
