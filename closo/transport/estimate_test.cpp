#include "closo/transport/estimate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <vector>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/transport/library_facts_test.hpp"

namespace closo::transport {
namespace {

using library::Fact;
using test::conductivity;
using test::energy;
using test::transition;
using test::with;

// The facts of the estimate are gone with the library; everything else stays.
ConductivityEstimate at(std::vector<Fact> facts, double temperature) {
  return estimate_conductivity(with(std::move(facts)), "X", temperature).best;
}

TEST(Estimate, MeasuredWithinTwoAndAHalfKelvin) {
  const std::vector<Fact> facts{conductivity("A", 300, 1.2e-4)};
  const library::Library library = with(facts);
  const ConductivityEstimate e = estimate_conductivity(library, "X", 302.4).best;
  EXPECT_EQ(e.kind, EstimateKind::measured);
  EXPECT_NEAR(e.conductivity, 1.2e-2, 1e-15);
  EXPECT_GE(e.decades_uncertainty, 0.1);
  EXPECT_LT(e.decades_uncertainty, 0.15);
  ASSERT_EQ(e.facts.size(), 1U);
  EXPECT_EQ(e.facts[0]->id, "A");
  EXPECT_EQ(at(facts, 303).kind, EstimateKind::none);
}

TEST(Estimate, InterpolatesOnTheSigmaTLine) {
  const ArrheniusLaw truth = anchored_law(300, 1.23e-2, {}, 0.45, {});
  const std::vector<Fact> facts{conductivity("A", 300, 1.23e-4), conductivity("B", 360, truth.conductivity(360) / 100)};
  const ConductivityEstimate e = at(facts, 330);
  EXPECT_EQ(e.kind, EstimateKind::interpolated);
  EXPECT_NEAR(e.conductivity / truth.conductivity(330), 1.0, 1e-9);
  EXPECT_EQ(e.facts.size(), 2U);
  EXPECT_NEAR(e.distance, 30.0, 1e-9);
  // Halfway between two points of 0.1 decades each: at the floor.
  EXPECT_NEAR(e.decades_uncertainty, 0.1, 1e-9);
}

TEST(Estimate, ExtrapolatesWithAStatedEnergyAndGrowsWithDistance) {
  std::vector<Fact> facts{conductivity("A", 300, 1.2e-4), energy("E", 0.45, 0.02)};
  facts[1].conditions = {{"condition", "fit of sigma T"}};
  const ConductivityEstimate near = at(facts, 320), far = at(facts, 380);
  EXPECT_EQ(near.kind, EstimateKind::extrapolated);
  EXPECT_NEAR(near.conductivity / anchored_law(300, 1.2e-2, {}, 0.45, {}).conductivity(320), 1.0, 1e-9);
  EXPECT_LT(near.decades_uncertainty, far.decades_uncertainty);
  const double lever = (1 / 300.0 - 1 / 380.0) / base::boltzmann_constant_eV * 0.02 / std::log(10.0);
  EXPECT_NEAR(far.decades_uncertainty, std::hypot(0.1, lever), 1e-3);
  EXPECT_EQ(far.facts.size(), 2U);
}

TEST(Estimate, NeverThroughAPhaseTransition) {
  const std::vector<Fact> facts{conductivity("A", 300, 1.2e-7), conductivity("B", 420, 1.2e-2), energy("E", 0.69),
                                transition("T", 390, "orthorhombic", "hexagonal")};
  EXPECT_EQ(at(facts, 350).kind, EstimateKind::none) << "an energy of unknown phase must not be used";
  std::vector<Fact> named = facts;
  named[2].phase = "orthorhombic";
  EXPECT_EQ(at(named, 350).kind, EstimateKind::extrapolated);
  EXPECT_EQ(at(named, 400).kind, EstimateKind::none);
  const MaterialEstimate none = estimate_conductivity(with(named), "X", 400);
  EXPECT_FALSE(none.reason.empty());
  std::vector<Fact> band = named;
  band.push_back(transition("T2", 400));
  EXPECT_NE(estimate_conductivity(with(band), "X", 395).reason.find("transition lies between"), std::string::npos);
  EXPECT_NE(estimate_conductivity(with({conductivity("A", 300, 1e-4), transition("T", 390)}), "X", 410)
                .reason.find("beyond a phase transition"),
            std::string::npos);
}

TEST(Estimate, LeavesOutWhatIsNoMeasurementOfAnElectrolyteAtAmbientPressure) {
  const auto kind_with = [](auto change) {
    std::vector<Fact> facts{conductivity("A", 300, 1.2e-4)};
    change(facts[0]);
    return at(facts, 300).kind;
  };
  EXPECT_EQ(kind_with([](Fact&) {}), EstimateKind::measured);
  EXPECT_EQ(kind_with([](Fact& f) { f.kind = library::Kind::estimated; }), EstimateKind::measured);
  for (const auto kind :
       {library::Kind::summary, library::Kind::target, library::Kind::computed, library::Kind::setting}) {
    EXPECT_EQ(kind_with([kind](Fact& f) { f.kind = kind; }), EstimateKind::none);
  }
  EXPECT_EQ(kind_with([](Fact& f) { f.pressure = 4e9; }), EstimateKind::none);
  EXPECT_EQ(kind_with([](Fact& f) { f.qualifier = base::Qualifier::greater; }), EstimateKind::none);
  EXPECT_EQ(kind_with([](Fact& f) { f.quantity = "electronic conductivity"; }), EstimateKind::none);
  EXPECT_EQ(kind_with([](Fact& f) { f.temperature_hi = 350.0; }), EstimateKind::none);
}

TEST(Estimate, DoubtsWidenTheUncertainty) {
  const auto decades_with = [](auto change) {
    std::vector<Fact> facts{conductivity("A", 300, 1.2e-4)};
    change(facts[0]);
    return at(facts, 300).decades_uncertainty;
  };
  EXPECT_NEAR(decades_with([](Fact&) {}), 0.1, 1e-12);
  EXPECT_NEAR(decades_with([](Fact& f) { f.qualifier = base::Qualifier::about; }), 0.1, 1e-12) << "two digits";
  EXPECT_NEAR(decades_with([](Fact& f) {
                f.qualifier = base::Qualifier::about;
                f.value = 2e-4;
              }),
              0.3, 1e-12);
  EXPECT_NEAR(decades_with([](Fact& f) { f.flags = {"order_of_magnitude"}; }), 0.3, 1e-12);
  EXPECT_NEAR(decades_with([](Fact& f) { f.flags = {"doubtful"}; }), 0.3, 1e-12);
  EXPECT_NEAR(decades_with([](Fact& f) { f.flags = {"conflict"}; }), 0.5, 1e-12);
  EXPECT_NEAR(decades_with([](Fact& f) { f.kind = library::Kind::estimated; }), 0.5, 1e-12);
  EXPECT_NEAR(decades_with([](Fact& f) { f.flags = {"temperature_lower_limit"}; }), 0.5, 1e-12);
  EXPECT_GT(decades_with([](Fact& f) { f.flags = {"nominal_temperature"}; }), 0.12);
}

TEST(Estimate, PreparationsAreAlternatives) {
  std::vector<Fact> facts{conductivity("A", 300, 2.9e-4), conductivity("B", 300, 2.5e-7), energy("E", 0.5)};
  facts[0].preparation = "ball-milled 50 h";
  facts[1].preparation = "not milled";
  facts[1].flags = {"doubtful"};
  facts[2].subject = "X pristine";
  const library::Library library = with(facts);
  const MaterialEstimate e = estimate_conductivity(library, "X", 300);
  EXPECT_EQ(e.best.facts[0]->id, "A");
  EXPECT_EQ(e.best.preparation, "ball-milled 50 h");
  ASSERT_EQ(e.alternatives.size(), 1U);
  EXPECT_EQ(e.alternatives[0].facts[0]->id, "B");
  EXPECT_TRUE(e.alternatives[0].doubtful);
  // The energy of the pristine sample leads on from the sample that is not milled, and only from it.
  const MaterialEstimate warm = estimate_conductivity(library, "X", 330);
  EXPECT_EQ(warm.best.facts[0]->id, "B");
  EXPECT_TRUE(warm.alternatives.empty());
}

TEST(Estimate, OwnDataGoFirst) {
  std::vector<Fact> facts{conductivity("A", 300, 2.9e-4), conductivity("U", 300, 5.1e-4)};
  facts[1].from_user = true;
  facts[1].flags = {"doubtful"};
  const library::Library library = with(facts);
  const MaterialEstimate e = estimate_conductivity(library, "X", 300);
  EXPECT_EQ(e.best.facts[0]->id, "U");
  EXPECT_TRUE(e.best.from_user);
  EXPECT_EQ(e.alternatives.size(), 1U);
}

TEST(Estimate, KinksOfStatedRangesAreContinuous) {
  std::vector<Fact> facts{conductivity("A", 298, 5.2e-4), energy("E1", 0.517), energy("E2", 0.34)};
  facts[1].temperature = 218.0;
  facts[1].temperature_hi = 273.0;
  facts[2].temperature = 273.0;
  facts[2].temperature_hi = 468.0;
  const library::Library library = with(facts);
  const auto law = library_law(library, "X");
  ASSERT_TRUE(law.has_value());
  ASSERT_EQ(law->segments.size(), 2U);
  EXPECT_NEAR(law->transitions[0], 273.0, 1e-9);
  EXPECT_NEAR(law->segments[0].activation_energy_eV, 0.517, 1e-12);
  EXPECT_NEAR(law->segments[1].activation_energy_eV, 0.34, 1e-12);
  EXPECT_NEAR(law->segments[0].conductivity(273) / law->segments[1].conductivity(273), 1.0, 1e-12);
  EXPECT_NEAR(law->conductivity(298), 5.2e-2, 1e-12);
  EXPECT_NEAR(estimate_conductivity(library, "X", 250).best.conductivity, law->conductivity(250), 1e-12);
}

TEST(Estimate, FactsThatDisagreeWidenTheLaw) {
  const auto energy_uncertainty = [](double stated) {
    std::vector<Fact> facts{conductivity("A", 300, 1.02e-4), conductivity("B", 390, 6.1e-3), energy("E", stated, 0.01)};
    return std::sqrt(library_law(with(facts), "X")->segments[0].energy_variance);
  };
  EXPECT_GT(energy_uncertainty(0.2), 2.0 * energy_uncertainty(0.48));
}

TEST(Estimate, RankingAndTheRest) {
  const Ranking one = rank_at(with({conductivity("A", 300, 1e-4)}), 300);
  EXPECT_EQ(one.ranked.size(), 1U);
  const Ranking other = rank_at(with({conductivity("A", 300, 1e-4)}, {"class", "electrolyte"}), 300);
  EXPECT_TRUE(other.ranked.empty());
  EXPECT_TRUE(other.without.empty());
  const Ranking none = rank_at(with({}), 300);
  ASSERT_EQ(none.without.size(), 1U);
  EXPECT_FALSE(none.without[0].reason.empty());
}

TEST(Estimate, RefusesBadInput) {
  const library::Library library = with({conductivity("A", 300, 1e-4)});
  EXPECT_THROW(estimate_conductivity(library, "X", 0), base::ParameterError);
  EXPECT_THROW(estimate_conductivity(library, "Y", 300), base::InputError);
  EXPECT_THROW(rank_at(library, -1), base::ParameterError);
  EXPECT_THROW(library_law(library, "Y"), base::InputError);
  EXPECT_FALSE(library_law(library, "X").has_value());
  EXPECT_EQ(to_string(EstimateKind::measured), "measured");
  EXPECT_EQ(to_string(EstimateKind::interpolated), "interpolated");
  EXPECT_EQ(to_string(EstimateKind::extrapolated), "extrapolated");
  EXPECT_EQ(to_string(EstimateKind::none), "none");
}

class EstimateFromTheLibrary : public ::testing::Test {
 protected:
  static const library::Library& get() {
    static const library::Library library = library::Library::load(std::filesystem::path(CLOSO_SOURCE_DIR) / "data");
    return library;
  }
};

TEST_F(EstimateFromTheLibrary, LithiumBorohydrideLawOfTwoPhases) {
  const auto law = library_law(get(), "LiBH4");
  ASSERT_TRUE(law.has_value());
  ASSERT_EQ(law->segments.size(), 2U);
  EXPECT_NEAR(law->transitions[0], 390.0, 1e-9);
  EXPECT_NEAR(law->segments[0].activation_energy_eV, 0.69, 1e-9);
  EXPECT_NEAR(law->segments[1].activation_energy_eV, 0.53, 0.01);
  EXPECT_NEAR(law->conductivity(298), 1e-5, 1e-9);
  EXPECT_NEAR(std::log10(law->conductivity(443)), std::log10(1.0), 0.1);
  EXPECT_NEAR(std::log10(law->conductivity(393)), std::log10(0.2), 0.1);
  const auto hexagonal = library_law(get(), "LiBH4", "hexagonal");
  ASSERT_TRUE(hexagonal.has_value());
  EXPECT_EQ(hexagonal->segments.size(), 1U);
  EXPECT_FALSE(hexagonal->covers(300));
  EXPECT_TRUE(hexagonal->covers(400));
}

TEST_F(EstimateFromTheLibrary, HehnCompositeBetweenItsTwoMeasurements) {
  const MaterialEstimate e = estimate_conductivity(get(), "Li2B12H12-ZrO2", 328.15);
  EXPECT_EQ(e.best.kind, EstimateKind::interpolated);
  // The line through 2.9e-4 at 30 °C and 1.2e-3 S/cm at 60 °C (0.4394 eV, sigma T form).
  const double expected =
      0.12 * std::exp(-0.4394 / base::boltzmann_constant_eV * (1 / 328.15 - 1 / 333.15)) * 333.15 / 328.15;
  EXPECT_NEAR(e.best.conductivity / expected, 1.0, 1e-3);
  EXPECT_FALSE(e.best.doubtful);
}

TEST_F(EstimateFromTheLibrary, PristineLithiumClosoborateIsAnAlternative) {
  const MaterialEstimate e = estimate_conductivity(get(), "Li2B12H12", 393);
  EXPECT_EQ(e.best.kind, EstimateKind::measured);
  ASSERT_FALSE(e.alternatives.empty());
  const bool unmilled = std::ranges::any_of(e.alternatives, [](const ConductivityEstimate& a) {
    return a.preparation.find("not milled") != std::string::npos;
  });
  EXPECT_TRUE(unmilled || e.best.preparation.find("not milled") != std::string::npos);
}

TEST_F(EstimateFromTheLibrary, NothingIsSaidAcrossTransitionsAndRanksFall) {
  for (const double temperature : {298.15, 333.15, 393.0, 450.0}) {
    const Ranking ranking = rank_at(get(), temperature);
    EXPECT_GT(ranking.ranked.size(), 5U);
    for (std::size_t i = 0; i < ranking.ranked.size(); ++i) {
      const ConductivityEstimate& e = ranking.ranked[i].best;
      EXPECT_GT(e.conductivity, 0.0);
      EXPECT_GE(e.decades_uncertainty, 0.1);
      EXPECT_LE(e.decades_uncertainty, 1.5);
      EXPECT_FALSE(e.facts.empty());
      if (i > 0) {
        EXPECT_LE(e.conductivity, ranking.ranked[i - 1].best.conductivity);
      }
    }
    if (temperature < 360) {
      for (const char* material : {"Na2B12H12", "Na2B10H10", "LiCB11H12", "NaCB11H12"}) {
        const auto known =
            std::ranges::any_of(ranking.ranked, [material](const auto& m) { return m.material->id == material; });
        EXPECT_FALSE(known) << material << " is measured only above its transition";
      }
    }
  }
}

}  // namespace
}  // namespace closo::transport
