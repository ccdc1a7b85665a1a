#include "closo/impedance/series.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/impedance/circuits_test.hpp"

namespace closo::impedance {
namespace {

using Values = std::vector<double>;

constexpr double bulk_energy_eV = 0.45;
constexpr double boundary_energy_eV = 0.62;

const Circuit& pellet_circuit() {
  static const Circuit circuit = parse_circuit("p(R1,CPE1)-p(R2,CPE2)-CPE3");
  return circuit;
}

double activated(double at_300, double energy_eV, double temperature) {
  return at_300 * temperature / 300.0 *
         std::exp(energy_eV / base::boltzmann_constant_eV * (1.0 / temperature - 1.0 / 300.0));
}

Values truth_at(double temperature) {
  return {activated(2e5, bulk_energy_eV, temperature),
          4e-11,
          0.95,
          activated(2e6, boundary_energy_eV, temperature),
          2e-9,
          0.88,
          3e-6,
          0.75};
}

std::vector<Spectrum> series(double noise, std::uint64_t seed = 60) {
  std::vector<Spectrum> out;
  for (const double temperature : {340.0, 300.0, 320.0, 360.0, 380.0}) {
    Spectrum spectrum = simulate_measurement(pellet_circuit(), truth_at(temperature),
                                             logarithmic_frequencies(0.1, 1e7, 7), {noise, 0.0}, seed++);
    spectrum.temperature = temperature;
    out.push_back(std::move(spectrum));
  }
  return out;
}

TEST(Series, EverySpectrumReachesItsOptimum) {
  const std::vector<Spectrum> spectra = series(0.005);
  const std::vector<FitResult> results = fit_sequence(pellet_circuit(), spectra);
  ASSERT_EQ(results.size(), spectra.size());
  for (std::size_t s = 0; s < spectra.size(); ++s) {
    const FitResult from_truth = fit_from(pellet_circuit(), spectra[s], truth_at(*spectra[s].temperature));
    EXPECT_LT(results[s].chi_square, from_truth.chi_square * (1.0 + 1e-8));
  }
  EXPECT_THROW((void)fit_sequence(pellet_circuit(), {}), base::ParameterError);
}

// One start each would leave local optima; the neighbours repair them.
TEST(Series, NeighboursRepairALocalOptimum) {
  const std::vector<Spectrum> spectra = series(0.002);
  FitOptions poor;
  poor.most_starts = 1;
  poor.fewest_starts = 1;
  const std::vector<FitResult> good = fit_sequence(pellet_circuit(), spectra);
  std::size_t bad_alone = 0;
  std::size_t bad_together = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    poor.seed = seed;
    const std::vector<FitResult> together = fit_sequence(pellet_circuit(), spectra, poor);
    for (std::size_t s = 0; s < spectra.size(); ++s) {
      const double limit = good[s].chi_square * 1.001;
      if (fit(pellet_circuit(), spectra[s], poor).chi_square > limit) ++bad_alone;
      if (together[s].chi_square > limit) ++bad_together;
    }
  }
  EXPECT_GT(bad_alone, 0U);
  EXPECT_LT(5 * bad_together, bad_alone);
}

TEST(Series, SharedAndActivatedParametersAreFound) {
  const std::vector<Spectrum> spectra = series(0.01);
  const std::vector<CoupledParameter> coupled{{"CPE1.Q", Coupling::shared},
                                              {"CPE1.n", Coupling::shared},
                                              {"R1", Coupling::activated},
                                              {"R2", Coupling::activated}};
  const GlobalFit result = fit_globally(pellet_circuit(), spectra, coupled);
  EXPECT_EQ(result.status, FitStatus::converged);
  ASSERT_EQ(result.coupled.size(), 4U);
  // 8 parameters x 5 spectra - 4 coupled x 5 + 2 + 2 x 2.
  EXPECT_EQ(result.free_parameters, 26U);
  EXPECT_EQ(result.coordinates.size(), 26U);
  EXPECT_NEAR(result.coupled[0].value, 4e-11, 4.0 * result.coupled[0].uncertainty);
  EXPECT_NEAR(result.coupled[1].value, 0.95, 4.0 * result.coupled[1].uncertainty);
  const base::Measured bulk = result.coupled[2].activation_energy_eV;
  const base::Measured boundary = result.coupled[3].activation_energy_eV;
  EXPECT_NEAR(bulk.value, bulk_energy_eV, 4.0 * *bulk.uncertainty);
  EXPECT_NEAR(boundary.value, boundary_energy_eV, 4.0 * *boundary.uncertainty);
  EXPECT_LT(*bulk.uncertainty, 0.01);
  for (std::size_t s = 0; s < spectra.size(); ++s) {
    const Values truth = truth_at(*spectra[s].temperature);
    for (std::size_t i = 0; i < truth.size(); ++i) {
      EXPECT_NEAR(result.parameters[s][i].value, truth[i], 4.5 * result.parameters[s][i].uncertainty);
    }
    EXPECT_NEAR(std::sqrt(result.parameter_covariance(s, 0, 0)), result.parameters[s][0].uncertainty, 1e-9 * truth[0]);
  }
  // Coupling adds information: the fast arc at the highest temperature is known better than alone.
  const FitResult alone = fit(pellet_circuit(), spectra[4]);
  EXPECT_LT(result.parameters[4][0].uncertainty, 0.8 * alone.parameters[0].uncertainty);
}

// Without couplings the global fit is the single fits; chi² adds up.
TEST(Series, WithoutCouplingsItIsTheSingleFits) {
  const std::vector<Spectrum> spectra = series(0.01);
  const std::vector<FitResult> single = fit_sequence(pellet_circuit(), spectra);
  const GlobalFit result = fit_globally(pellet_circuit(), spectra, {});
  double sum = 0.0;
  for (std::size_t s = 0; s < spectra.size(); ++s) {
    sum += single[s].chi_square;
    EXPECT_NEAR(result.chi_squares[s] / single[s].chi_square, 1.0, 1e-8);
    EXPECT_NEAR(result.parameters[s][3].value / single[s].parameters[3].value, 1.0, 1e-6);
  }
  EXPECT_NEAR(result.chi_square / sum, 1.0, 1e-8);
}

// Stated errors of activation energies match their scatter over repeated series.
TEST(Series, ErrorsOfActivationEnergiesMatchTheScatter) {
  const std::vector<CoupledParameter> coupled{{"R1", Coupling::activated}, {"R2", Coupling::activated}};
  FitOptions options;
  options.profile_intervals = false;
  double sum = 0.0, square = 0.0, stated = 0.0;
  const int count = 60;
  for (int k = 0; k < count; ++k) {
    const GlobalFit result =
        fit_globally(pellet_circuit(), series(0.01, 1000 + 10 * static_cast<std::uint64_t>(k)), coupled, options);
    const base::Measured energy = result.coupled[1].activation_energy_eV;
    sum += energy.value / count;
    square += energy.value * energy.value / count;
    stated += *energy.uncertainty / count;
  }
  // 60 values give a standard deviation to 9 %.
  EXPECT_NEAR(stated / std::sqrt(square - sum * sum), 1.0, 0.3);
  EXPECT_NEAR(sum, boundary_energy_eV, 4.0 * stated / std::sqrt(60.0));
}

TEST(Series, RefusesWhatItCannotCouple) {
  std::vector<Spectrum> spectra = series(0.01);
  const auto refused = [&](const std::vector<CoupledParameter>& coupled, const Circuit& circuit = pellet_circuit(),
                           const FitOptions& options = {}) {
    EXPECT_THROW((void)fit_globally(circuit, spectra, coupled, options), base::ParameterError);
  };
  refused({{"R9", Coupling::shared}});
  refused({{"R1", Coupling::shared}, {"R1", Coupling::activated}});
  refused({{"CPE1.n", Coupling::activated}});
  refused({{"R1", Coupling::shared}}, parse_circuit("p(R1{=5},CPE1)-CPE2"));
  FitOptions robust;
  robust.loss = RobustLoss::huber;
  refused({{"R1", Coupling::shared}}, pellet_circuit(), robust);
  spectra[2].temperature.reset();
  refused({{"R1", Coupling::activated}});
  for (Spectrum& spectrum : spectra) spectrum.temperature = 300.0;
  refused({{"R1", Coupling::activated}});
  spectra.resize(1);
  refused({{"R1", Coupling::shared}});
}

class SeriesShared : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(shared_spectra() / "EXPECTED.json")) GTEST_SKIP() << "the shared spectra are absent";
  }
};

