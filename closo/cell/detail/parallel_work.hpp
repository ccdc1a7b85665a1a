/// Independent pieces of work on a few threads, and one progress callback for all of them.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/base/progress.hpp"

namespace closo::cell::detail {

/// Calls work(i) for i in [0, count) on up to `threads` threads. The first exception stops the rest and is rethrown.
template <class Work>
void work_in_parallel(std::size_t count, std::size_t threads, const Work& work) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr problem;
  std::mutex guard;
  const auto run = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        work(i);
      } catch (...) {
        const std::lock_guard<std::mutex> lock(guard);
        if (!problem) problem = std::current_exception();
        next = count;
      }
    }
  };
  std::vector<std::jthread> others;
  for (std::size_t t = 1; t < std::min(threads, count); ++t) others.emplace_back(run);
  run();
  others.clear();
  if (problem) std::rethrow_exception(problem);
}

/// The share that is shown cannot be known ahead (searches end when they end): it nears 1 with every piece done.
class SharedProgress {
 public:
  explicit SharedProgress(const base::Progress& progress) : progress_(progress) {}

  /// One piece done. Throws: Cancelled when the callback asks to stop.
  void step(std::string_view what) {
    const std::lock_guard<std::mutex> lock(guard_);
    share_ += 0.05 * (1.0 - share_);
    if (progress_ && !progress_(share_, what)) throw base::Cancelled();
  }

  /// For work that reports within a piece: the share stays, stopping is passed on.
  base::Progress pass_on(std::string_view what) {
    if (!progress_) return {};
    return [this, what](double, std::string_view) {
      const std::lock_guard<std::mutex> lock(guard_);
      return progress_(share_, what);
    };
  }

 private:
  const base::Progress& progress_;
  std::mutex guard_;
  double share_ = 0.0;
};

}  // namespace closo::cell::detail
