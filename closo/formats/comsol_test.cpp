#include "closo/formats/comsol.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;

namespace {

const std::string top =
    "% Model:              cell.mph\n% Version:            COMSOL 6.1\n% Date:               1 Jan\n";

}  // namespace

TEST(Comsol, ReadsRowsWithAndWithoutNames) {
  const auto bare = read_comsol(top + "0.01   30.5     -4.5E-1\n0.1   20.5    -5.5E-1\n", "a.txt");
  expect_point(bare[0], 1, 0.1, 20.5, -0.55);
  EXPECT_EQ(metadata(bare[0], "Model"), "cell.mph");
  EXPECT_EQ(metadata(bare[0], "format"), "comsol_txt");
  const auto named =
      read_comsol(top + "% freq (Hz)   real(Z) (kOhm)   imag(Z) (Ohm)\n0.01   30.5     -4.5E-1\n", "a.txt");
  expect_point(named[0], 0, 0.01, 30500, -0.45);
  EXPECT_FALSE(named[0].metadata.contains("warning.header"));
}

TEST(Comsol, RefusesBrokenRows) {
  refusal([] { read_comsol(top, "a.txt"); }, "no rows of numbers");
  refusal([] { read_comsol(top + "1 2 3\n1 2\n", "a.txt"); }, "the row has 2 cells", 5);
}
