#include "closo/library/material.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "closo/base/error.hpp"

namespace closo::library {
namespace {

TEST(parse_kind, knows_six_kinds_and_names_the_nearest) {
  for (const std::string_view name : {"measured", "computed", "estimated", "summary", "target", "setting"}) {
    EXPECT_EQ(to_string(parse_kind(name)), name);
  }
  EXPECT_THROW(parse_kind("Measured!"), base::InputError);
}

TEST(fact, knows_its_conditions_and_flags) {
  Fact fact;
  fact.conditions = {{"cell", "Li/TiS2"}, {"cycle", "5"}};
  fact.flags = {"restatement"};
  EXPECT_EQ(fact.condition("cycle"), "5");
  EXPECT_EQ(fact.condition("rate"), "");
  EXPECT_TRUE(fact.has_flag("restatement"));
  EXPECT_FALSE(fact.has_flag("conflict"));
  EXPECT_FALSE(fact.is_doubtful());
  fact.flags.emplace_back("conflict");
  EXPECT_TRUE(fact.is_doubtful());
  fact.flags = {"a flag nobody knows"};
  EXPECT_FALSE(fact.is_doubtful());
}

TEST(material, knows_its_roles) {
  Material material;
  material.roles = {"electrolyte", "class"};
  EXPECT_TRUE(material.has_role("class"));
  EXPECT_FALSE(material.has_role("coating"));
}

}  // namespace
}  // namespace closo::library
