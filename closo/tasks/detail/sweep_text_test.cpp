#include "closo/tasks/detail/sweep_text.hpp"

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::tasks::detail {
namespace {

std::vector<double> shares(std::string_view text) {
  return parse_sweep("fraction", text, "vol%", 0.0, 1.0, "0 to 100 vol%");
}

TEST(SweepText, ListsHaveOneUnitOrOneEach) {
  const std::vector<double> expected{0.1, 0.25, 0.5};
  for (const char* text : {"10, 25, 50 vol%", "10 vol%,25 vol%, 50 vol%", " 10 vol%, 25, 50 vol%"}) {
    const std::vector<double> values = shares(text);
    ASSERT_EQ(values.size(), 3U) << text;
    for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(values[i], expected[i], 1e-12) << text;
  }
  EXPECT_EQ(parse_sweep("contrast", "1, 10, 1e5", "1", 0.0, 1e9, "").back(), 1e5);
  // Units that end with a digit.
  for (const char* text :
       {"0.1, 0.2 mA/cm2", "0.1 to 0.2 by 0.1 mA/cm2", "0.1 mA/cm2, 2e-1 mA/cm2", "1e-1,0.2 mA/cm2"}) {
    const std::vector<double> currents = parse_sweep("currents", text, "mA/cm2", 0.0, 1e9, "");
    ASSERT_EQ(currents.size(), 2U) << text;
    EXPECT_NEAR(currents[1], 2.0, 1e-12) << text;
  }
}

TEST(SweepText, RangesHoldTheirEnds) {
  const std::vector<double> values = shares("5 to 90 by 5 vol%");
  ASSERT_EQ(values.size(), 18U);
  EXPECT_NEAR(values.front(), 0.05, 1e-12);
  EXPECT_NEAR(values.back(), 0.9, 1e-12);
  const std::vector<double> kelvin = parse_sweep("at", "30 to 60 by 15 degC", "K", 0.0, 1e9, "");
  ASSERT_EQ(kelvin.size(), 3U);
  EXPECT_NEAR(kelvin[1], 318.15, 1e-9);
  EXPECT_EQ(shares("50 to 10 by -20 vol%").size(), 3U);
}

TEST(SweepText, WrongTextsAreNamed) {
  for (const char* text : {"", "vol%", "10; 20 vol%", "10 nm", "10, , 20 vol%", "120 vol%", "-1 vol%", "10 to 50 vol%",
                           "10 to 50 by 0 vol%", "10 to 50 by -5 vol%", "0 to 100 by 0.01 vol%", "a to b by c vol%"}) {
    try {
      shares(text);
      ADD_FAILURE() << "'" << text << "' was taken";
    } catch (const base::ParameterError& error) {
      EXPECT_EQ(error.name(), "fraction") << text;
    }
  }
}

}  // namespace
}  // namespace closo::tasks::detail
