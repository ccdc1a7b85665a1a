#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/transport/transference.hpp"

namespace closo::transport {
namespace {

std::vector<std::vector<double>> read_numbers(const std::filesystem::path& path, std::size_t skip) {
  std::vector<std::vector<double>> rows;
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::stringstream stream(line);
    std::string cell;
    rows.emplace_back();
    for (std::size_t i = 0; std::getline(stream, cell, ','); ++i) {
      if (i >= skip) rows.back().push_back(std::stod(cell));
    }
  }
  return rows;
}

const std::filesystem::path shared = CLOSO_SHARED_DIR;

struct Curve {
  std::vector<double> time, current;
};

Curve decay(double initial, double steady, double tau, double end, double noise, unsigned seed, double spike = 0.0,
            double rc = 1.0) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  Curve curve;
  for (double t = 0.0; t <= end; t += end / 600) {
    curve.time.push_back(t);
    curve.current.push_back(steady + (initial - steady) * std::exp(-t / tau) + spike * std::exp(-t / rc) +
                            noise * normal(random));
  }
  return curve;
}

TEST(Transient, FindsInitialAndSteadyCurrent) {
  const Curve c = decay(100e-9, 60e-9, 500, 5000, 0.05e-9, 1);
  const Transient r = analyse_transient(c.time, c.current);
  EXPECT_EQ(r.steady_state, SteadyState::reached);
  EXPECT_EQ(r.dropped, 0U);
  EXPECT_NEAR(r.initial_current.value, 100e-9, 5 * *r.initial_current.uncertainty + 0.1e-9);
  EXPECT_NEAR(r.steady_current.value, 60e-9, 4 * *r.steady_current.uncertainty);
  EXPECT_FALSE(r.extrapolated_current.has_value());
}

TEST(Transient, DropsTheSpikeOfTheDoubleLayer) {
  // 200 nA of charging current with RC = 10 s, points 8.3 s apart.
  const Curve c = decay(100e-9, 60e-9, 800, 5000, 0.02e-9, 2, 200e-9, 10.0);
  const Transient found = analyse_transient(c.time, c.current);
  EXPECT_GE(found.dropped, 5U);
  EXPECT_NEAR(found.initial_current.value, 100e-9, 1e-9);
  const Transient given = analyse_transient(c.time, c.current, {.time_constant = 15.0});
  EXPECT_GE(c.time[given.dropped], 75.0);
  EXPECT_NEAR(given.initial_current.value, 100e-9, 0.5e-9);
}

TEST(Transient, NegativeCurrentsAreMirrored) {
  Curve c = decay(100e-9, 60e-9, 800, 5000, 0.02e-9, 2, 200e-9, 10.0);
  const Transient positive = analyse_transient(c.time, c.current);
  for (double& i : c.current) i = -i;
  const Transient negative = analyse_transient(c.time, c.current);
  EXPECT_EQ(positive.dropped, negative.dropped);
  EXPECT_NEAR(positive.initial_current.value, -negative.initial_current.value, 1e-15);
  EXPECT_NEAR(positive.steady_current.value, -negative.steady_current.value, 1e-15);
}

TEST(Transient, ExtrapolatesWhatHasNotSettled) {
  int within = 0;
  for (unsigned seed = 0; seed < 40; ++seed) {
    const Curve c = decay(100e-9, 60e-9, 900, 2000, 0.02e-9, seed);
    const Transient r = analyse_transient(c.time, c.current);
    ASSERT_EQ(r.steady_state, SteadyState::not_reached);
    ASSERT_TRUE(r.extrapolated_current.has_value());
    if (std::abs(r.extrapolated_current->value - 60e-9) < 2 * *r.extrapolated_current->uncertainty) ++within;
    EXPECT_NEAR(*r.relaxation_time, 900, 90);
  }
  EXPECT_GE(within, 33);  // 95 % expected; 40 draws
}

TEST(Transient, ALineHasNoLimit) {
  Curve c;
  for (int i = 0; i < 200; ++i) {
    c.time.push_back(i);
    c.current.push_back(1e-6 - 2e-9 * i);
  }
  const Transient r = analyse_transient(c.time, c.current);
  EXPECT_EQ(r.steady_state, SteadyState::not_reached);
  EXPECT_FALSE(r.extrapolated_current.has_value());
}

