#include "closo/tasks/capacity.hpp"

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;
using Given = std::vector<std::pair<std::string, std::string>>;

report::Report ask(const Given& given) {
  Arguments arguments;
  for (const auto& [name, text] : given) arguments.set(name, text);
  Context context;
  context.data = CLOSO_SOURCE_DIR "/data";
  return run(capacity_task, arguments, context);
}

/// A value of a name → value list; fails the test when it is not there.
report::Value value_of(const report::Report& report, const std::string& key) {
  for (const report::Section& section : report.sections) {
    for (const report::Block& block : section.blocks) {
      const auto* items = std::get_if<report::KeyValues>(&block);
      if (items == nullptr) continue;
      for (const auto& [name, cell] : items->items) {
        if (name == key) return std::get<report::Value>(cell);
      }
    }
  }
  ADD_FAILURE() << "no value '" << key << "'";
  return {};
}

/// A number of the table of rates.
double rate_value(const report::Report& report, std::size_t row, const std::string& key) {
  for (const report::Section& section : report.sections) {
    for (const report::Block& block : section.blocks) {
      const auto* table = std::get_if<report::Table>(&block);
      if (table == nullptr || table->id != "rates") continue;
      for (std::size_t column = 0; column < table->columns.size(); ++column) {
        if (table->columns[column].key == key) return *std::get<report::Value>(table->rows.at(row).at(column)).value;
      }
    }
  }
  ADD_FAILURE() << "no column '" << key << "'";
  return 0.0;
}

// Hehn et al. 2025, DOI 10.1021/acsami.5c01939, sec. 2.2.2 and 3.4.
TEST(Capacity, GivesTheTiS2CellOfHehn2025) {
  const report::Report report = ask({{"formula", "TiS2"},
                                     {"specific-capacity", "239 mAh/g"},
                                     {"mass", "2.0 mg"},
                                     {"active-fraction", "40 wt%"},
                                     {"diameter", "6 mm"},
                                     {"rate", "C/10"},
                                     {"rate", "C/2"},
                                     {"conductivity", "1.2 mS/cm"},
                                     {"thickness", "0.6 mm"}});
  EXPECT_NEAR(*value_of(report, "theoretical capacity").value, 239.0, 0.5);
  EXPECT_EQ(*value_of(report, "electrons per formula unit").value, 1.0);
  EXPECT_NEAR(*value_of(report, "capacity").value, 0.191, 5e-4);
  EXPECT_NEAR(*value_of(report, "areal capacity").value, 0.676, 5e-4);
  EXPECT_NEAR(*value_of(report, "separator resistance").value, 50.0, 1e-9);
  EXPECT_NEAR(rate_value(report, 0, "current_density_uA_per_cm2"), 67.6, 0.05);
  EXPECT_NEAR(rate_value(report, 0, "ohmic_drop_mV"), 3.4, 0.05);
  EXPECT_NEAR(rate_value(report, 1, "ohmic_drop_mV"), 17.0, 0.5);
  EXPECT_NEAR(rate_value(report, 0, "current_mA_per_g"), 23.9, 1e-9);
  EXPECT_NEAR(rate_value(report, 0, "current_uA"), 19.12, 1e-9);
}

TEST(Capacity, TakesElectronsFromTheLibrary) {
  const std::vector<std::tuple<std::string, double, double>> known{
      {"TiS2", 239, 0.5}, {"S2Ti", 239, 0.5},       {"graphite", 372, 0.5},    {"MgH2", 2037, 1.5},
      {"S", 1672, 0.5},   {"LiFePO4", 169.9, 0.05}, {"Li4Ti5O12", 175.1, 0.05}};
  for (const auto& [name, expected, tolerance] : known) {
    const report::Report report = ask({{"formula", name}});
    EXPECT_NEAR(*value_of(report, "theoretical capacity").value, expected, tolerance) << name;
    EXPECT_NE(value_of(report, "electrons per formula unit").source.find("library ELE"), std::string::npos) << name;
  }
  EXPECT_NEAR(*value_of(ask({{"formula", "TiS2"}, {"electrons", "0.5"}}), "theoretical capacity").value, 119.7, 0.05);
  EXPECT_NEAR(*value_of(ask({{"formula", "Li3PS4"}, {"electrons", "1"}}), "theoretical capacity").value, 148.9, 0.1);
}

TEST(Capacity, ShowsTheDoubtOfAnAmbiguousElectrode) {
  EXPECT_EQ(ask({{"formula", "[6]CNAP"}}).doubts.size(), 1U);
  EXPECT_TRUE(ask({{"formula", "TiS2"}}).doubts.empty());
}

TEST(Capacity, WithoutRatesShowsTheUsualOnes) {
  const report::Report report = ask({{"formula", "TiS2"}});
  EXPECT_NEAR(rate_value(report, 4, "current_mA_per_g"), 239.3, 0.05);
  EXPECT_NEAR(rate_value(report, 0, "current_mA_per_g") * 20.0, rate_value(report, 4, "current_mA_per_g"), 1e-9);
}

