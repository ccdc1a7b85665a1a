#include "closo/tasks/detail/scan_report.hpp"

#include <gtest/gtest.h>

namespace closo::tasks::detail {
namespace {

TEST(ScanReport, SettingsNameWhatDiffers) {
  const ScanSetting setting{0.25, 1.5e-9, 0.5, 0.69, 40e-9};
  EXPECT_EQ(setting_text(setting, false, false, false, false), "");
  EXPECT_EQ(setting_text(setting, true, true, true, true), "layer 1.5 nm, wetted 50 %, filling 69 %, aggregates 40 nm");
  EXPECT_EQ(setting_text({0.25, 1e-9, 1.0, {}, {}}, false, false, true, true), "no aggregates");
}

TEST(ScanReport, ConductivitiesInTheFieldsUnit) {
  const report::Value value = sigma_value(2.9e-2, 1e-3, "computed", "here");
  EXPECT_DOUBLE_EQ(*value.value, 2.9e-4);
  EXPECT_DOUBLE_EQ(*value.uncertainty, 1e-5);
  EXPECT_EQ(value.unit, "S/cm");
  EXPECT_FALSE(sigma_value(1.0, 0.0, "", "").uncertainty.has_value()) << "one realisation has no scatter";
}

TEST(ScanReport, TheHighestSettingIsSaid) {
  CompositeScanRequest request;
  CompositeScan scan;
  for (const double fraction : {0.1, 0.3, 0.5}) {
    ScanPoint point;
    point.setting.fraction = fraction;
    point.temperature = 300.0;
    point.bulk = 1e-4;
    point.interphase = 1e-1;
    point.asked.particle_radius = 5e-9;
    point.conductivity = {fraction == 0.3 ? 2e-3 : 1e-3, 1e-3};
    point.mean = 0.5 * (point.conductivity[0] + 1e-3);
    point.standard_error = 1e-4;
    scan.points.push_back(point);
  }
  scan.voxel = 5e-10;
  const report::Report report = scan_report(request, scan);
  std::string words;
  for (const report::Block& block : report.sections.front().blocks) {
    if (const auto* paragraph = std::get_if<report::Paragraph>(&block)) words += paragraph->text;
  }
  EXPECT_NE(words.find("1.5e-5 S/cm at 30 vol%"), std::string::npos) << words;
  EXPECT_NE(words.find("15 times the bulk"), std::string::npos) << words;
}

}  // namespace
}  // namespace closo::tasks::detail
