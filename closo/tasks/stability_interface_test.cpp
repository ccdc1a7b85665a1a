#include "closo/tasks/stability_interface.hpp"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;
using Given = std::vector<std::pair<std::string, std::string>>;

report::Report ask(const std::string& a, const std::string& b, Given given = {}) {
  Arguments arguments;
  given.emplace_back("electrolyte", a);
  given.emplace_back("partner", b);
  bool has_draws = false;
  for (const auto& [name, text] : given) {
    arguments.set(name, text);
    has_draws = has_draws || name == "draws";
  }
  if (!has_draws) arguments.set("draws", "0");
  Context context;
  context.data = CLOSO_SOURCE_DIR "/data";
  return run(stability_interface_task, arguments, context);
}

const report::Table* find_table(const report::Report& report, const std::string& id) {
  for (const report::Section& section : report.sections) {
    for (const report::Block& block : section.blocks) {
      const auto* table = std::get_if<report::Table>(&block);
      if (table != nullptr && table->id == id) return table;
    }
  }
  return nullptr;
}

std::size_t column_of(const report::Table& table, const std::string& key) {
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    if (table.columns[column].key == key) return column;
  }
  ADD_FAILURE() << "no column '" << key << "'";
  return 0;
}

/// An energy of the row for a partner (as shown) whose condition begins so; fails the test when there is none.
double energy(const report::Report& report, const std::string& partner, const std::string& condition,
              const std::string& key) {
  const report::Table* table = find_table(report, "energies");
  if (table == nullptr) {
    ADD_FAILURE() << "no table of energies";
    return NAN;
  }
  for (const auto& row : table->rows) {
    if (!std::get<std::string>(row[0]).ends_with("| " + partner)) continue;
    if (!std::get<std::string>(row[1]).starts_with(condition)) continue;
    return *std::get<report::Value>(row[column_of(*table, key)]).value;
  }
  ADD_FAILURE() << "no row " << partner << ", " << condition;
  return NAN;
}

// Recomputed independently from the same entries (PBE(+U), Materials Project 2019 corrections); the literature's
// values differ (docs/tasks/stability_interface.md).
TEST(StabilityInterface, LithiumBorohydrideAgainstOxidesOpenToLithium) {
  const struct {
    const char* cathode;
    double no_mixing, mixing;
  } known[] = {{"LiCoO2", -0.34, -1.05}, {"LiFePO4", -0.25, -0.45}, {"LiMnO2", -0.24, -0.74}};
  for (const auto& [cathode, no_mixing, mixing] : known) {
    const report::Report report = ask("LiBH4", cathode);
    EXPECT_NEAR(energy(report, cathode, "open", "no_mixing_A_eV_per_atom"), no_mixing, 0.0055) << cathode;
    EXPECT_NEAR(energy(report, cathode, "open", "mixing_eV_per_atom"), mixing, 0.0055) << cathode;
  }
}

TEST(StabilityInterface, ClosedLithiumBorohydride) {
  for (const std::string inert : {"Al2O3", "ZrO2", "Li3PO4", "SiO2"}) {
    EXPECT_NEAR(energy(ask("LiBH4", inert), inert, "closed", "mixing_eV_per_atom"), 0.0, 1e-4) << inert;
  }
  EXPECT_NEAR(energy(ask("LiBH4", "LiNbO3"), "LiNbO3", "closed", "mixing_eV_per_atom"), -0.062, 1e-3);
  const report::Report charged = ask("LiBH4", "LiCoO2");
  EXPECT_NEAR(energy(charged, "CoO2", "closed", "mixing_eV_per_atom"), -0.827, 1e-3);
}

