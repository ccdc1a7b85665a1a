#include "closo/formats/ch_instruments.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;

namespace {

const std::string top =
    "Feb. 20, 2020   15:55:08\nA.C. Impedance\nFile: x\nInstrument Model:  CHI660E\nHeader: \nNote: \n\n"
    "Init E (V) = 0.2\nAmplitude (V) = 0.025\n\n";

}  // namespace

TEST(ChInstruments, ReadsSettingsAndColumns) {
  const auto found = read_ch_instruments(top +
                                             "Freq/Hz, Z'/ohm, Z\"/ohm, Z/ohm, Phase/deg\n\n1.0e+4, 3.0, -4.0, 5.0, "
                                             "-53.1\n1.0e+3, 6.0, -8.0, 10.0, -53.1\n",
                                         "a.txt");
  ASSERT_EQ(found.size(), 1U);
  expect_point(found[0], 1, 1000, 6, -8);
  EXPECT_DOUBLE_EQ(values(found[0], "Z_modulus")[1], 10.0);
  EXPECT_EQ(metadata(found[0], "date"), "Feb. 20, 2020   15:55:08");
  EXPECT_EQ(metadata(found[0], "instrument"), "CH Instruments CHI660E");
  EXPECT_EQ(metadata(found[0], "Amplitude (V)"), "0.025");
}

TEST(ChInstruments, RefusesBrokenFiles) {
  refusal([] { read_ch_instruments(top, "a.txt"); }, "no columns of an impedance spectrum");
  refusal([] { read_ch_instruments(top + "Freq/Hz, Z'/ohm, Z\"/ohm\n\n1, 2\n", "a.txt"); }, "the row has 2 cells", 13);
}
