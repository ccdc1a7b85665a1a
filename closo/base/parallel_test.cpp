#include "closo/base/parallel.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace closo::base {
namespace {

TEST(ParallelFor, EveryPieceIsDoneOnce) {
  for (const std::size_t threads : {0U, 1U, 2U, 7U}) {
    for (const std::size_t count : {0U, 1U, 3U, 500U}) {
      std::vector<std::atomic<int>> calls(count);
      parallel_for(count, threads, [&](std::size_t i) { ++calls[i]; });
      for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(calls[i], 1) << i << " of " << count << ", " << threads;
    }
  }
}

TEST(ParallelFor, OneThreadIsTheCallersInOrder) {
  std::vector<std::size_t> order;
  std::set<std::thread::id> ids;
  parallel_for(20, 1, [&](std::size_t i) {
    order.push_back(i);
    ids.insert(std::this_thread::get_id());
  });
  for (std::size_t i = 0; i < order.size(); ++i) EXPECT_EQ(order[i], i);
  EXPECT_EQ(order.size(), 20U);
  EXPECT_EQ(ids, std::set{std::this_thread::get_id()});
}

TEST(ParallelFor, AnExceptionStopsTheRestAndIsRethrown) {
  std::vector<std::size_t> done;
  const auto failing = [&](std::size_t i) {
    if (i == 3) throw std::runtime_error("piece 3");
    done.push_back(i);
  };
  try {
    parallel_for(10, 1, failing);
    FAIL() << "the exception was lost";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(std::string(error.what()), "piece 3");
  }
  EXPECT_EQ(done.size(), 3U);
  // Of several exceptions one comes through, whichever thread it was thrown in.
  std::atomic<int> calls = 0;
  EXPECT_THROW(parallel_for(1000, 4,
                            [&](std::size_t) {
                              ++calls;
                              throw std::runtime_error("every piece");
                            }),
               std::runtime_error);
  EXPECT_LE(calls, 4) << "each thread stops at the first";
  EXPECT_GE(calls, 1);
}

}  // namespace
}  // namespace closo::base
