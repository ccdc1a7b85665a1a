#include "closo/tasks/detail/contact_tables.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace closo::tasks::detail {
namespace {

using base::Formula;

/// Invented energies [eV per formula unit]: Li2O reacts with CoO2, and nothing with Al2O3.
stability::EntrySet invented() {
  std::vector<stability::Entry> entries;
  for (const auto& [name, energy] : std::vector<std::pair<std::string, double>>{
           {"LiCoO2", -7.0}, {"CoO2", -3.1}, {"Li2O", -6.2}, {"Al2O3", -17.0}}) {
    stability::Entry entry;
    entry.name = name;
    entry.formula = Formula::parse(name);
    entry.energy_eV = energy;
    entries.push_back(entry);
  }
  return stability::EntrySet("invented", entries);
}

ContactGroup group(const std::string& a, const std::string& b, bool is_coating) {
  const std::vector<Formula> materials{Formula::parse(a), Formula::parse(b)};
  ContactGroup result{stability::ChemicalSystem(invented(), elements_with(materials, "Li")), {}};
  for (const bool open : {false, true}) {
    ContactResult contact{a,  b, open ? "open at 3.9 V" : "closed", is_coating, {{materials[0]}, {materials[1]}, {}},
                          {}, {}};
    if (open) contact.contact.open = reservoir_at("Li", 3.9);
    contact.reaction =
        stability::interface_reaction(result.system, contact.contact.a, contact.contact.b, contact.contact.open);
    contact.spread = JudgedSpread{contact.judged(), 0.01, open ? 0.25 : 0.5};
    result.contacts.push_back(std::move(contact));
  }
  return result;
}

std::vector<ContactGroup> layered() {
  return {group("Li2O", "CoO2", false), group("Li2O", "Al2O3", true), group("Al2O3", "CoO2", true)};
}

const report::Table& first_table(const report::Section& section) {
  return std::get<report::Table>(section.blocks.front());
}

TEST(ContactTables, OneRowAContactAndCondition) {
  const std::vector<ContactGroup> groups = layered();
  const report::Table energies = energy_table(groups);
  ASSERT_EQ(energies.rows.size(), 6U);
  EXPECT_EQ(std::get<std::string>(energies.rows[0][0]), "Li2O | CoO2");
  EXPECT_EQ(std::get<std::string>(energies.rows[1][1]), "open at 3.9 V");
  const report::Table spreads = spread_table(groups, 50);
  ASSERT_EQ(spreads.rows.size(), 6U);
  EXPECT_EQ(*std::get<report::Value>(spreads.rows[0][4]).value, 50.0);
  for (const auto& row : energies.rows) EXPECT_EQ(row.size(), energies.columns.size());
  for (const auto& row : spreads.rows) EXPECT_EQ(row.size(), spreads.columns.size());
}

// Li2O + 2 CoO2 → 2 LiCoO2 + ½ O2 is downhill by 14.0 − 12.4 = 1.6 eV for 9 atoms.
TEST(ContactTables, TheKinkTableMarksTheWorstReaction) {
  const ContactGroup bare = group("Li2O", "CoO2", false);
  const report::Table table = kink_table(bare.contacts[0], 1);
  EXPECT_EQ(table.id, "kinks_1");
  std::size_t marked = 0;
  for (const auto& row : table.rows) {
    if (std::get<std::string>(row[4]).empty()) continue;
    ++marked;
    EXPECT_NEAR(*std::get<report::Value>(row[1]).value, -1.6 / 9.0, 1e-4);
    EXPECT_NE(std::get<std::string>(row[3]).find("LiCoO2"), std::string::npos);
  }
  EXPECT_EQ(marked, 1U);
  for (const auto& row : kink_table(group("Al2O3", "CoO2", true).contacts[0], 2).rows) {
    EXPECT_EQ(std::get<std::string>(row[4]), "");
  }
}

TEST(ContactTables, JudgesBareAndWithEachLayer) {
  const report::Section section = judgement_section(layered(), {"Al2O3"}, true);
  const report::Table& table = first_table(section);
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.columns.size(), table.rows[0].size());
  EXPECT_NE(std::get<std::string>(table.rows[0][1]), "stable");
  EXPECT_EQ(*std::get<report::Value>(table.rows[0][3]).value, 50.0);
  EXPECT_EQ(section.blocks.size(), 2U);
  const report::Table without = first_table(judgement_section(layered(), {"Al2O3"}, false));
  EXPECT_EQ(without.columns.size(), without.rows[0].size());
  EXPECT_EQ(without.columns.size() + 1, table.columns.size());
}

TEST(ContactTables, OnlyContactsOfCoatingsAmongTheCoatings) {
  const report::Table table = first_table(coating_section(layered()));
  ASSERT_EQ(table.rows.size(), 4U);
  EXPECT_EQ(std::get<std::string>(table.rows[0][0]), "Li2O | Al2O3");
  EXPECT_EQ(std::get<std::string>(table.rows[2][2]), "no reaction");
}

TEST(ContactTables, EnergiesAreRoundedAndNeverMinusZero) {
  EXPECT_EQ(*energy_value(-0.12346, "").value, -0.1235);
  EXPECT_EQ(report::to_text(energy_value(-1e-9, "")), "0 eV");
}

}  // namespace
}  // namespace closo::tasks::detail
