#include "closo/transport/detail/sample_group.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/transport/library_facts_test.hpp"

namespace closo::transport::detail {
namespace {

using test::conductivity;
using test::energy;
using test::transition;
using test::with;

std::vector<SampleGroup> groups_of(const library::Library& library) {
  return sample_groups(library, library.materials()[0], transition_bands(library, "X"));
}

TEST(SampleGroup, NumbersThatDisagreeAtOneTemperatureAreTwoSamples) {
  const library::Library library =
      with({conductivity("A", 300, 1.2e-4), conductivity("B", 350, 8.1e-4), conductivity("C", 350, 1.3e-5)});
  const auto groups = groups_of(library);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].points.size(), 2U);
  EXPECT_EQ(groups[1].points[0].fact->id, "C");
}

TEST(SampleGroup, ARestatementCountsOnce) {
  std::vector<library::Fact> facts{conductivity("A", 298, 1.2e-4), conductivity("B", 300, 1.2e-4)};
  facts[0].flags = {"nominal_temperature"};
  const library::Library library = with(facts);
  const auto groups = groups_of(library);
  ASSERT_EQ(groups.size(), 1U);
  ASSERT_EQ(groups[0].points.size(), 1U);
  EXPECT_EQ(groups[0].points[0].fact->id, "B") << "the one that says its temperature";
}

TEST(SampleGroup, EnergiesOfTheSameMakingGoFirst) {
  std::vector<library::Fact> facts{conductivity("A", 300, 1.2e-4), energy("E1", 0.34), energy("E2", 0.52)};
  facts[0].preparation = "not milled";
  facts[2].subject = "X pristine";
  facts[2].source = "another paper";
  const library::Library library = with(facts);
  const auto groups = groups_of(library);
  ASSERT_EQ(groups.size(), 1U);
  ASSERT_EQ(groups[0].energies.size(), 1U);
  EXPECT_EQ(groups[0].energies[0].fact->id, "E2");
  // Of another reference: 0.03 and 0.05 eV, and the form is not said (kT/sqrt(3) at 320 K).
  EXPECT_NEAR(groups[0].energies[0].uncertainty_eV, std::sqrt(0.03 * 0.03 + 0.05 * 0.05 + 0.0275757 * 0.0275757 / 3),
              1e-6);
}

TEST(SampleGroup, LawsNeedTwoTemperaturesOrAnEnergy) {
  const library::Library one = with({conductivity("A", 300, 1.2e-4)});
  EXPECT_FALSE(line_through_points(groups_of(one)[0], 0).has_value());
  EXPECT_FALSE(combined_law(groups_of(one)[0], 0).has_value());
  const library::Library close = with({conductivity("A", 300, 1.2e-4), conductivity("B", 306, 1.6e-4)});
  EXPECT_FALSE(line_through_points(groups_of(close)[0], 0).has_value());
  const library::Library two = with({conductivity("A", 300, 1.2e-4), conductivity("B", 340, 6.6e-4)});
  const auto line = line_through_points(groups_of(two)[0], 0);
  ASSERT_TRUE(line.has_value());
  EXPECT_NEAR(line->law.conductivity(300), 1.2e-2, 1e-8);
  EXPECT_NEAR(line->law.conductivity(340), 6.6e-2, 1e-8);
  EXPECT_EQ(line->facts.size(), 2U);
  EXPECT_FALSE(combined_law(groups_of(two)[0], 1).has_value()) << "another phase";
  const library::Library anchored = with({conductivity("A", 300, 1.2e-4), energy("E", 0.4, 0.01)});
  const auto law = combined_law(groups_of(anchored)[0], 0);
  ASSERT_TRUE(law.has_value());
  EXPECT_NEAR(law->law.segments[0].activation_energy_eV, 0.4, 1e-9);
  EXPECT_NEAR(law->law.conductivity(300), 1.2e-2, 1e-9);
}

// A precise energy and precise points: the weighted mean lies between them, nearer to what is known better.
TEST(SampleGroup, PointsAndEnergyShareTheLaw) {
  const auto energy_with = [](double uncertainty) {
    const library::Library library =
        with({conductivity("A", 300, 1.2e-4), conductivity("B", 360, 1.9e-3), energy("E", 0.30, uncertainty)});
    return combined_law(groups_of(library)[0], 0)->law.segments[0].activation_energy_eV;
  };
  const library::Library bare = with({conductivity("A", 300, 1.2e-4), conductivity("B", 360, 1.9e-3)});
  const double points_alone = line_through_points(groups_of(bare)[0], 0)->law.segments[0].activation_energy_eV;
  EXPECT_GT(points_alone, 0.40);
  EXPECT_NEAR(energy_with(0.001), 0.30, 0.02);
  EXPECT_GT(energy_with(0.2), energy_with(0.02));
  EXPECT_LT(energy_with(0.2), points_alone);
}

TEST(SampleGroup, APhaseTransitionSeparatesTheLaws) {
  const library::Library library = with({conductivity("A", 300, 1.2e-7), conductivity("B", 420, 1.2e-2),
                                         conductivity("C", 450, 2.4e-2), transition("T", 390)});
  const auto groups = groups_of(library);
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_FALSE(line_through_points(groups[0], 0).has_value());
  ASSERT_TRUE(line_through_points(groups[0], 1).has_value());
  EXPECT_EQ(line_through_points(groups[0], 1)->facts.size(), 2U);
}

}  // namespace
}  // namespace closo::transport::detail
