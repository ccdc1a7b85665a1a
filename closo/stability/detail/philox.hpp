/// Normal deviates by position, not by sequence: the same number for the same seed, draw and source on any thread.
///
/// Philox4x32-10, J. K. Salmon et al., SC '11 (2011), DOI 10.1145/2063384.2063405; Box and Muller's transformation.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>

namespace closo::stability::detail {

inline std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t first = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t second = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<std::uint32_t>(second >> 32U) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(second),
               static_cast<std::uint32_t>(first >> 32U) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(first)};
    key[0] += 0x9E3779B9U;
    key[1] += 0xBB67AE85U;
  }
  return counter;
}

/// Standard normal deviate of one source of error in one draw.
inline double normal_deviate(std::uint64_t seed, std::uint64_t draw, std::uint64_t source) {
  const auto low = [](std::uint64_t x) { return static_cast<std::uint32_t>(x); };
  const auto high = [](std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32U); };
  const std::array<std::uint32_t, 4> bits =
      philox({low(draw), high(draw), low(source), high(source)}, {low(seed), high(seed)});
  const auto uniform = [](std::uint32_t a, std::uint32_t b) {
    const std::uint64_t word = (std::uint64_t{a} << 32U) | b;
    return (static_cast<double>(word >> 11U) + 0.5) * 0x1p-53;
  };
  return std::sqrt(-2.0 * std::log(uniform(bits[0], bits[1]))) *
         std::cos(6.283185307179586476925 * uniform(bits[2], bits[3]));
}

}  // namespace closo::stability::detail
