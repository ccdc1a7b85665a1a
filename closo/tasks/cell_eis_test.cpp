#include "closo/tasks/cell_eis.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/error.hpp"
#include "closo/report/render.hpp"
#include "closo/tasks/impedance_input.hpp"
#include "closo/tasks/small_cell_test.hpp"

namespace closo::tasks {
namespace {

CellEisRequest half_full() {
  CellEisRequest request;
  request.cells = {small_cell(ageing_sections)};
  return request;
}

TEST(Frequencies, AreReadInBothDirections) {
  const FrequencyRange usual = parse_frequencies("1 MHz to 1 mHz, 10 per decade");
  EXPECT_DOUBLE_EQ(usual.lowest, 1e-3);
  EXPECT_DOUBLE_EQ(usual.highest, 1e6);
  EXPECT_EQ(usual.points_per_decade, 10);
  const FrequencyRange other = parse_frequencies("0.1 Hz to 2 kHz,5 per decade");
  EXPECT_DOUBLE_EQ(other.lowest, 0.1);
  EXPECT_DOUBLE_EQ(other.highest, 2e3);
  EXPECT_EQ(other.points_per_decade, 5);
  EXPECT_EQ(parse_frequencies("1 Hz to 2 Hz").points_per_decade, 10);
}

TEST(Frequencies, WrongTextsAreNamed) {
  for (const char* text :
       {"", "1 MHz", "1 MHz to", "0 Hz to 1 MHz", "-1 Hz to 1 Hz", "1 V to 2 V", "1 Hz to 1 Hz",
        "1 Hz to 1 kHz, 0 per decade", "1 Hz to 1 kHz, 2.5 per decade", "1 Hz to 1 kHz, 101 per decade",
        "1 Hz to 1 kHz, ten", "1 Hz to 1 kHz, 5 per decades", "1e-60 Hz to 1e6 Hz, 100 per decade"}) {
    try {
      parse_frequencies(text);
      ADD_FAILURE() << "'" << text << "' was taken";
    } catch (const base::ParameterError& error) {
      EXPECT_EQ(error.name(), "frequencies") << text;
    }
  }
}

// At rest at a cut-off the cell is at the end of its state of charge.
TEST(CellEis, StatesOfChargeLieBetweenTheCutOffs) {
  const CellCase cell = small_cell();
  const cell::CellParameters parameters = cell::build(cell.description);
  const auto voltage = [&](double state) {
    return parameters.cathode.material.open_circuit.potential(stoichiometry_of(cell, state), parameters.temperature);
  };
  EXPECT_NEAR(voltage(1.0), 2.5, 1e-6);
  EXPECT_NEAR(voltage(0.0), 1.7, 2e-2) << "the curve ends close to there";
  EXPECT_NEAR(stoichiometry_of(cell, 0.5), 0.5 * (stoichiometry_of(cell, 0.0) + stoichiometry_of(cell, 1.0)), 1e-12);
  CellCase without = cell;
  without.lower_cutoff = without.upper_cutoff = 0.0;
  EXPECT_THROW(stoichiometry_of(without, 0.5), base::ParameterError);
}

TEST(CellEis, ResistanceIsTheRealPartBelowEveryRelaxation) {
  CellEisRequest request = half_full();
  request.frequencies = parse_frequencies("1e-9 Hz to 1e9 Hz, 1 per decade");
  for (const double state : {0.1, 0.5, 0.9}) {
    request.stoichiometries = {state};
    const CellSpectrum spectrum = cell_spectra(request, test_context()).front();
    EXPECT_NEAR(spectrum.impedance.front().real() / spectrum.resistance.total, 1.0, 1e-4);
    // Above every relaxation only what has no capacitance is left, and some of the paths through the composite.
    const double series = spectrum.resistance.separator + spectrum.resistance.anode_interface;
    EXPECT_GT(spectrum.impedance.back().real(), series);
    EXPECT_LT(spectrum.impedance.back().real(),
              series + spectrum.resistance.cathode_ionic + spectrum.resistance.cathode_electronic);
  }
}

TEST(CellEis, WarmerCellsHaveLessOfEveryActivatedResistance) {
  CellEisRequest request = half_full();
  request.cells = {small_cell(ageing_sections, 313.15), small_cell(ageing_sections, 333.15)};
  request.stoichiometries = {0.5};
  const std::vector<CellSpectrum> spectra = cell_spectra(request, test_context());
  ASSERT_EQ(spectra.size(), 2U);
  EXPECT_GT(spectra[0].resistance.separator, spectra[1].resistance.separator);
  EXPECT_GT(spectra[0].resistance.charge_transfer, spectra[1].resistance.charge_transfer);
  EXPECT_NEAR(spectra[1].resistance.separator, 0.5e-3 / 0.12, 1e-6);
}

TEST(CellEis, CyclesBeforeAddResistance) {
  CellEisRequest request = half_full();
  const CellSpectrum fresh = cell_spectra(request, test_context()).front();
  request.after_cycles = 30;
  const CellSpectrum aged = cell_spectra(request, test_context()).front();
  EXPECT_GT(aged.resistance.anode_interface, 1.5 * fresh.resistance.anode_interface);
  EXPECT_GT(aged.resistance.charge_transfer, 1.05 * fresh.resistance.charge_transfer);
  EXPECT_NEAR(aged.resistance.separator, fresh.resistance.separator, 1e-9);
  Context stopping = test_context();
  stopping.progress = [](double, std::string_view) { return false; };
  EXPECT_THROW(cell_spectra(request, stopping), base::Cancelled);
}

// What eis writes, impedance fit reads: same numbers, same temperature.
TEST(CellEis, WrittenSpectraAreReadBack) {
  const TestFolder folder("eis");
  CellEisRequest request = half_full();
  request.to = folder.file("one.csv");
  report::Report report = cell_eis(request, test_context());
  const CellSpectrum spectrum = cell_spectra(request, test_context()).front();
  const ImpedanceInputs inputs = read_impedance_inputs({request.to}, {}, test_context());
  ASSERT_EQ(inputs.spectra.size(), 1U);
  const impedance::Spectrum& read = inputs.spectra[0].spectrum;
  ASSERT_EQ(read.size(), spectrum.frequency.size());
  const double area = cell::build(request.cells[0].description).area.value();
  EXPECT_NEAR(area, std::acos(-1.0) * 25e-6, 1e-9);
  for (std::size_t i = 0; i < read.size(); ++i) {
    const std::size_t k = read.size() - 1 - i;  // written downwards
    EXPECT_DOUBLE_EQ(read.frequency[i], spectrum.frequency[k]);
    EXPECT_LT(std::abs(read.impedance[i] - spectrum.impedance[k] / area), 1e-12 * std::abs(read.impedance[i]));
  }
  ASSERT_TRUE(read.temperature.has_value());
  EXPECT_NEAR(*read.temperature, 333.15, 1e-6);

  request.states_of_charge = {0.25, 0.75};
  EXPECT_THROW(cell_eis(request, test_context()), base::ParameterError) << "two spectra, one file";
  request.to = folder.file("several");
  report = cell_eis(request, test_context());
  EXPECT_TRUE(std::filesystem::exists(folder.file("several/soc25_60degC.csv")));
  EXPECT_EQ(read_impedance_inputs({request.to}, {}, test_context()).spectra.size(), 2U);
}

TEST(CellEis, TheTaskTakesSeveralTemperaturesAndStates) {
  const TestFolder folder("eis_task");
  Arguments arguments;
  arguments.set("system", folder.written("cell.toml", small_cell_text(ageing_sections)));
  arguments.set("at", "40 degC");
  arguments.set("at", "60 degC");
  arguments.set("state-of-charge", "10 to 90 by 40 %");
  arguments.set("frequencies", "100 kHz to 0.1 Hz, 5 per decade");
  const report::Report report = run(cell_eis_task, arguments, test_context());
  const auto* table = std::get_if<report::Table>(&report.sections.front().blocks[1]);
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->rows.size(), 6U);
  EXPECT_EQ(report.subtitle, "6 spectra");
  EXPECT_NE(report::render_text(report, {}).find("together"), std::string::npos);
}

TEST(CellEis, WrongOptionsAreNamed) {
  const TestFolder folder("eis_wrong");
  const std::string file = folder.written("cell.toml", small_cell_text());
  const auto refusal = [&](std::vector<std::pair<std::string, std::string>> options) -> std::string {
    Arguments arguments;
    arguments.set("system", file);
    for (auto& [name, text] : options) arguments.set(name, text);
    try {
      run(cell_eis_task, arguments, test_context());
    } catch (const base::Error& error) {
      return error.what();
    }
    return {};
  };
  EXPECT_NE(refusal({{"state-of-charge", "50 %"}, {"stoichiometry", "0.5"}}).find("one of"), std::string::npos);
  EXPECT_NE(refusal({{"state-of-charge", "120 %"}}).find("0 to 100 %"), std::string::npos);
  EXPECT_NE(refusal({{"stoichiometry", "1.5"}}).find("between 0 and 1"), std::string::npos);
  EXPECT_NE(refusal({{"frequencies", "0 Hz to 1 kHz"}}).find("above 0 Hz"), std::string::npos);
  EXPECT_NE(refusal({{"after-cycles", "0"}}).find("1 to 5000"), std::string::npos);
  EXPECT_NE(refusal({{"stoichiometry", "0.1 to 0.9 by 0.002"}}).find("at most 100"), std::string::npos);
  EXPECT_THROW(cell_spectra({}, test_context()), base::ParameterError);
}

}  // namespace
}  // namespace closo::tasks
