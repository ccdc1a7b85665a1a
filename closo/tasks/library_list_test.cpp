#include "closo/tasks/library_list.hpp"

#include <gtest/gtest.h>

#include "closo/base/error.hpp"
#include "closo/tasks/library_access.hpp"

namespace closo::tasks {
namespace {

report::Report ask(const std::vector<std::pair<std::string, std::string>>& given) {
  Arguments arguments;
  for (const auto& [name, text] : given) arguments.set(name, text);
  Context context;
  context.data = CLOSO_SOURCE_DIR "/data";
  return run(library_list_task, arguments, context);
}

const report::Table& table_of(const report::Report& report) {
  return std::get<report::Table>(report.sections.at(0).blocks.at(0));
}

double number(const report::Cell& cell) { return *std::get<report::Value>(cell).value; }

/// Sum of the column of fact counts.
double facts_in(const report::Table& table) {
  std::size_t column = 0;
  while (table.columns.at(column).key != "facts") ++column;
  double sum = 0.0;
  for (const auto& row : table.rows) sum += number(row[column]);
  return sum;
}

TEST(LibraryList, EveryFactIsCountedInEveryList) {
  const report::Report overview = ask({});
  const auto& items = std::get<report::KeyValues>(overview.sections.at(0).blocks.at(0)).items;
  const double all = number(items.at(0).second);
  EXPECT_GT(all, 600.0);
  for (const char* what : {"materials", "families", "tables", "quantities", "sources"}) {
    EXPECT_EQ(facts_in(table_of(ask({{"what", what}}))), all) << what;
  }
  EXPECT_GT(table_of(ask({{"what", "references"}})).rows.size(), 50U);
  EXPECT_GT(table_of(ask({{"what", "flags"}})).rows.size(), 5U);
}

TEST(LibraryList, FiltersLeaveOnlyWhatHasMatchingFacts) {
  const report::Table all = table_of(ask({{"what", "materials"}}));
  const report::Table some = table_of(ask({{"what", "materials"}, {"family", "closo-borate"}, {"ion", "Na"}}));
  EXPECT_LT(some.rows.size(), all.rows.size());
  ASSERT_FALSE(some.rows.empty());
  for (const auto& row : some.rows) {
    EXPECT_EQ(report::to_text(row[2]), "closo-borate");
    EXPECT_GT(number(row[5]), 0.0);
  }
}

TEST(LibraryList, RefusesOtherWords) {
  EXPECT_THROW(ask({{"what", "material"}}), base::ParameterError);
  EXPECT_THROW(ask({{"family", "closo-borat"}}), base::InputError);
  Context context;
  context.data = CLOSO_SOURCE_DIR "/data";
  EXPECT_THROW(library_list({"everything", {}}, context), base::ParameterError);
}

}  // namespace
}  // namespace closo::tasks
