#include "closo/library/detail/name_key.hpp"

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::library::detail {
namespace {

TEST(name_key, folds_case_blanks_and_subscripts) {
  EXPECT_EQ(name_key(" Li₂B₁₂H₁₂ "), "li2b12h12");
  EXPECT_EQ(name_key("₀₁₂₃₄₅₆₇₈₉"), "0123456789");
  EXPECT_EQ(name_key("Ω₊"), "Ω₊");  // other characters stay
  EXPECT_EQ(name_key(""), "");
}

TEST(contains_ignoring_case, finds_parts) {
  EXPECT_TRUE(contains_ignoring_case("Ionic Conductivity", "conduct"));
  EXPECT_TRUE(contains_ignoring_case("x", ""));
  EXPECT_FALSE(contains_ignoring_case("x", "xy"));
}

TEST(refuse_unknown, names_the_nearest_or_lists_few) {
  const auto refusal = [](std::string_view name, std::vector<std::string> candidates) {
    try {
      refuse_unknown("colour", name, std::move(candidates));
    } catch (const base::InputError& error) {
      return error.problem() + " / " + error.expected();
    }
  };
  EXPECT_EQ(refusal("gren", {"red", "green", "green"}), "unknown colour 'gren'; did you mean 'green'? / ");
  EXPECT_EQ(refusal("xyzzy", {"red", "green"}), "unknown colour 'xyzzy' / one of: green, red");
}

}  // namespace
}  // namespace closo::library::detail
