#include "closo/tasks/detail/measured_curve.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "closo/base/error.hpp"

namespace closo::tasks::detail {
namespace {

const CurveBasis basis{0.02, 1e-4, 3.0};  // 2 mg/cm² active, 1 cm², 0.3 mA/cm²

MeasuredCurve parse(const std::string& text, const CurveBasis& with = basis) {
  return parse_measured_curve(text, "curve.csv", with);
}

TEST(MeasuredCurve, EveryWayOfCountingGivesTheSameCharge) {
  // 0.3 mA/cm² over an hour: 0.3 mAh/cm², 150 mAh/g, 0.3 mAh of 1 cm².
  for (const std::string text : {
           "capacity (mAh/g),voltage (V)\n0,2.5\n150,1.7\n",
           "E/V;Q [mAh/cm2]\n2.5;0\n1.7;0.3\n",
           "Discharge Capacity (mAh),Voltage (mV)\n0,2500\n0.3,1700\n",
           "time (h),current (mA/cm2),voltage (V)\n0,-0.3,2.5\n1,-0.3,1.7\n",
           "time (s),current (mA/g),potential (V)\n0,150,2.5\n3600,150,1.7\n",
           "time (min),I (mA),Ewe (V)\n0,0.3,2.5\n60,0.3,1.7\n",
           "time (h),voltage (V)\n0,2.5\n1,1.7\n",
       }) {
    const MeasuredCurve curve = parse(text);
    ASSERT_EQ(curve.charge.size(), 2U) << text;
    EXPECT_EQ(curve.charge[0], 0.0);
    EXPECT_NEAR(curve.charge[1], 3.0 * 3600.0, 1e-6) << text;
    EXPECT_NEAR(curve.voltage[1], 1.7, 1e-12);
    EXPECT_TRUE(curve.is_discharge);
  }
  EXPECT_FALSE(parse("time (h),voltage (V)\n0,2.5\n1,1.7\n").note.empty()) << "says where the current came from";
}

TEST(MeasuredCurve, OfTwoCapacitiesTheOneThatMovesCounts) {
  const MeasuredCurve curve =
      parse("charge capacity (mAh/g),discharge capacity (mAh/g),voltage (V)\n0,0,2.5\n0,10,2.4\n0,20,2.3\n");
  EXPECT_NEAR(curve.charge.back(), 20.0 * 3600.0 * 0.02, 1e-6);
}

TEST(MeasuredCurve, EndsWhereTheNextHalfCycleBegins) {
  const MeasuredCurve capacity =
      parse("capacity (mAh/g),voltage (V)\n0,1.7\n50,2.0\n49.9,2.0\n100,2.5\n0,2.5\n90,1.7\n");
  ASSERT_EQ(capacity.charge.size(), 4U);
  EXPECT_EQ(capacity.charge[2], capacity.charge[1]) << "noise is levelled";
  EXPECT_FALSE(capacity.is_discharge);
  EXPECT_EQ(capacity.note, "the first 4 of 6 rows");
  const MeasuredCurve current = parse(
      "time (h),current (mA/cm2),voltage (V)\n0,0,2.6\n1,0,2.6\n1,0.3,2.5\n2,0.3,2.0\n3,,\n4,-0.3,2.2\n5,-0.3,2.4\n");
  ASSERT_EQ(current.charge.size(), 2U) << "rest before, charge behind";
  EXPECT_NEAR(current.charge.back(), 3.0 * 3600.0, 1e-6);
}

TEST(MeasuredCurve, TheBatteryDataFormatIsRead) {
  // 1 cm², so 0.3 mA are 3 A/m²; rest, discharge with a rest in it, charge.
  const std::string labels = "Test Time / s,Current / A,Voltage / V,Cycle Count / 1,Step Type / 1\n";
  const std::string machine = "test_time_second,current_ampere,voltage_volt,cycle_count,step_type\n";
  const std::string rows =
      "0,0,2.6,1,rest\n60,-0.0003,2.5,1,discharge\n1860,-0.0003,2.2,1,discharge\n1900,0,2.3,1,rest\n"
      "2000,-0.0003,2.2,1,discharge\n3800,-0.0003,1.7,1,discharge\n3900,0.0003,1.9,1,charge\n9000,0.0003,2.5,1,"
      "charge\n";
  for (const std::string& header : {labels, machine}) {
    const MeasuredCurve curve = parse(header + rows);
    ASSERT_EQ(curve.charge.size(), 4U) << header;
    EXPECT_NEAR(curve.charge[1], 3.0 * 1800.0, 1e-9);
    EXPECT_NEAR(curve.charge[2], curve.charge[1], 1e-9) << "nothing flows in the rest";
    EXPECT_NEAR(curve.charge[3], 3.0 * 3600.0, 1e-9);
    EXPECT_EQ(curve.voltage.front(), 2.5);
    EXPECT_TRUE(curve.is_discharge);
    EXPECT_EQ(curve.note, "4 of 8 rows");
  }
}

TEST(MeasuredCurve, CountersOfBothDirectionsEndWithTheFirst) {
  const MeasuredCurve curve = parse(
      "voltage_volt,discharging_capacity_ah,charging_capacity_ah\n"
      "2.5,0,0\n2.1,0.0001,0\n1.7,0.0003,0\n2.0,0.0003,0.0001\n2.5,0.0003,0.0003\n");
  ASSERT_EQ(curve.charge.size(), 3U);
  EXPECT_NEAR(curve.charge.back(), 0.3e-3 * 3600.0 / 1e-4, 1e-9);
  EXPECT_TRUE(curve.is_discharge);
  EXPECT_EQ(curve.note, "the first 3 of 5 rows");
}

TEST(MeasuredCurve, ADoubtfulTimeIsNoted) {
  const MeasuredCurve curve = parse("time (h),current (mA),voltage (V)\n0,0.3,2.5\n1,0.3,2.0\n0.5,0.3,1.9\n");
  ASSERT_EQ(curve.charge.size(), 2U);
  EXPECT_NE(curve.note.find("goes back in row 3"), std::string::npos) << curve.note;
}

TEST(MeasuredCurve, DeviationOfAShiftedCurveIsTheShift) {
  MeasuredCurve measured;
  std::vector<double> charge, voltage;
  for (int i = 0; i <= 100; ++i) {
    charge.push_back(i);
    voltage.push_back(2.5 - 0.005 * i);
    measured.charge.push_back(1.1 * i);
    measured.voltage.push_back(2.5 - 0.005 * 1.1 * i - 0.01);
  }
  const CurveDeviation found = deviation(measured, charge, voltage);
  EXPECT_EQ(found.points, 90U) << "without the first percent and what the simulation does not reach";
  EXPECT_NEAR(found.rms, 0.01, 1e-12);
  EXPECT_NEAR(found.largest, 0.01, 1e-12);
  EXPECT_EQ(deviation(measured, {0.0}, {2.5}).points, 0U);
}

TEST(MeasuredCurve, WhatCannotBeUsedIsNamedWithWhatCould) {
  const auto problem = [](const std::string& text, const CurveBasis& with = basis) {
    try {
      parse(text, with);
    } catch (const base::InputError& error) {
      return error.problem() + " | " + error.expected();
    }
    return std::string("accepted");
  };
  EXPECT_NE(problem("capacity (mAh/g),current (mA)\n1,2\n2,3\n").find("no line names a voltage"), std::string::npos);
  EXPECT_NE(problem("voltage (V),current (mA)\n1,2\n2,3\n").find("neither a capacity nor a time"), std::string::npos);
  EXPECT_NE(problem("voltage (V),time (h)\n1,2\n2,3\n", {0.02, 1e-4, {}}).find("not both time and current"),
            std::string::npos);
  EXPECT_NE(problem("voltage,capacity (mAh/g)\n1,2\n2,3\n").find("no unit that is known | voltage (V)"),
            std::string::npos);
  EXPECT_NE(problem("voltage (V),capacity (kg)\n1,2\n2,3\n").find("unit of another kind"), std::string::npos);
  EXPECT_NE(problem("voltage (V),capacity (mAh)\n1,2\n2,3\n", {0.02, {}, {}}).find("whose area is not known"),
            std::string::npos);
  EXPECT_NE(problem("voltage (V),capacity (mAh/g)\n2,1\n").find("fewer than two points"), std::string::npos);
  EXPECT_NE(problem("voltage (V),capacity (mAh/g)\n2,x\n"), "accepted");
  EXPECT_THROW(read_measured_curve("/nonexistent/curve.csv", basis), base::InputError);
}

}  // namespace
}  // namespace closo::tasks::detail
