#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/stability/hull.hpp"
#include "closo/stability/hull_cases_test.hpp"
#include "closo/stability/thermo_data_test.hpp"

namespace closo::stability {
namespace {

using hull_cases::entry;

/// Determinant by Laplace expansion: the content of a facet, 1 for that of the elements.
double content(const ChemicalSystem& system, std::span<const std::size_t> facet, std::vector<std::size_t> rows) {
  if (facet.empty()) return 1.0;
  double sum = 0.0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::vector<std::size_t> rest = rows;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
    const double fraction = system.fractions()[facet.front() * system.elements().size() + rows[i]];
    sum += (i % 2 == 0 ? 1.0 : -1.0) * fraction * content(system, facet.subspan(1), rest);
  }
  return sum;
}

double content(const ChemicalSystem& system, const std::vector<std::size_t>& facet) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < system.elements().size(); ++i) rows.push_back(i);
  return std::abs(content(system, facet, rows));
}

using Named = std::set<std::vector<std::string>>;

Named named(const ChemicalSystem& system, const std::vector<std::vector<std::size_t>>& facets) {
  Named result;
  for (const std::vector<std::size_t>& facet : facets) {
    std::vector<std::string> names;
    for (const std::size_t phase : facet) names.push_back(system.entry(phase).formula.reduced().hill_text());
    std::sort(names.begin(), names.end());
    result.insert(names);
  }
  return result;
}

void expect_hull(const ChemicalSystem& system) {
  const PhaseDiagram diagram = phase_diagram(system);
  // The facets fill the diagram without overlap, and every stable phase is a corner.
  double sum = 0.0;
  std::set<std::size_t> corners;
  std::set<std::array<std::size_t, 2>> ties;
  for (const std::vector<std::size_t>& facet : diagram.facets) {
    ASSERT_EQ(facet.size(), system.elements().size());
    EXPECT_GT(content(system, facet), 0.0);
    sum += content(system, facet);
    corners.insert(facet.begin(), facet.end());
    for (std::size_t i = 0; i < facet.size(); ++i) {
      for (std::size_t k = i + 1; k < facet.size(); ++k) ties.insert({facet[i], facet[k]});
    }
  }
  EXPECT_NEAR(sum, 1.0, 1e-9);
  EXPECT_EQ(corners, std::set<std::size_t>(diagram.stable.begin(), diagram.stable.end()));
  EXPECT_EQ((std::vector<std::array<std::size_t, 2>>(ties.begin(), ties.end())), diagram.ties);
  // At the middle of every facet the mixture of its corners is as low as the best assemblage.
  for (const std::vector<std::size_t>& facet : diagram.facets) {
    std::vector<base::ElementAmount> terms;
    double energy = 0.0;
    for (const std::size_t phase : facet) {
      energy += system.entry(phase).energy_eV;
      for (const base::ElementAmount& term : system.entry(phase).formula.terms()) terms.push_back(term);
    }
    EXPECT_NEAR(decompose(system, base::Formula(terms)).energy_eV, energy, 1e-5);
  }
}

TEST(PhaseDiagram, OfTwoElements) {
  const ChemicalSystem system(EntrySet("Li-H", {entry("LiH", -0.5), entry("LiH2", -0.3), entry("Li2H", -0.34)}),
                              {"H", "Li"});
  const PhaseDiagram diagram = phase_diagram(system);
  EXPECT_EQ(named(system, diagram.facets), (Named{{"HLi", "HLi2"}, {"HLi2", "Li"}, {"H", "HLi"}}));
  EXPECT_EQ(diagram.stable.size(), 4U);
  EXPECT_EQ(diagram.ties.size(), 3U);
}

TEST(PhaseDiagram, OfThreeElements) {
  const ChemicalSystem system(
      EntrySet("Li-B-H", {entry("LiH", -0.5), entry("LiBH4", -0.43), entry("LiBH4", -0.4, "b")}), {"Li", "B", "H"});
  const PhaseDiagram diagram = phase_diagram(system);
  EXPECT_EQ(named(system, diagram.facets),
            (Named{{"B", "BH4Li", "H"}, {"BH4Li", "H", "HLi"}, {"B", "BH4Li", "HLi"}, {"B", "HLi", "Li"}}));
  EXPECT_EQ(diagram.stable.size(), 5U);
  EXPECT_EQ(diagram.ties.size(), 8U);
}

