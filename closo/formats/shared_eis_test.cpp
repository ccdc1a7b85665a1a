/// Every file of the collection of measured spectra is read with its number of points, or refused for the right reason.
/// The expectations are written from the notes beside the data (points of the vendors' samples, degrees of freedom of
/// the fits: points = (dof + parameters) / 2) and from the rows of the files.
#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numbers>
#include <set>

#include <gtest/gtest.h>

#include "closo/formats/impedance_file.hpp"
#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;

namespace {

namespace fs = std::filesystem;

const fs::path root = fs::path(CLOSO_SHARED_DIR) / "data" / "eis";

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Readable {
  std::string_view file;
  std::string_view format;
  std::size_t spectra;
  std::size_t points;  ///< of each spectrum
};

const Readable readable[] = {
    {"AutoEIS/battery_data.npy", "numpy_npy", 130, 57},
    {"AutoEIS/test_data.csv", "ec_lab_columns", 1, 67},
    {"AutoEIS/test_data.txt", "ec_lab_columns", 1, 67},
    {"DECiM/examples/Bode_format_data/CH4_H2.txt", "parstat_txt", 1, 211},
    {"DECiM/examples/Li_Graphite_Half_Cell/Graphite_EIS_after_charge_discharge_study_100kHz_10mHz.txt", "parstat_txt",
     1, 211},
    {"DECiM/examples/Li_Graphite_Half_Cell/step9.recm2", "decim_recm2", 1, 211},
    {"DECiM/examples/Li_Graphite_Half_Cell/step10.recm2", "decim_recm2", 1, 211},
    {"DECiM/examples/Li_Graphite_Half_Cell/step11.recm2", "decim_recm2", 1, 211},
    {"DECiM/examples/Li_Graphite_Half_Cell/step12.recm2", "decim_recm2", 1, 211},
    {"DECiM/examples/Li_Graphite_Half_Cell/step13.recm2", "decim_recm2", 1, 211},
    {"DECiM/examples/Li_Graphite_Half_Cell/step16.recm2", "decim_recm2", 1, 211},
    {"DECiM/examples/Li_Graphite_Half_Cell/step17.recm2", "decim_recm2", 1, 211},
    {"DECiM/examples/Li_Graphite_Half_Cell/step18.recm2", "decim_recm2", 1, 211},
    {"DECiM/examples/RbOH_xH2O/CH3_cool_40C_2.csv", "columns", 1, 181},
    {"DECiM/examples/RbOH_xH2O/CH3_cool_40C_2.recm2", "decim_recm2", 1, 181},
    {"EISFitpython/EIS_Data/CSV_Example.csv", "columns", 1, 50},
    {"EISFitpython/EIS_Data/Example-2/Example2a.txt", "neisys_txt", 1, 51},
    {"EISFitpython/EIS_Data/Example-2/Example2b.txt", "neisys_txt", 1, 50},
    {"EISFitpython/EIS_Data/Example-2/Example2c.txt", "neisys_txt", 1, 42},
    {"EISFitpython/EIS_Data/Example-3-4/s04147-140deg.txt", "neisys_txt", 1, 42},
    {"EISFitpython/EIS_Data/Example-3-4/s04147-150deg.txt", "neisys_txt", 1, 42},
    {"EISFitpython/EIS_Data/Example-3-4/s04147-160deg.txt", "neisys_txt", 1, 42},
    {"EISFitpython/EIS_Data/Example-3-4/s04147-170deg.txt", "neisys_txt", 1, 41},
    {"EISFitpython/EIS_Data/Example-3-4/s04147-180deg.txt", "neisys_txt", 1, 41},
    {"EISFitpython/EIS_Data/Example-3-4/s04147-190deg.txt", "neisys_txt", 1, 41},
    {"EISFitpython/EIS_Data/Example-3-4/s04147-200deg.txt", "neisys_txt", 1, 40},
    {"EISFitpython/EIS_Data/Example_header.txt", "neisys_txt", 1, 50},
    {"EISFitpython/EIS_Data/Example_noheader.txt", "columns", 1, 42},
    {"EISFitpython/expected/Example1/EIS-SIM_(R1pQ1)+(R2pQ2)+Q3.txt", "neisys_txt", 1, 50},
    {"EISFitpython/expected/Example2/EIS_fit_data_(R1pQ1)+(R2pQ2)+Q3.txt", "neisys_txt", 1, 44},
    {"EISFitpython/expected/Example3/EIS_fit_Data_413K.txt", "neisys_txt", 1, 42},
    {"EISFitpython/expected/Example3/EIS_fit_Data_423K.txt", "neisys_txt", 1, 42},
    {"EISFitpython/expected/Example3/EIS_fit_Data_433K.txt", "neisys_txt", 1, 42},
    {"EISFitpython/expected/Example3/EIS_fit_Data_443K.txt", "neisys_txt", 1, 41},
    {"EISFitpython/expected/Example3/EIS_fit_Data_453K.txt", "neisys_txt", 1, 41},
    {"EISFitpython/expected/Example3/EIS_fit_Data_463K.txt", "neisys_txt", 1, 41},
    {"EISFitpython/expected/Example3/EIS_fit_Data_473K.txt", "neisys_txt", 1, 40},
    {"EISFitpython/expected/Example4/S-chi_fit_data_140C.txt", "neisys_txt", 1, 42},
    {"EISFitpython/expected/Example4/S-chi_fit_data_150C.txt", "neisys_txt", 1, 42},
    {"EISFitpython/expected/Example4/S-chi_fit_data_160C.txt", "neisys_txt", 1, 42},
    {"EISFitpython/expected/Example4/S-chi_fit_data_170C.txt", "neisys_txt", 1, 41},
    {"EISFitpython/expected/Example4/S-chi_fit_data_180C.txt", "neisys_txt", 1, 41},
    {"EISFitpython/expected/Example4/S-chi_fit_data_190C.txt", "neisys_txt", 1, 41},
    {"EISFitpython/expected/Example4/S-chi_fit_data_200C.txt", "neisys_txt", 1, 40},
    {"EISFitting/COLUMBIA_TXT_example.txt", "comsol_txt", 1, 3},
    {"EISFitting/DAHN_TXT_example.txt", "ec_lab_columns", 1, 70},
    {"EISFitting/MPT_example.mpt", "biologic_mpt", 1, 70},
    {"Zahner/Examples/BasicIntroduction/fit_results/fit_samples.ism", "zahner_ism", 1, 55},
    {"Zahner/Examples/BasicIntroduction/fit_results/fitted_simulated.ism", "zahner_ism", 1, 55},
    {"Zahner/Examples/BasicIntroduction/fit_results/simulated.ism", "zahner_ism", 1, 48},
    {"Zahner/Examples/BasicIntroduction/rc-data.ism", "zahner_ism", 1, 75},
    {"Zahner/Examples/ComplexFitConfigurations/fit_result/fit_samples.ism", "zahner_ism", 1, 20},
    {"Zahner/Examples/ComplexFitConfigurations/fit_result/fitted_simulated.ism", "zahner_ism", 1, 150},
    {"Zahner/Examples/ComplexFitConfigurations/li-ion-battery.ism", "zahner_ism", 1, 128},
    {"Zahner/Examples/EditImpedanceData/li-ion-battery-edited.ism", "zahner_ism", 1, 116},
    {"Zahner/Examples/EditImpedanceData/li-ion-battery.ism", "zahner_ism", 1, 128},
    {"Zahner/Examples/SetupCompensation/ExampleData/500uR_measurement_pro.ism", "zahner_ism", 1, 250},
    {"Zahner/Examples/SetupCompensation/ExampleData/500uR_measurement_pro_short_compensated.ism", "zahner_ism", 1, 160},
    {"Zahner/Examples/SetupCompensation/ExampleData/short_circuit_measurement_pro.ism", "zahner_ism", 1, 332},
    {"Zahner/Examples/ZHIT/ZHIT.ism", "zahner_ism", 1, 40},
    {"Zahner/Examples/ZHIT/drift.ism", "zahner_ism", 1, 47},
    {"impedance.py/Circuit1_EIS_1.z", "zplot_z", 1, 48},
    {"impedance.py/Circuit1_EIS_2.z", "zplot_z", 1, 48},
    {"impedance.py/Circuit2_EIS_1.z", "zplot_z", 1, 56},
    {"impedance.py/Circuit2_EIS_2.z", "zplot_z", 1, 56},
    {"impedance.py/Circuit3_EIS_1.z", "zplot_z", 1, 53},
    {"impedance.py/Circuit3_EIS_2.z", "zplot_z", 1, 53},
    {"impedance.py/exampleData.csv", "columns", 1, 66},
    {"impedance.py/exampleDataAutolab.txt", "autolab_txt", 1, 41},
    {"impedance.py/exampleDataBioLogic.mpt", "biologic_mpt", 1, 43},
    {"impedance.py/exampleDataCHInstruments.txt", "ch_instruments_txt", 1, 73},
    {"impedance.py/exampleDataGamry.DTA", "gamry_dta", 1, 72},
    {"impedance.py/exampleDataGamryABORT.DTA", "gamry_dta", 1, 72},
    {"impedance.py/exampleDataParstat.txt", "parstat_txt", 1, 31},
    {"impedance.py/exampleDataPowersuite.txt", "powersuite_txt", 1, 30},
    {"impedance.py/exampleDataVersaStudio.par", "versastudio_par", 1, 61},
    {"impedance.py/exampleDataZPlot.z", "zplot_z", 1, 21},
    {"impedance.py/exampleDataZPlot_noComments.z", "zplot_z", 1, 31},
    {"pyDRTtools/EIS data/csv files/data_1.csv", "columns", 1, 107},
    {"pyDRTtools/EIS data/text files/LIB_data.txt", "columns", 1, 107},
    {"pyDRTtools/EIS data/text files/LIB_data_2.txt", "columns", 1, 100},
    {"pyDRTtools/EIS data/text files/negami_data.txt", "columns", 1, 81},
    {"pyDRTtools/EIS data/text files/zarc_data.txt", "columns", 1, 81},
    {"pyDRTtools/tutorial/data/1ZARC.csv", "delimited", 1, 81},
    {"pyDRTtools/tutorial/data/2ZARC0.csv", "delimited", 1, 81},
    {"pyDRTtools/tutorial/data/2ZARC1.csv", "delimited", 1, 81},
    {"pyDRTtools/tutorial/data/2ZARC2.csv", "delimited", 1, 81},
    {"pyDRTtools/tutorial/data/2ZARC3.csv", "delimited", 1, 81},
    {"pyDRTtools/tutorial/data/2ZARC4.csv", "delimited", 1, 81},
    {"pyDRTtools/tutorial/data/2ZARC5.csv", "delimited", 1, 81},
    {"pyDRTtools/tutorial/data/2ZARCs/2XZARCequal.csv", "delimited", 1, 81},
};

struct Refused {
  std::string_view file;
  std::string_view message;
  std::string_view reason;
};

constexpr std::string_view no_columns = "no columns of an impedance spectrum were found";

const Refused refused[] = {
    {"impedance.py/exampleDataBioLogic_MissingFreq.mpt", ":61: there is no frequency column among 'Re(Z)/Ohm'",
     "the name of the first column was removed"},
    {"pyDRTtools/tutorial/data/gamma_data.csv", ":1: there is no frequency column among 'tau', 'gamma'",
     "a distribution of relaxation times"},
    {"pyDRTtools/tutorial/data/gamma_data1.csv", ":1: there is no frequency column among 'tau', 'gamma'",
     "a distribution of relaxation times"},
    {"EISFitpython/expected/Example2/EIS_fit_report.txt", no_columns, "a report of a fit"},
    {"EISFitpython/expected/Example3/Arrhenius_Analysis_Report.txt", no_columns, "a report"},
    {"EISFitpython/expected/Example3/Batch_EISfit_Report.txt", no_columns, "a report"},
    {"EISFitpython/expected/Example3/Effective_Capacitance_Values.txt", no_columns, "a report"},
    {"EISFitpython/expected/Example4/Arrhenius_Analysis_Report.txt", no_columns, "a report"},
    {"EISFitpython/expected/Example4/Effective_Capacitance_Values.txt", no_columns, "a report"},
    {"EISFitpython/expected/Example4/Single-chi_Report.txt", no_columns, "a report"},
    {"EXPECTED.json", "this is a JSON file", "known answers"},
    {"SOURCES.md", no_columns, "notes"},
};

bool is_licence(std::string_view file) { return file.find("LICENSE") != std::string_view::npos; }

std::vector<std::string> files() {
  std::vector<std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.is_regular_file()) all.push_back(fs::relative(entry.path(), root).generic_string());
  }
  std::ranges::sort(all);
  return all;
}

