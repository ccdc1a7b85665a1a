/// One progress callback for pieces of work on several threads.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/progress.hpp"

namespace closo::tasks::detail {

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
