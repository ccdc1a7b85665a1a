#include "closo/tasks/stability_vacancy.hpp"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::tasks {
namespace {

using Given = std::vector<std::pair<std::string, std::string>>;

report::Report ask(const std::vector<std::string>& compounds, Given given = {}) {
  Arguments arguments;
  for (const std::string& compound : compounds) arguments.set("compound", compound);
  for (const auto& [name, text] : given) arguments.set(name, text);
  if (!arguments.has("draws")) arguments.set("draws", "0");
  Context context;
  context.data = CLOSO_SOURCE_DIR "/data";
  return run(stability_vacancy_task, arguments, context);
}

const report::Table& table_of(const report::Report& report, const std::string& id) {
  for (const report::Section& section : report.sections) {
    for (const report::Block& block : section.blocks) {
      const auto* table = std::get_if<report::Table>(&block);
      if (table != nullptr && table->id == id) return *table;
    }
  }
  throw std::runtime_error("no table " + id);
}

enum Route : std::size_t { phase_equilibria = 2, extraction = 3, to_elements = 4 };

const report::Value& value_of(const report::Report& report, const std::string& compound, Route route) {
  for (const auto& row : table_of(report, "vacancies").rows) {
    if (std::get<std::string>(row[0]).starts_with(compound)) return std::get<report::Value>(row[route]);
  }
  throw std::runtime_error("no row " + compound);
}

double energy(const report::Report& report, const std::string& compound, Route route) {
  return *value_of(report, compound, route).value;
}

// z e times the oxidation limits 2.024, 3.184, 1.968 and 3.278 V of the same set.
TEST(StabilityVacancy, PhaseEquilibriaAreTheOxidationLimit) {
  const report::Report report = ask({"LiBH4", "Li2B12H12", "NaBH4", "Na2B12H12"});
  EXPECT_NEAR(energy(report, "LiBH4", phase_equilibria), 2.024, 2e-3);
  EXPECT_NEAR(energy(report, "Li2B12H12", phase_equilibria), 3.184, 2e-3);
  EXPECT_NEAR(energy(report, "NaBH4", phase_equilibria), 1.968, 2e-3);
  EXPECT_NEAR(energy(report, "Na2B12H12", phase_equilibria), 3.278, 2e-3);
}

// Cuan et al. 2018, DOI 10.1002/adma.201803533, sec. 2.2.4: BH4 below B12H12, monovalent below divalent cations.
TEST(StabilityVacancy, TheReviewsRankingHolds) {
  const report::Report report = ask({"Li2B12H12", "LiBH4", "NaBH4", "Na2B12H12", "Mg(BH4)2", "MgB12H12"});
  for (const Route route : {phase_equilibria, extraction}) {
    EXPECT_LT(energy(report, "LiBH4", route), energy(report, "Li2B12H12", route));
    EXPECT_LT(energy(report, "NaBH4", route), energy(report, "Na2B12H12", route));
    EXPECT_LT(energy(report, "Mg(BH4)2", route), energy(report, "MgB12H12", route));
    EXPECT_LT(energy(report, "LiBH4", route), energy(report, "Mg(BH4)2", route));
    EXPECT_LT(energy(report, "NaBH4", route), energy(report, "Mg(BH4)2", route));
    EXPECT_LT(energy(report, "Li2B12H12", route), energy(report, "MgB12H12", route));
    EXPECT_LT(energy(report, "Na2B12H12", route), energy(report, "MgB12H12", route));
  }
  EXPECT_EQ(value_of(report, "MgB12H12", phase_equilibria).kind, "estimated");
  EXPECT_EQ(value_of(report, "LiBH4", phase_equilibria).kind, "computed");
}

TEST(StabilityVacancy, RankedFromTheLowest) {
  const report::Report report = ask({"Na2B12H12", "LiBH4", "Li2B12H12", "NaBH4"});
  const report::Table& table = table_of(report, "vacancies");
  for (std::size_t i = 1; i < table.rows.size(); ++i) {
    EXPECT_LE(*std::get<report::Value>(table.rows[i - 1][phase_equilibria]).value,
              *std::get<report::Value>(table.rows[i][phase_equilibria]).value);
  }
}

// The first cation is the cheapest, and no phase of the framework is more than all of them.
TEST(StabilityVacancy, RoutesAreOrdered) {
  for (const std::string compound : {"LiBH4", "Li2B12H12", "NaBH4", "Na2B12H12", "Mg(BH4)2", "Li2B10H10"}) {
    const report::Report report = ask({compound});
    EXPECT_LE(energy(report, compound, phase_equilibria), energy(report, compound, extraction) + 1e-3) << compound;
    EXPECT_LE(energy(report, compound, extraction), energy(report, compound, to_elements) + 1e-3) << compound;
    const report::Table& reactions = table_of(report, "reactions");
    ASSERT_EQ(reactions.rows.size(), 3U);
    for (const auto& row : reactions.rows) {
      EXPECT_NE(std::get<std::string>(row[2]).find("→"), std::string::npos) << compound;
    }
  }
}

TEST(StabilityVacancy, DrawsGiveADeviationThatGrowsWithTheError) {
  const auto deviation = [](const char* error) {
    const report::Report report = ask({"LiBH4"}, {{"draws", "50"}, {"uncertainty", error}});
    return *value_of(report, "LiBH4", phase_equilibria).uncertainty;
  };
  const double small = deviation("5 meV/atom");
  const double large = deviation("50 meV/atom");
  EXPECT_GT(small, 0.0);
  EXPECT_GT(large, 3.0 * small);
  EXPECT_FALSE(value_of(ask({"LiBH4"}), "LiBH4", phase_equilibria).uncertainty);
}

void expect_refused(const std::vector<std::string>& compounds, const Given& given, const std::string& word) {
  try {
    ask(compounds, given);
    ADD_FAILURE() << compounds.back() << " was accepted";
  } catch (const base::Error& error) {
    EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
  }
}

TEST(StabilityVacancy, Refuses) {
  expect_refused({"LiCB11(CN)12"}, {}, "has no LiC13B11N12");
  expect_refused({"LiBH4"}, {{"ion", "Na"}}, "cation of LiBH4");
  expect_refused({"LiBH4"}, {{"ion", "Qq"}}, "Li");
  expect_refused({"LiBH4"}, {{"draws", "3"}}, "at least 10");
  expect_refused({"LiBH4"}, {{"draws", "-3"}}, "at least 10");
  expect_refused({"LiBH4"}, {{"uncertainty", "much"}}, "meV/atom");
  expect_refused({"BH4-"}, {}, "neutral");
  expect_refused({"Al2O3"}, {}, "ion");
  EXPECT_THROW(stability_vacancy({}, {}), base::ParameterError);
}

}  // namespace
}  // namespace closo::tasks
