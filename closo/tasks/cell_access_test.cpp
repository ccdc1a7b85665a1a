#include "closo/tasks/cell_access.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <string>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/library/electrode_data.hpp"

namespace closo::tasks {
namespace {

using cell::Mark;

const std::filesystem::path source = CLOSO_SOURCE_DIR;

Context context() {
  Context made;
  made.data = source / "data";
  return made;
}

/// The cell of Hehn et al. 2025 with nothing of a [cell] section.
constexpr const char* hehn = R"(
[system]
name = "x"
mobile_ion = "Li"
[electrolyte]
material = "Li2B12H12"
conductivity = [{ T = "30 degC", sigma = "2.9e-4 S/cm" }, { T = "60 degC", sigma = "1.2e-3 S/cm" }]
activation_energy = "0.42(1) eV"
source = "the paper"
[composite]
filler = "ZrO2"
fraction = "25 vol%"
densities = { Li2B12H12 = "1.178 g/cm3", ZrO2 = "5.89 g/cm3" }
[separator]
thickness = "0.6 mm"
diameter = "6 mm"
mass = "40 mg"
[anode]
material = "Li"
thickness = "0.38 mm"
[cathode]
active = "TiS2"
mass = "2.0 mg"
composition = { TiS2 = "40 wt%", electrolyte = "60 wt%" }
[operation]
temperatures = ["40 degC", "50 degC", "60 degC"]
rates = ["C/20", "C/2"]
voltage = ["1.7 V", "2.5 V"]
)";

std::string without(std::string text, const std::string& line) {
  const std::size_t begin = text.find(line);
  EXPECT_NE(begin, std::string::npos) << line;
  return text.erase(begin, text.find('\n', begin) - begin);
}

CellCase case_of(const std::string& text, std::optional<double> temperature = {}) {
  return cell_case(parse_system(text, "s.toml"), temperature, context());
}

std::string error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const base::Error& error) {
    return error.what();
  }
  return "accepted";
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

bool has_note(const CellCase& cell, std::string_view part) {
  return std::any_of(cell.notes.begin(), cell.notes.end(),
                     [&](const std::string& note) { return contains(note, part); });
}

TEST(CellAccess, HehnsCellFromMassesAndDiameter) {
  const CellCase cell = case_of(hehn);
  const cell::CellDescription& description = cell.description;
  EXPECT_NEAR(description.value("area"), 2.82743e-5, 1e-10);
  EXPECT_NEAR(description.value("cathode.loading"), 0.0707355, 1e-6);
  EXPECT_NEAR(description.value("cathode.electrolyte_density"), 0.75 * 1178.0 + 0.25 * 5890.0, 1e-9);
  EXPECT_EQ(description.find("cathode.electrolyte_density")->mark, Mark::computed);
  EXPECT_NEAR(description.value("separator.density"), 40e-6 / (2.82743e-5 * 0.6e-3), 0.1);
  EXPECT_NEAR(description.value("anode.loading"), 0.38e-3 * 534.0, 1e-9);
  EXPECT_EQ(description.value("anode.potential"), 0.0);
  const cell::CellParameters parameters = cell::build(description);
  EXPECT_NEAR(cell::rated_capacity(parameters) / 36000.0, 0.6771, 2e-4);  // theory, 239.3 mAh/g
  EXPECT_EQ(cell.lower_cutoff, 1.7);
  EXPECT_EQ(cell.upper_cutoff, 2.5);
  EXPECT_EQ(cell.rates.size(), 2U);
  EXPECT_EQ(cell.temperatures, (std::vector<double>{313.15, 323.15, 333.15}));
  const cell::SimulationResult run =
      cell::simulate_constant_current(parameters, cell::rated_capacity(parameters) / 3600.0 / 20.0, 1.7);
  EXPECT_EQ(run.status, cell::RunStatus::complete);
}

