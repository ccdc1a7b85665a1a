#include "closo/impedance/element.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "closo/base/error.hpp"

namespace closo::impedance {
namespace {

using Values = std::vector<double>;
using Complex = std::complex<double>;
using LongComplex = std::complex<long double>;

/// Typical parameters in the order of the table.
Values typical(const ElementInfo& info) {
  Values out;
  for (const ParameterInfo& parameter : info.parameters) {
    switch (parameter.role) {
      case ParameterRole::resistance:
        out.push_back(parameter.name == "Rct" ? 340.0 : 120.0);
        break;
      case ParameterRole::capacitance:
        out.push_back(3e-5);
        break;
      case ParameterRole::inductance:
        out.push_back(2e-6);
        break;
      case ParameterRole::warburg_coefficient:
        out.push_back(15.0);
        break;
      case ParameterRole::time:
        out.push_back(4e-3);
        break;
      case ParameterRole::exponent:
        out.push_back(parameter.name == "beta" ? 0.6 : 0.8);
        break;
      case ParameterRole::ratio:
        out.push_back(0.7);
        break;
    }
  }
  return out;
}

/// The formulas of the header's table, in extended precision.
Complex formula(ElementKind kind, const Values& p, double w) {
  const LongComplex s(0.0L, w);
  const auto coth = [](LongComplex x) { return 1.0L / std::tanh(x); };
  const auto at = [&p](std::size_t i) { return static_cast<long double>(p[i]); };
  LongComplex z;
  switch (kind) {
    case ElementKind::resistor:
      z = at(0);
      break;
    case ElementKind::capacitor:
      z = 1.0L / (s * at(0));
      break;
    case ElementKind::inductor:
      z = s * at(0);
      break;
    case ElementKind::constant_phase:
      z = 1.0L / (at(0) * std::pow(s, at(1)));
      break;
    case ElementKind::warburg:
      z = at(0) * LongComplex(1.0L, -1.0L) / std::sqrt(static_cast<long double>(w));
      break;
    case ElementKind::warburg_short:
      z = at(0) * std::tanh(std::sqrt(s * at(1))) / std::sqrt(s * at(1));
      break;
    case ElementKind::warburg_open:
      z = at(0) * coth(std::sqrt(s * at(1))) / std::sqrt(s * at(1));
      break;
    case ElementKind::gerischer:
      z = at(0) / std::sqrt(1.0L + s * at(1));
      break;
    case ElementKind::gerischer_finite: {
      const LongComplex u = std::sqrt(1.0L + s * at(1));
      z = at(0) * coth(at(2) * u) / u;
      break;
    }
    case ElementKind::zarc:
      z = at(0) / (1.0L + std::pow(s * at(1), at(2)));
      break;
    case ElementKind::havriliak_negami:
      z = at(0) / std::pow(1.0L + std::pow(s * at(1), at(2)), at(3));
      break;
    case ElementKind::voigt:
      z = at(0) / (1.0L + s * at(1));
      break;
    case ElementKind::modified_inductor:
      z = at(0) * std::pow(s, at(1));
      break;
    case ElementKind::line_blocking: {
      const LongComplex zi = 1.0L / (at(1) * std::pow(s, at(2)));
      z = std::sqrt(at(0) * zi) * coth(std::sqrt(at(0) / zi));
      break;
    }
    case ElementKind::line_reactive: {
      const LongComplex zi = at(1) / (1.0L + at(1) * at(2) * std::pow(s, at(3)));
      z = std::sqrt(at(0) * zi) * coth(std::sqrt(at(0) / zi));
      break;
    }
  }
  return {static_cast<double>(z.real()), static_cast<double>(z.imag())};
}

TEST(Element, TableIsInOrderAndSymbolsAreUnique) {
  const auto table = element_table();
  ASSERT_EQ(table.size(), 15U);
  for (std::size_t i = 0; i < table.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(table[i].kind), i);
    EXPECT_EQ(&element_info(table[i].kind), &table[i]);
    EXPECT_LE(table[i].parameters.size(), max_element_parameters);
    EXPECT_FALSE(table[i].title.empty());
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_NE(table[i].symbol, table[j].symbol);
      EXPECT_NE(table[i].cdc_symbol, table[j].cdc_symbol);
    }
  }
}

TEST(Element, FollowsItsFormulaOverTwentyDecades) {
  for (const ElementInfo& info : element_table()) {
    const Values p = typical(info);
    for (double w = 1e-8; w < 1e12; w *= 3.7) {
      const Complex expected = formula(info.kind, p, w);
      const Complex found = evaluate_element(info.kind, p, w).impedance;
      EXPECT_LT(std::abs(found - expected), 1e-12 * std::abs(expected)) << info.symbol << " at " << w;
    }
  }
}

