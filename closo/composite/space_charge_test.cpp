#include "closo/composite/space_charge.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"

namespace closo::composite {
namespace {

// J. N. Israelachvili, Intermolecular and Surface Forces (2011), eq. 14.36: 0.304 nm/sqrt(mol/L) for a 1:1 electrolyte
// in water (ε = 78.4) at 25 °C.
TEST(space_charge, debye_length_of_water_has_the_textbook_value) {
  for (const double molar : {1e-4, 1e-2, 0.1}) {
    const double ions = 1e3 * molar * base::avogadro_constant;
    EXPECT_NEAR(1e9 * debye_length(78.4, 298.15, ions), 0.304 / std::sqrt(molar), 0.001 / std::sqrt(molar));
  }
}

// LiI, ε = 16.85, about 1e-6 vacancies per formula unit (1.83e28 per m³): some ten nanometres, the reach that space
// charge has in LiI–Al2O3.
TEST(space_charge, debye_length_of_lithium_iodide_is_some_ten_nanometres) {
  const double units = 4.08e3 / 0.13385 * base::avogadro_constant;
  EXPECT_NEAR(units, 1.836e28, 0.01e28);
  const double length = debye_length(16.85, 298.15, 1e-6 * units);
  EXPECT_NEAR(length, 25.5e-9, 0.2e-9);
  // A thousandth of the defects reach 31.6 times as far; doubly charged ones half as far; √T.
  EXPECT_NEAR(debye_length(16.85, 298.15, 1e-9 * units) / length, std::sqrt(1e3), 1e-9);
  EXPECT_NEAR(debye_length(16.85, 298.15, 1e-6 * units, -2) / length, 0.5, 1e-12);
  EXPECT_NEAR(debye_length(16.85, 4.0 * 298.15, 1e-6 * units) / length, 2.0, 1e-12);
}

// The excess is the integral of the Gouy–Chapman profile, here summed numerically.
TEST(space_charge, excess_is_the_integral_of_the_profile) {
  const double bulk = 1e22, mobility = 3e-9;
  for (const double ratio : {1e-4, 0.1, 1.0, 10.0, 1e6}) {
    // c(x)/c = ((1 + θ e^-ξ)/(1 − θ e^-ξ))², θ = (r − 1)/(r + 1) with r = sqrt(c0/c), ξ = x/λ.
    const double theta = (std::sqrt(ratio) - 1.0) / (std::sqrt(ratio) + 1.0);
    double excess = 0.0;
    // Substituting u = e^-ξ: ∫ (c/c∞ − 1) dξ = ∫ 4θ/(1 − θ u)² du over 0…1, midpoint rule.
    const int n = 2000000;
    for (int i = 0; i < n; ++i) {
      const double u = (i + 0.5) / n;
      excess += 4.0 * theta / ((1.0 - theta * u) * (1.0 - theta * u)) / n;
    }
    const double mean = 0.5 * excess * bulk * mobility * base::elementary_charge;
    const double value = parallel_excess_conductivity(bulk, ratio * bulk, mobility);
    EXPECT_NEAR(value, mean, 1e-5 * std::fabs(mean) + 1e-20) << ratio;
  }
  EXPECT_NEAR(parallel_excess_conductivity(bulk, 4.0 * bulk, mobility, -2),
              2.0 * parallel_excess_conductivity(bulk, 4.0 * bulk, mobility, 1), 1e-18);
}

TEST(space_charge, composite_limits) {
  const SpaceCharge input{.bulk_conductivity = 1e-5,
                          .excess_conductivity = 1e-2,
                          .debye_length = 5e-9,
                          .area_per_volume = 1e8,
                          .filler_fraction = 0.2,
                          .percolation_share = 0.5};
  // 2 λ S_v φ = 0.2 of the volume is layer.
  EXPECT_NEAR(space_charge_conductivity(input), 0.8e-5 + 0.5 * 0.2 * 1e-2, 1e-15);
  SpaceCharge other = input;
  other.filler_fraction = 0.0;
  EXPECT_DOUBLE_EQ(space_charge_conductivity(other), 1e-5);
  other.filler_fraction = 1.0;
  EXPECT_EQ(space_charge_conductivity(other), 0.0);
  other = input;
  other.excess_conductivity = 0.0;
  EXPECT_DOUBLE_EQ(space_charge_conductivity(other), 0.8e-5);
  // The layers rise with the filler until they are all of the conductor: a maximum at φ = 1/(1 + 2 λ S_v).
  double best = 0.0, at = 0.0;
  for (int i = 0; i <= 1000; ++i) {
    other = input;
    other.filler_fraction = 1e-3 * i;
    const double value = space_charge_conductivity(other);
    EXPECT_LE(value, (1.0 - other.filler_fraction) * (1e-5 + 0.5e-2) + 1e-15);
    if (value > best) {
      best = value;
      at = other.filler_fraction;
    }
  }
  EXPECT_NEAR(at, 0.5, 0.002);
  // Total depletion leaves nothing of the layer.
  other = input;
  other.excess_conductivity = -1e-5;
  other.percolation_share = 1.0;
  EXPECT_NEAR(space_charge_conductivity(other), 0.6e-5, 1e-18);
}

TEST(space_charge, refuses_bad_input) {
  EXPECT_THROW(debye_length(0.0, 300.0, 1e20), base::ParameterError);
  EXPECT_THROW(debye_length(10.0, -300.0, 1e20), base::ParameterError);
  EXPECT_THROW(debye_length(10.0, 300.0, 0.0), base::ParameterError);
  EXPECT_THROW(debye_length(10.0, 300.0, 1e20, 0), base::ParameterError);
  EXPECT_THROW(parallel_excess_conductivity(0.0, 1e20, 1e-9), base::ParameterError);
  EXPECT_THROW(parallel_excess_conductivity(1e20, -1.0, 1e-9), base::ParameterError);
  EXPECT_THROW(parallel_excess_conductivity(1e20, 1e20, 0.0), base::ParameterError);
  EXPECT_THROW(parallel_excess_conductivity(1e20, 1e20, 1e-9, 0), base::ParameterError);
  const SpaceCharge good{.bulk_conductivity = 1.0};
  SpaceCharge bad = good;
  bad.bulk_conductivity = -1.0;
  EXPECT_THROW(space_charge_conductivity(bad), base::ParameterError);
  bad = good;
  bad.debye_length = -1.0;
  EXPECT_THROW(space_charge_conductivity(bad), base::ParameterError);
  bad = good;
  bad.area_per_volume = std::nan("");
  EXPECT_THROW(space_charge_conductivity(bad), base::ParameterError);
  bad = good;
  bad.filler_fraction = 1.1;
  EXPECT_THROW(space_charge_conductivity(bad), base::ParameterError);
  bad = good;
  bad.percolation_share = -0.1;
  EXPECT_THROW(space_charge_conductivity(bad), base::ParameterError);
  bad = good;
  bad.excess_conductivity = -2.0;
  EXPECT_THROW(space_charge_conductivity(bad), base::ParameterError);
}

}  // namespace
}  // namespace closo::composite
