#include <gtest/gtest.h>

#include <string>

#include "closo/base/error.hpp"
#include "closo/impedance/circuit.hpp"

namespace closo::impedance {
namespace {

struct Bad {
  std::string text;
  std::size_t column;
  std::string words;
};

TEST(CircuitParser, SaysWhereAndWhat) {
  const std::vector<Bad> cases{
      {"", 1, "empty"},
      {"R0-p(R1,CP1)", 9, "unknown element 'CP'"},
      {"R0-X1", 4, "unknown element 'X'"},
      {"R0-p(R1,CPE1", 5, "never closed"},
      {"R0-R1)", 6, "closes nothing"},
      {"p()", 3, "empty"},
      {"R0-p(R1,)", 9, "empty"},
      {"R0-p(,R1)", 6, "empty"},
      {"p(R1)", 2, "one branch"},
      {"R0-p(R1-,C1)", 9, "found ','"},
      {"R0-", 4, "ends after '-'"},
      {"R0--R1", 4, "found '-'"},
      {"R0-R0", 4, "column 1 already"},
      {"R0-p(R1,C1)p(R2,C2)", 12, "'-' before the next"},
      {"R0-(R1C1)", 4, "other notation"},
      {"R0{=12", 3, "never closed"},
      {"R0{x=12}-C1", 4, "no parameter 'x'"},
      {"R0{12}-C1", 4, "no '='"},
      {"R0{=abc}-C1", 5, "no parameter 'abc'"},
      {"R0{=1.2.3}-C1", 5, "not a number"},
      {"R0{=-1}-C1", 5, "outside the range"},
      {"CPE1{n=1.5}-R0", 8, "outside the range"},
      {"CPE1{n=0.9..0.5}-R0", 8, "lower bound"},
      {"CPE1{n~0.2,n=0.5..1}-R0", 14, "outside the bounds"},
      {"CPE1{n=0.9,n=0.8}-R0", 14, "given twice"},
      {"CPE1{n=CPE2.Q}-CPE2", 8, "different quantities"},
      {"CPE1{n=CPE2.n}-CPE2{n=CPE1.n}", 8, "circle"},
      {"R0{=}-C1", 4, "no value"},
      {"R_-C1", 2, "not followed"},
      {"R(RQ", 2, "never closed"},
      {"R(RQ]", 5, "found ']'"},
      {"R(Q[RW)", 7, "found ')'"},
      {"R()", 2, "empty"},
      {"R(Q)", 2, "one branch"},
      {"RX", 2, "unknown element 'X'"},
      {"R0-\xC3\xA4", 4, "found '\xC3\xA4'"},
      {"R0-T1", 4, "unknown element 'T'"},
      {std::string(200, '(') + "RC" + std::string(200, ')'), 65, "too deep"},
  };
  for (const Bad& bad : cases) {
    try {
      (void)parse_circuit(bad.text);
      ADD_FAILURE() << "accepted: " << bad.text;
    } catch (const base::InputError& error) {
      EXPECT_EQ(error.place().column, bad.column) << bad.text << ": " << error.what();
      EXPECT_NE(std::string(error.what()).find(bad.words), std::string::npos) << bad.text << ": " << error.what();
      EXPECT_FALSE(error.expected().empty()) << bad.text;
    }
  }
}

TEST(CircuitParser, NamesTheNearestElement) {
  try {
    (void)parse_circuit("R0-p(R1,CPF1)");
    FAIL();
  } catch (const base::InputError& error) {
    EXPECT_NE(error.expected().find("CPE"), std::string::npos) << error.what();
  }
}

TEST(CircuitParser, TooManyElements) {
  std::string text = "R0";
  for (int i = 1; i < 65; ++i) text += "-R" + std::to_string(i);
  EXPECT_THROW((void)parse_circuit(text), base::InputError);
}

TEST(CircuitParser, BothNotationsGiveTheSameCircuit) {
  EXPECT_EQ(to_text(parse_circuit("R(RQ)(RQ)W")), "R1-p(R2,CPE1)-p(R3,CPE2)-W1");
  EXPECT_EQ(to_text(parse_circuit("R0(Q1[R1W1])")), "R0-p(CPE1,R1-W1)");
  EXPECT_EQ(to_text(parse_circuit("L0R0(R1Q1)({R2Q0}Q2)")), "L0-R0-p(R1,CPE1)-p(R2-CPE0,CPE2)");
  EXPECT_EQ(to_text(parse_circuit("R(C[R(C[RW])])")), "R1-p(C1,R2-p(C2,R3-W1))");
  EXPECT_EQ(to_text(parse_circuit("ROT")), "R1-Ws1-Wo1");
  EXPECT_EQ(to_text(parse_circuit(" R0 - p( R1 , CPE1 ) ")), "R0-p(R1,CPE1)");
}

TEST(CircuitParser, GroupsOfOneTypeAreJoined) {
  EXPECT_EQ(to_text(parse_circuit("p(R1,p(C1,R2))")), "p(R1,C1,R2)");
  EXPECT_EQ(to_text(parse_circuit("[R[RC]]")), "R1-R2-C1");
}

TEST(CircuitParser, UnlabelledElementsTakeFreeNumbers) {
  EXPECT_EQ(to_text(parse_circuit("R1-R-R2-R")), "R1-R3-R2-R4");
  EXPECT_EQ(to_text(parse_circuit("R_bulk-p(R_gb,Q_gb)")), "R_bulk-p(R_gb,CPE_gb)");
}

TEST(CircuitParser, NotesSetParameters) {
  const Circuit circuit = parse_circuit("R0{=12}-p(R1{~100},CPE1{n~0.8, n=0.5..1})-CPE2{n=CPE1.n,Q=1e-6}");
  ASSERT_EQ(circuit.parameters.size(), 5U);
  EXPECT_EQ(circuit.parameters[0].fixed, 12.0);
  EXPECT_EQ(circuit.parameters[1].start, 100.0);
  EXPECT_EQ(circuit.parameters[3].start, 0.8);
  EXPECT_EQ(circuit.parameters[3].lower, 0.5);
  EXPECT_TRUE(circuit.parameters[3].bounded_by_user);
  EXPECT_EQ(circuit.parameters[4].name, "CPE2.Q");
  EXPECT_EQ(circuit.parameters[4].fixed, 1e-6);
  EXPECT_EQ(circuit.elements[3].parameters[1], circuit.elements[2].parameters[1]);
  EXPECT_EQ(circuit.free_parameters(), 3U);
}

TEST(CircuitParser, SharingForwardsKeepsTheFirstName) {
  const Circuit circuit = parse_circuit("CPE1{n=CPE2.n}-CPE2{n=0.7..0.9}");
  ASSERT_EQ(circuit.parameters.size(), 3U);
  EXPECT_EQ(circuit.parameters[1].name, "CPE1.n");
  EXPECT_EQ(circuit.parameters[1].lower, 0.7);
}

TEST(CircuitParser, PrintingAndReadingReturnTheSame) {
  for (const std::string text : {"R0", "R0-p(R1,CPE1)-W1", "p(R1,CPE1)-p(R2,CPE2)-CPE3", "R0{=12}-C1{~1e-06}",
                                 "L0-R0-p(R1-Wo1,C1)", "R0-p(C0,R1-p(C1,R2))", "CPE1{n=0.5..1}-CPE2{n=CPE1.n}",
                                 "R_gb-Zarc1-HN1-K1-La1-Tb1-Tr1-G1-Gs1-Ws1", "R0{~5,=1..10}-C1"}) {
    EXPECT_EQ(to_text(parse_circuit(text)), text);
  }
  const std::string code = "L0R0(R1Q1)([R2Q0]Q2)O1T1";
  EXPECT_EQ(to_text(parse_circuit(code), Notation::description_code), code);
}

}  // namespace
}  // namespace closo::impedance
