#include "closo/tasks/detail/canvas.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "closo/base/error.hpp"

namespace closo::tasks::detail {
namespace {

constexpr report::Colour black{0, 0, 0};
constexpr report::Colour white{255, 255, 255};

// Ink on the canvas in whole black pixels.
double ink_of(const Canvas& canvas) {
  double sum = 0.0;
  for (const std::uint8_t byte : canvas.rgb()) sum += (255.0 - byte) / 255.0 / 3.0;
  return sum;
}

TEST(Canvas, StartsWhiteAndKeepsWhatIsSet) {
  Canvas canvas(3, 2);
  EXPECT_EQ(canvas.rgb().size(), 18U);
  EXPECT_EQ(ink_of(canvas), 0.0);
  canvas.set(2, 1, {1, 2, 3});
  EXPECT_EQ(canvas.at(2, 1), (report::Colour{1, 2, 3}));
  EXPECT_EQ(canvas.rgb()[15], 1);
  canvas.mix(0, 0, black, 0.5);
  EXPECT_EQ(canvas.at(0, 0), (report::Colour{128, 128, 128}));
  for (const auto& [x, y] : {std::pair{-1, 0}, {0, -1}, {3, 0}, {0, 2}}) canvas.mix(x, y, black, 1.0);
  EXPECT_EQ(canvas.at(1, 0), white);
}

TEST(Canvas, SidesOutOfRangeThrow) {
  EXPECT_THROW(Canvas(0, 1), base::ParameterError);
  EXPECT_THROW(Canvas(1, 0), base::ParameterError);
  EXPECT_THROW(Canvas(65536, 1), base::ParameterError);
}

// In every direction a line carries the ink of a round-ended stroke, whichever end it is drawn from.
TEST(Canvas, LawOfTheLine) {
  for (int degrees = 0; degrees < 360; degrees += 7) {
    for (const double thickness : {1.0, 1.4, 3.0}) {
      const double angle = degrees * 3.14159265358979 / 180.0;
      const Spot from{60.3, 60.6};
      const Spot to{from[0] + 50.0 * std::cos(angle), from[1] + 50.0 * std::sin(angle)};
      Canvas canvas(121, 121);
      canvas.line(from, to, black, thickness);
      const double expected = 50.0 * thickness + 3.14159265 / 4.0 * thickness * thickness;
      EXPECT_NEAR(ink_of(canvas), expected, 0.08 * expected) << degrees << "° " << thickness;
      Canvas back(121, 121);
      back.line(to, from, black, thickness);
      EXPECT_EQ(canvas.rgb(), back.rgb());
    }
  }
}

TEST(Canvas, LinesLeaveTheCanvasUnharmed) {
  Canvas canvas(10, 10);
  canvas.line({-50, -40}, {60, 45}, black, 2.0);
  EXPECT_GT(ink_of(canvas), 10.0);
  Canvas spot(10, 10);
  spot.line({5, 5}, {5, 5}, black, 2.0);
  EXPECT_NEAR(ink_of(spot), 3.14, 0.8) << "a point is a dot";
  Canvas arrow(10, 10);
  arrow.arrow({5, 5}, {5, 5}, black, 2.0);
  EXPECT_EQ(arrow.rgb(), spot.rgb()) << "an arrow without length has no head";
}

TEST(Canvas, ArrowsHaveTheirHeadAtTheEnd) {
  Canvas canvas(60, 20);
  canvas.arrow({5, 10}, {50, 10}, black, 1.4);
  EXPECT_NE(canvas.at(47, 8), white);
  EXPECT_NE(canvas.at(47, 11), white);
  EXPECT_EQ(canvas.at(8, 7), white);
}

TEST(Canvas, LettersDifferAndStandAtTheirPlace) {
  std::vector<std::vector<std::uint8_t>> drawn;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    Canvas canvas(40, 40);
    canvas.axis_letter(axis, {20, 20}, 14, black);
    EXPECT_GT(ink_of(canvas), 30.0);
    for (std::size_t i = 0; i < 40; ++i) {
      EXPECT_EQ(canvas.at(i, 5), white);
      EXPECT_EQ(canvas.at(5, i), white);
      EXPECT_EQ(canvas.at(i, 35), white);
      EXPECT_EQ(canvas.at(35, i), white);
    }
    EXPECT_EQ(std::ranges::count(drawn, canvas.rgb()), 0);
    drawn.push_back(canvas.rgb());
  }
}

}  // namespace
}  // namespace closo::tasks::detail
