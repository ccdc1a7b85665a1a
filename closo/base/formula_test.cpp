#include "closo/base/formula.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"
#include "closo/base/measured.hpp"

namespace closo::base {
namespace {

double molar_mass_g(std::string_view text) { return Formula::parse(text).molar_mass() * 1e3; }

InputError failure(std::string_view text) {
  try {
    Formula::parse(text);
  } catch (const InputError& error) {
    return error;
  }
  ADD_FAILURE() << "'" << text << "' was accepted";
  return InputError({}, "accepted");
}

void expect_failure(std::string_view text, std::size_t column, std::string_view problem, std::string_view expected) {
  const InputError error = failure(text);
  EXPECT_EQ(error.place().column, column) << text << ": " << error.what();
  EXPECT_NE(error.problem().find(problem), std::string::npos) << text << ": " << error.what();
  EXPECT_NE(error.expected().find(expected), std::string::npos) << text << ": " << error.what();
}

TEST(Elements, AreOneHundredAndEighteenInOrder) {
  ASSERT_EQ(elements().size(), 118U);
  for (std::size_t i = 0; i < elements().size(); ++i) {
    EXPECT_EQ(elements()[i].number, static_cast<int>(i) + 1);
    EXPECT_EQ(find_element(elements()[i].symbol), &elements()[i]);
  }
  EXPECT_EQ(find_element("li"), nullptr);
  EXPECT_EQ(find_element(""), nullptr);
  EXPECT_EQ(find_element("Zr")->name, "zirconium");
}

// Prohaska et al. 2022: 84 elements have a standard atomic weight, 14 of them as an interval.
TEST(Elements, HaveTheStandardsOf2021) {
  const auto all = elements();
  EXPECT_EQ(std::count_if(all.begin(), all.end(), [](const Element& e) { return e.atomic_weight > 0.0; }), 84);
  EXPECT_EQ(std::count_if(all.begin(), all.end(), [](const Element& e) { return e.is_conventional; }), 14);
  EXPECT_EQ(find_element("Li")->atomic_weight, 6.94);
  EXPECT_EQ(find_element("Hf")->atomic_weight, 178.486);
  EXPECT_EQ(find_element("Yb")->atomic_weight, 173.045);
  EXPECT_EQ(find_element("Ar")->atomic_weight, 39.95);
  EXPECT_EQ(find_element("Tc")->atomic_weight, 0.0);
}

// Expected values: another program with the same table of 2021 (periodictable 2.1.0).
TEST(Formula, MolarMassesOfTheField) {
  const std::vector<std::pair<std::string, double>> known = {{"Li2B12H12", 155.696},
                                                             {"Na2B12H12", 187.79553856},
                                                             {"LiCB11H12", 149.957},
                                                             {"LiBH4", 21.782},
                                                             {"TiS2", 111.987},
                                                             {"LiFePO4", 157.754761998},
                                                             {"Li4Ti5O12", 459.083},
                                                             {"ZrO2", 123.222},
                                                             {"Na4(CB11H12)2(B12H12)", 519.80907712},
                                                             {"Li10GeP2S12", 588.697523996},
                                                             {"Al2O3", 101.9600768},
                                                             {"MgH2", 26.321},
                                                             {"Li7La3Zr2O12", 839.73241},
                                                             {"Mg(BH4)2", 53.989},
                                                             {"NaCrO2", 106.98386928}};
  for (const auto& [text, mass] : known) EXPECT_NEAR(molar_mass_g(text), mass, 1e-6) << text;
}

TEST(Formula, ReadsEveryNotationOfOneCompound) {
  const Formula closoborate = Formula::parse("Li2B12H12");
  for (const char* text : {"Li₂B₁₂H₁₂", "Li2 B12 H12", " Li2(B12H12) ", "Li2[B12H12]", "{Li}2B12H12", "H12B12Li2",
                           "2(LiB6H6)", "2 LiB6H6", "LiB6H6·LiB6H6", "Li4/2B12H12", "Li2.0B12H12"}) {
    EXPECT_EQ(Formula::parse(text), closoborate) << text;
  }
  EXPECT_EQ(closoborate.amount("B"), 12.0);
  EXPECT_EQ(closoborate.amount("C"), 0.0);
  EXPECT_EQ(closoborate.atoms(), 26.0);
}

TEST(Formula, Adducts) {
  const Formula hydrate = Formula::parse("Li2B12H20O4");
  for (const char* text :
       {"Li2B12H12·4H2O", "Li2B12H12*4H2O", "Li2B12H12.4H2O", "Li2B12H12 · 4 H2O", "Li2B12H12⋅4H2O"}) {
    EXPECT_EQ(Formula::parse(text), hydrate) << text;
  }
  EXPECT_EQ(Formula::parse("CaSO4.0.5H2O"), Formula::parse("CaSO4·1/2H2O"));
  EXPECT_EQ(Formula::parse("Li2B12H12·1.5H2O").amount("O"), 1.5);
  EXPECT_EQ(Formula::parse("MgCl2.NH3"), Formula::parse("MgCl2NH3"));
  EXPECT_EQ(Formula::parse("K0.27MnO2.0.54H2O").amount("O"), 2.54);
  EXPECT_EQ(Formula::parse("67(0.75Li2S·0.25P2S5)·33LiBH4").amount("Li"), 133.5);
  EXPECT_EQ(Formula::parse("(MgCl2.6H2O)2").amount("O"), 12.0);
}

TEST(Formula, ADotBetweenDigitsIsADecimalPoint) {
  EXPECT_EQ(Formula::parse("Li3.25Ge0.25P0.75S4").amount("Ge"), 0.25);
  EXPECT_EQ(Formula::parse("MgCl2.6NH3").amount("Cl"), 2.6);
  EXPECT_EQ(Formula::parse("Li0.5H2O").amount("Li"), 0.5);
}

TEST(Formula, Charges) {
  for (const char* text :
       {"B12H12 2-", "B12H12(2-)", "B12H12²⁻", "B12H12^2-", "[B12H12] 2-", "B12H12 2−", "H12B12 2-"}) {
    EXPECT_EQ(Formula::parse(text), Formula::parse("B12H12 2-")) << text;
    EXPECT_EQ(Formula::parse(text).charge(), -2) << text;
  }
  EXPECT_EQ(Formula::parse("BH4-").charge(), -1);
  EXPECT_EQ(Formula::parse("BH4-").amount("H"), 4.0);
  EXPECT_EQ(Formula::parse("Li+").charge(), 1);
  EXPECT_EQ(Formula::parse("Mg 2+").charge(), 2);
  EXPECT_EQ(Formula::parse("Hg2 +").text(), "Hg2 +");
  EXPECT_FALSE(Formula::parse("BH4-") == Formula::parse("BH4"));
}

TEST(Formula, Texts) {
  EXPECT_EQ(Formula::parse("Na2(B12H12)0.5(B10H10)0.5").text(), "Na2B11H11");
  EXPECT_EQ(Formula::parse("Li3.25Ge0.25P0.75S4").reduced().text(), "Li13GeP3S16");
  EXPECT_EQ(Formula::parse("Li(BH4)1/3(NH2)2/3").reduced().text(), "Li3BH8N2");
  EXPECT_EQ(Formula::parse("Li2B12H12").reduced().text(), "LiB6H6");
  EXPECT_EQ(Formula::parse("B12H12 2-").reduced().text(), "B12H12 2-");
  EXPECT_EQ(Formula::parse("Li0.0001234567O").reduced().text(), "Li0.0001234567O");
  EXPECT_EQ(Formula().reduced().text(), "");
  EXPECT_EQ(Formula::parse("B20.5(H2O)").text(), "B20.5(H2O)");
  EXPECT_EQ(Formula::parse("B20.5H2O").text(), "B20H10O5");
  EXPECT_EQ(Formula::parse("Li2B12H12").hill_text(), "B12H12Li2");
  EXPECT_EQ(Formula::parse("LiCB11H12").hill_text(), "CH12B11Li");
  EXPECT_EQ(Formula::parse("CB11H12-").hill_text(), "CH12B11-");
}

TEST(Formula, ErrorsSayWhereAndWhatIsAccepted) {
  expect_failure("", 1, "empty", "Li2B12H12");
  expect_failure("   ", 4, "empty", "Li2B12H12");
  expect_failure("LI2B12H12", 1, "'L' is not", "'Li'");
  expect_failure("li", 1, "'l' is not", "'Li'");
  expect_failure("Li₂b₁₂", 4, "'b' is not", "'B'");
  expect_failure("M2B12H12", 1, "'M' is not", "'Mg', 'Mn'");
  expect_failure("Xx", 1, "'Xx' is not", "'Xe'");
  expect_failure("Li(BH4)1-x(NH2)x", 9, "'-' inside", "0.5 or 1/3");
  expect_failure("Li2x", 4, "'x'", "amounts are numbers");
  expect_failure("Li2B12H12-4H2O", 10, "'-' inside", "'·' before an adduct");
  expect_failure("(LiBH4", 7, "column 1 is open", "')'");
  expect_failure("(LiBH4]", 7, "']'", "')'");
  expect_failure("(Li-BH4)", 4, "'-' inside", "charge only at the end");
  expect_failure("LiBH4)", 6, "without its opening bracket", "opening bracket");
  expect_failure("Li()2", 4, "found ')' before any element", "element symbol");
  expect_failure("Li.5CoO2", 3, "without a digit", "0.5");
  expect_failure("Li0", 3, "amount of 0", "1e-9");
  expect_failure("Li1/0", 5, "amount of 0", "1e-9");
  expect_failure("Li1/x", 5, "'x'", "digits");
  expect_failure("Li1,5", 4, "','", "decimal point");
  expect_failure("2", 2, "the end", "element symbol");
  expect_failure("LiBH4·", 7, "the end", "element symbol");
  expect_failure("Fé", 2, "'é'", "element symbol");
  expect_failure("⁷Li", 1, "'⁷' inside", "charge only at the end");
  expect_failure("Mg2+", 4, "amount or a charge", "'Mg 2+'");
  expect_failure("[B12H12]2-", 10, "amount or a charge", "blank");
  expect_failure("B12H12 2", 8, "'2' is not a charge", "'2-'");
  expect_failure("B12H12 0-", 8, "'0-' is not a charge", "'2-'");
  expect_failure("B12H12^", 8, "the end", "'2-'");
  expect_failure("Li++", 3, "'+' inside", "charge only at the end");
  expect_failure("(Li1000000000)2", 1, "2e9 Li", "1e9");
  expect_failure("H999999999H2", 1, "1e9 H", "1e9");
  expect_failure("H9999999999", 2, "9999999999", "1e9");
  expect_failure(std::string(1001, 'H'), 1001, "1001 characters", "1000");
  expect_failure(std::string(33, '(') + "H" + std::string(33, ')'), 33, "deeper than 32", "fewer brackets");
  EXPECT_EQ(Formula::parse(std::string(32, '(') + "H" + std::string(32, ')')).text(), "H");
  EXPECT_EQ(Formula::parse(std::string(1000, 'H')).amount("H"), 1000.0);
}

TEST(Formula, RefusesBrokenBytes) {
  for (const std::string& text :
       {std::string("\xC3"), std::string("Li\xFF"), std::string("Li\0B", 4), std::string("\xE2\x82")}) {
    EXPECT_THROW(Formula::parse(text), InputError);
  }
}

TEST(Formula, ConstructorChecksItsTerms) {
  const Element* lithium = find_element("Li");
  EXPECT_THROW(Formula(std::vector<ElementAmount>{}), ParameterError);
  EXPECT_THROW(Formula(std::vector<ElementAmount>{{nullptr, 1.0}}), ParameterError);
  for (const double amount : {0.0, -1.0, 1e-10, 2e9, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_THROW(Formula(std::vector<ElementAmount>{{lithium, amount}}), ParameterError) << amount;
  }
  EXPECT_EQ(Formula(std::vector<ElementAmount>{{lithium, 1.0}, {lithium, 2.0}}).text(), "Li3");
}

TEST(Formula, MolarMassNeedsAStandardAtomicWeight) {
  EXPECT_THROW(Formula::parse("TcO2").molar_mass(), InputError);
  EXPECT_EQ(Formula().molar_mass(), 0.0);
}

class RandomFormulas : public ::testing::Test {
 protected:
  Formula draw() {
    std::vector<ElementAmount> terms;
    const std::size_t count = 1 + random_() % 10;
    for (std::size_t i = 0; i < count; ++i) {
      const bool whole = random_() % 2 == 0;
      const double amount = whole ? 1.0 + static_cast<double>(random_() % 200)
                                  : std::pow(10.0, std::uniform_real_distribution(-6.0, 6.0)(random_));
      terms.push_back({&elements()[random_() % 118], amount});
    }
    return Formula(terms, static_cast<int>(random_() % 7) - 3);
  }
  std::mt19937_64 random_{20250611};
};

TEST_F(RandomFormulas, PrintedTextReadsBackExactly) {
  for (int i = 0; i < 5000; ++i) {
    const Formula formula = draw();
    for (const std::string& text : {formula.text(), formula.hill_text()}) {
      const Formula read = Formula::parse(text);
      ASSERT_EQ(read.charge(), formula.charge()) << text;
      ASSERT_EQ(read.terms().size(), formula.terms().size()) << text;
      for (const ElementAmount& term : formula.terms())
        ASSERT_EQ(read.amount(term.element->symbol), term.amount) << text;
    }
  }
}

TEST_F(RandomFormulas, OrderDoesNotMatter) {
  for (int i = 0; i < 1000; ++i) {
    const Formula formula = draw();
    std::vector<ElementAmount> terms = formula.terms();
    std::shuffle(terms.begin(), terms.end(), random_);
    const Formula shuffled(terms, formula.charge());
    ASSERT_EQ(shuffled, formula);
    ASSERT_EQ(shuffled.hill_text(), formula.hill_text());
  }
}

TEST_F(RandomFormulas, MassIsAdditiveAndScalesWithBrackets) {
  for (int i = 0; i < 1000; ++i) {
    Formula first = Formula(draw().terms());
    Formula second = Formula(draw().terms());
    const auto weighable = [](const Formula& f) {
      return std::all_of(f.terms().begin(), f.terms().end(),
                         [](const ElementAmount& t) { return t.element->atomic_weight > 0; });
    };
    if (!weighable(first) || !weighable(second)) continue;
    const double expected = 3.0 * first.molar_mass() + 0.5 * second.molar_mass();
    const double together = Formula::parse("(" + first.text() + ")3·0.5" + second.text()).molar_mass();
    ASSERT_NEAR(together, expected, 1e-12 * expected);
  }
}

TEST_F(RandomFormulas, ReducingKeepsTheRatios) {
  for (int i = 0; i < 1000; ++i) {
    const Formula formula = Formula(draw().terms());
    const Formula reduced = formula.reduced();
    const double factor = reduced.terms().front().amount / formula.terms().front().amount;
    for (const ElementAmount& term : formula.terms()) {
      const double there = reduced.amount(term.element->symbol);
      ASSERT_NEAR(there, factor * term.amount, 2e-6 * (1.0 + there));
    }
    ASSERT_EQ(reduced.reduced().text(), reduced.text());
  }
}

// JCGM 100:2008: products add relative variances; a fraction and its complement do not count twice.
TEST(Measured, PropagatesUncertainties) {
  const Measured product =
      propagate_over([](double a, double b) { return a * b; }, Measured{2.0, 0.1}, Measured{3.0, 0.2});
  EXPECT_EQ(product.value, 6.0);
  EXPECT_NEAR(*product.uncertainty, 6.0 * std::hypot(0.1 / 2.0, 0.2 / 3.0), 1e-9);
  const Measured one = propagate_over([](double v) { return v + (1.0 - v); }, Measured{0.25, 0.05});
  EXPECT_NEAR(*one.uncertainty, 0.0, 1e-12);
  EXPECT_FALSE(propagate_over([](double a) { return 2.0 * a; }, Measured{2.0}).uncertainty.has_value());
  EXPECT_NEAR(*propagate_over([](double a) { return 2.0 * a; }, Measured{0.0, 0.5}).uncertainty, 1.0, 1e-9);
  EXPECT_EQ(*propagate_over([](double a) { return 2.0 * a; }, Measured{0.0, 0.0}).uncertainty, 0.0);
}

}  // namespace
}  // namespace closo::base
