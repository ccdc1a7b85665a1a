#include "closo/tasks/library_show.hpp"

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
  return run(library_show_task, arguments, context);
}

TEST(LibraryShow, AMaterialHasIdentityAndAllItsFacts) {
  Context context;
  context.data = CLOSO_SOURCE_DIR "/data";
  const library::Library library = load_library(context);
  for (const library::Material& material : library.materials()) {
    const report::Report report = ask({{"name", material.id}});
    EXPECT_EQ(report.title, material.id);
    std::size_t rows = 0;
    for (const report::Section& section : report.sections) {
      for (const report::Block& block : section.blocks) {
        if (const auto* table = std::get_if<report::Table>(&block)) rows += table->rows.size();
      }
    }
    EXPECT_EQ(rows, library.select({.material = material.id}).size()) << material.id;
  }
}

TEST(LibraryShow, DoubtsAreSeen) {
  const report::Report report = ask({{"name", "Li₂B₁₂H₁₂"}});
  EXPECT_EQ(report.title, "Li2B12H12");
  EXPECT_FALSE(report.doubts.empty());
}

TEST(LibraryShow, AnElectrodeShowsItsData) {
  const report::Report report = ask({{"name", "TiS2"}});
  ASSERT_GE(report.sections.size(), 2U);
  EXPECT_EQ(report.sections[1].id, "electrode");
}

TEST(LibraryShow, FactsSourcesAndReferencesHaveTheirOwnPage) {
  EXPECT_EQ(ask({{"name", "CON005"}}).title, "CON005: ionic conductivity");
  EXPECT_EQ(ask({{"name", "hehn2025"}}).subtitle, "hehn2025");
  EXPECT_EQ(ask({{"name", "review2018:24b"}}).title, "review2018:24b");
}

TEST(LibraryShow, RefusesUnknownNamesWithTheNearest) {
  try {
    ask({{"name", "Li2B12H13"}});
    ADD_FAILURE();
  } catch (const base::InputError& error) {
    EXPECT_NE(error.problem().find("did you mean 'Li2B12H12'"), std::string::npos) << error.what();
  }
  EXPECT_THROW(ask({}), base::ParameterError);
}

}  // namespace
}  // namespace closo::tasks
