/// Any bytes are found to be one of the formats and read, or refused.
#include "fuzz/formats/reader_property.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return closo::fuzz::check_reader("", data, size);
}
