#include "closo/tasks/detail/series_state.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "closo/base/error.hpp"

namespace closo::tasks::detail {
namespace {

class SeriesStateFile : public testing::Test {
 protected:
  ~SeriesStateFile() override { std::filesystem::remove(file_); }
  static impedance::Spectrum spectrum(double resistance) {
    impedance::Spectrum result;
    result.frequency = {1.0, 10.0};
    result.impedance = {{resistance, -1.0}, {resistance, -0.1}};
    return result;
  }
  std::filesystem::path file_ =
      std::filesystem::temp_directory_path() / ("closo_series_state_" + std::to_string(::getpid()) + ".json");
};

TEST_F(SeriesStateFile, AStoppedRunFindsItsOptimaAgain) {
  {
    SeriesState state(file_, "R0-CPE1");
    EXPECT_FALSE(state.find(spectrum(1.0)));
    state.add(spectrum(1.0), {1.0, 2e-6, 0.9});
    state.save();
  }
  const SeriesState again(file_, "R0-CPE1");
  ASSERT_TRUE(again.find(spectrum(1.0)));
  EXPECT_EQ(*again.find(spectrum(1.0)), (std::vector<double>{1.0, 2e-6, 0.9}));
  EXPECT_FALSE(again.find(spectrum(1.0 + 1e-12))) << "changed data are another spectrum";
  EXPECT_EQ(SeriesState(file_, "R0").size(), 0U) << "another circuit starts anew";
}

TEST_F(SeriesStateFile, WritesWithoutBeingAskedAfterAFew) {
  SeriesState state(file_, "R0");
  for (int i = 0; i < 10; ++i) state.add(spectrum(i + 1.0), {1.0});
  EXPECT_EQ(SeriesState(file_, "R0").size(), 10U);
}

TEST_F(SeriesStateFile, ARunThatEndsByAnExceptionKeepsWhatItHas) {
  try {
    SeriesState state(file_, "R0");
    state.add(spectrum(1.0), {1.0});
    throw base::Cancelled();
  } catch (const base::Cancelled&) {
  }
  EXPECT_EQ(SeriesState(file_, "R0").size(), 1U);
}

TEST_F(SeriesStateFile, OtherFilesAreRefusedAndStay) {
  std::ofstream(file_) << "{\"schema\":\"other\"}";
  EXPECT_THROW(SeriesState(file_, "R0"), base::InputError);
  std::ofstream(file_) << "not json";
  EXPECT_THROW(SeriesState(file_, "R0"), base::InputError);
  EXPECT_GT(std::filesystem::file_size(file_), 0U);
}

TEST(SeriesState, WithoutAFileNothingIsKept) {
  SeriesState state({}, "R0");
  impedance::Spectrum spectrum;
  spectrum.frequency = {1.0};
  spectrum.impedance = {{1.0, 0.0}};
  state.add(spectrum, {1.0});
  EXPECT_NO_THROW(state.save());
}

}  // namespace
}  // namespace closo::tasks::detail