TEST(CellAccess, EveryNumberSaysWhereItComesFrom) {
  const CellCase cell = case_of(hehn);
  for (const std::string_view name : cell.description.names())
    EXPECT_FALSE(cell.description.find(name)->source.empty()) << name;
  EXPECT_EQ(cell.description.find("separator.conductivity")->source, "the paper");
  EXPECT_TRUE(contains(cell.description.open_circuit_source, "10.1149/1.2221597"));
  EXPECT_TRUE(contains(cell.description.find("cathode.active_electronic_conductivity")->source, "DOI"));
  // Kinds of data/electrodes become marks; what nobody knows is a guess that the notes name.
  EXPECT_EQ(cell.description.find("cathode.diffusion_coefficient")->mark, Mark::estimated);
  EXPECT_EQ(cell.description.find("cathode.exchange_current_density")->mark, Mark::guess);
  for (const std::string_view name : cell.description.names()) {
    if (cell.description.find(name)->source.starts_with("closo default")) {
      EXPECT_EQ(cell.description.find(name)->mark, Mark::guess) << name;
      EXPECT_TRUE(has_note(cell, name)) << name;
    }
  }
  EXPECT_TRUE(has_note(cell, "Bruggeman"));
  EXPECT_TRUE(has_note(cell, "voxel runs of random spheres give a tortuosity factor of "));
  EXPECT_EQ(cell.description.find("cathode.bruggeman_exponent")->mark, Mark::computed);
  EXPECT_NEAR(cell.description.value("cathode.bruggeman_exponent"), 1.75, 0.25);
}

TEST(CellAccess, TheConductivityIsTheStatedOneAtEachTemperature) {
  const auto at = [](const CellCase& cell) {
    const cell::CellParameters parameters = cell::build(cell.description);
    return cell::ionic_at_temperature(parameters.separator.conductivity, parameters.temperature,
                                      parameters.reference_temperature);
  };
  EXPECT_DOUBLE_EQ(at(case_of(hehn)), 0.12);
  EXPECT_NEAR(at(case_of(hehn, 303.15)), 0.029, 1e-12);
  // Between them the law decides: 0.42 eV through both points.
  const double middle = at(case_of(hehn, 318.15));
  EXPECT_GT(middle, 0.029);
  EXPECT_LT(middle, 0.12);
  EXPECT_NEAR(case_of(hehn).description.value("separator.activation_energy") / base::elementary_charge, 0.42, 1e-4);
}

TEST(CellAccess, ValuesHoldAtOneTemperatureWhicheverTheCellIsRunAt) {
  const CellCase warm = case_of(hehn), cold = case_of(hehn, 313.15);
  EXPECT_EQ(warm.description.value("reference_temperature"), 333.15);
  EXPECT_EQ(cold.description.value("reference_temperature"), 333.15);
  EXPECT_EQ(cold.description.value("temperature"), 313.15);
  EXPECT_EQ(warm.description.value("cathode.diffusion_coefficient"),
            cold.description.value("cathode.diffusion_coefficient"));
  const double factor = std::exp(-35e3 / base::gas_constant * (1 / 333.15 - 1 / 298.15));
  EXPECT_NEAR(warm.description.value("cathode.diffusion_coefficient"), 1e-14 * factor, 1e-20);
  EXPECT_NEAR(*warm.description.find("cathode.diffusion_coefficient")->low, 1e-16 * factor, 1e-22);
}

TEST(CellAccess, ATemperatureThatIsSetIsLikeOneThatIsAskedFor) {
  Arguments at, set;
  for (Arguments* each : {&at, &set}) each->set("system", (source / "examples" / "li2b12h12-zro2.toml").string());
  at.set("at", "40 degC");
  set.set("set", "temperature=40 degC");
  const cell::CellParameters a = cell::build(cell_case(at, context()).description);
  const cell::CellParameters b = cell::build(cell_case(set, context()).description);
  EXPECT_EQ(a, b);
  EXPECT_EQ(a.temperature, 313.15);
}

