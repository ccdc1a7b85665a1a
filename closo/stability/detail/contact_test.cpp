#include "closo/stability/detail/contact.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/error.hpp"

namespace closo::stability::detail {
namespace {

/// A, B, AB and A3B, with the open element in the last (one atom for each counted).
ContactPhases two_elements() {
  ContactPhases out;
  out.rows = 2;
  out.ids = {10, 20, 30, 40};
  out.shares = {1, 0, 0, 1, 0.5, 0.5, 0.75, 0.25};
  out.energies_eV = {0.0, 0.0, -1.0, -0.8};
  out.open = {0.0, 0.0, 0.0, 1.0};
  out.reservoir_eV = 0.0;
  return out;
}

ContactBody pure(std::size_t element, double energy_eV = 0.0) {
  ContactBody out;
  out.shares.assign(2, 0.0);
  out.shares[element] = 1.0;
  out.energy_eV = energy_eV;
  return out;
}

TEST(Contact, FollowsTheHullBetweenTwoElements) {
  Contact contact(two_elements(), pure(0), pure(1));
  const std::vector<ContactPoint> path = contact.follow(0.0, true);
  ASSERT_EQ(path.size(), 4U);
  const double fractions[] = {0.0, 0.5, 0.75, 1.0};
  const double energies[] = {0.0, -1.0, -0.8, 0.0};
  const std::size_t phases[] = {20, 30, 40, 10};
  for (std::size_t k = 0; k < 4; ++k) {
    EXPECT_NEAR(path[k].fraction, fractions[k], 1e-12);
    EXPECT_NEAR(path[k].energy_eV, energies[k], 1e-12);
    ASSERT_EQ(path[k].amounts.size(), 1U);
    EXPECT_EQ(path[k].amounts.front().first, phases[k]);
    EXPECT_NEAR(path[k].amounts.front().second, 1.0, 1e-12);
  }
  const InterfaceEnergies energies_eV = contact.energies(path, 0.0);
  EXPECT_NEAR(energies_eV.mixing_eV, -1.0, 1e-12);
  EXPECT_NEAR(energies_eV.mixing_fraction, 0.5, 1e-12);
  EXPECT_NEAR(energies_eV.mutual_eV, -1.0, 1e-12);
}

TEST(Contact, ThePotentialOfTheOpenElementMovesThePhasesThatHoldIt) {
  Contact contact(two_elements(), pure(0), pure(1));
  // A3B costs −0.8 eV − µ, the line from AB to A −0.5 eV.
  EXPECT_EQ(contact.follow(-0.4).size(), 3U);
  EXPECT_EQ(contact.follow(-0.2).size(), 4U);
  EXPECT_NEAR(contact.follow(-0.2)[2].energy_eV, -0.6, 1e-12);
  EXPECT_NEAR(contact.follow(0.0)[2].energy_eV, -0.8, 1e-12);  // nothing is left over from before
}

TEST(Contact, AMissingEnergyIsThatOfTheEquilibrium) {
  ContactBody unknown;
  unknown.shares = {0.6, 0.4};
  Contact contact(two_elements(), unknown, pure(1, 0.3));
  const std::vector<ContactPoint> path = contact.follow(0.0);
  const InterfaceEnergies energies = contact.energies(path, 0.0);
  EXPECT_EQ(energies.no_mixing_A_eV, 0.0);
  EXPECT_NEAR(energies.no_mixing_B_eV, -0.3, 1e-12);
  EXPECT_NEAR(contact.energy_a(path, 0.0), -1.0 + 0.1 / 0.25 * 0.2, 1e-12);
  EXPECT_NEAR(contact.energy_b(path, 0.0), 0.3, 1e-12);
}

TEST(Contact, OneCompositionHasTheTwoEndsOnly) {
  Contact contact(two_elements(), pure(0, 0.1), pure(0, 0.4));
  const std::vector<ContactPoint> path = contact.follow(0.0, true);
  ASSERT_EQ(path.size(), 2U);
  EXPECT_EQ(path[0].fraction, 0.0);
  EXPECT_EQ(path[1].fraction, 1.0);
  EXPECT_EQ(path[0].amounts, path[1].amounts);
  const InterfaceEnergies energies = contact.energies(path, 0.0);
  EXPECT_NEAR(energies.mixing_eV, -0.4, 1e-12);
  EXPECT_EQ(energies.mixing_fraction, 0.0);
  EXPECT_EQ(energies.mutual_eV, 0.0);
}

TEST(Contact, ATieOfAssemblagesIsNoKink) {
  ContactPhases phases = two_elements();
  phases.energies_eV[3] = -0.5;  // A3B on the line between AB and A
  Contact contact(phases, pure(0), pure(1));
  EXPECT_EQ(contact.follow(0.0).size(), 3U);
}

TEST(Contact, Refusals) {
  Contact contact(two_elements(), pure(0), pure(1));
  EXPECT_THROW(contact.follow(0.1), base::NumericsError);
  ContactPhases without_b = two_elements();
  without_b.shares = {1, 0, 0.75, 0.25, 0.5, 0.5, 0.75, 0.25};
  EXPECT_THROW(Contact(without_b, pure(0), pure(1)).follow(0.0), base::NumericsError);
  EXPECT_THROW(Contact(without_b, pure(1), pure(0)).follow(0.0), base::NumericsError);
}

}  // namespace
}  // namespace closo::stability::detail
