#include "closo/formats/impedance_file.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <set>

#include <gtest/gtest.h>

#include "closo/formats/biologic_mpt.hpp"
#include "closo/formats/gamry_dta.hpp"
#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;

namespace {

struct Case {
  std::string_view format;
  std::string text;
};

/// The smallest file of each text format.
std::vector<Case> smallest_files() {
  const std::array<table::Table, 1> one = {simulated(4)};
  const std::string scribner =
      "\"  Freq(Hz)    Ampl     Bias   Time(Sec)   Z'(a)    Z''(b)    GD   Err   Range\"\n1,0,0,0,2,-3,0,0,0\n";
  return {
      {"gamry_dta", write_gamry_dta(one[0])},
      {"biologic_mpt", write_biologic_mpt(one)},
      {"zplot_z", "\"ZPlotW Data File: Version 3\"\n1\n" + scribner},
      {"zplot_z",
       "ZPLOT2 ASCII\n Freq(Hz)\tAmpl\tBias\tTime(Sec)\tZ'(a)\tZ''(b)\tGD\tErr\tRange\nEnd "
       "Comments\n1\t0\t0\t0\t2\t-3\t0\t0\t0\n"},
      {"autolab_txt", "\"Z60W Data File: Version 1\"\n1\n" + scribner},
      {"autolab_txt", "Index;Frequency (Hz);Z' (Ω);-Z'' (Ω);-Phase (°)\n1;1;2;3;56\n"},
      {"versastudio_par",
       "<Application>\nName=VersaStudio\n</Application>\n<Segment1>\nDefinition=Frequency(Hz), Z Real, Z "
       "Imag\n1,2,-3\n</Segment1>\n"},
      {"decim_recm2",
       ">CIRCUIT DEFINITION\n{R0}\n>IMPEDANCE DATA\nFrequency (Hz), Re(Z) / Ohm, Im(Z) / Ohm\n1, 2, -3\n"},
      {"comsol_txt", "% Model:  a.mph\n% Version: COMSOL 6\n1 2 -3\n"},
      {"ch_instruments_txt", "Feb. 20, 2020\nA.C. Impedance\nFreq/Hz, Z'/ohm, Z\"/ohm\n1, 2, -3\n"},
      {"relaxis_txt", "Exported by RelaxIS\nFrequency / Hz\tZ' / Ohm\tZ'' / Ohm\n1\t2\t-3\n"},
      {"neisys_txt", "title\nFreq.[Hz]\tZs'[ohm]\tZs''[ohm]\n1\t2\t-3\n"},
      {"ec_lab_columns", "freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\n1\t2\t3\n"},
      {"parstat_txt", "Frequency (Hz)\tZre (ohms)\tZim (ohms)\t\n1\t2\t-3\t\n"},
      {"powersuite_txt", "Frequency\tZre\tZimg\r\r\n1\t2\t-3\r\r\n"},
      {"delimited", "f/Hz,Z'/Ohm,Z''/Ohm\n1,2,-3\n"},
      {"columns", "1,2,-3\n"},
  };
}

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST(ImpedanceFile, FindsEveryFormatByItsContent) {
  for (const Case& c : smallest_files()) {
    const FormatDetection found = detect_impedance_format(c.text, "file");
    EXPECT_EQ(found.format, c.format) << c.text;
    EXPECT_FALSE(found.reason.empty());
    const auto tables = read_impedance_file(c.text, "file");
    ASSERT_FALSE(tables.empty());
    EXPECT_EQ(metadata(tables[0], "format"), c.format);
    for (const std::size_t i : {0U, 1U, 2U}) {
      EXPECT_EQ(tables[0].columns[i].name, (std::array{"frequency", "Z_real", "Z_imag"})[i]);
      EXPECT_EQ(tables[0].columns[i].unit.text(), (std::array{"Hz", "Ohm", "Ohm"})[i]);
    }
    EXPECT_LT(tables[0].columns[2].values[0], 0.0) << c.format;
  }
}

TEST(ImpedanceFile, ReadsTheSameWhenToldTheFormat) {
  for (const Case& c : smallest_files()) {
    ReadOptions options;
    options.format = c.format;
    expect_same_spectrum(read_impedance_file(c.text, "file", options)[0], read_impedance_file(c.text, "file")[0], 0.0);
  }
}

TEST(ImpedanceFile, ReadsUtf16OfEveryTextFormat) {
  for (const Case& c : smallest_files()) {
    std::string wide = "\xFF\xFE";
    bool is_ascii = true;
    for (const char byte : c.text) {
      is_ascii = is_ascii && static_cast<unsigned char>(byte) < 0x80;
      wide += byte;
      wide += '\0';
    }
    if (!is_ascii) continue;
    EXPECT_EQ(metadata(read_impedance_file(wide, "file")[0], "format"), c.format);
  }
}

TEST(ImpedanceFile, TableOfFormatsIsComplete) {
  std::set<std::string_view> names, tested;
  for (const FormatInfo& info : impedance_formats()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_FALSE(info.vendor.empty());
    EXPECT_TRUE(info.extensions.starts_with('.')) << info.name;
    EXPECT_FALSE(info.description.empty());
  }
  for (const Case& c : smallest_files()) tested.insert(c.format);
  for (const std::string_view binary : {"biologic_mpr", "zahner_ism", "numpy_npy"}) tested.insert(binary);
  EXPECT_EQ(names, tested);
}

TEST(ImpedanceFile, RefusesWithAReason) {
  const auto read = [](const std::string& bytes) { return [bytes] { read_impedance_file(bytes, "x.dat"); }; };
  refusal(read(""), "the file is empty");
  refusal(read("{\"a\": 1}\n"), "this is a JSON file", 1);
  refusal(read("<?xml version=\"1.0\"?>\n<zahner-impedance-model/>\n"), "a Zahner model (.isfx)", 1);
  refusal(read("<?xml version=\"1.0\"?>\n<a/>\n"), "an XML file", 1);
  refusal(read(std::string("\x7F"
                           "ELF\0\1\2",
                           7)),
          "binary data", 1);
  refusal(read("MIT License\n\nPermission\n"), "no columns of an impedance spectrum", 1);
  refusal(read("f/Hz,Z'/Ohm\n1,2\n"), "no imaginary part", 1);
  refusal(read("1 2\n3 4\n"), "no columns of an impedance spectrum", 1);
}

TEST(ImpedanceFile, RefusesHugeFilesAndUnknownFormats) {
  ReadOptions options;
  options.max_bytes = 10;
  refusal([&] { read_impedance_file("1,2,-3\n1,2,-3\n", "x", options); }, "the file has 14 bytes");
  options = {};
  options.format = "gamry";
  try {
    read_impedance_file("1,2,-3\n", "x", options);
    FAIL();
  } catch (const base::ParameterError& error) {
    EXPECT_EQ(error.name(), "format");
    EXPECT_EQ(error.value(), "gamry");
  }
}

TEST(ImpedanceFile, LawEveryPrefixIsReadOrRefused) {
  for (const Case& c : smallest_files()) {
    for (std::size_t size = 0; size < c.text.size(); ++size) {
      try {
        for (const table::Table& table : read_impedance_file(c.text.substr(0, size), "x")) {
          EXPECT_GE(table.rows(), 1U);
        }
      } catch (const base::InputError& error) {
        EXPECT_EQ(error.place().file, "x") << error.what();
      }
    }
  }
}

TEST(ImpedanceFile, LawWritersReadBackAtEveryScale) {
  for (const double scale : {1e-6, 1e-3, 1.0, 1e3, 1e6, 1e9}) {
    const std::array<table::Table, 1> one = {simulated(40, scale)};
    for (const std::string& text : {write_gamry_dta(one[0]), write_biologic_mpt(one)}) {
      const auto found = read_impedance_file(text, "x");
      ASSERT_EQ(found.size(), 1U);
      expect_same_spectrum(found[0], one[0], 1e-6);
      for (const auto& [key, value] : found[0].metadata) EXPECT_FALSE(key.starts_with("warning.sign")) << value;
    }
  }
}

TEST(ImpedanceFile, PageOfFormatsIsUpToDate) {
  const std::string page = read_text(CLOSO_SOURCE_DIR "/docs/formats.md");
  EXPECT_NE(page.find(impedance_formats_markdown()), std::string::npos) << "docs/formats.md should hold this table:\n"
                                                                        << impedance_formats_markdown();
}
