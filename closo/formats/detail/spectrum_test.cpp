#include "closo/formats/detail/spectrum.hpp"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;
using namespace closo::formats::detail;

namespace {

SpectrumDraft draft(const std::vector<std::string>& headers, const std::vector<std::string>& rows,
                    const std::string& file = "a.txt") {
  std::vector<ColumnMeaning> columns;
  for (const std::string& header : headers) columns.push_back(column_meaning(header));
  SpectrumDraft result = SpectrumDraft::with_columns(file, "test", std::move(columns), {file, 1});
  RowReader reader(result, Separator::blank);
  for (std::size_t i = 0; i < rows.size(); ++i) reader.add({i + 2, rows[i]});
  return result;
}

std::vector<table::Table> tables(const std::vector<std::string>& headers, const std::vector<std::string>& rows,
                                 const std::string& file = "a.txt") {
  return finish_spectra(draft(headers, rows, file), {});
}

const std::vector<std::string> plain = {"f/Hz", "Z'/Ohm", "Z''/Ohm"};

}  // namespace

TEST(Spectrum, ConvertsUnitsAndSigns) {
  const auto found = tables({"-Z''/kOhm", "f/kHz", "Z'/MOhm", "T/degC", "E/mV"}, {"2 1 3 25 100", "1 2 1 25 200"});
  ASSERT_EQ(found.size(), 1U);
  expect_point(found[0], 0, 1e3, 3e6, -2e3);
  EXPECT_DOUBLE_EQ(values(found[0], "temperature")[0], 298.15);
  EXPECT_DOUBLE_EQ(values(found[0], "voltage")[1], 0.2);
  EXPECT_EQ(metadata(found[0], "temperature_degC"), "25");
  EXPECT_EQ(metadata(found[0], "temperature_source"), "column");
  EXPECT_EQ(metadata(found[0], "source_line"), "2");
  EXPECT_EQ(metadata(found[0], "sign_convention"), "negated: the column is '-Z''/kOhm'");
}

TEST(Spectrum, ComputesPartsFromModulusAndPhase) {
  const auto degrees = tables({"f/Hz", "|Z|/Ohm", "-Phase/deg"}, {"1 2 60"});
  EXPECT_NEAR(values(degrees[0], "Z_real")[0], 1.0, 1e-12);
  EXPECT_NEAR(values(degrees[0], "Z_imag")[0], -std::sqrt(3.0), 1e-12);
  EXPECT_NEAR(values(degrees[0], "Z_phase")[0], -std::numbers::pi / 3.0, 1e-12);
  const auto radians = tables({"f/Hz", "|Z|/Ohm", "Phase/rad"}, {"1 2 -0.5"});
  EXPECT_NEAR(values(radians[0], "Z_imag")[0], -2.0 * std::sin(0.5), 1e-12);
}

TEST(Spectrum, GuessesTheUnitOfAPhaseWithAWarning) {
  const auto large = tables({"f/Hz", "|Z|/Ohm", "Phase"}, {"1 2 -60", "2 2 -1"});
  EXPECT_NEAR(values(large[0], "Z_real")[0], 1.0, 1e-12);
  EXPECT_FALSE(large[0].metadata.contains("warning.phase_unit"));
  const auto small = tables({"f/Hz", "|Z|/Ohm", "Phase"}, {"1 2 -1"});
  EXPECT_NEAR(values(small[0], "Z_real")[0], 2.0 * std::cos(1.0), 1e-12);
  EXPECT_TRUE(small[0].metadata.contains("warning.phase_unit"));
  // With both parts there is no doubt: atan(-1/100) is -0.57 degrees.
  const auto both = tables({"f/Hz", "Z'/Ohm", "Z''/Ohm", "Phase"}, {"1 100 -1 -0.573"});
  EXPECT_NEAR(values(both[0], "Z_phase")[0], -0.01, 1e-4);
}

TEST(Spectrum, TurnsAngularFrequencyIntoHertz) {
  const auto found = tables({"omega (rad/s)", "Z'/Ohm", "Z''/Ohm"}, {"6.283185307179586 1 -1"});
  EXPECT_NEAR(values(found[0], "frequency")[0], 1.0, 1e-15);
}

