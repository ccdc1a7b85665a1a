#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "closo/base/error.hpp"
#include "closo/tasks/detail/cell_sweep_report.hpp"
#include "closo/tasks/detail/cell_trial_test.hpp"

namespace closo::tasks::detail {
namespace {

CellSweepRequest request_of(std::initializer_list<const char*> ranges, const char* rate = "1 mA/cm2") {
  CellSweepRequest request;
  request.cell = trial_case();
  request.cell.description = cell::described_cell();  // without ranges
  for (const char* text : ranges) request.variations.push_back(parse_variation("vary", text, request.cell.description));
  request.rates = {rate};
  request.has_sensitivity = true;
  return request;
}

report::Report report_of(const CellSweepRequest& request) {
  report::Report report;
  add_sensitivity_section(request, {&cell::outcome_quantity("separator loss")}, {}, report);
  return report;
}

double elasticity_of(const report::Table& table, const std::string& quantity) {
  for (const std::vector<report::Cell>& row : table.rows) {
    if (report::to_text(row[0]) == quantity) return *std::get<report::Value>(row.back()).value;
  }
  return std::nan("");
}

TEST(CellSensitivityReport, AnOhmicLossFollowsOhmsLaw) {
  // I d / κ at a given current.
  const report::Report report = report_of(request_of({}));
  const auto* table = block_named<report::Table>(report, "elasticities");
  ASSERT_NE(table, nullptr);
  ASSERT_GE(table->rows.size(), 2U);
  EXPECT_NEAR(elasticity_of(*table, "separator.thickness"), 1.0, 1e-3);
  EXPECT_NEAR(elasticity_of(*table, "separator.conductivity"), -1.0, 1e-3);
  double before = 1e9;
  for (const std::vector<report::Cell>& row : table->rows) {
    const double each = std::abs(std::get<report::Value>(row.back()).value.value_or(0.0));
    EXPECT_LE(each, before) << "the strongest first";
    before = each;
  }
  const auto thickness = std::ranges::find_if(table->rows, [](const std::vector<report::Cell>& row) {
    return report::to_text(row[0]) == "separator.thickness";
  });
  EXPECT_EQ(report::to_text((*thickness)[1]).rfind("600 µm", 0), 0U) << report::to_text((*thickness)[1]);
  EXPECT_EQ(report::to_text((*thickness)[2]), "setting");
  EXPECT_EQ(table->caption.rfind("Scatter of the simulator: separator loss ", 0), 0U) << table->caption;
  EXPECT_NE(table->caption.find("Without any effect: "), std::string::npos);
  EXPECT_NE(table->caption.find("separator.density"), std::string::npos);
  const std::string& words = std::get<report::Paragraph>(report.sections.front().blocks.front()).text;
  EXPECT_EQ(words.rfind("The separator loss hangs most on separator.", 0), 0U) << words;
}

TEST(CellSensitivityReport, WithoutRangesTheTornadoIsMissedInWords) {
  const report::Report report = report_of(request_of({}));
  EXPECT_EQ(block_named<report::Figure>(report, "tornado_separator_loss"), nullptr);
  const std::string& words = std::get<report::Paragraph>(report.sections.front().blocks.back()).text;
  EXPECT_EQ(words.rfind("No quantity has a range", 0), 0U) << words;
}

TEST(CellSensitivityReport, ARangeOfTheCommandLineMakesTheTornado) {
  CellSweepRequest request = request_of({"separator.thickness=300 um to 900 um"});
  // The range of the command line takes the place of the description's.
  request.cell.description.set("separator.thickness", {600e-6, {}, 590e-6, 610e-6, cell::Mark::estimated, "a test"});
  const report::Report report = report_of(request);
  const auto* figure = block_named<report::Figure>(report, "tornado_separator_loss");
  ASSERT_NE(figure, nullptr);
  EXPECT_EQ(figure->y.names, std::vector<std::string>{"separator thickness"});
  const double centre = 10.0 * 600e-6 / 0.12 * 1e3;  // mV
  for (const auto& [series, factor] : {std::pair{"at the low end", 0.5}, std::pair{"at the high end", 1.5}}) {
    const auto layer = std::ranges::find(figure->layers, std::string(series), &report::Layer::series);
    ASSERT_NE(layer, figure->layers.end()) << series;
    ASSERT_EQ(layer->x_low.size(), 1U);
    EXPECT_NEAR(layer->x_low[0], std::min(centre, factor * centre), 1e-3 * centre);
    EXPECT_NEAR(layer->x_high[0], std::max(centre, factor * centre), 1e-3 * centre);
  }
}

TEST(CellSensitivityReport, ACellThatDoesNotRunIsAWarningWithItsReason) {
  const report::Report report = report_of(request_of({}, "1 mA"));  // without an area
  EXPECT_TRUE(report.sections.empty());
  ASSERT_EQ(report.warnings.size(), 1U);
  EXPECT_NE(report.warnings[0].find("area"), std::string::npos) << report.warnings[0];
  EXPECT_NE(report.warnings[0].find("there are no sensitivities"), std::string::npos);
}

TEST(CellSensitivityReport, AStopIsPassedOn) {
  Context stopping;
  stopping.progress = [](double, std::string_view) { return false; };
  report::Report report;
  EXPECT_THROW(add_sensitivity_section(request_of({}), {&cell::outcome_quantity("separator loss")}, stopping, report),
               base::Cancelled);
}

TEST(CellSweepMethod, NamesWhatWasDone) {
  const auto paragraphs = [](std::size_t sample, bool has_sensitivity) {
    CellSweepRequest request = request_of({});
    request.sample = sample;
    request.has_sensitivity = has_sensitivity;
    report::Report report;
    add_sweep_method(request, report);
    std::string text;
    for (const report::Block& block : report.sections.front().blocks) text += std::get<report::Paragraph>(block).text;
    return text;
  };
  EXPECT_EQ(paragraphs(0, false).find("Latin hypercube"), std::string::npos);
  EXPECT_EQ(paragraphs(0, false).find("Elasticity"), std::string::npos);
  EXPECT_NE(paragraphs(100, false).find("Latin hypercube"), std::string::npos);
  EXPECT_NE(paragraphs(0, true).find("Elasticity"), std::string::npos);
}

}  // namespace
}  // namespace closo::tasks::detail
