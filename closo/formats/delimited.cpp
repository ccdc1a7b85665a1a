#include "closo/formats/delimited.hpp"

#include "closo/formats/detail/header_table.hpp"
#include "closo/formats/detail/text.hpp"

namespace closo::formats {

std::vector<table::Table> read_delimited(std::string_view bytes, const std::string& file, const ReadOptions& options) {
  const std::string text = detail::decode_text(bytes, file);
  return detail::read_header_table(text, file, {"delimited", false}, options);
}

}  // namespace closo::formats
