#include "closo/impedance/spectrum.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "closo/base/error.hpp"

namespace closo::impedance {
namespace {

Spectrum three_points() {
  Spectrum spectrum;
  spectrum.source = "sample.csv";
  spectrum.frequency = {100.0, 1.0, 10.0};
  spectrum.impedance = {{1.0, -1.0}, {3.0, -3.0}, {2.0, -2.0}};
  return spectrum;
}

void expect_refused(const Spectrum& spectrum, const std::string& words) {
  try {
    (void)prepare(spectrum);
    ADD_FAILURE() << "accepted, although " << words;
  } catch (const base::InputError& error) {
    EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
    EXPECT_EQ(error.place().file, "sample.csv");
    EXPECT_FALSE(error.expected().empty());
  }
}

TEST(Spectrum, IsOrderedByFrequency) {
  const PreparedSpectrum data = prepare(three_points());
  EXPECT_EQ(data.frequency, (std::vector<double>{1.0, 10.0, 100.0}));
  EXPECT_EQ(data.impedance[0], Complex(3.0, -3.0));
  EXPECT_EQ(data.index, (std::vector<std::size_t>{1, 2, 0}));
  EXPECT_TRUE(data.reordered);
  EXPECT_EQ(data.repeated, 0U);
}

TEST(Spectrum, RepeatedFrequenciesAreKeptAndReported) {
  Spectrum spectrum = three_points();
  spectrum.frequency[2] = 1.0;
  const PreparedSpectrum data = prepare(spectrum);
  EXPECT_EQ(data.repeated, 1U);
  EXPECT_EQ(data.size(), 3U);
  ASSERT_FALSE(data.remarks.empty());
  EXPECT_NE(data.remarks.front().find("repeat"), std::string::npos);
}

TEST(Spectrum, MaskedPointsAreLeftOutEvenWhenBad) {
  Spectrum spectrum = three_points();
  spectrum.impedance[0] = {std::nan(""), 0.0};
  spectrum.mask(0, "overload");
  spectrum.mask(0, "second reason");
  EXPECT_EQ(spectrum.masked.size(), 1U);
  EXPECT_EQ(spectrum.masked.front().reason, "overload");
  EXPECT_EQ(prepare(spectrum).size(), 2U);
  EXPECT_THROW(spectrum.mask(3, "there is none"), base::ParameterError);
}

TEST(Spectrum, RefusesBadInput) {
  Spectrum spectrum = three_points();
  spectrum.frequency[1] = 0.0;
  expect_refused(spectrum, "point 2");
  spectrum.frequency[1] = -5.0;
  expect_refused(spectrum, "-5 Hz");
  spectrum.frequency[1] = std::numeric_limits<double>::infinity();
  expect_refused(spectrum, "not a finite");
  spectrum = three_points();
  spectrum.impedance[2] = {std::nan(""), 1.0};
  expect_refused(spectrum, "point 3");
  spectrum = three_points();
  spectrum.impedance[2] = {0.0, 0.0};
  expect_refused(spectrum, "is zero");
  spectrum = three_points();
  spectrum.uncertainty.assign(3, {0.1, 0.0});
  expect_refused(spectrum, "uncertainty");
  spectrum = three_points();
  spectrum.frequency.resize(1);
  spectrum.impedance.resize(1);
  expect_refused(spectrum, "1 point");
  spectrum = three_points();
  spectrum.frequency.assign(3, 1.0);
  expect_refused(spectrum, "same frequency");
  spectrum = three_points();
  for (Complex& z : spectrum.impedance) z = std::conj(z);
  expect_refused(spectrum, "inductive");
  EXPECT_EQ(prepare(spectrum, true).inductive, 3U);
  spectrum = three_points();
  spectrum.impedance.pop_back();
  EXPECT_THROW((void)prepare(spectrum), base::ParameterError);
  spectrum = three_points();
  spectrum.masked.push_back({7, "none"});
  EXPECT_THROW((void)prepare(spectrum), base::ParameterError);
}

TEST(Spectrum, ComesFromATable) {
  table::Table table;
  table.source = "x.csv";
  table.columns = {{"freq", {}, {1.0, 10.0}}, {"Z'", {}, {5.0, std::nan("")}}, {"-Z''", {}, {2.0, 3.0}}};
  table.metadata["temperature"] = "313.15";
  const Spectrum spectrum = spectrum_from(table);
  EXPECT_EQ(spectrum.impedance[0], Complex(5.0, -2.0));
  EXPECT_TRUE(spectrum.is_masked(1));
  EXPECT_EQ(spectrum.temperature, 313.15);

  table.columns = {{"Frequency", {}, {1.0}}, {"|Z|", {}, {2.0}}, {"phase", {}, {-1.5707963267948966}}};
  EXPECT_NEAR(spectrum_from(table).impedance[0].imag(), -2.0, 1e-12);
  table.columns.pop_back();
  EXPECT_THROW((void)spectrum_from(table), base::InputError);
  table.columns.clear();
  EXPECT_THROW((void)spectrum_from(table), base::InputError);
}

}  // namespace
}  // namespace closo::impedance
