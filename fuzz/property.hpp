/// What every fuzz body may say: a property that must hold for this input.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace closo::fuzz {

/// Ends the program with a message when a property does not hold; the driver then shows the input.
inline void require(bool holds, std::string_view property, const std::string& detail = {}) {
  if (holds) return;
  std::fprintf(stderr, "property broken: %.*s%s%s\n", static_cast<int>(property.size()), property.data(),
               detail.empty() ? "" : ": ", detail.c_str());
  std::abort();
}

inline bool is_close(double a, double b, double relative) {
  return a == b || std::abs(a - b) <= relative * std::max(std::abs(a), std::abs(b));
}

/// Characters of UTF-8 text (bytes that do not continue another).
inline std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
  return count;
}

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace closo::fuzz

/// The entry point that libFuzzer and standalone_main.cpp call.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
