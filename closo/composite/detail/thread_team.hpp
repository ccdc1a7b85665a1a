/// A team of threads that run the same function side by side and meet at barriers.
///
/// One team lives as long as one call of `run_team`. Sums are added in the order of the workers, so a result depends on
/// the number of threads only by rounding.
#pragma once

#include <array>
#include <barrier>
#include <cstddef>
#include <functional>
#include <vector>

namespace closo::composite::detail {

constexpr std::size_t max_sums = 4;

/// What the workers of one team share.
struct TeamState {
  explicit TeamState(std::size_t workers)
      : barrier(static_cast<std::ptrdiff_t>(workers)), slots{std::vector<Slot>(workers), std::vector<Slot>(workers)} {}
  struct alignas(64) Slot {
    std::array<double, max_sums> value{};
  };
  std::barrier<> barrier;
  std::array<std::vector<Slot>, 2> slots;
};

/// One thread's view of its team. Every worker must pass the same barriers and sums in the same order.
class Worker {
 public:
  Worker(std::size_t index, std::size_t count, TeamState* state) : index_(index), count_(count), state_(state) {}
  /// A team of one, for work that a single thread does.
  static Worker alone() { return Worker(0, 1, nullptr); }

  std::size_t index() const noexcept { return index_; }
  std::size_t count() const noexcept { return count_; }
  bool is_first() const noexcept { return index_ == 0; }
  /// Waits for all workers.
  void wait() {
    if (count_ > 1) state_->barrier.arrive_and_wait();
  }
  /// The sums over all workers, the same for each of them; also a barrier.
  std::array<double, max_sums> sum(const std::array<double, max_sums>& own);

 private:
  std::size_t index_, count_;
  TeamState* state_;
  std::size_t turn_ = 0;
};

/// Runs `work` on `workers` threads (the caller is one of them). `work` must not throw.
void run_team(std::size_t workers, const std::function<void(Worker&)>& work);

}  // namespace closo::composite::detail
