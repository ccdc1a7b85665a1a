#include "closo/tasks/impedance_series.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "closo/base/constants.hpp"
#include "closo/base/number.hpp"
#include "closo/library/user_store.hpp"
#include "closo/tasks/impedance_trial_test.hpp"
#include "closo/tasks/library_access.hpp"
#include "closo/tasks/library_import.hpp"

namespace closo::tasks {
namespace {

using trial::ask;
using trial::block_of;
using trial::examples;
using trial::Given;
using trial::message_of;
using trial::ScratchFolder;

const std::string zro2 = (examples / "zro2").string();
const std::string two_arcs = (examples / "two_arcs").string();

Given pellet(const std::string& files, const Given& more = {}) {
  Given given = {{"files", files}, {"thickness", "0.4 mm"}, {"diameter", "10 mm"}};
  given.insert(given.end(), more.begin(), more.end());
  return given;
}

report::Report series(const std::string& files, const Given& more = {}, const Context& context = {}) {
  return ask(impedance_series_task, pellet(files, more), context);
}

const report::Table& spectra_of(const report::Report& report) { return block_of<report::Table>(report, "series"); }
const report::Table& laws_of(const report::Report& report) { return block_of<report::Table>(report, "arrhenius"); }

void expect_within(const report::Value& value, double truth, double uncertainties, const std::string& what) {
  ASSERT_TRUE(value.uncertainty) << what;
  EXPECT_NEAR(*value.value, truth, uncertainties * *value.uncertainty) << what;
}

/// A spectrum file of R0-CPE1 with noise 0.2 %.
void write_spectrum(const ScratchFolder& folder, const std::string& name, double resistance, std::uint64_t seed) {
  Context context;
  context.seed = seed;
  run(*find_task("impedance simulate"),
      trial::arguments_of({{"circuit", "R0-CPE1"},
                           {"set", "R0=" + base::format_exact(resistance)},
                           {"set", "CPE1.Q=1e-6"},
                           {"set", "CPE1.n=0.9"},
                           {"noise", "0.2 %"},
                           {"to", folder.file(name)}}),
      context);
}

// sigma(30 degC) and Ea of Hehn et al. 2025, DOI 10.1021/acsami.5c01939, which the spectra were made from.
TEST(ImpedanceSeries, GivesBackConductivityAndEnergyOfTheExample) {
  const report::Report report = series(zro2);
  EXPECT_EQ(std::get<std::string>(trial::item_of(block_of<report::KeyValues>(report, "analysis"), "circuit")),
            "R0-CPE1");
  EXPECT_EQ(std::get<std::string>(trial::item_of(block_of<report::KeyValues>(report, "analysis"), "Kramers-Kronig")),
            "8 of 8 spectra pass");
  const report::Table& spectra = spectra_of(report);
  ASSERT_EQ(spectra.rows.size(), 8U);
  EXPECT_NEAR(*trial::value_of(spectra, 0, "temperature_degC").value, 30.0, 1e-9);
  EXPECT_EQ(trial::text_of(spectra, 0, "spectrum"), "zro2_30C.DTA");
  EXPECT_EQ(trial::text_of(spectra, 7, "spectrum"), "zro2_100C.mpt");
  expect_within(trial::value_of(spectra, 0, "sigma_total_S_per_cm"), 2.9e-4, 3.0, "sigma at 30 degC");
  ASSERT_EQ(laws_of(report).rows.size(), 1U) << "one resistance, no arcs";
  const report::Value energy = trial::value_of(laws_of(report), 0, "energy_eV");
  expect_within(energy, 0.42, 3.0, "Ea");
  EXPECT_LT(*energy.uncertainty, 0.002);
  EXPECT_NEAR(*trial::value_of(laws_of(report), 0, "energy_kJ_per_mol").value, *energy.value * 96.485332, 1e-4);
  // The law the example was made from, 5 K below its data.
  const double room = 2.9e-4 * (303.15 / 298.15) * std::exp(-0.42 / 8.617333262e-5 * (1.0 / 298.15 - 1.0 / 303.15));
  expect_within(trial::value_of(laws_of(report), 0, "sigma_25_S_per_cm"), room, 3.0, "sigma at 25 degC");
  for (const char* id : {"arrhenius", "nyquist", "bode_modulus", "bode_phase", "drt", "kk_1", "kk_8"})
    EXPECT_TRUE(trial::has_figure(report, id)) << id;
  EXPECT_EQ(block_of<report::Table>(report, "files").rows.size(), 8U);
}

TEST(ImpedanceSeries, BulkAndGrainBoundaryOfTheExample) {
  const report::Report report =
      ask(impedance_series_task, {{"files", two_arcs}, {"thickness", "1 mm"}, {"diameter", "10 mm"}});
  EXPECT_EQ(std::get<std::string>(trial::item_of(block_of<report::KeyValues>(report, "analysis"), "circuit")),
            "p(R1,CPE1)-p(R2,CPE2)-CPE3");
  const report::Table& laws = laws_of(report);
  ASSERT_EQ(laws.rows.size(), 3U);
  EXPECT_EQ(trial::text_of(laws, 1, "part"), "bulk");
  // Fewer degrees of freedom than the normal distribution: 3 points above the line's two parameters.
  expect_within(trial::value_of(laws, 1, "energy_eV"), 0.45, 4.0, "bulk");
  EXPECT_EQ(trial::text_of(laws, 2, "part"), "grain boundary");
  expect_within(trial::value_of(laws, 2, "energy_eV"), 0.60, 4.0, "grain boundary");
  const double factor = 0.1 / (std::numbers::pi / 4.0);  // cm over cm²
  expect_within(trial::value_of(spectra_of(report), 0, "sigma_bulk_S_per_cm"), factor / 2e4, 3.5, "bulk at 60 degC");
  expect_within(trial::value_of(spectra_of(report), 0, "sigma_gb_S_per_cm"), factor / 1e5, 3.5,
                "grain boundary at 60 degC");
  expect_within(trial::value_of(spectra_of(report), 0, "r_total_ohm"), 1.2e5, 3.5, "total at 60 degC");
}

// The seven-temperature series of a real solid electrolyte against the known optima and their errors.
TEST(ImpedanceSeries, TheSharedSeriesIsAtItsKnownOptima) {
  const std::filesystem::path shared = std::filesystem::path(CLOSO_SHARED_DIR) / "data" / "eis";
  const std::filesystem::path folder = shared / "EISFitpython" / "EIS_Data" / "Example-3-4";
  if (!std::filesystem::exists(folder) || !std::filesystem::exists(shared / "EXPECTED.json"))
    GTEST_SKIP() << "the shared spectra are absent";
  std::ifstream file(shared / "EXPECTED.json");
  const nlohmann::json expected = nlohmann::json::parse(file);
  const report::Report report =
      ask(impedance_series_task, {{"files", folder.string()}, {"thickness", "0.21 cm"}, {"diameter", "0.8 cm"}});
  const auto& analysis = block_of<report::KeyValues>(report, "analysis");
  EXPECT_EQ(std::get<std::string>(trial::item_of(analysis, "circuit")), "p(R1,CPE1)-p(R2,CPE2)-CPE3");
  EXPECT_EQ(std::get<std::string>(trial::item_of(analysis, "Kramers-Kronig")), "7 of 7 spectra pass");
  const report::Table& spectra = spectra_of(report);
  ASSERT_EQ(spectra.rows.size(), 7U);
  for (std::size_t row = 0; row < 7; ++row) {
    const nlohmann::json& answer = expected["spectra"][row];
    const std::string name = trial::text_of(spectra, row, "spectrum");
    ASSERT_NE(answer["file"].get<std::string>().find(name), std::string::npos) << name;
    EXPECT_NEAR(*trial::value_of(spectra, row, "temperature_degC").value, answer["T_C"].get<double>(), 1e-9);
    EXPECT_NEAR(*trial::value_of(spectra, row, "chi_square").value / answer["chi2"].get<double>(), 1.0, 1e-3) << name;
    const double resistance = answer["R_total"][0].get<double>(), spread = answer["R_total"][1].get<double>();
    const double sigma = answer["sigma_total_S_cm"].get<double>();
    EXPECT_NEAR(*trial::value_of(spectra, row, "r_total_ohm").value, resistance, spread) << name;
    EXPECT_NEAR(*trial::value_of(spectra, row, "r_total_ohm").uncertainty / spread, 1.0, 0.1) << name;
    EXPECT_NEAR(*trial::value_of(spectra, row, "sigma_total_S_per_cm").value, sigma, sigma * spread / resistance)
        << name;
  }
  const char* parts[] = {"total", "bulk", "gb"};
  for (std::size_t row = 0; row < 3; ++row) {
    const nlohmann::json& energy = expected["arrhenius_EISFitpython_series"][parts[row]]["Ea_eV"];
    const report::Value found = trial::value_of(laws_of(report), row, "energy_eV");
    EXPECT_NEAR(*found.value, energy[0].get<double>(), energy[1].get<double>()) << parts[row];
    EXPECT_NEAR(*found.uncertainty / energy[1].get<double>(), 1.0, 0.1) << parts[row];
  }
  // 115 K beyond the data no conductivity is stated.
  const report::Value room = trial::value_of(laws_of(report), 0, "sigma_25_S_per_cm");
  EXPECT_FALSE(room.value);
  EXPECT_NE(room.note.find("too far"), std::string::npos);
}

// Known answer of the shared set: one CPE of the bulk for all seven temperatures, 44 parameters, chi2 2.332765e-2.
TEST(ImpedanceSeries, GlobalFitWithSharedParameters) {
  const std::filesystem::path folder =
      std::filesystem::path(CLOSO_SHARED_DIR) / "data" / "eis" / "EISFitpython" / "EIS_Data" / "Example-3-4";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "the shared spectra are absent";
  const report::Report report = ask(impedance_series_task, {{"files", folder.string()},
                                                            {"thickness", "0.21 cm"},
                                                            {"diameter", "0.8 cm"},
                                                            {"share", "CPE1.Q"},
                                                            {"share", "CPE1.n"}});
  const auto& values = block_of<report::KeyValues>(report, "global_fit");
  EXPECT_NEAR(*std::get<report::Value>(values.items.at(0).second).value, 2.332765e-2, 2e-8);
  EXPECT_EQ(std::get<std::string>(values.items.at(1).second), "44");
  EXPECT_EQ(block_of<report::Table>(report, "global_parameters").rows.size(), 7U);
}

TEST(ImpedanceSeries, GlobalFitFindsTheEnergyOfTheExample) {
  const report::Report report = ask(impedance_series_task, {{"files", (examples / "two_arcs").string()},
                                                            {"thickness", "1 mm"},
                                                            {"diameter", "10 mm"},
                                                            {"circuit", "p(R1,CPE1)-p(R2,CPE2)-CPE3"},
                                                            {"activated", "R1"}});
  for (const auto& item : block_of<report::KeyValues>(report, "global_fit").items) {
    if (item.first != "R1: Ea") continue;
    EXPECT_NEAR(*std::get<report::Value>(item.second).value, 0.45, 0.003);
    return;
  }
  FAIL() << "no energy of R1";
}

TEST(ImpedanceSeries, GlobalFitRefusesAnUnknownParameter) {
  EXPECT_THROW(ask(impedance_series_task, {{"files", (examples / "two_arcs").string()},
                                           {"thickness", "1 mm"},
                                           {"diameter", "10 mm"},
                                           {"circuit", "p(R1,CPE1)-p(R2,CPE2)-CPE3"},
                                           {"share", "R7"}}),
               base::ParameterError);
}

TEST(ImpedanceSeries, TemperaturesFromAPatternOrATable) {
  const ScratchFolder folder;
  for (int i = 0; i < 3; ++i)
    write_spectrum(folder, "cell7_s" + std::to_string(30 + 10 * i) + "_x.csv", 100.0 / (i + 1),
                   static_cast<std::uint64_t>(i) + 1);
  const std::string message = message_of<base::InputError>([&] { series(folder.name()); });
  EXPECT_NE(message.find("--pattern with {T}, or a --temperatures table"), std::string::npos) << message;
  const report::Report by_pattern = series(folder.name(), {{"pattern", "cell7_s{T}_"}});
  for (std::size_t row = 0; row < 3; ++row)
    EXPECT_NEAR(*trial::value_of(spectra_of(by_pattern), row, "temperature_degC").value,
                30.0 + 10.0 * static_cast<double>(row), 1e-9);
  EXPECT_EQ(trial::text_of(block_of<report::Table>(by_pattern, "files"), 0, "temperature_source"), "pattern");
  EXPECT_THROW(series(folder.name(), {{"pattern", "cell7_s_"}}), base::ParameterError);
  EXPECT_THROW(series(folder.name(), {{"pattern", "other_{T}"}}), base::InputError);
}

TEST(ImpedanceSeries, OneTemperatureAloneGivesConductivitiesAndNoLaw) {
  const ScratchFolder folder;
  for (int i = 0; i < 7; ++i)
    write_spectrum(folder, "repeat" + std::to_string(i) + "_30C.csv", 100.0, static_cast<std::uint64_t>(i) + 1);
  const report::Report report = series(folder.name());
  EXPECT_EQ(spectra_of(report).rows.size(), 7U);
  EXPECT_TRUE(laws_of(report).rows.empty());
  const report::Report single = series(folder.file("repeat0_30C.csv"));
  EXPECT_NEAR(*trial::value_of(spectra_of(single), 0, "r_total_ohm").value, 100.0, 1.0);
  EXPECT_TRUE(laws_of(single).rows.empty());
}

TEST(ImpedanceSeries, ATableOfTemperaturesComesFirstAndIsChecked) {
  const ScratchFolder folder, tables;
  for (int i = 0; i < 3; ++i)
    write_spectrum(folder, "s" + std::to_string(i) + "_30C.csv", 100.0 / (i + 1), static_cast<std::uint64_t>(i) + 1);
  const auto with_table = [&](const std::string& text) {
    return series(folder.name(), {{"temperatures", tables.write("t.csv", text)}});
  };
  const report::Report kelvin =
      with_table("note,T (K),file\nfirst,300,s0_30C.csv\nsecond,310,s1_30C.csv\nthird,320,s2_30C.csv\n");
  const report::Table& spectra = spectra_of(kelvin);
  for (std::size_t row = 0; row < 3; ++row)
    EXPECT_NEAR(*trial::value_of(spectra, row, "temperature_degC").value, 26.85 + 10.0 * static_cast<double>(row),
                1e-9);
  EXPECT_EQ(trial::text_of(block_of<report::Table>(kelvin, "files"), 2, "temperature_source"), "table");
  const report::Report celsius = with_table("file,T (degC)\ns0_30C.csv,55\n");
  EXPECT_NEAR(*trial::value_of(spectra_of(celsius), 2, "temperature_degC").value, 55.0, 1e-9)
      << "the others keep the temperature of their names";

  const auto message = [&](const std::string& text) { return message_of<base::InputError>([&] { with_table(text); }); };
  EXPECT_NE(message("name,T (degC)\ns0_30C.csv,55\n").find("there is no column 'file'"), std::string::npos);
  EXPECT_NE(message("file,sigma (S/cm)\ns0_30C.csv,55\n").find("no column is a temperature"), std::string::npos);
  EXPECT_NE(message("file,T (degC)\ns0_30C.csv,55\ns1_30C.csv,-300\n").find("t.csv:3"), std::string::npos);
  EXPECT_NE(message("file,T (degC)\ns0_30C.csv,warm\n").find("t.csv:2"), std::string::npos);
  EXPECT_THROW(series(folder.name(), {{"temperatures", tables.file("absent.csv")}}), base::InputError);
}

TEST(ImpedanceSeries, SpectraOfOneTemperatureKeepTheirOwnConductivity) {
  const ScratchFolder folder;
  write_spectrum(folder, "heating_30C.csv", 200.0, 1);
  write_spectrum(folder, "heating_40C.csv", 150.0, 2);
  write_spectrum(folder, "heating_50C.csv", 110.0, 3);
  write_spectrum(folder, "cooling_40C.csv", 75.0, 4);
  const report::Report report = series(folder.name());
  const report::Table& spectra = spectra_of(report);
  ASSERT_EQ(spectra.rows.size(), 4U);
  for (std::size_t row = 0; row < 4; ++row) {
    const double sigma = *trial::value_of(spectra, row, "sigma_total_S_per_cm").value,
                 r = *trial::value_of(spectra, row, "r_total_ohm").value;
    EXPECT_NEAR(sigma * r, 0.04 / (std::numbers::pi / 4.0), 1e-9) << trial::text_of(spectra, row, "spectrum");
  }
}

TEST(ImpedanceSeries, AJumpOfTheConductivityIsFound) {
  const ScratchFolder folder;
  for (int i = 0; i < 10; ++i) {
    const double kelvin = 303.15 + 10.0 * i;
    const double jump = i < 5 ? 30.0 : 1.0;  // between 70 and 80 degC
    write_spectrum(folder, "s_" + std::to_string(30 + 10 * i) + "C.csv",
                   jump * kelvin * 1e-5 * std::exp(0.42 / 8.617333262e-5 / kelvin), static_cast<std::uint64_t>(i) + 1);
  }
  const report::Report report = series(folder.name(), {{"no-drt", "true"}});
  EXPECT_FALSE(trial::has_figure(report, "drt"));
  bool told = false;
  for (const report::Block& block : report.sections.front().blocks) {
    const auto* paragraph = std::get_if<report::Paragraph>(&block);
    if (paragraph != nullptr && paragraph->text.find("2 segments: a jump at ") != std::string::npos) {
      told = true;
      EXPECT_NE(paragraph->text.find("between 70 °C and 80 °C"), std::string::npos) << paragraph->text;
    }
  }
  EXPECT_TRUE(told);
}

TEST(ImpedanceSeries, BadSpectraDoNotStopTheOthers) {
  const ScratchFolder folder;
  folder.write("a_broken_20C.csv", "no spectrum\n");
  folder.write("short_35C.csv", trial::three_points);
  for (const char* name : {"zro2_30C.DTA", "zro2_40C.DTA", "zro2_70C.mpt"}) folder.copy(examples / "zro2" / name);
  for (const bool keep : {false, true}) {
    const report::Report report = series(folder.name(), {{"keep-inductive", keep ? "true" : "false"}});
    EXPECT_EQ(spectra_of(report).rows.size(), 3U);
    EXPECT_TRUE(trial::warns(report, "not used: " + folder.file("a_broken_20C.csv")));
    EXPECT_TRUE(trial::warns(report, "short_35C.csv"));
    EXPECT_EQ(trial::text_of(spectra_of(report), 2, "spectrum"), "zro2_70C.mpt");
    EXPECT_TRUE(trial::has_figure(report, "kk_3"));
    expect_within(trial::value_of(laws_of(report), 0, "energy_eV"), 0.42, 40.0, "Ea");
  }
  EXPECT_THROW(series(folder.file("a_broken_20C.csv")), base::InputError);
  EXPECT_THROW(series(folder.file("short_35C.csv"), {{"keep-inductive", "true"}}), base::ParameterError);
}

TEST(ImpedanceSeries, GeometryAndCircuitAreNeededAndChecked) {
  EXPECT_THROW(ask(impedance_series_task, {{"files", zro2}}), base::ParameterError);
  EXPECT_THROW(ask(impedance_series_task, {{"files", zro2}, {"thickness", "0.4 mm"}}), base::ParameterError);
  EXPECT_THROW(ask(impedance_series_task, {{"thickness", "0.4 mm"}, {"diameter", "10 mm"}}), base::ParameterError);
  EXPECT_THROW(series("/nowhere/at/all"), base::InputError);
  EXPECT_THROW(series(zro2, {{"circuit", "R0-CPE"}, {"form", "log"}}), base::ParameterError);
  EXPECT_NE(message_of<base::InputError>([] {
              series(zro2, {{"circuit", "R0-)"}});
            }).find("column 4"),
            std::string::npos);
  const report::Report given = series(zro2, {{"circuit", "R0-p(R1,CPE1)-CPE2"}});
  EXPECT_EQ(std::get<std::string>(trial::item_of(block_of<report::KeyValues>(given, "analysis"), "circuit")),
            "R0-p(R1,CPE1)-CPE2");
}

TEST(ImpedanceSeries, FormAndWeights) {
  const double tall =
      *trial::value_of(laws_of(series(zro2, {{"form", "sigma"}, {"no-drt", "true"}})), 0, "energy_eV").value;
  const report::Report weighted = series(zro2, {{"weighted", "true"}, {"no-drt", "true"}});
  const report::Value energy = trial::value_of(laws_of(weighted), 0, "energy_eV");
  EXPECT_NEAR(*energy.value - tall, 8.617e-5 * 338.0, 1e-3);  // k T in the middle of the series
  expect_within(energy, 0.42, 3.0, "weighted");
  EXPECT_NE(trial::text_of(laws_of(weighted), 0, "remark").find("weighted"), std::string::npos);
}

TEST(ImpedanceSeries, TheGeometryDoesNotEnterTheEnergy) {
  ImpedanceSeriesRequest request;
  request.files = {zro2};
  request.with_drt = false;
  request.weighted = true;
  request.geometry = {{4e-4, std::nullopt}, {7.854e-5, std::nullopt}};
  const SeriesAnalysis exact = analyse_impedance_series(request, Context{});
  request.geometry = {{4e-4, 4e-5}, {7.854e-5, std::nullopt}};
  const SeriesAnalysis rough = analyse_impedance_series(request, Context{});
  EXPECT_EQ(exact.conductivities[0].arrhenius->law.energy_variance,
            rough.conductivities[0].arrhenius->law.energy_variance);
  EXPECT_EQ(exact.conductivities[0].arrhenius->law.activation_energy_eV,
            rough.conductivities[0].arrhenius->law.activation_energy_eV);
  EXPECT_NEAR(*rough.conductivities[0].sigma[0].geometry_relative, 0.1, 1e-12);
  EXPECT_EQ(rough.conductivities[0].spectrum.size(), 8U);
  EXPECT_TRUE(rough.inputs.spectra.empty());
  EXPECT_EQ(rough.spectra[0].input.label, "zro2_30C.DTA");
}

TEST(ImpedanceSeries, ThreadsDoNotChangeTheResult) {
  Context many;
  many.threads = 4;
  EXPECT_EQ(report::render_json(series(two_arcs)), report::render_json(series(two_arcs, {}, many)));
}

TEST(ImpedanceSeries, CanBeStopped) {
  Context context;
  context.progress = [](double, std::string_view what) { return what.find("spectra done") == std::string::npos; };
  EXPECT_THROW(series(zro2, {}, context), base::Cancelled);
}

TEST(ImpedanceSeries, ItsTableIsReadByLibraryImport) {
  const ScratchFolder folder;
  const report::Report report = series(zro2, {{"material", "Li2B12H12"}, {"no-drt", "true"}});
  const std::string file =
      folder.write("own.csv", report::render_csv(block_of<report::Table>(report, "own_conductivity")));
  Context context;
  context.data = CLOSO_SOURCE_DIR "/data";
  context.user_store = folder.file("store.sqlite");
  ASSERT_NO_THROW(library_import({.file = file, .source = "own spectra"}, context));
  EXPECT_EQ(load_library(context).select({.source = "user"}).size(), 8U);
  EXPECT_THROW(block_of<report::Table>(series(zro2, {{"no-drt", "true"}}), "own_conductivity"), base::InternalError)
      << "only with a material";
}

}  // namespace
}  // namespace closo::tasks
