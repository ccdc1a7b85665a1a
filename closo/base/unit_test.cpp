#include "closo/base/unit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

#include "closo/base/error.hpp"

namespace closo::base {
namespace {

struct Conversion {
  const char* from;
  double value;
  const char* to;
  double expected;
};

class UnitConversion : public testing::TestWithParam<Conversion> {};

TEST_P(UnitConversion, IsExact) {
  const Conversion& c = GetParam();
  EXPECT_DOUBLE_EQ(convert(c.value, Unit::parse(c.from), Unit::parse(c.to)), c.expected);
  EXPECT_DOUBLE_EQ(convert(c.expected, Unit::parse(c.to), Unit::parse(c.from)), c.value);
}

INSTANTIATE_TEST_SUITE_P(
    Field, UnitConversion,
    testing::Values(Conversion{"S/cm", 1.2e-3, "mS cm^-1", 1.2}, Conversion{"mS/cm", 70, "S/m", 7},
                    Conversion{"Ω cm²", 50, "Ohm m^2", 5e-3}, Conversion{"eV", 1, "meV", 1000},
                    Conversion{"eV", 1, "J", 1.602176634e-19}, Conversion{"eV", 1, "kJ/mol", 96.48533212331002},
                    Conversion{"kcal/mol", 1, "kJ/mol", 4.184}, Conversion{"mAh/g", 1, "C/kg", 3600},
                    Conversion{"mA h g^-1", 239, "Ah/kg", 239}, Conversion{"mAh/cm²", 0.676, "Ah m-2", 6.76},
                    Conversion{"µA cm-2", 67.6, "mA/cm2", 0.0676}, Conversion{"nm", 1, "Å", 10},
                    Conversion{"degC", 25, "K", 298.15}, Conversion{"°C", -273.15, "K", 0},
                    Conversion{"MPa", 0.1, "bar", 1}, Conversion{"GPa", 4, "MPa", 4000},
                    Conversion{"vol%", 25, "vol %", 25}, Conversion{"wt%", 62.5, "1", 0.625},
                    Conversion{"g/cm3", 5.89, "kg m^-3", 5890}, Conversion{"m2/g", 95, "m^2/kg", 95000},
                    Conversion{"cm3/g", 0.246, "m3/kg", 2.46e-4}, Conversion{"h", 0.5, "min", 30},
                    Conversion{"uV/s", 100, "mV/s", 0.1}, Conversion{"1/cm3", 5e18, "m^-3", 5e24},
                    Conversion{"K/min", 10, "K/s", 10.0 / 60}, Conversion{"1000/K", 3.3, "1/K", 3300},
                    Conversion{"Ohm s^-1/2", 3, "Ohm s^-0.5", 3}, Conversion{"J/(mol K)", 8.3, "J/mol/K", 8.3},
                    Conversion{"C-rate", 1, "1/h", 1}, Conversion{"F/cm2", 1, "uF/cm2", 1e6}));

TEST(Unit, EveryUnitOfTheFactTablesIsKnown) {
  for (const char* text :
       {"S/cm",   "K",       "eV",   "V",     "mAh/g", "nm",       "nm3",     "MPa",   "mA/cm2",  "ohm",   "h",
        "1",      "%",       "ppm",  "1/s",   "1/cm3", "cycles",   "%/cycle", "parts", "decades", "ratio", "C-rate",
        "wt%",    "vol%",    "mol%", "deg",   "1/cm",  "eV/pixel", "mrad",    "pA",    "pixel",   "us",    "keV",
        "mm",     "mg",      "mL",   "mol/L", "N m",   "points",   "Hz",      "kV",    "mA",      "rpm",   "K/min",
        "mL/min", "mAh/cm2", "mA/g", "m2/g",  "cm3/g", "1/nm",     "V/s"}) {
    EXPECT_NO_THROW(Unit::parse(text)) << text;
  }
}

TEST(Unit, FractionsKnowTheirBasis) {
  EXPECT_EQ(Unit::parse("vol%").basis(), FractionBasis::volume);
  EXPECT_EQ(Unit::parse("wt.%").basis(), FractionBasis::mass);
  EXPECT_THROW(convert(25, Unit::parse("vol%"), Unit::parse("wt%")), InputError);
  EXPECT_FALSE(is_convertible(Unit::parse("vol%"), Unit::parse("wt%")));
  EXPECT_TRUE(is_convertible(Unit::parse("vol%"), Unit::parse("%")));
}

TEST(Unit, DegreesCelsiusInsideAProductAreDifferences) {
  EXPECT_DOUBLE_EQ(Unit::parse("degC/min").to_si(60), 1.0);
  EXPECT_DOUBLE_EQ(Unit::parse("degC").difference_to_si(5), 5.0);
  EXPECT_DOUBLE_EQ(Unit::parse("degC").difference_from_si(5), 5.0);
}

TEST(Unit, RefusesWithPlaceAndNearName) {
  struct Case {
    const char* text;
    std::size_t column;
    const char* part;
  };
  for (const Case& c :
       {Case{"S/cmm", 3, "unknown unit 'cmm'"}, Case{"S/", 3, "ends too early"}, Case{"(S/cm", 6, "bracket"},
        Case{"S/cm)", 5, "unexpected"}, Case{"J/mol K", 7, "ambiguous"}, Case{"5 S", 1, "a number in the unit"},
        Case{"m^", 3, "power is missing"}, Case{"m99", 3, "power above 60"}, Case{"mAhh/g", 1, "mAh"},
        Case{"?", 1, "unexpected '?'"}, Case{"((((((((((m))))))))))", 10, "nested"}}) {
    try {
      Unit::parse(c.text);
      ADD_FAILURE() << c.text << " was accepted";
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find(c.part), std::string::npos) << c.text << " → " << error.what();
      EXPECT_EQ(error.place().column, c.column) << c.text << " → " << error.what();
    }
  }
  EXPECT_THROW(Unit::parse(std::string(300, 'm')), InputError);
  EXPECT_THROW(convert(1, Unit::parse("eV"), Unit::parse("V")), InputError);
}

TEST(Unit, DimensionsHaveTheirNames) {
  EXPECT_EQ(describe(Unit::parse("mS/cm").dimension()), "a conductivity");
  EXPECT_EQ(describe(Unit::parse("Ohm cm2").dimension()), "an area-specific resistance");
  EXPECT_EQ(describe(Unit::parse("kg m7").dimension()), "a quantity in m^7 kg");
  EXPECT_EQ(describe(Unit::parse("s^-1/2").dimension()), "a quantity in s^(-1/2)");
}

TEST(UnitLaw, ToSiAndBackIsTheIdentityForEveryUnit) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> exponent(-12, 12);
  for (const std::string& symbol : known_unit_symbols()) {
    const Unit unit = Unit::parse(symbol);
    for (int i = 0; i < 50; ++i) {
      const double value = std::pow(10.0, exponent(random));
      const double back = unit.from_si(unit.to_si(value));
      EXPECT_NEAR(back, value, (unit.has_offset() ? 1e-13 * (value + 300) : 4e-16 * value)) << symbol;
      EXPECT_EQ(unit, Unit::parse(unit.text()));
    }
  }
}

TEST(UnitLaw, ProductsAndQuotientsMultiplyScales) {
  const std::vector<std::string> symbols = {"mS", "cm", "eV", "mAh", "g", "Ohm", "Å", "kJ", "mol", "K", "h", "MPa"};
  for (const std::string& a : symbols) {
    for (const std::string& b : symbols) {
      const Unit ua = Unit::parse(a), ub = Unit::parse(b);
      EXPECT_DOUBLE_EQ(Unit::parse(a + " " + b).to_si(1), ua.to_si(1) * ub.to_si(1));
      EXPECT_DOUBLE_EQ(Unit::parse(a + "·" + b).to_si(1), Unit::parse(b + "*" + a).to_si(1));
      EXPECT_DOUBLE_EQ(Unit::parse(a + "/" + b).to_si(1), ua.to_si(1) / ub.to_si(1));
      EXPECT_EQ(Unit::parse(a + "/" + b), Unit::parse(a + " " + b + "^-1"));
      EXPECT_EQ(Unit::parse(a + "/" + b + "2"), Unit::parse(a + " " + b + "⁻²"));
    }
  }
}

}  // namespace
}  // namespace closo::base