TEST(Transient, NoiseMayHideTheDrift) {
  // A drift test at 1 % needs the noise of the window mean below that.
  int undecided = 0;
  for (unsigned seed = 0; seed < 20; ++seed) {
    const Curve c = decay(100e-9, 0.5e-9, 300, 5000, 0.3e-9, seed);
    const Transient r = analyse_transient(c.time, c.current);
    EXPECT_NEAR(r.steady_current.value, 0.5e-9, 5 * *r.steady_current.uncertainty);
    if (r.steady_state == SteadyState::noise_limited) ++undecided;
  }
  EXPECT_GT(undecided, 10);
}

TEST(Transient, SharedBlockingRecord) {
  const auto path = shared / "data/lab/synthetic/ca_blocking.csv";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "shared data absent: " << path;
  Curve c;
  for (const auto& row : read_numbers(path, 0)) {
    c.time.push_back(row[0]);
    c.current.push_back(row[1] * 1e-9);
  }
  // ANSWERS.json: I0 = 100 nA, Iss = 0.5 nA, t_ion = 0.995.
  const Transient r = analyse_transient(c.time, c.current);
  const Transference t = ionic_transference(r.initial_current, r.steady_current);
  EXPECT_NEAR(r.initial_current.value, 100e-9, 0.03e-9);
  EXPECT_NEAR(t.number, 0.995, 4 * *t.uncertainty);
  EXPECT_LT(*t.uncertainty, 2e-4);
}

TEST(Transient, SharedBruceVincentRecord) {
  const auto path = shared / "data/lab/synthetic/ca_bruce_vincent.csv";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "shared data absent: " << path;
  Curve c;
  for (const auto& row : read_numbers(path, 0)) {
    c.time.push_back(row[0]);
    c.current.push_back(row[1]);
  }
  // ANSWERS.json: dV = 10 mV, R0 = 243, Rss = 250, Rb = 310 Ohm, t+ = 0.48.
  const Transient r = analyse_transient(c.time, c.current);
  EXPECT_EQ(r.steady_state, SteadyState::reached);
  const Transference t = bruce_vincent({.voltage = {0.010},
                                        .initial_current = r.initial_current,
                                        .steady_current = r.steady_current,
                                        .initial_resistance = {243},
                                        .steady_resistance = {250},
                                        .bulk_resistance = Measured{310}});
  EXPECT_NEAR(t.number, 0.48, 5e-4);
  EXPECT_TRUE(t.warnings.empty());
}

TEST(Transient, RefusesBadInput) {
  const std::vector<double> t{0, 1, 2, 3, 4, 5, 6, 7}, i{8, 7, 6, 5, 4, 3, 2, 1};
  const std::vector<double> few(3, 1.0), back{0, 1, 2, 3, 3, 5, 6, 7}, early{-1, 1, 2, 3, 4, 5, 6, 7};
  std::vector<double> bad = i;
  bad[3] = std::nan("");
  EXPECT_THROW(analyse_transient(few, few), base::ParameterError);
  EXPECT_THROW(analyse_transient(t, few), base::ParameterError);
  EXPECT_THROW(analyse_transient(back, i), base::ParameterError);
  EXPECT_THROW(analyse_transient(early, i), base::ParameterError);
  EXPECT_THROW(analyse_transient(t, bad), base::ParameterError);
  EXPECT_THROW(analyse_transient(t, i, {.window = 0}), base::ParameterError);
  EXPECT_THROW(analyse_transient(t, i, {.drift_limit = 0}), base::ParameterError);
  EXPECT_THROW(analyse_transient(t, i, {.time_constant = -1}), base::ParameterError);
  EXPECT_THROW(analyse_transient(t, i, {.time_constant = 100}), base::ParameterError);
}

TEST(Transient, StatesHaveNames) {
  EXPECT_EQ(to_string(SteadyState::reached), "reached");
  EXPECT_EQ(to_string(SteadyState::noise_limited), "no drift within the noise");
  EXPECT_EQ(to_string(SteadyState::not_reached), "not reached");
}

}  // namespace
}  // namespace closo::transport
