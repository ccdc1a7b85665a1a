#include "closo/stability/reaction.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "closo/base/error.hpp"

namespace closo::stability {
namespace {

base::Formula formula(const std::string& text) { return base::Formula::parse(text); }

ReactionTerm term(const std::string& name, double coefficient) { return {name, formula(name), coefficient}; }

std::vector<base::Formula> formulas(const std::vector<std::string>& texts) {
  std::vector<base::Formula> result;
  for (const std::string& text : texts) result.push_back(formula(text));
  return result;
}

std::string balanced(const std::vector<std::string>& reactants, const std::vector<std::string>& products) {
  const Balance result = balance(formulas(reactants), formulas(products));
  EXPECT_EQ(result.status, BalanceStatus::balanced);
  EXPECT_EQ(result.freedom, 0U);
  return to_text(result.reaction);
}

template <class Call>
std::string input_error(Call call) {
  try {
    call();
  } catch (const base::InputError& error) {
    return error.what();
  }
  return {};
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(MakeReaction, FindsTheSmallestWholeCoefficients) {
  const std::vector<ReactionTerm> terms = {term("LiBH4", -1.0), term("Li2B12H12", 1.0 / 12.0), term("Li", 10.0 / 12.0),
                                           term("H2", 1.5)};
  const Reaction reaction = make_reaction(terms);
  EXPECT_TRUE(reaction.is_whole);
  EXPECT_EQ(to_text(reaction), "12 LiBH4 → Li2B12H12 + 10 Li + 18 H2");
}

TEST(MakeReaction, TurnsAtomsOfGasesIntoMolecules) {
  EXPECT_EQ(to_text(make_reaction(std::vector{term("LiH", -1.0), term("Li", 1.0), term("H", 1.0)})),
            "2 LiH → 2 Li + H2");
  EXPECT_EQ(to_text(make_reaction(std::vector{term("O3", -2.0), term("O", 6.0), term("Li", -1.0), term("Li", 1.0)})),
            "");
  for (const char* symbol : {"N", "F", "Cl", "Br", "I", "O"}) {
    const std::string compound = "Li" + std::string(symbol);
    EXPECT_EQ(to_text(make_reaction(std::vector{term(compound, -1.0), term("Li", 1.0), term(symbol, 1.0)})),
              "2 " + compound + " → 2 Li + " + symbol + "2");
  }
  EXPECT_EQ(to_text(make_reaction(std::vector{term("Li2S", -1.0), term("Li", 2.0), term("S", 1.0)})),
            "Li2S → 2 Li + S");
}

TEST(MakeReaction, AddsEqualTermsAndDropsTraces) {
  const std::vector<ReactionTerm> terms = {term("Li", -1.0), term("LiH", 3.0), term("H2", -1.0),     term("LiH", -1.0),
                                           term("Li", -1.0), term("B", 1e-10), term("LiBH4", -1e-12)};
  EXPECT_EQ(to_text(make_reaction(terms)), "2 Li + H2 → 2 LiH");
  const std::vector<ReactionTerm> nothing = {term("LiBH4", -1.0), {"other name", formula("LiH4B"), 1.0}};
  EXPECT_TRUE(make_reaction(nothing).empty());
  EXPECT_TRUE(make_reaction({}).empty());
  EXPECT_EQ(to_tex(Reaction{}), "");
}

TEST(MakeReaction, ScaleDoesNotMatter) {
  for (const double scale : {1e-12, 0.123456, 7.0, 6e15}) {
    const std::vector<ReactionTerm> terms = {term("Mg(BH4)2", -scale), term("MgH2", scale), term("B", 2.0 * scale),
                                             term("H2", 3.0 * scale)};
    EXPECT_EQ(to_text(make_reaction(terms)), "Mg(BH4)2 → MgH2 + 2 B + 3 H2");
  }
}

TEST(MakeReaction, WithstandsRoundingOfPrograms) {
  std::mt19937 random(3);
  for (int trial = 0; trial < 200; ++trial) {
    const auto noise = [&] { return 1.0 + 1e-10 * (static_cast<double>(random() % 2001) / 1000.0 - 1.0); };
    const std::vector<ReactionTerm> terms = {term("Li10GeP2S12", -noise() / 77.0), term("Li", -23.75 / 77.0 * noise()),
                                             term("Li15Ge4", 0.25 / 77.0 * noise()), term("Li3P", 2.0 / 77.0 * noise()),
                                             term("Li2S", 12.0 / 77.0 * noise())};
    EXPECT_EQ(to_text(make_reaction(terms)), "4 Li10GeP2S12 + 95 Li → Li15Ge4 + 8 Li3P + 48 Li2S");
  }
}

TEST(MakeReaction, KeepsRealCoefficientsWhereNoWholeOnesBalance) {
  const double x = 0.1 * std::sqrt(2.0);
  std::vector<base::ElementAmount> amounts = formula("CoO2").terms();
  amounts.push_back({formula("Li").terms().front().element, x});
  const std::vector<ReactionTerm> terms = {{"LixCoO2", base::Formula(amounts), -1.0}, term("CoO2", 1.0), term("Li", x)};
  const Reaction reaction = make_reaction(terms);
  EXPECT_FALSE(reaction.is_whole);
  EXPECT_EQ(to_text(reaction), "LixCoO2 → CoO2 + 0.1414 Li");
  EXPECT_EQ(to_text(make_reaction(std::vector{term("Li0.333CoO2", -1.0), term("CoO2", 1.0), term("Li", 0.333)})),
            "1000 Li0.333CoO2 → 1000 CoO2 + 333 Li");
}

TEST(MakeReaction, SaysWhatDoesNotBalance) {
  const std::string lithium = input_error([] {
    (void)make_reaction(std::vector{term("LiH", -2.0), term("H2", 1.0), term("Li", 1.9)});
  });
  EXPECT_TRUE(holds(lithium, "does not balance in Li: 2 before, 1.9 after")) << lithium;
  const std::string charge = input_error([] { (void)make_reaction(std::vector{term("Li+", -1.0), term("Li", 1.0)}); });
  EXPECT_TRUE(holds(charge, "does not balance in charge")) << charge;
  EXPECT_NO_THROW((void)make_reaction(std::vector{term("LiH", -1.0), term("H2", 0.5), term("Li", 1.0 + 1e-7)}));
  EXPECT_TRUE(holds(input_error([] {
                      (void)make_reaction(std::vector<ReactionTerm>{{"nothing", {}, 1.0}});
                    }),
                    "a term 'nothing' without formula"));
  EXPECT_TRUE(holds(
      input_error([] { (void)make_reaction(std::vector{term("LiH", std::numeric_limits<double>::quiet_NaN())}); }),
      "the coefficient of LiH in the reaction is not a number"));
}

TEST(Balance, FindsCoefficients) {
  EXPECT_EQ(balanced({"LiBH4"}, {"Li2B12H12", "Li", "H2"}), "12 LiBH4 → Li2B12H12 + 10 Li + 18 H2");
  EXPECT_EQ(balanced({"LiBH4"}, {"LiH", "B", "H2"}), "2 LiBH4 → 2 LiH + 2 B + 3 H2");
  EXPECT_EQ(balanced({"Li10GeP2S12"}, {"Li3PS4", "GeS2", "S", "Li"}), "Li10GeP2S12 → 2 Li3PS4 + GeS2 + 2 S + 4 Li");
  EXPECT_EQ(balanced({"NaBH4", "MgCl2"}, {"Mg(BH4)2", "NaCl"}), "2 NaBH4 + MgCl2 → MgB2H8 + 2 NaCl");
  EXPECT_EQ(balanced({"KMnO4", "HCl"}, {"KCl", "MnCl2", "H2O", "Cl2"}),
            "2 KMnO4 + 16 HCl → 2 KCl + 2 MnCl2 + 8 H2O + 5 Cl2");
  // Charge decides how much of the boron ends as an ion.
  EXPECT_EQ(balanced({"B12H12 2-", "H2O"}, {"B(OH)4 -", "H2", "B(OH)3"}),
            "B12H12 2- + 38 H2O → 2 BO4H4- + 25 H2 + 10 BO3H3");
  EXPECT_EQ(balanced({"Li3.25Ge0.25P0.75S4"}, {"Li2S", "GeS2", "P2S5"}),
            "8 Li3.25Ge0.25P0.75S4 → 13 Li2S + 2 GeS2 + 3 P2S5");
}

TEST(Balance, LeavesOutWhatTakesNoPart) {
  EXPECT_EQ(balanced({"LiH", "NaCl", "LiH"}, {"Li", "H2"}), "2 LiH → 2 Li + H2");
}

TEST(Balance, SaysWhenThereIsNoWay) {
  const auto status = [](const std::vector<std::string>& a, const std::vector<std::string>& b) {
    const Balance result = balance(formulas(a), formulas(b));
    EXPECT_TRUE(result.reaction.empty());
    return result.status;
  };
  EXPECT_EQ(status({"LiBH4"}, {"Li2B12H12", "LiH"}), BalanceStatus::impossible);
  EXPECT_EQ(status({"LiBH4"}, {"NaH", "B"}), BalanceStatus::impossible);
  EXPECT_EQ(status({"Li+"}, {"Li"}), BalanceStatus::impossible);
  // As equations they balance, but with a negative coefficient.
  EXPECT_EQ(status({"Li2B12H12"}, {"LiBH4", "LiH", "B"}), BalanceStatus::impossible);
  EXPECT_EQ(status({}, {"Li"}), BalanceStatus::impossible);
  EXPECT_EQ(status({"Li"}, {}), BalanceStatus::impossible);
  EXPECT_EQ(status({"LiH"}, {"LiH"}), BalanceStatus::impossible);
}

TEST(Balance, SaysWhenThereAreSeveralWays) {
  const Balance result = balance(formulas({"C", "O2"}), formulas({"CO", "CO2"}));
  EXPECT_EQ(result.status, BalanceStatus::ambiguous);
  EXPECT_EQ(result.freedom, 1U);
  EXPECT_EQ(to_text(result.reaction), "4 C + 3 O2 → 2 CO + 2 CO2");
}

TEST(Balance, RefusesEmptyFormulasAndTooMany) {
  EXPECT_THROW((void)balance(std::vector<base::Formula>{base::Formula()}, formulas({"Li"})), base::InputError);
  std::vector<base::Formula> many;
  for (const base::Element& element : base::elements().first(17)) many.push_back(formula(std::string(element.symbol)));
  EXPECT_THROW((void)balance(many, many), base::ParameterError);
}

/// Any way to mix known reactions is found again from its formulas alone, atoms and signs right.
TEST(Balance, KeepsEveryElement) {
  const std::vector<std::string> pool = {"Li", "LiH",   "LiBH4", "Li2B12H12", "B", "H2",   "Li2O", "B2O3",
                                         "O2", "LiBO2", "H2O",   "Li3BO3",    "S", "Li2S", "SO2",  "B2S3"};
  std::mt19937 random(11);
  int found = 0;
  for (int trial = 0; trial < 500; ++trial) {
    std::vector<std::string> shuffled = pool;
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    const auto cut = static_cast<std::ptrdiff_t>(1 + random() % 3);
    const auto end = cut + static_cast<std::ptrdiff_t>(1 + random() % 4);
    const Balance result = balance(formulas({shuffled.begin(), shuffled.begin() + cut}),
                                   formulas({shuffled.begin() + cut, shuffled.begin() + end}));
    if (result.status == BalanceStatus::impossible) continue;
    ++found;
    EXPECT_TRUE(result.reaction.is_whole);
    for (const char* symbol : {"Li", "B", "H", "O", "S"}) {
      double left = 0.0;
      double right = 0.0;
      for (const ReactionTerm& one : result.reaction.reactants) left += one.coefficient * one.formula.amount(symbol);
      for (const ReactionTerm& one : result.reaction.products) right += one.coefficient * one.formula.amount(symbol);
      EXPECT_DOUBLE_EQ(left, right);
    }
    long divisor = 0;
    for (const auto* side : {&result.reaction.reactants, &result.reaction.products}) {
      for (const ReactionTerm& one : *side) {
        EXPECT_GE(one.coefficient, 1.0);
        divisor = std::gcd(divisor, std::lround(one.coefficient));
      }
    }
    EXPECT_EQ(divisor, 1);
  }
  EXPECT_GT(found, 20);
}

TEST(Tex, WritesFormulasAndReactions) {
  EXPECT_EQ(formula_tex(formula("Li2B12H12")), "\\mathrm{Li_{2}B_{12}H_{12}}");
  EXPECT_EQ(formula_tex(formula("B12H12 2-")), "\\mathrm{B_{12}H_{12}^{2-}}");
  EXPECT_EQ(formula_tex(formula("BH4-")), "\\mathrm{BH_{4}^{-}}");
  EXPECT_EQ(formula_tex(formula("Li+")), "\\mathrm{Li^{+}}");
  EXPECT_EQ(formula_tex(formula("Li3.25Ge0.25P0.75S4")), "\\mathrm{Li_{3.25}Ge_{0.25}P_{0.75}S_{4}}");
  const Balance result = balance(formulas({"LiBH4"}), formulas({"Li2B12H12", "Li", "H2"}));
  EXPECT_EQ(
      to_tex(result.reaction),
      "12\\,\\mathrm{LiBH_{4}} \\rightarrow \\mathrm{Li_{2}B_{12}H_{12}} + 10\\,\\mathrm{Li} + 18\\,\\mathrm{H_{2}}");
}

TEST(Tex, KeepsTheBracketsOfNamesThatAreTheFormula) {
  Reaction reaction;
  reaction.reactants = {term("Mg(BH4)2", 1.0)};
  reaction.products = {
      {"magnesium hydride", formula("MgH2"), 1.0}, {"MgB12", formula("B"), 2.5}, term("B12H12 2-", 1.0)};
  EXPECT_EQ(
      to_tex(reaction),
      "\\mathrm{Mg(BH_{4})_{2}} \\rightarrow \\mathrm{MgH_{2}} + 2.5\\,\\mathrm{B} + \\mathrm{B_{12}H_{12}^{2-}}");
  EXPECT_EQ(to_text(reaction), "Mg(BH4)2 → magnesium hydride + 2.5 MgB12 + B12H12 2-");
  reaction.products[0].name.clear();
  EXPECT_EQ(to_text(reaction), "Mg(BH4)2 → MgH2 + 2.5 MgB12 + B12H12 2-");
}

}  // namespace
}  // namespace closo::stability
