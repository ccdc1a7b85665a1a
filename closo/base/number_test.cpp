#include "closo/base/number.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "closo/base/error.hpp"

namespace closo::base {
namespace {

TEST(Number, ReadsWhatPapersPrint) {
  EXPECT_EQ(parse_number("0.42"), 0.42);
  EXPECT_EQ(parse_number(" +5 "), 5.0);
  EXPECT_EQ(parse_number(".5"), 0.5);
  EXPECT_EQ(parse_number("1.2e-3"), 1.2e-3);
  EXPECT_EQ(parse_number("1.2E-3"), 1.2e-3);
  EXPECT_EQ(parse_number("2.9×10^-4"), 2.9e-4);
  EXPECT_EQ(parse_number("2.9 × 10⁻⁴"), 2.9e-4);
  EXPECT_EQ(parse_number("2.9 x 10^{-4}"), 2.9e-4);
  EXPECT_EQ(parse_number("10^-4"), 1e-4);
  EXPECT_EQ(parse_number("−0.1"), -0.1);
  EXPECT_NEAR(parse_number("10^-2.6"), 2.5118864315095795e-3, 1e-17);
}

TEST(Number, RefusesWithAPlace) {
  for (const char* text :
       {"", " ", "abc", "1.2.3", "1,5", "1 000", "nan", "inf", "--1", "1e", "0.42(1)", "1e999", "10^", "5 K"}) {
    EXPECT_THROW(parse_number(text), InputError) << text;
    EXPECT_EQ(try_parse_number(text), std::nullopt) << text;
  }
  try {
    parse_number("1,5");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.place().column, 2U);
    EXPECT_NE(std::string(error.what()).find("comma"), std::string::npos);
  }
}

TEST(Number, PrintsTheDigitsThatMatter) {
  EXPECT_EQ(format_number(0.0), "0");
  EXPECT_EQ(format_number(0.0012), "0.0012");
  EXPECT_EQ(format_number(1.2e-7), "1.2e-7");
  EXPECT_EQ(format_number(50.0), "50");
  EXPECT_EQ(format_number(49.99999), "50");
  EXPECT_EQ(format_number(12345.6), "12346");
  EXPECT_EQ(format_number(-3.14159, 3), "-3.14");
  EXPECT_EQ(format_number(6.02214076e23, 3), "6.02e23");
  EXPECT_EQ(format_number(0.00029), "2.9e-4");
  EXPECT_EQ(format_number(std::nan("")), "nan");
  EXPECT_EQ(format_number(HUGE_VAL), "inf");
  EXPECT_EQ(format_number(-HUGE_VAL), "-inf");
}

TEST(Number, BracketNotation) {
  EXPECT_EQ(format_with_uncertainty(0.42, 0.01), "0.42(1)");
  EXPECT_EQ(format_with_uncertainty(0.42, 0.03), "0.42(3)");
  EXPECT_EQ(format_with_uncertainty(0.4213, 0.0123), "0.421(12)");
  EXPECT_EQ(format_with_uncertainty(50, 3), "50(3)");
  EXPECT_EQ(format_with_uncertainty(205, 10), "205(10)");
  EXPECT_EQ(format_with_uncertainty(202, 10), "200(10)");
  EXPECT_EQ(format_with_uncertainty(0.425, 0.01), "0.425(10)");
  EXPECT_EQ(format_with_uncertainty(1234, 56), "1230(60)");
  EXPECT_EQ(format_with_uncertainty(1.2e-7, 0.15e-7), "1.20(15)e-7");
  EXPECT_EQ(format_with_uncertainty(0.5, 0.097), "0.5(1)");
  EXPECT_EQ(format_with_uncertainty(0.5, 0.0), "0.5");
  EXPECT_EQ(format_with_uncertainty(0.5, std::nan("")), "0.5");
}

TEST(NumberLaw, ExactTextReadsBack) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20000; ++i) {
    const double value = std::ldexp(static_cast<double>(random()) - 9.2e18, static_cast<int>(random() % 400) - 230);
    EXPECT_EQ(parse_number(format_exact(value)), value);
  }
}

TEST(NumberLaw, PrintedNumberIsWithinHalfADigit) {
  std::mt19937_64 random(8);
  std::uniform_real_distribution<double> exponent(-30, 30);
  for (int i = 0; i < 20000; ++i) {
    const double value = std::pow(10.0, exponent(random));
    for (const int digits : {2, 4, 7}) {
      EXPECT_NEAR(parse_number(format_number(value, digits)) / value, 1.0, 0.51 * std::pow(10.0, 1 - digits)) << value;
    }
  }
}

TEST(NumberLaw, BracketNotationKeepsValueWithinItsUncertainty) {
  std::mt19937_64 random(9);
  std::uniform_real_distribution<double> exponent(-12, 12), share(-6, 1);
  for (int i = 0; i < 20000; ++i) {
    const double value = std::pow(10.0, exponent(random));
    const double uncertainty = value * std::pow(10.0, share(random));
    const std::string text = format_with_uncertainty(value, uncertainty);
    const std::size_t open = text.find('('), close = text.find(')');
    ASSERT_NE(open, std::string::npos) << text;
    const std::string tail = text.substr(close + 1);
    const double printed = parse_number(text.substr(0, open) + tail);
    EXPECT_NEAR(printed, value, 0.53 * uncertainty) << text;  // 0.95 rounds up to 1
    // The digits in the brackets stand at the last digits of the value.
    const std::size_t point = text.find('.');
    const double step =
        point == std::string::npos || point > open ? 1.0 : std::pow(10.0, -static_cast<double>(open - point - 1));
    const double read = parse_number(text.substr(open + 1, close - open - 1)) * step * parse_number("1" + tail);
    EXPECT_NEAR(read / uncertainty, 1.0, 0.3) << text << " for " << value << " ± " << uncertainty;
  }
}

}  // namespace
}  // namespace closo::base