/// The series of 13 voltages, each with the vendor's fit: 38 points everywhere.
bool is_diode_series(std::string_view file) {
  return file.starts_with("Zahner/Examples/ImpedanceVsVoltageSeriesFit/") && file.ends_with(".ism");
}

table::Table spectrum(std::string_view file) {
  return read_impedance_file(bytes_of(root / file), std::string(file)).at(0);
}

class SharedSpectra : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(root)) GTEST_SKIP() << "the collection of measured spectra is not here";
  }
};

}  // namespace

TEST_F(SharedSpectra, EveryFileIsReadOrRefusedAsListed) {
  std::size_t read = 0, not_read = 0;
  for (const std::string& file : files()) {
    const std::string bytes = bytes_of(root / file);
    const auto* const good = std::ranges::find(readable, file, &Readable::file);
    const auto* const bad = std::ranges::find(refused, file, &Refused::file);
    if (good != std::end(readable) || is_diode_series(file)) {
      const Readable expected = is_diode_series(file) ? Readable{file, "zahner_ism", 1, 38} : *good;
      std::vector<table::Table> tables;
      ASSERT_NO_THROW(tables = read_impedance_file(bytes, file)) << file;
      EXPECT_EQ(detect_impedance_format(bytes, file).format, expected.format) << file;
      EXPECT_EQ(tables.size(), expected.spectra) << file;
      for (const table::Table& table : tables) {
        EXPECT_EQ(table.rows(), expected.points) << file;
        EXPECT_EQ(metadata(table, "format"), expected.format) << file;
        EXPECT_EQ(table.columns[0].name, "frequency");
        for (const table::Column& column : table.columns) EXPECT_EQ(column.values.size(), table.rows()) << file;
      }
      ++read;
      continue;
    }
    std::string_view message;
    if (bad != std::end(refused)) {
      message = bad->message;
    } else if (is_licence(file)) {
      message = no_columns;
    } else if (file.ends_with(".isfx")) {
      message = "this is a Zahner model (.isfx)";
    } else if (file.ends_with(".json")) {
      message = "this is a JSON file";
    }
    ASSERT_FALSE(message.empty()) << file << " is in no list of this test";
    refusal([&] { read_impedance_file(bytes, file); }, message);
    ++not_read;
  }
  EXPECT_GT(read, 120U);
  EXPECT_GT(not_read, 40U);
}

