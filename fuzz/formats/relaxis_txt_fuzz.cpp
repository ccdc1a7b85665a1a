/// Any bytes are spectra in the format relaxis_txt or refused.
#include "fuzz/formats/reader_property.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return closo::fuzz::check_reader("relaxis_txt", data, size);
}
