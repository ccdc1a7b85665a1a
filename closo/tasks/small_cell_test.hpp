/// A small Li | hydroborate | TiS2 system file for the tests of the cell commands, on a coarse mesh.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

#include "closo/base/file.hpp"
#include "closo/tasks/cell_access.hpp"

namespace closo::tasks {

inline std::string small_cell_text(const std::string& more = {}) {
  return R"([system]
name = "small cell"
mobile_ion = "Li"

[electrolyte]
conductivity = [{ T = "60 degC", sigma = "1.2 mS/cm" }]
activation_energy = "0.42 eV"
density = "1.2 g/cm3"

[separator]
thickness = "0.5 mm"
diameter = "10 mm"

[anode]
material = "Li"

[cathode]
active = "TiS2"
mass = "2.0 mg"
composition = { TiS2 = "50 wt%", electrolyte = "50 wt%" }

[operation]
temperatures = ["60 degC"]
rates = ["C/5", "1C"]
voltage = ["1.7 V", "2.5 V"]

[cell]
mesh = "6x6"
)" + more;
}

/// Contact that breaks and particles that are cut off; an interface of the metal that grows.
inline constexpr const char* ageing_sections = R"(
[cell.contact]
volume_change = "12 %"
residual_pressure = "20 MPa"
pressure_scale = "1 MPa"
damage_per_strain = "0.1"
isolated_share = "60 %"

[cell.anode]
resistance = "20 Ohm cm2"
resistance_first_hour = "10 Ohm cm2"
)";

/// Voids of the metal.
inline constexpr const char* metal_sections = R"(
stack_pressure = "2 MPa"

[cell.metal]
reference_pressure = "2 MPa"
pressure_exponent = "5"
critical_current_density = "0.5 mA/cm2"
critical_current_activation_energy = "50 kJ/mol"
void_charge = "0.1 mAh/cm2"
creep_rate = "0.2 1/h"
creep_activation_energy = "50 kJ/mol"
)";

inline Context test_context() {
  Context context;
  context.data = std::string(CLOSO_SOURCE_DIR) + "/data";
  return context;
}

inline CellCase small_cell(const std::string& more = {}, std::optional<double> temperature = {}) {
  CellCase made = cell_case(parse_system(small_cell_text(more), "small.toml"), temperature, test_context());
  return made;
}

/// A folder of its own, gone at the end.
class TestFolder {
 public:
  explicit TestFolder(const std::string& name)
      : path_(std::filesystem::temp_directory_path() / ("closo_" + name + "_" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  std::string file(const std::string& name) const { return (path_ / name).string(); }
  std::string written(const std::string& name, const std::string& text) const {
    base::write_file_atomically(path_ / name, text);
    return file(name);
  }

 private:
  std::filesystem::path path_;
};

}  // namespace closo::tasks
