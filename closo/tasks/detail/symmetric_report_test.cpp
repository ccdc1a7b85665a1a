#include "closo/tasks/detail/symmetric_report.hpp"

#include <gtest/gtest.h>

#include "closo/report/render.hpp"
#include "closo/tasks/small_cell_test.hpp"

namespace closo::tasks::detail {
namespace {

TEST(SymmetricReport, ACellThatFailsSaysWhereAndHow) {
  CellSymmetricRequest request;
  request.cell = small_cell(metal_sections);
  request.program.current_densities = {2.0, 6.0, 30.0, 60.0};
  request.program.half_cycle_charge = 0.5 * 36000.0;
  const SymmetricStudy study = study_symmetric(request, test_context());
  ASSERT_EQ(study.run.end, cell::SymmetricEnd::contact);
  const report::Report report = symmetric_report(request, study);
  const std::string text = report::render_text(report, {});
  EXPECT_NE(text.find("contact lost at 3 mA/cm²"), std::string::npos) << text;
  EXPECT_NE(text.find("2 MPa"), std::string::npos);
}

// A metal that never fails within the currents tried is told as a lower limit.
TEST(SymmetricReport, NoFailureIsALowerLimit) {
  CellSymmetricRequest request;
  request.cell = small_cell(metal_sections);
  request.program.current_densities = {2.0};
  request.program.half_cycle_charge = 100.0;
  request.program.voltage_limit = 1e9;
  const report::Report report = symmetric_report(request, study_symmetric(request, test_context()));
  EXPECT_NE(report::render_text(report, {}).find("> 10000 mA/cm²"), std::string::npos)
      << report::render_text(report, {});
}

}  // namespace
}  // namespace closo::tasks::detail
