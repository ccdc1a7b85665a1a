#include "closo/report/picture.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/error.hpp"
#include "closo/base/quantity.hpp"

namespace closo::report {
namespace {

TEST(Picture, ColoursAsTextAndBetween) {
  EXPECT_EQ(to_hex({0x56, 0xb4, 0xe9}), "#56b4e9");
  EXPECT_EQ(to_hex({0, 10, 255}), "#000aff");
  EXPECT_EQ(blend({0, 100, 200}, {100, 0, 201}, 0.25), (Colour{25, 75, 200}));
  EXPECT_EQ(blend({1, 2, 3}, {9, 9, 9}, -1.0), (Colour{1, 2, 3}));
  EXPECT_EQ(blend({1, 2, 3}, {9, 9, 9}, 7.0), (Colour{9, 9, 9}));
}

TEST(Picture, LengthsInTheirUnit) {
  EXPECT_EQ(length_text(32.5e-9), "32.5 nm");
  EXPECT_EQ(length_text(1e-9), "1 nm");
  EXPECT_EQ(length_text(0.5e-9), "0.5 nm");
  EXPECT_EQ(length_text(99e-12), "99 pm");
  EXPECT_EQ(length_text(1.23456e-6, 3), "1.23 µm");
  EXPECT_EQ(length_text(2e-3), "2 mm");
  EXPECT_EQ(length_text(5.0), "5 m");
  EXPECT_EQ(length_text(0.0), "0 pm");
}

TEST(Picture, ScaleBarsOfKnownPictures) {
  const auto text = [](double pixel, std::size_t width) { return scale_bar(pixel, width).text; };
  EXPECT_EQ(text(1e-9, 80), "20 nm") << "a round length that fits just so";
  EXPECT_EQ(text(1e-9, 79), "10 nm");
  EXPECT_EQ(text(0.5e-9, 900), "100 nm");
  EXPECT_EQ(text(1e-8, 900), "2 µm");
  EXPECT_EQ(text(1e-12, 900), "0.2 nm");
  EXPECT_EQ(text(1e-13, 900), "20 pm");
  EXPECT_EQ(text(1e-5, 900), "2 mm");
  EXPECT_EQ(text(1e-2, 900), "2 m");
  EXPECT_NEAR(scale_bar(0.5e-9, 900).pixels, 200.0, 1e-9);
}

// Over many sizes: the bar is inside its share, longer than 0.4 of it, its text says its length, and starts with 1, 2
// or 5.
TEST(Picture, LawOfTheScaleBar) {
  for (double pixel = 1e-11; pixel < 1e-2; pixel *= 1.37) {
    for (const std::size_t width : {60U, 300U, 901U}) {
      const ScaleBar bar = scale_bar(pixel, width, 0.3);
      EXPECT_LE(bar.pixels, 0.3 * static_cast<double>(width) * (1 + 1e-9));
      EXPECT_GT(bar.pixels, 0.3 * static_cast<double>(width) * 0.4 * (1 - 1e-9));
      const double length = base::parse_quantity(bar.text).value;
      EXPECT_NEAR(length / (bar.pixels * pixel), 1.0, 1e-9) << bar.text;
      EXPECT_NE(std::string("125").find(bar.text.substr(bar.text.find_first_not_of("0.")).front()), std::string::npos)
          << bar.text;
    }
  }
}

TEST(Picture, ScaleBarsOfNothingThrow) {
  for (const double pixel : {0.0, -1.0, std::nan(""), static_cast<double>(INFINITY)})
    EXPECT_THROW(scale_bar(pixel, 100), base::ParameterError);
  for (const double share : {0.0, -0.1, 1.1, std::nan("")})
    EXPECT_THROW(scale_bar(1e-9, 100, share), base::ParameterError);
  EXPECT_THROW(scale_bar(1e-9, 0), base::ParameterError);
}

TEST(Picture, AlternativeTextSaysWhatIsThere) {
  EXPECT_EQ(alternative_text({.id = "p"}), "p");
  EXPECT_EQ(alternative_text({.id = "p",
                              .title = "T",
                              .legend = {{"a", {}}, {"b", {}}},
                              .scale_bar = ScaleBar{"1 nm", 3},
                              .colour_bar = ColourBar{.title = "q", .ticks = {{0, "0.1"}, {1, "10"}}}}),
            "T; colours: a, b; q from 0.1 to 10; scale bar 1 nm");
}

}  // namespace
}  // namespace closo::report
