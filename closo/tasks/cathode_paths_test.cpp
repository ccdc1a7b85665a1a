#include "closo/tasks/cathode_paths.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/error.hpp"

namespace closo::tasks {
namespace {

ConductivityTable shipped() {
  Context context;
  context.data = std::filesystem::path(CLOSO_SOURCE_DIR) / "data";
  return shipped_cathode_paths(context);
}

TEST(CathodePaths, StayBelowTheHashinShtrikmanBound) {
  const ConductivityTable runs = shipped();
  for (double particles = 0.05; particles < 0.7; particles += 0.05) {
    for (double electrolyte = 0.2; electrolyte + particles <= 1.0; electrolyte += 0.05) {
      const CathodePaths paths = cathode_paths(runs, particles, electrolyte);
      // Non-conducting shares of any shape: 2 φ/(3 − φ) of the bulk at most. Three standard errors of the runs.
      EXPECT_LT(paths.relative, 1.06 * 2.0 * electrolyte / (3.0 - electrolyte)) << particles << ' ' << electrolyte;
      EXPECT_GT(paths.tortuosity, 0.97);
    }
  }
}

TEST(CathodePaths, OfFewParticlesFollowTheThreeHalvesPower) {
  // To first order both are 1 − 3/2 of the spheres (Maxwell); with many spheres the paths are longer than that power
  // says.
  const ConductivityTable runs = shipped();
  for (const double particles : {0.05, 0.1, 0.2, 0.3, 0.4}) {
    const CathodePaths paths = cathode_paths(runs, particles, 1.0 - particles);
    EXPECT_NEAR(paths.relative / paths.bruggeman, 1.0, 0.1) << particles;
    EXPECT_FALSE(paths.is_outside);
  }
  for (const double particles : {0.5, 0.6, 0.7}) {
    const CathodePaths paths = cathode_paths(runs, particles, 1.0 - particles);
    EXPECT_LT(paths.relative, paths.bruggeman) << particles;
    EXPECT_GT(paths.relative, 0.75 * paths.bruggeman) << particles;
  }
}

TEST(CathodePaths, VoidsLengthenThem) {
  const ConductivityTable runs = shipped();
  double last = 0.0;
  for (const double voids : {0.0, 0.1, 0.2, 0.3}) {
    const CathodePaths paths = cathode_paths(runs, 0.35, 0.65 - voids);
    EXPECT_GT(paths.tortuosity, last);
    last = paths.tortuosity;
  }
}

TEST(CathodePaths, SaysWhenTheRunsDoNotReach) {
  const ConductivityTable runs = shipped();
  EXPECT_TRUE(cathode_paths(runs, 0.3, 0.05).is_outside);
  EXPECT_TRUE(cathode_paths(runs, 0.9, 0.05).is_outside);
  EXPECT_TRUE(cathode_paths(runs, 0.8, 0.2).is_outside);
  EXPECT_TRUE(cathode_paths(runs, 0.01, 0.5).is_outside);
  EXPECT_FALSE(cathode_paths(runs, 0.35, 0.5).is_outside);
}

TEST(CathodePaths, Refuses) {
  const ConductivityTable runs = shipped();
  EXPECT_THROW(cathode_paths(runs, -0.1, 0.5), base::ParameterError);
  EXPECT_THROW(cathode_paths(runs, 1.0, 0.1), base::ParameterError);
  EXPECT_THROW(cathode_paths(runs, 0.5, 0.0), base::ParameterError);
  EXPECT_THROW(cathode_paths(runs, 0.5, 0.6), base::ParameterError);
  Context nowhere;
  nowhere.data = "/nowhere";
  EXPECT_THROW(shipped_cathode_paths(nowhere), base::InputError);
}

}  // namespace
}  // namespace closo::tasks