TEST_F(SharedSpectra, ListsNameFilesThatExist) {
  for (const Readable& one : readable) EXPECT_TRUE(fs::exists(root / one.file)) << one.file;
  for (const Refused& one : refused) EXPECT_TRUE(fs::exists(root / one.file)) << one.file;
}

// A reader that is told the wrong format refuses, or (where one text is in two formats) finds the same points.
TEST_F(SharedSpectra, FormatsAreNotConfused) {
  for (const Readable& one : readable) {
    const std::string bytes = bytes_of(root / one.file);
    const table::Table right = read_impedance_file(bytes, std::string(one.file)).at(0);
    for (const FormatInfo& info : impedance_formats()) {
      ReadOptions options;
      options.format = info.name;
      try {
        const auto tables = read_impedance_file(bytes, std::string(one.file), options);
        ASSERT_EQ(tables.at(0).rows(), right.rows()) << one.file << " as " << info.name;
        expect_same_spectrum(tables[0], right, 0.0);
      } catch (const base::InputError& error) {
        EXPECT_NE(info.name, one.format) << error.what();
      }
    }
  }
}

TEST_F(SharedSpectra, ValuesAreThoseOfTheFiles) {
  expect_point(spectrum("EISFitpython/EIS_Data/Example-3-4/s04147-140deg.txt"), 0, 1e6, 2.21423e4, -5.43115e4);
  expect_point(spectrum("EISFitting/MPT_example.mpt"), 0, 1.0001951e5, 2.6189263, -1.6276802);
  expect_point(spectrum("EISFitting/DAHN_TXT_example.txt"), 69, 1e-2, 3.76, -0.482);
  expect_point(spectrum("impedance.py/exampleDataGamry.DTA"), 71, 0.0158898, 17007.49, -6635.557);
  expect_point(spectrum("impedance.py/exampleDataVersaStudio.par"), 60, 0.02154435, 1516.313, -122.8279);
  expect_point(spectrum("impedance.py/exampleDataParstat.txt"), 30, 10, 0.0270946491457229, -0.00399791080333837);
  expect_point(spectrum("impedance.py/exampleDataCHInstruments.txt"), 72, 0.1, 5685, -15860);
  expect_point(spectrum("impedance.py/exampleDataAutolab.txt"), 0, 10000, 0.013785863964281, 0.007191946305823);
  expect_point(spectrum("impedance.py/exampleDataPowersuite.txt"), 29, 2e6, -470.54113, -1397.7358);
  expect_point(spectrum("impedance.py/exampleDataZPlot.z"), 0, 3e5, 147.77, -11.335);
  expect_point(spectrum("AutoEIS/test_data.csv"), 0, 200019.48, 130.4171, -34.680012);
  const double phase = -43.8146272602309 * std::numbers::pi / 180.0;
  expect_point(spectrum("DECiM/examples/Bode_format_data/CH4_H2.txt"), 0, 1e6, 415.230066323561 * std::cos(phase),
               415.230066323561 * std::sin(phase));
}

