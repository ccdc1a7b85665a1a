#include "closo/tasks/impedance_input.hpp"

#include <gtest/gtest.h>

#include <complex>

#include <numbers>

#include "closo/base/number.hpp"
#include "closo/formats/biologic_mpt.hpp"
#include "closo/tasks/impedance_trial_test.hpp"

namespace closo::tasks {
namespace {

using trial::arguments_of;
using trial::examples;
using trial::message_of;
using trial::ScratchFolder;

ImpedanceInputs read(const std::vector<std::string>& paths, const ImpedanceInputOptions& options = {}) {
  return read_impedance_inputs(paths, options, Context{});
}

TEST(ImpedanceInput, ReadsAFolderInTheOrderOfItsNames) {
  const ImpedanceInputs inputs = read({(examples / "zro2").string()});
  ASSERT_EQ(inputs.spectra.size(), 8U);
  EXPECT_TRUE(inputs.rejected.empty());
  EXPECT_EQ(inputs.spectra[0].label, "zro2_100C.mpt");
  EXPECT_EQ(inputs.spectra[1].label, "zro2_30C.DTA");
  EXPECT_NEAR(*inputs.spectra[0].spectrum.temperature, 373.15, 1e-9);
  EXPECT_EQ(inputs.spectra[0].temperature_source, "file name");
  EXPECT_NEAR(*inputs.spectra[1].spectrum.temperature, 303.15, 1e-9);
  EXPECT_EQ(inputs.spectra[1].temperature_source, "line 3");
  EXPECT_EQ(inputs.spectra[1].spectrum.size(), 61U);
  EXPECT_EQ(inputs.spectra[0].spectrum.metadata.at("format"), "biologic_mpt");
}

TEST(ImpedanceInput, HiddenFilesAndFoldersInsideAreLeftAlone) {
  const ScratchFolder folder;
  folder.copy(examples / "zro2" / "zro2_30C.DTA");
  folder.write(".hidden", "no spectrum");
  std::filesystem::create_directories(folder.file("inside"));
  const ImpedanceInputs inputs = read({folder.name()});
  EXPECT_EQ(inputs.spectra.size(), 1U);
  EXPECT_TRUE(inputs.rejected.empty());
}

TEST(ImpedanceInput, ABrokenFileDoesNotStopTheOthers) {
  const ScratchFolder folder;
  folder.write("a_broken.csv", "f (Hz),Z_real (Ohm),Z_imag (Ohm)\n1000,10,-1\n100,ten,-2\n");
  folder.copy(examples / "zro2" / "zro2_30C.DTA");
  folder.write("z_empty.txt", "");
  const ImpedanceInputs inputs = read({folder.name()});
  ASSERT_EQ(inputs.spectra.size(), 1U);
  ASSERT_EQ(inputs.rejected.size(), 2U);
  EXPECT_NE(inputs.rejected[0].reason.find("a_broken.csv:3"), std::string::npos) << inputs.rejected[0].reason;
  EXPECT_NE(inputs.rejected[1].reason.find("z_empty.txt"), std::string::npos) << inputs.rejected[1].reason;
  report::Report report;
  add_input_remarks(report, inputs);
  EXPECT_EQ(report.warnings.size(), 2U);
  EXPECT_TRUE(trial::warns(report, "not used: " + folder.file("a_broken.csv")));
  EXPECT_EQ(trial::block_of<report::Table>(report, "files").rows.size(), 1U);
}

TEST(ImpedanceInput, NothingUsableIsTheFirstReason) {
  const ScratchFolder folder;
  EXPECT_NE(message_of<base::InputError>([&] { read({folder.name()}); }).find("the folder is empty"),
            std::string::npos);
  folder.write("a.csv", "f (Hz),Z_real (Ohm),Z_imag (Ohm)\n-1000,10,-1\n100,10,-2\n");
  folder.write("b.csv", "");
  const std::string message = message_of<base::InputError>([&] { read({folder.name()}); });
  EXPECT_NE(message.find("a.csv"), std::string::npos) << message;
  EXPECT_THROW(read({folder.file("absent.DTA")}), base::InputError);
  EXPECT_THROW(read({(examples / "zro2").string()}, {.format = "unknown"}), base::ParameterError);
}

TEST(ImpedanceInput, OnePointAndOnlyInductivePointsAreRefused) {
  const ScratchFolder folder;
  const std::string header = "f (Hz),Z_real (Ohm),Z_imag (Ohm)\n";
  EXPECT_THROW(read({folder.write("one.csv", header + "1000,10,-1\n")}), base::InputError);
  std::string inductive = header;
  for (int i = 1; i <= 20; ++i) inductive += std::to_string(1000 * i) + ",10," + std::to_string(i) + "\n";
  const std::string file = folder.write("inductive.csv", inductive);
  EXPECT_THROW(read({file}), base::InputError);
  EXPECT_THROW(read({file}, {.keep_inductive = true}), base::InputError);
}

TEST(ImpedanceInput, MasksSayWhatAndWhy) {
  const ScratchFolder folder;
  std::string text = "f (Hz),Z_real (Ohm),Z_imag (Ohm)\n1e6,10,3\n1e5,10,0.5\n";
  for (int i = 1; i <= 20; ++i) text += std::to_string(20000 / i) + ",10,-" + std::to_string(i) + "\n";
  const std::string file = folder.write("lead.csv", text);
  const ImpedanceInput masked = read({file}).spectra.front();
  EXPECT_EQ(masked.spectrum.masked.size(), 2U);
  EXPECT_TRUE(masked.spectrum.is_masked(0));
  EXPECT_FALSE(masked.remarks.empty());
  EXPECT_TRUE(read({file}, {.keep_inductive = true}).spectra.front().spectrum.masked.empty());
  const ImpedanceInput range = read({file}, {.lowest = 1500.0, .highest = 15000.0}).spectra.front();
  for (std::size_t i = 0; i < range.spectrum.size(); ++i) {
    const double f = range.spectrum.frequency[i];
    EXPECT_EQ(range.spectrum.is_masked(i), f < 1500.0 || f > 15000.0) << f;
  }
  // A range without points leaves nothing to calculate with.
  EXPECT_THROW(read({file}, {.lowest = 1e9}), base::InputError);
}

TEST(ImpedanceInput, TheSignOfTheImaginaryColumnCanBeGiven) {
  const ScratchFolder folder;
  std::string text;
  for (int i = 1; i <= 20; ++i) text += std::to_string(20000 / i) + " 10 " + std::to_string(i) + "\n";
  const std::string file = folder.write("bare.txt", text);
  EXPECT_LT(read({file}, {.sign = "negated"}).spectra.front().spectrum.impedance.front().imag(), 0.0);
  EXPECT_THROW(read({file}, {.sign = "as-written"}), base::InputError) << "then every point is inductive";
}

TEST(ImpedanceInput, LoopsOfOneFileAreSpectraOfTheirOwn) {
  const ScratchFolder folder;
  table::Table loop;
  loop.columns = {{"frequency", base::Unit::parse("Hz"), {}},
                  {"Z_real", base::Unit::parse("Ohm"), {}},
                  {"Z_imag", base::Unit::parse("Ohm"), {}}};
  for (int i = 1; i <= 10; ++i) {
    loop.columns[0].values.push_back(1e4 / i);
    loop.columns[1].values.push_back(10.0);
    loop.columns[2].values.push_back(-i);
  }
  const std::vector<table::Table> loops(2, loop);
  const ImpedanceInputs inputs = read({folder.write("loops_25C.mpt", formats::write_biologic_mpt(loops))});
  ASSERT_EQ(inputs.spectra.size(), 2U);
  EXPECT_EQ(inputs.spectra[0].label, "loops_25C.mpt loop 1");
  EXPECT_EQ(inputs.spectra[1].label, "loops_25C.mpt loop 2");
  EXPECT_EQ(inputs.spectra[1].spectrum.impedance, inputs.spectra[0].spectrum.impedance);
}

TEST(ImpedanceInput, ReadingCanBeStopped) {
  Context context;
  context.progress = [](double, std::string_view) { return false; };
  EXPECT_THROW(read_impedance_inputs({(examples / "zro2").string()}, {}, context), base::Cancelled);
}

// A lead of 2 Ohm and 1 uH in series with the sample: the short-circuited fixture takes it away again.
TEST(ImpedanceInput, TheShortCircuitedFixtureIsTakenOff) {
  const ScratchFolder folder;
  std::string sample = "f (Hz),Z_real (Ohm),Z_imag (Ohm)\n", lead = sample;
  for (double f = 1e6; f >= 0.9; f /= 10.0) {
    const double w = 2.0 * std::numbers::pi * f;
    const std::complex<double> z = 100.0 / (1.0 + std::complex<double>(0.0, w * 1e-4)), extra(2.0, w * 1e-6);
    const auto row = [f](std::complex<double> value) {
      return base::format_exact(f) + ',' + base::format_exact(value.real()) + ',' + base::format_exact(value.imag()) +
             '\n';
    };
    sample += row(z + extra);
    lead += row(extra);
  }
  ImpedanceInputOptions options;
  options.keep_inductive = true;
  options.sign = "as-written";
  options.short_reference = folder.write("short.csv", lead);
  const ImpedanceInputs inputs = read_impedance_inputs({folder.write("sample.csv", sample)}, options, {});
  ASSERT_EQ(inputs.spectra.size(), 1U);
  const impedance::Spectrum& spectrum = inputs.spectra.front().spectrum;
  for (std::size_t i = 0; i < spectrum.size(); ++i) {
    const double w = 2.0 * std::numbers::pi * spectrum.frequency[i];
    const std::complex<double> expected = 100.0 / (1.0 + std::complex<double>(0.0, w * 1e-4));
    EXPECT_LT(std::abs(spectrum.impedance[i] - expected), 1e-6 * std::abs(expected)) << spectrum.frequency[i];
  }
  EXPECT_FALSE(inputs.spectra.front().remarks.empty()) << "a correction is never silent";
  options.short_reference = folder.file("missing.csv");
  EXPECT_THROW(read_impedance_inputs({folder.file("sample.csv")}, options, {}), base::InputError);
}

TEST(ImpedanceInput, RefusedSpectraBecomeRejectedFiles) {
  const auto inputs_of = [] {
    ImpedanceInputs inputs;
    for (const char* name : {"a", "b", "c"})
      inputs.spectra.push_back({{}, std::string("folder/") + name, name, {}, {}});
    return inputs;
  };
  const std::exception_ptr parameter = refusal([] { throw base::ParameterError("points", "3", "6"); });
  const std::exception_ptr input = refusal([] { throw base::InputError({}, "bad", ""); });
  const std::exception_ptr numerics = refusal([] { throw base::NumericsError("singular"); });
  ASSERT_TRUE(parameter && input && numerics);
  EXPECT_FALSE(refusal([] {}));
  EXPECT_THROW(refusal([] { throw base::Cancelled(); }), base::Cancelled);
  EXPECT_THROW(refusal([] { throw base::InternalError("broken"); }), base::InternalError);
  ImpedanceInputs some = inputs_of();
  drop_refused(some, {parameter, {}, numerics});
  ASSERT_EQ(some.spectra.size(), 1U);
  EXPECT_EQ(some.spectra[0].label, "b");
  ASSERT_EQ(some.rejected.size(), 2U);
  EXPECT_EQ(some.rejected[1].file, "folder/c");
  EXPECT_EQ(some.rejected[1].reason, "c: singular");
  ImpedanceInputs none = inputs_of();
  EXPECT_THROW(drop_refused(none, {input, parameter, numerics}), base::InputError);
}

TEST(PelletGeometry, AreaAndItsUncertaintyFromTheDiameter) {
  const auto geometry = pellet_geometry(arguments_of({{"thickness", "0.40(1) mm"}, {"diameter", "10.0(2) mm"}}));
  ASSERT_TRUE(geometry);
  EXPECT_NEAR(geometry->thickness.value, 4e-4, 1e-15);
  EXPECT_NEAR(*geometry->thickness.uncertainty, 1e-5, 1e-15);
  EXPECT_NEAR(geometry->area.value, std::numbers::pi / 4.0 * 1e-4, 1e-15);
  EXPECT_NEAR(*geometry->area.uncertainty, std::numbers::pi / 2.0 * 0.01 * 2e-4, 1e-12);
  const auto area = pellet_geometry(arguments_of({{"thickness", "0.4 mm"}, {"area", "0.785 cm2"}}));
  EXPECT_NEAR(area->area.value, 0.785e-4, 1e-15);
  EXPECT_FALSE(area->area.uncertainty);
  EXPECT_FALSE(pellet_geometry(Arguments{}));
}

TEST(PelletGeometry, RefusesWhatIsIncompleteOrNotPositive) {
  const auto refuses = [](const trial::Given& given) {
    EXPECT_THROW(pellet_geometry(arguments_of(given)), base::ParameterError) << given.front().second;
  };
  refuses({{"thickness", "0.4 mm"}});
  refuses({{"diameter", "10 mm"}});
  refuses({{"area", "1 cm2"}});
  refuses({{"thickness", "0.4 mm"}, {"diameter", "10 mm"}, {"area", "1 cm2"}});
  refuses({{"thickness", "0 mm"}, {"diameter", "10 mm"}});
  refuses({{"diameter", "-10 mm"}, {"thickness", "0.4 mm"}});
  refuses({{"area", "0 cm2"}, {"thickness", "0.4 mm"}});
  refuses({{"thickness", "0.4"}, {"diameter", "10 mm"}});
  refuses({{"thickness", "0.4 kg"}, {"diameter", "10 mm"}});
}

TEST(ImpedanceInputOptions, FromTheOptionsOfATask) {
  const ImpedanceInputOptions options = impedance_input_options(arguments_of({{"format", "gamry_dta"},
                                                                              {"sign", "negated"},
                                                                              {"keep-inductive", "true"},
                                                                              {"lowest-frequency", "1 mHz"},
                                                                              {"highest-frequency", "1 MHz"}}));
  EXPECT_EQ(options.format, "gamry_dta");
  EXPECT_EQ(options.sign, "negated");
  EXPECT_TRUE(options.keep_inductive);
  EXPECT_NEAR(*options.lowest, 1e-3, 1e-18);
  EXPECT_NEAR(*options.highest, 1e6, 1e-6);
  EXPECT_THROW(impedance_input_options(arguments_of({{"lowest-frequency", "10 Hz"}, {"highest-frequency", "10 Hz"}})),
               base::ParameterError);
  EXPECT_THROW(impedance_input_options(arguments_of({{"lowest-frequency", "10 s"}})), base::ParameterError);
}

}  // namespace
}  // namespace closo::tasks
