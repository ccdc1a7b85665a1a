#include "closo/tasks/cell_symmetric.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/error.hpp"
#include "closo/report/render.hpp"
#include "closo/tasks/small_cell_test.hpp"

namespace closo::tasks {
namespace {

CellSymmetricRequest with_metal() {
  CellSymmetricRequest request;
  request.cell = small_cell(metal_sections);
  request.program.current_densities = {1.0, 5.0, 8.0};
  request.program.half_cycle_charge = 0.5 * 36000.0;
  return request;
}

const report::Figure* figure_of(const report::Report& report, const std::string& id) {
  for (const report::Section& section : report.sections) {
    for (const report::Block& block : section.blocks) {
      const auto* figure = std::get_if<report::Figure>(&block);
      if (figure != nullptr && figure->id == id) return figure;
    }
  }
  return nullptr;
}

TEST(CellSymmetric, TakesSeparatorAndMetalOfTheCell) {
  const cell::SymmetricCell cell = symmetric_cell(with_metal().cell);
  EXPECT_NEAR(cell.separator.thickness, 0.5e-3, 1e-15);
  EXPECT_NEAR(cell.temperature, 333.15, 1e-9);
  ASSERT_TRUE(cell.electrode.contact.has_value());
  EXPECT_NEAR(cell.electrode.contact->stack_pressure, 2e6, 1e-6);
  EXPECT_NEAR(cell.electrode.contact->void_charge, 0.1 * 36000.0, 1e-6);
}

// The scaling laws of closo/cell/symmetric_test.cpp, through the command's own map.
TEST(CellSymmetric, TheCriticalCurrentRisesWithPressureAndTemperature) {
  CellSymmetricRequest request = with_metal();
  request.program.voltage_limit = 1e9;
  request.pressures = {1e6, 2e6, 4e6};
  request.temperatures = {333.15, 353.15};
  const SymmetricStudy study = study_symmetric(request, test_context());
  ASSERT_EQ(study.critical.size(), 6U);
  const auto critical = [&](std::size_t k) { return *study.critical[k].critical.current_density; };
  EXPECT_NEAR(critical(1) / critical(0), 32.0, 1e-3);
  EXPECT_NEAR(critical(2) / critical(1), 32.0, 1e-3);
  EXPECT_NEAR(critical(4) / critical(1), std::exp(50e3 / 8.314462618 * (1.0 / 333.15 - 1.0 / 353.15)), 1e-4);
  for (const CriticalPoint& point : study.critical) {
    EXPECT_GT(*point.critical.current_density, point.model_critical);
    EXPECT_EQ(point.critical.cause, cell::SymmetricEnd::contact);
  }
}

TEST(CellSymmetric, TheReportHoldsStaircaseContactMapAndBlockingCell) {
  CellSymmetricRequest request = with_metal();
  request.pressures = {1e6, 2e6};
  request.temperatures = {333.15, 353.15};
  request.is_blocking = true;
  request.frequencies = parse_frequencies("1 MHz to 1 kHz");
  const report::Report report = cell_symmetric(request, test_context());
  for (const char* id :
       {"staircase", "contact", "critical_over_pressure", "critical_over_temperature", "blocking_nyquist"})
    EXPECT_NE(figure_of(report, id), nullptr) << id;
  EXPECT_EQ(figure_of(report, "critical_over_pressure")->layers.size(), 2U);
  EXPECT_TRUE(report.warnings.empty());
  const report::Report again = cell_symmetric(with_metal(), test_context());
  EXPECT_EQ(figure_of(again, "blocking_nyquist"), nullptr);
  EXPECT_NE(report::render_text(again, {}).find("critical current density"), std::string::npos);
  // Nothing of the cathode is told.
  const std::string json = report::render_json(again);
  EXPECT_EQ(json.find("cathode.particle_radius"), std::string::npos);
  EXPECT_EQ(json.find("open-circuit curve"), std::string::npos);
}

TEST(CellSymmetric, WithoutAMetalModelOnlyTheVoltageLimits) {
  CellSymmetricRequest request = with_metal();
  request.cell = small_cell();
  const report::Report report = cell_symmetric(request, test_context());
  ASSERT_EQ(report.warnings.size(), 1U);
  EXPECT_EQ(figure_of(report, "contact"), nullptr);
  request.pressures = {1e6};
  EXPECT_THROW(study_symmetric(request, test_context()), base::ParameterError);
}

TEST(CellSymmetric, ManyPointsAreRefusedAndTheUserMayStop) {
  CellSymmetricRequest request = with_metal();
  request.pressures.assign(30, 1e6);
  request.temperatures.assign(30, 333.15);
  EXPECT_THROW(study_symmetric(request, test_context()), base::ParameterError);
  Context stopping = test_context();
  stopping.progress = [](double, std::string_view) { return false; };
  EXPECT_THROW(study_symmetric(with_metal(), stopping), base::Cancelled);
}

TEST(CellSymmetric, ASystemFileWithoutACathodeIsEnough) {
  const TestFolder folder("symmetric");
  std::string text = small_cell_text(metal_sections);
  const std::size_t from = text.find("[cathode]"), to = text.find("[operation]");
  text.erase(from, to - from);
  Arguments arguments;
  arguments.set("system", folder.written("bare.toml", text));
  arguments.set("currents", "0.1, 0.2 mA/cm2");
  arguments.set("set", "metal.void_charge=0.2 mAh/cm2");
  arguments.set("to", folder.file("v.csv"));
  const report::Report bare = run(cell_symmetric_task, arguments, test_context());
  Arguments whole = arguments;
  Arguments other;
  for (const auto& [name, texts] : arguments.all()) {
    for (const std::string& each : texts)
      other.set(name, name == "system" ? folder.written("whole.toml", small_cell_text(metal_sections)) : each);
  }
  const report::Report full = run(cell_symmetric_task, other, test_context());
  EXPECT_EQ(figure_of(bare, "staircase")->layers[0].y, figure_of(full, "staircase")->layers[0].y);
  const std::string csv = base::read_text_file(folder.file("v.csv"));
  EXPECT_NE(csv.find("time (s),current (mA/cm2),voltage (V),contact 1 (%)"), std::string::npos);
}

TEST(CellSymmetric, WrongOptionsAreNamed) {
  const TestFolder folder("symmetric_wrong");
  const std::string file = folder.written("cell.toml", small_cell_text(metal_sections));
  const auto refusal = [&](const char* name, const char* text) -> std::string {
    Arguments arguments;
    arguments.set("system", file);
    arguments.set(name, text);
    try {
      run(cell_symmetric_task, arguments, test_context());
    } catch (const base::Error& error) {
      return error.what();
    }
    return {};
  };
  EXPECT_NE(refusal("currents", "0 mA/cm2").find("above 0"), std::string::npos);
  EXPECT_NE(refusal("charge", "0 mAh/cm2").find("half-cycle charge"), std::string::npos);
  EXPECT_NE(refusal("cycles", "0").find("1 to 1000"), std::string::npos);
  EXPECT_NE(refusal("contact-limit", "100 %").find("contact limit"), std::string::npos);
  EXPECT_NE(refusal("voltage-limit", "0 V").find("voltage limit"), std::string::npos);
  EXPECT_NE(refusal("pressures", "0 MPa").find("above 0 MPa"), std::string::npos);
  EXPECT_NE(refusal("frequencies", "1 kHz").find("1 MHz to 1 mHz"), std::string::npos);
}

}  // namespace
}  // namespace closo::tasks
