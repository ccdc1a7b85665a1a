#include "closo/formats/ec_lab_columns.hpp"

#include "closo/formats/detail/header_table.hpp"
#include "closo/formats/detail/text.hpp"

namespace closo::formats {

std::vector<table::Table> read_ec_lab_columns(std::string_view bytes, const std::string& file,
                                              const ReadOptions& options) {
  const std::string text = detail::decode_text(bytes, file);
  return detail::read_header_table(text, file, {"ec_lab_columns", true}, options);
}

}  // namespace closo::formats
