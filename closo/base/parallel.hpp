/// Independent pieces of work on a few threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace closo::base {

/// Calls work(i) for i in [0, count) on up to `threads` threads, one of them the caller's (0 counts as 1). `work` is
/// called from several threads at once; pieces begin in order. The first exception stops the pieces that have not begun
/// and is rethrown. Throws: what `work` throws; std::system_error where no thread can be started.
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
  std::vector<std::jthread> others;
  for (std::size_t t = 1; t < std::min(threads, count); ++t) others.emplace_back(run);
  run();
  others.clear();
  if (problem) std::rethrow_exception(problem);
}

}  // namespace closo::base
