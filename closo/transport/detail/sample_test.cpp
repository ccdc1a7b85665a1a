#include "closo/transport/detail/sample.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/transport/library_facts_test.hpp"

namespace closo::transport::detail {
namespace {

using test::conductivity;
using test::energy;
using test::transition;
using test::with;

TEST(Sample, TransitionsNearEachOtherAreOneBand) {
  const library::Library library =
      with({transition("A", 529, "ordered monoclinic", "bcc disordered"), transition("B", 533),
            transition("C", 360, "", "cubic"), transition("D", 373)});
  const auto bands = transition_bands(library, "X");
  ASSERT_EQ(bands.size(), 2U);
  EXPECT_EQ(bands[0].low, 360);
  EXPECT_EQ(bands[0].high, 373);
  EXPECT_EQ(bands[1].low, 529);
  EXPECT_EQ(bands[1].high, 533);
  EXPECT_EQ(bands[1].above, "bcc disordered");
  EXPECT_TRUE(transition_bands(library, "Y").empty());

  EXPECT_EQ(phase_side(bands, "", 300.0), 0U);
  EXPECT_EQ(phase_side(bands, "", 365.0), std::nullopt);
  EXPECT_EQ(phase_side(bands, "", 373.0), 1U);
  EXPECT_EQ(phase_side(bands, "", 600.0), 2U);
  EXPECT_EQ(phase_side(bands, "disordered bcc", 530.0), 2U);
  EXPECT_EQ(phase_side(bands, "monoclinic", 530.0), 1U);
  EXPECT_EQ(phase_side(bands, "rock-salt", 600.0), 2U);
  EXPECT_EQ(phase_side(bands, "", std::nullopt), std::nullopt);
  EXPECT_EQ(phase_side({}, "", std::nullopt), 0U);
}

TEST(Sample, PhasesAndPreparations) {
  EXPECT_TRUE(phases_compatible("", "cubic"));
  EXPECT_TRUE(phases_compatible("fcc disordered", "disordered fcc, vacancy-rich Na sublattice"));
  EXPECT_FALSE(phases_compatible("hexagonal", "orthorhombic"));
  library::Fact a = conductivity("A", 300, 1e-4), b = a;
  const auto compatible = [&](const char* left, const char* right) {
    a.preparation = left;
    b.preparation = right;
    return preparations_compatible(a, b);
  };
  EXPECT_TRUE(compatible("", "ball-milled"));
  EXPECT_TRUE(compatible("ball-milled, 25 vol% ZrO2", "ball-milled 50 h"));
  EXPECT_FALSE(compatible("ball-milled", "commercial anhydrous, not milled"));
  EXPECT_TRUE(compatible("ball-milled and bulk samples not distinguished", "commercial anhydrous, not milled"));
  EXPECT_FALSE(compatible("ball-milled 24 h", "ball-milled 50 h"));
  EXPECT_FALSE(compatible("confined in MCM-41", "melt-infiltrated"));
  EXPECT_TRUE(compatible("milled from LiBH4 and LiNH2", "milled 3 h"));
  EXPECT_FALSE(preparations_match(a, b) && a.preparation.empty());
  a.preparation = "pristine";
  b.preparation = "not milled";
  EXPECT_TRUE(preparations_match(a, b));
  b.preparation = "";
  EXPECT_FALSE(preparations_match(a, b));
}

TEST(Sample, PhaseFromTheSubject) {
  library::Fact fact = conductivity("A", 300, 1e-4);
  fact.subject = "X (Hexagonal)";
  const library::Library library = with({fact});
  EXPECT_EQ(phase_of(library, library.facts()[0]), "hexagonal");
  fact.subject = "X (high-T)";
  EXPECT_EQ(phase_of(library, fact), "");
  fact.phase = "glass";
  EXPECT_EQ(phase_of(library, fact), "glass");
}

TEST(Sample, ReadsNumbersWithWhatTheirPrintAllows) {
  library::Fact fact = conductivity("A", 298, 2.9e-4);
  EXPECT_NEAR(read_conductivity(fact).conductivity, 2.9e-2, 1e-15);
  EXPECT_EQ(read_conductivity(fact).temperature_uncertainty, 0.0);
  fact.flags = {"nominal_temperature"};
  EXPECT_EQ(read_conductivity(fact).temperature_uncertainty, 3.0);
  fact.value_hi_si = 11.6e-2;
  EXPECT_NEAR(read_conductivity(fact).conductivity, 5.8e-2, 1e-12);
  EXPECT_NEAR(read_conductivity(fact).log_uncertainty, std::log(2.0) / std::sqrt(3.0), 1e-12);

  library::Fact e = energy("E", 0.42, 0.01);
  EXPECT_NEAR(read_energy(e).energy_eV, 0.42, 1e-15);
  EXPECT_NEAR(read_energy(e).uncertainty_eV, 0.01, 1e-15);
  EXPECT_FALSE(read_energy(e).form.has_value());
  e.conditions = {{"condition", "Arrhenius fit of sigma T"}};
  EXPECT_EQ(read_energy(e).form, ArrheniusForm::sigma_t);
  e.conditions = {{"condition", "Arrhenius fit of sigma"}};
  EXPECT_EQ(read_energy(e).form, ArrheniusForm::sigma);
}

TEST(Sample, OnlyMeasuredConductivitiesCount) {
  EXPECT_TRUE(is_conductivity(conductivity("A", 300, 1e-4)));
  EXPECT_FALSE(is_conductivity(energy("E", 0.4)));
  EXPECT_TRUE(is_conduction_energy(energy("E", 0.4)));
  EXPECT_FALSE(is_conduction_energy(conductivity("A", 300, 1e-4)));
  EXPECT_TRUE(same_sample(with({}), conductivity("A", 300, 1e-4), energy("E", 0.4)));
}

}  // namespace
}  // namespace closo::transport::detail
