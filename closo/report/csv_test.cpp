#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/error.hpp"
#include "closo/report/render.hpp"
#include "closo/table/csv.hpp"

namespace closo::report {
namespace {

TEST(RenderCsv, OneColumnPerValueAndFurtherOnesWhereNeeded) {
  const Table table{
      .id = "t",
      .columns = {{.key = "name"}, {.key = "E_eV"}, {.key = "window_V"}, {.key = "t_Li"}},
      .rows = {{std::string("a"), Value{.value = 0.42, .uncertainty = 0.01, .unit = "eV"},
                Value{.value = 1.7, .value_hi = 2.5, .unit = "V"}, Value{.value = 0.9, .qualifier = ">"}},
               {std::string("b"), Value{.value = 0.3, .unit = "eV"}, Value{.unit = "V"}, Value{.value = 1}}}};
  EXPECT_EQ(render_csv(table),
            "name,E_eV,E_eV_uncertainty,window_V,window_V_high,t_Li,t_Li_qualifier\r\n"
            "a,0.42,0.01,1.7,2.5,0.9,>\r\n"
            "b,0.3,,,,1,=\r\n");
}

TEST(RenderCsv, ValuesInOtherUnitsSayTheirUnit) {
  const Table table{
      .id = "t",
      .columns = {{.key = "s"}},
      .rows = {{Value{.value = 1, .unit = "mS/cm"}}, {Value{.value = 2, .unit = "S/cm"}}, {std::string("none")}}};
  EXPECT_EQ(render_csv(table), "s,s_unit\r\n1,mS/cm\r\n2,S/cm\r\nnone,\r\n");
}

TEST(RenderCsv, NumbersReadBackToTheSameDouble) {
  for (const double number : {1.0 / 3.0, 2.9e-4, -1e300, 5e-324, 0.1 + 0.2}) {
    const Table table{.id = "t", .columns = {{.key = "x"}}, .rows = {{Value{.value = number}}}};
    const table::Table read = table::parse_numeric_csv(render_csv(table), "t.csv");
    ASSERT_EQ(read.rows(), 1U);
    EXPECT_EQ(read.columns[0].values[0], number);
  }
}

TEST(RenderCsv, NumbersThatAreNoneStayEmpty) {
  const Table table{
      .id = "t",
      .columns = {{.key = "a"}, {.key = "x"}},
      .rows = {{std::string("r"), Value{.value = std::nan("")}}, {std::string("s"), Value{.value = INFINITY}}}};
  EXPECT_EQ(render_csv(table), "a,x\r\nr,\r\ns,\r\n");
}

TEST(RenderCsv, HostileTextSurvivesTheRoundTrip) {
  const std::vector<std::string> texts = {"a,b", "say \"yes\"", "</script>", "σ;τ", "tab\there"};
  Table table{.id = "t", .columns = {{.key = "n,\"1\""}, {.key = "plain"}}};
  for (const std::string& text : texts) table.rows.push_back({text, std::string("p")});
  const table::CsvDocument document = table::parse_csv(render_csv(table), "t.csv");
  ASSERT_EQ(document.header, (std::vector<std::string>{"n,\"1\"", "plain"}));
  ASSERT_EQ(document.rows.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(document.rows[i].cells[0].text, texts[i]);
}

TEST(RenderCsv, BrokenRowsThrow) {
  EXPECT_THROW(render_csv({.id = "t", .columns = {{.key = "a"}}, .rows = {{}}}), base::InternalError);
}

}  // namespace
}  // namespace closo::report
