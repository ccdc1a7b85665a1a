#include "closo/formats/neisys.hpp"

#include "closo/formats/detail/header_table.hpp"
#include "closo/formats/detail/text.hpp"

namespace closo::formats {

std::vector<table::Table> read_neisys(std::string_view bytes, const std::string& file, const ReadOptions& options) {
  const std::string text = detail::decode_text(bytes, file);
  detail::Metadata metadata;
  const std::string_view title = detail::trimmed(std::string_view(text).substr(0, text.find('\n')));
  if (!title.empty() && !title.starts_with('#') && !detail::contains_word(title, "freq")) {
    metadata["title"] = std::string(title);
  }
  return detail::read_header_table(text, file, {"neisys_txt", false}, options, std::move(metadata));
}

}  // namespace closo::formats
