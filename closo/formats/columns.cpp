#include "closo/formats/columns.hpp"

#include "closo/formats/detail/header_table.hpp"
#include "closo/formats/detail/text.hpp"

namespace closo::formats {

std::vector<table::Table> read_columns(std::string_view bytes, const std::string& file, const ReadOptions& options) {
  const std::string text = detail::decode_text(bytes, file);
  return detail::read_bare_rows(text, file, "columns", options);
}

}  // namespace closo::formats
