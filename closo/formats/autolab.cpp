#include "closo/formats/autolab.hpp"

#include "closo/formats/detail/header_table.hpp"
#include "closo/formats/detail/scribner.hpp"
#include "closo/formats/detail/text.hpp"

namespace closo::formats {

std::vector<table::Table> read_autolab(std::string_view bytes, const std::string& file, const ReadOptions& options) {
  const std::string text = detail::decode_text(bytes, file);
  if (detail::contains(std::string_view(text).substr(0, 200), "Data File")) {
    return detail::read_quoted_scribner(text, file, "autolab_txt", options);
  }
  return detail::read_header_table(text, file, {"autolab_txt", false}, options);
}

}  // namespace closo::formats
