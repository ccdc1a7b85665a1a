#include "closo/formats/biologic_mpt.hpp"

#include <array>

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;

namespace {

std::string file(const std::string& extra, const std::string& columns, const std::string& rows, int lines = 0) {
  const std::string body =
      "\nPotentio Electrochemical Impedance Spectroscopy\n\nRun on channel : 1 (SN 1)\n"
      "Acquisition started on : 02/04/2018 10:02:46\nDevice : SP-150 (SN 2)\nComments : cell at 45 degC\n"
      "Electrode surface area : 0.785 cm\xB2\n" +
      extra + "\n";
  const auto count = static_cast<int>(std::count(body.begin(), body.end(), '\n')) + 3;
  return "EC-Lab ASCII FILE\nNb header lines : " + std::to_string(lines == 0 ? count : lines) + "\n" + body + columns +
         "\n" + rows;
}
const std::string columns = "freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\ttime/s\tcycle number\tSome new column/foo\t";

}  // namespace

TEST(BiologicMpt, ReadsHeaderAndColumns) {
  const auto found = read_biologic_mpt(
      file("", columns, "1.0E+003\t5.0E+001\t2.0E+001\t1\t1\t7\t\n100\t60\t30\t2\t1\t8\t\n"), "a.mpt");
  ASSERT_EQ(found.size(), 1U);
  expect_point(found[0], 0, 1000, 50, -20);
  EXPECT_DOUBLE_EQ(values(found[0], "Some new column/foo")[1], 8.0);
  EXPECT_EQ(metadata(found[0], "technique"), "Potentio Electrochemical Impedance Spectroscopy");
  EXPECT_EQ(metadata(found[0], "instrument"), "SP-150 (SN 2)");
  EXPECT_EQ(metadata(found[0], "date"), "02/04/2018 10:02:46");
  EXPECT_EQ(metadata(found[0], "comment"), "cell at 45 degC");
  EXPECT_EQ(metadata(found[0], "temperature_degC"), "45");
  EXPECT_EQ(metadata(found[0], "Electrode surface area"), "0.785 cm²");
}

TEST(BiologicMpt, ReadsDecimalCommas) {
  const auto found = read_biologic_mpt(file("", columns, "1,5E+003\t5,5E+001\t2,5E+001\t1\t1\t7\t\n"), "a.mpt");
  expect_point(found[0], 0, 1500, 55, -25);
}

TEST(BiologicMpt, SplitsLoops) {
  const std::string rows = "9\t1\t1\t1\t1\t0\t\n3\t1\t1\t2\t1\t0\t\n9\t2\t1\t3\t1\t0\t\n3\t2\t1\t4\t1\t0\t\n";
  const std::string ranges = "Number of loops : 2\nLoop 0 from point number 0 to 1\nLoop 1 from point number 2 to 3\n";
  const auto announced = read_biologic_mpt(file(ranges, columns, rows), "a.mpt");
  ASSERT_EQ(announced.size(), 2U);
  expect_point(announced[1], 0, 9, 2, -1);
  const std::string cycles = "9\t1\t1\t1\t1\t0\t\n3\t1\t1\t2\t1\t0\t\n9\t2\t1\t3\t2\t0\t\n3\t2\t1\t4\t2\t0\t\n";
  EXPECT_EQ(read_biologic_mpt(file("", columns, cycles), "a.mpt").size(), 2U);
  refusal([&] { read_biologic_mpt(file(ranges, columns, "9\t1\t1\t1\t1\t0\t\n"), "a.mpt"); },
          "loop 1 begins at point 2");
}

TEST(BiologicMpt, SkipsRowsWithoutFrequency) {
  const auto found = read_biologic_mpt(file("", columns, "0\t0\t0\t1\t1\t0\n9\t1\t1\t1\t1\t0\n"), "a.mpt");
  EXPECT_EQ(found[0].rows(), 1U);
  EXPECT_EQ(metadata(found[0], "skipped_dc_rows"), "1");
}

TEST(BiologicMpt, RefusesBrokenFiles) {
  refusal([] { read_biologic_mpt("EC-Lab ASCII FILE\n", "a.mpt"); }, "'Nb header lines : N' is missing", 1);
  refusal([] { read_biologic_mpt(file("", columns, "", 400), "a.mpt"); }, "announces '400' header lines", 2);
  refusal([] { read_biologic_mpt("EC-Lab ASCII FILE\nNb header lines : x\n", "a.mpt"); }, "announces 'x'", 2);
  refusal([] { read_biologic_mpt(file("", columns, ""), "a.mpt"); }, "no points below the header", 12);
  refusal([] { read_biologic_mpt(file("", "Re(Z)/Ohm\t-Im(Z)/Ohm", "1\t2\n"), "a.mpt"); }, "no frequency column", 12);
  refusal([] { read_biologic_mpt(file("", columns, "9\t1\t1\t1\t1\t0\t\n3\t1\t"), "a.mpt"); }, "is the file cut off?",
          14);
  refusal([] { read_biologic_mpt(file("", columns, "-9\t1\t1\t1\t1\t0\t\n"), "a.mpt"); }, "the frequency is -9", 13);
}

TEST(BiologicMpt, WritesWhatItReads) {
  std::array<table::Table, 3> loops = {simulated(20), simulated(25, 2.0), simulated(1, 3.0)};
  loops[0].metadata["instrument"] = "simulated by closo";
  const std::string text = write_biologic_mpt(loops);
  const auto found = read_biologic_mpt(text, "a.mpt");
  ASSERT_EQ(found.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) expect_same_spectrum(found[i], loops[i], 1e-7);
  EXPECT_EQ(metadata(found[0], "instrument"), "simulated by closo");
  EXPECT_EQ(read_biologic_mpt(write_biologic_mpt(std::span(loops).first(1)), "a.mpt").size(), 1U);
  EXPECT_THROW(write_biologic_mpt({}), base::ParameterError);
  loops[1].columns.clear();
  EXPECT_THROW(write_biologic_mpt(loops), base::ParameterError);
}
