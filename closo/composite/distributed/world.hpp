/// The processes that solve one problem together, without a type of MPI in sight.
///
/// Every member that moves data is collective: all ranks call it, in the same order. Source: Message Passing Interface
/// Forum, MPI: A Message-Passing Interface Standard, version 3.1 (2015).
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>

namespace closo::composite::distributed {

/// MPI from construction to destruction; one object a process. Failures inside MPI end all ranks.
class World {
 public:
  World(int& argc, char**& argv);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  std::size_t rank() const noexcept { return rank_; }
  std::size_t ranks() const noexcept { return ranks_; }
  /// Ranks that share this one's memory.
  std::size_t ranks_on_host() const noexcept { return ranks_on_host_; }

  /// Element by element over all ranks, in place.
  void sum(std::span<double> values) const;
  double sum(double value) const;
  double largest(double value) const;
  bool any(bool value) const;

  /// Sends `out` to one rank while receiving `in` from another; no rank: nothing moves on that side.
  void shift(std::span<const std::byte> out, std::optional<std::size_t> to, std::span<std::byte> in,
             std::optional<std::size_t> from) const;

  /// Runs `work` on every rank. Where it throws on some, all ranks throw the error of the lowest of them: of the same
  /// class for base::InputError, ParameterError and NumericsError, std::bad_alloc as a NumericsError, anything else
  /// as InternalError. `work` must not be collective itself.
  void together(const std::function<void()>& work) const;

  /// Ends all ranks at once.
  [[noreturn]] void abort(int exit_code) const;

 private:
  std::size_t rank_ = 0, ranks_ = 1, ranks_on_host_ = 1;
};

}  // namespace closo::composite::distributed
