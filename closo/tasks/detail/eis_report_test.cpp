#include "closo/tasks/detail/eis_report.hpp"

#include <gtest/gtest.h>

#include "closo/tasks/small_cell_test.hpp"

namespace closo::tasks::detail {
namespace {

TEST(EisReport, SpectraAreNamedByStateAndTemperature) {
  CellSpectrum spectrum;
  spectrum.temperature = 333.15;
  spectrum.stoichiometry = 0.25;
  EXPECT_EQ(spectrum_name(spectrum, false), "x = 0.25");
  spectrum.state_of_charge = 0.5;
  EXPECT_EQ(spectrum_name(spectrum, true), "SOC 50 %, 60 °C");
}

// Doubling what a double layer holds halves the frequency at which its arc turns.
TEST(EisReport, ArcsTurnWhereTheirDoubleLayersSay) {
  const auto turning = [](const std::string& layers) {
    CellEisRequest request;
    request.cells = {small_cell(layers)};
    const report::Report report = eis_report(request, cell_spectra(request, test_context()));
    const auto& table = std::get<report::Table>(report.sections.front().blocks[1]);
    std::map<std::string, double> found;
    for (const auto& row : table.rows) {
      if (const auto* value = std::get_if<report::Value>(&row[4])) found[report::to_text(row[0])] = *value->value;
    }
    return found;
  };
  const std::string anode =
      "[cell.anode]\nresistance = \"20 Ohm cm2\"\nfilm_capacitance = \"1 uF/cm2\"\ndouble_layer = ";
  const auto one = turning("[cell.cathode]\ndouble_layer = \"10 uF/cm2\"\n" + anode + "\"10 uF/cm2\"\n");
  const auto two = turning("[cell.cathode]\ndouble_layer = \"20 uF/cm2\"\n" + anode + "\"20 uF/cm2\"\n");
  EXPECT_NEAR(one.at("charge transfer") / two.at("charge transfer"), 2.0, 1e-9);
  EXPECT_NEAR(one.at("anode kinetics") / two.at("anode kinetics"), 2.0, 1e-9);
  EXPECT_NEAR(one.at("anode interface"), 1.0 / (2.0 * 3.14159265358979 * 20e-4 * 1e-2), 1e-2);
  EXPECT_EQ(one.count("separator"), 0U) << "no capacitance of its own here";
}

TEST(EisReport, WithoutAnAreaOhmsHoldForOneSquareCentimetre) {
  CellEisRequest request;
  request.cells = {small_cell()};
  request.cells[0].description.remove("area");
  const report::Report report = eis_report(request, cell_spectra(request, test_context()));
  ASSERT_EQ(report.warnings.size(), 1U);
  EXPECT_NE(report.warnings[0].find("1 cm²"), std::string::npos);
}

}  // namespace
}  // namespace closo::tasks::detail
