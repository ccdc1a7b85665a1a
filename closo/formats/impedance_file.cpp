#include "closo/formats/impedance_file.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/suggestion.hpp"
#include "closo/formats/autolab.hpp"
#include "closo/formats/biologic_mpr.hpp"
#include "closo/formats/biologic_mpt.hpp"
#include "closo/formats/ch_instruments.hpp"
#include "closo/formats/columns.hpp"
#include "closo/formats/comsol.hpp"
#include "closo/formats/decim_recm2.hpp"
#include "closo/formats/delimited.hpp"
#include "closo/formats/detail/header_table.hpp"
#include "closo/formats/detail/text.hpp"
#include "closo/formats/ec_lab_columns.hpp"
#include "closo/formats/gamry_dta.hpp"
#include "closo/formats/neisys.hpp"
#include "closo/formats/numpy_npy.hpp"
#include "closo/formats/parstat.hpp"
#include "closo/formats/powersuite.hpp"
#include "closo/formats/relaxis.hpp"
#include "closo/formats/versastudio.hpp"
#include "closo/formats/zahner_ism.hpp"
#include "closo/formats/zplot.hpp"

namespace closo::formats {
namespace {

using detail::contains;
using detail::contains_word;
using detail::Line;

/// What a detector sees: the bytes, and the first lines when they are text.
struct Probe {
  std::string_view bytes;
  std::string text;
  std::vector<Line> lines;
  std::optional<detail::HeaderLine> header;
  bool is_text = false;

