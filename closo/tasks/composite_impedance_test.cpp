#include "closo/tasks/composite_impedance.hpp"

#include <gtest/gtest.h>

#include <numbers>

#include "closo/base/file.hpp"
#include "closo/tasks/impedance_fit.hpp"
#include "closo/tasks/impedance_trial_test.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;
using trial::Given;
using trial::ScratchFolder;
using trial::value_of;

constexpr double vacuum = 8.8541878128e-12;

report::Report ask(Given given, const Given& more = {}) {
  given.insert(given.end(), more.begin(), more.end());
  return trial::ask(composite_impedance_task, given);
}

const Given layers = {{"model", "layers"},         {"layer", "bulk 90 %"},          {"layer", "interphase 10 %"},
                      {"size", "2x2x20"},          {"phase", "bulk=1e-6 S/cm"},     {"phase", "interphase=1e-8 S/cm"},
                      {"permittivity", "bulk=12"}, {"permittivity", "interphase=8"}};

double fitted(const report::Report& report, const std::string& name) {
  for (const report::Section& section : report.sections) {
    for (const report::Block& block : section.blocks) {
      const auto* table = std::get_if<report::Table>(&block);
      if (table == nullptr || table->columns.empty() || table->columns.front().key != "parameter") continue;
      for (const auto& row : table->rows) {
        if (std::get<std::string>(row[0]) == name) return *std::get<report::Value>(row[1]).value;
      }
    }
  }
  ADD_FAILURE() << "no parameter " << name;
  return 0.0;
}

TEST(CompositeImpedance, AFitOfTheFileFindsBothPhasesAgain) {
  const ScratchFolder folder;
  const std::string file = folder.file("spectrum.csv");
  ask(layers, {{"thickness", "0.5 mm"}, {"area", "0.8 cm2"}, {"to", file}});
  const report::Report fit = trial::ask(impedance_fit_task, {{"files", file}, {"circuit", "p(R1,C1)-p(R2,C2)"}});
  const double length = 0.5e-3, area = 0.8e-4;
  std::vector<double> resistances = {fitted(fit, "R1"), fitted(fit, "R2")};
  std::vector<double> capacities = {fitted(fit, "C1"), fitted(fit, "C2")};
  if (resistances[0] > resistances[1]) {
    std::swap(resistances[0], resistances[1]);
    std::swap(capacities[0], capacities[1]);
  }
  const double bulk = 0.9 * length / (1e-4 * area), interphase = 0.1 * length / (1e-6 * area);
  EXPECT_NEAR(resistances[0], bulk, 1e-4 * bulk);
  EXPECT_NEAR(resistances[1], interphase, 1e-4 * interphase);
  const double bulk_farad = 12.0 * vacuum * area / (0.9 * length),
               interphase_farad = 8.0 * vacuum * area / (0.1 * length);
  EXPECT_NEAR(capacities[0], bulk_farad, 1e-4 * bulk_farad);
  EXPECT_NEAR(capacities[1], interphase_farad, 1e-4 * interphase_farad);
}

TEST(CompositeImpedance, EveryFrequencyOfLayersIsExact) {
  const report::Report report = ask(layers);
  const auto& table = trial::block_of<report::Table>(report, "spectrum");
  ASSERT_GT(table.rows.size(), 20U);
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const double omega = 2.0 * std::numbers::pi * *value_of(table, row, "frequency_Hz").value;
    const std::complex<double> bulk(1e-4, omega * 12.0 * vacuum), interphase(1e-6, omega * 8.0 * vacuum);
    const std::complex<double> expected = 1e-3 / 1e-4 * (0.9 / bulk + 0.1 / interphase);
    const std::complex<double> found(*value_of(table, row, "Z_real_Ohm").value,
                                     *value_of(table, row, "Z_imag_Ohm").value);
    EXPECT_LT(std::abs(found - expected), 1e-5 * std::abs(expected)) << omega;
  }
}

TEST(CompositeImpedance, FrequenciesCoverTheRelaxationsOrWhatIsAskedFor) {
  const report::Report report = ask(layers);
  const auto& own = trial::block_of<report::Table>(report, "spectrum");
  EXPECT_LT(*value_of(own, 0, "frequency_Hz").value, 1e-6 / (2.0 * std::numbers::pi * 8.0 * vacuum) / 20.0);
  EXPECT_GT(*value_of(own, own.rows.size() - 1, "frequency_Hz").value,
            1e-4 / (2.0 * std::numbers::pi * 12.0 * vacuum) * 20.0);
  const report::Report asked_report = ask(layers, {{"from", "1 kHz"}, {"until", "1 MHz"}, {"points-per-decade", "2"}});
  const auto& asked = trial::block_of<report::Table>(asked_report, "spectrum");
  EXPECT_EQ(asked.rows.size(), 7U);
  EXPECT_DOUBLE_EQ(*value_of(asked, 0, "frequency_Hz").value, 1e3);
}

TEST(CompositeImpedance, ABlockedBoxIsACapacitor) {
  Given given = layers;
  given[5].second = "interphase=0 S/cm";
  const report::Report report = ask(given);
  ASSERT_FALSE(report.doubts.empty());
  EXPECT_NE(report.doubts[0].find("blocks direct current"), std::string::npos);
  const auto& table = trial::block_of<report::Table>(report, "spectrum");
  const double omega = 2.0 * std::numbers::pi * *value_of(table, 0, "frequency_Hz").value;
  const double expected = -0.1 * 10.0 / (omega * 8.0 * vacuum);
  EXPECT_NEAR(*value_of(table, 0, "Z_imag_Ohm").value, expected, 1e-3 * std::abs(expected));
}

TEST(CompositeImpedance, PermittivitiesThatAreNotGivenAreMarked) {
  Given given(layers.begin(), layers.begin() + 7);
  const report::Report report = ask(given);
  const auto& table = trial::block_of<report::Table>(report, "relaxations");
  EXPECT_EQ(value_of(table, 0, "permittivity").kind, "");
  EXPECT_EQ(value_of(table, 1, "permittivity").kind, "estimated");
}

TEST(CompositeImpedance, RefusesImpossibleSettings) {
  for (const Given& wrong :
       {Given{{"from", "0 Hz"}}, Given{{"from", "1 MHz"}, {"until", "1 kHz"}}, Given{{"thickness", "0 mm"}},
        Given{{"area", "-1 cm2"}}, Given{{"tolerance", "1"}}, Given{{"points-per-decade", "0"}}})
    EXPECT_THROW(ask(layers, wrong), ParameterError) << wrong.front().first;
  EXPECT_THROW(ask(layers, {{"to", "/no/such/folder/a.csv"}}), base::InputError);
  Given large = layers;
  large[3].second = "20000";
  EXPECT_THROW(ask(large), ParameterError);
}

}  // namespace
}  // namespace closo::tasks
