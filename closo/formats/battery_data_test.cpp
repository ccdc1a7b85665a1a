#include "closo/formats/battery_data.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <string>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"

namespace closo::formats {
namespace {

table::Table read(const std::string& text) { return read_battery_data(text, "data.csv"); }

void expect_refused(const std::string& text, std::size_t line, const std::string& part) {
  try {
    read(text);
    FAIL() << "accepted: " << text;
  } catch (const base::InputError& error) {
    EXPECT_EQ(error.place().file, "data.csv");
    EXPECT_EQ(error.place().line, line) << error.what();
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
  }
}

TEST(BatteryData, LabelsOfTheBatteryDataFormat) {
  const table::Table table = read(
      "Test Time / h,Current / mA,Voltage / V,Step Type / 1,Cycle Count / 1,Ambient Temperature / degC\n"
      "0,-1,3.5,discharge,1,25\n1,-1,3.4,discharge,1,26\n");
  ASSERT_EQ(table.rows(), 2U);
  EXPECT_DOUBLE_EQ(table.find("time")->values[1], 3600.0);
  EXPECT_DOUBLE_EQ(table.find("current")->values[0], -1e-3);
  EXPECT_DOUBLE_EQ(table.find("temperature")->values[1], 299.15);
  EXPECT_EQ(table.metadata.at("columns.ignored"), "Step Type / 1");
  EXPECT_EQ(table.metadata.at("current.discharges"), "below 0");
}

TEST(BatteryData, MachineNamesOfTheBatteryDataFormat) {
  const table::Table table = read(
      "test_time_second,voltage_volt,current_ampere,step_index,discharging_capacity_ah,ambient_temperature_celsius\n"
      "0,3.0,0,1,0,20\n3600,2.9,0.5,2,0.5,20\n");
  EXPECT_DOUBLE_EQ(table.find("discharge_capacity")->values[1], 1800.0);
  EXPECT_DOUBLE_EQ(table.find("step")->values[1], 2.0);
  EXPECT_DOUBLE_EQ(table.find("temperature")->values[0], 293.15);
}

TEST(BatteryData, OwnTablesInManySpellings) {
  EXPECT_DOUBLE_EQ(read("# cell: A7\ncapacity (mAh/g),voltage (V)\n0,2.5\n100,2.1\n").find("capacity")->values[1],
                   3.6e5);
  EXPECT_EQ(read("# cell: A7\ncapacity (mAh/g),voltage (V)\n0,2.5\n").metadata.at("cell"), "A7");
  EXPECT_DOUBLE_EQ(read("Time [s],I[A],U[V]\n0,-1,3\n").find("current")->values[0], -1.0);
  EXPECT_DOUBLE_EQ(read("time/s;Ewe/V;I/mA\n0;2,5;1,5\n").find("current")->values[0], 1.5e-3) << "decimal comma";
  EXPECT_DOUBLE_EQ(read("q / mAh/cm2\tE / mV\n0.5\t2100\n").find("capacity")->values[0], 18000.0);
  EXPECT_DOUBLE_EQ(read("t (h),T (degC),U (V),I (mA)\n1,60,2,1\n").find("temperature")->values[0], 333.15)
      << "t and T are told apart by their units";
  EXPECT_DOUBLE_EQ(
      read("Cycle Index,Current(A),Voltage(V),DChg. Cap.(Ah)\n3,0.1,2,1\n").find("discharge_capacity")->values[0],
      3600.0);
}

TEST(BatteryData, WhatIsNoTableIsRefusedWithItsPlace) {
  expect_refused("", 0, "empty");
  expect_refused("a,b\n1,2\n", 1, "no line names a voltage");
  expect_refused("voltage,capacity (mAh)\n1,2\n", 1, "no unit that is known");
  expect_refused("voltage (A),capacity (mAh)\n1,2\n", 1, "unit of another kind");
  expect_refused("voltage (V),current (mA)\n1,2\n", 1, "neither a capacity nor");
  expect_refused("voltage (V),capacity (mAh)\n", 1, "no rows");
  expect_refused("voltage (V),capacity (mAh)\n1,2\n1,x\n", 3, "is no number");
  expect_refused("voltage (V),capacity (mAh),time (s)\n1,2,3\n1\n", 3, "cells");
  expect_refused("voltage (V),capacity (mAh)\n1,2,3\n", 2, "3 cells");
  ReadOptions small;
  small.max_bytes = 4;
  EXPECT_THROW(read_battery_data("voltage (V)", "data.csv", small), base::InputError);
}

TEST(BatteryData, TimesThatCannotBeAreDoubted) {
  EXPECT_NE(read("time (h),current (mA),voltage (V)\n0,1,3\n100000,1,2\n").metadata.at("warning.time").find("years"),
            std::string::npos);
  EXPECT_NE(read("time (h),current (mA),voltage (V)\n1,1,3\n0,1,2\n").metadata.at("warning.time").find("goes back"),
            std::string::npos);
}

TEST(HalfCycles, SignOfTheCurrentIsJudgedFromTheFile) {
  for (const double sign : {1.0, -1.0}) {
    std::string text = "time (h),current (mA),voltage (V)\n";
    for (int i = 0; i <= 10; ++i)
      text += std::to_string(i) + "," + std::to_string(sign) + "," + std::to_string(2.5 - 0.08 * i) + "\n";
    text += "11,0,1.8\n";
    for (int i = 12; i <= 20; ++i)
      text += std::to_string(i) + "," + std::to_string(-sign) + "," + std::to_string(1.8 + 0.08 * (i - 12)) + "\n";
    const HalfCycles found = half_cycles(read(text));
    EXPECT_EQ(found.capacity_unit.text(), "C");
    ASSERT_EQ(found.halves.size(), 2U) << sign;
    EXPECT_TRUE(found.halves[0].is_discharge);
    EXPECT_FALSE(found.halves[1].is_discharge);
    EXPECT_NEAR(found.halves[0].capacity.back(), 36.0, 1e-9) << "10 h at 1 mA";
    EXPECT_NEAR(found.halves[1].capacity.back(), 8 * 3.6, 1e-9);
    EXPECT_EQ(found.halves[1].cycle, 1U);
  }
}

TEST(HalfCycles, CurvesWithoutCurrentFollowTheCapacity) {
  const HalfCycles found = half_cycles(read("capacity (mAh/g),voltage (V)\n0,2.5\n100,2.1\n200,1.7\n0,1.9\n150,2.5\n"));
  EXPECT_EQ(found.capacity_unit.text(), "C/kg");
  ASSERT_EQ(found.halves.size(), 2U);
  EXPECT_TRUE(found.halves[0].is_discharge);
  EXPECT_FALSE(found.halves[1].is_discharge);
  EXPECT_DOUBLE_EQ(found.halves[0].capacity.back(), 7.2e5);
}

TEST(HalfCycles, NothingToFollowIsRefused) {
  table::Table table;
  EXPECT_THROW(half_cycles(table), base::InputError);
  table.columns.push_back({"voltage", base::Unit::parse("V"), {1.0, 2.0}});
  EXPECT_THROW(half_cycles(table), base::InputError);
  EXPECT_THROW(half_cycles(read("time (h),current (mA),voltage (V)\n0,0,3\n1,0,3\n")), base::InputError);
  EXPECT_THROW(half_cycles(read("time (h),voltage (V)\n0,3\n1,2\n")), base::InputError) << "time without a current";
}

/// Public files: see SOURCES.md beside them. Expected numbers from there.
class SharedCycling : public testing::Test {
 protected:
  static table::Table read_shared(const std::string& name) {
    const std::filesystem::path path = std::filesystem::path(CLOSO_SHARED_DIR) / "data/cycling" / name;
    return read_battery_data(base::read_file_bytes(path), path.string());
  }
  void SetUp() override {
    if (!std::filesystem::exists(std::filesystem::path(CLOSO_SHARED_DIR) / "data/cycling"))
      GTEST_SKIP() << "the shared cycling data are not there";
  }
};

TEST_F(SharedCycling, BatteryDataFormatOfAFullCell) {
  const table::Table table = read_shared("bdf/cellpy_batmo_bdf.csv");
  EXPECT_EQ(table.rows(), 21206U);
  EXPECT_EQ(table.metadata.at("current.discharges"), "above 0") << "this file counts discharge as positive";
  const HalfCycles found = half_cycles(table);
  double first = 0.0, last = 0.0;
  std::uint32_t cycles = 0;
  for (const HalfCycle& half : found.halves) {
    if (!half.is_discharge) continue;
    if (half.cycle == 1) first = half.capacity.back();
    last = half.capacity.back();
    cycles = std::max(cycles, half.cycle);
  }
  EXPECT_EQ(cycles, 109U);
  EXPECT_NEAR(first / 3600.0, 0.1598, 0.0015);
  EXPECT_NEAR(last / 3600.0, 0.1494, 0.0015);
}

TEST_F(SharedCycling, MachineNamesOfAHalfCell) {
  const HalfCycles found = half_cycles(read_shared("bdf/SINTEF_LiGrR2032_Landt.bdf.csv"));
  double discharged = 0.0, charged = 0.0;  // mAh
  for (const HalfCycle& half : found.halves) {
    double& most = half.is_discharge ? discharged : charged;
    most = std::max(most, half.capacity.back() / 3.6);
  }
  EXPECT_NEAR(discharged, 6.3, 0.05);
  EXPECT_NEAR(charged, 3.2, 0.05);
}

TEST_F(SharedCycling, ATimeInWrongUnitsIsDoubted) {
  EXPECT_EQ(read_shared("bdf/DLR_LiLNMO_POCV_Basytec.bdf.csv").metadata.count("warning.time"), 1U);
}

TEST_F(SharedCycling, RateTestOfALithiumIronPhosphateCell) {
  const std::pair<const char*, double> expected[] = {{"Co20", 2.0745}, {"Co2", 2.0061}, {"1C", 1.9434}, {"2C", 1.8939}};
  for (const auto& [rate, capacity] : expected) {
    const HalfCycles found = half_cycles(read_shared("lfp_aboutenergy/LFP_25degC_" + std::string(rate) + ".csv"));
    ASSERT_EQ(found.halves.size(), 1U) << rate;
    EXPECT_TRUE(found.halves.front().is_discharge);
    EXPECT_NEAR(found.halves.front().capacity.back() / 3600.0, capacity, 2e-3) << rate;
  }
}

}  // namespace
}  // namespace closo::formats
