#include "closo/composite/detail/thread_team.hpp"

#include <thread>

namespace closo::composite::detail {

std::array<double, max_sums> Worker::sum(const std::array<double, max_sums>& own) {
  if (count_ == 1) return own;
  // Two sets of slots in turn: a worker that is still adding is never overtaken by the next sum.
  std::vector<TeamState::Slot>& slots = state_->slots[turn_];
  turn_ = 1 - turn_;
  slots[index_].value = own;
  wait();
  std::array<double, max_sums> total{};
  for (const TeamState::Slot& slot : slots) {
    for (std::size_t i = 0; i < max_sums; ++i) total[i] += slot.value[i];
  }
  return total;
}

void run_team(std::size_t workers, const std::function<void(Worker&)>& work) {
  TeamState state(workers);
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < workers; ++i) {
    others.emplace_back([&work, &state, i, workers] {
      Worker worker(i, workers, &state);
      work(worker);
    });
  }
  Worker first(0, workers, &state);
  work(first);
}

}  // namespace closo::composite::detail
