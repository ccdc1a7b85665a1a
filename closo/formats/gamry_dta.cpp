#include "closo/formats/gamry_dta.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/formats/detail/spectrum.hpp"
#include "closo/formats/detail/text.hpp"
#include "closo/formats/detail/written_spectrum.hpp"

namespace closo::formats {
namespace {

using detail::Cell;
using detail::Line;

std::string_view cell(const std::vector<Cell>& cells, std::size_t i) { return i < cells.size() ? cells[i].text : ""; }

struct Tag {
  std::string_view key, metadata;
};

constexpr Tag tags[] = {{"TITLE", "title"},      {"PSTAT", "instrument"}, {"TAG", "technique"},
                        {"AREA", "area_cm2"},    {"VDC", "dc_voltage_V"}, {"IDC", "dc_current_A"},
                        {"VAC", "amplitude_mV"}, {"IAC", "amplitude_A"}};

class Reader {
 public:
  Reader(const std::string& text, const std::string& file, const ReadOptions& options)
      : lines_(detail::split_lines(text)), file_(file), options_(options) {}

  std::vector<table::Table> read() {
    read_tags();
    std::vector<table::Table> tables;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const std::vector<Cell> cells = detail::split_cells(lines_[i].text, detail::Separator::tab);
      if (!detail::starts_with_word(cell(cells, 0), "ZCURVE") || cell(cells, 1) != "TABLE") continue;
      for (table::Table& one : curve(i, cell(cells, 2))) tables.push_back(std::move(one));
    }
    if (tables.empty()) {
      throw base::InputError({file_}, "there is no table ZCURVE in this Gamry file",
                             "the data of an impedance experiment (EISPOT, GALVEIS, …)");
    }
    for (std::size_t i = 0; i < tables.size() && tables.size() > 1; ++i) {
      tables[i].metadata["loop"] = std::to_string(i + 1);
      tables[i].metadata["loops"] = std::to_string(tables.size());
    }
    return tables;
  }

 private:
  void read_tags() {
    std::string date, time;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const std::vector<Cell> cells = detail::split_cells(lines_[i].text, detail::Separator::tab);
      const std::string_view key = cell(cells, 0);
      if (key.empty()) continue;
      const std::string value(cell(cells, 2));
      if (key == "DATE") date = value;
      if (key == "TIME") time = value;
      if (key == "EXPERIMENTABORTED" && value != "F") {
        metadata_["warning.aborted"] = "the experiment was aborted: the points measured before are here";
      }
      for (const Tag& tag : tags) {
        const std::string_view text = tag.key == "TAG" ? cell(cells, 1) : std::string_view(value);
        if (key == tag.key && !text.empty()) metadata_.emplace(tag.metadata, text);
      }
      if (key == "TITLE") detail::note_temperature(metadata_, value, "line " + std::to_string(lines_[i].number));
      if (key == "NOTES") {
        for (std::size_t k = i + 1; k < lines_.size() && lines_[k].text.starts_with('\t'); ++k) {
          const std::string_view note = detail::trimmed(lines_[k].text);
          if (note.empty()) continue;
          std::string& comment = metadata_["comment"];
          comment += (comment.empty() ? "" : "\n") + std::string(note);
          detail::note_temperature(metadata_, note, "line " + std::to_string(lines_[k].number));
        }
      }
    }
    if (!date.empty()) metadata_["date"] = time.empty() ? date : date + " " + time;
  }

