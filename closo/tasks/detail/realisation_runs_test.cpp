#include "closo/tasks/detail/realisation_runs.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "closo/base/error.hpp"

namespace closo::tasks::detail {
namespace {

RealisationRun run_of(double fraction, std::uint64_t seed) {
  RealisationRun run;
  run.recipe.oxide_fraction = fraction;
  run.recipe.particle_radius = 4e-9;
  run.recipe.interphase_thickness = 1e-9;
  run.grid.size = {20, 20, 20};
  run.grid.voxel = 0.5e-9;
  run.grid.seed = seed;
  RoleConductivities roles{};
  roles[0] = 1e-4;
  roles[1] = 1e-1;
  run.conductivities = {roles};
  roles[1] = 1e-4;
  run.conductivities.push_back(roles);
  return run;
}

std::vector<RealisationRun> series() {
  std::vector<RealisationRun> runs;
  for (const double fraction : {0.1, 0.3, 0.5}) {
    for (const std::uint64_t seed : {1U, 1001U}) runs.push_back(run_of(fraction, seed));
  }
  return runs;
}

std::vector<std::vector<double>> numbers(const std::vector<RealisationResult>& results) {
  std::vector<std::vector<double>> all;
  for (const RealisationResult& result : results) all.push_back(result.conductivity);
  return all;
}

class RealisationStateFile : public testing::Test {
 protected:
  ~RealisationStateFile() override { std::filesystem::remove(file_); }
  std::filesystem::path file_ =
      std::filesystem::temp_directory_path() / ("closo_scan_state_" + std::to_string(::getpid()) + ".json");
};

TEST_F(RealisationStateFile, AStoppedScanGoesOnAndGivesTheSameAnswer) {
  const std::vector<RealisationRun> runs = series();
  const auto whole = numbers(run_realisations(runs, {}));
  RunOptions options;
  options.state = file_;
  options.progress = [](double share, std::string_view) { return share < 0.45; };
  EXPECT_THROW(run_realisations(runs, options), base::Cancelled);
  const std::size_t kept = RealisationState(file_).size();
  EXPECT_GE(kept, 2U);
  EXPECT_LT(kept, runs.size());
  options.progress = {};
  const std::vector<RealisationResult> resumed = run_realisations(runs, options);
  EXPECT_EQ(numbers(resumed), whole);
  std::size_t from_state = 0;
  for (const RealisationResult& result : resumed) from_state += result.from_state ? 1U : 0U;
  EXPECT_EQ(from_state, kept);
  EXPECT_EQ(RealisationState(file_).size(), runs.size());
}

TEST_F(RealisationStateFile, ThreadsChangeNothing) {
  const std::vector<RealisationRun> runs = series();
  RunOptions two;
  two.threads = 2;
  two.state = file_;
  EXPECT_EQ(numbers(run_realisations(runs, two)), numbers(run_realisations(runs, {})));
}

TEST_F(RealisationStateFile, AChangedRunIsAnotherRun) {
  RealisationState state(file_);
  const RealisationRun run = run_of(0.3, 1);
  RealisationResult result;
  result.conductivity = {0.1 + 0.2, 1e-4};
  result.reached.oxide = 0.3;
  state.add(run, result);
  const RealisationState again(file_);
  ASSERT_TRUE(again.find(run).has_value());
  EXPECT_EQ(again.find(run)->conductivity, result.conductivity) << "to the last bit";
  EXPECT_EQ(again.find(run)->reached.oxide, 0.3);
  for (int what = 0; what < 6; ++what) {
    RealisationRun other = run;
    if (what == 0) other.recipe.oxide_fraction += 1e-12;
    if (what == 1) other.grid.seed = 2;
    if (what == 2) other.grid.voxel = 0.6e-9;
    if (what == 3) other.conductivities[0][1] *= 2.0;
    if (what == 4) other.recipe.pore_volume = 1e-4;
    if (what == 5) other.grid.periodic = false;
    EXPECT_FALSE(again.find(other).has_value()) << what;
  }
}

TEST_F(RealisationStateFile, OtherFilesAreRefusedAndStay) {
  for (const char* text : {"{\"schema\":\"other\",\"runs\":{}}", "{", "{\"schema\":\"closo-scan/1\"}",
                           "{\"schema\":\"closo-scan/1\",\"runs\":{\"a\":{\"conductivity\":\"x\"}}}"}) {
    std::ofstream(file_) << text;
    EXPECT_THROW(RealisationState{file_}, base::InputError) << text;
    EXPECT_TRUE(std::filesystem::exists(file_));
  }
}

TEST(RealisationRuns, EqualConductivitiesLeaveOnlyTheGeometry) {
  // With interphase = bulk the result is the conductor around spheres: below the bulk and the Hashin–Shtrikman bound.
  const RealisationResult result = run_realisation(run_of(0.3, 1));
  ASSERT_EQ(result.conductivity.size(), 2U);
  const double share = 1.0 - result.reached.oxide;
  EXPECT_LT(result.conductivity[1], 1e-4 * 2.0 * share / (3.0 - share) * 1.02);
  EXPECT_GT(result.conductivity[1], 0.3e-4);
  EXPECT_GT(result.conductivity[0], result.conductivity[1]);
  EXPECT_TRUE(result.converged);
}

TEST(RealisationRuns, ALayerThinnerThanTwoVoxelsConductsToo) {
  RealisationRun run = run_of(0.3, 1);
  run.grid.voxel = 1e-9;
  const RealisationResult result = run_realisation(run);
  EXPECT_EQ(result.reached.oxide > 0.0, true);
  EXPECT_GT(result.conductivity[0], 3.0 * result.conductivity[1]);
}

TEST(RealisationRuns, ImpossibleRecipesAreRefused) {
  RealisationRun run = run_of(0.3, 1);
  run.recipe.oxide_fraction = 1.5;
  EXPECT_THROW(run_realisation(run), base::ParameterError);
}

}  // namespace
}  // namespace closo::tasks::detail
