#include "closo/composite/mixture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::composite {
namespace {

using base::FractionBasis;
using base::ParameterError;

constexpr std::array<FractionBasis, 3> bases{FractionBasis::volume, FractionBasis::mass, FractionBasis::amount};

/// Hehn et al. 2025, DOI 10.1021/acsami.5c01939: Li2B12H12 (1.178 g/cm³) and ZrO2 (5.89 g/cm³, 0.246 cm³/g, 95 m²/g).
constexpr double conductor_density = 1178.0;
constexpr double oxide_density = 5890.0;
constexpr double pore_volume = 0.246e-3;
constexpr double surface_area = 95e3;

std::vector<Component> hehn(double oxide_volume_fraction) {
  return {{"Li2B12H12", std::nullopt, Measured{conductor_density}, Measured{0.155696}},
          {"ZrO2", Measured{oxide_volume_fraction}, Measured{oxide_density}, Measured{0.123222}}};
}

struct Table1Row {
  double volume_percent, mass_percent, filling_percent;
};

// Table 1: vol% ZrO2, wt% ZrO2, pore filling; the last printed digit.
TEST(Mixture, GivesTable1OfHehn2025) {
  for (const Table1Row row : {Table1Row{25, 62.5, 207}, Table1Row{50, 83.3, 69}, Table1Row{75, 93.8, 23}}) {
    const std::vector<Component> parts = hehn(row.volume_percent / 100.0);
    const Mixture mixture = mix(parts, FractionBasis::volume);
    EXPECT_NEAR(mixture.mass[1].value * 100.0, row.mass_percent, 0.05);
    const Measured by_volume = *ratio_of(parts, FractionBasis::volume, FractionBasis::volume, 0, 1);
    const Measured by_mass = *ratio_of(parts, FractionBasis::volume, FractionBasis::mass, 0, 1);
    EXPECT_NEAR(pore_filling(by_volume, {oxide_density}, {pore_volume}).value * 100.0, row.filling_percent, 0.5);
    EXPECT_NEAR(pore_filling_by_mass(by_mass, {conductor_density}, {pore_volume}).value * 100.0, row.filling_percent,
                0.5);
  }
  EXPECT_NEAR(pore_filling({3.0}, {oxide_density}, {pore_volume}).value, 2.0705, 5e-5);
  EXPECT_NEAR(pore_filling({1.0}, {oxide_density}, {pore_volume}).value, 0.69016, 5e-6);
}

// Li2B12H12 1.177 g/cm³ and ZrO2 5.68 g/cm³: 25/50/75 wt% are 6.5/17.2/38.3 vol%; 10/20/30 vol% are 34.9/54.7/67.4 wt%.
TEST(Mixture, GivesThePairsOfAnotherDensityChoice) {
  const std::vector<double> densities{5680.0, 1177.0};
  const auto oxide = [&](double percent, FractionBasis from, FractionBasis to) {
    const std::vector<double> fractions{percent / 100.0, 1.0 - percent / 100.0};
    return convert_fractions(fractions, from, to, densities, {})[0] * 100.0;
  };
  const std::vector<std::pair<double, double>> volume_of_mass{{25, 6.5}, {50, 17.2}, {75, 38.3}};
  for (const auto& [mass, volume] : volume_of_mass) {
    EXPECT_NEAR(oxide(mass, FractionBasis::mass, FractionBasis::volume), volume, 0.05);
  }
  const std::vector<std::pair<double, double>> mass_of_volume{{10, 34.9}, {20, 54.7}, {30, 67.4}};
  for (const auto& [volume, mass] : mass_of_volume) {
    EXPECT_NEAR(oxide(volume, FractionBasis::volume, FractionBasis::mass), mass, 0.05);
  }
}

// LiBH4 (0.666 g/cm³) in a scaffold of 0.70 cm³/g: 100 % filling is 0.466 g/g or 31.8 wt%, 130 % is 0.606 g/g or 37.7
// wt%.
TEST(Mixture, GivesTheMassForAWantedFilling) {
  for (const auto& [filling, ratio, percent] : {std::array{1.0, 0.466, 31.8}, std::array{1.3, 0.606, 37.7}}) {
    const Measured mass = mass_ratio_for_filling({filling}, {666.0}, {0.70e-3});
    EXPECT_NEAR(mass.value, ratio, 5e-4);
    EXPECT_NEAR(fraction_of_ratio(mass).value * 100.0, percent, 0.05);
    EXPECT_NEAR(pore_filling_by_mass(mass, {666.0}, {0.70e-3}).value, filling, 1e-14);
  }
}

class RandomMixtures : public ::testing::Test {
 protected:
  struct Draw {
    std::vector<double> fractions, densities, molar_masses;
  };
  Draw draw() {
    std::uniform_real_distribution<double> uniform(0.01, 1.0);
    Draw result;
    const std::size_t size = 1 + random_() % 6;
    for (std::size_t i = 0; i < size; ++i) {
      result.fractions.push_back(uniform(random_));
      result.densities.push_back(8000.0 * uniform(random_));
      result.molar_masses.push_back(0.5 * uniform(random_));
    }
    const double sum = std::accumulate(result.fractions.begin(), result.fractions.end(), 0.0);
    for (double& fraction : result.fractions) fraction /= sum;
    return result;
  }
  std::mt19937_64 random_{7};
};

TEST_F(RandomMixtures, RoundTripsReturnAndSumsAreOne) {
  for (int i = 0; i < 500; ++i) {
    const Draw d = draw();
    for (const FractionBasis from : bases) {
      for (const FractionBasis to : bases) {
        const std::vector<double> there = convert_fractions(d.fractions, from, to, d.densities, d.molar_masses);
        const std::vector<double> back = convert_fractions(there, to, from, d.densities, d.molar_masses);
        ASSERT_NEAR(std::accumulate(there.begin(), there.end(), 0.0), 1.0, 1e-13);
        for (std::size_t k = 0; k < back.size(); ++k) ASSERT_NEAR(back[k], d.fractions[k], 1e-13);
      }
    }
  }
}

TEST_F(RandomMixtures, GoingThroughAThirdBasisChangesNothing) {
  for (int i = 0; i < 200; ++i) {
    const Draw d = draw();
    const std::vector<double> direct =
        convert_fractions(d.fractions, FractionBasis::volume, FractionBasis::amount, d.densities, d.molar_masses);
    const std::vector<double> mass =
        convert_fractions(d.fractions, FractionBasis::volume, FractionBasis::mass, d.densities, d.molar_masses);
    const std::vector<double> two_steps =
        convert_fractions(mass, FractionBasis::mass, FractionBasis::amount, d.densities, d.molar_masses);
    for (std::size_t k = 0; k < direct.size(); ++k) ASSERT_NEAR(direct[k], two_steps[k], 1e-13);
  }
}

TEST_F(RandomMixtures, TheOrderOfComponentsDoesNotMatter) {
  for (int i = 0; i < 200; ++i) {
    const Draw d = draw();
    std::vector<Component> parts;
    for (std::size_t k = 0; k < d.fractions.size(); ++k) {
      parts.push_back({"part " + std::to_string(k), Measured{d.fractions[k], 0.01}, Measured{d.densities[k], 5.0},
                       Measured{d.molar_masses[k]}});
    }
    parts.back().fraction.reset();
    for (const FractionBasis basis : bases) {
      const Mixture forward = mix(parts, basis);
      const std::vector<Component> reversed(parts.rbegin(), parts.rend());
      const Mixture backward = mix(reversed, basis);
      ASSERT_NEAR(forward.density->value, backward.density->value, 1e-9);
      ASSERT_NEAR(*forward.density->uncertainty, *backward.density->uncertainty, 1e-4);
      ASSERT_NEAR(forward.molar_mass->value, backward.molar_mass->value, 1e-13);
      for (std::size_t k = 0; k < parts.size(); ++k) {
        ASSERT_NEAR(forward.amount[k].value, backward.amount[parts.size() - 1 - k].value, 1e-13);
      }
    }
  }
}

// The volumes of the parts add up: 1/ρ = Σ w/ρ, and ρ = Σ v ρ; the mixture lies between its extremes.
TEST_F(RandomMixtures, IdealDensityFollowsBothForms) {
  for (int i = 0; i < 200; ++i) {
    const Draw d = draw();
    std::vector<Component> parts;
    for (std::size_t k = 0; k < d.fractions.size(); ++k) {
      parts.push_back({"p", Measured{d.fractions[k]}, Measured{d.densities[k]}, Measured{d.molar_masses[k]}});
    }
    const Mixture mixture = mix(parts, FractionBasis::volume);
    const double arithmetic = std::inner_product(d.fractions.begin(), d.fractions.end(), d.densities.begin(), 0.0);
    ASSERT_NEAR(mixture.density->value, arithmetic, 1e-9 * arithmetic);
    const auto [low, high] = std::minmax_element(d.densities.begin(), d.densities.end());
    ASSERT_GE(mixture.density->value, *low * (1.0 - 1e-12));
    ASSERT_LE(mixture.density->value, *high * (1.0 + 1e-12));
  }
}

TEST(Mixture, MoreOxideByVolumeIsMoreOxideByMassAndLessFilling) {
  double mass_before = 0.0;
  double filling_before = std::numeric_limits<double>::infinity();
  for (double v = 0.01; v < 1.0; v += 0.01) {
    const std::vector<Component> parts = hehn(v);
    const double mass = mix(parts, FractionBasis::volume).mass[1].value;
    const double filling = pore_filling(*ratio_of(parts, FractionBasis::volume, FractionBasis::volume, 0, 1),
                                        {oxide_density}, {pore_volume})
                               .value;
    EXPECT_GT(mass, mass_before);
    EXPECT_LT(filling, filling_before);
    mass_before = mass;
    filling_before = filling;
  }
}

// For w = a v / (a v + b (1 - v)), dw/dv = a b / (a v + b (1 - v))².
TEST(Mixture, UncertaintyOfTwoComponentsHasItsClosedForm) {
  std::vector<Component> parts = hehn(0.25);
  parts[1].fraction->uncertainty = 0.01;
  const Mixture mixture = mix(parts, FractionBasis::volume);
  const double density = 0.25 * oxide_density + 0.75 * conductor_density;
  EXPECT_NEAR(*mixture.mass[1].uncertainty, 0.01 * oxide_density * conductor_density / (density * density), 1e-9);
  EXPECT_NEAR(*mixture.mass[0].uncertainty, *mixture.mass[1].uncertainty, 1e-9);
  EXPECT_NEAR(*mixture.density->uncertainty, 0.01 * (oxide_density - conductor_density), 1e-4);
  EXPECT_NEAR(*mixture.volume[0].uncertainty, 0.01, 1e-9);
  // d(v_c / v_s)/dv_s = -1 / v_s².
  EXPECT_NEAR(*ratio_of(parts, FractionBasis::volume, FractionBasis::volume, 0, 1)->uncertainty, 0.01 / 0.0625, 1e-7);
  EXPECT_FALSE(mix(hehn(0.25), FractionBasis::volume).density->uncertainty.has_value());
}

TEST(Mixture, AFractionStatedWithoutUncertaintyIsTheRestOfOneWithIt) {
  std::vector<Component> parts = hehn(0.25);
  parts[0].fraction = Measured{0.75};
  parts[1].fraction = Measured{0.25, 0.01};
  const Mixture mixture = mix(parts, FractionBasis::volume);
  EXPECT_NEAR(*mixture.volume[0].uncertainty, 0.01, 1e-9);
  EXPECT_NEAR(*mixture.volume[1].uncertainty, 0.01, 1e-9);
  // Both independent: v = a / (a + b), u(v)² = (b u(a))² + (a u(b))².
  parts[0].fraction = Measured{0.75, 0.02};
  EXPECT_NEAR(*mix(parts, FractionBasis::volume).volume[1].uncertainty, std::hypot(0.75 * 0.01, 0.25 * 0.02), 1e-9);
}

TEST(Mixture, LeavesOutWhatCannotBeKnown) {
  std::vector<Component> parts = hehn(0.25);
  parts[0].molar_mass.reset();
  const Mixture without_molar_mass = mix(parts, FractionBasis::volume);
  EXPECT_TRUE(without_molar_mass.amount.empty());
  EXPECT_FALSE(without_molar_mass.molar_mass.has_value());
  EXPECT_EQ(without_molar_mass.mass.size(), 2U);
  parts[0].density.reset();
  const Mixture bare = mix(parts, FractionBasis::volume);
  EXPECT_TRUE(bare.mass.empty());
  EXPECT_FALSE(bare.density.has_value());
  EXPECT_EQ(bare.volume.size(), 2U);
  EXPECT_FALSE(ratio_of(parts, FractionBasis::volume, FractionBasis::mass, 0, 1).has_value());
  EXPECT_NEAR(ratio_of(parts, FractionBasis::volume, FractionBasis::volume, 0, 1)->value, 3.0, 1e-14);
  EXPECT_FALSE(ratio_of(hehn(0.0), FractionBasis::volume, FractionBasis::volume, 0, 1).has_value());
}

TEST(Mixture, Refuses) {
  const auto parts = [](std::vector<std::optional<double>> fractions) {
    std::vector<Component> result;
    for (const auto& f : fractions) {
      Component component{"p", std::nullopt, Measured{1000.0}, Measured{0.1}};
      if (f) component.fraction = Measured{*f};
      result.push_back(component);
    }
    return result;
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(mix({}, FractionBasis::mass), ParameterError);
  EXPECT_THROW(mix(parts({1.0}), FractionBasis::none), ParameterError);
  EXPECT_THROW(mix(parts({std::nullopt, std::nullopt}), FractionBasis::mass), ParameterError);
  EXPECT_THROW(mix(parts({0.3, 0.6}), FractionBasis::mass), ParameterError);
  EXPECT_THROW(mix(parts({0.8, 0.6, std::nullopt}), FractionBasis::mass), ParameterError);
  EXPECT_THROW(mix(parts({-0.1, std::nullopt}), FractionBasis::mass), ParameterError);
  EXPECT_THROW(mix(parts({nan, std::nullopt}), FractionBasis::mass), ParameterError);
  auto bad = parts({0.5, std::nullopt});
  bad[0].density = Measured{0.0};
  EXPECT_THROW(mix(bad, FractionBasis::mass), ParameterError);
  bad = parts({0.5, std::nullopt});
  bad[1].molar_mass = Measured{-1.0};
  EXPECT_THROW(mix(bad, FractionBasis::mass), ParameterError);
  EXPECT_THROW(ratio_of(parts({0.5, 0.5}), FractionBasis::mass, FractionBasis::none, 0, 1), ParameterError);
  EXPECT_THROW(ratio_of(parts({0.5, 0.5}), FractionBasis::mass, FractionBasis::mass, 0, 2), ParameterError);

  const std::vector<double> half{0.5, 0.5};
  const std::vector<double> one{1000.0};
  const std::vector<double> zero{1000.0, 0.0};
  EXPECT_THROW(convert_fractions(half, FractionBasis::none, FractionBasis::mass, half, half), ParameterError);
  EXPECT_THROW(convert_fractions(half, FractionBasis::mass, FractionBasis::none, half, half), ParameterError);
  EXPECT_THROW(convert_fractions(half, FractionBasis::mass, FractionBasis::volume, one, half), ParameterError);
  EXPECT_THROW(convert_fractions(half, FractionBasis::mass, FractionBasis::volume, zero, half), ParameterError);
  EXPECT_THROW(convert_fractions(half, FractionBasis::mass, FractionBasis::amount, half, {}), ParameterError);
  EXPECT_THROW(convert_fractions({}, FractionBasis::mass, FractionBasis::mass, {}, {}), ParameterError);
  const std::vector<double> negative{-0.5, 1.5};
  EXPECT_THROW(convert_fractions(negative, FractionBasis::mass, FractionBasis::mass, {}, {}), ParameterError);
}

TEST(PoreFilling, Refuses) {
  for (const double bad :
       {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    EXPECT_THROW(pore_filling({bad}, {1.0}, {1.0}), ParameterError);
    EXPECT_THROW(pore_filling({1.0}, {bad}, {1.0}), ParameterError);
    EXPECT_THROW(pore_filling({1.0}, {1.0}, {bad}), ParameterError);
    EXPECT_THROW(pore_filling_by_mass({bad}, {1.0}, {1.0}), ParameterError);
    EXPECT_THROW(pore_filling_by_mass({1.0}, {bad}, {1.0}), ParameterError);
    EXPECT_THROW(pore_filling_by_mass({1.0}, {1.0}, {bad}), ParameterError);
    EXPECT_THROW(mass_ratio_for_filling({bad}, {1.0}, {1.0}), ParameterError);
    EXPECT_THROW(mass_ratio_for_filling({1.0}, {bad}, {1.0}), ParameterError);
    EXPECT_THROW(mass_ratio_for_filling({1.0}, {1.0}, {bad}), ParameterError);
    EXPECT_THROW(fraction_of_ratio({bad}), ParameterError);
    EXPECT_THROW(interface_loading({bad}, {1.0}, {1.0}), ParameterError);
    EXPECT_THROW(interface_loading({1.0}, {bad}, {1.0}), ParameterError);
    EXPECT_THROW(interface_loading({1.0}, {1.0}, {bad}), ParameterError);
    EXPECT_THROW(layer_resistance({bad}, {1.0}, {1.0}), ParameterError);
    EXPECT_THROW(layer_resistance({1.0}, {bad}, {1.0}), ParameterError);
    EXPECT_THROW(layer_resistance({1.0}, {1.0}, {bad}), ParameterError);
    EXPECT_THROW(pellet({bad}, {1.0}, {1.0}, {1.0}), ParameterError);
    EXPECT_THROW(pellet({1.0}, {bad}, {1.0}, {1.0}), ParameterError);
    EXPECT_THROW(pellet({1.0}, {1.0}, {bad}, {1.0}), ParameterError);
    EXPECT_THROW(pellet({1.0}, {1.0}, {1.0}, {bad}), ParameterError);
    EXPECT_THROW(interphase({bad}, {0.5}, {1.0}, {1.0}, {1.0}, {1.0}), ParameterError);
    EXPECT_THROW(interphase({0.5}, {0.5}, {bad}, {1.0}, {1.0}, {1.0}), ParameterError);
    EXPECT_THROW(interphase({0.5}, {0.5}, {1.0}, {bad}, {1.0}, {1.0}), ParameterError);
    EXPECT_THROW(interphase({0.5}, {0.5}, {1.0}, {1.0}, {bad}, {1.0}), ParameterError);
  }
  EXPECT_THROW(interphase({0.5}, {1.5}, {1.0}, {1.0}, {1.0}, {1.0}), ParameterError);
  EXPECT_THROW(interphase({0.5}, {0.5}, {1.0}, {1.0}, {1.0}, {-0.1}), ParameterError);
}

// 95 m²/g × 5.89 g/cm³ = 560 m² per cm³ oxide: 1 nm is 0.56 cm³ per cm³ oxide.
TEST(Interphase, OfHehn2025IsPartOfTheConductorAtQuarterOxideAndAllOfItAtThreeQuarters) {
  const auto at = [](double oxide, double wetted = 1.0) {
    return interphase({1.0 - oxide}, {oxide}, {oxide_density}, {surface_area}, {1e-9}, {wetted});
  };
  const Interphase quarter = at(0.25);
  EXPECT_EQ(quarter.status, InterphaseStatus::partial);
  EXPECT_NEAR(quarter.volume_fraction.value, 0.25 * 0.55955, 1e-6);
  EXPECT_NEAR(quarter.conductor_share.value, 0.25 * 0.55955 / 0.75, 1e-6);
  const Interphase three_quarters = at(0.75);
  EXPECT_EQ(three_quarters.status, InterphaseStatus::whole_conductor);
  EXPECT_NEAR(three_quarters.wanted.value, 0.75 * 0.55955, 1e-6);
  EXPECT_EQ(three_quarters.volume_fraction.value, 0.25);
  EXPECT_EQ(three_quarters.conductor_share.value, 1.0);
  EXPECT_EQ(at(0.75, 0.5).status, InterphaseStatus::partial);
  EXPECT_NEAR(at(0.25, 0.5).volume_fraction.value, 0.5 * quarter.volume_fraction.value, 1e-15);
  EXPECT_EQ(at(0.25, 0.0).volume_fraction.value, 0.0);
}

TEST(Interphase, RelativeUncertaintiesAdd) {
  const Interphase layer =
      interphase({0.75}, {0.25}, {oxide_density, 58.9}, {surface_area, 1.9e3}, {1e-9, 1e-10}, {1.0});
  EXPECT_NEAR(*layer.volume_fraction.uncertainty / layer.volume_fraction.value, std::hypot(0.01, 0.02, 0.1), 1e-7);
}

TEST(InterfaceLoading, IsAmountPerArea) {
  // 37.5 g Li2B12H12 (155.696 g/mol) on 62.5 g oxide of 95 m²/g.
  EXPECT_NEAR(interface_loading({37.5 / 62.5}, {0.155696}, {surface_area}).value, 37.5 / 155.696 / (62.5 * 95.0),
              1e-15);
}

TEST(Pellet, PorosityAndRelativeDensity) {
  const double area = std::numbers::pi / 4.0 * 36e-6;
  const Pellet dense = pellet({area * 0.6e-3 * 2356.0}, {0.6e-3}, {6e-3}, {2356.0});
  EXPECT_NEAR(dense.relative_density.value, 1.0, 1e-14);
  EXPECT_NEAR(dense.porosity.value, 0.0, 1e-14);
  const Pellet porous = pellet({0.8 * area * 0.6e-3 * 2356.0}, {0.6e-3}, {6e-3}, {2356.0});
  EXPECT_NEAR(porous.porosity.value, 0.2, 1e-14);
  EXPECT_EQ(porous.status, PelletStatus::ordinary);
  EXPECT_EQ(pellet({1.1 * area * 0.6e-3 * 2356.0}, {0.6e-3}, {6e-3}, {2356.0}).status, PelletStatus::denser_than_ideal);
  // The diameter counts twice.
  const Pellet measured = pellet({4e-5, 4e-7}, {0.6e-3, 6e-6}, {6e-3, 6e-5}, {2356.0});
  EXPECT_NEAR(*measured.density.uncertainty / measured.density.value, std::hypot(0.01, 0.01, 0.02), 1e-7);
  EXPECT_NEAR(*measured.porosity.uncertainty, *measured.relative_density.uncertainty, 1e-15);
}

TEST(LayerResistance, IsThicknessOverConductivityAndArea) {
  // 10 nm Al2O3-like layer of 1e-8 S/cm on 1 cm²: 100 Ω.
  EXPECT_NEAR(layer_resistance({10e-9}, {1e-6}, {1e-4}).value, 100.0, 1e-10);
  EXPECT_NEAR(*layer_resistance({10e-9, 1e-9}, {1e-6}, {1e-4}).uncertainty, 10.0, 1e-6);
}

}  // namespace
}  // namespace closo::composite
