#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "closo/report/detail/figure_scale.hpp"

namespace closo::report::detail {
namespace {

Figure with(std::vector<Layer> layers) { return {.id = "f", .layers = std::move(layers)}; }

TEST(FigureScale, TheAxisMayGiveTheRange) {
  const Domain domain = domain_of(with({{.x = {1, 9}, .y = {0, 0}}}), {.low = 2, .high = 5}, true);
  EXPECT_EQ(domain.low, 2);
  EXPECT_EQ(domain.high, 5);
}

TEST(FigureScale, OneBoundLeavesTheOtherToTheData) {
  const Domain domain = domain_of(with({{.x = {1, 9}, .y = {0, 0}}}), {.low = 0}, true);
  EXPECT_EQ(domain.low, 0);
  EXPECT_NEAR(domain.high, 9.32, 1e-12);
}

TEST(FigureScale, NamedAxesCoverEveryName) {
  const Domain domain = domain_of(with({{.x = {1}, .y = {0}}}), {.names = {"a", "b", "c"}}, false);
  EXPECT_EQ(domain.low, -0.5);
  EXPECT_EQ(domain.high, 2.5);
}

// Whatever is drawn lies inside, on both scales.
TEST(FigureScale, LawOfInclusion) {
  const std::vector<Layer> layers = {
      {.x = {2, 3}, .y = {1e-3, 5e-3}, .y_low = {1e-4, 4e-3}, .y_high = {2e-3, 8e-2}},
      {.mark = Mark::band, .x = {1, 5}, .y_low = {2e-5, 1}, .y_high = {1, 3}},
      {.mark = Mark::rule_horizontal, .y = {40}},
      {.mark = Mark::boxes, .y_low = {1e-5}, .y_high = {50}, .x_low = {0.5}, .x_high = {8}},
      {.mark = Mark::rule_vertical, .x = {7}}};
  for (const Scale scale : {Scale::linear, Scale::log10}) {
    const Domain x = domain_of(with(layers), {.scale = scale}, true);
    const Domain y = domain_of(with(layers), {.scale = scale}, false);
    EXPECT_LT(x.low, 0.5);
    EXPECT_GT(x.high, 8);
    EXPECT_LT(y.low, 1e-5);
    EXPECT_GT(y.high, 50);
  }
}

TEST(FigureScale, LogarithmsIgnoreWhatTheyCannotShow) {
  const Domain domain = domain_of(with({{.x = {1, 1, 1, 1}, .y = {-1, 0, std::nan(""), 1e-3}}}),
                                  {.scale = Scale::log10, .low = 0.0, .high = -3}, false);
  EXPECT_NEAR(domain.low, 1e-3 / std::sqrt(10.0), 1e-12);
  EXPECT_NEAR(domain.high, 1e-3 * std::sqrt(10.0), 1e-12);
  EXPECT_EQ(domain.bar_base, domain.low);
}

TEST(FigureScale, BarsStartAtZero) {
  const Domain up = domain_of(with({{.mark = Mark::bars, .y = {2, 4}, .category = {"a", "b"}}}), {}, false);
  EXPECT_EQ(up.low, 0);
  EXPECT_NEAR(up.high, 4.16, 1e-12);
  const Domain down = domain_of(with({{.mark = Mark::bars, .y = {-2}, .category = {"a"}}}), {}, false);
  EXPECT_LT(down.low, -2);
  EXPECT_EQ(down.high, 0);
  EXPECT_EQ(domain_of(with({{.mark = Mark::bars, .y = {0}, .category = {"a"}}}), {}, false).low, 0);
}

TEST(FigureScale, ThereIsAlwaysARange) {
  for (const Scale scale : {Scale::linear, Scale::log10}) {
    for (const std::vector<double>& numbers :
         {std::vector<double>{}, {0.0}, {5.0}, {-3.0}, {std::numeric_limits<double>::infinity()}}) {
      for (const std::optional<double>& low : {std::optional<double>(), std::optional<double>(100.0)}) {
        const Domain domain = domain_of(with({{.x = numbers, .y = numbers}}), {.scale = scale, .low = low}, false);
        EXPECT_LT(domain.low, domain.high);
        if (scale == Scale::log10) {
          EXPECT_GT(domain.low, 0);
        }
      }
    }
  }
}

TEST(FigureScale, LabelsNameTheirScale) {
  EXPECT_NE(power_label_expression("y").find("domain('y')[1]"), std::string::npos);
  EXPECT_EQ(power_label_expression("x").find("domain('y')"), std::string::npos);
}

}  // namespace
}  // namespace closo::report::detail
