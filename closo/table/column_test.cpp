#include "closo/table/column.hpp"

#include <gtest/gtest.h>

namespace closo::table {
namespace {

TEST(table_find, ignores_case_and_knows_what_is_absent) {
  const Table table{.source = "a.csv", .columns = {{"Time", {}, {1.0, 2.0}}, {"E", {}, {3.0, 4.0}}}, .metadata = {}};
  ASSERT_NE(table.find("time"), nullptr);
  EXPECT_EQ(table.find("TIME")->values[1], 2.0);
  EXPECT_EQ(table.find("e")->values[0], 3.0);
  EXPECT_EQ(table.find("tim"), nullptr);
  EXPECT_EQ(table.rows(), 2U);
}

TEST(table_rows, is_zero_without_columns) { EXPECT_EQ(Table{}.rows(), 0U); }

}  // namespace
}  // namespace closo::table
