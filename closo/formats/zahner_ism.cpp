#include "closo/formats/zahner_ism.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <optional>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/formats/detail/byte_reader.hpp"
#include "closo/formats/detail/spectrum.hpp"

namespace closo::formats {
namespace {

std::string exchange_case(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') {
      c = static_cast<char>(c - 'a' + 'A');
    } else if (c >= 'A' && c <= 'Z') {
      c = static_cast<char>(c - 'A' + 'a');
    }
  }
  return text;
}

/// Seconds since 1980-01-01 as ISO date and time; empty outside a sensible range.
std::string date_text(double seconds) {
  constexpr double century = 3.2e9;
  if (!(seconds > 0.0 && seconds < century)) return {};
  using namespace std::chrono;
  const sys_seconds time = sys_days{year{1980} / 1 / 1} + std::chrono::seconds{static_cast<long long>(seconds)};
  const sys_days day = floor<days>(time);
  const year_month_day date{day};
  const auto second = (time - day).count();
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02u %02d:%02d:%02d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), static_cast<int>(second / 3600),
                static_cast<int>(second / 60 % 60), static_cast<int>(second % 60));
  return buffer;
}

/// "23.8+-0.1C". Without a thermometer the file has -273.15 or noise around 0.
void note_sensor(detail::Metadata& metadata, std::string_view text) {
  const std::size_t end = text.find_first_of("+cC", 1);
  const auto value = detail::try_number(text.substr(0, end), detail::DecimalMark::point);
  if (!value || !(*value > -273.0) || *value > 2000.0) return;
  constexpr double noise = 0.5;
  if (std::abs(*value) < noise) {
    metadata["warning.temperature"] =
        "the temperature '" + std::string(text) + "' reads like an unconnected thermometer";
    return;
  }
  metadata["temperature_degC"] = std::string(text.substr(0, end));
  metadata["temperature_source"] = "file header";
}

std::vector<double> read_doubles(detail::ByteReader& reader, std::size_t count, std::string_view what) {
  std::vector<double> values;
  values.reserve(count);
  for (std::size_t i = 0; i < count; ++i) values.push_back(reader.float64(what));
  return values;
}

detail::ColumnMeaning column(std::string_view header, std::string_view unit) {
  detail::ColumnMeaning meaning = detail::column_meaning(header);
  meaning.unit = base::Unit::parse(unit);
  meaning.has_unit = true;
  return meaning;
}

}  // namespace

bool begins_as_zahner_ism(std::string_view bytes) noexcept {
  // 48 bits: 0x0000FFFFFFFE, in other program versions 0x0000FFFFFFF0; the number of points keeps its upper half zero.
  constexpr std::string_view mark("\x00\x00\xFF\xFF\xFF", 5), zero("\x00\x00\x00\x00", 4);
  return bytes.size() > 12 && bytes.starts_with(mark) && static_cast<unsigned char>(bytes[5]) >= 0xF0 &&
         bytes.substr(6, 4) == zero.substr(0, 4);
}

std::vector<table::Table> read_zahner_ism(std::string_view bytes, const std::string& file, const ReadOptions& options) {
  if (!begins_as_zahner_ism(bytes)) {
    throw base::InputError({file}, "the file does not begin as Zahner's impedance files do", "a Thales .ism file");
  }
  detail::ByteReader reader(bytes, file, detail::ByteOrder::big, 6);
  const std::uint64_t count = reader.whole(6, "the number of points") + 1;
  constexpr std::uint64_t bytes_per_point = 34;
  if (count > reader.remaining() / bytes_per_point) {
    throw base::InputError({file},
                           "the file announces " + std::to_string(count) + " points and has room for " +
                               std::to_string(reader.remaining() / bytes_per_point),
                           "a complete file (is it cut off?)");
  }
  const auto points = static_cast<std::size_t>(count);
  detail::SpectrumDraft draft =
      detail::SpectrumDraft::with_columns(file, "zahner_ism",
                                          {column("frequency", "Hz"), column("|Z|", "Ohm"), column("phase", "rad"),
                                           column("time", "s"), column("significance", "1")},
                                          base::Place{file});
  draft.values[0] = read_doubles(reader, points, "the frequencies");
  draft.values[1] = read_doubles(reader, points, "the moduli");
  draft.values[2] = read_doubles(reader, points, "the phases");
  draft.values[3] = read_doubles(reader, points, "the times");
  for (std::size_t i = 0; i < points; ++i) {
    draft.values[4].push_back(static_cast<double>(reader.whole(2, "the significances")) * 1e-3);
  }
  draft.lines.assign(points, 0);
  const double start = draft.values[3].front();
  for (double& time : draft.values[3]) time -= start;

  detail::Metadata& metadata = draft.metadata;
  static constexpr std::array<std::string_view, 6> keys = {"date",    "instrument",  "potential",
                                                           "current", "temperature", "time"};
  constexpr std::size_t texts = 10;
  for (std::size_t i = 0; i < texts && reader.remaining() >= 2; ++i) {
    const auto length = static_cast<std::size_t>(reader.whole(2, "the header texts"));
    if (length > reader.remaining()) break;  // other versions of the program write other things here
    const std::string text = exchange_case(detail::printable(reader.text(length, "the header texts")));
    if (text.empty()) continue;
    if (i < keys.size()) {
      metadata[std::string(keys[i])] = text;
      if (keys[i] == "temperature") note_sensor(metadata, text);
    } else {
      std::string& comment = metadata["comment"];
      comment += (comment.empty() ? "" : "\n") + text;
      detail::note_temperature(metadata, text, "comment");
    }
  }
  if (const std::string date = date_text(start); !date.empty()) metadata["date"] = date;
  return finish_spectra(std::move(draft), options);
}

}  // namespace closo::formats
