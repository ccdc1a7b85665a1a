#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "closo/base/file.hpp"
#include "closo/base/number.hpp"
#include "closo/cell/description.hpp"
#include "closo/tasks/system_file.hpp"

namespace closo::tasks {
namespace {

/// Five lines; what a test appends begins in line 6.
constexpr const char* smallest = "[system]\nname = 'x'\nmobile_ion = 'Li'\n[electrolyte]\nmaterial = 'LiBH4'\n";

CellEntry cell_of(const std::string& text) { return parse_system(smallest + text, "s.toml").cell; }

std::string error_of(const std::string& text) {
  try {
    cell_of(text);
  } catch (const base::InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(SystemFileCell, WithoutTheSectionNothingIsGiven) {
  const CellEntry cell = cell_of("");
  EXPECT_TRUE(cell.values.empty());
  EXPECT_TRUE(cell.protocol.empty() && cell.mesh.empty() && cell.open_circuit.empty() && cell.particle_shape.empty());
  EXPECT_FALSE(cell.has_thermodynamic_factor);
}

TEST(SystemFileCell, PlainTextsAndTables) {
  const CellEntry cell = cell_of(
      "[cell]\nreference_temperature = '60 degC'\nstack_pressure = '3.2 MPa'\nmesh = '40x30'\n"
      "protocol = '''\nDischarge at C/20 until 1.7 V\nRest for 1 h\n'''\n"
      "[cell.cathode]\nparticle_radius = '2.0(5) um'\nporosity = '12 %'\nionic_tortuosity = 2\n"
      "diffusion_coefficient = { value = '1e-14 m2/s', low = '1e-16 m2/s', high = '1e-13 m2/s', mark = 'estimated', "
      "source = 'a review' }\n"
      "open_circuit = 'TiS2-dfn1993'\nparticle_shape = 'slab'\nthermodynamic_factor = true\n"
      "[cell.anode]\nresistance = '29.6 Ohm cm2'\n"
      "[cell.separator]\nactivation_energy = '40 kJ/mol'\n");
  EXPECT_DOUBLE_EQ(cell.values.at("reference_temperature").value.value, 333.15);
  EXPECT_DOUBLE_EQ(cell.values.at("stack_pressure").value.value, 3.2e6);
  const DescribedValueEntry& radius = cell.values.at("cathode.particle_radius");
  EXPECT_DOUBLE_EQ(radius.value.value, 2e-6);
  EXPECT_DOUBLE_EQ(*radius.value.uncertainty, 5e-7);
  EXPECT_EQ(radius.mark, "setting");
  EXPECT_FALSE(radius.low || radius.high);
  EXPECT_EQ(radius.place.line, 15U);
  EXPECT_DOUBLE_EQ(cell.values.at("anode.resistance").value.value, 29.6e-4);
  EXPECT_DOUBLE_EQ(cell.values.at("cathode.porosity").value.value, 0.12);
  EXPECT_DOUBLE_EQ(cell.values.at("cathode.ionic_tortuosity").value.value, 2.0);
  const DescribedValueEntry& diffusion = cell.values.at("cathode.diffusion_coefficient");
  EXPECT_DOUBLE_EQ(*diffusion.low, 1e-16);
  EXPECT_DOUBLE_EQ(*diffusion.high, 1e-13);
  EXPECT_EQ(diffusion.mark, "estimated");
  EXPECT_EQ(diffusion.source, "a review");
  EXPECT_NEAR(cell.values.at("separator.activation_energy").value.value, 40e3 / 6.02214076e23, 1e-30);
  EXPECT_EQ(cell.values.size(), 8U);
  EXPECT_EQ(cell.open_circuit, "TiS2-dfn1993");
  EXPECT_EQ(cell.particle_shape, "slab");
  EXPECT_EQ(cell.has_thermodynamic_factor, true);
  EXPECT_EQ(cell.mesh, "40x30");
  EXPECT_EQ(cell.protocol, "Discharge at C/20 until 1.7 V\nRest for 1 h\n");
}

TEST(SystemFileCell, EveryQuantityOfTheSchemaIsAKey) {
  for (const cell::DescribedQuantity& row : cell::described_quantities()) {
    const std::string name(row.name);
    const std::size_t dot = name.find('.');
    const std::string section = dot == std::string::npos ? "cell" : "cell." + name.substr(0, dot);
    const std::string key = dot == std::string::npos ? name : name.substr(dot + 1);
    // An upper end is always possible.
    const std::string value = std::to_string(row.high) + (row.unit == "1" ? "" : " " + std::string(row.unit));
    const CellEntry cell = cell_of("[" + section + "]\n" + key + " = '" + value + "'\n");
    ASSERT_EQ(cell.values.count(name), 1U) << name;
    EXPECT_NEAR(cell.values.at(name).value.in(base::Unit::parse(row.unit)), row.high, 1e-9 * row.high) << name;
  }
}

TEST(SystemFileCell, AnExtendingFileReplacesANumberWithItsMark) {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "closo_system_file_cell_test";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "base.toml") << smallest
                                      << "[cell.cathode]\nporosity = { value = '5 %', mark = 'measured', "
                                         "source = 'a' }\nparticle_radius = '2 um'\n";
  const System system =
      parse_system("[system]\nname = 'y'\nextends = 'base.toml'\n[cell.cathode]\nporosity = { value = '9 %' }\n",
                   folder / "own.toml");
  std::filesystem::remove_all(folder);
  EXPECT_DOUBLE_EQ(system.cell.values.at("cathode.porosity").value.value, 0.09);
  EXPECT_EQ(system.cell.values.at("cathode.porosity").mark, "setting");
  EXPECT_TRUE(system.cell.values.at("cathode.porosity").source.empty());
  EXPECT_DOUBLE_EQ(system.cell.values.at("cathode.particle_radius").value.value, 2e-6);
}

TEST(SystemFileCell, ThePageListsTheSchema) {
  const std::string page = base::read_text_file(std::filesystem::path(CLOSO_SOURCE_DIR) / "docs" / "system_file.md");
  for (const cell::DescribedQuantity& row : cell::described_quantities()) {
    const std::string name(row.name);
    const std::size_t dot = name.find('.');
    const std::string line = "| `" + (dot == std::string::npos ? name : name.substr(dot + 1)) + "` | " +
                             std::string(row.unit) + " | " + (row.is_low_possible ? "" : "above ") +
                             base::format_number(row.low) + " to " + base::format_number(row.high) + " | " +
                             std::string(row.meaning) + " |";
    EXPECT_NE(page.find(line), std::string::npos) << line;
  }
}

struct Refusal {
  const char* text;
  const char* place;
  const char* part;
};

class SystemFileCellRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(SystemFileCellRefusal, SaysWhereAndWhat) {
  const std::string error = error_of(GetParam().text);
  EXPECT_NE(error.find(GetParam().place), std::string::npos) << error;
  EXPECT_NE(error.find(GetParam().part), std::string::npos) << error;
}

INSTANTIATE_TEST_SUITE_P(
    All, SystemFileCellRefusal,
    testing::Values(
        Refusal{"[cell.cathode]\nparticle_radios = '2 um'\n", "s.toml:7:1", "did you mean 'particle_radius'"},
        Refusal{"[cell]\nporosity = '2 %'\n", "s.toml:7:1", "unknown key 'porosity' in [cell]"},
        Refusal{"[cell.catode]\nporosity = '2 %'\n", "s.toml:6", "did you mean 'cathode'"},
        Refusal{"[cell.cathode]\nporosity = '97 %'\n", "s.toml:7:12", "from 0 to 95 %"},
        Refusal{"[cell.separator]\nthickness = '-0.1 mm'\n", "s.toml:7:13", "separator.thickness is -100 um"},
        Refusal{"[cell.cathode]\nparticle_radius = '2 MPa'\n", "s.toml:7:19", "um"},
        Refusal{"[cell.cathode]\nparticle_radius = 2\n", "s.toml:7:19", "um"},
        Refusal{"[cell.cathode]\nparticle_radius = ['2 um', '3 um']\n", "s.toml:7:19", "is a list"},
        Refusal{"[cell.cathode]\nparticle_radius = { low = '2 um' }\n", "s.toml:7", "has no single 'value'"},
        Refusal{"[cell.cathode]\nparticle_radius = { value = ['1 um', '2 um'] }\n", "s.toml:7", "no single 'value'"},
        Refusal{"[cell.cathode]\nporosity = { value = '5 %', mark = 'mesured' }\n", "s.toml:7:36",
                "did you mean 'measured'"},
        Refusal{"[cell.cathode]\nporosity = { value = '5 %', hi = '9 %' }\n", "s.toml:7:29", "unknown key 'hi'"},
        Refusal{"[cell.cathode]\nporosity = { value = '5 %', high = '99 %' }\n", "s.toml:7:36", "from 0 to 95 %"},
        Refusal{"[cell.cathode]\nporosity = { value = '5 %', low = '9 %', high = '8 %' }\n", "s.toml:7:35",
                "low end above its high end"},
        Refusal{"[cell.cathode]\nparticle_shape = 'ball'\n", "s.toml:7:18", "sphere"},
        Refusal{"[cell.cathode]\nthermodynamic_factor = 'yes'\n", "s.toml:7:24", "true or false"},
        Refusal{"[cell]\nprotocol = 'Discharge at C/20 untill 1.7 V'\n", "s.toml:7:12", "in line 1, column"},
        Refusal{"[cell]\nprotocol = 3\n", "s.toml:7:12", "a text in quotes"},
        Refusal{"[cell]\ncathode = '2 um'\n", "s.toml:7:11", "a table"}));

}  // namespace
}  // namespace closo::tasks
