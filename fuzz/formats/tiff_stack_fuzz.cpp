/// Any bytes are a stack of labels in TIFF or refused, and what was read is written in TIFF and reads back.
#include "closo/formats/tiff_stack.hpp"

#include "fuzz/formats/volume_property.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace closo;
  const auto read = [](std::string_view bytes) { return formats::read_tiff_stack(bytes, "input"); };
  return fuzz::check_volume_reader(fuzz::as_text(data, size), read, read, formats::write_tiff_stack);
}
