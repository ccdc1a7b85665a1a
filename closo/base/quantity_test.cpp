#include "closo/base/quantity.hpp"

#include <gtest/gtest.h>

#include <string>

#include "closo/base/error.hpp"

namespace closo::base {
namespace {

TEST(Quantity, ReadsTheFieldsNotations) {
  const Unit eV = Unit::parse("eV");
  const Quantity barrier = parse_quantity("0.42(1) eV");
  EXPECT_DOUBLE_EQ(barrier.in(eV), 0.42);
  EXPECT_DOUBLE_EQ(*barrier.uncertainty_in(eV), 0.01);
  EXPECT_EQ(barrier.qualifier, Qualifier::equal);

  const Quantity spread = parse_quantity("0.42 ± 0.01 eV");
  EXPECT_DOUBLE_EQ(spread.value, barrier.value);
  EXPECT_DOUBLE_EQ(*spread.uncertainty, *barrier.uncertainty);
  EXPECT_DOUBLE_EQ(*parse_quantity("(0.42 +/- 0.01) eV").uncertainty, *barrier.uncertainty);

  const Quantity shared = parse_quantity("(2.9 ± 0.1) × 10^-4 S/cm");
  EXPECT_DOUBLE_EQ(shared.value, 2.9e-2);
  EXPECT_DOUBLE_EQ(*shared.uncertainty, 1e-3);

  EXPECT_DOUBLE_EQ(parse_quantity("2.9 × 10^-4 S cm^-1").value, 0.029);
  EXPECT_DOUBLE_EQ(parse_quantity("1.20(15)e-3 S/cm").value, 0.12);
  EXPECT_DOUBLE_EQ(*parse_quantity("1.20(15)e-3 S/cm").uncertainty, 0.015);
  EXPECT_NEAR(parse_quantity("10^-2.6 S/cm").value, 0.25118864315095795, 1e-15);
  EXPECT_EQ(parse_quantity(">0.9").qualifier, Qualifier::greater);
  EXPECT_EQ(parse_quantity("≈ 70 mS cm-1").qualifier, Qualifier::about);
  EXPECT_DOUBLE_EQ(parse_quantity("~ 70 mS cm-1").value, 7.0);
  EXPECT_EQ(parse_quantity("<= 1").qualifier, Qualifier::less_equal);
  EXPECT_DOUBLE_EQ(parse_quantity("25 degC").value, 298.15);
  EXPECT_DOUBLE_EQ(parse_quantity("25°C").value, 298.15);
  EXPECT_DOUBLE_EQ(*parse_quantity("25(2) degC").uncertainty, 2.0);
  EXPECT_DOUBLE_EQ(parse_quantity("25 vol %").value, 0.25);
}

TEST(Quantity, DecimalTextIsRoundedOnce) {
  EXPECT_EQ(parse_quantity("0.4 mm").value, 0.4e-3);
  EXPECT_EQ(parse_quantity("67.6 uA").value, 67.6e-6);
  EXPECT_EQ(parse_quantity("0.246 cm3/g").value, 0.246e-3);
  EXPECT_EQ(parse_quantity("1.178 g/cm3").value, 1178.0);
  EXPECT_EQ(parse_quantity("2.9e-4 S/cm").value, 2.9e-2);
}

TEST(Quantity, ChecksTheDimension) {
  const Unit eV = Unit::parse("eV");
  EXPECT_NEAR(parse_quantity("32.8 kJ/mol", eV, "an activation energy").in(eV), 0.33995, 1e-5);
  EXPECT_NEAR(*parse_quantity("32.8(1) kJ/mol", eV, "an activation energy").uncertainty_in(eV), 0.0010364, 1e-7);
  EXPECT_DOUBLE_EQ(parse_quantity("0.25", Unit::parse("vol%"), "a fraction").value, 0.25);
  for (const char* text : {"0.42", "0.42 V", "0.42 K"}) {
    EXPECT_THROW(parse_quantity(text, eV, "an activation energy"), InputError) << text;
  }
  EXPECT_THROW(parse_quantity("25 wt%", Unit::parse("vol%"), "a volume fraction"), InputError);
  EXPECT_THROW(parse_quantity("-300 degC", Unit::parse("K"), "a temperature"), InputError);
  EXPECT_THROW(parse_quantity("-5 K", Unit::parse("K"), "a temperature"), InputError);
}

TEST(Quantity, RefusesWithTheColumn) {
  struct Case {
    const char* text;
    std::size_t column;
  };
  for (const Case& c : {Case{"abc", 1}, Case{"0.42(1 eV", 7}, Case{"0.42 eVV", 6}, Case{"(0.42 ± 0.01 eV", 14},
                        Case{"", 1}, Case{"0,42 eV", 2}, Case{"1e999 S", 1}, Case{"(1 ± 0.1) × 5 V", 13}}) {
    try {
      parse_quantity(c.text);
      ADD_FAILURE() << c.text << " was accepted";
    } catch (const InputError& error) {
      EXPECT_EQ(error.place().column, c.column) << c.text << " → " << error.what();
    }
  }
}

TEST(Quantity, QualifierTexts) {
  for (const char* text : {"=", "~", "<", ">", "<=", ">=", "qualitative"})
    EXPECT_EQ(to_string(parse_qualifier(text)), text);
  EXPECT_EQ(parse_qualifier("≤"), Qualifier::less_equal);
  EXPECT_THROW(parse_qualifier("!"), InputError);
}

TEST(Quantity, PrintsInCustomaryUnits) {
  EXPECT_EQ(format_quantity(parse_quantity("0.42(3) eV"), Unit::parse("eV")), "0.42(3) eV");
  EXPECT_EQ(format_quantity(parse_quantity("2.9e-4 S/cm"), Unit::parse("mS/cm")), "0.29 mS/cm");
  EXPECT_EQ(format_quantity(parse_quantity("> 0.9"), Unit()), "> 0.9");
  EXPECT_EQ(format_quantity(parse_quantity("298.15 K"), Unit::parse("degC")), "25 °C");
  EXPECT_EQ(display(Unit::parse("Ohm cm^2")), "Ω cm²");
  EXPECT_EQ(display(Unit::parse("S cm^-1")), "S cm⁻¹");
  EXPECT_EQ(display(Unit::parse("uA/cm2")), "µA/cm²");
  EXPECT_EQ(display(Unit()), "");
}

}  // namespace
}  // namespace closo::base