TEST(CellAccess, TheCellSectionStandsBeforeEverythingElse) {
  const std::string text = std::string(hehn) + R"(
[cell]
protocol = "Discharge at C/20 until 1.7 V"
mesh = "30x40"
[cell.cathode]
porosity = "5 %"
loading = "3 mg/cm2"
diffusion_coefficient = { value = "1e-13 m2/s", mark = "fitted", source = "a fit" }
[cell.separator]
conductivity = "2 mS/cm"
)";
  const CellCase cell = case_of(text);
  EXPECT_DOUBLE_EQ(cell.description.value("cathode.porosity"), 0.05);
  EXPECT_DOUBLE_EQ(cell.description.value("cathode.loading"), 0.03);
  EXPECT_DOUBLE_EQ(cell.description.value("cathode.diffusion_coefficient"), 1e-13);  // holds where the cell works
  EXPECT_EQ(cell.description.find("cathode.diffusion_coefficient")->mark, Mark::fitted);
  EXPECT_DOUBLE_EQ(cell.description.value("separator.conductivity"), 0.2);
  EXPECT_FALSE(has_note(cell, "cathode.porosity"));
  EXPECT_EQ(cell.protocol, "Discharge at C/20 until 1.7 V");
  EXPECT_EQ(cell.mesh.cathode_cells, 30U);
  EXPECT_EQ(cell.mesh.particle_shells, 40U);
}

TEST(CellAccess, AStatedCapacityIsTheoryOrWhatOneCMeans) {
  const std::string active = "active = \"TiS2\"\n";
  const auto with = [&](const std::string& capacity) {
    std::string text = hehn;
    return text.insert(text.find(active) + active.size(), "specific_capacity = \"" + capacity + "\"\n");
  };
  const CellCase theory = case_of(with("239 mAh/g"));
  EXPECT_DOUBLE_EQ(theory.description.value("cathode.specific_capacity"), 239 * 3600.0);
  EXPECT_NEAR(cell::rated_capacity(cell::build(theory.description)) / 36000.0, 0.6762, 1e-4);
  const CellCase used = case_of(with("150 mAh/g"));
  EXPECT_DOUBLE_EQ(used.description.value("cathode.specific_capacity"), 239.3 * 3600.0);
  EXPECT_NEAR(cell::rated_capacity(cell::build(used.description)) / 36000.0, 0.4244, 1e-4);
  EXPECT_TRUE(has_note(used, "150 mAh/g is what 1C means"));
}

TEST(CellAccess, ContactTakesTheVolumeChangeOfTheMaterial) {
  EXPECT_FALSE(case_of(hehn).description.has("contact.volume_change"));
  const CellCase cell = case_of(std::string(hehn) +
                                "[cell]\nstack_pressure = '5 MPa'\n[cell.contact]\n"
                                "damage_per_strain = 0.05\n");
  EXPECT_DOUBLE_EQ(cell.description.value("contact.volume_change"), 0.12);
  EXPECT_TRUE(cell::build(cell.description).cathode.contact);
}

TEST(CellAccess, AdditivesMakePathsForElectrons) {
  std::string text = hehn;
  const std::string old =
      "active = \"TiS2\"\nmass = \"2.0 mg\"\ncomposition = { TiS2 = \"40 wt%\", electrolyte = \"60 wt%\" }\n";
  text.replace(text.find(old), old.size(),
               "active = \"LiFePO4\"\nmass = \"1.2 mg\"\ncomposition = { LiFePO4 = \"60 wt%\", Li2B12H12 = \"30 wt%\", "
               "carbon = \"10 wt%\" }\n");
  text.replace(text.find("[\"1.7 V\", \"2.5 V\"]"), 18, "[\"2.5 V\", \"3.8 V\"]");
  const CellCase cell = case_of(text);
  EXPECT_DOUBLE_EQ(cell.description.value("cathode.additive_mass_fraction"), 0.1);
  EXPECT_NEAR(cell::cathode_geometry(cell.description).active_mass, 1.2e-6 * 0.6 / 2.82743e-5, 1e-7);
  EXPECT_TRUE(has_note(cell, "cathode.electronic_conductivity"));
  EXPECT_TRUE(has_note(cell, "cathode.additive_density"));
  // The printed 0.122 mAh belongs to the disc of 6 mm: 0.433 mAh/cm².
  EXPECT_NEAR(cell::rated_capacity(cell::build(cell.description)) / 36000.0, 0.4326, 2e-4);
}

