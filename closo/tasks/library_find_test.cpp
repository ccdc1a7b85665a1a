#include "closo/tasks/library_find.hpp"

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::tasks {
namespace {

report::Report ask(const std::vector<std::pair<std::string, std::string>>& given) {
  Arguments arguments;
  for (const auto& [name, text] : given) arguments.set(name, text);
  Context context;
  context.data = CLOSO_SOURCE_DIR "/data";
  return run(library_find_task, arguments, context);
}

TEST(LibraryFind, GivesWhatMatches) {
  const report::Report report =
      ask({{"ion", "Li"}, {"quantity", "ionic conductivity"}, {"at", "300 K"}, {"min", "1 mS/cm"}});
  const auto& table = std::get<report::Table>(report.sections.at(0).blocks.at(0));
  EXPECT_FALSE(table.rows.empty());
  EXPECT_EQ(report.title, "Library: " + std::to_string(table.rows.size()) + " facts");
  EXPECT_FALSE(report.provenance.empty());
}

TEST(LibraryFind, SaysWhenNothingMatches) {
  const report::Report report = ask({{"quantity", "ionic conductivity"}, {"min", "1e6 S/cm"}});
  EXPECT_EQ(report.title, "Library: 0 facts");
  EXPECT_TRUE(std::holds_alternative<report::Paragraph>(report.sections.at(0).blocks.at(0)));
}

TEST(LibraryFind, RefusesUnknownNames) {
  EXPECT_THROW(ask({{"material", "unobtainium"}}), base::InputError);
  EXPECT_THROW(ask({{"kind", "guessed"}}), base::ParameterError);
  EXPECT_THROW(ask({{"materail", "LiBH4"}}), base::ParameterError);
}

}  // namespace
}  // namespace closo::tasks
