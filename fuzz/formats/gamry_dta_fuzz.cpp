/// Any bytes are spectra in the format gamry_dta or refused.
#include "fuzz/formats/reader_property.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return closo::fuzz::check_reader("gamry_dta", data, size);
}