/// Li or Na, one insertion material, nothing else stated.
std::string bare_cell(const std::string& active, const std::string& ion, const std::string& anode) {
  return "[system]\nname='x'\nmobile_ion='" + ion + "'\n[electrolyte]\nconductivity=[{T='60 degC',sigma='1 mS/cm'}]\n" +
         "[separator]\nthickness='0.1 mm'\ndiameter='6 mm'\n[anode]\nmaterial='" + anode + "'\n[cathode]\nactive='" +
         active + "'\nmass='2 mg'\ncomposition={'" + active +
         "'='60 wt%',electrolyte='30 wt%',carbon='10 wt%'}\n[operation]\ntemperatures=['60 degC']\n";
}

TEST(CellAccess, EveryElectrodeMaterialMakesACellThatCycles) {
  const library::ElectrodeData electrodes = library::ElectrodeData::load(source / "data");
  for (const library::ElectrodeMaterial& material : electrodes.materials()) {
    if (material.role == library::ElectrodeMaterial::Role::metal) continue;
    const CellCase cell = case_of(bare_cell(material.id, material.ion, material.ion));
    const cell::CellParameters parameters = cell::build(cell.description);
    const auto volts = [](double value) { return std::to_string(value) + " V"; };
    const cell::SimulationResult run =
        cell::simulate(parameters,
                       cell::parse_protocol("Charge at C/20 until " + volts(cell.upper_cutoff - 1e-5) +
                                            "\nDischarge at C/20 until " + volts(cell.lower_cutoff + 1e-5)),
                       cell.mesh);
    ASSERT_EQ(run.status, cell::RunStatus::complete) << material.id << ": " << run.reason;
    const double capacity = run.steps.back().charge / *parameters.areal_active_mass / 3600.0;
    const double theory = material.number("specific_capacity").value / 3600.0;
    EXPECT_GT(capacity, 0.4 * theory) << material.id;
    EXPECT_LT(capacity, theory) << material.id;
  }
}

TEST(CellAccess, TheScaleOfNmc811GivesWhatCellsDeliver) {
  // 175 mAh/g at C/10 and 60 °C (M. Braun et al. 2024, data/electrodes) against the curve's 0.27 to 0.91.
  const CellCase cell = case_of(bare_cell("NMC811", "Li", "Li"));
  const cell::CellParameters parameters = cell::build(cell.description);
  EXPECT_NEAR(parameters.cathode.material.maximum_concentration, 48830.0, 20.0);
  const cell::SimulationResult run = cell::simulate(
      parameters, cell::parse_protocol("Charge at C/20 until 4.24 V\nDischarge at C/20 until 3.58 V"), cell.mesh);
  EXPECT_NEAR(run.steps.back().charge / *parameters.areal_active_mass / 3600.0, 170.0, 8.0);
  EXPECT_TRUE(has_note(cell, "NMC811 counts stoichiometry"));
}

TEST(CellAccess, AnAlloyShiftsTheCutoffs) {
  const CellCase lithium = case_of(bare_cell("Li4Ti5O12", "Li", "Li"));
  const CellCase alloy = case_of(bare_cell("Li4Ti5O12", "Li", "In-Li"));
  EXPECT_NEAR(alloy.description.value("anode.potential"), 0.62, 0.01);
  EXPECT_NEAR(lithium.lower_cutoff - alloy.lower_cutoff, alloy.description.value("anode.potential"), 1e-12);
}

TEST(CellAccess, CutoffsBeyondTheCurveAreHeldAtItsEndAndToldOf) {
  const CellCase cell = case_of(bare_cell("NaCrO2", "Na", "Na"));
  EXPECT_GT(cell.lower_cutoff, 2.0);
  EXPECT_TRUE(has_note(cell, "the cut-off 2 V lies beyond the open-circuit curve"));
}

