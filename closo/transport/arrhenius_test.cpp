#include "closo/transport/arrhenius.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"

namespace closo::transport {
namespace {

constexpr double k = base::boltzmann_constant_eV;
using Points = std::vector<ConductivityPoint>;

Points exact_points(double energy, double log_prefactor, ArrheniusForm form, double relative = 0.0) {
  Points points;
  for (double t = 300.0; t < 380.0; t += 10.0) {
    const double value = std::exp(log_prefactor - energy / (k * t)) / (form == ArrheniusForm::sigma_t ? t : 1.0);
    points.push_back({.temperature = t, .conductivity = value, .uncertainty = relative * value});
  }
  return points;
}

TEST(Arrhenius, RecoversAnExactLawInBothForms) {
  for (const ArrheniusForm form : {ArrheniusForm::sigma_t, ArrheniusForm::sigma}) {
    for (const double energy : {-0.05, 0.15, 0.42, 1.6}) {
      for (const double relative : {0.0, 0.05}) {
        const ArrheniusFit fit = fit_arrhenius(exact_points(energy, 13.0, form, relative), {.form = form});
        ASSERT_EQ(fit.status, num::FitStatus::ok);
        EXPECT_NEAR(fit.law.activation_energy_eV, energy, 1e-12);
        EXPECT_NEAR(fit.law.log_prefactor(), 13.0, 1e-10);
        EXPECT_EQ(fit.weighted, relative > 0.0);
        EXPECT_LT(fit.chi_square, 1e-20);
        EXPECT_NEAR(fit.law.conductivity(345.0),
                    std::exp(13.0 - energy / (k * 345.0)) / (form == ArrheniusForm::sigma_t ? 345.0 : 1.0),
                    1e-10 * fit.law.conductivity(345.0));
      }
    }
  }
}

// Hehn et al. 2025: 2.9e-4 S/cm at 30 °C and 1.2e-3 S/cm at 60 °C beside a fitted 0.42(1) eV.
TEST(Arrhenius, HehnPairImplies) {
  const ConductivityPoint low{.temperature = 303.15, .conductivity = 2.9e-2};
  const ConductivityPoint high{.temperature = 333.15, .conductivity = 0.12};
  EXPECT_NEAR(implied_activation_energy(low, high, ArrheniusForm::sigma), 0.412, 5e-4);
  EXPECT_NEAR(implied_activation_energy(low, high, ArrheniusForm::sigma_t), 0.4394, 5e-4);
  const ArrheniusFit fit = fit_arrhenius(Points{low, high});
  EXPECT_NEAR(fit.law.activation_energy_eV, implied_activation_energy(low, high, ArrheniusForm::sigma_t), 1e-12);
}

TEST(Arrhenius, TwoPointsAreHonest) {
  Points points = exact_points(0.4, 10.0, ArrheniusForm::sigma_t);
  points.resize(2);
  const ArrheniusFit bare = fit_arrhenius(points);
  ASSERT_EQ(bare.status, num::FitStatus::ok);
  EXPECT_FALSE(bare.law.uncertainty_known);
  EXPECT_EQ(bare.degrees_of_freedom, 0U);
  EXPECT_FALSE(predict(bare.law, 300.0).log_uncertainty.has_value());
  EXPECT_FALSE(bare.probability().has_value());
  for (ConductivityPoint& point : points) point.uncertainty = 0.1 * point.conductivity;
  const ArrheniusFit stated = fit_arrhenius(points);
  ASSERT_TRUE(stated.law.uncertainty_known);
  // k sqrt(2) 0.1 / (1/T1 - 1/T2)
  EXPECT_NEAR(std::sqrt(stated.law.energy_variance), k * std::sqrt(0.02) / (1.0 / 300.0 - 1.0 / 310.0), 1e-12);
  EXPECT_TRUE(std::isinf(stated.law.degrees_of_freedom));
}

TEST(Arrhenius, PredictionIntervalUsesStudentForFewPoints) {
  Points points = exact_points(0.4, 10.0, ArrheniusForm::sigma_t);
  points.resize(3);
  points[1].conductivity *= 1.05;
  const ArrheniusFit fit = fit_arrhenius(points);
  ASSERT_EQ(fit.law.degrees_of_freedom, 1.0);
  const ConductivityPrediction p = predict(fit.law, 305.0, 0.95);
  // t(0.975, 1) = 12.706
  EXPECT_NEAR(std::log(*p.high / p.conductivity) / *p.log_uncertainty, 12.706204736174, 1e-6);
  EXPECT_FALSE(p.extrapolated());
  EXPECT_NEAR(predict(fit.law, 350.0).outside, 30.0, 1e-9);
  EXPECT_NEAR(predict(fit.law, 290.0).outside, 10.0, 1e-9);
  EXPECT_GT(*predict(fit.law, 350.0).log_uncertainty, *p.log_uncertainty);
}

TEST(Arrhenius, CovarianceLawsHoldAtEveryTemperature) {
  Points points = exact_points(0.5, 12.0, ArrheniusForm::sigma_t, 0.08);
  points[2].conductivity *= 1.1;
  const ArrheniusLaw law = fit_arrhenius(points).law;
  // The prefactor is the law at infinite temperature, for value and variance.
  EXPECT_NEAR(law.log_conductivity(1e12) + std::log(1e12), law.log_prefactor(), 1e-6);
  EXPECT_NEAR(law.log_conductivity_variance(1e12), law.log_prefactor_variance(), 1e-6);
  EXPECT_NEAR(law.log_conductivity_variance(law.reference_temperature), law.log_variance, 1e-15);
}

TEST(Arrhenius, ScatterOfRepeatedExperimentsIsTheStatedUncertainty) {
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal;
  const Points truth = exact_points(0.42, 13.0, ArrheniusForm::sigma_t, 0.06);
  const int trials = 4000;
  double weighted = 0.0, covered = 0.0, stated = 0.0, unweighted_covered = 0.0;
  for (int trial = 0; trial < trials; ++trial) {
    Points points = truth;
    for (ConductivityPoint& point : points) point.conductivity *= std::exp(0.06 * normal(random));
    for (std::size_t i = 0; i < points.size(); ++i) points[i].uncertainty = 0.06 * points[i].conductivity;
    const ArrheniusFit fit = fit_arrhenius(points);
    weighted += std::pow(fit.law.activation_energy_eV - 0.42, 2);
    stated = fit.law.energy_variance;
    const double exact = std::exp(13.0 - 0.42 / (k * 400.0)) / 400.0;
    const ConductivityPrediction p = predict(fit.law, 400.0, 0.9);
    covered += *p.low < exact && exact < *p.high ? 1.0 : 0.0;
    for (ConductivityPoint& point : points) point.uncertainty = 0.0;
    const ConductivityPrediction q = predict(fit_arrhenius(points).law, 400.0, 0.9);
    unweighted_covered += *q.low < exact && exact < *q.high ? 1.0 : 0.0;
  }
  // Standard errors: variance ratio sqrt(2/4000) = 0.022, coverage sqrt(0.09/4000) = 0.0047; four of each.
  EXPECT_NEAR(weighted / trials / stated, 1.0, 0.09);
  EXPECT_NEAR(covered / trials, 0.9, 0.019);
  EXPECT_NEAR(unweighted_covered / trials, 0.9, 0.019);
}

TEST(Arrhenius, TemperatureErrorsWidenTheLaw) {
  Points points = exact_points(0.42, 13.0, ArrheniusForm::sigma_t, 0.03);
  const double plain = fit_arrhenius(points).law.energy_variance;
  for (ConductivityPoint& point : points) point.temperature_uncertainty = 1e-9;
  EXPECT_NEAR(fit_arrhenius(points).law.energy_variance / plain, 1.0, 1e-9);
  for (ConductivityPoint& point : points) point.temperature_uncertainty = 1.0;
  const ArrheniusFit wide = fit_arrhenius(points);
  ASSERT_EQ(wide.status, num::FitStatus::ok);
  EXPECT_NEAR(wide.law.activation_energy_eV, 0.42, 1e-9);
  // At T: d ln(sigma T)/dT of the residual is 1/T - Ea/(k T²), here -0.0397/K at 330 K for 1 K beside 0.03.
  const double extra = std::pow(1.0 / 335.0 - 0.42 / (k * 335.0 * 335.0), 2);
  EXPECT_NEAR(wide.law.energy_variance / plain, 1.0 + extra / (0.03 * 0.03), 0.25);
}

TEST(Arrhenius, ScalingWithResidualsWidensOnly) {
  Points points = exact_points(0.42, 13.0, ArrheniusForm::sigma_t, 0.01);
  points[1].conductivity *= 1.2;
  points[5].conductivity *= 0.8;
  const ArrheniusFit stated = fit_arrhenius(points);
  const ArrheniusFit scaled = fit_arrhenius(points, {.scale_by_residuals = true});
  const double birge = stated.chi_square / static_cast<double>(stated.degrees_of_freedom);
  ASSERT_GT(birge, 1.0);
  EXPECT_NEAR(scaled.law.energy_variance, stated.law.energy_variance * birge, 1e-12 * scaled.law.energy_variance);
  EXPECT_EQ(scaled.law.degrees_of_freedom, 6.0);
  EXPECT_LT(*stated.probability(), 1e-6);
  const Points good = exact_points(0.42, 13.0, ArrheniusForm::sigma_t, 0.01);
  EXPECT_EQ(fit_arrhenius(good, {.scale_by_residuals = true}).law.energy_variance,
            fit_arrhenius(good).law.energy_variance);
}

TEST(Arrhenius, ManyPointsTakeTheSamePathAsFew) {
  Points many;
  for (int repeat = 0; repeat < 20; ++repeat) {
    for (const ConductivityPoint& point : exact_points(0.3, 9.0, ArrheniusForm::sigma)) many.push_back(point);
  }
  ASSERT_GT(many.size(), 64U);
  EXPECT_NEAR(fit_arrhenius(many, {.form = ArrheniusForm::sigma}).law.activation_energy_eV, 0.3, 1e-12);
}

TEST(Arrhenius, FormsDifferByKT) {
  const ArrheniusLaw law = fit_arrhenius(exact_points(0.42, 13.0, ArrheniusForm::sigma_t)).law;
  const ArrheniusLaw sigma = convert_form(law, ArrheniusForm::sigma, 330.0);
  EXPECT_NEAR(sigma.activation_energy_eV, 0.42 - k * 330.0, 1e-12);
  EXPECT_NEAR(sigma.log_conductivity(330.0), law.log_conductivity(330.0), 1e-12);
  // Tangents: within 10 K the forms agree to second order, kT (dT/T)²/2.
  EXPECT_NEAR(sigma.log_conductivity(340.0), law.log_conductivity(340.0), 6e-4);
  const ArrheniusLaw back = convert_form(sigma, ArrheniusForm::sigma_t, 330.0);
  EXPECT_NEAR(back.activation_energy_eV, 0.42, 1e-12);
  EXPECT_NEAR(back.log_conductivity(300.0), law.log_conductivity(300.0), 1e-12);
  EXPECT_EQ(convert_form(law, ArrheniusForm::sigma_t, 330.0).activation_energy_eV, law.activation_energy_eV);
  EXPECT_EQ(to_string(ArrheniusForm::sigma_t), "sigma T");
  EXPECT_EQ(to_string(ArrheniusForm::sigma), "sigma");
}

TEST(Arrhenius, AnchoredLawGrowsItsUncertaintyWithDistance) {
  const ArrheniusLaw law = anchored_law(303.15, 0.029, 0.003, 0.42, 0.01);
  EXPECT_NEAR(law.conductivity(303.15), 0.029, 1e-15);
  EXPECT_NEAR(std::sqrt(law.log_conductivity_variance(303.15)), 0.003 / 0.029, 1e-12);
  const double lever = (1.0 / 303.15 - 1.0 / 333.15) / k * 0.01;
  EXPECT_NEAR(std::sqrt(law.log_conductivity_variance(333.15)), std::hypot(0.003 / 0.029, lever), 1e-12);
  EXPECT_NEAR(predict(law, 333.15).outside, 30.0, 1e-9);
  EXPECT_FALSE(anchored_law(300.0, 1.0, {}, 0.4, 0.01).uncertainty_known);
  EXPECT_FALSE(anchored_law(300.0, 1.0, 0.1, 0.4, {}).uncertainty_known);
}

TEST(Arrhenius, OutcomesWithoutALaw) {
  EXPECT_EQ(fit_arrhenius(Points{}).status, num::FitStatus::too_few_points);
  EXPECT_EQ(fit_arrhenius(Points{{300, 1}}).status, num::FitStatus::too_few_points);
  EXPECT_EQ(fit_arrhenius(Points{{300, 1}, {300, 2}}).status, num::FitStatus::rank_deficient);
}

TEST(Arrhenius, RefusesBadInput) {
  const double nan = std::nan("");
  EXPECT_THROW(fit_arrhenius(Points{{0, 1}, {300, 1}}), base::ParameterError);
  EXPECT_THROW(fit_arrhenius(Points{{-3, 1}, {300, 1}}), base::ParameterError);
  EXPECT_THROW(fit_arrhenius(Points{{310, 0}, {300, 1}}), base::ParameterError);
  EXPECT_THROW(fit_arrhenius(Points{{310, nan}, {300, 1}}), base::ParameterError);
  EXPECT_THROW(fit_arrhenius(Points{{310, 1, -0.1}, {300, 1}}), base::ParameterError);
  EXPECT_THROW(fit_arrhenius(Points{{310, 1, 0.1}, {300, 1}}), base::ParameterError);
  EXPECT_THROW(fit_arrhenius(Points{{310, 1, 0.1, -1}, {300, 1, 0.1}}), base::ParameterError);
  EXPECT_THROW(fit_arrhenius(Points{{310, 1, 0, 1}, {300, 1, 0, 1}}), base::ParameterError);
  const ArrheniusLaw law = anchored_law(300, 1, 0.1, 0.4, 0.1);
  EXPECT_THROW(predict(law, 0.0), base::ParameterError);
  EXPECT_THROW(predict(law, 300.0, 1.0), base::ParameterError);
  EXPECT_THROW(anchored_law(0, 1, {}, 0.4, {}), base::ParameterError);
  EXPECT_THROW(anchored_law(300, 0, {}, 0.4, {}), base::ParameterError);
  EXPECT_THROW(anchored_law(300, 1, -0.1, 0.4, {}), base::ParameterError);
  EXPECT_THROW(anchored_law(300, 1, 0.1, 0.4, -0.1), base::ParameterError);
  EXPECT_THROW(anchored_law(300, 1, {}, nan, {}), base::ParameterError);
  EXPECT_THROW(convert_form(law, ArrheniusForm::sigma, 0.0), base::ParameterError);
  EXPECT_THROW(implied_activation_energy({300, 1}, {300, 2}, ArrheniusForm::sigma), base::ParameterError);
  EXPECT_THROW(implied_activation_energy({300, 1}, {310, 0}, ArrheniusForm::sigma), base::ParameterError);
  EXPECT_THROW(implied_activation_energy({0, 1}, {310, 1}, ArrheniusForm::sigma), base::ParameterError);
}

}  // namespace
}  // namespace closo::transport
