#include "closo/formats/decim_recm2.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;

namespace {

const std::string top =
    ">CIRCUIT DEFINITION\n{R0(R1Q1)}\n\n>MODEL PARAMETERS\nR0: 7.0 Ohm | 1\n\n>IMPEDANCE DATA\n"
    "Frequency (Hz), Re(Z) / Ohm, Im(Z) / Ohm\n";

}  // namespace

TEST(DecimRecm2, ReadsTheMeasuredSpectrumOnly) {
  const auto found = read_decim_recm2(top +
                                          "1, 914.5, -1152.5\n10, 882.5, -1106.5\n\n>IMPEDANCE FIT\n"
                                          "Frequency (Hz), Re(Z) / Ohm, Im(Z) / Ohm\n1, 900, -1100\n",
                                      "a.recm2");
  ASSERT_EQ(found.size(), 1U);
  ASSERT_EQ(found[0].rows(), 2U);
  expect_point(found[0], 1, 10, 882.5, -1106.5);
  EXPECT_EQ(metadata(found[0], "circuit"), "{R0(R1Q1)}");
  EXPECT_EQ(metadata(found[0], "fitted_points"), "1");
}

TEST(DecimRecm2, RefusesBrokenFiles) {
  refusal([] { read_decim_recm2(">CIRCUIT DEFINITION\n{R0}\n", "a.recm2"); }, "'>IMPEDANCE DATA' is missing");
  refusal([] { read_decim_recm2(">CIRCUIT DEFINITION\n>IMPEDANCE DATA", "a.recm2"); }, "is missing");
  refusal([] { read_decim_recm2(top, "a.recm2"); }, "no points");
  refusal([] { read_decim_recm2(top + "1, 2\n", "a.recm2"); }, "the row has 2 cells", 9);
}
