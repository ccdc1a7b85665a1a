#include "closo/tasks/library_export.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include <filesystem>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/library/import.hpp"
#include "closo/tasks/library_access.hpp"

namespace closo::tasks {
namespace {

report::Report ask(const std::vector<std::pair<std::string, std::string>>& given) {
  Arguments arguments;
  for (const auto& [name, text] : given) arguments.set(name, text);
  Context context;
  context.data = CLOSO_SOURCE_DIR "/data";
  return run(library_export_task, arguments, context);
}

std::filesystem::path target() {
  return std::filesystem::path(testing::TempDir()) / ("closo_export_" + std::to_string(::getpid()) + ".out");
}

TEST(LibraryExport, WritesCsvThatReadsBack) {
  const report::Report report = ask({{"quantity", "ionic conductivity"}, {"to", target().string()}});
  const std::vector<library::Fact> facts = library::read_facts_csv(base::read_text_file(target()), "x.csv");
  EXPECT_FALSE(facts.empty());
  EXPECT_TRUE(report.title.starts_with(std::to_string(facts.size()) + " facts written"));
  std::filesystem::remove(target());
}

TEST(LibraryExport, WritesJson) {
  ask({{"material", "LiNH2"}, {"format", "json"}, {"to", target().string()}});
  EXPECT_NE(base::read_text_file(target()).find("closo-facts/1"), std::string::npos);
  std::filesystem::remove(target());
}

TEST(LibraryExport, RefusesWhatItCannotWrite) {
  EXPECT_THROW(ask({}), base::ParameterError);
  EXPECT_THROW(ask({{"format", "xml"}, {"to", "x"}}), base::ParameterError);
  EXPECT_THROW(ask({{"to", (target() / "no" / "folder").string()}}), base::InputError);
  Context context;
  context.data = CLOSO_SOURCE_DIR "/data";
  EXPECT_THROW(library_export({{}, "xml", target()}, context), base::ParameterError);
}

}  // namespace
}  // namespace closo::tasks
