#include "closo/tasks/stability_hull.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::tasks {
namespace {

using Given = std::vector<std::pair<std::string, std::string>>;

report::Report ask(const Given& given) {
  Arguments arguments;
  for (const auto& [name, text] : given) arguments.set(name, text);
  Context context;
  context.data = CLOSO_SOURCE_DIR "/data";
  return run(stability_hull_task, arguments, context);
}

const report::Table& table(const report::Report& report, std::size_t block) {
  return std::get<report::Table>(report.sections.at(0).blocks.at(block));
}

double value(const report::Report& report, std::size_t row, std::size_t column) {
  return *std::get<report::Value>(table(report, 0).rows.at(row).at(column)).value;
}

std::string refusal(const Given& given) {
  try {
    ask(given);
  } catch (const base::Error& error) {
    return error.what();
  }
  ADD_FAILURE() << "nothing was refused";
  return {};
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(StabilityHull, StableAndUnstable) {
  const report::Report report = ask({{"compound", "LiBH4"}, {"compound", "Li10GeP2S12"}, {"draws", "0"}});
  EXPECT_EQ(value(report, 0, 2), 0.0);
  EXPECT_LT(value(report, 0, 3), -10.0);
  EXPECT_GT(value(report, 1, 2), 1.0);
  EXPECT_NEAR(value(report, 1, 2), value(report, 1, 3), 1e-9) << "above the hull both energies are the same";
  EXPECT_TRUE(holds(std::get<std::string>(table(report, 1).rows[1][2]), "Li3PS4"));
}

// Listed decomposition energies of the set (Bartel et al. 2020, DOI 10.1038/s41524-020-00362-y).
TEST(StabilityHull, AgreesWithTheListedDecomposition) {
  EXPECT_NEAR(value(ask({{"compound", "Al(BH4)3"}, {"draws", "0"}}), 0, 3), -57.479, 2.0);
}

TEST(StabilityHull, OwnEnergyByFormationAndByReaction) {
  const report::Report formation = ask({{"energy", "Li3B7H7: -0.35 eV/atom"}, {"draws", "0"}});
  EXPECT_NEAR(value(formation, 0, 1), -0.35, 1e-9);
  EXPECT_FALSE(formation.doubts.empty());
  EXPECT_EQ(std::get<report::Value>(table(formation, 0).rows[0][1]).kind, "estimated");
  const report::Report reaction = ask({{"energy", "Li3B7H7 -> 3 LiH + 7 B + 2 H2: 1 eV"}, {"draws", "0"}});
  // 17 atoms; LiH of the set is at E, so the formation energy is (3 E(LiH) - 1 eV)/17.
  const double hydride = 2.0 * value(ask({{"compound", "LiH"}, {"draws", "0"}}), 0, 1);
  EXPECT_NEAR(value(reaction, 0, 1), (3.0 * hydride - 1.0) / 17.0, 1e-9);
}

TEST(StabilityHull, OwnEnergyReplacesTheSets) {
  const report::Report report = ask({{"compound", "LiBH4"}, {"energy", "LiBH4: -0.1 eV/atom"}, {"draws", "0"}});
  ASSERT_EQ(table(report, 0).rows.size(), 1U);
  EXPECT_NEAR(value(report, 0, 1), -0.1, 1e-9);
  EXPECT_GT(value(report, 0, 2), 0.0);
  EXPECT_TRUE(std::ranges::any_of(report.warnings, [](const std::string& text) { return holds(text, "in place"); }));
}

TEST(StabilityHull, DrawsGiveASpreadAndAShare) {
  const report::Report report = ask({{"compound", "LiBH4"}, {"draws", "200"}, {"uncertainty", "1 meV/atom"}});
  EXPECT_GT(value(report, 0, 4), 0.5);
  EXPECT_LT(value(report, 0, 4), 5.0);
  EXPECT_EQ(value(report, 0, 5), 100.0) << "many standard deviations below the next assemblage";
}

TEST(StabilityHull, TellsWhatIsWrong) {
  EXPECT_TRUE(holds(refusal({}), "missing"));
  EXPECT_TRUE(holds(refusal({{"compound", "Li"}}), "element"));
  EXPECT_TRUE(holds(refusal({{"compound", "LiB3H3"}}), "nearest"));
  EXPECT_TRUE(holds(refusal({{"compound", "LiBH4"}, {"compound", "LiBH4"}}), "once"));
  EXPECT_TRUE(holds(refusal({{"compound", "LiBH4"}, {"exclude", "LiBH4"}}), "exclude"));
  EXPECT_TRUE(holds(refusal({{"compound", "LiBH4"}, {"draws", "3"}}), "draws"));
  EXPECT_TRUE(holds(refusal({{"compound", "LiBH4"}, {"draws", "-3"}}), "draws"));
  EXPECT_TRUE(holds(refusal({{"energy", "LiBH4 -2"}}), "colon"));
}

}  // namespace
}  // namespace closo::tasks