  std::string_view line(std::size_t i) const { return i < lines.size() ? lines[i].text : std::string_view(); }
  std::string_view header_text() const { return header ? line(header->index) : std::string_view(); }
  bool preamble_has(std::string_view word) const {
    const std::size_t end = header ? header->index : std::min<std::size_t>(lines.size(), 40);
    for (std::size_t i = 0; i < end; ++i) {
      if (contains_word(lines[i].text, word)) return true;
    }
    return false;
  }
};

using Detector = std::optional<std::string> (*)(const Probe&);
using Reader = std::vector<table::Table> (*)(std::string_view, const std::string&, const ReadOptions&);

struct Format {
  FormatInfo info;
  Detector detect;
  Reader read;
};

std::optional<std::string> when(bool holds, std::string_view reason) {
  return holds ? std::optional(std::string(reason)) : std::nullopt;
}

std::optional<std::string> is_autolab(const Probe& p) {
  if (contains(p.line(0), "Z60W Data File")) return "the first line is 'Z60W Data File'";
  const std::string_view names = p.header_text();
  return when(contains(names, "-Phase (") && contains(names, "Z'"), "the columns are NOVA's ('-Phase (°)')");
}

std::optional<std::string> is_ec_lab_columns(const Probe& p) {
  return when(p.header_text().starts_with("freq/Hz") && contains(p.header_text(), "Re(Z)/Ohm"),
              "the columns are EC-Lab's ('freq/Hz', 'Re(Z)/Ohm')");
}

std::optional<std::string> is_parstat(const Probe& p) {
  const std::string_view names = p.header_text();
  return when(contains(names, "Frequency (Hz)") && (contains(names, "Zre (ohms)") || contains(names, "|Z| (ohms)")),
              "the columns are those of PARSTAT exports ('Zre (ohms)' or '|Z| (ohms)')");
}

std::optional<std::string> is_columns(const Probe& p) {
  for (const Line& line : p.lines) {
    if (detail::trimmed(line.text).empty() || detail::is_comment(line.text)) continue;
    const auto style = detail::row_of_numbers(line.text, 2);
    return when(style && style->cells >= 3, "the first row is three or more numbers and there is no header");
  }
  return std::nullopt;
}

constexpr std::array formats = {
    Format{{"biologic_mpr", "BioLogic EC-Lab", ".mpr", "native binary file, loops split",
            "made from public descriptions, tested against composed bytes only; unknown column ids are tolerated where "
            "the place of frequency and impedance is sure"},
           [](const Probe& p) {
             return when(p.bytes.starts_with("BIO-LOGIC MODULAR FILE"),
                         "the file begins with 'BIO-LOGIC MODULAR FILE'");
           },
           read_biologic_mpr},
    Format{{"zahner_ism", "Zahner Thales", ".ism", "binary file: modulus and phase, significance, header texts",
            "an up and down sweep stays one spectrum; drift-compensated and simulated files are read too"},
           [](const Probe& p) { return when(begins_as_zahner_ism(p.bytes), "the first bytes are those of Thales"); },
           read_zahner_ism},
    Format{{"numpy_npy", "NumPy (AutoEIS)", ".npy", "complex array (spectra x) 2 x points, or real points x 3", ""},
           [](const Probe& p) {
             return when(p.bytes.starts_with("\x93NUMPY"), "the file begins with the magic word of NumPy");
           },
           read_numpy_npy},
    Format{{"gamry_dta", "Gamry Framework", ".DTA", "tables ZCURVE of an experiment, several loops",
            "aborted runs are read with warning.aborted; can be written"},
           [](const Probe& p) { return when(detail::trimmed(p.line(0)) == "EXPLAIN", "the first line is 'EXPLAIN'"); },
           read_gamry_dta},
    Format{{"biologic_mpt", "BioLogic EC-Lab", ".mpt", "text export, loops split, decimal commas, unknown columns kept",
            "rows with frequency 0 (other techniques) are skipped and counted; can be written"},
           [](const Probe& p) {
             return when(contains(p.line(0), "-Lab ASCII FILE"), "the first line is 'EC-Lab ASCII FILE'");
           },
           read_biologic_mpt},
    Format{{"zplot_z", "Scribner ZPlot/ZView", ".z", "text with or without comments",
            "fewer points than announced give warning.points"},
           [](const Probe& p) {
             return when(p.line(0).starts_with("ZPLOT2") || contains(p.line(0), "ZPlotW Data File"),
                         "the first line is ZPlot's");
           },
           read_zplot},
    Format{{"versastudio_par", "Princeton Applied Research VersaStudio", ".par", "sections with segments of points",
            "segments of other techniques are skipped"},
           [](const Probe& p) {
             return when(p.line(0).starts_with("<Application>") ||
                             (p.preamble_has("<Application>") && p.preamble_has("Name=VersaStudio")),
                         "the file begins with the section <Application> of VersaStudio");
           },
           read_versastudio},
    Format{{"decim_recm2", "DECiM", ".recm2", "result file: the measured spectrum in it", "the circuit is metadata"},
           [](const Probe& p) {
             return when(p.line(0).starts_with(">CIRCUIT DEFINITION"), "the first line is '>CIRCUIT DEFINITION'");
           },
           read_decim_recm2},
    Format{{"comsol_txt", "COMSOL Multiphysics", ".txt", "export with '%' lines", ""},
           [](const Probe& p) {
             return when(p.line(0).starts_with("% Model:") || (p.line(0).starts_with('%') && p.preamble_has("COMSOL")),
                         "the comment lines are COMSOL's ('% Model:')");
           },
           read_comsol},
    Format{{"ch_instruments_txt", "CH Instruments", ".txt", "text of the technique A.C. Impedance", ""},
           [](const Probe& p) {
             for (std::size_t i = 0; i < 4; ++i) {
               if (contains(p.line(i), "A.C. Impedance"))
                 return when(true, "a line 'A.C. Impedance' stands at the top");
             }
             return when(false, "");
           },
           read_ch_instruments},
    Format{{"autolab_txt", "Metrohm Autolab (FRA, NOVA)", ".txt", "Z60W export, or NOVA's columns", ""},
           is_autolab,
           read_autolab},
    Format{
        {"relaxis_txt", "rhd instruments RelaxIS", ".txt .csv", "text export: 'key: value' lines, columns with units",
         "made without a file of that program; columns are found by their headers"},
        [](const Probe& p) {
          return when(p.preamble_has("RelaxIS") && p.header.has_value(), "the lines above the columns name RelaxIS");
        },
        read_relaxis},
    Format{{"neisys_txt", "Novocontrol NEISYS/WinDETA", ".txt", "columns Freq.[Hz], Zs'[ohm], Zs''[ohm] below a title",
            "the temperature comes from the title, the fixed values or a column"},
           [](const Probe& p) {
             return when(contains(p.header_text(), "Zs'"), "the columns are Novocontrol's (\"Zs'\")");
           },
           read_neisys},
    Format{{"ec_lab_columns", "BioLogic EC-Lab", ".txt .csv", "EC-Lab's columns without its preface",
            "a '#NAME?' behind Re(Z) is a spreadsheet's rendering of -Im(Z): read so, with warning.header"},
           is_ec_lab_columns,
           read_ec_lab_columns},
    Format{{"parstat_txt", "Princeton Applied Research PARSTAT", ".txt", "columns in words, also DECiM's input of them",
            "rows with frequency 0 (other techniques) are skipped and counted"},
           is_parstat,
           read_parstat},
    Format{{"powersuite_txt", "Princeton Applied Research PowerSuite", ".txt", "columns Frequency, Zre, Zimg",
            "no units in the file: taken as Hz and Ohm"},
           [](const Probe& p) {
             return when(contains(p.header_text(), "Zre") && contains(p.header_text(), "Zimg"),
                         "the columns are PowerSuite's ('Zre', 'Zimg')");
           },
           read_powersuite},
    Format{{"delimited", "any", ".csv .tsv .txt .dat", "table with a header, any separator and order of columns",
            "units in the header; Z', Z'' or |Z|, phase; -Z'' by the header; decimal commas unless commas separate"},
           [](const Probe& p) { return when(p.header.has_value(), "a line names the columns of a spectrum"); },
           read_delimited},
    Format{{"columns", "any (DECiM, pyDRTtools)", ".csv .txt .dat", "rows of frequency, Z', Z'' without a header",
            "the sign of the third column is judged by the slope of Z', with warning.sign"},
           is_columns,
           read_columns},
};

constexpr auto infos = [] {
  std::array<FormatInfo, formats.size()> all{};
  for (std::size_t i = 0; i < formats.size(); ++i) all[i] = formats[i].info;
  return all;
}();

/// Things that lie beside spectra and are none.
std::optional<std::string> known_other_kind(std::string_view text) {
  const std::string_view start = detail::trimmed(text.substr(0, text.find('\n')));
  if (contains(text.substr(0, 400), "zahner-impedance-model")) return "a Zahner model (.isfx)";
  if (start.starts_with("<?xml")) return "an XML file";
  if (start.starts_with('{') || start.starts_with('[')) return "a JSON file";
  return std::nullopt;
}

Probe probe_of(std::string_view bytes, const std::string& file) {
  constexpr std::size_t longest = std::size_t{256} << 10U;
  Probe probe;
  probe.bytes = bytes;
  std::string_view head = bytes.substr(0, longest);
  if (head.size() < bytes.size()) {
    // Whole lines, so that no character is cut.
    const std::size_t end = head.find_last_of('\n');
    if (end != std::string_view::npos) head = head.substr(0, end + 1);
    if (head.size() % 2 != 0 && (head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF"))) head.remove_suffix(1);
  }
  try {
    probe.text = detail::decode_text(head, file);
  } catch (const base::InputError&) {
    return probe;
  }
  probe.is_text = true;
  probe.lines = detail::split_lines(probe.text);
  probe.header = detail::find_header(probe.lines, 0);
  return probe;
}

const Format* find_format(std::string_view name) {
  const auto found = std::ranges::find_if(formats, [name](const Format& format) { return format.info.name == name; });
  return found == formats.end() ? nullptr : &*found;
}

}  // namespace

std::span<const FormatInfo> impedance_formats() { return infos; }

FormatDetection detect_impedance_format(std::string_view bytes, const std::string& file_name) {
  if (bytes.empty()) throw base::InputError({file_name}, "the file is empty", "a file of impedance data");
  const Probe probe = probe_of(bytes, file_name);
  for (const Format& format : formats) {
    if (std::optional<std::string> reason = format.detect(probe)) return {format.info.name, std::move(*reason)};
  }
  const std::string expected = "a file of impedance data in one of the formats that closo reads";
  if (!probe.is_text) {
    detail::decode_text(bytes, file_name);  // says where the binary data begin
    throw base::InputError({file_name}, "the file is neither text nor a known binary format", expected);
  }
  if (const auto kind = known_other_kind(probe.text)) {
    throw base::InputError({file_name, 1}, "this is " + *kind + ", which has no measured spectrum", expected);
  }
  // The reader of tables says best which column is missing.
  detail::read_header_table(probe.text, file_name, {"delimited", false}, {});
  throw base::InputError({file_name}, "no impedance spectrum was found", expected);
}

std::vector<table::Table> read_impedance_file(std::string_view bytes, const std::string& file_name,
                                              const ReadOptions& options) {
  if (bytes.size() > options.max_bytes) {
    throw base::InputError({file_name}, "the file has " + std::to_string(bytes.size()) + " bytes",
                           "at most " + std::to_string(options.max_bytes) + " bytes for a file of spectra");
  }
  const Format* format = nullptr;
  if (options.format.empty()) {
    format = find_format(detect_impedance_format(bytes, file_name).format);
  } else {
    format = find_format(options.format);
    if (format == nullptr) {
      std::vector<std::string> names;
      for (const FormatInfo& info : infos) names.emplace_back(info.name);
      throw base::ParameterError("format", options.format,
                                 "a name of a format; " + base::did_you_mean(options.format, names));
    }
  }
  return format->read(bytes, file_name, options);
}

std::string impedance_formats_markdown() {
  std::string text = "| name | program | files | content | notes |\n|---|---|---|---|---|\n";
  const auto cell = [&text](std::string_view value) {
    text += "| ";
    for (const char c : value) text += c == '|' ? std::string("\\|") : std::string(1, c);
    text += value.empty() ? "" : " ";
  };
  for (const FormatInfo& info : infos) {
    text += "| `" + std::string(info.name) + "` ";
    for (const std::string_view value : {info.vendor, info.extensions, info.description, info.note}) cell(value);
    text += "|\n";
  }
  return text;
}

}  // namespace closo::formats
