#include "closo/formats/versastudio.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/formats/detail/spectrum.hpp"
#include "closo/formats/detail/text.hpp"

namespace closo::formats {
namespace {

using detail::Line;

class Reader {
 public:
  Reader(const std::string& text, const std::string& file, const ReadOptions& options)
      : lines_(detail::split_lines(text)), file_(file), options_(options) {}

  std::vector<table::Table> read() {
    std::string section;
    std::string date, time;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const std::string_view line = detail::trimmed(lines_[i].text);
      if (line.starts_with('<') && line.ends_with('>')) {
        section = line.substr(1, line.size() - 2);
        if (section.starts_with("Segment")) i = segment(i, section);
        continue;
      }
      const std::size_t mark = line.find('=');
      if (mark == std::string_view::npos) continue;
      const std::string_view key = line.substr(0, mark);
      const std::string value(line.substr(mark + 1));
      if (value.empty()) continue;
      if (section == "Instrument" && key == "Type") metadata_["instrument"] = value;
      if (section == "Instrument" && key == "SN") metadata_["instrument"] += " SN " + value;
      if (key == "DateAcquired") date = value;
      if (key == "TimeAcquired") time = value;
      if (!date.empty()) metadata_["date"] = time.empty() ? date : date + " " + time;
      if (key == "Working Electrode Area (cm2)") metadata_["area_cm2"] = value;
      if (key == "Comment") {
        metadata_["comment"] = value;
        detail::note_temperature(metadata_, value, "line " + std::to_string(lines_[i].number));
      }
      if (section.starts_with("Action") && key == "Name") metadata_["technique"] = value;
    }
    if (tables_.empty()) {
      throw base::InputError({file_}, "no segment of this file has impedance",
                             "a <Segment> whose definition has Frequency(Hz), Z Real and Z Imag");
    }
    for (std::size_t i = 0; i < tables_.size() && tables_.size() > 1; ++i) {
      tables_[i].metadata["loop"] = std::to_string(i + 1);
      tables_[i].metadata["loops"] = std::to_string(tables_.size());
    }
    return std::move(tables_);
  }

 private:
  /// Reads the segment whose tag stands at `at`; gives the line of its end.
  std::size_t segment(std::size_t at, const std::string& name) {
    const base::Place place{file_, lines_[at].number};
    std::size_t end = at + 1;
    while (end < lines_.size() && detail::trimmed(lines_[end].text) != "</" + name + ">") ++end;
    if (end == lines_.size()) {
      throw base::InputError(place, "the section <" + name + "> does not end",
                             "</" + name + "> (is the file cut off?)");
    }
    constexpr std::string_view key = "Definition=";
    const auto begin = lines_.begin() + static_cast<std::ptrdiff_t>(at),
               stop = lines_.begin() + static_cast<std::ptrdiff_t>(end);
    const auto definition =
        std::find_if(begin, stop, [key](const Line& line) { return detail::trimmed(line.text).starts_with(key); });
    if (definition == stop) {
      throw base::InputError(place, "the section <" + name + "> has no line 'Definition='", "the names of its columns");
    }
    const std::string_view names = detail::trimmed(definition->text).substr(key.size());
    std::vector<detail::ColumnMeaning> columns;
    for (const detail::Cell& cell : detail::split_cells(names, detail::Separator::comma)) {
      columns.push_back(detail::column_meaning(cell.text));
    }
    // A bare number behind the last name belongs to no column.
    while (!columns.empty() &&
           (columns.back().header.empty() || detail::try_number(columns.back().header, detail::DecimalMark::point))) {
      columns.pop_back();
    }
    const bool has_impedance = std::ranges::any_of(
        columns, [](const detail::ColumnMeaning& c) { return c.quantity == detail::Quantity::frequency; });
    if (!has_impedance) return end;
    detail::SpectrumDraft draft =
        detail::SpectrumDraft::with_columns(file_, "versastudio_par", std::move(columns), {file_, definition->number});
    draft.metadata.insert(metadata_.begin(), metadata_.end());
    draft.metadata["segment"] = name;
    draft.has_dc_rows = true;
    detail::RowReader rows(draft, detail::Separator::comma);
    for (auto line = definition + 1; line != stop; ++line) {
      if (!detail::trimmed(line->text).empty()) rows.add(*line);
    }
    if (draft.rows() == 0)
      throw base::InputError(place, "the section <" + name + "> has no rows", "at least one point");
    const std::vector<double>& frequency = draft.values[draft.chosen.frequency];
    const bool is_dc = std::ranges::all_of(frequency, [](double f) { return f == 0.0; });
    if (is_dc) return end;  // a segment of another technique
    for (table::Table& one : finish_spectra(std::move(draft), options_)) tables_.push_back(std::move(one));
    return end;
  }

  std::vector<Line> lines_;
  const std::string& file_;
  const ReadOptions& options_;
  detail::Metadata metadata_;
  std::vector<table::Table> tables_;
};

}  // namespace

std::vector<table::Table> read_versastudio(std::string_view bytes, const std::string& file,
                                           const ReadOptions& options) {
  const std::string text = detail::decode_text(bytes, file);
  return Reader(text, file, options).read();
}

}  // namespace closo::formats