// The published global fit of the 7-temperature series: Q1 and n1 shared, 44 parameters, chi² 2.332765e-2.
TEST_F(SeriesShared, PublishedGlobalFit) {
  std::vector<Spectrum> spectra;
  for (int celsius = 140; celsius <= 200; celsius += 10) {
    spectra.push_back(read_rows(shared_spectra() / "EISFitpython" / "EIS_Data" / "Example-3-4" /
                                ("s04147-" + std::to_string(celsius) + "deg.txt")));
    spectra.back().temperature = celsius + base::zero_celsius;
  }
  const std::vector<CoupledParameter> coupled{{"CPE1.Q", Coupling::shared}, {"CPE1.n", Coupling::shared}};
  const GlobalFit result = fit_globally(pellet_circuit(), spectra, coupled);
  EXPECT_EQ(result.free_parameters, 44U);
  EXPECT_EQ(result.degrees_of_freedom, 534U);
  EXPECT_NEAR(result.chi_square / 2.332765e-2, 1.0, 1e-6);
  EXPECT_NEAR(result.coupled[0].value / 7.162e-11, 1.0, 1e-3);
  EXPECT_NEAR(result.coupled[0].uncertainty / 4.748e-12, 1.0, 1e-3);
  EXPECT_NEAR(result.coupled[1].uncertainty / 4.458e-3, 1.0, 1e-3);
  EXPECT_NEAR(result.parameters[0][0].value / 1.338e5, 1.0, 1e-3);
  EXPECT_NEAR(result.parameters[0][0].uncertainty / 3.189e3, 1.0, 1e-3);
  EXPECT_NEAR(result.parameters[6][3].uncertainty / 8.702e2, 1.0, 1e-3);
}

}  // namespace
}  // namespace closo::impedance