TEST(CellAccess, WithoutConductivityTheCompositesPhasesPredictIt) {
  std::string text = without(hehn, "conductivity = [{");
  text = without(text, "activation_energy = \"0.42");
  // The library knows no composite with this filler.
  for (std::size_t at = text.find("ZrO2"); at != std::string::npos; at = text.find("ZrO2"))
    text.replace(at, 4, "Al2O3");
  EXPECT_TRUE(contains(error_of([&] { case_of(text); }), "conductivity at 60 °C is not known"));
  const std::string filler = "filler = \"Al2O3\"\n";
  text.insert(text.find(filler) + filler.size(),
              "surface_area = \"95 m2/g\"\npore_volume = \"0.246 cm3/g\"\n"
              "host_conductivity = [{ T = \"60 degC\", sigma = \"1e-6 S/cm\" }]\nhost_activation_energy = \"0.5 eV\"\n"
              "interphase_conductivity = [{ T = \"60 degC\", sigma = \"5 mS/cm\" }]\n"
              "interphase_activation_energy = \"0.4 eV\"\n");
  const CellCase cell = case_of(text);
  const cell::DescribedValue& sigma = *cell.description.find("separator.conductivity");
  EXPECT_EQ(sigma.mark, Mark::computed);
  EXPECT_TRUE(contains(sigma.source, "interphase"));
  EXPECT_GT(sigma.value, 1e-4);
  EXPECT_LT(sigma.value, 0.5);
  const double energy = cell.description.value("separator.activation_energy") / base::elementary_charge;
  EXPECT_GT(energy, 0.38);
  EXPECT_LT(energy, 0.52);
}

TEST(CellAccess, WhatIsMissingOrWrongIsNamed) {
  const auto lacks = [](const char* line) { return error_of([&] { case_of(without(hehn, line)); }); };
  EXPECT_TRUE(contains(lacks("thickness = \"0.6 mm\""), "without [separator] thickness"));
  EXPECT_TRUE(contains(lacks("diameter = "), "without [separator] diameter"));
  EXPECT_TRUE(contains(lacks("mass = \"2.0 mg\""), "without [cathode] mass"));
  EXPECT_TRUE(contains(lacks("composition = "), "without [cathode] composition"));
  const std::string text = hehn;
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    return error_of([&] { case_of(changed); });
  };
  EXPECT_TRUE(contains(replaced("[anode]\nmaterial = \"Li\"\nthickness = \"0.38 mm\"\n", ""), "without [anode]"));
  EXPECT_TRUE(contains(replaced("material = \"Li\"\nthick", "material = \"graphite\"\nthick"), "no porous anode"));
  EXPECT_TRUE(contains(replaced("material = \"Li\"\nthick", "material = \"Na\"\nthick"), "a metal of the mobile ion"));
  EXPECT_TRUE(
      contains(replaced("[\"1.7 V\", \"2.5 V\"]", "[\"5.7 V\", \"6.5 V\"]"), "do not go with the open-circuit"));
  EXPECT_TRUE(contains(replaced("[\"1.7 V\", \"2.5 V\"]", "[\"-3 V\", \"2.5 V\"]"), "do not go with the open-circuit"));
  EXPECT_TRUE(contains(
      replaced("TiS2 = \"40 wt%\", electrolyte = \"60 wt%\"", "TiS2 = \"40 wt%\", carbon = \"60 wt%\""), "accepted"));
  const std::string other = bare_cell("NaCrO2", "Na", "Na");
  EXPECT_TRUE(contains(error_of([&] { case_of(bare_cell("NaCrO2", "Li", "Li")); }), "exchanges the mobile ion, Li"));
  EXPECT_TRUE(contains(error_of([&] { case_of(bare_cell("LiFePO5", "Li", "Li")); }), "LiFePO4"));
  EXPECT_TRUE(contains(error_of([&] { case_of(bare_cell("Li", "Li", "Li")); }), "insertion or conversion"));
  EXPECT_TRUE(contains(error_of([&] { case_of(other.substr(0, other.find("[cathode]"))); }), "without [cathode]"));
  EXPECT_TRUE(contains(error_of([&] { case_of(hehn, 0.0); }), "above 0 K"));
  EXPECT_TRUE(
      contains(error_of([&] { case_of(text + "[cell.cathode]\nopen_circuit = 'TiS2-dfn1994'\n"); }), "s.toml:30:"));
  EXPECT_TRUE(contains(error_of([&] { case_of(text + "[cell]\nmesh = '40'\n"); }), "s.toml:30:8"));
}

