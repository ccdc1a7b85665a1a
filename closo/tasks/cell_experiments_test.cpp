#include "closo/tasks/cell_experiments.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "closo/base/error.hpp"

namespace closo::tasks {
namespace {

using cell::CapacityBasis;
using cell::Observation;
using cell::ObservedQuantity;

std::string data_file(const std::filesystem::path& path) {
  if (path == "folder/curve.csv")
    return "cycle,capacity (mAh/g),voltage "
           "(V)\n1,0,2.5\n1,100,2.1\n1,200,1.7\n1,0,1.9\n1,190,2.5\n2,0,2.4\n2,180,1.7\n";
  if (path == "folder/areal.csv") return "capacity (mAh/cm2),voltage (V)\n0,2.5\n0.5,1.7\n";
  throw base::InputError({path.string()}, "there is no such file", "a file");
}

CellExperiments parse(const std::string& text) { return parse_cell_experiments(text, "folder/own.toml", data_file); }

/// One experiment of three cycles with what `observed` holds.
CellExperiments one(const std::string& observed, const std::string& top = "") {
  return parse(top +
               "\n[[experiment]]\nprotocol = \"Repeat 3 times: ; Discharge at C/2 until 1.7 V; Charge at C/2 until "
               "2.5 V; End\"\nobserved = [" +
               observed + "]\n");
}

Observation single(const std::string& observed, const std::string& top = "") {
  return one(observed, top).experiments.at(0).observations.at(0);
}

void expect_refused(const std::string& text, std::size_t line, const std::string& part) {
  try {
    parse(text);
    FAIL() << "accepted: " << text;
  } catch (const base::InputError& error) {
    EXPECT_EQ(error.place().line, line) << error.what();
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what() << " has no " << part;
  }
}

TEST(CellExperiments, AWholeFile) {
  const CellExperiments found = parse(R"(
name = "rate series"
source = "notebook"
fit = ["cathode.particle_radius = 0.2 um to 10 um", "separator.conductivity"]
uncertainty = "3 %"

[[experiment]]
name = "C/20"
temperature = "40 degC"
set = ["cathode.loading = 7 mg/cm2", "cathode.porosity=10 %"]
protocol = "Discharge at C/20 until 1.7 V"
  [[experiment.observed]]
  what = "discharge capacity"
  value = "205(5) mAh/g"
  [[experiment.observed]]
  what = "discharge voltage"
  value = "2.1 V"
  uncertainty = "5 mV"
  source = "fig. 2"

[[experiment]]
protocol = """
Repeat 150 times:
  Discharge at C/10 until 1.7 V
  Charge at C/10 until 2.5 V
End
"""
held_out = true
observed = [{ what = "retention", cycle = 150, value = "60.5 %" },
            { what = "retention", cycle = 73, against = 2, value = "80 %", held_out = false }]
)");
  EXPECT_EQ(found.name, "rate series");
  ASSERT_EQ(found.fit.size(), 2U);
  EXPECT_EQ(found.fit[1].text, "separator.conductivity");
  EXPECT_EQ(found.fit[1].place.line, 4U);
  ASSERT_EQ(found.experiments.size(), 2U);
  const cell::Experiment& first = found.experiments[0];
  EXPECT_EQ(first.name, "C/20");
  ASSERT_EQ(first.overrides.size(), 3U);
  EXPECT_EQ(first.overrides[0].first, "temperature");
  EXPECT_DOUBLE_EQ(first.overrides[0].second, 313.15);
  EXPECT_NEAR(first.overrides[1].second, 0.07, 1e-15);
  EXPECT_DOUBLE_EQ(first.overrides[2].second, 0.1);
  EXPECT_DOUBLE_EQ(first.observations[0].low, 3.6e3 * 205.0);
  EXPECT_DOUBLE_EQ(*first.observations[0].uncertainty, 3.6e3 * 5.0);
  EXPECT_EQ(first.observations[0].source, "notebook");
  EXPECT_NEAR(*first.observations[1].uncertainty, 5e-3, 1e-15);
  EXPECT_EQ(first.observations[1].source, "fig. 2");
  const cell::Experiment& second = found.experiments[1];
  EXPECT_EQ(second.name, "experiment 2");
  EXPECT_FALSE(second.observations[0].is_fitted);
  EXPECT_NEAR(*second.observations[0].uncertainty, 0.03 * 0.605, 1e-12) << "the share that holds for the file";
  EXPECT_TRUE(second.observations[1].is_fitted);
  EXPECT_EQ(second.observations[1].reference, 2U);
}

TEST(CellExperiments, ValuesLimitsAndRanges) {
  const double infinity = std::numeric_limits<double>::infinity();
  Observation found = single("{ what = 'retention', cycle = 2, value = '70 to 80 %', uncertainty = '2 %' }");
  EXPECT_DOUBLE_EQ(found.low, 0.7);
  EXPECT_DOUBLE_EQ(found.high, 0.8);
  EXPECT_DOUBLE_EQ(*found.uncertainty, 0.02) << "of a share itself: percentage points";
  found = single("{ what = 'discharge capacity', value = '>= 180 mAh/g', uncertainty = '5 %' }");
  EXPECT_DOUBLE_EQ(found.low, 3.6e3 * 180.0);
  EXPECT_EQ(found.high, infinity);
  EXPECT_NEAR(*found.uncertainty, 3.6e3 * 9.0, 1e-9);
  found = single("{ what = 'anode resistance', value = '< 50 Ohm cm2', uncertainty = '5 Ohm cm2' }");
  EXPECT_EQ(found.low, -infinity);
  EXPECT_NEAR(found.high, 5e-3, 1e-15);
  found = single("{ what = 'discharge capacity', value = '~0.5 mAh/cm2', uncertainty = '10 %' }");
  EXPECT_TRUE(found.is_approximate);
  EXPECT_EQ(found.basis, CapacityBasis::areal);
  EXPECT_DOUBLE_EQ(found.low, 18000.0);
  found = single("{ what = 'charge capacity', value = '0.2 mAh', uncertainty = '10 uAh', cycle = 3 }");
  EXPECT_EQ(found.basis, CapacityBasis::total);
  EXPECT_EQ(found.cycle, 3U);
  EXPECT_NEAR(*found.uncertainty, 0.036, 1e-12);
  found = single("{ what = 'fade per cycle', cycle = 3, value = '0.26(2) %' }");
  EXPECT_DOUBLE_EQ(found.low, 0.0026);
  EXPECT_FALSE(single("{ what = 'discharge capacity', value = '1 mAh', held_out = true }").uncertainty.has_value());
}

TEST(CellExperiments, CurvesFromFilesAndPoints) {
  Observation found = single("{ what = 'discharge curve', file = 'curve.csv', uncertainty = '10 mV' }");
  EXPECT_EQ(found.basis, CapacityBasis::specific);
  EXPECT_EQ(found.curve.capacity, (std::vector<double>{0.0, 3.6e5, 7.2e5}));
  EXPECT_NEAR(found.capacity_uncertainty, 0.02 * 7.2e5, 1e-6);
  found = single(
      "{ what = 'discharge curve', file = 'curve.csv', file_cycle = 2, cycle = 2, uncertainty = '10 mV', "
      "capacity_uncertainty = '1 mAh/g' }");
  EXPECT_DOUBLE_EQ(found.curve.capacity.back(), 3.6e3 * 180.0);
  EXPECT_NEAR(found.capacity_uncertainty, 3.6e3, 1e-9);
  found = single("{ what = 'charge curve', file = 'curve.csv', uncertainty = '10 mV', thin_to = 2 }");
  EXPECT_EQ(found.curve.voltage, (std::vector<double>{1.9, 2.5}));
  EXPECT_EQ(single("{ what = 'discharge curve', file = 'areal.csv', uncertainty = '10 mV' }").basis,
            CapacityBasis::areal);
  found =
      single("{ what = 'discharge curve', points = ['20 mAh/g, 2.35 V', '100 mAh/g, 2.1 V'], uncertainty = '10 mV' }");
  EXPECT_EQ(found.curve.voltage, (std::vector<double>{2.35, 2.1}));
  EXPECT_EQ(one("{ what = 'discharge curve', file = 'areal.csv', uncertainty = '10 mV' }").curve_files,
            std::vector<std::string>{"areal.csv"});
}

TEST(CellExperiments, UnitsThatAreShown) {
  EXPECT_EQ(shown_unit(single("{ what = 'discharge capacity', value = '1(1) mAh' }")), "mAh");
  EXPECT_EQ(shown_unit(single("{ what = 'retention', cycle = 2, value = '80(1) %' }")), "%");
  EXPECT_EQ(shown_unit(single("{ what = 'charge voltage', value = '2.2(1) V' }")), "V");
  EXPECT_EQ(shown_unit(single("{ what = 'anode resistance', value = '20(1) Ohm cm2' }")), "Ohm cm2");
}

TEST(CellExperiments, WhatIsWrongIsRefusedWithItsPlace) {
  const std::string head = "[[experiment]]\nprotocol = \"Discharge at C/2 until 1.7 V\"\n";
  expect_refused("name = 'empty'\n", 0, "no experiment");
  expect_refused("[[experiment]]\nname = 'a'\n", 1, "no 'protocol'");
  expect_refused("[[experiment]]\nprotocol = \"Discharge at C/2\"\n", 2, "of the protocol");
  expect_refused(head + "temperatur = '60 degC'\n", 3, "temperature");
  expect_refused(head + "temperature = '60 V'\n", 3, "temperature");
  expect_refused(head + "set = ['cathode.loading']\n", 3, "sets no quantity");
  expect_refused(head + "set = ['cathode.loadin = 7 mg/cm2']\n", 3, "cathode.loading");
  expect_refused(head + "set = ['cathode.loading = -7 mg/cm2']\n", 3, "cathode.loading");
  expect_refused(head + "observed = [{ value = '1 V' }]\n", 3, "no 'what'");
  expect_refused(head + "observed = [{ what = 'discharge capasity', value = '1 mAh' }]\n", 3, "discharge capacity");
  expect_refused(head + "observed = [{ what = 'discharge capacity' }]\n", 3, "no 'value'");
  expect_refused(head + "observed = [{ what = 'discharge capacity', value = ['1 mAh', '2 mAh'] }]\n", 3, "a list");
  expect_refused(head + "observed = [{ what = 'discharge capacity', value = '200 V' }]\n", 3, "no unit of a capacity");
  expect_refused(head + "observed = [{ what = 'discharge voltage', value = '2 Ohm' }]\n", 3, "discharge voltage");
  expect_refused(head + "observed = [{ what = 'discharge capacity', value = '200 mAh/g' }]\n", 3, "no uncertainty");
  expect_refused(head + "uncertainty = '5 %'\nobserved = [{ what = 'discharge voltage', value = '2 V' }]\n", 4,
                 "no uncertainty");
  expect_refused(head + "observed = [{ what = 'discharge capacity', value = '200 mAh/g', uncertainty = '0 %' }]\n", 3,
                 "not above 0");
  expect_refused(head + "observed = [{ what = 'discharge capacity', value = '200 mAh/g', uncertainty = '1 V' }]\n", 3,
                 "uncertainty");
  expect_refused(head + "observed = [{ what = 'discharge capacity', value = '200 to 100 mAh/g' }]\n", 3, "no range");
  expect_refused(head + "observed = [{ what = 'discharge capacity', value = '200(1) mAh/g', cycle = 2 }]\n", 3,
                 "no cycle 2");
  expect_refused(head + "observed = [{ what = 'discharge capacity', value = '200(1) mAh/g', cycle = 0 }]\n", 3,
                 "a whole number");
  expect_refused(head + "observed = [{ what = 'retention', value = '90(1) %' }]\n", 3, "two different cycles");
  expect_refused(head + "observed = [{ what = 'discharge capacity', value = '200(1) mAh/g', against = 1 }]\n", 3,
                 "unknown key 'against'");
  expect_refused(head + "observed = [{ what = 'discharge curve', uncertainty = '1 mV' }]\n", 3, "without points");
  expect_refused(head + "observed = [{ what = 'discharge curve', file = 'none.csv', uncertainty = '1 mV' }]\n", 3,
                 "no such file");
  expect_refused(head + "observed = [{ what = 'charge curve', file = 'areal.csv', uncertainty = '1 mV' }]\n", 3,
                 "has no charge");
  expect_refused(head + "observed = [{ what = 'discharge curve', file = 'curve.csv' }]\n", 3, "no uncertainty");
  expect_refused(head + "observed = [{ what = 'discharge curve', points = ['1 mAh 2 V'], uncertainty = '1 mV' }]\n", 3,
                 "no point");
  expect_refused(head +
                     "observed = [{ what = 'discharge curve', points = ['1 mAh, 2 V', '2 mAh/g, 2 V'], "
                     "uncertainty = '1 mV' }]\n",
                 3, "two kinds");
  expect_refused(head +
                     "observed = [{ what = 'discharge curve', points = ['2 mAh, 2 V', '1 mAh, 2 V'], "
                     "uncertainty = '1 mV' }]\n",
                 3, "grow");
  EXPECT_THROW(read_cell_experiments("/no/such/file.toml"), base::InputError);
}

}  // namespace
}  // namespace closo::tasks
