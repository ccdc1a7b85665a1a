#include "closo/stability/uncertainty.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "closo/base/error.hpp"
#include "closo/stability/random_set_test.hpp"
#include "closo/stability/thermo_data_test.hpp"

namespace closo::stability {
namespace {

using trial::entry_of;
using trial::formula;

const ErrorModel none{.independent_eV_per_atom = 0.0};

EntrySet hydrides() {
  Entry stated = entry_of("LiH", -1.0);
  stated.uncertainty_eV = 0.06;
  return EntrySet("hydrides", {stated, entry_of("LiBH4", -3.0), entry_of("Li2B12H12", -9.0), entry_of("B2H6", 0.4),
                               entry_of("LiB3", -0.4)});
}

ChemicalSystem ternary() { return ChemicalSystem(hydrides(), {"Li", "B", "H"}); }

TEST(EnergyDraws, WithoutErrorsIsTheCentre) {
  const ChemicalSystem system = ternary();
  std::vector<double> energies(system.size());
  ErrorModel model = none;
  model.use_entry_uncertainty = false;
  EnergyDraws(system, model).draw(17, energies);
  for (std::size_t i = 0; i < energies.size(); ++i) EXPECT_EQ(energies[i], system.energies_eV_per_atom()[i]);
}

TEST(EnergyDraws, HaveTheStatedDeviationsAndCorrelations) {
  const ChemicalSystem system = ternary();
  const ErrorModel model{.independent_eV_per_atom = 0.02, .per_element_eV = {{"B", 0.1}, {"H", 0.03}}};
  const EnergyDraws draws(system, model, 9);
  constexpr std::size_t count = 40000;
  const std::size_t a = *system.find(formula("LiBH4")), b = *system.find(formula("Li2B12H12"));
  const std::size_t c = *system.find(formula("LiH")), element = *system.find(formula("B"));
  std::vector<double> energies(system.size());
  double aa = 0.0, bb = 0.0, ab = 0.0, cc = 0.0, mean = 0.0;
  for (std::size_t k = 0; k < count; ++k) {
    draws.draw(k, energies);
    const auto error = [&](std::size_t phase) { return energies[phase] - system.energies_eV_per_atom()[phase]; };
    aa += error(a) * error(a) / count;
    bb += error(b) * error(b) / count;
    ab += error(a) * error(b) / count;
    cc += error(c) * error(c) / count;
    mean += error(a) / count;
    EXPECT_EQ(error(element), 0.0);
  }
  const double boron = std::pow(0.1, 2), hydrogen = std::pow(0.03, 2), own = std::pow(0.02, 2);
  const double variance_a = boron / 36.0 + hydrogen * 16.0 / 36.0 + own;
  const double variance_b = (boron + hydrogen) * std::pow(12.0 / 26.0, 2) + own;
  const double covariance = boron / 6.0 * 12.0 / 26.0 + hydrogen * 4.0 / 6.0 * 12.0 / 26.0;
  // The stated uncertainty of LiH stands in the place of the independent error: 0.06 eV on two atoms.
  const double variance_c = hydrogen / 4.0 + std::pow(0.03, 2);
  const double error = 5.0 * std::sqrt(2.0 / count);  // five standard errors of a variance, relative
  EXPECT_NEAR(aa / variance_a, 1.0, error);
  EXPECT_NEAR(bb / variance_b, 1.0, error);
  EXPECT_NEAR(cc / variance_c, 1.0, error);
  EXPECT_NEAR(ab, covariance, error * std::sqrt(variance_a * variance_b));
  EXPECT_NEAR(mean, 0.0, 5.0 * std::sqrt(variance_a / count));
}

TEST(EnergyDraws, APhaseHasTheSameErrorInEverySystem) {
  const ErrorModel model{.per_element_eV = {{"Li", 0.05}, {"H", 0.03}}};
  const ChemicalSystem large = ternary();
  const ChemicalSystem small(hydrides(), {"H", "Li"});
  std::vector<double> in_large(large.size()), in_small(small.size()), one(large.size(), 7.0);
  EnergyDraws(large, model, 3).draw(11, in_large);
  EnergyDraws(small, model, 3).draw(11, in_small);
  const std::size_t phase = *large.find(formula("LiH"));
  EXPECT_EQ(in_large[phase], in_small[*small.find(formula("LiH"))]);
  EnergyDraws(large, model, 3).draw(11, std::vector<std::size_t>{phase}, one);
  EXPECT_EQ(one[phase], in_large[phase]);
  EXPECT_EQ(std::count(one.begin(), one.end(), 7.0), static_cast<std::ptrdiff_t>(one.size() - 1));
  std::vector<double> other_draw(large.size()), other_seed(large.size());
  EnergyDraws(large, model, 3).draw(12, other_draw);
  EnergyDraws(large, model, 4).draw(11, other_seed);
  EXPECT_NE(in_large[phase], other_draw[phase]);
  EXPECT_NE(in_large[phase], other_seed[phase]);
}

TEST(EnergyDraws, PolymorphsHaveErrorsOfTheirOwn) {
  const EntrySet set("two", {entry_of("LiH", -1.0, "a"), entry_of("LiH", -0.9, "b"), entry_of("Li2H2", -1.8)});
  const ChemicalSystem system(set, {"Li", "H"});
  std::vector<double> energies(system.size());
  EnergyDraws(system, {}, 1).draw(0, energies);
  const auto error = [&](std::size_t phase) { return energies[phase] - system.energies_eV_per_atom()[phase]; };
  EXPECT_NE(error(0), error(1));
  EXPECT_NE(error(1), error(2));
}

TEST(EnergyDraws, Throws) {
  const ChemicalSystem system = ternary();
  std::vector<double> few(2);
  EXPECT_THROW(EnergyDraws(system, {}).draw(0, few), base::ParameterError);
  EXPECT_THROW(EnergyDraws(system, {.independent_eV_per_atom = -0.1}), base::ParameterError);
  EXPECT_THROW(EnergyDraws(system, {.per_element_eV = {{"Li", std::nan("")}}}), base::ParameterError);
  EXPECT_THROW(EnergyDraws(system, {.per_element_eV = {{"Lx", 0.1}}}), base::ParameterError);
  EXPECT_THROW(EnergyDraws(system, {.per_bond_eV = {{"BH4", -0.1}}}), base::ParameterError);
}

TEST(WindowDistribution, WithoutErrorsIsTheWindow) {
  const ChemicalSystem system = ternary();
  ErrorModel model = none;
  model.use_entry_uncertainty = false;
  const Window window = equilibrium_window(system, formula("LiBH4"), "Li");
  const WindowDistribution found = window_distribution(system, formula("LiBH4"), "Li", model, 10);
  EXPECT_EQ(found.draws, 10U);
  EXPECT_EQ(found.on_hull, 10U);
  EXPECT_NEAR(found.oxidation_V.mean, window.oxidation.potential_V, 1e-9);
  EXPECT_NEAR(found.oxidation_V.standard_deviation, 0.0, 1e-9);
  EXPECT_NEAR(found.reduction_V.median, window.reduction.potential_V, 1e-9);
  ASSERT_EQ(found.oxidation_products.size(), window.oxidation.products.size());
  for (const ProductProbability& product : found.oxidation_products) EXPECT_EQ(product.probability, 1.0);
  EXPECT_EQ(found.reduction_is_open, 0.0);
  const WindowDistribution open = window_distribution(system, formula("LiH"), "Li", model, 10);
  EXPECT_EQ(open.reduction_is_open, 1.0);
  EXPECT_TRUE(open.reduction_products.empty());
}

TEST(WindowDistribution, EveryDrawIsTheWindowOfItsEnergies) {
  const ChemicalSystem system = ternary();
  const ErrorModel model{.independent_eV_per_atom = 0.1, .per_element_eV = {{"H", 0.1}}};
  constexpr std::size_t count = 600;
  const WindowDistribution found = window_distribution(system, formula("LiBH4"), "Li", model, count, 5);
  const EnergyDraws draws(system, model, 5);
  std::vector<double> energies(system.size());
  std::size_t on_hull = 0;
  std::map<std::string, double> probabilities;
  double mean_V = 0.0;
  for (std::size_t k = 0; k < count; ++k) {
    draws.draw(k, energies);
    ChemicalSystem drawn = system;
    drawn.set_energies(energies);
    const Window window = equilibrium_window(drawn, formula("LiBH4"), "Li");
    EXPECT_NEAR(found.reduction_draws_V[k], window.reduction.potential_V, 1e-9);
    EXPECT_NEAR(found.oxidation_draws_V[k], window.oxidation.potential_V, 1e-9);
    on_hull += window.above_hull_eV_per_atom == 0.0 ? 1 : 0;
    mean_V += window.oxidation.potential_V / count;
    for (const PhaseAmount& part : window.oxidation.products) {
      probabilities[system.entry(part.phase).name] += 1.0 / count;
    }
  }
  EXPECT_EQ(found.on_hull, on_hull);
  EXPECT_GT(on_hull, 0U);
  EXPECT_LT(on_hull, count);
  EXPECT_NEAR(found.oxidation_V.mean, mean_V, 1e-9);
  EXPECT_EQ(found.oxidation_products.size(), probabilities.size());
  EXPECT_GT(probabilities.size(), 2U);
  double last = 1.0;
  for (const ProductProbability& product : found.oxidation_products) {
    EXPECT_NEAR(product.probability, probabilities[product.name], 1e-9) << product.name;
    EXPECT_LE(product.probability, last);
    last = product.probability;
  }
  std::vector<double> sorted = found.oxidation_draws_V;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_NEAR(found.oxidation_V.median, 0.5 * (sorted[count / 2 - 1] + sorted[count / 2]), 1e-12);
  EXPECT_GE(found.oxidation_V.low, sorted[count * 15 / 100]);
  EXPECT_LE(found.oxidation_V.high, sorted[count * 85 / 100]);
}

TEST(WindowDistribution, MoreDrawsGoOnWithTheSameSequence) {
  const ChemicalSystem system = ternary();
  const WindowDistribution few = window_distribution(system, formula("LiBH4"), "Li", {}, 300, 2);
  const WindowDistribution many = window_distribution(system, formula("LiBH4"), "Li", {}, 1100, 2);
  const WindowDistribution other = window_distribution(system, formula("LiBH4"), "Li", {}, 300, 3);
  EXPECT_TRUE(std::equal(few.oxidation_draws_V.begin(), few.oxidation_draws_V.end(), many.oxidation_draws_V.begin()));
  EXPECT_TRUE(std::equal(few.reduction_draws_V.begin(), few.reduction_draws_V.end(), many.reduction_draws_V.begin()));
  EXPECT_NE(few.oxidation_draws_V, other.oxidation_draws_V);
}

// An error common to all compounds of the mobile element is an error of its potential: both limits move together, by
// it.
TEST(WindowDistribution, AnErrorOfTheMobileElementMovesBothLimitsAlike) {
  struct Case {
    std::vector<std::string> elements;
    std::string compound;
    double charge;
  };
  for (const Case& one : {Case{{"Li", "P", "S"}, "Li3PS4", 1.0}, Case{{"Mg", "B", "H"}, "MgB2H3", 2.0}}) {
    const std::string& mobile = one.elements.front();
    std::vector<Entry> entries = trial::random_entries(one.elements, 60, 2);
    entries.push_back(entry_of(one.compound, -1.6 * formula(one.compound).atoms(), "own"));
    const ChemicalSystem system(EntrySet("random", entries), one.elements);
    const base::Formula compound = formula(one.compound);
    ErrorModel model = none;
    model.per_element_eV = {{mobile, 0.01}};
    const Window window = equilibrium_window(system, compound, mobile);
    ASSERT_GT(window.reduction.potential_V, 0.1);
    constexpr std::size_t count = 4000;
    const WindowDistribution found = window_distribution(system, compound, mobile, model, count);
    for (std::size_t k = 0; k < count; ++k) {
      EXPECT_NEAR(found.oxidation_draws_V[k] - window.oxidation.potential_V,
                  found.reduction_draws_V[k] - window.reduction.potential_V, 1e-9);
    }
    const double expected_V = 0.01 / one.charge;
    EXPECT_NEAR(limit_uncertainty(system, compound, window.oxidation, model), expected_V, 1e-9);
    EXPECT_NEAR(limit_uncertainty(system, compound, window.reduction, model), expected_V, 1e-9);
    EXPECT_NEAR(found.oxidation_V.standard_deviation / expected_V, 1.0, 5.0 / std::sqrt(2.0 * count));
  }
}

TEST(LimitUncertainty, IsTheSpreadOfTheDrawsForSmallErrors) {
  const ChemicalSystem system = ternary();
  const ErrorModel model{.independent_eV_per_atom = 0.0002,
                         .per_element_eV = {{"B", 0.0003}, {"H", 0.0001}},
                         .use_entry_uncertainty = false};
  constexpr std::size_t count = 20000;
  for (const char* compound : {"LiBH4", "Li2B12H12"}) {
    const Window window = equilibrium_window(system, formula(compound), "Li");
    const WindowDistribution found = window_distribution(system, formula(compound), "Li", model, count);
    const double oxidation_V = limit_uncertainty(system, formula(compound), window.oxidation, model);
    const double reduction_V = limit_uncertainty(system, formula(compound), window.reduction, model);
    EXPECT_NEAR(found.oxidation_V.standard_deviation / oxidation_V, 1.0, 5.0 / std::sqrt(2.0 * count)) << compound;
    EXPECT_NEAR(found.reduction_V.standard_deviation / reduction_V, 1.0, 5.0 / std::sqrt(2.0 * count)) << compound;
  }
  EXPECT_EQ(
      limit_uncertainty(system, formula("LiH"), equilibrium_window(system, formula("LiH"), "Li").reduction, model),
      0.0);
}

TEST(LimitUncertainty, BondErrorsCountTheHydrogensOfTheirEnvironment) {
  const EntrySet set("hydrides", {entry_of("LiBH4", -3.0)});
  const ChemicalSystem system(set, {"Li", "B", "H"});
  ErrorModel model = none;
  model.per_bond_eV = {{"BH4", 0.1}};
  // LiBH4 → Li + B + 2 H2: four hydrogens of one environment on one electron.
  const Window window = equilibrium_window(system, formula("LiBH4"), "Li");
  EXPECT_NEAR(limit_uncertainty(system, formula("LiBH4"), window.oxidation, model), 0.4, 1e-9);
}

TEST(WindowDistribution, Throws) {
  const ChemicalSystem system = ternary();
  const auto run = [&](const char* compound, const char* mobile, const ErrorModel& model, std::size_t draws) {
    return window_distribution(system, formula(compound), mobile, model, draws).draws;
  };
  EXPECT_THROW(run("LiBH4", "Li", {}, 9), base::ParameterError);
  EXPECT_THROW(run("LiBH4", "Li", {.independent_eV_per_atom = -1.0}, 100), base::ParameterError);
  EXPECT_THROW(run("LiBH4", "Na", {}, 100), base::InputError);
  EXPECT_THROW(run("LiCl", "Li", {}, 100), base::InputError);
  const Window window = equilibrium_window(system, formula("LiBH4"), "Li");
  EXPECT_THROW(limit_uncertainty(system, formula("LiBH4"), window.oxidation, {.independent_eV_per_atom = std::nan("")}),
               base::ParameterError);
}

TEST(WindowDistributionShared, TheOxidationLimitOfTheBorohydrideIsUncertainByTheBoranes) {
  const std::optional<EntrySet> set = trial::mp2019({"Li", "B", "H"});
  if (!set) GTEST_SKIP() << "shared thermodynamic data are not there";
  const ChemicalSystem system(*set, {"Li", "B", "H"});
  const WindowDistribution found = window_distribution(system, formula("LiBH4"), "Li", {}, 2000);
  const Window window = equilibrium_window(system, formula("LiBH4"), "Li");
  // The lowest of many candidates is drawn downwards: the mean lies below the nominal limit.
  EXPECT_LT(found.oxidation_V.mean, window.oxidation.potential_V);
  EXPECT_GT(found.oxidation_products.size(), 4U);
  EXPECT_EQ(found.oxidation_products.front().name, "H2");
  EXPECT_EQ(found.on_hull, found.draws);
}

}  // namespace
}  // namespace closo::stability
