#include "closo/impedance/detail/program.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/impedance/circuits_test.hpp"

namespace closo::impedance::detail {
namespace {

/// Impedance of a node straight from the definition.
std::complex<double> reference(const Circuit& circuit, std::size_t node, const std::vector<double>& values, double w) {
  const CircuitNode& item = circuit.nodes[node];
  if (item.type == CircuitNode::Type::element) {
    std::vector<double> own;
    for (const std::size_t i : circuit.elements[item.element].parameters) own.push_back(values[i]);
    return evaluate_element(circuit.elements[item.element].kind, own, w).impedance;
  }
  std::complex<double> sum;
  for (const std::size_t child : item.children) {
    const auto z = reference(circuit, child, values, w);
    sum += item.type == CircuitNode::Type::series ? z : 1.0 / z;
  }
  return item.type == CircuitNode::Type::series ? sum : 1.0 / sum;
}

std::vector<CircuitCase> cases() {
  std::vector<CircuitCase> all = circuit_cases();
  // Every element as a branch of a parallel group, nested groups, and one parameter in two places.
  all.push_back({"p(R1,C1,L1,CPE1,W1)", {50.0, 1e-6, 1e-3, 1e-5, 0.8, 40.0}, 1.0, 1e6});
  all.push_back({"p(Zarc1,Ws1,G1)", {50.0, 1e-3, 0.8, 40.0, 0.1, 60.0, 0.01}, 1e-2, 1e5});
  all.push_back({"p(HN1,Wo1,K1,La1)", {50.0, 1e-3, 0.8, 0.7, 40.0, 0.1, 60.0, 0.01, 1e-2, 0.8}, 1e-2, 1e5});
  all.push_back({"p(Tb1,Tr1,Gs1)", {50.0, 1e-3, 0.8, 40.0, 90.0, 1e-4, 0.9, 60.0, 0.01, 0.7}, 1e-2, 1e5});
  all.push_back({"R0-p(C0,R1-p(C1,R2-p(C2,R3)))", {1.0, 1e-8, 2.0, 1e-6, 3.0, 1e-4, 4.0}, 1e-2, 1e9});
  all.push_back({"p(R1,CPE1)-p(R2{=R1},CPE2{n=CPE1.n})", {50.0, 1e-3, 0.8, 1e-5}, 1e-2, 1e5});
  all.push_back({"CPE1", {1e-5, 0.8}, 1e-2, 1e5});
  return all;
}

TEST(Program, AgreesWithTheDefinition) {
  for (const CircuitCase& item : cases()) {
    const Circuit circuit = parse_circuit(item.text);
    const auto frequency = logarithmic_frequencies(item.lowest, item.highest, 3);
    const auto z = simulate(circuit, item.values, frequency);
    for (std::size_t i = 0; i < frequency.size(); ++i) {
      const auto expected = reference(circuit, circuit.root, item.values, 6.283185307179586 * frequency[i]);
      EXPECT_LT(std::abs(z[i] - expected), 1e-12 * std::abs(expected)) << item.text << " at " << frequency[i];
    }
  }
}

TEST(Program, DerivativesAgreeWithDifferences) {
  for (const CircuitCase& item : cases()) {
    const Circuit circuit = parse_circuit(item.text);
    const auto frequency = logarithmic_frequencies(item.lowest, item.highest, 3);
    const Program program(circuit);
    const Grid grid(frequency);
    Evaluation evaluation(program, grid);
    const std::size_t count = item.values.size();
    std::vector<double> logs;
    std::vector<int> column;
    for (std::size_t k = 0; k < count; ++k) {
      logs.push_back(std::log(item.values[k]));
      column.push_back(static_cast<int>(k));
    }
    std::vector<double> weight_re(grid.stride(), 2.0);
    std::vector<double> weight_im(grid.stride(), 3.0);
    std::vector<double> jacobian(2 * grid.stride() * count);
    evaluation.forward(item.values.data(), logs.data());
    evaluation.backward(item.values.data(), weight_re.data(), weight_im.data(), column.data(), jacobian.data());
    for (std::size_t k = 0; k < count; ++k) {
      const bool logarithmic = circuit.parameters[k].scale == ParameterScale::logarithmic;
      const double step = 1e-5;
      auto above = item.values;
      auto below = item.values;
      above[k] = logarithmic ? above[k] * std::exp(step) : above[k] + step;
      below[k] = logarithmic ? below[k] * std::exp(-step) : below[k] - step;
      for (std::size_t i = 0; i < frequency.size(); ++i) {
        const double w = 6.283185307179586 * frequency[i];
        const auto slope =
            (reference(circuit, circuit.root, above, w) - reference(circuit, circuit.root, below, w)) / (2.0 * step);
        const double scale = 100.0 * std::abs(reference(circuit, circuit.root, item.values, w));
        EXPECT_NEAR(jacobian[2 * grid.stride() * k + i], 2.0 * slope.real(), 1e-8 * scale)
            << item.text << " " << circuit.parameters[k].name;
        EXPECT_NEAR(jacobian[2 * grid.stride() * k + grid.stride() + i], 3.0 * slope.imag(), 1e-8 * scale)
            << item.text << " " << circuit.parameters[k].name;
      }
    }
  }
}

TEST(Program, PaddingRepeatsTheLastFrequency) {
  const std::vector<double> frequency{1.0, 2.0, 3.0, 4.0, 5.0};
  const Grid grid(frequency);
  EXPECT_EQ(grid.size(), 5U);
  EXPECT_EQ(grid.stride(), 8U);
  EXPECT_EQ(grid.omega()[7], grid.omega()[4]);
}

}  // namespace
}  // namespace closo::impedance::detail
