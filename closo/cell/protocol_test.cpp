#include "closo/cell/protocol.hpp"

#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::cell {
namespace {

using base::InputError;
using Basis = CurrentSetting::Basis;
using Kind = ProtocolStep::Kind;

ProtocolStep one(const std::string& text) {
  const Protocol protocol = parse_protocol(text);
  EXPECT_EQ(protocol.steps.size(), 1U);
  return protocol.steps.front();
}

TEST(Protocol, ReadsTheSentencesPeopleWrite) {
  ProtocolStep step = one("Discharge at C/20 until 1.7 V");
  EXPECT_EQ(step.kind, Kind::discharge);
  EXPECT_EQ(step.current, (CurrentSetting{Basis::c_rate, 0.05}));
  EXPECT_DOUBLE_EQ(*step.until_voltage, 1.7);
  EXPECT_FALSE(step.duration);

  step = one("charge at 0.1 mA/cm2 until 2500 mV or for 10 h");
  EXPECT_EQ(step.kind, Kind::charge);
  EXPECT_EQ(step.current->basis, Basis::density);
  EXPECT_DOUBLE_EQ(step.current->value, 1.0);
  EXPECT_DOUBLE_EQ(*step.until_voltage, 2.5);
  EXPECT_DOUBLE_EQ(*step.duration, 36000.0);

  step = one("Hold at 2.5 V until C/50");
  EXPECT_EQ(step.kind, Kind::hold);
  EXPECT_DOUBLE_EQ(step.voltage, 2.5);
  EXPECT_DOUBLE_EQ(step.until_current->value, 0.02);

  step = one("Hold at 2.5 V for 30 min or until 5 uA/cm2");
  EXPECT_DOUBLE_EQ(*step.duration, 1800.0);
  EXPECT_DOUBLE_EQ(step.until_current->value, 0.05);

  EXPECT_DOUBLE_EQ(*one("  Rest   for 2 h  # relax").duration, 7200.0);
  EXPECT_EQ(one("  Rest   for 2 h  # relax").text, "Rest for 2 h");
  EXPECT_NEAR(one("Set temperature to 60 degC").temperature, 333.15, 1e-10);
  EXPECT_NEAR(one("Set temperature to 333 K").temperature, 333.0, 1e-10);

  EXPECT_EQ(one("Discharge at 24 mA/g until 1.7 V").current->basis, Basis::specific);
  EXPECT_DOUBLE_EQ(one("Discharge at 24 mA/g until 1.7 V").current->value, 24.0);
  EXPECT_EQ(one("Discharge at 0.2 mA for 1 h").current->basis, Basis::total);
  EXPECT_DOUBLE_EQ(*one("Discharge at 5 mW/cm2 for 1 h").power_density, 50.0);
  EXPECT_DOUBLE_EQ(*one("Discharge at 3 mW for 1 h").power, 3e-3);
  EXPECT_DOUBLE_EQ(one("Discharge at 2 C for 1 h").current->value, 2.0);
}

TEST(Protocol, WritesRepeatsOutAndCountsCycles) {
  const Protocol protocol = parse_protocol(
      "Set temperature to 60 degC\nDischarge at C/20 until 1.7 V\nRepeat 3 times:\n  Charge at C/5 until 2.5 V\n"
      "  Repeat 2 times\n    Rest for 10 s\n  End\n  Discharge at C/5 until 1.7 V\nEnd\nRest for 1 h; Rest for 2 h\n");
  EXPECT_EQ(protocol.steps.size(), 7U);
  ASSERT_EQ(protocol.visits.size(), 2U + 3U * 4U + 2U);
  std::vector<std::uint32_t> cycles;
  for (const Protocol::Visit& visit : protocol.visits) cycles.push_back(visit.cycle);
  EXPECT_EQ(cycles, (std::vector<std::uint32_t>{1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5}));
  EXPECT_EQ(protocol.visits[3].step, 3U);
  EXPECT_EQ(protocol.visits[4].step, 3U);
  EXPECT_EQ(protocol.steps[3].line, 6U);
  EXPECT_EQ(protocol.visits.back().step, 6U);
}

TEST(Protocol, ARepeatAtTheStartIsCycleOne) {
  const Protocol protocol =
      parse_protocol("repeat 150 times: Discharge at C/5 until 1.7 V; Charge at C/5 until 2.5 V; end");
  ASSERT_EQ(protocol.visits.size(), 300U);
  EXPECT_EQ(protocol.visits.front().cycle, 1U);
  EXPECT_EQ(protocol.visits.back().cycle, 150U);
}

TEST(Protocol, SaysWhereAndWhatIsWrong) {
  const std::vector<std::tuple<std::string, std::size_t, std::size_t, std::string>> wrong = {
      {"", 1, 1, "no step"},
      {"# only a comment", 1, 1, "no step"},
      {"Discharg at C/20 until 1.7 V", 1, 1, "Discharg"},
      {"Rest for 1 h\n  Chrage at C/20 until 1.7 V", 2, 3, "Chrage"},
      {"Discharge C/20 until 1.7 V", 1, 11, "C/20"},
      {"Discharge at C/20 untill 1.7 V", 1, 19, "untill"},
      {"Discharge at C/20", 1, 18, "ends after"},
      {"Discharge at until 1.7 V", 1, 14, "until"},
      {"Discharge at C/0 until 1.7 V", 1, 16, "0"},
      {"Discharge at 3 kg until 1.7 V", 1, 14, "3 kg"},
      {"Discharge at -1 mA/cm2 until 1.7 V", 1, 14, "-1"},
      {"Discharge at C/20 until 1.7 A", 1, 25, "1.7 A"},
      {"Discharge at C/20 unil 1.7 V", 1, 19, "unil"},
      {"Rest for 1 h\nCharge at 0.1 mA/cm2 untill 2.5 V", 2, 22, "untill"},
      {"Discharge at C/20 until", 1, 24, "ends after"},
      {"Discharge at C/20 until 1.7 V or", 1, 33, "ends after"},
      {"Discharge at C/20 until 1.7 V or until 1.6 V", 1, 40, "second"},
      {"Discharge at C/20 for 1 h or for 2 h", 1, 34, "second"},
      {"Hold at 2.5 until C/50", 1, 9, "2.5"},
      {"Hold at 2.5 V until 2.6 V", 1, 21, "2.6 V"},
      {"Hold 2.5 V until C/50", 1, 6, "2.5"},
      {"Rest 2 h", 1, 6, "2"},
      {"Rest for 2 m", 1, 10, "2 m"},
      {"Rest for -2 h", 1, 10, "-2"},
      {"Rest for 2 h or for 3 h", 1, 14, "or"},
      {"Set temperature to 60 V", 1, 20, "60 V"},
      {"Set temprature to 60 degC", 1, 5, "temprature"},
      {"Repeat 0 times\nRest for 1 h\nEnd", 1, 8, "0"},
      {"Repeat 2.5 times\nRest for 1 h\nEnd", 1, 8, "2.5"},
      {"Repeat", 1, 7, "Repeat"},
      {"Repeat 3 tims\nRest for 1 h\nEnd", 1, 10, "tims"},
      {"Repeat 3 times Rest for 1 h\nEnd", 1, 16, "Rest"},
      {"Rest for 1 h\nRepeat 3 times\nEnd", 2, 1, "without a step"},
      {"Repeat 3 times\nRest for 1 h", 1, 1, "no End"},
      {"Rest for 1 h\nEnd", 2, 1, "without a Repeat"},
      {"Rest for 1 h: Rest for 1 h", 1, 13, ":"},
      {"Repeat 200000 times\nRest for 1 h\nRest for 1 h\nEnd", 1, 1, "400000"},
  };
  for (const auto& [text, line, column, word] : wrong) {
    try {
      parse_protocol(text);
      ADD_FAILURE() << "'" << text << "' was accepted";
    } catch (const InputError& error) {
      EXPECT_EQ(error.place().line, line) << text << ": " << error.what();
      EXPECT_EQ(error.place().column, column) << text << ": " << error.what();
      EXPECT_NE(error.problem().find(word), std::string::npos) << text << ": " << error.what();
      EXPECT_FALSE(error.expected().empty() && word != "no step") << text;
    }
  }
  std::string deep;
  for (int k = 0; k < 30; ++k) deep += "Repeat 1 times\n";
  EXPECT_THROW(parse_protocol(deep), InputError);
}

TEST(Protocol, SuggestsTheNearWord) {
  try {
    parse_protocol("Dischrage at C/20 until 1.7 V");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(error.expected().find("discharge"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace closo::cell