// 4.85 µm of lithium per mAh/cm².
TEST(Capacity, AnodeExcess) {
  const report::Report report =
      ask({{"formula", "TiS2"}, {"mass", "2 mg"}, {"area", "0.2 cm2"}, {"anode", "Li, 0.534 g/cm3, 30 um"}});
  const double areal_capacity = *value_of(report, "areal capacity").value;
  EXPECT_NEAR(*value_of(report, "Li that the cathode's capacity needs").value, 4.85 * areal_capacity,
              0.005 * areal_capacity);
  EXPECT_NEAR(*value_of(report, "N/P").value, 30.0 / *value_of(report, "Li that the cathode's capacity needs").value,
              1e-9);
  EXPECT_TRUE(report.warnings.empty());
  const Given thin{{"formula", "TiS2"}, {"mass", "2 mg"}, {"area", "0.2 cm2"}, {"anode", "Mg, 1.738 g/cm3, 1 um, 2"}};
  EXPECT_EQ(ask(thin).warnings.size(), 1U);
}

TEST(Capacity, EnergyOfTheStackAndWhatIsMissing) {
  // 10 mg/cm² TiS2 at 2 V; layers of 12 + 3.54 mg/cm² and 50 + 30 µm; a collector without data.
  const Given given{{"formula", "TiS2"},
                    {"mass", "10 mg"},
                    {"area", "1 cm2"},
                    {"voltage", "2 V"},
                    {"layer", "cathode, 12 mg/cm2, 50 um"},
                    {"layer", "separator, 30 um, 1.18 g/cm3"}};
  const report::Report report = ask(given);
  const double energy = *value_of(report, "theoretical capacity").value * 10e-3 * 2.0;  // mWh/cm²
  EXPECT_NEAR(*value_of(report, "energy per area").value, energy, 1e-9);
  EXPECT_NEAR(*value_of(report, "energy per mass, with collectors").value, energy / 15.54 * 1e3, 1e-6);
  EXPECT_NEAR(*value_of(report, "energy per volume, with collectors").value, energy / 80.0 * 1e4, 1e-6);
  EXPECT_TRUE(report.warnings.empty());
  Given with_collector = given;
  with_collector.emplace_back("collector", "Al foil, 40.5 g/m2, 2.7 g/cm3");
  EXPECT_NEAR(*value_of(ask(with_collector), "energy per volume, with collectors").value, energy / 95.0 * 1e4, 1e-6);
  EXPECT_NEAR(*value_of(ask(with_collector), "energy per volume, without collectors").value, energy / 80.0 * 1e4, 1e-6);
  with_collector.emplace_back("collector", "steel");
  const report::Report incomplete = ask(with_collector);
  EXPECT_FALSE(value_of(incomplete, "energy per mass, with collectors").value.has_value());
  EXPECT_TRUE(value_of(incomplete, "energy per mass, without collectors").value.has_value());
  EXPECT_EQ(incomplete.warnings.size(), 2U);
}

void expect_refused(const Given& given, const std::string& word) {
  try {
    ask(given);
    ADD_FAILURE() << given.back().second << " was accepted";
  } catch (const ParameterError& error) {
    EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
  }
}

TEST(Capacity, Refuses) {
  const std::pair<std::string, std::string> tis2{"formula", "TiS2"}, mass{"mass", "2 mg"}, disc{"diameter", "6 mm"};
  expect_refused({mass}, "missing");
  expect_refused({{"formula", "Xx"}}, "'Xe'");
  expect_refused({{"formula", "NMC"}}, "does not state the composition");
  expect_refused({{"formula", "Li3PS4"}}, "electrons per formula unit");
  expect_refused({{"formula", "TiS3"}}, "TiS2");
  expect_refused({tis2, {"electrons", "0"}}, "above 0");
  expect_refused({tis2, {"electrons", "> 1"}}, "not a bound");
  expect_refused({tis2, {"rate", "10"}}, "C/10");
  expect_refused({tis2, {"thickness", "1 mm"}}, "together");
  expect_refused({tis2, {"conductivity", "1 S/cm"}}, "together");
  expect_refused({tis2, disc}, "mass of the electrode");
  expect_refused({tis2, mass, disc, {"area", "1 cm2"}}, "not both");
  expect_refused({tis2, {"anode", "Li, 0.534 g/cm3"}}, "diameter or area");
  expect_refused({tis2, {"layer", "Li, 1 um"}}, "diameter or area");
  expect_refused({tis2, mass, disc, {"anode", "Li"}}, "a density");
  expect_refused({tis2, mass, disc, {"anode", "L, 0.534 g/cm3"}}, "'Li'");
  expect_refused({tis2, mass, disc, {"layer", "Li, 1 um, 1 g/cm3, 1 mg/cm2"}}, "not three");
  expect_refused({tis2, mass, disc, {"layer", "Li, 0 g/cm3, 1 mg/cm2"}}, "above 0");
  expect_refused({tis2, mass, disc, {"layer", "Li, 3 V"}}, "3 V");
  expect_refused({{"formula", "LiFePO4"}, mass, disc, {"layer", "Li, 1 um, 0.534 g/cm3"}}, "voltage");
  expect_refused({tis2, mass, disc, {"collector", "Al, 1 um, 2.7 g/cm3"}}, "beside the current collectors");
  expect_refused({tis2, mass, {"active-fraction", "0 wt%"}}, "above 0");
}

}  // namespace
}  // namespace closo::tasks
