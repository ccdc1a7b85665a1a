#include "closo/formats/zplot.hpp"

#include <algorithm>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/formats/detail/scribner.hpp"
#include "closo/formats/detail/text.hpp"

namespace closo::formats {
namespace {

std::vector<table::Table> read_commented(std::string_view text, const std::string& file, const ReadOptions& options) {
  using detail::Line;
  const std::vector<Line> lines = detail::split_lines(text);
  const auto end =
      std::ranges::find_if(lines, [](const Line& line) { return detail::trimmed(line.text) == "End Comments"; });
  if (end == lines.end()) {
    throw base::InputError({file}, "the line 'End Comments' is missing", "a complete ZPlot file (is it cut off?)");
  }
  const auto stop = static_cast<std::size_t>(end - lines.begin());
  detail::Metadata metadata;
  std::optional<double> count;
  std::optional<std::size_t> names;
  std::string date, time;
  bool is_user_comment = false;
  for (std::size_t i = 1; i < stop; ++i) {
    const std::string_view line = detail::trimmed(lines[i].text);
    const std::size_t mark = std::min(line.find(':'), line.size());
    const std::string key(line.substr(0, mark));
    const std::string value(detail::trimmed(line.substr(std::min(mark + 1, line.size()))));
    if (key == "End User Comments") is_user_comment = false;
    if (is_user_comment) {
      detail::note_temperature(metadata, line, "line " + std::to_string(lines[i].number));
      std::string& comment = metadata["comment"];
      comment += (comment.empty() ? "" : "\n") + std::string(line);
    }
    if (key == "Begin User Comments") is_user_comment = true;
    if (key == "Experiment Type") metadata["technique"] = value;
    if (key == "Measured Data, ZPlot") metadata["instrument"] = "ZPlot " + value;
    if (key == "Surface Area") metadata["area_cm2"] = value;
    if (key == "Open Circuit Potential (V)") metadata["open_circuit_V"] = value;
    if (key == "Date") date = value;
    if (key == "Time") time = value;
    if (key == "Data Points") count = detail::try_number(value, detail::DecimalMark::point);
    if (detail::starts_with_word(line, "Freq") && detail::contains(line, "Z'")) names = i;
  }
  if (!names) {
    throw base::InputError({file, lines[stop].number}, "no line in front of 'End Comments' names the columns",
                           "a line with Freq(Hz) and Z'(a)");
  }
  if (!date.empty()) metadata["date"] = time.empty() ? date : date + " " + time;
  return detail::read_scribner_rows(lines, *names, stop + 1, file, "zplot_z", std::move(metadata), count, options);
}

}  // namespace

std::vector<table::Table> read_zplot(std::string_view bytes, const std::string& file, const ReadOptions& options) {
  const std::string text = detail::decode_text(bytes, file);
  if (text.starts_with("ZPLOT2")) return read_commented(text, file, options);
  return detail::read_quoted_scribner(text, file, "zplot_z", options);
}

}  // namespace closo::formats
