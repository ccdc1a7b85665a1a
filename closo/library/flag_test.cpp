#include "closo/library/flag.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace closo::library {
namespace {

TEST(known_flags, have_one_meaning_each_and_both_sorts) {
  std::set<std::string_view> names;
  std::size_t doubts = 0;
  for (const Flag& flag : known_flags()) {
    EXPECT_TRUE(names.insert(flag.name).second) << flag.name;
    EXPECT_FALSE(flag.meaning.empty()) << flag.name;
    EXPECT_EQ(find_flag(flag.name), &flag);
    doubts += flag.is_doubt ? 1 : 0;
  }
  EXPECT_GT(doubts, 0U);
  EXPECT_LT(doubts, names.size());
  EXPECT_EQ(find_flag("no such flag"), nullptr);
}

TEST(known_flags, restatements_and_nominal_temperatures_are_no_doubts) {
  for (const std::string_view name : {"restatement", "nominal_temperature", "temperature_missing"}) {
    ASSERT_NE(find_flag(name), nullptr) << name;
    EXPECT_FALSE(find_flag(name)->is_doubt) << name;
  }
  for (const std::string_view name : {"conflict", "ambiguous", "repaired", "doubtful", "inconsistent"}) {
    ASSERT_NE(find_flag(name), nullptr) << name;
    EXPECT_TRUE(find_flag(name)->is_doubt) << name;
  }
}

}  // namespace
}  // namespace closo::library
