#include "closo/formats/numpy_npy.hpp"

#include <utility>

#include "closo/base/error.hpp"
#include "closo/formats/detail/byte_reader.hpp"
#include "closo/formats/detail/npy_header.hpp"
#include "closo/formats/detail/spectrum.hpp"
#include "closo/formats/detail/text.hpp"

namespace closo::formats {
namespace {

detail::SpectrumDraft empty_draft(const std::string& file) {
  std::vector<detail::ColumnMeaning> columns = {detail::column_meaning("frequency/Hz"),
                                                detail::column_meaning("Z'/Ohm"), detail::column_meaning("Z''/Ohm")};
  columns.back().is_signed = false;
  return detail::SpectrumDraft::with_columns(file, "numpy_npy", std::move(columns), base::Place{file});
}

void add_point(detail::SpectrumDraft& draft, double frequency, double real, double imaginary) {
  draft.values[0].push_back(frequency);
  draft.values[1].push_back(real);
  draft.values[2].push_back(imaginary);
  draft.lines.push_back(0);
}

}  // namespace

std::vector<table::Table> read_numpy_npy(std::string_view bytes, const std::string& file, const ReadOptions& options) {
  const detail::NpyHeader header = detail::read_npy_header(bytes, file);
  const std::string& kind = header.kind;
  const bool is_complex = kind == "'<c16'";
  if (!is_complex && kind != "'<f8'") {
    throw base::InputError({file}, "the numbers are " + detail::in_quotes(kind),
                           "'<c16' (complex128) or '<f8' (float64)");
  }
  if (header.is_fortran_order) {
    throw base::InputError({file}, "the array is stored in Fortran's order",
                           "the order of C (numpy.ascontiguousarray)");
  }
  const std::vector<std::size_t>& shape = header.shape;
  const bool is_spectra = is_complex && (shape.size() == 2 || shape.size() == 3) && shape[shape.size() - 2] == 2;
  const bool is_rows = !is_complex && shape.size() == 2 && shape[1] == 3;
  if (!is_spectra && !is_rows) {
    std::string text;
    for (const std::size_t size : shape) text += (text.empty() ? "" : " x ") + std::to_string(size);
    throw base::InputError({file}, "the array has the shape " + (text.empty() ? "()" : text),
                           "complex (spectra x) 2 x points, or real points x 3");
  }
  const std::size_t width = is_complex ? 16 : 8;
  detail::ByteReader reader(bytes, file, detail::ByteOrder::little, header.data);
  std::size_t wanted = width;
  for (const std::size_t size : shape) {
    if (wanted > reader.remaining() / size) {
      throw base::InputError({file}, "the file ends before the last number of its shape", "a complete file");
    }
    wanted *= size;
  }

  std::vector<table::Table> tables;
  if (is_rows) {
    detail::SpectrumDraft draft = empty_draft(file);
    for (std::size_t i = 0; i < shape[0]; ++i) {
      const double frequency = reader.float64("a row"), real = reader.float64("a row");
      add_point(draft, frequency, real, reader.float64("a row"));
    }
    return finish_spectra(std::move(draft), options);
  }
  const std::size_t spectra = shape.size() == 3 ? shape[0] : 1, points = shape.back();
  const std::size_t begin = reader.position();
  for (std::size_t s = 0; s < spectra; ++s) {
    detail::SpectrumDraft draft = empty_draft(file);
    draft.columns[2].is_signed = true;  // a complex number says its sign
    draft.loops.assign(points, 0);
    for (std::size_t i = 0; i < points; ++i) {
      reader.move_to(begin + ((2 * s) * points + i) * width);
      const double frequency = reader.float64("a point");
      reader.move_to(begin + ((2 * s + 1) * points + i) * width);
      const double real = reader.float64("a point");
      add_point(draft, frequency, real, reader.float64("a point"));
    }
    for (table::Table& one : finish_spectra(std::move(draft), options)) tables.push_back(std::move(one));
    if (spectra > 1) {
      tables.back().metadata["loop"] = std::to_string(s + 1);
      tables.back().metadata["loops"] = std::to_string(spectra);
    }
  }
  return tables;
}

}  // namespace closo::formats
