#include "closo/cell/electrode_material.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/library/energy_set.hpp"
#include "closo/table/csv.hpp"

namespace closo::cell {
namespace {

using library::DataKind;
using library::ElectrodeCurve;
using library::ElectrodeData;
using library::ElectrodeMaterial;
using Role = ElectrodeMaterial::Role;

const std::filesystem::path data = CLOSO_SOURCE_DIR "/data";
const std::filesystem::path shared = CLOSO_SHARED_DIR "/data/cell";
constexpr double room = 298.15;

const ElectrodeData& shipped() {
  static const ElectrodeData loaded = ElectrodeData::load(data);
  return loaded;
}

double potential(const char* material, double z, const char* curve = "", double temperature = room) {
  return open_circuit(shipped().material(material).curve(curve)).potential(z, temperature);
}

/// Both columns of a shared table, or nothing where the collection is not beside the repository.
std::vector<std::pair<double, double>> shared_rows(const std::string& name) {
  std::vector<std::pair<double, double>> rows;
  if (!std::filesystem::exists(shared / name)) return rows;
  const table::Table table = table::parse_numeric_csv(base::read_text_file(shared / name), name);
  for (std::size_t i = 0; i < table.rows(); ++i) {
    rows.emplace_back(table.columns[0].values[i], table.columns[1].values[i]);
  }
  return rows;
}

// Second law: U falls, or stays, as ions go in; at every temperature of the curve's range.
TEST(ElectrodeMaterial, EveryCurveFalls) {
  for (const ElectrodeMaterial& material : shipped().materials()) {
    for (const ElectrodeCurve& record : material.curves) {
      const OpenCircuit curve = open_circuit(record);
      EXPECT_DOUBLE_EQ(curve.low(), record.low) << record.id;
      EXPECT_DOUBLE_EQ(curve.high(), record.high) << record.id;
      const double warm = record.temperature_high.value_or(record.temperature);
      for (const double temperature : {record.temperature_low.value_or(record.temperature), warm}) {
        const double allowed = 5e-5;  // the formula of MCMB graphite rises by 0.04 mV
        double lowest = std::numeric_limits<double>::infinity();
        double rise = 0.0;
        for (int k = 1; k < 2000; ++k) {
          const double u = curve.potential(k / 2000.0, temperature);
          ASSERT_TRUE(std::isfinite(u)) << record.id << ' ' << k;
          rise = std::max(rise, u - lowest);
          lowest = std::min(lowest, u);
        }
        EXPECT_LE(rise, allowed) << record.id << " at " << temperature << " K";
      }
    }
  }
}

TEST(ElectrodeMaterial, EveryInsertionCurveEndsInSpikes) {
  for (const ElectrodeMaterial& material : shipped().materials()) {
    if (material.role == Role::metal) continue;
    for (const ElectrodeCurve& record : material.curves) {
      const OpenCircuit curve = open_circuit(record);
      const double low = std::max(record.low, 0.01);
      const double high = std::min(record.high, 0.99);
      EXPECT_GT(curve.potential(1e-9, room), curve.potential(low, room) + 0.1) << record.id;
      EXPECT_LT(curve.potential(1.0 - 1e-9, room), curve.potential(high, room) - 0.1) << record.id;
    }
  }
}

TEST(ElectrodeMaterial, CutOffsLieWhereTheCurveReaches) {
  for (const ElectrodeMaterial& material : shipped().materials()) {
    if (material.role == Role::metal) continue;
    const OpenCircuit curve = open_circuit(material.curve());
    const double lower = material.number("lower_cutoff").value;
    const double upper = material.number("upper_cutoff").value;
    const double middle = curve.potential(0.5 * (curve.low() + curve.high()), room);
    EXPECT_LT(lower, middle) << material.id;
    EXPECT_GT(upper, middle) << material.id;
    EXPECT_LT(curve.stoichiometry_at(upper, room), curve.stoichiometry_at(lower, room)) << material.id;
  }
}

// Doyle, Fuller, Newman 1993, DOI 10.1149/1.2221597, as tabulated from dualfoil 5.2 at three temperatures.
TEST(ElectrodeMaterial, TitaniumDisulfideIsTheSharedFormula) {
  const OpenCircuit curve = open_circuit(shipped().material("TiS2").curve());
  for (const int temperature : {298, 333, 393}) {
    const auto rows = shared_rows("ocp_TiS2_DFN1993_" + std::to_string(temperature) + "K.csv");
    if (rows.empty()) GTEST_SKIP() << "the shared curves are not beside the repository";
    EXPECT_EQ(rows.size(), 199U);
    for (const auto& row : rows) {
      EXPECT_NEAR(curve.potential(row.first, temperature + 0.15), row.second, 2e-7) << temperature << ' ' << row.first;
    }
  }
}

TEST(ElectrodeMaterial, NickelRichOxideIsTheSharedTable) {
  const auto rows = shared_rows("ocp_NMC811_LGM50_Chen2020.csv");
  if (rows.empty()) GTEST_SKIP() << "the shared curves are not beside the repository";
  const ElectrodeCurve& record = shipped().material("NMC811").curve();
  ASSERT_EQ(record.stoichiometry.size(), rows.size());
  const OpenCircuit curve = open_circuit(record);
  const OpenCircuit fit = open_circuit(shipped().material("NMC811").curve("NMC811-chen2020-fit"));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(record.stoichiometry[i], rows[i].first);
    EXPECT_EQ(record.potential[i], rows[i].second);
    EXPECT_NEAR(curve.potential(rows[i].first, room), rows[i].second, 1e-9);
    EXPECT_NEAR(fit.potential(rows[i].first, room), rows[i].second, 0.01);
  }
}

TEST(ElectrodeMaterial, DigitisedCurvesAreTheSharedOnes) {
  struct Case {
    const char *file, *material, *curve;
    double full_mAh_per_g, tolerance;
  };
  // Tolerances: digitised points that rise are levelled, by at most what the tables' comments say.
  for (const Case& each : {Case{"ocp_LiFePO4_NMat_discharge.csv", "LiFePO4", "LiFePO4-dreyer-discharge", 169.9, 5e-6},
                           Case{"ocp_LiFePO4_NMat_charge.csv", "LiFePO4", "LiFePO4-dreyer-charge", 169.9, 0.0142},
                           Case{"ocp_Li4Ti5O12.csv", "Li4Ti5O12", "Li4Ti5O12-digitised", 175.0, 0.0222}}) {
    std::ifstream file(shared / each.file);
    if (!file) GTEST_SKIP() << "the shared curves are not beside the repository";
    const OpenCircuit curve = open_circuit(shipped().material(each.material).curve(each.curve));
    std::string line;
    int rows = 0;
    int exact = 0;
    while (std::getline(file, line)) {
      double q = 0.0, u = 0.0;
      if (line.empty() || line[0] < '0' || line[0] > '9') continue;
      ASSERT_EQ(std::sscanf(line.c_str(), "%lf,%lf", &q, &u), 2);
      const double difference = curve.potential(1.0 - q / each.full_mAh_per_g, room) - u;
      EXPECT_LE(std::abs(difference), each.tolerance) << each.curve << ' ' << q;
      exact += std::abs(difference) < 2e-5 ? 1 : 0;
      ++rows;
    }
    EXPECT_GT(rows, 90);
    EXPECT_GT(exact, rows * 6 / 10) << each.curve;
  }
}

// Prada 2013, DOI 10.1149/2.053304jes; Marquis 2019, DOI 10.1149/2.0341915jes; Chen 2020, DOI
// 10.1149/1945-7111/ab9050: the formulas as printed there, not as terms.
TEST(ElectrodeMaterial, FormulasAreThosePrinted) {
  const auto iron = [](double x) {
    return 3.4077 - 0.020269 * x + 0.5 * std::exp(-150 * x) - 0.9 * std::exp(-30 * (1 - x));
  };
  const auto cobalt = [](double x) {
    const double s = 1.062 * x;
    return 2.16216 + 0.07645 * std::tanh(30.834 - 54.4806 * s) + 2.1581 * std::tanh(52.294 - 50.294 * s) -
           0.14169 * std::tanh(11.0923 - 19.8543 * s) + 0.2051 * std::tanh(1.4684 - 5.4888 * s) +
           0.2531 * std::tanh((-s + 0.56478) / 0.1316) - 0.02167 * std::tanh((s - 0.525) / 0.006);
  };
  const auto carbon = [](double x) {
    return 0.194 + 1.5 * std::exp(-120.0 * x) + 0.0351 * std::tanh((x - 0.286) / 0.083) -
           0.0045 * std::tanh((x - 0.849) / 0.119) - 0.035 * std::tanh((x - 0.9233) / 0.05) -
           0.0147 * std::tanh((x - 0.5) / 0.034) - 0.102 * std::tanh((x - 0.194) / 0.142) -
           0.022 * std::tanh((x - 0.9) / 0.0164) - 0.011 * std::tanh((x - 0.124) / 0.0226) +
           0.0155 * std::tanh((x - 0.105) / 0.029);
  };
  const auto lg_m50 = [](double x) {
    return 1.9793 * std::exp(-39.3631 * x) + 0.2482 - 0.0909 * std::tanh(29.8538 * (x - 0.1234)) -
           0.04478 * std::tanh(14.9159 * (x - 0.2769)) - 0.0205 * std::tanh(30.4444 * (x - 0.6103));
  };
  for (int k = 0; k <= 100; ++k) {
    const double x = 0.41 + 0.0054 * k;
    EXPECT_NEAR(potential("LiFePO4", x), iron(x), 1e-12);
    EXPECT_NEAR(potential("LiCoO2", x), cobalt(x), 1e-9);
    EXPECT_NEAR(potential("graphite", x), carbon(x), 1e-12);
    EXPECT_NEAR(potential("graphite", 0.9 * x, "graphite-chen2020"), lg_m50(0.9 * x), 1e-12);
  }
  EXPECT_NEAR(potential("LiCoO2", 0.6), 4.0270, 5e-5);
}

TEST(ElectrodeMaterial, PlateausLieWhereTheFieldHasThem) {
  for (const double z : {0.2, 0.5, 0.8}) {
    EXPECT_NEAR(potential("Li4Ti5O12", z), 1.555, 1e-3);
    EXPECT_NEAR(potential("Li4Ti5O12", z, "Li4Ti5O12-redlich-kister"), 1.61445, 1e-4);
    EXPECT_NEAR(potential("LiFePO4", z), 3.40, 0.02);
    EXPECT_NEAR(potential("S", z), 2.15, 1e-9);
  }
  EXPECT_NEAR(potential("NaCrO2", 0.85), 3.00, 1e-6);
  EXPECT_NEAR(potential("NaCrO2", 0.98), 2.95, 1e-6);
  EXPECT_NEAR(potential("NaCrO2", 0.50), 3.30, 1e-6);
  EXPECT_NEAR(potential("Na3(VOPO4)2F", 0.25), 4.02, 1e-6);
  EXPECT_NEAR(potential("Na3(VOPO4)2F", 0.75), 3.61, 1e-6);
}

// MgH2 + 2 Li → Mg + 2 LiH from the library's Gibbs energies and enthalpies.
TEST(ElectrodeMaterial, MagnesiumHydrideFollowsFromFormationEnergies) {
  const library::EnergySet gibbs = library::load_energy_set(data, "no/such/store.sqlite", "gibbs");
  const auto row = [&](const char* name) {
    for (const library::EnergyRow& each : gibbs.rows) {
      if (each.name == name) return each;
    }
    throw std::out_of_range(name);
  };
  const double free = 2 * row("LiH").energy_eV - row("MgH2").energy_eV;
  const double heat = 2 * *row("LiH").enthalpy_eV - *row("MgH2").enthalpy_eV;
  EXPECT_NEAR(potential("MgH2", 0.5), -free / 2, 5e-5);
  const OpenCircuit curve = open_circuit(shipped().material("MgH2").curve());
  EXPECT_NEAR(curve.at(0.5, room).temperature_derivative, (heat - free) / room / 2, 1e-7);
}

TEST(ElectrodeMaterial, EntropiesMoveTheCurve) {
  const OpenCircuit cobalt = open_circuit(shipped().material("LiCoO2").curve());
  // M. Torchio 2016, DOI 10.1149/2.0291607jes: the fraction at 0.8.
  EXPECT_NEAR(cobalt.at(0.8, room).temperature_derivative, -0.495e-3, 1e-6);
  EXPECT_NEAR(cobalt.potential(0.8, room + 40) - cobalt.potential(0.8, room), -0.495e-3 * 40, 5e-5);
  EXPECT_NEAR(cobalt.at(0.525, room).temperature_derivative, -0.3e-3, 1e-6);  // straight from 0.45 to 0.60
  // The bracket of TiS2 counts in RT/F.
  const OpenCircuit tis2 = open_circuit(shipped().material("TiS2").curve());
  EXPECT_NEAR(tis2.at(0.3, room).temperature_derivative, (tis2.potential(0.3, room) - 2.17) / room, 1e-12);
  EXPECT_EQ(open_circuit(shipped().material("graphite").curve()).at(0.5, room).temperature_derivative, 0.0);
}

TEST(ElectrodeMaterial, BecomesWhatTheModelTakes) {
  for (const ElectrodeMaterial& material : shipped().materials()) {
    if (material.role == Role::metal) continue;
    const ActiveMaterial active = active_material(material, 2e-6);
    EXPECT_EQ(active.open_circuit, open_circuit(material.curve())) << material.id;
    EXPECT_DOUBLE_EQ(active.maximum_concentration, material.number("maximum_concentration").value);
    ASSERT_EQ(active.sizes.size(), 1U);
    EXPECT_DOUBLE_EQ(active.sizes[0].radius, 2e-6);
    EXPECT_DOUBLE_EQ(active.sizes[0].volume_share, 1.0);
    EXPECT_NEAR(active.diffusivity.value / material.number("diffusion_coefficient").value, 1.0, 1e-12);
    EXPECT_GT(active.diffusivity.energy, 0.0);
    EXPECT_GT(active.kinetics.exchange_current_density.value, 0.0);
  }
}

// Whatever the reference temperature, the physical value at a temperature is the same.
TEST(ElectrodeMaterial, TheReferenceTemperatureDoesNotMatter) {
  const ElectrodeMaterial& tis2 = shipped().material("TiS2");
  const ActiveMaterial cold = active_material(tis2, 1e-6, 298.15);
  const ActiveMaterial warm = active_material(tis2, 1e-6, 333.15);
  for (const double temperature : {298.15, 333.15, 393.15}) {
    const double expected = at_temperature(cold.diffusivity, temperature, 298.15);
    EXPECT_NEAR(at_temperature(warm.diffusivity, temperature, 333.15) / expected, 1.0, 1e-12);
  }
  EXPECT_GT(warm.diffusivity.value, 4.0 * cold.diffusivity.value);  // exp(35 kJ/mol · Δ(1/T)/R) = 4.41
}

TEST(ElectrodeMaterial, MetalsHaveTheirPotential) {
  EXPECT_EQ(metal_potential(shipped().material("Li")), 0.0);
  EXPECT_EQ(metal_potential(shipped().material("Na")), 0.0);
  EXPECT_DOUBLE_EQ(metal_potential(shipped().material("In-Li")), 0.62);
}

TEST(ElectrodeMaterial, PartialMolarVolumeGivesTheVolumeChangeBack) {
  const ElectrodeMaterial& tis2 = shipped().material("TiS2");
  EXPECT_NEAR(partial_molar_volume(tis2) * 29000.0, 0.12, 1e-12);
  EXPECT_NEAR(partial_molar_volume(tis2), 4.14e-6, 1e-8);
  EXPECT_LT(partial_molar_volume(shipped().material("LiCoO2")), 0.0);
  EXPECT_THROW(partial_molar_volume(shipped().material("Li")), base::InputError);
}

TEST(ElectrodeMaterial, Refuses) {
  const ElectrodeMaterial& tis2 = shipped().material("TiS2");
  EXPECT_THROW(active_material(tis2, 0.0), base::ParameterError);
  EXPECT_THROW(active_material(tis2, std::numeric_limits<double>::quiet_NaN()), base::ParameterError);
  EXPECT_THROW(active_material(tis2, 1e-6, 0.0), base::ParameterError);
  EXPECT_THROW(active_material(tis2, 1e-6, room, "LiCoO2-marquis2019"), base::InputError);
  EXPECT_THROW(active_material(shipped().material("Li"), 1e-6), base::ParameterError);
  EXPECT_THROW(metal_potential(tis2), base::ParameterError);
  ElectrodeMaterial bare = tis2;
  bare.numbers.clear();
  EXPECT_THROW(active_material(bare, 1e-6), base::InputError);
  ElectrodeCurve rising = shipped().material("NaCrO2").curve();
  rising.potential.back() = 9.0;
  EXPECT_THROW(open_circuit(rising), base::ParameterError);
  ElectrodeCurve empty = tis2.curve();
  empty.terms.clear();
  EXPECT_THROW(open_circuit(empty), base::ParameterError);
  ElectrodeCurve timeless = shipped().material("LiCoO2").curve();
  timeless.temperature = 0.0;
  EXPECT_THROW(open_circuit(timeless), base::ParameterError);
}

// Every kind of term of the record is a kind of term of the model, with the shift on top.
TEST(ElectrodeMaterial, ConvertsEveryKindOfTerm) {
  using Function = library::ElectrodeCurveTerm::Function;
  ElectrodeCurve record;
  record.low = 0.1;
  record.high = 0.9;
  record.shift = 0.25;
  record.terms = {{Function::power, -0.5, 2.0, 0.0, false}, {Function::exponential, 0.1, -3.0, 0.5, false},
                  {Function::tanh, -0.2, 2.0, -1.0, false}, {Function::ideal, 1.0, 0.0, 0.0, false},
                  {Function::power, -3.0, 1.0, 0.0, true},  {Function::redlich_kister, 2000.0, 0.0, 0.0, false}};
  const OpenCircuit curve = open_circuit(record);
  const double thermal = base::gas_constant * room / base::faraday_constant;
  for (const double x : {0.15, 0.5, 0.85}) {
    const double expected = 0.25 - 0.5 * x * x + 0.1 * std::exp(-3 * x + 0.5) - 0.2 * std::tanh(2 * x - 1) +
                            thermal * (std::log((1 - x) / x) - 3 * x) - 2000.0 / base::faraday_constant * (1 - 2 * x);
    EXPECT_NEAR(curve.potential(x, room), expected, 1e-12);
  }
}

}  // namespace
}  // namespace closo::cell