// Two formats of the same measurement agree within the digits of the shorter one.
TEST_F(SharedSpectra, FormatsOfOneMeasurementAgree) {
  expect_same_spectrum(spectrum("AutoEIS/test_data.csv"), spectrum("AutoEIS/test_data.txt"), 1e-7);
  const table::Table csv = spectrum("DECiM/examples/RbOH_xH2O/CH3_cool_40C_2.csv");
  const table::Table result = spectrum("DECiM/examples/RbOH_xH2O/CH3_cool_40C_2.recm2");
  expect_same_spectrum(csv, result, 1e-5);
}

TEST_F(SharedSpectra, SignsAreCapacitiveWhereTheSampleIs) {
  for (const Readable& one : readable) {
    const table::Table table = spectrum(one.file);
    if (metadata(table, "format") == "zahner_ism") continue;  // the vendor shows inductive set-ups
    const auto& imaginary = values(table, "Z_imag");
    const auto negative = std::ranges::count_if(imaginary, [](double z) { return z < 0.0; });
    EXPECT_GT(2 * negative, static_cast<std::ptrdiff_t>(imaginary.size())) << one.file;
  }
}

TEST_F(SharedSpectra, TheVendorsResistorAndCapacitorAreInTheFile) {
  // fit_result.json of rc-data.ism: R = 9.88658e7 Ohm (0.695 %) and C = 1.478387e-10 F (1.78 %).
  const table::Table table = spectrum("Zahner/Examples/BasicIntroduction/rc-data.ism");
  const auto& frequency = values(table, "frequency");
  const auto admittance = [&](std::size_t i) {
    return 1.0 / std::complex<double>(values(table, "Z_real")[i], values(table, "Z_imag")[i]);
  };
  const auto lowest = static_cast<std::size_t>(std::ranges::min_element(frequency) - frequency.begin());
  EXPECT_NEAR(1.0 / admittance(lowest).real(), 9.88658e7, 0.03 * 9.88658e7);
  std::size_t middle = 0;  // where both carry the same current
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const auto distance = [&](std::size_t k) {
      return std::abs(std::log(admittance(k).imag() / admittance(k).real()));
    };
    if (distance(i) < distance(middle)) middle = i;
  }
  EXPECT_NEAR(admittance(middle).imag() / (2.0 * std::numbers::pi * frequency[middle]), 1.478387e-10,
              0.03 * 1.478387e-10);
}

