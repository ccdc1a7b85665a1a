#include "closo/impedance/detail/arc_order.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace closo::impedance::detail {
namespace {

TEST(ArcOrder, FindsRelaxationsInSeries) {
  const Circuit circuit = parse_circuit("R0-p(C1,R1)-p(R2,CPE2)-Zarc1-K1-p(R3,W3)-CPE4");
  const auto arcs = find_arcs(circuit);
  ASSERT_EQ(arcs.size(), 4U);
  EXPECT_EQ(circuit.parameters[arcs[0].parameters[0]].name, "R1");
  EXPECT_EQ(circuit.parameters[arcs[0].parameters[1]].name, "C1");
  EXPECT_EQ(arcs[1].kind, ElementKind::constant_phase);
  EXPECT_EQ(arcs[3].kind, ElementKind::voigt);
}

TEST(ArcOrder, CharacteristicFrequencies) {
  const Circuit circuit = parse_circuit("p(R1,C1)-p(R2,CPE2)-Zarc1");
  const std::vector<double> values{100.0, 1e-6, 100.0, 1e-4, 0.5, 10.0, 1e-3, 0.8};
  const auto arcs = find_arcs(circuit);
  EXPECT_NEAR(std::exp(log_characteristic_frequency(arcs[0], values)), 1e4, 1e-8);
  EXPECT_NEAR(std::exp(log_characteristic_frequency(arcs[1], values)), 1e4, 1e-8);
  EXPECT_NEAR(std::exp(log_characteristic_frequency(arcs[2], values)), 1e3, 1e-9);
}

TEST(ArcOrder, TheFasterArcComesFirst) {
  const Circuit circuit = parse_circuit("p(R1,C1)-p(R2,C2)-p(R3,C3)");
  std::vector<double> values{1.0, 1.0, 2.0, 1e-3, 3.0, 1e-6};
  EXPECT_TRUE(order_arcs(circuit, values));
  EXPECT_EQ(values, (std::vector<double>{3.0, 1e-6, 2.0, 1e-3, 1.0, 1.0}));
  EXPECT_FALSE(order_arcs(circuit, values));
}

TEST(ArcOrder, ArcsWithNotesStayWhereTheyAre) {
  for (const char* text : {"p(R1{=1},C1)-p(R2,C2)", "p(R1,C1{=1e-9..1})-p(R2,C2)"}) {
    std::vector<double> values{1.0, 1.0, 2.0, 1e-3};
    EXPECT_FALSE(order_arcs(parse_circuit(text), values)) << text;
  }
  std::vector<double> shared{1.0, 1.0, 1e-3};
  EXPECT_FALSE(order_arcs(parse_circuit("p(R1,C1)-p(R2{=R1},C2)"), shared));
  std::vector<double> mixed{1.0, 1.0, 2.0, 1e-3, 0.9};
  EXPECT_FALSE(order_arcs(parse_circuit("p(R1,C1)-p(R2,CPE2)"), mixed));
}

}  // namespace
}  // namespace closo::impedance::detail
