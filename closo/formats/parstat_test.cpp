#include "closo/formats/parstat.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;

TEST(Parstat, ReadsPointsAndSkipsOtherTechniques) {
  const auto found = read_parstat(
      "Potential (V)\tCurrent (A)\tElapsed Time (s)\tFrequency (Hz)\tZre (ohms)\tZim (ohms)\t|Vac| (V)\t\n"
      "3.5\t-0.15\t10\t0\t0\t0\t0\t\n3.5\t0.02\t20\t1000\t50\t-20\t0.01\t\n3.5\t0.02\t30\t100\t60\t-30\t0.01\t\n",
      "a.txt");
  ASSERT_EQ(found.size(), 1U);
  expect_point(found[0], 1, 100, 60, -30);
  EXPECT_EQ(metadata(found[0], "skipped_dc_rows"), "1");
  EXPECT_EQ(metadata(found[0], "source_line"), "3");
  EXPECT_DOUBLE_EQ(values(found[0], "voltage")[0], 3.5);
  EXPECT_DOUBLE_EQ(values(found[0], "|Vac|")[0], 0.01);
}

TEST(Parstat, ReadsModulusAndPhase) {
  const auto found = read_parstat("Frequency (Hz)\t|Z| (ohms)\tPhase of Z (deg)\t\n1000\t2\t-60\t\n", "a.txt");
  expect_point(found[0], 0, 1000, 1, -1.7320508075688772);
}

TEST(Parstat, RefusesFilesWithoutImpedance) {
  refusal([] { read_parstat("Frequency (Hz)\tZre (ohms)\tZim (ohms)\t\n0\t0\t0\t\n", "a.txt"); },
          "no impedance was measured", 2);
  refusal([] { read_parstat("Frequency (Hz)\tZre (ohms)\tZim (ohms)\t\n-1\t0\t0\t\n", "a.txt"); },
          "the frequency is -1", 2);
  refusal([] { read_parstat("Frequency (Hz)\tZre (ohms)\n1\t2\n", "a.txt"); }, "no imaginary part", 1);
}
