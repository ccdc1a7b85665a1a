#include "closo/cell/fade.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "closo/cell/reference_cell_test.hpp"

namespace closo::cell {
namespace {

double share(const FadeSplit& split, FadeCause cause) {
  return split.capacity[static_cast<std::size_t>(cause)] / split.lost;
}

FadeSplit fade_of(const CellParameters& cell) {
  const Protocol protocol = parse_protocol(
      "Repeat 30 times:\nDischarge at 1C until 1.7 V\nCharge at 1C until 2.6 V\nHold at 2.6 V until C/50\nEnd");
  SimulationOptions options;
  options.keeps_rows = false;
  const SimulationResult result = simulate(cell, protocol, options);
  EXPECT_EQ(result.status, RunStatus::complete) << result.reason;
  const std::vector<CycleRow> rows = cycle_rows(protocol, result.steps);
  const std::optional<FadeSplit> split = split_fade(rows[1], rows.back());
  EXPECT_TRUE(split.has_value());
  EXPECT_NEAR(std::accumulate(split->capacity.begin(), split->capacity.end(), 0.0), split->lost, 1e-9 * split->lost);
  EXPECT_GT(split->lost, 0.005 * rows[1].discharge_capacity);
  return *split;
}

ContactModel breaking_contact(double isolated_share) {
  ContactModel contact;
  contact.partial_molar_volume = 4e-6;
  contact.residual_pressure = 20e6;
  contact.damage_per_strain = 0.15;
  contact.isolated_share = isolated_share;
  return contact;
}

TEST(Fade, OneCauseAloneIsFound) {
  CellParameters isolating = reference_cell();
  isolating.cathode.contact = breaking_contact(1.0);
  isolating.cathode.material.diffusivity.value *= 100.0;
  EXPECT_GT(share(fade_of(isolating), FadeCause::isolation), 0.8);

  CellParameters losing = reference_cell();
  losing.cathode.contact = breaking_contact(0.0);
  const FadeSplit contact = fade_of(losing);
  EXPECT_GT(share(contact, FadeCause::contact), 0.95);
  EXPECT_EQ(share(contact, FadeCause::isolation), 0.0);

  CellParameters filming = reference_cell();
  filming.cathode.growth = GrowthModel{0.0, {2e-22, 0.0}, {5e-8, 0.0}, {}};
  EXPECT_GT(share(fade_of(filming), FadeCause::interphase), 0.9);

  CellParameters metal = reference_cell();
  metal.anode.growth = GrowthModel{0.0, {2e-21, 0.0}, {1e-6, 0.0}, {}};
  EXPECT_GT(share(fade_of(metal), FadeCause::metal), 0.95);
}

// A film that is there from the start loses more where the area shrinks: that is contact, not growth.
TEST(Fade, AnOldFilmOnLessAreaIsContact) {
  CellParameters cell = reference_cell();
  cell.cathode.contact = breaking_contact(0.0);
  cell.cathode.film.resistance = 0.1;
  const FadeSplit split = fade_of(cell);
  EXPECT_GT(share(split, FadeCause::contact), 0.9);
  EXPECT_NEAR(share(split, FadeCause::interphase), 0.0, 0.06);
}

TEST(Fade, NeedsTwoDischargesAtTheSameCurrent) {
  CycleRow one;
  one.discharge_capacity = 100.0;
  one.largest_current = 5.0;
  CycleRow other = one;
  EXPECT_TRUE(split_fade(one, other).has_value());
  other.largest_current = 10.0;
  EXPECT_FALSE(split_fade(one, other).has_value());
  other.largest_current = 5.0;
  other.discharge_capacity = 0.0;
  EXPECT_FALSE(split_fade(one, other).has_value());
  EXPECT_FALSE(split_fade(other, one).has_value());
}

TEST(Fade, WhatCannotBeDividedIsOther) {
  CycleRow one;
  one.discharge_capacity = 100.0;
  one.largest_current = 5.0;
  CycleRow other = one;
  other.discharge_capacity = 90.0;
  const FadeSplit nothing_grew = *split_fade(one, other);
  EXPECT_FALSE(nothing_grew.is_divided);
  EXPECT_DOUBLE_EQ(nothing_grew.capacity[4], 10.0);
  other.discharge_losses.anode_interface = 0.9;
  other.discharge_losses.diffusion = -0.8;
  EXPECT_FALSE(split_fade(one, other)->is_divided);
  other.discharge_losses.diffusion = 0.3;
  const FadeSplit divided = *split_fade(one, other);
  EXPECT_TRUE(divided.is_divided);
  EXPECT_NEAR(divided.capacity[3], 7.5, 1e-12);
  EXPECT_NEAR(divided.overpotential[3], 0.01, 1e-15);
  EXPECT_NEAR(divided.capacity[1], 2.5, 1e-12);
}

TEST(Fade, CausesHaveNames) {
  EXPECT_EQ(to_string(FadeCause::isolation), "isolated particles");
  EXPECT_EQ(to_string(FadeCause::contact), "lost contact area");
  EXPECT_EQ(to_string(FadeCause::interphase), "interphase on the particles");
  EXPECT_EQ(to_string(FadeCause::metal), "interface of the metal");
  EXPECT_EQ(to_string(FadeCause::other), "other");
}

}  // namespace
}  // namespace closo::cell