TEST_F(SharedSpectra, TemperaturesComeFromTheFiles) {
  for (const int degC : {140, 150, 160, 170, 180, 190, 200}) {
    const std::string file = "EISFitpython/EIS_Data/Example-3-4/s04147-" + std::to_string(degC) + "deg.txt";
    EXPECT_EQ(metadata(spectrum(file), "temperature_degC"), std::to_string(degC));
  }
  EXPECT_EQ(metadata(spectrum("DECiM/examples/RbOH_xH2O/CH3_cool_40C_2.csv"), "temperature_degC"), "40");
  EXPECT_EQ(metadata(spectrum("EISFitpython/EIS_Data/Example-2/Example2a.txt"), "thickness_mm"), "0.75");
  EXPECT_EQ(metadata(spectrum("EISFitpython/EIS_Data/Example-2/Example2a.txt"), "diameter_mm"), "13");
  EXPECT_EQ(metadata(spectrum("EISFitpython/expected/Example3/EIS_fit_Data_413K.txt"), "temperature_degC"), "140");
}

TEST_F(SharedSpectra, DoubtsAreNoted) {
  EXPECT_FALSE(metadata(spectrum("impedance.py/exampleDataGamryABORT.DTA"), "warning.aborted").empty());
  EXPECT_EQ(metadata(spectrum("impedance.py/exampleDataZPlot.z"), "warning.points"), "56 points announced, 21 found");
  EXPECT_EQ(metadata(spectrum("impedance.py/exampleDataParstat.txt"), "skipped_dc_rows"), "781");
  EXPECT_FALSE(metadata(spectrum("EISFitting/COLUMBIA_TXT_example.txt"), "warning.sign").empty());
  EXPECT_FALSE(metadata(spectrum("EISFitting/DAHN_TXT_example.txt"), "warning.header").empty());
  std::size_t doubtful_signs = 0;
  for (const Readable& one : readable) doubtful_signs += metadata(spectrum(one.file), "warning.sign").empty() ? 0 : 1;
  EXPECT_EQ(doubtful_signs, 1U) << "only COMSOL's rows without names";
}
