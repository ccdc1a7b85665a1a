#include "closo/formats/delimited.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;

namespace {

struct Case {
  const char* name;
  const char* text;
};

class Tables : public testing::TestWithParam<Case> {};

}  // namespace

// The same two points in every spelling: 1 kHz, 30 - 40j Ohm and 100 Hz, 60 - 80j Ohm.
TEST_P(Tables, AreTheSameSpectrum) {
  const auto found = read_delimited(GetParam().text, "a.csv");
  ASSERT_EQ(found.size(), 1U);
  ASSERT_EQ(found[0].rows(), 2U);
  const double frequency[] = {1000, 100}, real[] = {30, 60}, imaginary[] = {-40, -80};
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(values(found[0], "frequency")[i], frequency[i], 1e-9 * frequency[i]);
    EXPECT_NEAR(values(found[0], "Z_real")[i], real[i], 1e-7 * real[i]);
    EXPECT_NEAR(values(found[0], "Z_imag")[i], imaginary[i], 1e-7 * 80.0);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Spellings, Tables,
    testing::Values(
        Case{"commas", "frequency,Z_real,Z_imag\n1000,30,-40\n100,60,-80\n"},
        Case{"order", "Z'' (Ohm)\tf (Hz)\tZ' (Ohm)\n-40\t1000\t30\n-80\t100\t60\n"},
        Case{"minus", "Freq [kHz];Z' [Ohm];-Z'' [Ohm]\n1;30;40\n0,1;60;80\n"},
        Case{"decimal comma", "Freq/Hz;Re/kOhm;Im/kOhm\n1000,0;0,03;-0,04\n100,0;0,06;-0,08\n"},
        Case{"degrees", "f/Hz,|Z|/Ohm,phase/deg\n1000,50,-53.13010235415598\n100,100,-53.13010235415598\n"},
        Case{"radians", "f/Hz,|Z|/Ohm,phase/rad\n1000,50,-0.9272952180016122\n100,100,-0.9272952180016122\n"},
        Case{"minus phase", "f/Hz |Z|/Ohm -phase/deg\n1000 50 53.13010235415598\n100 100 53.13010235415598\n"},
        Case{"blanks", "  f(Hz)   Z'(Ohm)   Z''(Ohm)  \n 1.0e3   30   -40 \n 1.0e2   60   -80 \n"},
        Case{"index", ",Freq,Real,Imag\n0,1000,30,-40\n1,100,60,-80\n"},
        Case{"text column", "sample,frequency/Hz,Re(Z)/Ohm,Im(Z)/Ohm\nA 1,1000,30,-40\nA 1,100,60,-80\n"},
        Case{"quotes",
             "\"Frequency (Hz)\",\"Z' (Ohm)\",\"Z'' (Ohm)\"\r\n\"1000\",\"30\",\"-40\"\r\n\"100\",\"60\",\"-80\"\r\n"},
        Case{"typographic", "f / Hz,Z\u2032 / \u03A9,\u2212Z\u2033 / \u03A9\n1000,30,40\n100,60,80\n"},
        Case{"gap", "# note\n\nf/Hz,Z'/Ohm,Z''/Ohm\n1000,30,-40\n\n100,60,-80\n\n"}),
    [](const testing::TestParamInfo<Case>& parameter) {
      std::string name = parameter.param.name;
      for (char& c : name) c = c == ' ' ? '_' : c;
      return name;
    });

TEST(Delimited, KeepsRepeatedAndUnsortedFrequencies) {
  const auto found = read_delimited("f/Hz,Z'/Ohm,Z''/Ohm\n10,1,-1\n1000,2,-2\n10,3,-3\n100,4,-4\n", "a.csv");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(values(found[0], "frequency"), (std::vector<double>{10, 1000, 10, 100}));
}

TEST(Delimited, RefusesWhatIsNoSpectrum) {
  refusal([] { read_delimited("f/Hz,Z'/Ohm,Z''/Ohm\n1,5,2,5,-3,5\n", "a.csv"); }, "the row has 6 cells", 2);
  refusal([] { read_delimited("f/Hz,Z'/V,Z''/Ohm\n1,2,3\n", "a.csv"); }, "column 'Z'/V' has the unit of", 1);
  refusal([] { read_delimited("f/Hz,Z'/Ohm,Z''/Ohm\n1,2,3\n,2,3\n", "a.csv"); }, "column 'f/Hz' is empty", 3);
  refusal([] { read_delimited("f/Hz,Z'/Ohm,Z''/Ohm\n1,2,inf\n", "a.csv"); }, "is 'inf'", 2);
  refusal([] { read_delimited("f/Hz,Z'/Ohm,Z''/Ohm\n1,2,3\n0,2,3\n", "a.csv"); }, "the frequency is 0", 3);
}
