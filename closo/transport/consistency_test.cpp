#include "closo/transport/consistency.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/transport/library_facts_test.hpp"

namespace closo::transport {
namespace {

using library::Fact;
using test::conductivity;
using test::energy;
using test::transition;
using test::with;

// 1.02e-4 S/cm at 300 K and 3.74e-3 at 375 K imply 0.466 eV (sigma) and 0.494 eV (sigma T).
std::vector<Fact> pair_and_energy(double stated) {
  return {conductivity("A", 300, 1.02e-4), conductivity("B", 375, 3.74e-3), energy("E", stated)};
}

std::size_t contradictions(std::vector<Fact> facts) { return find_contradictions(with(std::move(facts))).size(); }

TEST(Consistency, RoundingOfPrintedNumbers) {
  const auto equal = base::Qualifier::equal, about = base::Qualifier::about;
  EXPECT_NEAR(rounding_uncertainty(0.42, equal), 0.005 / 0.42 / std::sqrt(3.0), 1e-12);
  EXPECT_NEAR(rounding_uncertainty(1.2e-3, about), 2 * 0.05 / 1.2 / std::sqrt(3.0), 1e-12);
  EXPECT_NEAR(rounding_uncertainty(70, equal), 0.5 / 7 / std::sqrt(3.0), 1e-12);
  EXPECT_NEAR(reading_uncertainty(2.9e-4, equal), 0.05 / 2.9 / std::sqrt(3.0), 1e-12);
  for (const double power : {1e-12, 1e-3, 0.1, 10.0}) {
    EXPECT_NEAR(reading_uncertainty(power, equal), 0.3 * std::log(10.0), 1e-12);
  }
  for (const double power : {2.512e-3, 3.981e-5, 1.995e-3, 5.012e-4}) {
    EXPECT_NEAR(reading_uncertainty(power, equal), 0.05 * std::log(10.0) / std::sqrt(3.0), 1e-12);
  }
  EXPECT_THROW(reading_uncertainty(0.0, equal), base::ParameterError);
  EXPECT_THROW(rounding_uncertainty(-1.0, equal), base::ParameterError);
}

TEST(Consistency, ComparesWithBothForms) {
  const ReadConductivity cold{300, 0, 1e-2, 0.02}, hot{400, 0, 1.0, 0.02};
  const EnergyComparison between = compare_energy(cold, hot, {0.49, 0.005, {}});
  EXPECT_NEAR(between.implied_sigma_eV, 0.4762, 1e-4);
  EXPECT_NEAR(between.implied_sigma_t_eV, 0.5060, 1e-4);
  EXPECT_EQ(between.discrepancy_eV, 0.0);
  EXPECT_FALSE(between.contradiction);
  EXPECT_TRUE(compare_energy(cold, hot, {0.40, 0.005, {}}).contradiction);
  EXPECT_TRUE(compare_energy(cold, hot, {0.60, 0.005, {}}).contradiction);
  EXPECT_NEAR(compare_energy(cold, hot, {0.60, 0.005, {}}).discrepancy_eV, 0.60 - between.implied_sigma_t_eV, 1e-12);
  // The form, when it is said, counts alone.
  EXPECT_TRUE(compare_energy(cold, hot, {0.4762, 0.002, ArrheniusForm::sigma_t}).contradiction);
  EXPECT_FALSE(compare_energy(cold, hot, {0.4762, 0.002, ArrheniusForm::sigma}).contradiction);
  // Small differences are never a contradiction, however well known.
  EXPECT_FALSE(compare_energy({300, 0, 1e-2, 0.0}, {400, 0, 1.0, 0.0}, {0.515, 0.0, {}}).contradiction);
  EXPECT_TRUE(compare_energy({300, 0, 1e-2, 0.0}, {400, 0, 1.0, 0.0}, {0.56, 0.0, {}}).contradiction);
  // The order of the two conductivities does not matter.
  EXPECT_NEAR(compare_energy(cold, hot, {0.6, 0.01, {}}).significance,
              compare_energy(hot, cold, {0.6, 0.01, {}}).significance, 1e-9);
  EXPECT_THROW(compare_energy(cold, cold, {0.6, 0.01, {}}), base::ParameterError);
}

TEST(Consistency, FindsAContradictionAndAcceptsAgreement) {
  EXPECT_EQ(contradictions(pair_and_energy(0.34)), 1U);
  EXPECT_EQ(contradictions(pair_and_energy(0.62)), 1U);
  EXPECT_EQ(contradictions(pair_and_energy(0.48)), 0U);
  EXPECT_EQ(check_energies(with(pair_and_energy(0.48))).size(), 1U);
  const library::Library library = with(pair_and_energy(0.34));
  const auto found = find_contradictions(library);
  EXPECT_EQ(found[0].cold->id, "A");
  EXPECT_EQ(found[0].hot->id, "B");
  EXPECT_EQ(describe(found[0]), "X: 0.47 eV (sigma) or 0.49 eV (sigma T) implied by A and B, 0.34 eV stated in E");
}

// Every reason not to combine facts, one at a time, takes the false alarm away.
TEST(Consistency, DoesNotCombineWhatDoesNotBelongTogether) {
  const auto without = [](auto change) {
    std::vector<Fact> facts = pair_and_energy(0.34);
    change(facts);
    return contradictions(std::move(facts));
  };
  EXPECT_EQ(without([](auto&) {}), 1U);
  EXPECT_EQ(without([](auto& f) { f[0].source = "another"; }), 0U);
  EXPECT_EQ(without([](auto& f) { f[0].references = {"paper:2"}; }), 0U);
  EXPECT_EQ(without([](auto& f) {
              f[0].phase = "cubic";
              f[1].phase = "hexagonal";
            }),
            0U);
  EXPECT_EQ(without([](auto& f) {
              f[2].phase = "cubic";
              f[1].phase = "hexagonal";
            }),
            0U);
  EXPECT_EQ(without([](auto& f) {
              f[0].subject = "X (cubic)";
              f[1].subject = "X (hexagonal)";
            }),
            0U);
  EXPECT_EQ(without([](auto& f) {
              f[0].preparation = "ball-milled";
              f[1].preparation = "not milled";
            }),
            0U);
  EXPECT_EQ(without([](auto& f) {
              f[0].preparation = "milled 24 h";
              f[1].preparation = "milled 50 h";
            }),
            0U);
  EXPECT_EQ(without([](auto& f) {
              f[0].preparation = "25 vol% ZrO2";
              f[1].preparation = "50 vol% ZrO2";
            }),
            0U);
  EXPECT_EQ(without([](auto& f) {
              f[0].preparation = "melt-infiltrated";
              f[1].preparation = "solvothermal";
            }),
            0U);
  EXPECT_EQ(without([](auto& f) { f[0].qualifier = base::Qualifier::less; }), 0U);
  EXPECT_EQ(without([](auto& f) { f[1].qualifier = base::Qualifier::greater_equal; }), 0U);
  EXPECT_EQ(without([](auto& f) { f[0].kind = library::Kind::computed; }), 0U);
  EXPECT_EQ(without([](auto& f) { f[2].kind = library::Kind::computed; }), 0U);
  EXPECT_EQ(without([](auto& f) { f[0].pressure = 4e9; }), 0U);
  EXPECT_EQ(without([](auto& f) { f[1].flags = {"temperature_lower_limit"}; }), 0U);
  EXPECT_EQ(without([](auto& f) { f[0].temperature = 370.0; }), 0U);
  EXPECT_EQ(without([](auto& f) { f[0].temperature.reset(); }), 0U);
  EXPECT_EQ(without([](auto& f) {
              f[2].temperature = 310.0;
              f[2].temperature_hi = 380.0;
            }),
            0U);
  EXPECT_EQ(without([](auto& f) { f[2].quantity = "activation energy (process not named)"; }), 0U);
  EXPECT_EQ(without([](auto& f) { f.push_back(transition("T", 340)); }), 0U);
  EXPECT_EQ(without([](auto& f) { f[0].from_user = true; }), 0U);
  // A transition outside the pair changes nothing.
  EXPECT_EQ(without([](auto& f) { f.push_back(transition("T", 600)); }), 1U);
}

TEST(Consistency, OrdersOfMagnitudeAndAboutAreWide) {
  std::vector<Fact> facts{conductivity("A", 300, 1e-4), conductivity("B", 375, 1e-3), energy("E", 0.43)};
  // Implied 0.30 eV, but powers of ten.
  EXPECT_EQ(contradictions(facts), 0U);
  facts[0].value = 1.02e-4;
  facts[0].value_si = 1.02e-2;
  facts[1].value = 1.04e-3;
  facts[1].value_si = 0.104;
  EXPECT_EQ(contradictions(facts), 1U);
  facts[1].flags = {"order_of_magnitude"};
  EXPECT_EQ(contradictions(facts), 0U);
}

TEST(Consistency, RangesAndStatedUncertaintiesAreUsed) {
  std::vector<Fact> facts = pair_and_energy(0.37);
  ASSERT_EQ(contradictions(facts), 1U);
  facts[2].uncertainty = 0.05;
  EXPECT_EQ(contradictions(facts), 0U);
  facts = pair_and_energy(0.37);
  facts[2].value_hi = 0.60;
  facts[2].value_hi_si = facts[2].unit.to_si(0.60);
  EXPECT_EQ(contradictions(facts), 0U);
  facts = pair_and_energy(0.37);
  facts[0].uncertainty = 0.5e-4;
  facts[0].uncertainty_si = 0.5e-2;
  EXPECT_EQ(contradictions(facts), 0U);
  facts = pair_and_energy(0.37);
  facts[0].value_hi = 9e-4;
  facts[0].value_hi_si = 9e-2;
  EXPECT_EQ(contradictions(facts), 0U);
  facts = pair_and_energy(45.2);  // kJ/mol, 0.4685 eV
  facts[2].unit = base::Unit::parse("kJ/mol");
  EXPECT_EQ(contradictions(facts), 0U);
  facts[2].value = 32.8;  // 0.34 eV
  EXPECT_EQ(contradictions(facts), 1U);
}

TEST(Consistency, SamePassageGoesBeforeOtherPassages) {
  // A second sample at 375 K, from another passage, would imply nonsense with A.
  std::vector<Fact> facts = pair_and_energy(0.48);
  Fact other = conductivity("C", 375, 4.2e-5);
  other.locator = "3.1";
  facts.push_back(other);
  EXPECT_EQ(contradictions(facts), 0U);
  for (Fact& f : facts) f.locator = f.id;  // no passage has a pair; A stays alone, since B and C disagree
  EXPECT_TRUE(check_energies(with(facts)).empty());
}

class ConsistencyOfTheLibrary : public ::testing::Test {
 protected:
  static const library::Library& get() {
    static const library::Library library = library::Library::load(std::filesystem::path(CLOSO_SOURCE_DIR) / "data");
    return library;
  }
};

// The contradictions that a careful reader finds in the two publications, and no others.
TEST_F(ConsistencyOfTheLibrary, KnownContradictionsAndNoFalseAlarm) {
  const auto found = find_contradictions(get());
  std::vector<std::string> materials;
  for (const EnergyCheck& check : found) materials.push_back(check.energy->material);
  std::ranges::sort(materials);
  EXPECT_EQ(materials, (std::vector<std::string>{"Li2B12H12", "Na2(CB9H10)(CB11H12)"}));
  for (const EnergyCheck& check : found) {
    if (check.energy->material == "Li2B12H12") {
      EXPECT_EQ(check.energy->id, "ACT010");
      EXPECT_EQ(check.cold->id, "CON038");
      EXPECT_EQ(check.hot->id, "CON039");
      EXPECT_NEAR(check.comparison.implied_sigma_eV, 0.222, 0.001);
      EXPECT_NEAR(check.comparison.implied_sigma_t_eV, 0.252, 0.001);
    } else {
      EXPECT_EQ(check.energy->id, "ACT014");
      EXPECT_NEAR(check.comparison.implied_sigma_eV, 0.273, 0.001);
      EXPECT_NEAR(check.comparison.implied_sigma_t_eV, 0.296, 0.001);
    }
  }
}

TEST_F(ConsistencyOfTheLibrary, HehnPairIsConsistentWithinRounding) {
  const auto checks = check_energies(get());
  const auto hehn = std::ranges::find_if(checks, [](const EnergyCheck& c) { return c.energy->id == "ACT020"; });
  ASSERT_NE(hehn, checks.end());
  EXPECT_FALSE(hehn->comparison.contradiction);
  EXPECT_NEAR(hehn->comparison.implied_sigma_t_eV, 0.439, 0.001);
  EXPECT_LT(hehn->comparison.significance, 2.0);
}

}  // namespace
}  // namespace closo::transport
