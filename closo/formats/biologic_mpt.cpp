#include "closo/formats/biologic_mpt.hpp"

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

struct LoopRange {
  std::size_t first = 0, last = 0;
};

/// "Loop 1 from point number 61 to 121"
std::optional<LoopRange> loop_range(std::string_view line) {
  const std::vector<Cell> words = detail::split_cells(line, detail::Separator::blank);
  if (words.size() < 8 || words[0].text != "Loop" || words[2].text != "from" || words[6].text != "to")
    return std::nullopt;
  const auto first = detail::try_number(words[5].text, detail::DecimalMark::point);
  const auto last = detail::try_number(words[7].text, detail::DecimalMark::point);
  constexpr double most = 1e9;
  if (!first || !last || *first < 0.0 || *last < *first || *last > most) return std::nullopt;
  return LoopRange{static_cast<std::size_t>(*first), static_cast<std::size_t>(*last)};
}

struct Header {
  std::size_t lines = 0;
  detail::Metadata metadata;
  std::vector<LoopRange> loops;
};

Header read_header(const std::vector<Line>& lines, const std::string& file) {
  Header header;
  const auto counted = std::ranges::find_if(
      lines, [](const Line& line) { return detail::starts_with_word(line.text, "Nb header lines"); });
  if (counted == lines.end()) {
    throw base::InputError({file, 1}, "the line 'Nb header lines : N' is missing", "an EC-Lab text export");
  }
  const std::string_view number = detail::trimmed(counted->text.substr(counted->text.find(':') + 1));
  const std::optional<double> count = detail::try_number(number, detail::DecimalMark::point);
  if (!count || *count < 3.0 || *count > static_cast<double>(lines.size()) || *count != std::floor(*count)) {
    throw base::InputError({file, counted->number},
                           "the file announces " + detail::in_quotes(number) + " header lines and has " +
                               std::to_string(lines.size()) + " lines",
                           "a whole number within the file (is it cut off?)");
  }
  header.lines = static_cast<std::size_t>(*count);

  std::string_view section;
  for (std::size_t i = 0; i + 1 < header.lines; ++i) {
    const std::string_view line = lines[i].text;
    const std::string_view text = detail::trimmed(line);
    if (i > 1 && section.empty() && !text.empty()) {
      header.metadata["technique"] = std::string(text);
      section = text;
      continue;
    }
    if (const std::optional<LoopRange> range = loop_range(text)) header.loops.push_back(*range);
    const std::size_t mark = line.find(" : ");
    if (mark == std::string_view::npos) continue;
    const std::string key(detail::trimmed(line.substr(0, mark)));
    const std::string value(detail::trimmed(line.substr(mark + 3)));
    if (key.empty() || value.empty()) continue;
    if (key == "Acquisition started on") header.metadata["date"] = value;
    if (key == "Device") header.metadata["instrument"] = value;
    if (key == "Comments") header.metadata["comment"] = value;
    header.metadata.emplace(key, value);
    if (key == "Comments" || key == "Electrolyte" || key == "Electrode material" || key == "File") {
      detail::note_temperature(header.metadata, value, "line " + std::to_string(lines[i].number));
    }
  }
  return header;
}

std::string eight_digits(double value) { return detail::three_digit_exponent(value, 7); }

}  // namespace

std::vector<table::Table> read_biologic_mpt(std::string_view bytes, const std::string& file,
                                            const ReadOptions& options) {
  const std::string text = detail::decode_text(bytes, file);
  const std::vector<Line> lines = detail::split_lines(text);
  Header header = read_header(lines, file);
  const Line& names = lines[header.lines - 1];
  std::vector<Cell> cells = detail::split_cells(names.text, detail::Separator::tab);
  detail::drop_empty_tail(cells);
  std::vector<detail::ColumnMeaning> columns;
  for (const Cell& cell : cells) columns.push_back(detail::column_meaning(cell.text));
  detail::SpectrumDraft draft =
      detail::SpectrumDraft::with_columns(file, "biologic_mpt", std::move(columns), {file, names.number});
  draft.metadata.merge(header.metadata);
  draft.has_dc_rows = true;
  detail::RowReader rows(draft, detail::Separator::tab);
  for (std::size_t i = header.lines; i < lines.size(); ++i) {
    if (!detail::trimmed(lines[i].text).empty()) rows.add(lines[i]);
  }
  if (draft.rows() == 0) {
    throw base::InputError({file, names.number}, "there are no points below the header", "at least one row of numbers");
  }
  if (header.loops.size() > 1) {
    draft.loops.assign(draft.rows(), 0);
    for (std::size_t k = 0; k < header.loops.size(); ++k) {
      if (header.loops[k].first >= draft.rows()) {
        throw base::InputError({file},
                               "loop " + std::to_string(k) + " begins at point " +
                                   std::to_string(header.loops[k].first) + ", the file has " +
                                   std::to_string(draft.rows()) + " points",
                               "all loops that the header announces (is the file cut off?)");
      }
      for (std::size_t i = header.loops[k].first; i <= std::min(header.loops[k].last, draft.rows() - 1); ++i) {
        draft.loops[i] = k;
      }
    }
  }
  return finish_spectra(std::move(draft), options);
}

std::string write_biologic_mpt(std::span<const table::Table> loops) {
  if (loops.empty()) throw base::ParameterError("loops", "none", "at least one spectrum");
  const table::Table& first = loops.front();
  std::vector<std::string> header;
  header.push_back("");
  header.push_back("Potentio Electrochemical Impedance Spectroscopy");
  header.push_back("");
  header.push_back("Acquisition started on : " + detail::one_line(first, "date", "01/01/2000 00:00:00"));
  header.push_back("Device : " + detail::one_line(first, "instrument", "simulated"));
  header.push_back("Comments : " + detail::one_line(first, "comment", ""));
  std::vector<detail::WrittenSpectrum> data;
  for (const table::Table& loop : loops) data.push_back(detail::written_spectrum(loop));
  if (loops.size() > 1) {
    header.push_back("Number of loops : " + std::to_string(loops.size()));
    std::size_t begin = 0;
    for (std::size_t k = 0; k < data.size(); ++k) {
      const std::size_t end = begin + data[k].frequency.size();
      header.push_back("Loop " + std::to_string(k) + " from point number " + std::to_string(begin) + " to " +
                       std::to_string(end - 1));
      begin = end;
    }
  }
  header.push_back("");
  std::string text = "EC-Lab ASCII FILE\nNb header lines : " + std::to_string(header.size() + 3) + "\n";
  for (const std::string& line : header) text += line + "\n";
  text += "freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\t|Z|/Ohm\tPhase(Z)/deg\ttime/s\t<Ewe>/V\t<I>/mA\tcycle number\t\n";
  for (std::size_t k = 0; k < data.size(); ++k) {
    const detail::WrittenSpectrum& loop = data[k];
    for (std::size_t i = 0; i < loop.frequency.size(); ++i) {
      const double modulus = std::hypot(loop.real[i], loop.imaginary[i]);
      const double phase_deg = std::atan2(loop.imaginary[i], loop.real[i]) * 180.0 / std::numbers::pi;
      for (const double value : {loop.frequency[i], loop.real[i], 0.0 - loop.imaginary[i], modulus, phase_deg,
                                 loop.time[i], loop.voltage[i], loop.current[i] * 1e3, static_cast<double>(k + 1)}) {
        text += eight_digits(value) + "\t";
      }
      text += "\n";
    }
  }
  return text;
}

}  // namespace closo::formats
