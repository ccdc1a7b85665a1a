#include "closo/formats/neisys.hpp"

#include <algorithm>

#include "closo/base/number.hpp"
#include "closo/formats/detail/header_table.hpp"
#include "closo/formats/detail/text.hpp"

namespace closo::formats {
namespace {

/// "Diameter[mm]: 1.300e+01  Thickness[mm]: 7.500e-01" on one line of the top.
void note_length(detail::Metadata& metadata, std::string_view top, std::string_view key, const std::string& name) {
  const std::size_t at = top.find(key);
  if (at == std::string_view::npos) return;
  const std::string_view rest = detail::trimmed(top.substr(at + key.size(), 40));
  const std::string_view number = rest.substr(0, std::min(rest.find_first_of(" \t\r\n"), rest.size()));
  const auto value = detail::try_number(number, detail::DecimalMark::point);
  if (value && *value > 0.0) metadata[name] = base::format_number(*value, 9);
}

}  // namespace

std::vector<table::Table> read_neisys(std::string_view bytes, const std::string& file, const ReadOptions& options) {
  const std::string text = detail::decode_text(bytes, file);
  detail::Metadata metadata;
  const std::string_view top = std::string_view(text).substr(0, 2000);
  const std::string_view title = detail::trimmed(top.substr(0, top.find('\n')));
  if (!title.empty() && !title.starts_with('#') && !detail::contains_word(title, "freq")) {
    metadata["title"] = std::string(title);
  }
  note_length(metadata, top, "Diameter[mm]:", "diameter_mm");
  // "Electrode Thickness[mm]:" stands further right on the same line.
  note_length(metadata, top.substr(0, std::min(top.find("Electrode"), top.size())), "Thickness[mm]:", "thickness_mm");
  return detail::read_header_table(text, file, {"neisys_txt", false}, options, std::move(metadata));
}

}  // namespace closo::formats
