#include "closo/tasks/detail/cell_values.hpp"

#include <gtest/gtest.h>

#include <variant>

namespace closo::tasks::detail {
namespace {

double number(const report::Cell& cell) { return *std::get<report::Value>(cell).value; }

TEST(CellValues, NumbersOfTheModelInUnitsOfTheField) {
  const report::Value capacity = simulated(3600.0 * 205.0, "mAh/g");
  EXPECT_NEAR(*capacity.value, 205.0, 1e-9);
  EXPECT_EQ(capacity.kind, "computed");
  EXPECT_EQ(capacity.source, "simulation");
  EXPECT_EQ(duration_value(60.0).unit, "s");
  EXPECT_EQ(duration_value(600.0).unit, "min");
  EXPECT_NEAR(*duration_value(36000.0).value, 10.0, 1e-12);
  EXPECT_EQ(duration_value(2e6).unit, "d");
}

TEST(CellValues, LossesInMillivoltsAndSharesSumUp) {
  cell::LossBudget a, b;
  a.separator = 30.0;
  a.diffusion = 10.0;
  a.film = 1e-3;
  b.separator = 1.0;
  b.diffusion = -0.5;
  b.charge_transfer = 0.5;
  const report::Table table = loss_table("l", "L", {"x", "y"}, {"first", "second"}, {1000.0, -100.0}, {a, b});
  ASSERT_EQ(table.columns.size(), 5U);
  EXPECT_EQ(table.columns[1].key, "x_mV");
  EXPECT_EQ(table.columns[4].title, "second (%)");
  ASSERT_EQ(table.rows.size(), 4U) << "separator, charge transfer, diffusion, sum";
  EXPECT_NEAR(number(table.rows[0][1]), 30.0, 1e-9);
  EXPECT_NEAR(number(table.rows[0][3]), 10.0, 1e-9) << "a charge counts by its magnitude";
  for (const std::size_t column : {1U, 2U, 3U, 4U}) {
    double sum = 0.0;
    for (std::size_t r = 0; r + 1 < table.rows.size(); ++r) sum += number(table.rows[r][column]);
    EXPECT_NEAR(sum, number(table.rows.back()[column]), 0.01) << column;
  }
  EXPECT_NEAR(number(table.rows.back()[2]), 100.0, 1e-9);
  EXPECT_NE(table.caption.find("only in the sum: film"), std::string::npos);
  const report::Table none = loss_table("l", "L", {"x"}, {""}, {1.0}, {cell::LossBudget{}});
  EXPECT_EQ(none.rows.size(), 1U);
  EXPECT_EQ(std::get<std::string>(none.rows[0][2]), "–") << "no share of nothing";
}

TEST(CellValues, TheLargestLossIsNamed) {
  cell::LossBudget losses;
  EXPECT_EQ(largest_loss_text(losses, 10.0), "");
  EXPECT_EQ(largest_loss_share(losses), "");
  losses.separator = 1.0;
  losses.anode_interface = 3.0;
  EXPECT_EQ(largest_loss_text(losses, -100.0), "anode interface, 30 mV of 40 mV");
  EXPECT_EQ(largest_loss_text(losses, 0.0), "");
  EXPECT_EQ(largest_loss_share(losses), "anode interface (75 %)");
}

}  // namespace
}  // namespace closo::tasks::detail
