#include "closo/tasks/impedance_simulate.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/file.hpp"
#include "closo/tasks/impedance_input.hpp"
#include "closo/tasks/impedance_trial_test.hpp"

namespace closo::tasks {
namespace {

using trial::Given;
using trial::message_of;
using trial::ScratchFolder;

const Given blocking = {{"circuit", "R0-p(R1,CPE1)-CPE2"},
                        {"set", "R0=12 Ohm"},
                        {"set", "R1=1.2 kOhm"},
                        {"set", "CPE1.Q=1e-9"},
                        {"set", "CPE1.n=0.9"},
                        {"set", "CPE2.Q=2e-6"},
                        {"set", "CPE2.n=0.8"}};

Given with(Given given, const Given& more) {
  given.insert(given.end(), more.begin(), more.end());
  return given;
}

report::Report ask(const Given& given, unsigned long long seed = 1) {
  Context context;
  context.seed = seed;
  return trial::ask(impedance_simulate_task, given, context);
}

/// The largest |Z - Z'| / |Z| of two spectra in the same order.
double largest_difference(const impedance::Spectrum& one, const impedance::Spectrum& two) {
  EXPECT_EQ(one.size(), two.size());
  double largest = 0.0;
  for (std::size_t i = 0; i < std::min(one.size(), two.size()); ++i) {
    largest = std::max(largest, std::abs(one.impedance[i] - two.impedance[i]) / std::abs(one.impedance[i]));
    largest = std::max(largest, std::abs(one.frequency[i] / two.frequency[i] - 1.0));
  }
  return largest;
}

TEST(ImpedanceSimulate, EveryFormatReadsBackWithinItsPrintedDigits) {
  const ScratchFolder folder;
  const impedance::Circuit circuit = impedance::parse_circuit("R0-p(R1,CPE1)-CPE2");
  std::vector<double> frequency = impedance::logarithmic_frequencies(0.1, 1e7, 7);
  impedance::Spectrum truth = impedance::simulate_measurement(
      circuit, std::vector<double>{12.0, 1200.0, 1e-9, 0.9, 2e-6, 0.8}, frequency, {0.005, 0.0}, 7);
  std::reverse(truth.frequency.begin(), truth.frequency.end());
  std::reverse(truth.impedance.begin(), truth.impedance.end());
  const Given settings = with(blocking, {{"from", "0.1 Hz"},
                                         {"until", "10 MHz"},
                                         {"points-per-decade", "7"},
                                         {"noise", "0.5 %"},
                                         {"temperature", "55.5 degC"}});
  struct Format {
    const char* name;
    double tolerance;  // half of the last printed digit
  };
  for (const Format& format : {Format{"csv", 1e-15}, Format{"gamry", 6e-7}, Format{"biologic", 6e-8}}) {
    const std::string file = folder.file(std::string("spectrum.") + format.name);
    const report::Report report = ask(with(settings, {{"as", format.name}, {"to", file}}), 7);
    EXPECT_NE(base::read_text_file(file).find("simulated by closo, not a measurement; noise 0.5 %"), std::string::npos)
        << format.name;
    const ImpedanceInputs inputs = read_impedance_inputs({file}, {.keep_inductive = true}, Context{});
    EXPECT_LT(largest_difference(truth, inputs.spectra.front().spectrum), format.tolerance) << format.name;
    EXPECT_EQ(
        std::get<std::string>(trial::item_of(trial::block_of<report::KeyValues>(report, "parameters"), "written to")),
        file);
    if (std::string(format.name) != "biologic") {  // an .mpt file has no place for a title
      ASSERT_TRUE(inputs.spectra.front().spectrum.temperature) << format.name;
      EXPECT_NEAR(*inputs.spectra.front().spectrum.temperature, 328.65, 1e-9);
    }
  }
}

TEST(ImpedanceSimulate, ASeedIsASpectrum) {
  const ScratchFolder folder;
  const auto text = [&](unsigned long long seed) {
    ask(with(blocking, {{"noise", "1 %"}, {"to", folder.file("one.csv")}}), seed);
    const std::string all = base::read_text_file(folder.file("one.csv"));
    return all.substr(all.find("frequency"));  // the comments above name the seed
  };
  const std::string first = text(1);
  EXPECT_EQ(first, text(1));
  EXPECT_NE(first, text(2));
}

TEST(ImpedanceSimulate, TheNoiseIsWhatWasAskedFor) {
  const ScratchFolder folder;
  const std::string noisy = folder.file("noisy.csv"), exact = folder.file("exact.csv");
  ask(with(blocking, {{"points-per-decade", "500"}, {"noise", "2 %"}, {"to", noisy}}));
  ask(with(blocking, {{"points-per-decade", "500"}, {"to", exact}}));
  const ImpedanceInputOptions all{.keep_inductive = true};
  const impedance::Spectrum a = read_impedance_inputs({noisy}, all, Context{}).spectra.front().spectrum;
  const impedance::Spectrum b = read_impedance_inputs({exact}, all, Context{}).spectra.front().spectrum;
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i)
    sum += std::norm((a.impedance[i] - b.impedance[i]) / std::abs(b.impedance[i]));
  EXPECT_EQ(a.size(), 3001U);
  EXPECT_NEAR(std::sqrt(sum / (2.0 * static_cast<double>(a.size()))), 0.02, 4.0 * 0.02 / std::sqrt(4.0 * 3001.0));
}

TEST(ImpedanceSimulate, ValuesOfTheCircuitsTextNeedNoOption) {
  const report::Report report = ask({{"circuit", "R0{=10}-p(R1,C1)"}, {"set", "R1=2 kOhm"}, {"set", "C1=1 nF"}});
  const auto& parameters = trial::block_of<report::KeyValues>(report, "parameters");
  EXPECT_EQ(std::get<report::Value>(trial::item_of(parameters, "R0")).value, 10.0);
  EXPECT_EQ(std::get<report::Value>(trial::item_of(parameters, "R1")).value, 2000.0);
  EXPECT_NEAR(*std::get<report::Value>(trial::item_of(parameters, "C1")).value, 1e-9, 1e-24);
  EXPECT_EQ(parameters.items.size(), 3U) << "nothing was written";
  for (const char* id : {"nyquist", "bode_modulus", "bode_phase"}) EXPECT_TRUE(trial::has_figure(report, id)) << id;
}

TEST(ImpedanceSimulate, RefusesWrongValuesByName) {
  const auto message = [](const Given& given) { return message_of<base::InputError>([&] { ask(given); }); };
  const Given rc = {{"circuit", "p(R1,C1)"}, {"set", "R1=10"}};
  EXPECT_NE(message(rc).find("no value for C1"), std::string::npos);
  EXPECT_NE(message(with(rc, {{"set", "C2=1 nF"}})).find("'C2=1 nF' sets no parameter"), std::string::npos);
  EXPECT_NE(message(with(rc, {{"set", "C1"}})).find("NAME=VALUE with one of R1, C1"), std::string::npos);
  EXPECT_NE(message(with(rc, {{"set", "C1=1 nF"}, {"set", "R1=20"}})).find("R1 is set twice"), std::string::npos);
  EXPECT_NE(message({{"circuit", "CPE1"}, {"set", "CPE1.Q=1 uF"}, {"set", "CPE1.n=0.9"}}).find("not a plain number"),
            std::string::npos);
  EXPECT_NE(message({{"circuit", "p(R1,C1"}}).find("never closed"), std::string::npos);
  EXPECT_ANY_THROW(ask(with(rc, {{"set", "C1=1 kg"}})));
}

TEST(ImpedanceSimulate, RefusesWhatIsOutOfRange) {
  const Given resistor = {{"circuit", "R0"}, {"set", "R0=10"}};
  EXPECT_NO_THROW(ask(resistor));
  const auto refuses = [&](const Given& more) {
    EXPECT_THROW(ask(with(resistor, more)), base::ParameterError) << more.front().first << " " << more.front().second;
  };
  EXPECT_THROW(ask({{"circuit", "R0"}, {"set", "R0=-10"}}), base::ParameterError);
  EXPECT_THROW(ask({{"circuit", "CPE0"}, {"set", "CPE0.Q=1e-6"}, {"set", "CPE0.n=1.2"}}), base::ParameterError);
  refuses({{"noise", "-1 %"}});
  refuses({{"from", "0 Hz"}});
  refuses({{"from", "2 MHz"}});
  refuses({{"points-per-decade", "0"}});
  refuses({{"points-per-decade", "-3"}});
  refuses({{"points-per-decade", "1001"}});
  refuses({{"temperature", "-5 K"}});
  refuses({{"as", "zplot"}});
  EXPECT_THROW(ask(with(resistor, {{"to", "/nowhere/at/all.csv"}})), base::InputError);
  EXPECT_THROW(ask({}), base::ParameterError);
}

}  // namespace
}  // namespace closo::tasks
