#include "closo/library/quantity_rule.hpp"

#include <gtest/gtest.h>

#include <string>

namespace closo::library {
namespace {

TEST(quantity_rules, accept_their_own_units_and_reject_others) {
  for (const QuantityRule& rule : quantity_rules()) {
    const std::string first(rule.units.substr(0, rule.units.find(',')));
    EXPECT_TRUE(accepted_unit(rule, base::Unit::parse(first)).has_value()) << rule.pattern;
    EXPECT_FALSE(accepted_unit(rule, base::Unit::parse("kg m5")).has_value()) << rule.pattern;
    EXPECT_LT(rule.low, rule.high) << rule.pattern;
    EXPECT_FALSE(rule.table.empty());
  }
}

TEST(find_rule, takes_the_first_that_fits) {
  const auto units = [](std::string_view quantity) {
    const QuantityRule* rule = find_rule(quantity);
    return rule == nullptr ? std::string_view("none") : rule->units;
  };
  EXPECT_EQ(units("ionic conductivity"), "S/cm");
  EXPECT_EQ(units("Ionic Conductivity of interphase"), "S/cm");
  EXPECT_EQ(units("ionic conductivity ratio"), "1");
  EXPECT_EQ(units("migration barrier"), "eV");  // not a ratio
  EXPECT_EQ(units("LiPF6 concentration"), "mol/L,1/cm3");
  EXPECT_EQ(units("milling time for maximum conductivity"), "h");
  EXPECT_EQ(units("current density without detected polarization"), "mA/cm2,mA/g");
  EXPECT_EQ(units("areal capacity (nominal)"), "mAh/cm2");
  EXPECT_EQ(units("scan rate"), "V/s");
  EXPECT_EQ(units("mood"), "none");
}

TEST(range_defect, names_value_and_limit_in_the_unit_given) {
  const QuantityRule& sigma = *find_rule("ionic conductivity");
  const base::Unit unit = base::Unit::parse("mS/cm");
  EXPECT_FALSE(range_defect(sigma, 1.0, unit).has_value());
  EXPECT_EQ(range_defect(sigma, -3.0, unit), "-3 mS/cm is not above 0 mS/cm");
  EXPECT_EQ(range_defect(*find_rule("oxide volume fraction"), 101.0, base::Unit::parse("vol%")),
            "101 vol% is above 100 vol%");
  EXPECT_EQ(range_defect(*find_rule("activation energy"), 400.0, base::Unit::parse("kJ/mol")),
            "4.14571 eV is above 3 eV");
  EXPECT_TRUE(range_defect(sigma, std::numeric_limits<double>::infinity(), unit).has_value());
}

}  // namespace
}  // namespace closo::library
