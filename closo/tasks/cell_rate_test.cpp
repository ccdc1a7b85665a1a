#include "closo/tasks/cell_rate.hpp"

#include <gtest/gtest.h>

#include <string>

#include "closo/base/error.hpp"
#include "closo/tasks/detail/cell_example_test.hpp"

namespace closo::tasks {
namespace {

CellRateRequest request() {
  CellRateRequest request;
  request.cells = {example_cell(313.15), example_cell(333.15)};
  request.rates = parse_rates("rates", "C/20, C/5,1C");
  return request;
}

Arguments arguments() {
  Arguments made;
  made.set("system", std::string(CLOSO_SOURCE_DIR) + "/examples/li2b12h12-zro2.toml");
  made.set("start", "same");
  return made;
}

const report::Table& rates_of(const report::Report& report) {
  for (const report::Block& block : report.sections.front().blocks) {
    if (const auto* table = std::get_if<report::Table>(&block); table != nullptr && table->id == "rates") return *table;
  }
  throw base::InternalError("no table of rates");
}

TEST(CellRate, ReadsAListOfRates) {
  const std::vector<Rate> rates = parse_rates("rates", " C/20 ,0.5C, 2 C");
  ASSERT_EQ(rates.size(), 3U);
  EXPECT_EQ(rates[0].text, "C/20");
  EXPECT_DOUBLE_EQ(rates[0].per_hour, 0.05);
  EXPECT_DOUBLE_EQ(rates[2].per_hour, 2.0);
  for (const char* wrong : {"", "C/20,", "C/20, x", "C/0", "5 mA"})
    EXPECT_THROW(parse_rates("rates", wrong), base::ParameterError) << wrong;
}

TEST(CellRate, ColderAndFasterDeliversLess) {
  const CellRate rate = rate_cells(request(), example_context());
  ASSERT_EQ(rate.points.size(), 2U);
  for (std::size_t r = 0; r < 3; ++r) {
    EXPECT_LT(rate.points[0][r].capacity, rate.points[1][r].capacity) << r;
    EXPECT_LT(*rate.points[0][r].mean_voltage, *rate.points[1][r].mean_voltage) << r;
    if (r > 0) {
      EXPECT_LT(rate.points[1][r].capacity, rate.points[1][r - 1].capacity);
    }
    EXPECT_EQ(rate.points[0][r].temperature, 313.15);
    EXPECT_EQ(rate.points[1][r].per_hour, request().rates[r].per_hour);
  }
}

TEST(CellRate, RechargedCellsNeedAllDischargesInOneRun) {
  CellRateRequest asked = request();
  asked.start = cell::RateStart::recharged;
  const CellRate slow = rate_cells(asked, {});
  asked.recharge = Rate{"1C", 1.0};
  const CellRate fast = rate_cells(asked, {});
  EXPECT_EQ(slow.points[1][0].capacity, fast.points[1][0].capacity) << "the first has no recharge before it";
  EXPECT_GT(slow.points[1][1].capacity, fast.points[1][1].capacity) << "a fast charge leaves some out";
}

TEST(CellRate, WhatIsMissingIsAskedFor) {
  const auto refused = [](auto&& change) {
    CellRateRequest asked = request();
    change(asked);
    EXPECT_THROW(rate_cells(asked, {}), base::ParameterError);
  };
  refused([](auto& asked) { asked.cells.clear(); });
  refused([](auto& asked) { asked.rates.clear(); });
  refused([](auto& asked) { asked.cells.front().lower_cutoff = asked.cells.front().upper_cutoff = 0.0; });
  refused([](auto& asked) { asked.cells.front().lower_cutoff = -50.0; });
  Context stopping;
  stopping.progress = [](double, std::string_view) { return false; };
  EXPECT_THROW(rate_cells(request(), stopping), base::Cancelled);
}

TEST(CellRate, OptionsChooseRatesAndTemperatures) {
  const Context context = example_context();
  EXPECT_EQ(rates_of(cell_rate_task.run(arguments(), context)).rows.size(), 4U * 3U)
      << "rates and temperatures of the file";
  Arguments at = arguments();
  at.set("at", "60 degC");
  at.set("rates", "C/10");
  EXPECT_EQ(rates_of(cell_rate_task.run(at, context)).rows.size(), 1U);
  Arguments list = arguments();
  list.set("temperatures", "30 to 90 by 30 degC");
  list.set("rates", "C/10, 1C");
  EXPECT_EQ(rates_of(cell_rate_task.run(list, context)).rows.size(), 6U);
  list.set("at", "60 degC");
  EXPECT_THROW(cell_rate_task.run(list, context), base::ParameterError);
  Arguments recharge = arguments();
  recharge.set("recharge", "C/20");
  EXPECT_THROW(cell_rate_task.run(recharge, context), base::ParameterError);
  Arguments wrong = arguments();
  wrong.set("temperatures", "sixty");
  EXPECT_THROW(cell_rate_task.run(wrong, context), base::ParameterError);
}

}  // namespace
}  // namespace closo::tasks