TEST(Spectrum, JudgesTheSignWithoutHeaderByTheSlope) {
  const table::Table truth = simulated(24);
  for (const double sign : {1.0, -1.0}) {
    SpectrumDraft d = draft(plain, {});
    d.columns[2].is_signed = false;
    d.values = {values(truth, "frequency"), values(truth, "Z_real"), values(truth, "Z_imag")};
    for (double& value : d.values[2]) value *= sign;
    d.lines.assign(24, 1);
    const auto found = finish_spectra(std::move(d), {});
    ASSERT_EQ(found.size(), 1U);
    expect_same_spectrum(found[0], truth, 1e-15);
    EXPECT_EQ(found[0].metadata.contains("warning.sign"), sign < 0.0);
  }
}

TEST(Spectrum, LeavesAnInductorAlone) {
  // R + jwL has a constant real part: nothing speaks for -Z''.
  SpectrumDraft d = draft(plain, {"1 5 0.1", "10 5 1", "100 5 10", "1000 5 100"});
  d.columns[2].is_signed = false;
  const auto found = finish_spectra(std::move(d), {});
  EXPECT_GT(values(found[0], "Z_imag")[0], 0.0);
  EXPECT_FALSE(found[0].metadata.contains("warning.sign"));
}

TEST(Spectrum, WarnsAboutASignThatContradictsTheSlopeOrThePhase) {
  const table::Table truth = simulated(24);
  SpectrumDraft d = draft(plain, {});
  d.values = {values(truth, "frequency"), values(truth, "Z_real"), values(truth, "Z_imag")};
  for (double& value : d.values[2]) value = -value;
  d.lines.assign(24, 1);
  const auto found = finish_spectra(std::move(d), {});
  EXPECT_GT(values(found[0], "Z_imag")[3], 0.0) << "a header is believed";
  EXPECT_TRUE(found[0].metadata.contains("warning.sign"));
  const auto phase = tables({"f/Hz", "Z'/Ohm", "Z''/Ohm", "Phase/deg"}, {"1 1 1 -45"});
  EXPECT_TRUE(phase[0].metadata.contains("warning.sign"));
}

TEST(Spectrum, ObeysTheUserAboutTheSign) {
  ReadOptions options;
  options.imaginary = ImaginarySign::negated;
  expect_point(finish_spectra(draft(plain, {"1 2 3"}), options)[0], 0, 1, 2, -3);
  options.imaginary = ImaginarySign::as_written;
  expect_point(finish_spectra(draft({"f/Hz", "Z'/Ohm", "-Z''/Ohm"}, {"1 2 3"}), options)[0], 0, 1, 2, 3);
}

TEST(Spectrum, SplitsLoopsByTheirColumn) {
  const auto found =
      tables({"f/Hz", "Z'/Ohm", "Z''/Ohm", "cycle number"}, {"9 1 -1 1", "3 1 -1 1", "9 2 -1 2", "3 2 -1 2"});
  ASSERT_EQ(found.size(), 2U);
  expect_point(found[1], 0, 9, 2, -1);
  EXPECT_EQ(metadata(found[1], "loop"), "2");
  EXPECT_EQ(metadata(found[1], "loops"), "2");
  EXPECT_EQ(metadata(found[1], "source_line"), "4");
  EXPECT_EQ(tables({"f/Hz", "Z'/Ohm", "Z''/Ohm", "loop"}, {"9 1 -1 1", "3 1 -1 2", "1 2 -1 3"}).size(), 1U)
      << "a counter of points is no loop";
}

TEST(Spectrum, SplitsRepeatedSweepsAndNothingElse) {
  EXPECT_EQ(tables(plain, {"9 1 -1", "3 1 -1", "1 1 -1", "9 1 -1", "3 1 -1", "1 1 -1"}).size(), 2U);
  EXPECT_EQ(tables(plain, {"1 1 -1", "3 1 -1", "9 1 -1", "1 1 -1", "3 1 -1", "9 1 -1"}).size(), 2U);
  const auto up_and_down = tables(plain, {"9 1 -1", "3 1 -1", "1 1 -1", "3 1 -1", "9 1 -1", "9 1 -1"});
  ASSERT_EQ(up_and_down.size(), 1U);
  EXPECT_EQ(up_and_down[0].rows(), 6U) << "repeated frequencies are kept";
  EXPECT_EQ(tables(plain, {"9 1 -1", "3 1 -1", "1 1 -1", "9 1 -1"}).size(), 1U) << "one point is no sweep";
  EXPECT_EQ(tables(plain, {"5 1 -1", "5 1 -1", "5 1 -1", "5 1 -1", "5 1 -1", "5 1 -1"}).size(), 1U);
}

