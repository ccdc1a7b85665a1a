#include "closo/formats/ch_instruments.hpp"

#include "closo/formats/detail/header_table.hpp"
#include "closo/formats/detail/text.hpp"

namespace closo::formats {

std::vector<table::Table> read_ch_instruments(std::string_view bytes, const std::string& file,
                                              const ReadOptions& options) {
  const std::string text = detail::decode_text(bytes, file);
  detail::Metadata metadata;
  std::string_view rest = text;
  const std::string_view first = rest.substr(0, rest.find('\n'));
  metadata["technique"] = "A.C. Impedance";
  if (!detail::contains(first, "Impedance")) metadata["date"] = std::string(detail::trimmed(first));
  const std::string_view key = "Instrument Model:";
  if (const std::size_t at = rest.find(key); at != std::string_view::npos) {
    rest.remove_prefix(at + key.size());
    metadata["instrument"] = "CH Instruments " + std::string(detail::trimmed(rest.substr(0, rest.find('\n'))));
  }
  return detail::read_header_table(text, file, {"ch_instruments_txt", false}, options, std::move(metadata));
}

}  // namespace closo::formats