TEST(PhaseDiagram, KeepsPhasesExactlyOnTieLinesAndInPlanes) {
  // LiH2 on the tie line of LiH and H2; four phases of a reciprocal square at the same energy; one at its middle.
  const ChemicalSystem line(EntrySet("line", {entry("LiH", -0.5), entry("LiH2", -1.0 / 3.0)}), {"Li", "H"});
  EXPECT_EQ(named(line, phase_diagram(line).facets), (Named{{"HLi", "Li"}, {"H2Li", "HLi"}, {"H", "H2Li"}}));
  for (const char* middle : {"Li2HO", "LiBHO"}) {
    const ChemicalSystem square(EntrySet("square", {entry("LiH", -1.0), entry("LiO", -1.0), entry("BH", -1.0),
                                                    entry("BO", -1.0), entry(middle, -1.0, "middle")}),
                                {"Li", "B", "H", "O"});
    expect_hull(square);
  }
  expect_hull(ChemicalSystem(EntrySet("ideal", {entry("LiB", 0.0), entry("BH", 0.0), entry("LiH", 0.0),
                                                entry("LiBH", 0.0), entry("Li2BH", 0.0)}),
                             {"Li", "B", "H"}));
}

TEST(PhaseDiagram, RefusesOtherNumbersOfElements) {
  const EntrySet set = hull_cases::random_set(1, 5, 20);
  EXPECT_THROW((void)phase_diagram(ChemicalSystem(set, {"Li"})), base::ParameterError);
  EXPECT_THROW((void)phase_diagram(ChemicalSystem(set, hull_cases::symbols(5))), base::ParameterError);
}

class RandomDiagrams : public testing::TestWithParam<int> {};

TEST_P(RandomDiagrams, AreHulls) {
  const auto elements = 2 + static_cast<std::size_t>(GetParam()) % 3;
  expect_hull(ChemicalSystem(hull_cases::random_set(static_cast<unsigned>(GetParam()), elements, 80),
                             hull_cases::symbols(elements)));
}

TEST_P(RandomDiagrams, DoNotDependOnTheOrder) {
  const auto elements = 2 + static_cast<std::size_t>(GetParam()) % 3;
  const EntrySet set = hull_cases::random_set(static_cast<unsigned>(GetParam()), elements, 80);
  const ChemicalSystem system(set, hull_cases::symbols(elements));
  std::mt19937 random(static_cast<unsigned>(GetParam()));
  std::vector<Entry> entries(set.entries().begin(), set.entries().end());
  std::vector<std::string> symbols = hull_cases::symbols(elements);
  std::shuffle(entries.begin(), entries.end(), random);
  std::shuffle(symbols.begin(), symbols.end(), random);
  const ChemicalSystem shuffled(EntrySet("shuffled", entries), symbols);
  EXPECT_EQ(named(system, phase_diagram(system).facets), named(shuffled, phase_diagram(shuffled).facets));
}

INSTANTIATE_TEST_SUITE_P(PhaseDiagram, RandomDiagrams, testing::Range(0, 60));

TEST(SharedPhaseDiagram, OfRealSystems) {
  const auto set = trial::mp2019({"Li", "Na", "B", "H", "P", "S", "O", "Fe"});
  if (!set) GTEST_SKIP() << "the shared thermodynamic data are not there";
  for (const std::vector<std::string>& elements : {std::vector<std::string>{"Li", "B"},
                                                   {"Li", "B", "H"},
                                                   {"Na", "B", "H"},
                                                   {"Li", "P", "S"},
                                                   {"Li", "Na", "B", "H"},
                                                   {"Li", "Fe", "P", "O"}}) {
    expect_hull(ChemicalSystem(*set, elements));
  }
  const ChemicalSystem system(*set, {"Li", "B", "H"});
  const Named facets = named(system, phase_diagram(system).facets);
  const auto meet = [&](const std::string& a, const std::string& b) {
    return std::any_of(facets.begin(), facets.end(), [&](const std::vector<std::string>& facet) {
      return std::count(facet.begin(), facet.end(), a) + std::count(facet.begin(), facet.end(), b) == 2;
    });
  };
  EXPECT_TRUE(meet("BH4Li", "HLi"));
  EXPECT_TRUE(meet("BH4Li", "B6H6Li"));
  EXPECT_FALSE(meet("BH4Li", "B"));
}

}  // namespace
}  // namespace closo::stability
