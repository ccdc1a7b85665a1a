#include "closo/formats/detail/column_meaning.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;
using namespace closo::formats::detail;

namespace {

struct Case {
  std::string_view header;
  Quantity quantity;
  std::string_view unit;  ///< empty: none
  bool is_negative = false;
};

class Headers : public testing::TestWithParam<Case> {};

std::vector<ColumnMeaning> columns(const std::vector<std::string>& headers) {
  std::vector<ColumnMeaning> result;
  for (const std::string& header : headers) result.push_back(column_meaning(header));
  return result;
}

}  // namespace

TEST_P(Headers, AreUnderstood) {
  const Case& c = GetParam();
  const ColumnMeaning meaning = column_meaning(c.header);
  EXPECT_EQ(meaning.quantity, c.quantity) << c.header;
  EXPECT_EQ(meaning.is_negative, c.is_negative) << c.header;
  EXPECT_EQ(meaning.has_unit, !c.unit.empty()) << c.header;
  if (!c.unit.empty()) {
    EXPECT_EQ(meaning.unit, base::Unit::parse(c.unit)) << c.header;
  }
}

INSTANTIATE_TEST_SUITE_P(
    OfInstruments, Headers,
    testing::Values(Case{"freq/Hz", Quantity::frequency, "Hz"}, Case{"Freq.[Hz]", Quantity::frequency, "Hz"},
                    Case{"Freq(Hz)", Quantity::frequency, "Hz"}, Case{"Frequency / kHz", Quantity::frequency, "kHz"},
                    Case{"frequency_Hz", Quantity::frequency, "Hz"}, Case{"f", Quantity::frequency, ""},
                    Case{"Frequency, MHz", Quantity::frequency, "MHz"},
                    Case{"omega (rad/s)", Quantity::angular_frequency, "rad/s"},
                    Case{"Re(Z)/Ohm", Quantity::real, "Ohm"}, Case{"Z' (Ω)", Quantity::real, "Ohm"},
                    Case{"Zs'[ohm]", Quantity::real, "Ohm"}, Case{"Zre (ohms)", Quantity::real, "Ohm"},
                    Case{"Z Real", Quantity::real, ""}, Case{"Z'(a)", Quantity::real, ""},
                    Case{"Z\u2032 / k\u03A9", Quantity::real, "kOhm"},
                    Case{"-Im(Z)/Ohm", Quantity::imaginary, "Ohm", true}, Case{"Z\"/ohm", Quantity::imaginary, "Ohm"},
                    Case{"Zs''[ohm]", Quantity::imaginary, "Ohm"},
                    Case{"\u2212Z\u2033 (MOhm)", Quantity::imaginary, "MOhm", true},
                    Case{"Z''(b)", Quantity::imaginary, ""}, Case{"Zimg", Quantity::imaginary, ""},
                    Case{"neg. Z''", Quantity::imaginary, "", true}, Case{"|Z|/Ohm", Quantity::modulus, "Ohm"},
                    Case{"Z (\u2126)", Quantity::modulus, "Ohm"}, Case{"Phase of Z (deg)", Quantity::phase, "deg"},
                    Case{"-Phase (°)", Quantity::phase, "deg", true}, Case{"Phase(Z)/rad", Quantity::phase, "rad"},
                    Case{"time/s", Quantity::time, "s"}, Case{"Elapsed Time(s)", Quantity::time, "s"},
                    Case{"t/s", Quantity::time, "s"}, Case{"T/K", Quantity::temperature, "K"},
                    Case{"Temp. [°C]", Quantity::temperature, "degC"}, Case{"<Ewe>/V", Quantity::voltage, "V"},
                    Case{"<I>/mA", Quantity::current, "mA"}, Case{"cycle number", Quantity::loop, ""},
                    Case{"Re(Z)/Ohm * Area", Quantity::other, ""}, Case{"Re(Y)/Ohm-1", Quantity::other, "S"},
                    Case{"E/Ohm", Quantity::other, "Ohm"}, Case{"", Quantity::other, ""}));

TEST(ColumnMeaning, KeepsTheNameWithoutItsUnit) {
  EXPECT_EQ(column_meaning("Cs/uF").name, "Cs");
  EXPECT_EQ(column_meaning("Capacity/foo").name, "Capacity/foo");
  EXPECT_EQ(column_meaning("half cycle").name, "half cycle");
  EXPECT_EQ(column_meaning("# Freq.[Hz]").quantity, Quantity::frequency);
}

TEST(ColumnMeaning, ReadsUnitsOfInstruments) {
  EXPECT_EQ(instrument_unit("ohms")->text(), "Ohm");
  EXPECT_EQ(instrument_unit("Hz.")->text(), "Hz");
  EXPECT_FALSE(instrument_unit("a"));
  EXPECT_FALSE(instrument_unit(""));
  EXPECT_FALSE(instrument_unit("a long text that is no unit at all"));
}

TEST(ColumnMeaning, TakesTheColumnWithTheRightUnit) {
  const auto found =
      find_spectrum_columns(columns({"Re(Z)/Ohm * Area", "Re(Z)/Ohm", "Im(Z)/Ohm", "freq/Hz", "|Z|/Ohm"}));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->frequency, 3U);
  EXPECT_EQ(found->real, 1U);
  EXPECT_TRUE(found->is_cartesian());
  EXPECT_FALSE(find_spectrum_columns(columns({"freq/Hz", "|Z|/Ohm"})));
}

TEST(ColumnMeaning, SaysWhatIsMissing) {
  const base::Place place{"a.csv", 3};
  const auto require = [&](const std::vector<std::string>& headers) {
    return [&place, headers] { require_spectrum_columns(columns(headers), place); };
  };
  refusal(require({"tau", "gamma"}), "no frequency column among 'tau', 'gamma'", 3);
  refusal(require({"f/Hz", "Z'/Ohm"}), "no imaginary part", 3);
  refusal(require({"f/Hz", "Z''/Ohm"}), "no real part", 3);
  refusal(require({"f/Hz", "x"}), "neither real and imaginary part nor modulus and phase", 3);
  refusal(require({"f/s", "Z'/Ohm", "Z''/Ohm"}), "column 'f/s' has the unit of a time", 3);
  refusal(require({"f/Hz", "Z'/F", "Z''/Ohm"}), "expected Z' in Ohm", 3);
  refusal(require({"f/Hz", "Z' (Ohm cm2)", "Z'' (Ohm cm2)"}), "area-specific resistance", 3);
}
