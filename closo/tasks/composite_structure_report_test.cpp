#include <gtest/gtest.h>

#include "closo/tasks/composite_structure.hpp"
#include "closo/tasks/impedance_trial_test.hpp"

namespace closo::tasks {
namespace {

using trial::arguments_of;
using trial::Given;
using trial::text_of;
using trial::value_of;

Structure made(const Given& given) { return make_structure(structure_request(arguments_of(given), Context{})); }

report::Report page_of(const Structure& structure) {
  report::Report report;
  report.sections.push_back(structure_section(structure));
  report.sections.back().blocks.emplace_back(percolation_table(structure, {true, false, true, false}));
  return report;
}

TEST(CompositeStructureReport, SaysWhatTheRecipeAskedForAndGot) {
  const Structure structure = made({{"fraction", "50 vol%"},
                                    {"surface-area", "95 m2/g"},
                                    {"density", "5.89 g/cm3"},
                                    {"pore-volume", "0.246 cm3/g"},
                                    {"interphase", "1 nm"},
                                    {"size", "48"}});
  const report::Report report = page_of(structure);
  const auto& recipe = trial::block_of<report::Table>(report, "recipe");
  for (std::size_t row = 0; row < 4; ++row)
    EXPECT_NEAR(*value_of(recipe, row, "asked").value, *value_of(recipe, row, "reached").value, 2.0) << row;
  EXPECT_NEAR(*value_of(recipe, 5, "asked").value, 69.0, 0.5);
  const auto& phases = trial::block_of<report::Table>(report, "phases");
  double sum = 0.0;
  for (std::size_t row = 0; row < phases.rows.size(); ++row)
    sum += *value_of(phases, row, "fraction_vol_percent").value;
  EXPECT_NEAR(sum, 100.0, 1e-9);
  EXPECT_FALSE(trial::block_of<report::Table>(report, "interfaces").rows.empty());
}

TEST(CompositeStructureReport, LayersSpanAlongThemselvesOnly) {
  const Structure structure = made({{"model", "layers"},
                                    {"layer", "bulk 25 %"},
                                    {"layer", "insulator 25 %"},
                                    {"layer", "bulk 25 %"},
                                    {"layer", "carbon 25 %"},
                                    {"size", "8"}});
  const report::Report report = page_of(structure);
  const auto& paths = trial::block_of<report::Table>(report, "percolation");
  EXPECT_EQ(text_of(paths, 0, "phase"), "bulk");
  EXPECT_EQ(text_of(paths, 0, "spans"), "x, y");
  EXPECT_EQ(*value_of(paths, 0, "connected_x_percent").value, 100.0);
  EXPECT_EQ(*value_of(paths, 0, "connected_z_percent").value, 0.0);
  EXPECT_EQ(text_of(paths, 0, "components"), "2");
  EXPECT_EQ(*value_of(paths, 0, "largest_percent").value, 50.0);
  EXPECT_EQ(text_of(paths, paths.rows.size() - 1, "phase"), "all that conduct");
  EXPECT_EQ(percolation_table(structure).rows.size(), paths.rows.size() - 1);
}

TEST(CompositeStructureReport, SaysThatALayerHasNoVoxels) {
  const Structure structure = made(
      {{"fraction", "20 vol%"}, {"particle-size", "20 nm"}, {"interphase", "1 nm"}, {"voxel", "2 nm"}, {"size", "16"}});
  report::Report report;
  report.sections.push_back(structure_section(structure));
  const auto& items = trial::block_of<report::KeyValues>(report, "structure");
  EXPECT_NE(report::to_text(trial::item_of(items, "interphase")).find("no voxels"), std::string::npos);
}

}  // namespace
}  // namespace closo::tasks
