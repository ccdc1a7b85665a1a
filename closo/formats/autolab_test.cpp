#include "closo/formats/autolab.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;

TEST(Autolab, ReadsZ60Files) {
  const auto found = read_autolab(
      "\xEF\xBB\xBF\"Z60W Data File: Version 1.1\"\n\"\"\n0,2,0,1,0.1,10000\n2\n"
      "\"  Freq (Hz)    Ampl     Bias   Time(Sec)   Z'(a)    Z''(b)    GD   Err   Range\"\n"
      "10000,0,0,0,0.0137,0.0071,0,0,0\n1000,0,0,0,0.0145,-0.0013,0,0,0\n",
      "a.txt");
  ASSERT_EQ(found.size(), 1U);
  expect_point(found[0], 1, 1000, 0.0145, -0.0013);
  EXPECT_EQ(metadata(found[0], "format"), "autolab_txt");
}

TEST(Autolab, ReadsNovaColumns) {
  const auto found = read_autolab(
      "Index;Frequency (Hz);Z' (Ω);-Z'' (Ω);Z (Ω);-Phase (°);Time (s)\n"
      "1;1000;3;4;5;53,13;0,5\n",
      "a.txt");
  expect_point(found[0], 0, 1000, 3, -4);
  EXPECT_NEAR(values(found[0], "Z_phase")[0], -0.9273, 1e-4);
  EXPECT_FALSE(found[0].metadata.contains("warning.sign"));
}

TEST(Autolab, RefusesBrokenFiles) {
  refusal([] { read_autolab("\"Z60W Data File\"\n1,2,3\n", "a.txt"); }, "no line that names the columns");
  refusal([] { read_autolab("Frequency (Hz);Z' (Ω);-Phase (°)\n1;2;3\n", "a.txt"); }, "no imaginary part", 1);
}
