#include "closo/formats/detail/npy_header.hpp"

#include <cmath>
#include <optional>

#include "closo/base/error.hpp"
#include "closo/formats/detail/byte_reader.hpp"
#include "closo/formats/detail/cells.hpp"
#include "closo/formats/detail/text.hpp"

namespace closo::formats::detail {
namespace {

/// The text behind 'key': up to the comma or bracket that ends it.
std::string_view value_of(std::string_view header, std::string_view key, const std::string& file) {
  const std::size_t at = header.find("'" + std::string(key) + "'");
  const std::size_t mark = at == std::string_view::npos ? at : header.find(':', at);
  if (mark == std::string_view::npos) {
    throw base::InputError({file}, "the header has no '" + std::string(key) + "'", "descr, fortran_order and shape");
  }
  const std::string_view rest = trimmed(header.substr(mark + 1));
  const std::size_t end = rest.starts_with('(') ? rest.find(')') : rest.find_first_of(",}");
  return trimmed(rest.substr(0, end == std::string_view::npos ? rest.size() : end));
}

std::vector<std::size_t> shape_of(std::string_view text, const std::string& file) {
  std::vector<std::size_t> shape;
  if (text.starts_with('(')) text.remove_prefix(1);
  for (const Cell& cell : split_cells(text, Separator::comma)) {
    if (cell.text.empty()) continue;
    const std::optional<double> size = try_number(cell.text, DecimalMark::point);
    constexpr double most = 1e9;
    if (!size || *size < 1.0 || *size > most || *size != std::floor(*size)) {
      throw base::InputError({file}, "the shape has the size " + in_quotes(cell.text), "whole positive numbers");
    }
    shape.push_back(static_cast<std::size_t>(*size));
  }
  return shape;
}

constexpr std::string_view magic = "\x93NUMPY";

}  // namespace

bool is_npy(std::string_view bytes) noexcept { return bytes.starts_with(magic); }

NpyHeader read_npy_header(std::string_view bytes, const std::string& file) {
  ByteReader reader(bytes, file, ByteOrder::little);
  if (reader.text(magic.size(), "the magic word") != magic) {
    throw base::InputError({file}, "the file does not begin as NumPy arrays do", "an .npy file");
  }
  const std::uint64_t version = reader.whole(1, "the version");
  reader.whole(1, "the version");
  if (version < 1 || version > 3) {
    throw base::InputError({file}, "the format has version " + std::to_string(version), "version 1, 2 or 3");
  }
  const auto length = static_cast<std::size_t>(reader.whole(version == 1 ? 2 : 4, "the length of the header"));
  const std::string_view text = reader.text(length, "the header");
  NpyHeader header;
  header.kind = std::string(value_of(text, "descr", file));
  header.is_fortran_order = value_of(text, "fortran_order", file) != "False";
  header.shape = shape_of(value_of(text, "shape", file), file);
  header.data = reader.position();
  return header;
}

}  // namespace closo::formats::detail
