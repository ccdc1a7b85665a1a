#include "closo/tasks/detail/cycle_points.hpp"

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::tasks::detail {
namespace {

TEST(CyclePoints, CapacitiesInBothBasesAndRetention) {
  const CyclePoints specific = parse_cycle_points(
      "cycle,charge capacity (mAh/g),discharge capacity (mAh/g)\n1,210,200\n2,,\n10,185,180\n", "a.csv", 0.01);
  ASSERT_EQ(specific.capacity.size(), 2U);
  EXPECT_NEAR(specific.capacity[1].value, 180.0 * 3600.0, 1e-6);
  EXPECT_EQ(specific.capacity[1].cycle, 10.0);
  EXPECT_NEAR(specific.retention[1].value, 0.9, 1e-12);
  EXPECT_EQ(specific.capacity[1].hover, "a.csv, line 4");
  // 1 mAh/cm² on 10 g/m² is 1000 mAh/g.
  const CyclePoints areal = parse_cycle_points("Cycle number;Capacity (mAh/cm2)\n1;1\n", "b.csv", 0.01);
  EXPECT_NEAR(areal.capacity[0].value, 1000.0 * 3600.0, 1e-6);
  const CyclePoints kept = parse_cycle_points("cycle,retention (%)\n0,100\n150,60.5\n", "c.csv", 0.01);
  EXPECT_TRUE(kept.capacity.empty());
  EXPECT_NEAR(kept.retention[1].value, 0.605, 1e-12);
  EXPECT_NEAR(parse_cycle_points("cycle,retention\n1,0.9\n", "d.csv", 0.01).retention[0].value, 0.9, 1e-12);
}

TEST(CyclePoints, DefectsAreNamedWithTheirPlace) {
  const auto refused = [](const char* text, const std::string& words) {
    try {
      parse_cycle_points(text, "m.csv", 0.01);
      ADD_FAILURE() << text;
    } catch (const base::InputError& error) {
      EXPECT_NE(error.problem().find(words), std::string::npos) << error.problem();
      EXPECT_EQ(error.place().file, "m.csv");
    }
  };
  refused("number,capacity (mAh/g)\n1,200\n", "no column 'cycle'");
  refused("cycle,voltage (V)\n1,2\n", "neither a column");
  refused("cycle,capacity (V)\n1,2\n", "no capacity");
  refused("cycle,capacity\n1,2\n", "no capacity");
  refused("cycle,capacity (mAh/h2x)\n1,2\n", "unit");
  refused("cycle,retention (V)\n1,2\n", "no fraction");
  refused("cycle,retention\n1,95\n", "without a unit");
  refused("cycle,capacity (mAh/g)\n1,many\n", "");
  refused("cycle,capacity (mAh/g)\n-1,200\n", "below 0");
  refused("cycle,capacity (mAh/g)\n1,-200\n", "below 0");
  refused("cycle,capacity (mAh/g)\n,200\n", "no row");
}

TEST(CyclePoints, TheLibraryKnowsHehnsCell) {
  System system;
  system.mobile_ion = "Li";
  system.electrolyte.material = "Li2B12H12";
  CompositeEntry composite;
  composite.filler = "ZrO2";
  composite.fraction = base::parse_quantity("25 vol%");
  system.composite = composite;
  Context context;
  context.data = std::string(CLOSO_SOURCE_DIR) + "/data";
  EXPECT_TRUE(library_cycle_points(system, context).retention.empty()) << "without a cathode";
  CathodeEntry cathode;
  cathode.active = "TiS2";
  system.cathode = cathode;
  const CyclePoints points = library_cycle_points(system, context);
  ASSERT_EQ(points.retention.size(), 1U);
  EXPECT_EQ(points.retention[0].cycle, 150.0);
  EXPECT_NEAR(points.retention[0].value, 0.605, 1e-9);
  ASSERT_FALSE(points.capacity.empty());
  EXPECT_NEAR(points.capacity[0].value, 205.0 * 3600.0, 1e-6);
}

}  // namespace
}  // namespace closo::tasks::detail
