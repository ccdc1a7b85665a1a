#include "closo/impedance/circuit.hpp"

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::impedance {
namespace {

TEST(Circuit, ParametersAreFoundByName) {
  const Circuit circuit = parse_circuit("R0-p(R1,CPE1)");
  EXPECT_EQ(circuit.parameter("R0"), 0U);
  EXPECT_EQ(circuit.parameter("CPE1.n"), 3U);
  try {
    (void)circuit.parameter("CPE1.m");
    FAIL();
  } catch (const base::ParameterError& error) {
    EXPECT_NE(error.allowed().find("CPE1.n"), std::string::npos);
  }
  EXPECT_THROW((void)circuit.parameter("voltage"), base::ParameterError);
}

TEST(Circuit, TopLevelIsTheSeriesOfTheText) {
  EXPECT_EQ(parse_circuit("R0-p(R1,CPE1)-W1").top_level().size(), 3U);
  EXPECT_EQ(parse_circuit("p(R1,CPE1)").top_level().size(), 1U);
}

TEST(Circuit, ValuesAreChecked) {
  const Circuit circuit = parse_circuit("R0{=1..10}-CPE1");
  EXPECT_NO_THROW(check_parameters(circuit, std::vector<double>{5.0, 1e-6, 0.9}));
  EXPECT_THROW(check_parameters(circuit, std::vector<double>{5.0, 1e-6}), base::ParameterError);
  EXPECT_THROW(check_parameters(circuit, std::vector<double>{11.0, 1e-6, 0.9}), base::ParameterError);
  EXPECT_THROW(check_parameters(circuit, std::vector<double>{5.0, -1e-6, 0.9}), base::ParameterError);
  EXPECT_THROW(check_parameters(circuit, std::vector<double>{5.0, 1e-6, 1.1}), base::ParameterError);
}

}  // namespace
}  // namespace closo::impedance
