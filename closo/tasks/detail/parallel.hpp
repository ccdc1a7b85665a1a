/// Independent pieces of work on a few threads, with progress and stop from any of them.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/base/progress.hpp"

namespace closo::tasks::detail {

/// Calls work(i) for i in [0, count) on up to `threads` threads. The first exception stops the rest and is rethrown.
template <class Work>
void parallel_for(std::size_t count, std::size_t threads, const Work& work) {
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
  std::vector<std::jthread> helpers;
  for (std::size_t t = 1; t < std::min(threads, count); ++t) helpers.emplace_back(run);
  run();
  helpers.clear();
  if (problem) std::rethrow_exception(problem);
}

/// Counts finished pieces from any thread and passes them on to a progress callback.
class ProgressCounter {
 public:
  ProgressCounter(const base::Progress& progress, std::size_t total, std::string what)
      : progress_(progress), total_(total), what_(std::move(what)) {}

  /// Throws: Cancelled when the callback asks to stop.
  void step() {
    const std::lock_guard<std::mutex> lock(guard_);
    ++done_;
    if (progress_ && !progress_(static_cast<double>(done_) / static_cast<double>(total_),
                                std::to_string(done_) + " of " + std::to_string(total_) + " " + what_)) {
      throw base::Cancelled();
    }
  }

 private:
  const base::Progress& progress_;
  std::size_t total_;
  std::string what_;
  std::size_t done_ = 0;
  std::mutex guard_;
};

}  // namespace closo::tasks::detail
