/// One progress callback for work on several threads whose amount is not known ahead.
#pragma once

#include <mutex>
#include <string_view>

#include "closo/base/error.hpp"
#include "closo/base/progress.hpp"

namespace closo::cell::detail {

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
