#include "closo/tasks/detail/figure_parts.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/error.hpp"

namespace closo::tasks::detail {
namespace {

TEST(FigureParts, AmountsBecomeSubscripts) {
  EXPECT_EQ(with_subscripts("LiBH4"), "LiBH₄");
  EXPECT_EQ(with_subscripts("Li2B12H12"), "Li₂B₁₂H₁₂");
  EXPECT_EQ(with_subscripts("10 LiH + Li2B12H12 + 13 H2"), "10 LiH + Li₂B₁₂H₁₂ + 13 H₂");
  EXPECT_EQ(with_subscripts("Ca(BH4)2"), "Ca(BH₄)₂");
  EXPECT_EQ(with_subscripts("Li6.5La3Zr1.5Ta0.5O12"), "Li₆.₅La₃Zr₁.₅Ta₀.₅O₁₂");
  EXPECT_EQ(with_subscripts("90LiBH4·10P2S5"), "90LiBH₄·10P₂S₅") << "coefficients stay";
  EXPECT_EQ(with_subscripts("CoO2, charged\nLi2S: 0.5 V"), "CoO₂, charged\nLi₂S: 0.5 V");
}

TEST(FigureParts, WordsThatAreNoFormulasStay) {
  for (const char* text : {"", "NMC811", "carbon", "Gibbs 298 K", "3.74 V", "Q2 2024", "  ", "2", "Li/Li⁺"}) {
    EXPECT_EQ(with_subscripts(text), text);
  }
}

TEST(FigureParts, PotentialsAreAgainstTheMetal) {
  EXPECT_EQ(electrode_pair("Na"), "Na/Na⁺");
  EXPECT_EQ(electrode_pair("Mg"), "Mg/Mg²⁺");
  EXPECT_EQ(electrode_pair("Al"), "Al/Al³⁺");
  EXPECT_EQ(potential_title("Li"), "potential against Li/Li⁺ (V)");
  EXPECT_THROW(electrode_pair("Xx"), base::ParameterError);
}

TEST(FigureParts, MinusIsATrueMinusAndZeroHasNone) {
  EXPECT_EQ(signed_text(-0.349, 2), "−0.35");
  EXPECT_EQ(signed_text(-0.004, 2), "0.00");
  EXPECT_EQ(signed_text(12.0, 0), "12");
  EXPECT_EQ(signed_text(2.5, 3), "2.500");
  EXPECT_EQ(volts(-0.04), "−0.04 V");
}

TEST(FigureParts, ABoxHasFourEdgesAndAHover) {
  report::Layer layer;
  add_box(layer, 1, 2, 3, 4, "words");
  EXPECT_EQ(layer.x_low, std::vector<double>{1});
  EXPECT_EQ(layer.x_high, std::vector<double>{2});
  EXPECT_EQ(layer.y_low, std::vector<double>{3});
  EXPECT_EQ(layer.y_high, std::vector<double>{4});
  EXPECT_EQ(layer.hover, std::vector<std::string>{"words"});
}

}  // namespace
}  // namespace closo::tasks::detail
