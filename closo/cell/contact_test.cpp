#include "closo/cell/contact.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::cell {
namespace {

ContactModel tis2_contact() {
  ContactModel model;
  model.partial_molar_volume = 0.12 / 29000.0;  // +12 % volume on full insertion
  model.stack_pressure = 3.2e6;
  model.stiffness = 1e8;
  model.contact_pressure = 2e6;
  model.creep_rate = {1e-4, 0.0};
  model.damage_per_strain = 0.05;
  model.damage_exponent = 0.5;
  model.isolated_share = 0.4;
  return model;
}

TEST(Contact, StrainIsAThirdOfTheVolumeChange) {
  EXPECT_NEAR(particle_strain(tis2_contact(), 1.0, 29000.0), 0.04, 1e-15);
  EXPECT_EQ(particle_strain(tis2_contact(), 0.0, 29000.0), 0.0);
}

TEST(Contact, FractionRisesWithPressureAndSaturates) {
  ContactModel model = tis2_contact();
  double before = 0.0;
  for (const double pressure : {0.0, 1e4, 1e5, 1e6, 1e7, 1e8}) {
    model.stack_pressure = pressure;
    const double fraction = contact_fraction(model, {});
    EXPECT_TRUE(pressure == 0.0 ? fraction == 0.0 : fraction > before);
    EXPECT_LE(fraction, 1.0);
    before = fraction;
  }
  // Linear at small pressure, as for elastic rough surfaces.
  model.stack_pressure = 1.0;
  EXPECT_NEAR(contact_fraction(model, {}), 1.0 / model.contact_pressure, 1e-12);
}

TEST(Contact, ShrinkingParticlesLoseContactUntilCreepFollows) {
  const ContactModel model = tis2_contact();
  const ContactState shrunk = advance(model, {}, -0.04, 1.0, 300.0, 300.0);
  EXPECT_LT(contact_pressure(model, shrunk), 0.0);
  EXPECT_EQ(contact_fraction(model, shrunk), 0.0);
  const ContactState relaxed = advance(model, shrunk, -0.04, 1e7, 300.0, 300.0);
  EXPECT_NEAR(contact_pressure(model, relaxed), 3.2e6, 1.0);
}

TEST(Contact, CreepIsExactForRampsInAnyNumberOfSteps) {
  ContactModel model = tis2_contact();
  model.damage_per_strain = 0.0;
  const ContactState once = advance(model, {}, 0.03, 5e3, 300.0, 300.0);
  ContactState many;
  for (int k = 1; k <= 500; ++k) many = advance(model, many, 0.03 * k / 500.0, 10.0, 300.0, 300.0);
  EXPECT_NEAR(many.relaxed_strain, once.relaxed_strain, 1e-13);
  // The branch of very short times continues the other.
  const ContactState before = advance(model, {}, 0.03, 0.999, 300.0, 300.0);
  const ContactState behind = advance(model, {}, 0.03, 1.001, 300.0, 300.0);
  EXPECT_NEAR(behind.relaxed_strain / before.relaxed_strain, 1.001 / 0.999, 1e-6);
}

TEST(Contact, DamageGrowsWithTheWayOfTheStrainAndNeverBeyondOne) {
  const ContactModel model = tis2_contact();
  ContactState state;
  double before = 0.0;
  for (int cycle = 0; cycle < 20000; ++cycle) {
    state = advance(model, state, cycle % 2 == 0 ? 0.04 : 0.0, 100.0, 300.0, 300.0);
    ASSERT_GE(state.damage, before);
    before = state.damage;
  }
  EXPECT_GT(state.damage, 0.9);
  EXPECT_LE(state.damage, 1.0);
  EXPECT_NEAR(state.isolated, 0.4 * state.damage, 1e-9);
}

TEST(Contact, PressureProtects) {
  ContactModel low = tis2_contact();
  ContactModel high = tis2_contact();
  low.stiffness = high.stiffness = 0.0;
  low.stack_pressure = 1e5;
  const double damage_low = advance(low, {}, 0.02, 100.0, 300.0, 300.0).damage;
  const double damage_high = advance(high, {}, 0.02, 100.0, 300.0, 300.0).damage;
  EXPECT_NEAR(std::log1p(-damage_low) / std::log1p(-damage_high), std::sqrt(32.0), 1e-9);
}

TEST(Contact, Refuses) {
  EXPECT_NO_THROW(check(tis2_contact(), "contact"));
  const auto refuses = [](auto&& change) {
    ContactModel model = tis2_contact();
    change(model);
    EXPECT_THROW(check(model, "contact"), base::ParameterError);
  };
  refuses([](ContactModel& m) { m.reference_stoichiometry = 1.5; });
  refuses([](ContactModel& m) { m.stack_pressure = -1.0; });
  refuses([](ContactModel& m) { m.residual_pressure = -1.0; });
  refuses([](ContactModel& m) { m.transmission = 1.1; });
  refuses([](ContactModel& m) { m.contact_pressure = 0.0; });
  refuses([](ContactModel& m) { m.contact_exponent = 0.0; });
  refuses([](ContactModel& m) { m.stiffness = -1.0; });
  refuses([](ContactModel& m) { m.creep_rate.value = -1.0; });
  refuses([](ContactModel& m) { m.damage_per_strain = -1.0; });
  refuses([](ContactModel& m) { m.damage_pressure = 0.0; });
  refuses([](ContactModel& m) { m.damage_exponent = -1.0; });
  refuses([](ContactModel& m) { m.minimum_pressure = 0.0; });
  refuses([](ContactModel& m) { m.isolated_share = 2.0; });
  refuses([](ContactModel& m) { m.partial_molar_volume = std::nan(""); });
}

}  // namespace
}  // namespace closo::cell
