#include "closo/base/error.hpp"

#include <gtest/gtest.h>

#include "closo/base/installation.hpp"
#include "closo/base/suggestion.hpp"

namespace closo::base {
namespace {

TEST(Error, MessagesSayWhereWhatAndWhatWouldDo) {
  EXPECT_STREQ(InputError({"a.csv", 3, 7}, "found 'x'", "a number").what(), "a.csv:3:7: found 'x'; expected a number");
  EXPECT_STREQ(InputError({"a.csv"}, "is empty").what(), "a.csv: is empty");
  EXPECT_STREQ(InputError({{}, 0, 4}, "found 'x'").what(), "column 4: found 'x'");
  EXPECT_STREQ(InputError({{}, 2}, "found 'x'").what(), "line 2: found 'x'");
  EXPECT_STREQ(ParameterError("at", "-5 K", "a temperature above 0 K").what(),
               "at = -5 K is not accepted; expected a temperature above 0 K");
}

TEST(Error, AnInnerPlaceIsMovedIntoTheFile) {
  const InputError inner({{}, 0, 3}, "unknown unit");
  EXPECT_EQ(inner.at({"a.csv", 5, 10}).place(), (Place{"a.csv", 5, 12}));
  EXPECT_EQ(InputError({}, "empty").at({"a.csv", 5, 10}).place(), (Place{"a.csv", 5, 10}));
  EXPECT_EQ(InputError({"b.csv", 1, 1}, "x").at({"a.csv", 5, 10}).place(), (Place{"b.csv", 1, 1}));
}

TEST(Suggestion, NearNamesFirst) {
  const std::vector<std::string> names = {"TiS2", "TiS3", "LiBH4", "Li2B12H12", "NaCrO2"};
  EXPECT_EQ(nearest_names("LiB12H12", names), std::vector<std::string>{"Li2B12H12"});
  EXPECT_EQ(nearest_names("tis2", names).front(), "TiS2");
  EXPECT_EQ(did_you_mean("LiHB4", names), "did you mean 'LiBH4'?");
  EXPECT_EQ(did_you_mean("polyethylene", names), "");
  EXPECT_EQ(nearest_names("", names).size(), 0U);
}

TEST(Installation, VersionHasThreeParts) {
  int dots = 0;
  for (const char c : version()) dots += c == '.' ? 1 : 0;
  EXPECT_EQ(dots, 2);
}

TEST(Installation, DataFolderMustHoldTheLibrary) {
  ASSERT_EQ(setenv("CLOSO_DATA_DIR", "/nowhere/at/all", 1), 0);
  EXPECT_THROW(data_directory(), InputError);
  ASSERT_EQ(unsetenv("CLOSO_DATA_DIR"), 0);
}

}  // namespace
}  // namespace closo::base