  std::vector<table::Table> curve(std::size_t at, std::string_view announced) {
    const base::Place place{file_, lines_[at].number};
    if (at + 2 >= lines_.size()) {
      throw base::InputError(place, "the file ends behind the name of the table ZCURVE", "names, units and rows");
    }
    const std::vector<Cell> names = detail::split_cells(lines_[at + 1].text, detail::Separator::tab);
    const std::vector<Cell> units = detail::split_cells(lines_[at + 2].text, detail::Separator::tab);
    std::vector<detail::ColumnMeaning> columns;
    for (std::size_t c = 0; c < names.size(); ++c) {
      detail::ColumnMeaning column = detail::column_meaning(names[c].text);
      if (const auto unit = detail::instrument_unit(cell(units, c))) {
        column.unit = *unit;
        column.has_unit = true;
      } else if (column.quantity == detail::Quantity::phase) {
        column.unit = base::Unit::parse("deg");  // its sign is often lost in the encoding
        column.has_unit = true;
      }
      if (names[c].text == "T") column.quantity = detail::Quantity::time;
      columns.push_back(std::move(column));
    }
    detail::SpectrumDraft draft =
        detail::SpectrumDraft::with_columns(file_, "gamry_dta", std::move(columns), {file_, lines_[at + 1].number});
    draft.metadata.insert(metadata_.begin(), metadata_.end());
    detail::RowReader rows(draft, detail::Separator::tab);
    for (std::size_t i = at + 3; i < lines_.size() && lines_[i].text.starts_with('\t'); ++i) rows.add(lines_[i]);
    if (draft.rows() == 0) throw base::InputError(place, "the table ZCURVE has no rows", "at least one point");
    const std::optional<double> count = detail::try_number(announced, detail::DecimalMark::point);
    if (count && *count != static_cast<double>(draft.rows())) {
      draft.metadata["warning.points"] =
          std::string(announced) + " points announced, " + std::to_string(draft.rows()) + " found";
    }
    forget_unconnected_sensor(draft);
    return finish_spectra(std::move(draft), options_);
  }

  /// Gamry writes -327.67 or so where no thermometer is connected.
  static void forget_unconnected_sensor(detail::SpectrumDraft& draft) {
    for (std::size_t c = 0; c < draft.columns.size(); ++c) {
      if (draft.columns[c].quantity != detail::Quantity::temperature) continue;
      for (double& value : draft.values[c]) {
        if (value < -273.15) value = std::nan("");
      }
    }
  }

  std::vector<Line> lines_;
  const std::string& file_;
  const ReadOptions& options_;
  detail::Metadata metadata_;
};

std::string seven_digits(double value) { return detail::three_digit_exponent(value, 6); }

}  // namespace

std::vector<table::Table> read_gamry_dta(std::string_view bytes, const std::string& file, const ReadOptions& options) {
  const std::string text = detail::decode_text(bytes, file);
  return Reader(text, file, options).read();
}

std::string write_gamry_dta(const table::Table& spectrum) {
  const detail::WrittenSpectrum data = detail::written_spectrum(spectrum);
  const std::string comment = detail::one_line(spectrum, "comment", "");
  const std::string date = detail::one_line(spectrum, "date", "1/1/2000 00:00:00");
  const std::size_t blank = std::min(date.find(' '), date.size());
  std::string text = "EXPLAIN\nTAG\tEISPOT\n";
  text += "TITLE\tLABEL\t" + detail::one_line(spectrum, "title", "Potentiostatic EIS") + "\tTest &Identifier\n";
  text += "DATE\tLABEL\t" + date.substr(0, blank) + "\tDate\n";
  text += "TIME\tLABEL\t" + (blank < date.size() ? date.substr(blank + 1) : "00:00:00") + "\tTime\n";
  text += "NOTES\tNOTES\t1\t&Notes...\n\t" + comment + "\n";
  text += "PSTAT\tPSTAT\t" + detail::one_line(spectrum, "instrument", "simulated") + "\tPotentiostat\n";
  text += "ZCURVE\tTABLE\t" + std::to_string(data.frequency.size()) + "\n";
  text += "\tPt\tTime\tFreq\tZreal\tZimag\tZsig\tZmod\tZphz\tIdc\tVdc\tIERange\n";
  text += "\t#\ts\tHz\tohm\tohm\tV\tohm\t°\tA\tV\t#\n";
  for (std::size_t i = 0; i < data.frequency.size(); ++i) {
    const double modulus = std::hypot(data.real[i], data.imaginary[i]);
    const double phase_deg = std::atan2(data.imaginary[i], data.real[i]) * 180.0 / std::numbers::pi;
    text += "\t" + std::to_string(i);
    for (const double value : {data.time[i], data.frequency[i], data.real[i], data.imaginary[i], 1.0, modulus,
                               phase_deg, data.current[i], data.voltage[i]}) {
      text += "\t" + seven_digits(value);
    }
    text += "\t9\n";
  }
  return text;
}

}  // namespace closo::formats