TEST(CellAccess, OptionsStandBeforeTheFile) {
  Arguments arguments;
  arguments.set("system", (source / "examples" / "li2b12h12-zro2.toml").string());
  arguments.set("at", "40 degC");
  arguments.set("set", "cathode.particle_radius=5 um");
  arguments.set("set", " cathode.porosity = 7 % ");
  arguments.set("mesh", "12x14");
  const CellCase cell = cell_case(arguments, context());
  EXPECT_DOUBLE_EQ(cell.description.value("temperature"), 313.15);
  EXPECT_DOUBLE_EQ(cell.description.value("cathode.particle_radius"), 5e-6);
  EXPECT_DOUBLE_EQ(cell.description.value("cathode.porosity"), 0.07);
  EXPECT_EQ(cell.mesh.cathode_cells, 12U);
  EXPECT_EQ(cell.mesh.particle_shells, 14U);
  for (const char* mesh : {"", "x", "40", "40x", "x40", "1x40", "40x2001", "40x40x40", "-4x4", "4.5x4"}) {
    Arguments wrong;
    wrong.set("system", (source / "examples" / "li2b12h12-zro2.toml").string());
    wrong.set("mesh", mesh);
    EXPECT_TRUE(contains(error_of([&] { cell_case(wrong, context()); }), "is no mesh")) << mesh;
  }
  Arguments wrong;
  wrong.set("system", (source / "examples" / "li2b12h12-zro2.toml").string());
  wrong.set("at", "-300 degC");
  EXPECT_TRUE(contains(error_of([&] { cell_case(wrong, context()); }), "above 0 K"));
}

TEST(CellAccess, SettingsAreReadWithUnitAndName) {
  cell::CellDescription description;
  apply_setting(description, "anode.resistance=29.6(5) Ohm cm2");
  EXPECT_NEAR(description.value("anode.resistance"), 29.6e-4, 1e-15);
  EXPECT_NEAR(*description.find("anode.resistance")->uncertainty, 0.5e-4, 1e-15);
  EXPECT_EQ(description.find("anode.resistance")->mark, Mark::setting);
  EXPECT_TRUE(contains(error_of([&] { apply_setting(description, "anode.resistence=1 Ohm cm2"); }), "did you mean"));
  EXPECT_TRUE(contains(error_of([&] { apply_setting(description, "anode.resistance=1 um"); }), "Ohm cm2"));
  EXPECT_TRUE(contains(error_of([&] { apply_setting(description, "anode.resistance"); }), "sets no quantity"));
  EXPECT_TRUE(contains(error_of([&] { apply_setting(description, "=3"); }), "sets no quantity"));
  EXPECT_TRUE(contains(error_of([&] { apply_setting(description, "cathode.porosity=99 %"); }), "from 0 to 95 %"));
}

TEST(CellAccess, TheTableShowsEveryParameter) {
  const CellCase cell = case_of(hehn);
  report::Report report;
  add_parameters(cell, report);
  ASSERT_EQ(report.sections.size(), 1U);
  EXPECT_TRUE(report.sections.front().folded);
  const report::Paragraph& doubtful = std::get<report::Paragraph>(report.sections.front().blocks[0]);
  for (const std::string_view name : cell.description.doubtful()) EXPECT_TRUE(contains(doubtful.text, name)) << name;
  const report::Table& table = std::get<report::Table>(report.sections.front().blocks[1]);
  ASSERT_EQ(table.rows.size(), cell.description.names().size() + 1U);  // and the open-circuit curve
  const auto row = std::find_if(table.rows.begin(), table.rows.end(), [](const std::vector<report::Cell>& each) {
    return report::to_text(each[0]) == "cathode.diffusion_coefficient";
  });
  ASSERT_NE(row, table.rows.end());
  EXPECT_EQ(std::get<report::Value>((*row)[1]).unit, "m²/s");
  EXPECT_EQ(std::get<report::Value>((*row)[1]).kind, "estimated");
  EXPECT_EQ(report::to_text(table.rows.back()[1]), "TiS2-dfn1993");
}

}  // namespace
}  // namespace closo::tasks
