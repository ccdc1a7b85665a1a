#include "closo/cell/loss_budget.hpp"

#include <set>

#include <gtest/gtest.h>

namespace closo::cell {
namespace {

TEST(LossBudget, SumsScalesAndNamesEveryMember) {
  const LossBudget budget{1, 2, 4, 8, 16, 32, 64, 128, 256, 512};
  EXPECT_EQ(budget.total(), 1023.0);
  LossBudget sum = budget * 2.0;
  sum += budget;
  EXPECT_EQ(sum, budget * 3.0);
  EXPECT_EQ(values(sum)[9], 1536.0);
  const auto names = loss_names();
  EXPECT_EQ(std::set<std::string_view>(names.begin(), names.end()).size(), loss_count);
  EXPECT_EQ(names[6], "charge transfer");
  EXPECT_EQ(values(budget)[6], budget.charge_transfer);
}

}  // namespace
}  // namespace closo::cell
