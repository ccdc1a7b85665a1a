#include "closo/stability/detail/philox.hpp"

#include <gtest/gtest.h>

namespace closo::stability::detail {
namespace {

using Counter = std::array<std::uint32_t, 4>;

// Known answers of the Random123 library (J. K. Salmon et al., DOI 10.1145/2063384.2063405), philox4x32-10.
TEST(Philox, KnownAnswers) {
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Counter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
            (Counter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Counter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Philox, NormalDeviatesHaveTheMomentsOfTheNormalDistribution) {
  constexpr int count = 100000;
  double sum = 0.0, squares = 0.0, cubes = 0.0, fourths = 0.0, neighbours = 0.0, sources = 0.0;
  for (int k = 0; k < count; ++k) {
    const auto draw = static_cast<std::uint64_t>(k);
    const double z = normal_deviate(1, draw, 7);
    sum += z;
    squares += z * z;
    cubes += z * z * z;
    fourths += z * z * z * z;
    neighbours += z * normal_deviate(1, draw + 1, 7);
    sources += z * normal_deviate(1, draw, 8);
  }
  // Five standard errors of each mean: sqrt(1, 2, 15, 96, 1, 1)/sqrt(count).
  const double unit = 5.0 / std::sqrt(static_cast<double>(count));
  EXPECT_NEAR(sum / count, 0.0, unit);
  EXPECT_NEAR(squares / count, 1.0, unit * std::sqrt(2.0));
  EXPECT_NEAR(cubes / count, 0.0, unit * std::sqrt(15.0));
  EXPECT_NEAR(fourths / count, 3.0, unit * std::sqrt(96.0));
  EXPECT_NEAR(neighbours / count, 0.0, unit);
  EXPECT_NEAR(sources / count, 0.0, unit);
}

}  // namespace
}  // namespace closo::stability::detail
