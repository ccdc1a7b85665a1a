/// Any bytes are spectra in the format biologic_mpr or refused.
#include "fuzz/formats/reader_property.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return closo::fuzz::check_reader("biologic_mpr", data, size);
}
