#include "closo/tasks/detail/window_study.hpp"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"
#include "closo/tasks/library_access.hpp"

namespace closo::tasks::detail {
namespace {

Context shipped() {
  Context context;
  context.data = CLOSO_SOURCE_DIR "/data";
  return context;
}

WindowStudy study(const std::string& name, const std::string& mobile, WindowStudyOptions options = {}) {
  const library::Library library = load_library(shipped());
  options.draws = 0;
  return window_study(library, named_formula(library, "compound", name), mobile, options, shipped());
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(WindowStudy, VersionsInOrder) {
  const WindowStudy both = study("LiBH4", "Li");
  ASSERT_EQ(both.versions.size(), 4U);
  EXPECT_EQ(both.versions[0].kind, "static");
  EXPECT_EQ(both.versions[1].kind, "Gibbs 298 K");
  EXPECT_EQ(both.versions[2].kind, "Gibbs 298 K, tabulated") << "the limits rest on an estimate of Li2B12H12";
  EXPECT_EQ(both.versions[2].remark, "without Li2B12H12");
  EXPECT_EQ(both.versions[3].kind, "constrained");
  EXPECT_TRUE(both.profile && both.protection);
  EXPECT_FALSE(both.distribution);
  WindowStudyOptions only;
  only.equilibrium = false;
  const WindowStudy constrained = study("LiBH4", "Li", only);
  ASSERT_EQ(constrained.versions.size(), 1U);
  EXPECT_FALSE(constrained.profile);
  WindowStudyOptions gibbs;
  gibbs.energy.set = "gibbs";
  gibbs.constrained = false;
  EXPECT_EQ(study("LiBH4", "Li", gibbs).versions.size(), 1U) << "a Gibbs set has no second Gibbs window";
}

TEST(WindowStudy, TheConstrainedWindowHoldsTheEquilibriumOne) {
  for (const char* compound : {"LiBH4", "Li2B12H12", "NaBH4", "Na2B12H12"}) {
    const WindowStudy all = study(compound, std::string(compound).substr(0, 2));
    ASSERT_TRUE(all.versions.back().window) << compound << ": " << all.versions.back().problem;
    const stability::Window& wide = *all.versions.back().window;
    const stability::Window& narrow = *all.versions[0].window;
    ASSERT_TRUE(wide.exists) << compound;
    EXPECT_LE(wide.reduction.potential_V, narrow.reduction.potential_V + 1e-9) << compound;
    EXPECT_GE(wide.oxidation.potential_V, narrow.oxidation.potential_V - 1e-9) << compound;
  }
}

TEST(WindowStudy, NamesWhatTheGibbsSetHasNot) {
  const WindowStudy closo = study("Li2B12H12", "Li");
  EXPECT_TRUE(std::ranges::find(closo.not_in_gibbs_set, "LiB3") != closo.not_in_gibbs_set.end());
  const WindowStudy sulfide = study("Li10GeP2S12", "Li");
  EXPECT_FALSE(sulfide.versions[1].window);
  EXPECT_TRUE(holds(sulfide.versions[1].problem, "Li10GeP2S12")) << sulfide.versions[1].problem;
}

TEST(WindowStudy, UncertaintyGrowsWithTheErrorModel) {
  WindowStudyOptions small;
  small.uncertainty = "10 meV/atom";
  WindowStudyOptions large;
  large.uncertainty = "20 meV/atom";
  const double one = *study("Li3PO4", "Li", small).versions[0].oxidation_uncertainty_V;
  const double two = *study("Li3PO4", "Li", large).versions[0].oxidation_uncertainty_V;
  EXPECT_GT(one, 0.0);
  EXPECT_NEAR(two, 2.0 * one, 1e-9);
}

TEST(WindowStudy, RefusesAnEmptyRangeAndPhasesOfOtherElements) {
  WindowStudyOptions range;
  range.highest_V = -1.0;
  EXPECT_THROW(study("LiBH4", "Li", range), base::ParameterError);
  range.highest_V = 0.3;
  EXPECT_THROW(study("LiBH4", "Li", range), base::ParameterError) << "the whole range lies below the window";
  WindowStudyOptions blocked;
  blocked.blocked = {"NaCl"};
  EXPECT_THROW(study("LiBH4", "Li", blocked), base::ParameterError);
  EXPECT_THROW(study("LiB3H3", "Li"), base::InputError);
}

TEST(ReportedWindows, LeaveOutScansAndGaps) {
  const library::Library library = load_library(shipped());
  const NamedFormula closo = named_formula(library, "compound", "Li2B12H12");
  const std::vector<const library::Fact*> facts = reported_windows(library, closo);
  EXPECT_GE(facts.size(), 3U);
  for (const library::Fact* fact : facts) {
    EXPECT_TRUE(fact->material.starts_with("Li2B12H12")) << fact->id;
    EXPECT_NE(fact->condition("window_kind"), "scan range") << fact->id;
  }
  EXPECT_TRUE(reported_windows(library, {"KBH4", base::Formula::parse("KBH4"), nullptr}).empty());
}

}  // namespace
}  // namespace closo::tasks::detail
