#include "closo/formats/decim_recm2.hpp"

#include <utility>

#include "closo/base/error.hpp"
#include "closo/formats/detail/spectrum.hpp"
#include "closo/formats/detail/text.hpp"

namespace closo::formats {

std::vector<table::Table> read_decim_recm2(std::string_view bytes, const std::string& file,
                                           const ReadOptions& options) {
  using detail::Line;
  const std::string text = detail::decode_text(bytes, file);
  const std::vector<Line> lines = detail::split_lines(text);
  detail::Metadata metadata;
  std::string section;
  std::size_t begin = 0, end = 0, fitted = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = detail::trimmed(lines[i].text);
    if (line.starts_with('>')) {
      if (section == "IMPEDANCE DATA") end = i;
      section = line.substr(1);
      if (section == "IMPEDANCE DATA") begin = i + 1;
      continue;
    }
    if (section == "CIRCUIT DEFINITION" && !line.empty()) metadata["circuit"] = std::string(line);
    if (section == "IMPEDANCE FIT" && detail::row_of_numbers(line, 3)) ++fitted;
  }
  if (begin == 0 || begin >= lines.size()) {
    throw base::InputError({file}, "the section '>IMPEDANCE DATA' is missing", "a DECiM result file (is it cut off?)");
  }
  if (end == 0) end = lines.size();
  if (fitted > 0) metadata["fitted_points"] = std::to_string(fitted);

  std::vector<detail::ColumnMeaning> columns;
  for (const detail::Cell& cell : detail::split_cells(lines[begin].text, detail::Separator::comma)) {
    columns.push_back(detail::column_meaning(cell.text));
  }
  detail::SpectrumDraft draft =
      detail::SpectrumDraft::with_columns(file, "decim_recm2", std::move(columns), {file, lines[begin].number});
  draft.metadata.merge(metadata);
  detail::RowReader rows(draft, detail::Separator::comma);
  for (std::size_t i = begin + 1; i < end; ++i) {
    if (!detail::trimmed(lines[i].text).empty()) rows.add(lines[i]);
  }
  return finish_spectra(std::move(draft), options);
}

}  // namespace closo::formats
