#include "closo/tasks/detail/cycle_report.hpp"

#include <gtest/gtest.h>

namespace closo::tasks::detail {
namespace {

TEST(CycleReport, ThinnedRowsKeepFirstAndLastInOrder) {
  EXPECT_TRUE(thinned(0, 24).empty());
  EXPECT_EQ(thinned(3, 24), (std::vector<std::size_t>{0, 1, 2}));
  for (const std::size_t rows : {25U, 100U, 1000U, 25000U}) {
    const std::vector<std::size_t> kept = thinned(rows, 24);
    ASSERT_EQ(kept.size(), 24U);
    EXPECT_EQ(kept.front(), 0U);
    EXPECT_EQ(kept.back(), rows - 1);
    for (std::size_t k = 1; k < kept.size(); ++k) EXPECT_GT(kept[k], kept[k - 1]);
  }
}

}  // namespace
}  // namespace closo::tasks::detail