TEST(StabilityInterface, JudgesByTheWorstContact) {
  const report::Report report = ask("LiBH4", "LiCoO2", {{"draws", "30"}});
  const report::Table* judgement = find_table(report, "judgement");
  ASSERT_NE(judgement, nullptr);
  ASSERT_EQ(judgement->rows.size(), 1U);
  EXPECT_EQ(std::get<std::string>(judgement->rows[0][1]), "strong");
  EXPECT_GT(*std::get<report::Value>(judgement->rows[0][3]).value, 99.0);
  const auto* reactions = std::get_if<report::KeyValues>(&report.sections.front().blocks.back());
  ASSERT_NE(reactions, nullptr);
  EXPECT_NE(std::get<std::string>(reactions->items.front().second).find("→"), std::string::npos);
  EXPECT_EQ(std::get<std::string>(find_table(ask("LiBH4", "Al2O3"), "judgement")->rows[0][1]), "stable");
  const report::Table* kinks = find_table(report, "kinks_3");
  ASSERT_NE(kinks, nullptr);
  int marked = 0;
  for (const auto& row : kinks->rows) marked += std::get<std::string>(row.back()).empty() ? 0 : 1;
  EXPECT_EQ(marked, 1);
}

// The driving force is convex in the share, and its least value is the table's.
// Shares are rounded to 0.1 at%, which moves a line by up to 1.5 meV.
TEST(StabilityInterface, KinksAreConvex) {
  for (const auto& [a, b] : std::vector<std::pair<std::string, std::string>>{
           {"LiBH4", "LiCoO2"}, {"Li3PS4", "LiFePO4"}, {"Na2B12H12", "NaCrO2"}, {"Mg(BH4)2", "TiO2"}}) {
    const report::Report report = ask(a, b);
    const report::Table* energies = find_table(report, "energies");
    ASSERT_NE(energies, nullptr);
    for (std::size_t k = 1; k <= energies->rows.size(); ++k) {
      const report::Table* kinks = find_table(report, "kinks_" + std::to_string(k));
      ASSERT_NE(kinks, nullptr);
      std::vector<double> x, e;
      for (const auto& row : kinks->rows) {
        x.push_back(*std::get<report::Value>(row[0]).value);
        e.push_back(*std::get<report::Value>(row[1]).value);
      }
      EXPECT_EQ(x.front(), 0.0);
      EXPECT_EQ(x.back(), 100.0);
      double least = 0.0;
      for (const double each : e) least = std::min(least, each);
      EXPECT_NEAR(*std::get<report::Value>(energies->rows[k - 1][4]).value, least, 1.01e-4) << a << " " << b;
      for (std::size_t i = 1; i + 1 < x.size(); ++i) {
        const double line = e[i - 1] + (e[i + 1] - e[i - 1]) * (x[i] - x[i - 1]) / (x[i + 1] - x[i - 1]);
        EXPECT_LE(e[i], line + 1.5e-3) << a << " " << b;
      }
    }
  }
}

TEST(StabilityInterface, WithACoatingBothContactsCount) {
  const report::Report report = ask("LiBH4", "LiCoO2", {{"coating", "Li3PO4"}, {"coating", "Al2O3"}});
  const report::Table* judgement = find_table(report, "judgement");
  ASSERT_NE(judgement, nullptr);
  ASSERT_EQ(judgement->rows.size(), 3U);
  EXPECT_EQ(std::get<std::string>(judgement->rows[1][0]), "Li3PO4");
  EXPECT_NEAR(energy(report, "Li3PO4", "closed", "mutual_eV_per_atom"), 0.0, 1e-4);
  const report::Table* table = find_table(report, "coating_reactions");
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->rows.size(), 10U);  // a layer: 2 with the electrolyte, 3 with the cathode
}

TEST(StabilityInterface, PotentialGivenFoundOrNone) {
  const auto condition = [](const report::Report& report) {
    return std::get<std::string>(find_table(report, "energies")->rows.back()[1]);
  };
  EXPECT_EQ(condition(ask("LiBH4", "LiCoO2", {{"at", "3.7 V"}})), "open at 3.7 V");
  EXPECT_EQ(condition(ask("LiBH4", "TiS2")), "open at 2 V");
  EXPECT_EQ(condition(ask("LiBH4", "Li")), "open at 0 V");
  EXPECT_EQ(condition(ask("LiBH4", "Al2O3")), "closed");
  EXPECT_EQ(condition(ask("LiBH4", "Al2O3", {{"at", "4 V"}})), "open at 4 V");
  EXPECT_EQ(find_table(ask("Al2O3", "SiO2"), "energies")->rows.size(), 1U);
}

