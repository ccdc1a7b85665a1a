#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "closo/report/detail/value_text.hpp"

namespace closo::report {
namespace {

TEST(ValueText, NumbersWithUnitQualifierAndRange) {
  EXPECT_EQ(to_text(Value{.value = 1.2, .unit = "mS/cm"}), "1.2 mS/cm");
  EXPECT_EQ(to_text(Value{.value = 0.9, .qualifier = ">"}), "> 0.9");
  EXPECT_EQ(to_text(Value{.value = 100, .qualifier = "<=", .unit = "Ω cm²"}), "≤ 100 Ω cm²");
  EXPECT_EQ(to_text(Value{.value = 1, .qualifier = ">=", .unit = "mS/cm"}), "≥ 1 mS/cm");
  EXPECT_EQ(to_text(Value{.value = 3, .qualifier = "~", .unit = "V"}), "~ 3 V");
  EXPECT_EQ(to_text(Value{.value = 1.7, .value_hi = 2.5, .unit = "V"}), "1.7–2.5 V");
  EXPECT_EQ(to_text(Value{.value = 1.7, .value_hi = 2.5, .uncertainty = 0.1, .unit = "V"}), "1.7–2.5 ± 0.1 V");
  EXPECT_EQ(to_text(Value{.value_hi = 3.8, .unit = "V"}), "up to 3.8 V");
  EXPECT_EQ(to_text(Value{.value = 207.4, .unit = "%", .significant = 3}), "207 %");
}

TEST(ValueText, UncertaintyStandsInBrackets) {
  EXPECT_EQ(to_text(Value{.value = 0.42, .uncertainty = 0.03, .unit = "eV"}), "0.42(3) eV");
  EXPECT_EQ(to_text(Value{.value = 0.42, .uncertainty = 0.0, .unit = "eV"}), "0.42 eV");
  EXPECT_EQ(to_text(Value{.value = 0.42, .uncertainty = std::nan(""), .unit = "eV"}), "0.42 eV");
}

TEST(ValueText, WhatIsNotKnownSaysSo) {
  for (const double number :
       {std::nan(""), std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()}) {
    EXPECT_EQ(to_text(Value{.value = number, .unit = "V"}), "unknown");
  }
  EXPECT_EQ(to_text(Value{.unit = "V"}), "unknown");
  EXPECT_FALSE(detail::is_known(Value{}));
}

TEST(ValueText, CellsAndOutcomes) {
  EXPECT_EQ(to_text(Cell{std::string("TiS2")}), "TiS2");
  EXPECT_EQ(to_text(Cell{Value{.value = 2}}), "2");
  EXPECT_EQ(to_string(Outcome::pass), "pass");
  EXPECT_EQ(to_string(Outcome::fail), "fail");
  EXPECT_EQ(to_string(Outcome::unknown), "unknown");
}

TEST(ValueText, CellsDropAUnitThatTheTitleNames) {
  const Cell cell = Value{.value = 1.2, .unit = "mS/cm"};
  EXPECT_EQ(detail::cell_text(cell, {.key = "s", .title = "σ (mS/cm)"}), "1.2");
  EXPECT_EQ(detail::cell_text(cell, {.key = "s", .title = "σ / mS/cm"}), "1.2");
  EXPECT_EQ(detail::cell_text(cell, {.key = "s", .title = "σ (S/cm)"}), "1.2 mS/cm");
  EXPECT_EQ(detail::cell_text(Value{.unit = "mS/cm"}, {.key = "s", .title = "σ"}), "unknown");
}

TEST(ValueText, ColumnsOfNumbers) {
  const Table table{.id = "t",
                    .columns = {{.key = "a"}, {.key = "b"}, {.key = "c"}},
                    .rows = {{Value{.value = 1}, Value{.value = 1}, std::string()},
                             {std::string(), std::string("x"), std::string()}}};
  EXPECT_TRUE(detail::is_number_column(table, 0));
  EXPECT_FALSE(detail::is_number_column(table, 1));
  EXPECT_FALSE(detail::is_number_column(table, 2));
}

TEST(ValueText, NumbersAreFoundAsWholes) {
  EXPECT_EQ(detail::find_number("1.2 V then 11.2 V", "1.2 V"), 0U);
  EXPECT_EQ(detail::find_number("11.2 V", "1.2 V"), std::string::npos);
  EXPECT_EQ(detail::find_number("-1.2 V", "1.2 V"), std::string::npos);
  EXPECT_EQ(detail::find_number("11.2 V or 1.2 V", "1.2 V"), 10U);
  EXPECT_EQ(detail::find_number("1.25", "1.2"), std::string::npos);
  EXPECT_EQ(detail::find_number("1.2", ""), std::string::npos);
}

TEST(ValueText, FindingsQuoteOrListTheirValues) {
  Verdict verdict{.finding = "1.2 mS/cm at 60 °C",
                  .values = {{.value = 1.2, .unit = "mS/cm"}, {.value = 50, .unit = "Ω cm²"}}};
  EXPECT_EQ(detail::finding_text(verdict), "1.2 mS/cm at 60 °C · 50 Ω cm²");
  verdict.finding.clear();
  EXPECT_EQ(detail::finding_text(verdict), "1.2 mS/cm · 50 Ω cm²");
}

}  // namespace
}  // namespace closo::report
