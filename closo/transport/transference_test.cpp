#include "closo/transport/transference.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "closo/base/error.hpp"

namespace closo::transport {
namespace {

bool has(const Transference& t, TransferenceWarning warning) {
  return std::ranges::find(t.warnings, warning) != t.warnings.end();
}

std::vector<std::vector<double>> read_numbers(const std::filesystem::path& path, std::size_t skip) {
  std::vector<std::vector<double>> rows;
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::stringstream stream(line);
    std::string cell;
    rows.emplace_back();
    for (std::size_t i = 0; std::getline(stream, cell, ','); ++i) {
      if (i >= skip) rows.back().push_back(std::stod(cell));
    }
  }
  return rows;
}

const std::filesystem::path shared = CLOSO_SHARED_DIR;

// Evans, Vincent & Bruce 1987, Polymer 28, 2324, table 1: T+ printed with two digits.
TEST(Transference, EvansVincentBruceTable1) {
  const auto path = shared / "data/lab/echem/evans_vincent_bruce_1987_table1.csv";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "shared data absent: " << path;
  const auto rows = read_numbers(path, 1);
  ASSERT_EQ(rows.size(), 6U);
  for (const auto& row : rows) {
    const Transference t = bruce_vincent({.voltage = {row[1] * 1e-3},
                                          .initial_current = {row[4] * 1e-6},
                                          .steady_current = {row[5] * 1e-6},
                                          .initial_resistance = {row[2]},
                                          .steady_resistance = {row[3]}});
    EXPECT_EQ(t.status, TransferenceStatus::ok);
    EXPECT_NEAR(t.number, row[6], 0.0085) << "printed with two digits";
    EXPECT_FALSE(has(t, TransferenceWarning::voltage_not_small));
  }
}

// One row of the same table written out, for machines without the shared data: 10 mV, 243 and 250 Ohm.
TEST(Transference, BruceVincentCorrectsTheRatio) {
  const BruceVincent m{.voltage = {0.010},
                       .initial_current = {17.54e-6},
                       .steady_current = {10.78e-6},
                       .initial_resistance = {243},
                       .steady_resistance = {250}};
  EXPECT_NEAR(bruce_vincent(m).number, 0.483, 5e-4);
  EXPECT_NEAR(cation_transference(m.initial_current, m.steady_current).number, 0.6146, 1e-4);
  BruceVincent ideal = m;
  ideal.initial_resistance = ideal.steady_resistance = {0.0};
  EXPECT_NEAR(bruce_vincent(ideal).number, cation_transference(m.initial_current, m.steady_current).number, 1e-14);
}

TEST(Transference, UncertaintyAgreesWithFiniteDifferences) {
  const BruceVincent m{.voltage = {0.010, 1e-4},
                       .initial_current = {17.5e-6, 2e-7},
                       .steady_current = {10.8e-6, 1e-7},
                       .initial_resistance = {243, 5},
                       .steady_resistance = {250, 6}};
  double variance = 0.0;
  for (int which = 0; which < 5; ++which) {
    BruceVincent up = m, down = m;
    const auto member = [which](BruceVincent& b) -> Measured& {
      switch (which) {
        case 0:
          return b.voltage;
        case 1:
          return b.initial_current;
        case 2:
          return b.steady_current;
        case 3:
          return b.initial_resistance;
        default:
          return b.steady_resistance;
      }
    };
    const double step = 1e-3 * *member(up).uncertainty;
    member(up).value += step;
    member(down).value -= step;
    const double derivative = (bruce_vincent(up).number - bruce_vincent(down).number) / (2 * step);
    variance += std::pow(derivative * *member(up).uncertainty, 2);
  }
  EXPECT_NEAR(*bruce_vincent(m).uncertainty, std::sqrt(variance), 1e-6 * std::sqrt(variance));
  const Transference ratio = cation_transference(m.initial_current, m.steady_current);
  EXPECT_NEAR(*ratio.uncertainty / ratio.number, std::hypot(2e-7 / 17.5e-6, 1e-7 / 10.8e-6), 1e-12);
  const Transference ionic = ionic_transference(m.initial_current, m.steady_current);
  EXPECT_NEAR(ionic.number + ratio.number, 1.0, 1e-14);
  EXPECT_EQ(*ionic.uncertainty, *ratio.uncertainty);
  EXPECT_FALSE(ionic_transference({1, 0.1}, {0.2}).uncertainty.has_value());
}

TEST(Transference, Warnings) {
  BruceVincent m{.voltage = {0.010},
                 .initial_current = {18e-6},
                 .steady_current = {11e-6},
                 .initial_resistance = {243},
                 .steady_resistance = {250},
                 .bulk_resistance = Measured{0.010 / 18e-6 - 243}};
  EXPECT_TRUE(bruce_vincent(m).warnings.empty());
  m.bulk_resistance = Measured{100};
  EXPECT_TRUE(has(bruce_vincent(m), TransferenceWarning::initial_current_off));
  m.initial_current.uncertainty = 5e-6;
  EXPECT_FALSE(has(bruce_vincent(m), TransferenceWarning::initial_current_off));
  m.bulk_resistance = {};
  m.voltage.value = 0.5;
  EXPECT_TRUE(has(bruce_vincent(m), TransferenceWarning::voltage_not_small));
  m.voltage.value = 0.010;
  m.temperature = 200;  // kT/e = 17 mV
  EXPECT_TRUE(has(bruce_vincent(m), TransferenceWarning::voltage_not_small));
  EXPECT_TRUE(has(cation_transference({1e-6}, {2e-6}), TransferenceWarning::outside_unit_interval));
  EXPECT_TRUE(has(cation_transference({1e-6}, {2e-6}), TransferenceWarning::current_grows));
  EXPECT_TRUE(has(ionic_transference({1e-6}, {-1e-7}), TransferenceWarning::outside_unit_interval));
  for (const auto warning : {TransferenceWarning::voltage_not_small, TransferenceWarning::initial_current_off,
                             TransferenceWarning::outside_unit_interval, TransferenceWarning::current_grows}) {
    EXPECT_FALSE(describe(warning).empty());
  }
}

TEST(Transference, InterfaceThatTakesTheVoltageGivesNoNumber) {
  const Transference t = bruce_vincent({.voltage = {0.010},
                                        .initial_current = {50e-6},
                                        .steady_current = {10e-6},
                                        .initial_resistance = {243},
                                        .steady_resistance = {250}});
  EXPECT_EQ(t.status, TransferenceStatus::interface_takes_all_voltage);
}

TEST(Transference, RefusesBadInput) {
  EXPECT_THROW(ionic_transference({0}, {1}), base::ParameterError);
  EXPECT_THROW(ionic_transference({1}, {std::nan("")}), base::ParameterError);
  EXPECT_THROW(cation_transference({1, -0.1}, {1}), base::ParameterError);
  const BruceVincent good{.voltage = {0.01},
                          .initial_current = {1e-6},
                          .steady_current = {1e-6},
                          .initial_resistance = {1},
                          .steady_resistance = {1}};
  const auto refuses = [&good](auto change) {
    BruceVincent bad = good;
    change(bad);
    EXPECT_THROW(bruce_vincent(bad), base::ParameterError);
  };
  refuses([](BruceVincent& m) { m.voltage.value = 0; });
  refuses([](BruceVincent& m) { m.initial_current.value = -1; });
  refuses([](BruceVincent& m) { m.steady_current.value = 0; });
  refuses([](BruceVincent& m) { m.initial_resistance.value = -1; });
  refuses([](BruceVincent& m) { m.steady_resistance.value = -1; });
  refuses([](BruceVincent& m) { m.bulk_resistance = Measured{-1}; });
  refuses([](BruceVincent& m) { m.temperature = 0; });
}

}  // namespace
}  // namespace closo::transport
