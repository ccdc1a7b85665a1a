#include "closo/cell/loading.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::cell {
namespace {

using base::Formula;
using base::InputError;
using base::ParameterError;

constexpr double mAh_per_g = 3600.0;   // C/kg
constexpr double mAh = 3.6;            // C
constexpr double mAh_per_cm2 = 3.6e4;  // C/m²
constexpr double uA_per_cm2 = 1e-2;    // A/m²
constexpr double ohm_cm2 = 1e-4;       // Ω m²

// Values as the field quotes them, within the last printed digit: TiS2 239 and LiFePO4 170 (Hehn 2025, DOI
// 10.1021/acsami.5c01939), MgH2 2036–2038, graphite 372, S 1672–1675.
TEST(TheoreticalCapacity, IsWhatTheFieldQuotes) {
  const std::vector<std::tuple<std::string, double, double, double>> known = {
      {"TiS2", 1, 238.5, 239.5},   {"MgH2", 2, 2036, 2038.5},      {"C6", 1, 371.5, 372.5},
      {"S", 2, 1671.5, 1675.5},    {"LiFePO4", 1, 169.85, 169.95}, {"Li4Ti5O12", 3, 175.05, 175.15},
      {"LiTiS2", 1, 224.5, 225.5}, {"LiCoO2", 1, 273.5, 274.5},    {"NaCrO2", 1, 250, 251},
      {"Li", 1, 3860, 3863}};
  for (const auto& [text, electrons, low, high] : known) {
    const double capacity = theoretical_capacity(Formula::parse(text), electrons) / mAh_per_g;
    EXPECT_GE(capacity, low) << text;
    EXPECT_LE(capacity, high) << text;
  }
}

TEST(TheoreticalCapacity, DoesNotDependOnTheFormulaUnitChosen) {
  const double one = theoretical_capacity(Formula::parse("Li4Ti5O12"), 3.0);
  EXPECT_NEAR(theoretical_capacity(Formula::parse("Li8Ti10O24"), 6.0), one, 1e-9 * one);
  EXPECT_NEAR(theoretical_capacity(Formula::parse("Li4Ti5O12"), 6.0), 2.0 * one, 1e-9 * one);
}

TEST(TheoreticalCapacity, Refuses) {
  for (const double bad :
       {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    EXPECT_THROW(theoretical_capacity(Formula::parse("TiS2"), bad), ParameterError);
  }
  EXPECT_THROW(theoretical_capacity(Formula(), 1.0), ParameterError);
  EXPECT_THROW(theoretical_capacity(Formula::parse("TcS2"), 1.0), InputError);
}

ElectrodeLoading tis2_cathode() {
  return {.composite_mass = {2.0e-6},
          .active_mass_fraction = {0.4},
          .specific_capacity = {239.0 * mAh_per_g},
          .area = disc_area({6e-3})};
}

// Hehn 2025, sec. 2.2.2 and 3.4: 2.0 mg of 6:4 electrolyte:TiS2 on a 6 mm disc, 0.676 mAh/cm².
TEST(ElectrodeCapacity, GivesTheTiS2CellOfHehn2025) {
  const ElectrodeCapacity cell = electrode_capacity(tis2_cathode());
  EXPECT_NEAR(tis2_cathode().area.value, 0.2827e-4, 5e-9);
  EXPECT_NEAR(cell.active_mass.value, 0.8e-6, 1e-18);
  EXPECT_NEAR(cell.capacity.value / mAh, 0.191, 5e-4);
  EXPECT_NEAR(cell.areal_capacity.value / mAh_per_cm2, 0.676, 5e-4);
  const auto current = [&](const char* rate) {
    return current_density(cell.areal_capacity, parse_c_rate_per_hour(rate)).value / uA_per_cm2;
  };
  EXPECT_NEAR(current("C/10"), 67.6, 0.05);
  EXPECT_NEAR(current("C/20"), 33.8, 0.05);
  EXPECT_NEAR(current("C/5"), 140.0, 5.0);  // printed as 0.14 mA/cm²
  EXPECT_NEAR(current("C/2"), 340.0, 5.0);  // printed as 0.34 mA/cm²
}

// 0.6 mm of 1.2 mS/cm (60 °C) in the same cell.
TEST(OhmicDrop, OfTheSeparatorOfHehn2025) {
  const Measured resistance = area_specific_resistance({0.6e-3}, {0.12});
  EXPECT_NEAR(resistance.value / ohm_cm2, 50.0, 1e-9);
  const Measured areal_capacity = electrode_capacity(tis2_cathode()).areal_capacity;
  EXPECT_NEAR(ohmic_drop(current_density(areal_capacity, 0.1), resistance).value, 3.4e-3, 5e-5);
  EXPECT_NEAR(ohmic_drop(current_density(areal_capacity, 0.5), resistance).value, 17e-3, 5e-4);
}

// The paper prints 0.122 mAh/cm² for this cell; 0.122 mAh is the capacity of the disc, and its own current density of
// 43.3 µA/cm² at C/10 confirms 0.433 mAh/cm².
TEST(ElectrodeCapacity, OfTheLiFePO4CellOfHehn2025IsPerDisc) {
  const ElectrodeCapacity cell = electrode_capacity({.composite_mass = {1.2e-6},
                                                     .active_mass_fraction = {0.6},
                                                     .specific_capacity = {170.0 * mAh_per_g},
                                                     .area = disc_area({6e-3})});
  EXPECT_NEAR(cell.capacity.value / mAh, 0.122, 5e-4);
  EXPECT_NEAR(cell.areal_capacity.value / mAh_per_cm2, 0.433, 5e-4);
  EXPECT_NEAR(current_density(cell.areal_capacity, 0.1).value / uA_per_cm2, 43.3, 0.05);
}

// 1.4 mg NaCrO2 (70 % of 2 mg) on 12 mm at C/20 of 120 mAh/g: 6 mA/g (Duchêne et al. 2017).
TEST(ElectrodeCapacity, CurrentPerMassDoesNotDependOnTheArea) {
  for (const double diameter : {6e-3, 12e-3}) {
    const ElectrodeCapacity cell = electrode_capacity({.composite_mass = {2e-6},
                                                       .active_mass_fraction = {0.7},
                                                       .specific_capacity = {120.0 * mAh_per_g},
                                                       .area = disc_area({diameter})});
    const double per_mass = current_density(cell.areal_capacity, 0.05).value / cell.areal_active_mass.value;
    EXPECT_NEAR(per_mass, 6.0, 1e-9);  // A/kg = mA/g
  }
}

TEST(ElectrodeCapacity, RelativeUncertaintiesAdd) {
  ElectrodeLoading loading = tis2_cathode();
  loading.composite_mass.uncertainty = 0.05 * loading.composite_mass.value;
  loading.active_mass_fraction.uncertainty = 0.02 * loading.active_mass_fraction.value;
  loading.area = disc_area({6e-3, 0.06e-3});
  EXPECT_NEAR(*loading.area.uncertainty / loading.area.value, 0.02, 1e-8);
  const ElectrodeCapacity cell = electrode_capacity(loading);
  EXPECT_NEAR(*cell.capacity.uncertainty / cell.capacity.value, std::hypot(0.05, 0.02), 1e-8);
  EXPECT_NEAR(*cell.areal_capacity.uncertainty / cell.areal_capacity.value, std::hypot(0.05, 0.02, 0.02), 1e-8);
  const Measured resistance = area_specific_resistance({0.6e-3, 0.06e-3}, {0.12, 0.012});
  EXPECT_NEAR(*resistance.uncertainty / resistance.value, std::hypot(0.1, 0.1), 1e-8);
  EXPECT_FALSE(electrode_capacity(tis2_cathode()).capacity.uncertainty.has_value());
}

TEST(ElectrodeCapacity, Refuses) {
  const auto with = [](auto change) {
    ElectrodeLoading loading = tis2_cathode();
    change(loading);
    return loading;
  };
  for (const double bad : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_THROW(electrode_capacity(with([&](ElectrodeLoading& l) { l.composite_mass = {bad}; })), ParameterError);
    EXPECT_THROW(electrode_capacity(with([&](ElectrodeLoading& l) { l.active_mass_fraction = {bad}; })),
                 ParameterError);
    EXPECT_THROW(electrode_capacity(with([&](ElectrodeLoading& l) { l.specific_capacity = {bad}; })), ParameterError);
    EXPECT_THROW(electrode_capacity(with([&](ElectrodeLoading& l) { l.area = {bad}; })), ParameterError);
    EXPECT_THROW(disc_area({bad}), ParameterError);
    EXPECT_THROW(current_density({bad}, 1.0), ParameterError);
    EXPECT_THROW(current_density({1.0}, bad), ParameterError);
    EXPECT_THROW(c_rate_per_hour({bad}, {1.0}), ParameterError);
    EXPECT_THROW(c_rate_per_hour({1.0}, {bad}), ParameterError);
    EXPECT_THROW(area_specific_resistance({bad}, {1.0}), ParameterError);
    EXPECT_THROW(area_specific_resistance({1.0}, {bad}), ParameterError);
  }
  EXPECT_THROW(electrode_capacity(with([](ElectrodeLoading& l) { l.active_mass_fraction = {40.0}; })), ParameterError);
}

TEST(CRate, ReadsTheFormsOfTheField) {
  const std::vector<std::pair<std::string, double>> known = {
      {"C/10", 0.1}, {"0.5C", 0.5},       {"2 C", 2.0},     {"C", 1.0},     {"1C", 1.0},   {"C / 20", 0.05},
      {"c/5", 0.2},  {"2C/3", 2.0 / 3.0}, {" C/2.5 ", 0.4}, {"1e-1C", 0.1}, {"C/0.5", 2.0}};
  for (const auto& [text, rate] : known) EXPECT_NEAR(parse_c_rate_per_hour(text), rate, 1e-15) << text;
}

TEST(CRate, ErrorsSayWhereAndWhatIsAccepted) {
  const std::vector<std::tuple<std::string, std::size_t, std::string>> known = {
      {"", 1, "no C"},           {"10", 1, "no C"},
      {"C10", 2, "'10' behind"}, {"C/", 3, "no number"},
      {"C/x", 3, "'x'"},         {"xC", 1, "'x'"},
      {"-C", 1, "'-'"},          {"0C", 1, "not above 0"},
      {"C/0", 3, "not above 0"}, {"-2C", 1, "not above 0"},
      {"C/10C", 3, "'10C'"},     {" aC", 2, "'a'"},
      {"C/1e400", 3, "1e400"},   {"1e300C/1e-300", 1, "outside"}};
  for (const auto& [text, column, problem] : known) {
    try {
      parse_c_rate_per_hour(text);
      ADD_FAILURE() << "'" << text << "' was accepted";
    } catch (const InputError& error) {
      EXPECT_EQ(error.place().column, column) << text << ": " << error.what();
      EXPECT_NE(error.problem().find(problem), std::string::npos) << text << ": " << error.what();
      EXPECT_NE(error.expected().find("C/10"), std::string::npos) << text;
    }
  }
}

TEST(CRate, AndCurrentDensityAreInverse) {
  for (const double rate : {0.01, 0.1, 1.0, 3.0}) {
    const Measured areal_capacity{0.676 * mAh_per_cm2, 100.0};
    EXPECT_NEAR(c_rate_per_hour(current_density(areal_capacity, rate), areal_capacity).value, rate, 1e-14);
  }
}

}  // namespace
}  // namespace closo::cell
