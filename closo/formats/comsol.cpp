#include "closo/formats/comsol.hpp"

#include "closo/formats/detail/header_table.hpp"
#include "closo/formats/detail/text.hpp"

namespace closo::formats {

std::vector<table::Table> read_comsol(std::string_view bytes, const std::string& file, const ReadOptions& options) {
  const std::string text = detail::decode_text(bytes, file);
  if (detail::find_header(detail::split_lines(text), 0)) {
    return detail::read_header_table(text, file, {"comsol_txt", false}, options);
  }
  return detail::read_bare_rows(text, file, "comsol_txt", options);
}

}  // namespace closo::formats