TEST(StabilityInterface, AtTheMetalOnlyTheElectrolyteDecomposes) {
  const report::Report report = ask("Li3PS4", "Li");
  EXPECT_LT(energy(report, "Li", "open", "no_mixing_A_eV_per_atom"), -0.5);
  EXPECT_NEAR(energy(report, "Li", "open", "mutual_eV_per_atom"), 0.0, 1e-9);
  EXPECT_NEAR(energy(ask("Li2O", "Li"), "Li", "open", "no_mixing_A_eV_per_atom"), 0.0, 1e-4);
}

TEST(StabilityInterface, OverPotentialAgreesWithOnePotential) {
  const report::Report range = ask("LiBH4", "LiCoO2", {{"from", "1 V"}, {"to", "4 V"}});
  const report::Table* table = find_table(range, "over_potential");
  ASSERT_NE(table, nullptr);
  ASSERT_EQ(table->rows.size(), 11U);
  const report::Report once = ask("LiBH4", "LiCoO2", {{"at", "4 V"}});
  EXPECT_NEAR(*std::get<report::Value>(table->rows.back()[3]).value,
              energy(once, "LiCoO2", "open", "mixing_eV_per_atom"), 1.01e-4);
  EXPECT_NEAR(*std::get<report::Value>(table->rows.front()[0]).value, 1.0, 1e-12);
}

TEST(StabilityInterface, AChargedStateOfOnesOwn) {
  const report::Report report = ask("LiBH4", "LiCoO2", {{"charged", "Li0.5CoO2"}});
  EXPECT_LT(energy(report, "Li0.5CoO2", "closed", "mixing_eV_per_atom"), -0.3);
}

TEST(StabilityInterface, SaysWhatIsNotInTheSetAndWhatWasSwapped) {
  const report::Report absent = ask("LiCB11(CN)12", "TiS2");
  ASSERT_FALSE(absent.doubts.empty());
  EXPECT_NE(absent.doubts.front().find("is not in the set"), std::string::npos);
  const report::Report swapped = ask("LiCoO2", "LiBH4");
  EXPECT_EQ(swapped.title, "LiBH4 | LiCoO2");
  EXPECT_FALSE(swapped.warnings.empty());
}

void expect_refused(const std::string& a, const std::string& b, const Given& given, const std::string& word) {
  try {
    ask(a, b, given);
    ADD_FAILURE() << a << " and " << b << " were accepted";
  } catch (const base::Error& error) {
    EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
  }
}

TEST(StabilityInterface, Refuses) {
  expect_refused("LiBH4", "LiCoO2", {{"from", "1 V"}}, "both ends");
  expect_refused("LiBH4", "LiCoO2", {{"from", "3 V"}, {"to", "2 V"}}, "above --from");
  expect_refused("LiBH4", "LiCoO2", {{"draws", "5"}}, "at least 10");
  expect_refused("LiBH4", "LiCoO2", {{"draws", "-1"}}, "at least 10");
  expect_refused("LiBH4", "LiCoO2", {{"charged", "NiO2"}}, "with more or less Li");
  expect_refused("LiBH4", "LiCoO2", {{"charged", "Qq"}}, "charged");
  expect_refused("LiBH4", "LiCoO2", {{"at", "3 A"}}, "V");
  expect_refused("LiBH4", "LiCoO2", {{"ion", "Xx"}}, "Li");
  expect_refused("LiBH4", "LiXo2", {}, "partner");
  expect_refused("Li2B12H12-ZrO2", "LiCoO2", {}, "Li2B12H12");
  expect_refused("Al2O3", "SiO2", {{"at", "3 V"}}, "ion");
  expect_refused("Al2O3", "SiO2", {{"from", "1 V"}, {"to", "3 V"}}, "ion");
  expect_refused("LiBH4", "LiCoO2", {{"coating", "zirconiun"}}, "coating");
  expect_refused("LiBH4", "LiCoO2", {{"set", "statik"}}, "static");
}

}  // namespace
}  // namespace closo::tasks
