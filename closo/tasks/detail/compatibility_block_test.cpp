#include "closo/tasks/detail/compatibility_block.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace closo::tasks::detail {
namespace {

using stability::InterfaceEnergies;
using stability::PairResult;
using stability::Partner;

MatrixMember member(const std::string& name, Partner::Role role) {
  return {{name, base::Formula::parse(name), nullptr}, role, {}};
}

InterfaceEnergies energies(double no_mixing, double mixing, double mutual) {
  InterfaceEnergies result;
  result.no_mixing_A_eV = no_mixing;
  result.mixing_eV = mixing;
  result.mutual_eV = mutual;
  return result;
}

/// Invented: a cathode that reacts when charged, an inert coating, and carbon that was not computed.
std::vector<CompatibilityBlock> invented() {
  CompatibilityBlock block{"Li",
                           {member("LiBH4", Partner::Role::coating)},
                           {member("LiCoO2", Partner::Role::cathode), member("Al2O3", Partner::Role::coating),
                            member("C", Partner::Role::carbon)},
                           {}};
  PairResult cathode{"LiBH4", "LiCoO2", Partner::Role::cathode, 3.9, {}, {}, {}, {}, "", false, false};
  cathode.closed_discharged = energies(0.0, -0.03, -0.03);
  cathode.closed_charged = energies(0.0, -0.83, -0.8);
  cathode.open_discharged = energies(-0.34, -1.05, -0.3);
  PairResult coating{"LiBH4", "Al2O3", Partner::Role::coating, {}, {}, {}, {}, {}, "", false, false};
  coating.closed_discharged = energies(-0.2, -0.2, 0.0);  // LiBH4 alone closed: not the coating's doing
  PairResult carbon{"LiBH4", "C", Partner::Role::carbon, {}, {}, {}, {}, {}, "no carbon", true, false};
  block.pairs = {cathode, coating, carbon};
  return {block};
}

TEST(CompatibilityBlock, TheWorstEnergyDecides) {
  const std::vector<CompatibilityBlock> blocks = invented();
  EXPECT_EQ(*worst_energy(blocks[0].pairs[0]), -0.8);
  EXPECT_EQ(*worst_energy(blocks[0].pairs[1]), 0.0);
  EXPECT_FALSE(worst_energy(blocks[0].pairs[2]));
}

TEST(CompatibilityBlock, TablesHaveOneRowAPairWithItsReason) {
  const report::Table all = compatibility_table(invented());
  ASSERT_EQ(all.rows.size(), 3U);
  for (const auto& row : all.rows) EXPECT_EQ(row.size(), all.columns.size());
  EXPECT_EQ(std::get<std::string>(all.rows[0][14]), "strong");
  EXPECT_EQ(std::get<std::string>(all.rows[1][14]), "stable");
  EXPECT_EQ(std::get<std::string>(all.rows[2][14]), "not in the set");
  EXPECT_EQ(std::get<std::string>(all.rows[2][15]), "no carbon; LiBH4 counts as its equilibrium phases");
  const report::Table few = compatibility_pairs(invented());
  ASSERT_EQ(few.rows.size(), 3U);
  for (const auto& row : few.rows) EXPECT_EQ(row.size(), few.columns.size());
  const report::Table remarks = compatibility_remarks(invented());
  ASSERT_EQ(remarks.rows.size(), 1U);
  EXPECT_EQ(std::get<std::string>(remarks.rows[0][0]), "LiBH4 | C");
}

TEST(CompatibilityBlock, TheSummaryCountsClasses) {
  const report::Table table = compatibility_summary(invented());
  ASSERT_EQ(table.rows.size(), 1U);
  EXPECT_EQ(*std::get<report::Value>(table.rows[0][2]).value, 1.0);
  EXPECT_EQ(*std::get<report::Value>(table.rows[0][3]).value, 0.0);
  EXPECT_EQ(*std::get<report::Value>(table.rows[0][5]).value, 1.0);
  EXPECT_EQ(std::get<std::string>(table.rows[0][6]), "Al2O3");
}

TEST(CompatibilityBlock, WhatHasNoClassIsNamed) {
  std::vector<CompatibilityBlock> blocks = invented();
  EXPECT_EQ(materials_without_class(blocks), "");
  for (stability::PairResult& pair : blocks[0].pairs) pair.electrolyte_is_assumed_on_hull = true;
  EXPECT_EQ(materials_without_class(blocks), "LiBH4");
  EXPECT_TRUE(compatibility_summary(blocks).rows.empty());
}

TEST(CompatibilityBlock, MapsOnlyWhereThereIsAValue) {
  std::vector<CompatibilityBlock> blocks = invented();
  EXPECT_EQ(compatibility_maps(blocks).size(), 3U);
  blocks[0].pairs[0].closed_charged.reset();
  EXPECT_EQ(compatibility_maps(blocks).size(), 2U);
  blocks[0].pairs[0].open_discharged.reset();
  EXPECT_EQ(compatibility_maps(blocks).size(), 1U);
}

TEST(CompatibilityBlock, MapsNameTheStateOfTheElectrode) {
  std::vector<CompatibilityBlock> blocks = invented();
  ElectrodeStates states;
  states.discharged = base::Formula::parse("LiCoO2");
  states.charged = base::Formula::parse("CoO2");
  blocks[0].partners[0].states = states;
  const std::vector<report::Figure> maps = compatibility_maps(blocks);
  const auto has_hover = [](const report::Figure& map, const std::string& start) {
    return std::ranges::any_of(map.layers, [&](const report::Layer& layer) {
      return std::ranges::any_of(layer.hover, [&](const std::string& text) { return text.starts_with(start); });
    });
  };
  EXPECT_TRUE(has_hover(maps.at(0), "LiBH₄ | LiCoO₂: -0.03"));
  EXPECT_TRUE(has_hover(maps.at(1), "LiBH₄ | CoO₂: -0.8"));
}

TEST(CompatibilityBlock, TheFileStartsWithItsDefinitions) {
  const EnergyBasis basis{stability::EntrySet("invented", {}),
                          library::EnergyKind::static_dft,
                          "A. Uthor 2026",
                          "10.1000/x",
                          "CC-BY 4.0",
                          {}};
  const std::string text = compatibility_csv(compatibility_table(invented()), basis);
  EXPECT_TRUE(text.starts_with("# "));
  for (const std::string word : {"invented", "A. Uthor 2026", "DOI 10.1000/x", "CC-BY 4.0", "per atom"}) {
    EXPECT_NE(text.find(word), std::string::npos) << word;
  }
  EXPECT_NE(text.find("\nion,electrolyte,partner,role"), std::string::npos);
  EXPECT_NE(text.find("Li,LiBH4,LiCoO2,cathode"), std::string::npos);
}

}  // namespace
}  // namespace closo::tasks::detail
