/// A small random stream with the same numbers on every machine: splitmix64 (G. L. Steele et al., OOPSLA 2014,
/// DOI 10.1145/2660193.2660195), normal deviates by Box–Muller.
#pragma once

#include <cmath>
#include <cstdint>

namespace closo::impedance::detail {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t bits() noexcept {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
  }
  /// In (0, 1).
  double uniform() noexcept { return (static_cast<double>(bits() >> 11U) + 0.5) * 0x1p-53; }
  double uniform(double low, double high) noexcept { return low + (high - low) * uniform(); }
  double normal() noexcept {
    const double radius = std::sqrt(-2.0 * std::log(uniform()));
    return radius * std::cos(6.283185307179586476925 * uniform());
  }

 private:
  std::uint64_t state_;
};

}  // namespace closo::impedance::detail
