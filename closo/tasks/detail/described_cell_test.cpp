#include "closo/tasks/detail/described_cell.hpp"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <string>

#include "closo/base/error.hpp"
#include "closo/tasks/library_access.hpp"

namespace closo::tasks::detail {
namespace {

const std::filesystem::path source = CLOSO_SOURCE_DIR;

/// A system with everything that a case is made from; only what the other sections say, not [cell].
struct Bench {
  explicit Bench(const char* example) : system(read_system(source / "examples" / example)) {
    context.data = source / "data";
    library = load_library(context);
    electrodes = library::ElectrodeData::load(context.data);
    system.cell = {};
  }
  CellCase make(std::optional<double> temperature, std::span<const std::string> settings) {
    report::Report aside;
    Evaluation evaluation = prepare(system, {}, library, aside);
    add_measurement(evaluation, context);
    find_law(evaluation);
    return described_cell(system, evaluation, electrodes, temperature, settings, context);
  }
  System system;
  Context context;
  library::Library library;
  library::ElectrodeData electrodes;
};

TEST(DescribedCell, OwnSpectraStandBeforeStatedConductivities) {
  Bench stated("li2b12h12-zro2.toml"), measured("li2b12h12-zro2-measured.toml");
  EXPECT_EQ(stated.make(333.15, {}).description.value("separator.conductivity"), 0.12);
  const cell::DescribedValue sigma = *measured.make(333.15, {}).description.find("separator.conductivity");
  EXPECT_TRUE(sigma.source.starts_with("impedance of")) << sigma.source;
  EXPECT_EQ(sigma.mark, cell::Mark::measured);
  EXPECT_NE(sigma.value, 0.12);
}

TEST(DescribedCell, SettingsStandFirstAndTheRestIsFilledUpAfterThem) {
  Bench bench("li2b12h12-zro2.toml");
  const std::array<std::string, 3> settings = {"contact.damage_per_strain=0.03", "stack_pressure=3 MPa",
                                               "cathode.diffusion_activation_energy=20 kJ/mol"};
  const CellCase cell = bench.make({}, settings);
  EXPECT_DOUBLE_EQ(cell.description.value("contact.volume_change"), 0.12);
  // The coefficient of 25 °C is brought to 60 °C with the energy that was set.
  EXPECT_NEAR(cell.description.value("cathode.diffusion_coefficient"),
              cell::at_temperature({1e-14, 20e3}, 333.15, 298.15), 1e-22);
  EXPECT_EQ(cell.description.find("cathode.diffusion_activation_energy")->source, "option");
}

TEST(DescribedCell, WithoutTemperaturesRoomTemperatureIsTakenAndTold) {
  Bench bench("li2b12h12-zro2.toml");
  bench.system.operation.temperatures.clear();
  const CellCase cell = bench.make({}, {});
  EXPECT_EQ(cell.temperatures, std::vector<double>{298.15});
  EXPECT_EQ(cell.description.value("temperature"), 298.15);
  bool is_told = false;
  for (const std::string& note : cell.notes) is_told = is_told || note.find("no temperature is given") == 0;
  EXPECT_TRUE(is_told);
}

TEST(DescribedCell, MeshesAreReadOrRefused) {
  const cell::SimulationOptions mesh = parse_mesh("40x30");
  EXPECT_EQ(mesh.cathode_cells, 40U);
  EXPECT_EQ(mesh.particle_shells, 30U);
  EXPECT_EQ(parse_mesh("2x2000").particle_shells, 2000U);
  for (const char* text : {"", "x", "40", "40x", "x40", "1x40", "40x2001", "40x40x40", "-4x4", "4.5x4", "40 x 40",
                           "99999999999999999999x4"})
    EXPECT_THROW(parse_mesh(text), base::InputError) << text;
}

}  // namespace
}  // namespace closo::tasks::detail
