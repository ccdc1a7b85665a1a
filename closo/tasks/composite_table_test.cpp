#include "closo/tasks/composite_table.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "closo/base/error.hpp"

namespace closo::tasks {
namespace {

/// σ/σ(bulk) = exp(-a f) × (1 + 0.2 t w (k − 1)): smooth, known everywhere.
double known(double fraction, double filling, double thickness, double wetted, double contrast) {
  return std::exp(-2.0 * fraction) * std::pow(filling, 2.0) * (1.0 + 0.2 * thickness * wetted * (contrast - 1.0));
}

ConductivityTable sample() {
  std::array<std::vector<double>, ConductivityTable::axes> values{
      std::vector<double>{0.1, 0.3, 0.5}, {0.25, 0.5, 1.0}, {0.1, 0.2, 0.4}, {0.5, 1.0}, {0.0},
      {1.0, 10.0, 100.0, 1e3, 1e4}};
  std::vector<double> relative, error;
  for (const double f : values[0]) {
    for (const double s : values[1]) {
      for (const double t : values[2]) {
        for (const double w : values[3]) {
          for (const double k : values[5]) {
            relative.push_back(known(f, s, t, w, k));
            error.push_back(0.01);
          }
        }
      }
    }
  }
  return {values, relative, error, "test"};
}

TEST(ConductivityTable, MeetsItsOwnPoints) {
  const ConductivityTable table = sample();
  for (const double f : {0.1, 0.3, 0.5}) {
    for (const double w : {0.5, 1.0}) {
      for (const double k : {1.0, 100.0, 1e4}) {
        const TableAnswer answer = table.at({f, 0.5, 0.2, w, 0.0, k});
        EXPECT_NEAR(answer.relative / known(f, 0.5, 0.2, w, k), 1.0, 1e-9);
        EXPECT_FALSE(answer.is_outside);
      }
    }
  }
}

TEST(ConductivityTable, BetweenThemItIsCloseAndMonotoneInTheContrast) {
  const ConductivityTable table = sample();
  double before = 0.0;
  for (double log = 0.0; log <= 4.0; log += 0.05) {
    const double k = std::pow(10.0, log);
    const double value = table.at({0.2, 1.0, 0.3, 0.75, 0.0, k}).relative;
    EXPECT_GE(value, before);
    before = value;
    EXPECT_NEAR(value / known(0.2, 1.0, 0.3, 0.75, k), 1.0, 0.15) << k;
  }
}

TEST(ConductivityTable, EdgesAreSaid) {
  const ConductivityTable table = sample();
  EXPECT_TRUE(table.at({0.6, 1.0, 0.2, 1.0, 0.0, 10.0}).is_outside);
  EXPECT_TRUE(table.at({0.3, 0.1, 0.2, 1.0, 0.0, 10.0}).is_outside);
  EXPECT_TRUE(table.at({0.3, 1.0, 0.5, 1.0, 0.0, 10.0}).is_outside);
  EXPECT_TRUE(table.at({0.3, 1.0, 0.2, 0.4, 0.0, 10.0}).is_outside);
  EXPECT_TRUE(table.at({0.3, 1.0, 0.2, 1.0, 1.0, 10.0}).is_outside);
  const TableAnswer beyond = table.at({0.3, 1.0, 0.2, 1.0, 0.0, 1e6});
  EXPECT_TRUE(beyond.is_outside);
  EXPECT_NEAR(beyond.relative / known(0.3, 1.0, 0.2, 1.0, 1e6), 1.0, 0.1) << "goes on with its last slope";
  EXPECT_FALSE(table.at({0.3, 3.0, 0.2, 1.0, 0.0, 10.0}).is_outside) << "more conductor than pores is no new case";
}

TEST(ConductivityTable, WithoutFillerTheBulkIsLeft) {
  const ConductivityTable table = sample();
  EXPECT_EQ(table.at({0.0, 1.0, 0.2, 1.0, 0.0, 1e3}).relative, 1.0);
  const double half = table.at({0.05, 1.0, 0.2, 1.0, 0.0, 1e3}).relative,
               whole = table.at({0.1, 1.0, 0.2, 1.0, 0.0, 1e3}).relative;
  EXPECT_NEAR(half, std::sqrt(whole), 1e-9 * half);
}

TEST(ConductivityTable, CsvAndBack) {
  const ConductivityTable table = sample();
  const ConductivityTable back = parse_conductivity_table(to_csv(table), "back.csv");
  for (std::size_t axis = 0; axis < ConductivityTable::axes; ++axis) EXPECT_EQ(back.axis(axis), table.axis(axis));
  for (std::size_t i = 0; i < table.relative().size(); ++i)
    EXPECT_NEAR(back.relative()[i] / table.relative()[i], 1.0, 1e-4);
}

TEST(ConductivityTable, CompositesWithoutAPathHaveAFloor) {
  std::array<std::vector<double>, ConductivityTable::axes> values{
      std::vector<double>{0.1}, {1.0}, {0.2}, {1.0}, {0.0}, {1.0}};
  const ConductivityTable table(values, {0.0}, {0.0}, "test");
  EXPECT_NEAR(table.at({0.1, 1.0, 0.2, 1.0, 0.0, 1.0}).relative, 1e-9, 1e-15);
}

TEST(ConductivityTable, WrongTablesAreRefused) {
  std::array<std::vector<double>, ConductivityTable::axes> values{
      std::vector<double>{0.1}, {1.0}, {0.2}, {1.0}, {0.0}, {1.0, 2.0}};
  EXPECT_THROW(ConductivityTable(values, {1.0}, {0.0}, ""), base::ParameterError);
  auto descending = values;
  descending[5] = {2.0, 1.0};
  EXPECT_THROW(ConductivityTable(descending, {1.0, 1.0}, {0.0, 0.0}, ""), base::ParameterError);
  auto zero = values;
  zero[5] = {0.0, 1.0};
  EXPECT_THROW(ConductivityTable(zero, {1.0, 1.0}, {0.0, 0.0}, ""), base::ParameterError);
  auto empty = values;
  empty[2].clear();
  EXPECT_THROW(ConductivityTable(empty, {}, {}, ""), base::ParameterError);
  const std::string header =
      "fraction,filling,thickness_per_radius,wetted,cluster_per_radius,contrast,relative_conductivity,standard_error\n";
  EXPECT_THROW(parse_conductivity_table("fraction,filling\n0.1,1\n", "t.csv"), base::InputError);
  EXPECT_THROW(parse_conductivity_table(header, "t.csv"), base::InputError);
  EXPECT_THROW(parse_conductivity_table(header + "0.1,1,0.2,1,0,1,1,0\n0.1,1,0.2,1,0,1,2,0\n", "t.csv"),
               base::InputError);
  EXPECT_THROW(parse_conductivity_table(header + "0.1,1,0.2,1,0,1,1,0\n0.2,1,0.3,1,0,1,2,0\n", "t.csv"),
               base::InputError);
  EXPECT_THROW(parse_conductivity_table(header + "0.1,1,0.2,1,0,1,-1,0\n", "t.csv"), base::InputError);
  EXPECT_THROW(parse_conductivity_table(header + "0.1,1,0.2,1,0,x,1,0\n", "t.csv"), base::InputError);
  EXPECT_THROW(parse_conductivity_table(header + "0.1,1,0.2,1,0,0,1,0\n", "t.csv"), base::InputError);
  EXPECT_THROW(read_conductivity_table("/no/such/table.csv"), base::InputError);
}

TEST(ConductivityTable, AScanThatIsNoGridIsRefused) {
  CompositeScan scan;
  for (const double fraction : {0.2, 0.4}) {
    ScanPoint point;
    point.setting.fraction = fraction;
    point.setting.thickness = 1e-9;
    point.asked.particle_radius = 5e-9;
    point.asked.pore_filling = fraction > 0.3 ? 0.5 : 0.9;
    point.bulk = 1.0;
    point.interphase = 10.0;
    point.mean = 2.0;
    scan.points.push_back(point);
  }
  EXPECT_THROW(table_of(scan), base::ParameterError);
  for (ScanPoint& point : scan.points) point.asked.pore_filling = 2.0;
  EXPECT_EQ(table_of(scan).relative(), (std::vector<double>{2.0, 2.0}));
  EXPECT_NEAR(table_of(scan).axis(2).front(), 0.2, 1e-9);
}

/// The shipped table obeys the laws of mixtures: more contrast never conducts less, no point exceeds the upper Wiener
/// bound, and emptier pores never conduct better than full ones by more than the scatter.
TEST(ConductivityTable, TheShippedTableObeysTheLaws) {
  const ConductivityTable table =
      read_conductivity_table((std::filesystem::path(CLOSO_SOURCE_DIR) / "data/composite/coated_spheres.csv").string());
  const std::vector<double>& contrasts = table.axis(5);
  EXPECT_EQ(contrasts.front(), 1.0);
  for (const double f : table.axis(0)) {
    for (const double s : table.axis(1)) {
      for (const double t : table.axis(2)) {
        for (const double w : table.axis(3)) {
          double before = 0.0;
          for (const double k : contrasts) {
            const double value = table.at({f, s, t, w, 0.0, k}).relative;
            EXPECT_GE(value, before * (1.0 - 1e-4));
            before = value;
            EXPECT_LE(value, k * (1.0 + 1e-9));
          }
          EXPECT_LE(table.at({f, s, t, w, 0.0, 1.0}).relative, 1.0);
        }
      }
    }
  }
}

}  // namespace
}  // namespace closo::tasks
