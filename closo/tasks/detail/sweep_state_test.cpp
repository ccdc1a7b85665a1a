#include "closo/tasks/detail/sweep_state.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "closo/base/error.hpp"

namespace closo::tasks::detail {
namespace {

std::filesystem::path place(const char* name) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / name;
  std::filesystem::remove(path);
  return path;
}

cell::CellOutcome trial() {
  cell::CellOutcome outcome;
  outcome.status = cell::OutcomeStatus::stopped;
  outcome.reason = "the \"voltage\" fell\nbelow";
  outcome.end = cell::StepEnd::voltage;
  outcome.charge = 0.1 + 0.2;
  outcome.energy = 1.0 / 3.0;
  outcome.duration = 1e-300;
  outcome.losses.separator = 2.0 / 7.0;
  outcome.losses.side_reaction = -1e-17;
  outcome.theoretical_capacity = 123.456;
  outcome.active_mass = 0.01;
  outcome.stack.areal_mass = 1.0 / 9.0;
  return outcome;
}

TEST(SweepState, EverythingComesBackBitForBit) {
  const std::filesystem::path path = place("sweep_state.json");
  {
    SweepState state(path);
    EXPECT_FALSE(state.find("a"));
    state.add("a", trial());
  }
  SweepState again(path);
  EXPECT_EQ(again.size(), 1U);
  EXPECT_FALSE(again.find("b"));
  const std::optional<cell::CellOutcome> found = again.find("a");
  ASSERT_TRUE(found);
  const cell::CellOutcome expected = trial();
  EXPECT_EQ(found->status, expected.status);
  EXPECT_EQ(found->reason, expected.reason);
  EXPECT_EQ(found->end, expected.end);
  EXPECT_EQ(found->charge, expected.charge);
  EXPECT_EQ(found->energy, expected.energy);
  EXPECT_EQ(found->duration, expected.duration);
  EXPECT_EQ(found->losses, expected.losses);
  EXPECT_EQ(found->stack.areal_mass, expected.stack.areal_mass);
  EXPECT_FALSE(found->stack.thickness);
}

TEST(SweepState, WithoutAFileNothingIsKept) {
  SweepState state({});
  state.add("a", trial());
  EXPECT_EQ(state.size(), 0U);
  EXPECT_FALSE(state.find("a"));
}

TEST(SweepState, OtherFilesAreRefused) {
  const std::filesystem::path path = place("no_sweep_state.json");
  for (const char* text : {"hello", "{}", "{\"schema\": \"closo-scan/1\", \"runs\": {}}",
                           "{\"schema\": \"closo-cell-sweep/1\", \"cells\": {\"a\": {\"status\": 0}}}"}) {
    std::ofstream(path) << text;
    EXPECT_THROW(SweepState{path}, base::InputError) << text;
  }
}

}  // namespace
}  // namespace closo::tasks::detail
