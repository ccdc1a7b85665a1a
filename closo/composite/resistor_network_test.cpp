#include "closo/composite/resistor_network.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "closo/base/error.hpp"

namespace closo::composite {
namespace {

// Site percolation on the simple cubic lattice has 0.3116077 (J. Wang et al. 2013): bulk paths from cell to cell end at
// 0.6884 insulator. This checks the whole machinery against a number known to seven digits.
TEST(resistor_network, bulk_path_from_cell_to_cell_is_site_percolation) {
  const PercolationThreshold found =
      percolation_threshold(CellContact::shared_faces, PathKind::bulk, {.sizes = {8, 12, 16, 24}, .samples = 150});
  EXPECT_NEAR(found.insulator_fraction, 1.0 - 0.3116077, 0.006);
  EXPECT_LT(std::fabs(found.insulator_fraction - (1.0 - 0.3116077)), 4.0 * found.uncertainty);
  // The spread narrows as L^(−1/ν).
  ASSERT_EQ(found.sizes.size(), 4U);
  EXPECT_NEAR(found.sizes[0].spread / found.sizes[3].spread, std::pow(3.0, 1.0 / 0.8765), 1.0);
}

// Along the cell edges insulator cells join over edges and corners: site percolation with 26 neighbours, 0.0976 (K.
// Malarz, S. Galam, Phys. Rev. E 71 (2005) 016125, DOI 10.1103/PhysRevE.71.016125), is the first threshold; the second
// is its complement, because conductor cells join the same way.
TEST(resistor_network, edges_have_the_two_thresholds_of_the_dispersed_conductor) {
  const ThresholdOptions options{.sizes = {12, 20, 32}, .samples = 80};
  const PercolationThreshold opens = percolation_threshold(CellContact::shared_edges, PathKind::interface, options);
  const PercolationThreshold ends = percolation_threshold(CellContact::shared_edges, PathKind::conducting, options);
  EXPECT_NEAR(opens.insulator_fraction, 0.0976, 0.004);
  EXPECT_NEAR(ends.insulator_fraction, 1.0 - 0.0976, 0.004);
  EXPECT_GT(opens.uncertainty, 0.0);
  // The effective medium has them at 0.0964 and 0.9036.
  EXPECT_NEAR(opens.insulator_fraction, 0.0964, 0.005);
  EXPECT_NEAR(ends.insulator_fraction, 0.9036, 0.005);
}

// Bonds between face neighbours: interface paths alternate between the two kinds of cells.
TEST(resistor_network, faces_need_more_insulator_for_an_interface_path) {
  const ThresholdOptions options{.sizes = {8, 16}, .samples = 60};
  const double faces =
      percolation_threshold(CellContact::shared_faces, PathKind::interface, options).insulator_fraction;
  const double edges =
      percolation_threshold(CellContact::shared_edges, PathKind::interface, options).insulator_fraction;
  const double all = percolation_threshold(CellContact::shared_faces, PathKind::conducting, options).insulator_fraction;
  EXPECT_GT(faces, edges + 0.02);
  EXPECT_LT(faces, 0.25);
  EXPECT_GT(all, 0.75);
}

TEST(resistor_network, equal_bonds_conduct_as_one_material) {
  for (const CellContact contact : {CellContact::shared_edges, CellContact::shared_faces}) {
    const NetworkConductivity found =
        solve_resistor_network({3.0, 3.0, 3.0}, {.contact = contact, .insulator_fraction = 0.5, .size = 6});
    EXPECT_TRUE(found.converged);
    EXPECT_TRUE(found.has_path);
    EXPECT_NEAR(found.conductivity, 3.0, 1e-9);
  }
}

TEST(resistor_network, limits_of_pure_cells) {
  for (const CellContact contact : {CellContact::shared_edges, CellContact::shared_faces}) {
    NetworkSample sample{.contact = contact, .insulator_fraction = 0.0, .size = 5};
    EXPECT_NEAR(solve_resistor_network({}, sample).conductivity, 1.0, 1e-9);
    sample.insulator_fraction = 1.0;
    const NetworkConductivity none = solve_resistor_network({}, sample);
    EXPECT_FALSE(none.has_path);
    EXPECT_TRUE(none.converged);
    EXPECT_EQ(none.conductivity, 0.0);
    EXPECT_NEAR(solve_resistor_network({.insulator = 0.01}, sample).conductivity, 0.01, 1e-11);
  }
}

// Rayleigh's monotony, homogeneity, and the Wiener bounds of the bond shares.
TEST(resistor_network, conductivity_obeys_the_laws_of_networks) {
  for (const double p : {0.05, 0.2, 0.5, 0.8}) {
    const NetworkSample sample{.insulator_fraction = p, .size = 10, .seed = 3};
    const ResistorNetwork network{.bulk = 1.0, .interface = 20.0, .insulator = 0.1};
    const double value = solve_resistor_network(network, sample).conductivity;
    EXPECT_LT(value, 20.0);
    EXPECT_GT(value, 0.1);
    EXPECT_GT(solve_resistor_network({1.0, 25.0, 0.1}, sample).conductivity, value);
    // At small p hardly a bond has four insulator cells.
    const double shunted = solve_resistor_network({1.0, 20.0, 0.2}, sample).conductivity;
    EXPECT_GE(shunted, value * (1.0 - 1e-9));
    if (p > 0.4) {
      EXPECT_GT(shunted, value * 1.0001);
    }
    EXPECT_NEAR(solve_resistor_network({7.0, 140.0, 0.7}, sample).conductivity / value, 7.0, 1e-7);
    EXPECT_EQ(solve_resistor_network(network, sample).conductivity, value);
  }
}

// The effective medium does not know that neighbouring bonds share their cells: it is too high, little between the
// thresholds, up to twice near them.
TEST(resistor_network, effective_medium_is_close_between_the_thresholds_and_too_high_near_them) {
  const ResistorNetwork network{.bulk = 1.0, .interface = 10.0, .insulator = 0.0};
  const struct {
    double fraction, least, most;
  } cases[] = {{0.02, 1.0, 1.1},  {0.2, 1.1, 1.3}, {0.35, 1.0, 1.1},
               {0.5, 0.98, 1.08}, {0.7, 1.1, 1.3}, {0.8, 1.4, 1.9}};
  for (const auto& c : cases) {
    double mean = 0.0;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      const NetworkConductivity found =
          solve_resistor_network(network, {.insulator_fraction = c.fraction, .size = 16, .seed = seed});
      EXPECT_TRUE(found.converged);
      mean += 0.2 * found.conductivity;
    }
    const double ratio = resistor_network_effective_medium(network, c.fraction) / mean;
    EXPECT_GT(ratio, c.least) << c.fraction;
    EXPECT_LT(ratio, c.most) << c.fraction;
  }
}

TEST(resistor_network, says_when_it_has_not_converged) {
  const NetworkConductivity found =
      solve_resistor_network({}, {.insulator_fraction = 0.3, .size = 12, .max_iterations = 2});
  EXPECT_FALSE(found.converged);
  EXPECT_GT(found.relative_residual, 1e-10);
}

TEST(resistor_network, refuses_bad_input_and_can_be_stopped) {
  const auto threshold = [](ThresholdOptions options) {
    return percolation_threshold(CellContact::shared_edges, PathKind::bulk, options);
  };
  EXPECT_THROW(threshold({.sizes = {8}}), base::ParameterError);
  EXPECT_THROW(threshold({.sizes = {}}), base::ParameterError);
  EXPECT_THROW(threshold({.sizes = {8, 8}}), base::ParameterError);
  EXPECT_THROW(threshold({.sizes = {1, 8}}), base::ParameterError);
  EXPECT_THROW(threshold({.samples = 1}), base::ParameterError);
  EXPECT_THROW(threshold({.sizes = {4, 6}, .samples = 3, .progress = [](double, std::string_view) { return false; }}),
               base::Cancelled);
  EXPECT_THROW(solve_resistor_network({.bulk = -1.0}, {}), base::ParameterError);
  EXPECT_THROW(solve_resistor_network({}, {.insulator_fraction = 1.1}), base::ParameterError);
  EXPECT_THROW(solve_resistor_network({}, {.size = 1}), base::ParameterError);
  EXPECT_THROW(solve_resistor_network({}, {.tolerance = 0.0}), base::ParameterError);
}

}  // namespace
}  // namespace closo::composite
