#include "closo/formats/powersuite.hpp"

#include "closo/formats/detail/header_table.hpp"
#include "closo/formats/detail/text.hpp"

namespace closo::formats {

std::vector<table::Table> read_powersuite(std::string_view bytes, const std::string& file, const ReadOptions& options) {
  const std::string text = detail::decode_text(bytes, file);
  return detail::read_header_table(text, file, {"powersuite_txt", false}, options);
}

}  // namespace closo::formats
