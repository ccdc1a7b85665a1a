#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/error.hpp"
#include "closo/impedance/circuits_test.hpp"
#include "closo/impedance/ladder.hpp"

namespace closo::impedance {
namespace {

class LadderShared : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(shared_spectra() / "EXPECTED.json")) GTEST_SKIP() << "the shared spectra are absent";
  }
};

// The published circuit of the solid electrolyte is found at every temperature.
TEST_F(LadderShared, FindsThePublishedCircuitOfTheSeries) {
  for (int celsius = 140; celsius <= 200; celsius += 10) {
    const LadderResult result =
        choose_circuit(read_rows(shared_spectra() / "EISFitpython" / "EIS_Data" / "Example-3-4" /
                                 ("s04147-" + std::to_string(celsius) + "deg.txt")));
    EXPECT_EQ(result.best().text, "p(R1,CPE1)-p(R2,CPE2)-CPE3") << celsius << ": " << result.reason;
  }
}

TEST_F(LadderShared, FindsWarburgDiffusionAndLeads) {
  EXPECT_EQ(
      choose_circuit(read_versa_studio(shared_spectra() / "impedance.py" / "exampleDataVersaStudio.par")).best().text,
      "R0-p(R1,CPE1)-p(R2,CPE2)-W1");
  // The whole file has inductive points at its fast end.
  const LadderResult leads = choose_circuit(read_rows(shared_spectra() / "impedance.py" / "exampleData.csv"));
  EXPECT_EQ(leads.best().text.rfind("L0-", 0), 0U) << leads.reason;
  EXPECT_LT(leads.best().fit.relative_misfit(), 0.01);
}

FitResult with(double chi_square, std::size_t degrees_of_freedom) {
  FitResult result;
  result.chi_square = chi_square;
  result.degrees_of_freedom = degrees_of_freedom;
  return result;
}

TEST(Ladder, FTest) {
  // F(2, 10) exceeds 4.1028 with probability 0.05: (chi ratio - 1) 10/2 = 4.1028.
  EXPECT_NEAR(*f_test(with(1.0 + 4.1028210 * 2.0 / 10.0, 12), with(1.0, 10)), 0.05, 1e-6);
  // F(1, 20) exceeds 8.0960 with probability 0.01.
  EXPECT_NEAR(*f_test(with(1.0 + 8.0959581 / 20.0, 21), with(1.0, 20)), 0.01, 1e-6);
  EXPECT_FALSE(f_test(with(1.0, 10), with(0.5, 10)).has_value());
  EXPECT_FALSE(f_test(with(1.0, 12), with(1.5, 10)).has_value());
}

TEST(Ladder, TooRichCircuitsAreSkippedOrNamed) {
  const std::vector<double> truth{100.0, 1e-6, 0.9};
  const Spectrum spectrum =
      simulate_measurement(parse_circuit("R0-CPE1"), truth, logarithmic_frequencies(1.0, 100.0, 2), {0.01, 0.0}, 3);
  const LadderResult result = choose_circuit(spectrum);
  EXPECT_EQ(result.best().text, "R0-CPE1") << result.reason;
  for (const Rung& rung : result.rungs) EXPECT_LT(rung.circuit.free_parameters() + 2, 10U);
  EXPECT_THROW((void)choose_circuit(spectrum, {}, {"R0-p(R1,CPE1)-p(R2,CPE2)-p(R3,CPE3)"}), base::ParameterError);
  EXPECT_THROW((void)choose_circuit(spectrum, {}, {"R0-X1"}), base::InputError);
}

TEST(Ladder, LeadsAreAddedToEveryRung) {
  const auto plain = solid_electrolyte_ladder(false);
  const auto leads = solid_electrolyte_ladder(true);
  EXPECT_EQ(leads.size(), 2 * plain.size());
  for (std::size_t i = 0; i < plain.size(); ++i) EXPECT_EQ(leads[2 * i + 1], "L0-" + plain[i]);
}

}  // namespace
}  // namespace closo::impedance
