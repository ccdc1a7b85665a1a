/// Any text and bytes, separated by a line "---", are a header with raw labels or refused, and what was read is written
/// the same way and reads back.
#include "closo/formats/raw_volume.hpp"

#include "fuzz/formats/volume_property.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace closo;
  constexpr std::string_view mark = "\n---\n";
  const auto read = [mark](std::string_view bytes) {
    const std::size_t end = std::min(bytes.find(mark), bytes.size());
    const formats::RawHeader header = formats::read_raw_header(bytes.substr(0, end), "input");
    return formats::read_raw_bytes(bytes.substr(std::min(end + mark.size(), bytes.size())), "input", header);
  };
  const auto write = [mark](const formats::LabelVolume& volume) {
    const auto* const labels = reinterpret_cast<const char*>(volume.labels.data());
    return formats::write_raw_header(volume, "labels.raw") + std::string(mark) +
           std::string(labels, volume.labels.size());
  };
  return fuzz::check_volume_reader(fuzz::as_text(data, size), read, read, write);
}
