#include "closo/tasks/detail/cell_design_report.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "closo/tasks/detail/cell_settings.hpp"
#include "closo/tasks/detail/cell_trial_test.hpp"

namespace closo::tasks::detail {
namespace {

CellDesignRequest request_of(std::initializer_list<const char*> targets, std::initializer_list<const char*> free) {
  CellDesignRequest request;
  request.cell = trial_case();
  for (const char* text : targets) request.targets.push_back(parse_target(text));
  for (const char* text : free) request.free.push_back(*parse_variation("free", text, request.cell.description).range);
  request.rate = "C/5";
  request.practical = {{"separator.thickness", 30e-6}};
  return request;
}

/// A design whose separator meets the targets in some parts of the range.
CellDesign limited(const CellDesignRequest& request, std::vector<cell::MetInterval> intervals) {
  CellDesign design;
  design.status = DesignStatus::limited;
  design.description = request.cell.description;
  design.chosen = {100e-6};
  design.limit = cell::DesignLimit{};
  design.limit->intervals = std::move(intervals);
  return design;
}

constexpr const char* energy = "specific energy >= 15 Wh/kg";
constexpr const char* separator = "separator.thickness=20 um to 600 um";
constexpr const char* beginning = "At C/5 and 60 °C, specific energy ≥ 15 Wh/kg ";

TEST(CellDesignReport, TheSentenceNamesTheEndsThatTheTargetsSet) {
  const CellDesignRequest request = request_of({energy}, {separator});
  const auto sentence = [&](std::vector<cell::MetInterval> intervals) {
    return design_sentence(request, limited(request, std::move(intervals)));
  };
  const std::string needs = std::string(beginning) + "needs a separator thickness ";
  EXPECT_EQ(sentence({{20e-6, 150e-6, true, false}}), needs + "of at most 150 µm");
  EXPECT_EQ(sentence({{150e-6, 600e-6, false, true}}), needs + "of at least 150 µm");
  EXPECT_EQ(sentence({{20e-6, 50e-6, true, false}, {100e-6, 150e-6, false, false}}),
            needs + "of at most 50 µm or between 100 µm and 150 µm");
}

TEST(CellDesignReport, TheSentenceOfWhatIsAlwaysOrNeverMet) {
  const CellDesignRequest request = request_of({energy}, {separator});
  CellDesign design = limited(request, {});
  design.status = DesignStatus::met;
  EXPECT_EQ(design_sentence(request, design),
            std::string(beginning) + "is met throughout separator thickness from 20 µm to 600 µm");
  design.status = DesignStatus::not_met;
  design.margin = -0.2;
  design.chosen = {20e-6};
  design.outcome.energy = 12.0 * 3600.0;
  design.outcome.stack.areal_mass = 1.0;
  const std::string closest = design_sentence(request, design);
  EXPECT_NE(closest.find("cannot be met with separator thickness from 20 µm to 600 µm; closest: 12"), std::string::npos)
      << closest;
  EXPECT_NE(closest.find("at separator thickness 20 µm"), std::string::npos) << closest;
}

TEST(CellDesignReport, SeveralTargetsAreSpokenOfInThePlural) {
  CellDesignRequest request = request_of({energy, "utilisation >= 80 %"}, {});
  CellDesign design = limited(request, {});
  design.margin = 0.1;
  EXPECT_TRUE(design_sentence(request, design).ends_with("≥ 15 Wh/kg and utilisation ≥ 80 % are met"))
      << design_sentence(request, design);
  design.margin = -0.1;
  EXPECT_TRUE(design_sentence(request, design).ends_with(" are not met"));
  request = request_of({energy, "utilisation >= 80 %"}, {separator});
  EXPECT_NE(design_sentence(request, limited(request, {{20e-6, 150e-6, true, false}})).find("% need a separator"),
            std::string::npos);
}

report::Report report_of(const CellDesignRequest& request) {
  report::Report report;
  add_design_sections(request, find_cell_design(request, {}), {}, report);
  return report;
}

TEST(CellDesignReport, LayersAddUpToTheStack) {
  const report::Report report = report_of(request_of({"specific capacity >= 10 mAh/g"}, {}));
  const auto* layers = block_named<report::Table>(report, "layers");
  ASSERT_NE(layers, nullptr);
  ASSERT_EQ(layers->rows.size(), 3U) << "anode, separator, cathode; no collectors";
  double share = 0.0, mass = 0.0;
  for (const std::vector<report::Cell>& row : layers->rows) {
    mass += *std::get<report::Value>(row[2]).value;
    share += *std::get<report::Value>(row[3]).value;
  }
  EXPECT_NEAR(share, 100.0, 1e-9);
  // 600 µm of 1500 kg/m³ are 90 mg/cm²; the loading is 7 mg/cm².
  EXPECT_NEAR(*std::get<report::Value>(layers->rows[1][1]).value, 600.0, 1e-9);
  EXPECT_NEAR(*std::get<report::Value>(layers->rows[1][2]).value, 90.0, 1e-9);
  EXPECT_NEAR(*std::get<report::Value>(layers->rows[2][2]).value, 7.0, 1e-9);
  EXPECT_NEAR(*std::get<report::Value>(layers->rows[1][3]).value, 100.0 * 90.0 / mass, 1e-9);
}

TEST(CellDesignReport, WhatIsMissingIsSaidInTheTables) {
  CellDesignRequest request = request_of({"specific capacity >= 10 mAh/g"}, {});
  request.cell.description.remove("anode.thickness");
  const report::Report report = report_of(request);
  const auto* layers = block_named<report::Table>(report, "layers");
  const auto& anode = std::get<report::Value>(layers->rows[0][1]);
  EXPECT_FALSE(anode.value);
  EXPECT_EQ(anode.note, "not given");
  EXPECT_FALSE(std::get<report::Value>(layers->rows[1][3]).value) << "no share of a mass that is not known";
  const auto* stacks = block_named<report::Table>(report, "stacks");
  ASSERT_EQ(stacks->columns.size(), 4U) << "as described, practical, practical with the best loading";
  const auto note = [&](const std::string& name, std::size_t column) {
    const auto row = std::ranges::find_if(
        stacks->rows, [&](const std::vector<report::Cell>& cells) { return report::to_text(cells.front()) == name; });
    return std::get<report::Value>((*row)[column]).note;
  };
  EXPECT_EQ(note("specific energy", 1), "data are missing");
  EXPECT_EQ(note("specific energy with collectors", 1), "no collectors are given");
  EXPECT_EQ(note("specific energy with collectors", 2), "") << "the practical stack has some";
  EXPECT_EQ(note("specific energy", 2), "") << "its anode follows from N/P";
}

}  // namespace
}  // namespace closo::tasks::detail
