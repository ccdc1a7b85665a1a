#include "closo/tasks/detail/reaction_text.hpp"

#include <string>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::tasks::detail {
namespace {

std::string balanced_text(const std::string& text) {
  return stability::to_text(balanced("reaction", text, parse_equation("reaction", text)));
}

std::string refusal(const std::string& text) {
  try {
    balanced_text(text);
  } catch (const base::ParameterError& error) {
    EXPECT_EQ(error.name(), "reaction");
    return error.what();
  }
  ADD_FAILURE() << text << " was accepted";
  return {};
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(ReactionText, ReadsSidesAndCoefficients) {
  const Equation equation = parse_equation("reaction", "2LiBH4 + 1/2 MgH2 → Mg(BH4)2 + 0.5 H2");
  ASSERT_EQ(equation.reactants.size(), 2U);
  ASSERT_EQ(equation.products.size(), 2U);
  EXPECT_EQ(*equation.reactants[0].coefficient, 2.0);
  EXPECT_EQ(*equation.reactants[1].coefficient, 0.5);
  EXPECT_FALSE(equation.products[0].coefficient);
  EXPECT_EQ(equation.products[0].name, "Mg(BH4)2");
  EXPECT_TRUE(equation.has_coefficients);
  EXPECT_TRUE(parse_equation("reaction", "LiBH4+TiS2").products.empty());
  for (const char* arrow : {"->", "=", "=>", "→"})
    EXPECT_EQ(parse_equation("reaction", std::string("LiBH4 ") + arrow + " LiH + B + H2").products.size(), 3U) << arrow;
}

TEST(ReactionText, BalancesAndKeepsTheNames) {
  EXPECT_EQ(balanced_text("LiBH4 + MgH2 -> LiH + MgB2 + H2"), "2 LiBH4 + MgH2 → 2 LiH + MgB2 + 4 H2");
  EXPECT_EQ(balanced_text("2 LiBH4 -> 2 LiH + 2 B + 3 H2"), "2 LiBH4 → 2 LiH + 2 B + 3 H2");
  EXPECT_EQ(balanced_text("Mg(BH4)2 -> MgH2 + B + H2"), "Mg(BH4)2 → MgH2 + 2 B + 3 H2");
}

TEST(ReactionText, SaysWhatIsWrong) {
  EXPECT_TRUE(holds(refusal("LiBH4 -> LiH + B + H2 -> Li"), "second arrow"));
  EXPECT_TRUE(holds(refusal("LiBH4 + -> LiH"), "missing"));
  EXPECT_TRUE(holds(refusal("LiBH4 -> LiH + 2"), "no formula"));
  EXPECT_TRUE(holds(refusal("LiBH4 -> LiQ"), "LiQ"));
  EXPECT_TRUE(holds(refusal("1/0 LiBH4 -> LiH"), "coefficient"));
  EXPECT_TRUE(holds(refusal("Li^+ -> Li"), "charged"));
  EXPECT_TRUE(holds(refusal("LiBH4 -> LiH + B"), "balance"));
  EXPECT_TRUE(holds(refusal("LiBH4 -> LiH + Li + B + H2 + BH3"), "independent"));
  const std::string unbalanced = refusal("2 LiBH4 -> 2 LiH + B + 3 H2");
  EXPECT_TRUE(holds(unbalanced, "2 LiBH4 → 2 LiH + 2 B + 3 H2")) << unbalanced;
}

}  // namespace
}  // namespace closo::tasks::detail
