/// Any bytes are a VTK image or refused, and what was read is written as XML image data and reads back.
#include "closo/formats/vtk_image.hpp"

#include "fuzz/formats/volume_property.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace closo;
  const auto read = [](std::string_view bytes) { return formats::read_vtk_image(bytes, "input"); };
  return fuzz::check_volume_reader(fuzz::as_text(data, size), read, read, formats::write_vtk_image);
}