TEST(Element, DerivativesAgreeWithDifferences) {
  for (const ElementInfo& info : element_table()) {
    const Values p = typical(info);
    for (double w = 1e-4; w < 1e9; w *= 7.3) {
      const ElementResponse response = evaluate_element(info.kind, p, w);
      for (std::size_t k = 0; k < p.size(); ++k) {
        const bool logarithmic = info.parameters[k].scale == ParameterScale::logarithmic;
        const double step = 1e-5;
        Values above = p;
        Values below = p;
        above[k] = logarithmic ? p[k] * std::exp(step) : p[k] + step;
        below[k] = logarithmic ? p[k] * std::exp(-step) : p[k] - step;
        const Complex difference = (formula(info.kind, above, w) - formula(info.kind, below, w)) / (2.0 * step);
        const double scale = std::abs(response.impedance) * (1.0 + std::fabs(std::log(w)));
        EXPECT_LT(std::abs(response.derivatives[k] - difference), 2e-8 * scale)
            << info.symbol << "." << info.parameters[k].name << " at " << w;
      }
    }
  }
}

TEST(Element, SmallAndLargeArgumentsStayFinite) {
  for (const ElementInfo& info : element_table()) {
    const Values p = typical(info);
    for (const double w : {1e-28, 1e-20, 1e20, 1e28}) {
      const ElementResponse response = evaluate_element(info.kind, p, w);
      EXPECT_TRUE(std::isfinite(response.impedance.real()) && std::isfinite(response.impedance.imag())) << info.symbol;
      for (const Complex d : response.derivatives) EXPECT_TRUE(std::isfinite(std::abs(d))) << info.symbol;
    }
  }
}

// The power series takes over without a step.
TEST(Element, SeriesJoinsTheClosedForm) {
  const Values p{100.0, 1.0};
  for (const ElementKind kind : {ElementKind::warburg_short, ElementKind::warburg_open}) {
    for (const double w : {0.9999999e-3, 1.0000001e-3}) {
      const Complex expected = formula(kind, p, w);
      EXPECT_LT(std::abs(evaluate_element(kind, p, w).impedance - expected), 1e-14 * std::abs(expected));
    }
  }
}

TEST(Element, DirectCurrentIsTheLimitOfLowFrequency) {
  for (const ElementInfo& info : element_table()) {
    const Values p = typical(info);
    const auto resistance = direct_current_resistance(info.kind, p);
    const Complex z = evaluate_element(info.kind, p, 1e-18).impedance;
    if (resistance) {
      EXPECT_NEAR(z.real(), *resistance, 1e-3 * std::max(1.0, *resistance)) << info.symbol;
    } else {
      EXPECT_GT(std::abs(z), 1e6) << info.symbol;
    }
  }
}

TEST(Element, SpecialCasesCoincide) {
  for (double w = 1e-3; w < 1e6; w *= 10.0) {
    const auto z = [w](ElementKind kind, const Values& p) { return evaluate_element(kind, p, w).impedance; };
    const auto same = [](Complex a, Complex b) { return std::abs(a - b) < 1e-12 * std::abs(a); };
    EXPECT_TRUE(same(z(ElementKind::zarc, {50.0, 1e-3, 1.0}), z(ElementKind::voigt, {50.0, 1e-3})));
    EXPECT_TRUE(
        same(z(ElementKind::havriliak_negami, {50.0, 1e-3, 0.7, 1.0}), z(ElementKind::zarc, {50.0, 1e-3, 0.7})));
    EXPECT_TRUE(
        same(z(ElementKind::havriliak_negami, {50.0, 1e-3, 1.0, 0.5}), z(ElementKind::gerischer, {50.0, 1e-3})));
    EXPECT_TRUE(same(z(ElementKind::line_blocking, {50.0, 1e-3, 1.0}), z(ElementKind::warburg_open, {50.0, 0.05})));
    EXPECT_TRUE(same(z(ElementKind::constant_phase, {1e-3, 1.0}), z(ElementKind::capacitor, {1e-3})));
    EXPECT_TRUE(same(z(ElementKind::constant_phase, {1e-3, 0.5}), z(ElementKind::warburg, {1e3 / std::sqrt(2.0)})));
    EXPECT_TRUE(same(z(ElementKind::modified_inductor, {1e-3, 1.0}), z(ElementKind::inductor, {1e-3})));
  }
}

TEST(Element, RefusesBadArguments) {
  EXPECT_THROW(evaluate_element(ElementKind::resistor, Values{}, 1.0), base::ParameterError);
  EXPECT_THROW(evaluate_element(ElementKind::resistor, Values{-1.0}, 1.0), base::ParameterError);
  EXPECT_THROW(evaluate_element(ElementKind::constant_phase, Values{1.0, 1.5}, 1.0), base::ParameterError);
  EXPECT_THROW(evaluate_element(ElementKind::resistor, Values{1.0}, 0.0), base::ParameterError);
  EXPECT_THROW(evaluate_element(ElementKind::resistor, Values{std::nan("")}, 1.0), base::ParameterError);
  EXPECT_THROW(direct_current_resistance(ElementKind::voigt, Values{1.0}), base::ParameterError);
}

}  // namespace
}  // namespace closo::impedance
