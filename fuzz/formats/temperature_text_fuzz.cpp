/// A temperature found in any text lies in the range of temperatures.
#include "closo/formats/temperature_text.hpp"

#include "fuzz/property.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto found = closo::formats::temperature_in_text(closo::fuzz::as_text(data, size));
  if (found) closo::fuzz::require(*found >= -273.15 && *found <= 2000.0, "temperatures are possible");
  return 0;
}