TEST(Spectrum, RefusesBadPointsWithTheirLine) {
  refusal([] { tables(plain, {"9 1 -1", "0 1 -1"}); }, "the frequency is 0", 3);
  refusal([] { tables(plain, {"-9 1 -1"}); }, "the frequency is -9", 2);
  refusal([] { tables(plain, {"9 nan -1"}); }, "column 'Z'/Ohm' is 'nan'", 2);
  refusal([] { tables(plain, {"9 1e999 -1"}); }, "expected a finite number", 2);
  EXPECT_EQ(refusal([] { tables(plain, {"9 1 x"}); }, "is 'x'", 2).place().column, 5U);
  refusal([] { tables(plain, {"9 1.5 -1,5"}); }, "with a decimal point as before", 2);
  refusal([] { tables(plain, {"9 1"}); }, "the row has 2 cells", 2);
  refusal([] { tables(plain, {"9 1 2 3"}); }, "expected 3 cells", 2);
  refusal([] { tables(plain, {}); }, "no points");
  SpectrumDraft binary = draft(plain, {});
  binary.values = {{1.0}, {std::nan("")}, {0.0}};
  binary.lines = {0};
  refusal([&binary] { finish_spectra(binary, {}); }, "is not a finite number in point 1");
}

TEST(Spectrum, SkipsRowsOfOtherTechniquesOnlyWhereToldTo) {
  SpectrumDraft d = draft(plain, {"0 0 0", "9 1 -1", "3 1 -1", "0 0 0", "9 2 -1", "0 0 0"});
  d.has_dc_rows = true;
  const auto found = finish_spectra(std::move(d), {});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].rows(), 2U);
  EXPECT_EQ(found[1].rows(), 1U);
  EXPECT_EQ(metadata(found[0], "skipped_dc_rows"), "3");
  EXPECT_EQ(metadata(found[1], "source_line"), "6");
  SpectrumDraft only = draft(plain, {"0 0 0"});
  only.has_dc_rows = true;
  refusal([&only] { finish_spectra(only, {}); }, "all 1 rows have the frequency 0", 2);
}

TEST(Spectrum, KeepsOtherColumnsOfNumbers) {
  const auto found = tables({"f/Hz", "Z'/Ohm", "Z''/Ohm", "x/mA", "x/mA", "word", "", "gap"}, {"1 2 -3 4 5 abc 7 nan"});
  EXPECT_DOUBLE_EQ(values(found[0], "x")[0], 4e-3);
  EXPECT_DOUBLE_EQ(values(found[0], "x_2")[0], 5e-3);
  EXPECT_DOUBLE_EQ(values(found[0], "column_7")[0], 7.0);
  EXPECT_EQ(metadata(found[0], "text_columns"), "word");
  EXPECT_EQ(found[0].find("gap"), nullptr) << "nothing but gaps";
  EXPECT_EQ(metadata(found[0], "warning.one_point"), "the spectrum has only one point");
}

TEST(Spectrum, TakesTheSpreadsheetsErrorForTheImaginaryPart) {
  const auto found = tables({"f/Hz", "Re(Z)/Ohm", "#NAME?"}, {"1 2 3"});
  expect_point(found[0], 0, 1, 2, -3);
  EXPECT_TRUE(found[0].metadata.contains("warning.header"));
  refusal([] { tables({"f/Hz", "#NAME?", "Re(Z)/Ohm"}, {}); }, "no imaginary part", 1);
}

TEST(Spectrum, TakesATemperatureFromTheFileName) {
  EXPECT_EQ(metadata(tables(plain, {"1 2 -3"}, "run/s1_60degC.txt")[0], "temperature_degC"), "60");
  EXPECT_EQ(metadata(tables(plain, {"1 2 -3"}, "60degC/s1.txt")[0], "temperature_degC"), "") << "not of a folder";
}

TEST(Spectrum, FilesComments) {
  Metadata m;
  add_comment(m, "# Operator: A. B.");
  add_comment(m, "measured at 15:11");
  add_comment(m, "Area = 2");
  add_comment(m, "Empty:");
  add_comment(m, "% second");
  EXPECT_EQ(m["Operator"], "A. B.");
  EXPECT_EQ(m["Area"], "2");
  EXPECT_EQ(m["comment"], "measured at 15:11\nsecond");
  note_temperature(m, "25 degC", "here");
  note_temperature(m, "30 degC", "there");
  EXPECT_EQ(m["temperature_degC"], "25");
  EXPECT_EQ(m["temperature_source"], "here");
}
