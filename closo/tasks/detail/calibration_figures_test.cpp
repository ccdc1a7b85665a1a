#include "closo/tasks/detail/calibration_figures.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "closo/report/render.hpp"

namespace closo::tasks::detail {
namespace {

using cell::Observation;
using cell::ObservedQuantity;

Context context() {
  Context made;
  made.data = std::filesystem::path(CLOSO_SOURCE_DIR) / "data";
  return made;
}

constexpr const char* experiments = R"(
uncertainty = "2 %"
[[experiment]]
name = "C/5"
protocol = "Discharge at C/5 until 1.7 V"
observed = [
  { what = "discharge capacity", value = "200 mAh/g" },
  { what = "discharge curve", points = ["0.1 mAh/cm2, 2.3 V", "0.3 mAh/cm2, 2.1 V"], uncertainty = "5 mV" },
]
[[experiment]]
name = "cycling"
protocol = "Repeat 3 times: ; Discharge at 1C until 1.7 V; Charge at 1C until 2.5 V; End"
observed = [
  { what = "discharge capacity", value = "180 mAh/g", held_out = true },
  { what = "retention", cycle = 3, value = "70 to 80 %" },
  { what = "retention", cycle = 2, value = ">= 70 %", held_out = true },
  { what = "discharge curve", points = ["100 mAh/g, 2.1 V"], uncertainty = "5 mV", cycle = 2 },
]
)";

const report::Figure& figure_of(const std::vector<report::Figure>& figures, const std::string& id) {
  const auto found = std::ranges::find(figures, id, &report::Figure::id);
  if (found == figures.end()) throw std::runtime_error("no figure " + id);
  return *found;
}

const report::Layer& layer_of(const report::Figure& figure, const std::string& series) {
  const auto found = std::ranges::find(figure.layers, series, &report::Layer::series);
  if (found == figure.layers.end()) throw std::runtime_error("no layer " + series);
  return *found;
}

class CalibrationFigures : public testing::Test {
 protected:
  void SetUp() override {
    request_.cell =
        cell_case(read_system(std::filesystem::path(CLOSO_SOURCE_DIR) / "examples" / "cells" / "simulated-tis2.toml"),
                  {}, context());
    request_.experiments = parse_cell_experiments(experiments, "own.toml", {});
    cell::CalibrationOptions options;
    options.simulation = request_.cell.mesh;
    calibration_ = calibrate(request_.cell.description, request_.experiments.experiments, {}, options);
  }
  CellFitRequest request_;
  cell::Calibration calibration_;
};

TEST_F(CalibrationFigures, ShowMeasuredAgainstModel) {
  const std::vector<report::Figure> figures = calibration_figures(request_, calibration_);
  for (const report::Figure& figure : figures) EXPECT_NO_THROW(report::vega_lite(figure)) << figure.id;

  const report::Figure& curves = figure_of(figures, "curves");
  const auto rings = std::ranges::find_if(curves.layers, [](const report::Layer& each) { return each.hollow; });
  ASSERT_NE(rings, curves.layers.end());
  const double mass = build(request_.cell.description).areal_active_mass.value();  // kg/m²
  EXPECT_NEAR(rings->x[0], 0.1 * 36000.0 / mass / 3600.0, 1e-9) << "areal capacities become those per mass";

  const report::Figure& rates = figure_of(figures, "capacities");
  EXPECT_EQ(layer_of(rates, "measured, fitted").y, std::vector<double>{200.0});
  EXPECT_NEAR(layer_of(rates, "measured, fitted").y_high[0], 204.0, 1e-9);
  EXPECT_TRUE(layer_of(rates, "measured, held out").hollow);
  EXPECT_EQ(layer_of(rates, "model, 60 °C").x, (std::vector<double>{0.2, 1.0}));
  ASSERT_TRUE(rates.top);
  EXPECT_EQ(rates.top->labels, (std::vector<std::string>{"C/5", "1C"}));

  const report::Figure& fade = figure_of(figures, "retention");
  EXPECT_EQ(layer_of(fade, "model, cycling").x, (std::vector<double>{1.0, 2.0, 3.0}));
  EXPECT_DOUBLE_EQ(layer_of(fade, "model, cycling").y[0], 100.0);
  EXPECT_NEAR(layer_of(fade, "measured, fitted").y[0], 75.0, 1e-9) << "the middle of a range";
  EXPECT_NEAR(layer_of(fade, "measured, fitted").y_low[0], 70.0 - 0.02 * 80.0, 1e-9);

  EXPECT_EQ(figure_of(figures, "deviations").y.names.size(), 6U);
}

TEST_F(CalibrationFigures, ObservationsHaveNames) {
  const auto& first = request_.experiments.experiments[0];
  const auto& second = request_.experiments.experiments[1];
  EXPECT_EQ(observation_text(first, first.observations[0]), "C/5: discharge capacity");
  EXPECT_EQ(observation_text(second, second.observations[1]), "cycling: retention, cycle 3");
  EXPECT_EQ(observation_text(second, second.observations[3]), "cycling: voltage at 100 mAh/g, cycle 2");
  Observation against = second.observations[1];
  against.reference = 2;
  EXPECT_EQ(observation_text(second, against), "cycling: retention, cycle 3 against 2");
}

TEST(CalibrationDeviation, CountsBothUncertainties) {
  Observation observation;
  observation.quantity = ObservedQuantity::retention;
  observation.low = observation.high = 0.8;
  cell::Prediction prediction;
  prediction.value = 0.85;
  prediction.is_known = true;
  EXPECT_FALSE(deviation(observation, prediction, {}).has_value());
  observation.uncertainty = 0.03;
  EXPECT_NEAR(*deviation(observation, prediction, {}), 0.05 / 0.03, 1e-12);
  EXPECT_NEAR(*deviation(observation, prediction, 0.04), 1.0, 1e-12);
  prediction.is_known = false;
  EXPECT_FALSE(deviation(observation, prediction, {}).has_value());
}

}  // namespace
}  // namespace closo::tasks::detail
