#include "closo/tasks/detail/own_phase.hpp"

#include <string>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::tasks::detail {
namespace {

using base::Formula;

stability::Entry entry(const char* formula, double energy_eV) {
  stability::Entry result;
  result.name = formula;
  result.formula = Formula::parse(formula);
  result.energy_eV = energy_eV;
  return result;
}

stability::EntrySet trial_set() { return {"trial", {entry("LiH", -0.9), entry("LiBH4", -2.0), entry("B2H6", 0.1)}}; }

stability::Entry own(const std::string& text) {
  return own_entry("energy", parse_own_phase("energy", text), trial_set());
}

std::string refusal(const std::string& text) {
  try {
    own(text);
  } catch (const base::ParameterError& error) {
    return error.what();
  }
  ADD_FAILURE() << text << " was accepted";
  return {};
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(OwnPhase, FormationEnergies) {
  EXPECT_NEAR(own("Li2B12H12: -0.4 eV/atom").energy_eV, -10.4, 1e-12);
  EXPECT_NEAR(own("Li2B12H12: -10.4 eV").energy_eV, -10.4, 1e-12);
  EXPECT_NEAR(own("Li2B12H12: -96.485 kJ/mol").energy_eV, -1.0, 1e-5);
  EXPECT_TRUE(own("Li2B12H12: -10.4 eV").is_estimate);
}

TEST(OwnPhase, ReactionEnergies) {
  // 12 LiBH4 → Li2B12H12 + 10 LiH + 13 H2 at 3 eV: E = 3 + 12 (-2) - 10 (-0.9) = -12.
  const stability::Entry salt = own("12 LiBH4 -> Li2B12H12 + 10 LiH + 13 H2: 3 eV");
  EXPECT_EQ(salt.name, "Li2B12H12");
  EXPECT_NEAR(salt.energy_eV, -12.0, 1e-12);
  // All known: the first reactant gets the energy. 2 LiH + B2H6 at -1.4 eV from 2 LiBH4: E = (-1.8 + 0.1 + 1.4)/2.
  EXPECT_NEAR(own("2 LiBH4 -> 2 LiH + B2H6: -1.4 eV").energy_eV, -0.15, 1e-12);
}

TEST(OwnPhase, SaysWhatIsWrong) {
  EXPECT_TRUE(holds(refusal("LiBH4 -2 eV"), "colon"));
  EXPECT_TRUE(holds(refusal("LiBH4: -2 V"), "V"));
  EXPECT_TRUE(holds(refusal("2 LiBH4: -2 eV"), "without a coefficient"));
  EXPECT_TRUE(holds(refusal("12 LiBH4 -> Li2B12H12 + 10 LiH + 13 H2: 3 eV/atom"), "as written"));
  EXPECT_TRUE(holds(refusal("11 LiBH4 -> Li2B12H12 + 10 LiH + 13 H2: 3 eV"), "balance"));
  EXPECT_TRUE(holds(refusal("LiBH4 -> Li2B12H12 + LiH + H2: 3 eV"), "balance"))
      << "coefficients that are not typed are 1";
  EXPECT_TRUE(holds(refusal("2 Li4B10H10 -> Li8B20H18 + H2: 1 eV"), "neither"));
}

}  // namespace
}  // namespace closo::tasks::detail
