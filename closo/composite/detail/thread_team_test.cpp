#include "closo/composite/detail/thread_team.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

namespace closo::composite::detail {
namespace {

TEST(thread_team, every_worker_sees_the_same_sums_in_every_round) {
  for (const std::size_t workers : {1, 2, 5}) {
    std::atomic<int> wrong = 0;
    run_team(workers, [&](Worker& worker) {
      for (int round = 0; round < 200; ++round) {
        const auto own = static_cast<double>(worker.index() + 1);
        const std::array<double, max_sums> total = worker.sum({own, own * round});
        const auto n = static_cast<double>(worker.count());
        if (total[0] != n * (n + 1.0) / 2.0 || total[1] != round * total[0] || total[2] != 0.0) ++wrong;
      }
    });
    EXPECT_EQ(wrong, 0);
  }
}

TEST(thread_team, nobody_passes_a_barrier_before_all_have_come) {
  constexpr std::size_t workers = 3;
  std::vector<int> round_of(workers, 0);
  std::atomic<int> wrong = 0;
  run_team(workers, [&](Worker& worker) {
    for (int round = 1; round <= 100; ++round) {
      round_of[worker.index()] = round;
      worker.wait();
      for (const int other : round_of) {
        if (other != round) ++wrong;
      }
      worker.wait();
    }
  });
  EXPECT_EQ(wrong, 0);
}

TEST(thread_team, one_worker_alone_needs_no_team) {
  Worker alone = Worker::alone();
  alone.wait();
  EXPECT_TRUE(alone.is_first());
  EXPECT_EQ(alone.sum({3.0})[0], 3.0);
}

}  // namespace
}  // namespace closo::composite::detail
